//! The content of the version table, seen on the graph.

use std::borrow::Cow;

use crate::database::Connection;
use crate::error::Error;
use crate::ledger::{Ledger, Row, Running};
use crate::plan::State;
use crate::project::Project;
use crate::revision::{Checksum, Graph, Node, NodeSet, RevisionId};
use crate::runner::{Event, Tables, read_down, read_rows, read_running, read_snapshot};

/// The state of a database, linked to the project's revisions.
#[derive(Debug)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// The revisions of the files, and those that only the database stores.
    pub graph: Cow<'a, Graph>,
    /// The applied revisions.
    pub state: State,
    /// The applied revisions in the order of application.
    pub order: Vec<Node>,
    /// Applied revisions without a file, in the order of application.
    pub unknown: Vec<Node>,
    /// Applied revisions whose up script's body was edited since.
    pub modified: Vec<Node>,
    /// Applied revisions whose parents were changed since.
    pub reparented: Vec<Node>,
    /// Revisions that have run in part, without a transaction.
    pub running: Vec<Running>,
    /// Remaining rows of progress of revisions that are completely done or undone.
    pub leftover: Vec<Running>,
    /// Whether the version table was dropped, and with it the record of applied revisions.
    pub is_record_lost: bool,
}

impl<'a> Observed<'a> {
    /// Reads the version table; without a connection nothing counts as applied.
    pub fn read(
        project: &'a Project,
        connection: Option<&mut (dyn Connection + '_)>,
    ) -> Result<Self, Error> {
        let Some(connection) = connection else {
            return Ok(Self::new(Cow::Borrowed(&project.graph), &FoundRows::default(), Vec::new()));
        };
        let ledger = project.ledger(connection.dialect())?;
        if let Some(res) = Self::in_one_query(project, connection, &ledger)? {
            return Ok(res);
        }
        let is_record_lost = Tables::look(connection, &ledger)?.is_record_lost();
        let rows = read_rows(connection, &ledger)?;
        let stored = stored(project, connection, &ledger, &rows)?;
        let running = read_running(connection, &ledger)?;
        let graph = match stored.as_slice() {
            [] => Cow::Borrowed(&project.graph),
            _ => Cow::Owned(project.graph_with(stored)?),
        };
        let mut found = FoundRows::default();
        for (position, row) in (0..).zip(&rows) {
            found.add(
                &graph,
                position,
                row.revision.as_str(),
                &row.parents.join(","),
                |checksum| *checksum == row.checksum,
            );
        }
        Ok(Self { is_record_lost, ..Self::new(graph, &found, running) })
    }

    /// Reads the applied revisions in one query, if all of them have files.
    fn in_one_query(
        project: &'a Project,
        connection: &mut (dyn Connection + '_),
        ledger: &Ledger,
    ) -> Result<Option<Self>, Error> {
        let (mut found, mut all) = (FoundRows::default(), true);
        let snapshot =
            read_snapshot(connection, ledger, &mut |revision, position, parents, checksum| {
                all &=
                    found.add(&project.graph, position, revision, parents, |own| own.is(checksum));
            })?;
        let Some(snapshot) = snapshot.filter(|_| all) else { return Ok(None) };
        let running =
            if snapshot.is_running { read_running(connection, ledger)? } else { Vec::new() };
        found.sort();
        Ok(Some(Self::new(Cow::Borrowed(&project.graph), &found, running)))
    }

    fn new(graph: Cow<'a, Graph>, found: &FoundRows, running: Vec<Running>) -> Self {
        let order: Vec<Node> = found.rows.iter().map(|row| row.node).collect();
        let applied = NodeSet::of(graph.len(), &order);
        let is_applied = |running: &Running| {
            graph.find(running.revision.as_str()).is_some_and(|node| applied.contains(node))
        };
        let says_nothing =
            |running: &Running| running.is_over(is_applied(running)) || running.is_nothing();
        let (leftover, running): (Vec<_>, Vec<_>) = running.into_iter().partition(says_nothing);
        let nodes = |is: fn(&FoundRow) -> bool| {
            found.rows.iter().filter(|row| is(row)).map(|row| row.node).collect::<Vec<Node>>()
        };
        Self {
            state: State::new(&graph, applied),
            order,
            unknown: nodes(|row| row.is_unknown),
            modified: nodes(|row| row.is_modified),
            reparented: nodes(|row| row.is_reparented),
            running,
            leftover,
            is_record_lost: false,
            graph,
        }
    }

    /// Returns the ids of the applied heads.
    pub fn heads(&self) -> Vec<RevisionId> {
        self.graph.ids(&self.state.heads)
    }

    /// Returns the ids of all applied revisions in the order of application.
    pub fn applied_ids(&self) -> Vec<RevisionId> {
        self.graph.ids(&self.order)
    }

    /// Returns the pending revisions of the files in the order of reading.
    pub fn pending(&self) -> Vec<Node> {
        self.graph.nodes().filter(|node| !self.state.applied.contains(*node)).collect()
    }

    /// Reports applied scripts that were edited since, if any.
    pub(super) fn tell_modified(&self, observe: &mut dyn FnMut(Event<'_>)) {
        if !self.modified.is_empty() {
            observe(Event::Edited(&self.graph.ids(&self.modified)));
        }
    }

    /// Refuses edited scripts.
    pub(super) fn refuse_modified(&self) -> Result<(), Error> {
        if self.modified.is_empty() {
            return Ok(());
        }
        let path = |node: &Node| self.graph.revision(*node).up().map(Cow::into_owned);
        Err(Error::Modified {
            revisions: self.graph.ids(&self.modified),
            files: self.modified.iter().filter_map(path).collect(),
        })
    }

    /// Refuses applied revisions without a file.
    pub(super) fn refuse_unknown(&self) -> Result<(), Error> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        Err(Error::Unknown { revisions: self.graph.ids(&self.unknown) })
    }
}

/// Rows of the version table, matched with the graph.
#[derive(Debug, Default)]
struct FoundRows {
    rows: Vec<FoundRow>,
}

#[derive(Debug)]
struct FoundRow {
    position: i64,
    node: Node,
    is_unknown: bool,
    is_modified: bool,
    is_reparented: bool,
}

impl FoundRows {
    /// Adds a row; tells whether the graph has its revision.
    fn add(
        &mut self,
        graph: &Graph,
        position: i64,
        revision: &str,
        parents: &str,
        is_same: impl Fn(&Checksum) -> bool,
    ) -> bool {
        let Some(node) = graph.find(revision) else { return false };
        let revision = graph.revision(node);
        let is_unknown = !revision.has_up();
        let names = parents.split(',').map(str::trim).filter(|name| !name.is_empty());
        let own = revision.header.revises.iter().map(RevisionId::as_str);
        self.rows.push(FoundRow {
            position,
            node,
            is_unknown,
            is_modified: !is_unknown && !is_same(&revision.checksum),
            is_reparented: !is_unknown && !names.eq(own),
        });
        true
    }

    fn sort(&mut self) {
        // They most often come in order, and no database has to sort them.
        if !self.rows.is_sorted_by_key(|row| row.position) {
            self.rows.sort_by_key(|row| row.position);
        }
    }
}

/// Tells whether the version table was dropped, and with it the record of applied revisions.
pub fn is_record_lost(
    project: &Project,
    connection: &mut (dyn Connection + '_),
) -> Result<bool, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(Tables::look(connection, &ledger)?.is_record_lost())
}

/// Warns if the version table was dropped.
pub(super) fn tell_lost(
    project: &Project,
    connection: &mut dyn Connection,
    observed: &Observed<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<(), Error> {
    if observed.is_record_lost {
        observe(Event::RecordLost(&project.ledger(connection.dialect())?));
    }
    Ok(())
}

/// Reads all rows of the version table; none without a connection.
pub fn rows(
    project: &Project,
    connection: Option<&mut (dyn Connection + '_)>,
) -> Result<Vec<Row>, Error> {
    let Some(connection) = connection else { return Ok(Vec::new()) };
    let ledger = project.ledger(connection.dialect())?;
    Ok(read_rows(connection, &ledger)?)
}

/// Restores revisions from the rows without a file.
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
