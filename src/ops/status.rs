//! The status of every revision.

use std::collections::HashMap;

use crate::error::Error;
use crate::ledger::{Row, Running};
use crate::ops::Observed;
use crate::plan::{self, Operation, State, Target};
use crate::process::{Life, Process};
use crate::revision::{Node, NodeSet, RevisionId};

/// The state of a revision in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The revision is applied as in its file.
    Applied,
    /// The revision is not applied.
    Pending,
    /// The revision is applied, and its script was edited since.
    Modified,
    /// The revision is applied and has no file.
    Missing,
    /// The revision has run in part, up or down.
    Failed,
}

/// The status of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The id of the revision.
    pub revision: RevisionId,
    /// The revision's node in the observed graph.
    pub node: Node,
    /// The state of the revision.
    pub standing: Standing,
    /// The recorded time of application.
    pub applied_at: Option<String>,
    /// The run time of the script, in milliseconds.
    pub duration_ms: Option<u64>,
    /// The recorded value of `--tag`.
    pub tag: Option<String>,
    /// The progress of a running revision, which the database shows without a transaction.
    pub progress: Option<Progress>,
}

/// The progress of a running revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The operation: `upgrade` or `downgrade`.
    pub operation: Operation,
    /// The number of the running statement, or of the last that ran.
    pub statement: usize,
    /// The number of statements in the script.
    pub statements: usize,
    /// The name of the process for people.
    pub process: String,
}

/// Returns every revision in the order of a complete upgrade; `rows` are those of the version
/// table.
pub fn status(observed: &Observed<'_>, rows: &[Row]) -> Result<Vec<Status>, Error> {
    let graph = &observed.graph;
    let rows: HashMap<&str, &Row> = rows.iter().map(|row| (row.revision.as_str(), row)).collect();
    let nothing = State::new(graph, NodeSet::new(graph.len()));
    let plan = plan::upgrade(graph, &nothing, &Target::name("heads"))?;
    let line = |node: Node| {
        let row = rows.get(graph.id(node).as_str());
        let running = observed.running.iter().find(|it| it.revision == *graph.id(node));
        let goes = running.filter(|it| it.life() == Life::Goes);
        let is_half_done = running.is_some() && goes.is_none();
        let standing = if is_half_done {
            Standing::Failed
        } else if !observed.state.applied.contains(node) {
            Standing::Pending
        } else if observed.unknown.contains(&node) {
            Standing::Missing
        } else if observed.modified.contains(&node) {
            Standing::Modified
        } else {
            Standing::Applied
        };
        let applied_at = row.map(|row| row.applied_at.clone());
        let duration_ms = row.and_then(|row| row.duration_ms);
        let tag = row.and_then(|row| row.tag.clone());
        let (revision, progress) = (graph.id(node).clone(), goes.map(progress));
        Status { revision, node, standing, applied_at, duration_ms, tag, progress }
    };
    Ok(plan.nodes().into_iter().map(line).collect())
}

fn progress(running: &Running) -> Progress {
    let process = Process::parse(&running.process).map(|process| process.name());
    Progress {
        operation: running.operation,
        statement: (running.done + 1).min(running.statements),
        statements: running.statements,
        process: process.unwrap_or_default(),
    }
}
