//! The current revisions of a database.

use crate::ops::Observed;
use crate::revision::{Follow, Node, RevisionId};

/// The applied revisions and pending ones of a database, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The applied revisions that no applied revision builds on or depends on.
    pub heads: Vec<RevisionId>,
    /// The revisions that Alembic lists: those that no applied revision builds on; dependencies
    /// don't count.
    pub shown: Vec<Node>,
    /// The number of revisions that are not applied.
    pub pending: usize,
    /// Applied revisions that no file has.
    pub unknown: Vec<RevisionId>,
}

impl Current {
    /// Tells whether all revisions are applied, and no others.
    pub fn is_at_heads(&self) -> bool {
        self.pending == 0 && self.unknown.is_empty()
    }
}

/// Summarizes the applied and pending revisions.
pub fn current(observed: &Observed<'_>) -> Current {
    let graph = &observed.graph;
    let applied = &observed.state.applied;
    let is_tip = |node: &Node| !graph.children(*node).iter().any(|it| applied.contains(*it));
    debug_assert!(
        observed.state.heads.iter().all(|it| { graph.is_head(*it, Follow::Parents) || is_tip(it) })
    );
    Current {
        heads: observed.heads(),
        shown: applied.iter().filter(is_tip).collect(),
        pending: observed.pending().len(),
        unknown: graph.ids(&observed.unknown),
    }
}
