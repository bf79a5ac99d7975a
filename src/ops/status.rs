//! Every revision and how it stands.

use std::collections::HashMap;

use crate::error::Error;
use crate::ledger::{Row, Running};
use crate::ops::Observed;
use crate::plan::{self, Operation, State, Target};
use crate::process::{Life, Process};
use crate::revision::{Node, NodeSet, RevisionId};

/// How a revision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Applied as the file has it.
    Applied,
    /// Not applied.
    Pending,
    /// Applied, and the script was edited since.
    Modified,
    /// Applied, and no file has it.
    Missing,
    /// Run in part, up or down.
    Failed,
}

/// One revision's line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The revision.
    pub revision: RevisionId,
    /// The revision's node in the graph of what was observed.
    pub node: Node,
    /// How it stands.
    pub standing: Standing,
    /// When it was applied.
    pub applied_at: Option<String>,
    /// How long its script ran, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What `--tag` said when it was applied.
    pub tag: Option<String>,
    /// How far it is, if it runs now and the database tells: without a transaction.
    pub progress: Option<Progress>,
}

/// How far a revision is that runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// `upgrade` or `downgrade`.
    pub operation: Operation,
    /// The number of the statement that runs, or of the last that did.
    pub statement: usize,
    /// How many statements there are.
    pub statements: usize,
    /// What a person knows the process by that runs it.
    pub process: String,
}

/// Returns every revision in the order in which an upgrade from nothing would run them; `rows` are
/// those of the version table.
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
