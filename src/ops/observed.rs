//! What the version table says, seen on the graph.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::database::Connection;
use crate::error::Error;
use crate::ledger::{Ledger, Row, Running};
use crate::plan::State;
use crate::project::Project;
use crate::revision::{Graph, Node, NodeSet, RevisionId};
use crate::runner::{read_down, read_rows, read_running};

/// The database as it was found, with the project's revisions.
#[derive(Debug)]
pub struct Observed<'a> {
    /// The files' revisions, and those that only the database knows.
    pub graph: Cow<'a, Graph>,
    /// What is applied.
    pub state: State,
    /// The rows, by revision.
    pub rows: HashMap<RevisionId, Row>,
    /// The applied revisions in the order in which they were applied.
    pub order: Vec<RevisionId>,
    /// Applied revisions that no file has, in the order in which they were applied.
    pub unknown: Vec<Node>,
    /// Applied revisions whose up script's body was edited since.
    pub modified: Vec<Node>,
    /// Applied revisions that were given other parents since.
    pub reparented: Vec<Node>,
    /// Revisions that have run in part, without a transaction.
    pub running: Vec<Running>,
    /// What a revision that is wholly done has left of its progress.
    pub leftover: Option<Running>,
}

impl<'a> Observed<'a> {
    /// Reads the version table; without a connection nothing is applied.
    pub fn read(
        project: &'a Project,
        connection: Option<&mut (dyn Connection + '_)>,
    ) -> Result<Self, Error> {
        let Some(connection) = connection else {
            return Self::new(project, Vec::new(), Vec::new(), Vec::new());
        };
        let ledger = project.ledger(connection.dialect())?;
        let rows = read_rows(connection, &ledger)?;
        let stored = stored(project, connection, &ledger, &rows)?;
        let running = read_running(connection, &ledger)?;
        Self::new(project, rows, stored, running)
    }

    fn new(
        project: &'a Project,
        rows: Vec<Row>,
        stored: Vec<crate::revision::Revision>,
        running: Vec<Running>,
    ) -> Result<Self, Error> {
        let graph = if stored.is_empty() {
            Cow::Borrowed(&project.graph)
        } else {
            Cow::Owned(project.graph_with(stored)?)
        };
        let is_applied =
            |running: &Running| rows.iter().any(|row| row.revision == running.revision);
        let is_over = |running: &Running| running.is_over(is_applied(running));
        let (mut leftover, running): (Vec<_>, Vec<_>) = running.into_iter().partition(is_over);
        let leftover = leftover.pop();
        let mut applied = NodeSet::new(graph.len());
        let (mut unknown, mut modified, mut reparented) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let Some(node) = graph.find(row.revision.as_str()) else {
                continue;
            };
            applied.insert(node);
            let revision = graph.revision(node);
            if revision.up().is_none() {
                unknown.push(node);
            } else if revision.checksum != row.checksum {
                modified.push(node);
            }
            if revision.up().is_some() && parents(revision) != row.parents {
                reparented.push(node);
            }
        }
        let state = State::new(&graph, applied);
        let order = rows.iter().map(|row| row.revision.clone()).collect();
        let rows = rows.into_iter().map(|row| (row.revision.clone(), row)).collect();
        Ok(Self { graph, state, rows, order, unknown, modified, reparented, running, leftover })
    }

    /// Returns the ids of the applied heads.
    pub fn heads(&self) -> Vec<RevisionId> {
        self.graph.ids(&self.state.heads)
    }

    /// Returns the ids of all that is applied, in the order in which it was applied.
    pub fn applied_ids(&self) -> Vec<String> {
        self.order.iter().map(RevisionId::to_string).collect()
    }

    /// Returns the revisions of the files that are not applied, in the order of reading.
    pub fn pending(&self) -> Vec<Node> {
        self.graph.nodes().filter(|node| !self.state.applied.contains(*node)).collect()
    }

    /// Refuses edited scripts.
    pub(super) fn refuse_modified(&self) -> Result<(), Error> {
        if self.modified.is_empty() {
            return Ok(());
        }
        let path = |node: &Node| self.graph.revision(*node).up().map(std::path::Path::to_path_buf);
        Err(Error::Modified {
            revisions: self.graph.ids(&self.modified),
            files: self.modified.iter().filter_map(path).collect(),
        })
    }

    /// Refuses applied revisions that no file has.
    pub(super) fn refuse_unknown(&self) -> Result<(), Error> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        Err(Error::Unknown { revisions: self.graph.ids(&self.unknown) })
    }
}

fn parents(revision: &crate::revision::Revision) -> Vec<String> {
    revision.header.revises.iter().map(RevisionId::to_string).collect()
}

/// Makes revisions of the rows that no file has.
fn stored(
    project: &Project,
    connection: &mut dyn Connection,
    ledger: &Ledger,
    rows: &[Row],
) -> Result<Vec<crate::revision::Revision>, Error> {
    let mut res = Vec::new();
    for row in rows {
        if project.graph.find(row.revision.as_str()).is_none() {
            let down = read_down(connection, ledger, row.revision.as_str())?;
            res.push(row.to_revision(down));
        }
    }
    Ok(res)
}
