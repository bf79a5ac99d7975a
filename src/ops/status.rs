//! Every revision and how it stands.

use std::collections::HashMap;

use crate::error::Error;
use crate::ledger::Row;
use crate::ops::Observed;
use crate::plan::{self, State, Target};
use crate::process::Life;
use crate::revision::{Node, NodeSet};

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
    pub node: Node,
    /// How it stands.
    pub standing: Standing,
    /// When it was applied.
    pub applied_at: Option<String>,
    /// How long its script ran, in milliseconds.
    pub duration_ms: Option<u64>,
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
        let is_half_done = observed
            .running
            .iter()
            .any(|it| it.revision == *graph.id(node) && it.life() != Life::Goes);
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
        Status { node, standing, applied_at, duration_ms: row.and_then(|row| row.duration_ms) }
    };
    Ok(plan.nodes().into_iter().map(line).collect())
}
