//! Where a database stands.

use crate::ops::Observed;
use crate::revision::{Follow, Node, RevisionId};

/// Where a database stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Current {
    /// The applied revisions that nothing applied builds on or depends on.
    pub heads: Vec<RevisionId>,
    /// What Alembic lists: those that nothing applied builds on, dependents left aside.
    pub shown: Vec<Node>,
    /// How many revisions of the files are not applied.
    pub pending: usize,
    /// Applied revisions that no file has.
    pub unknown: Vec<RevisionId>,
}

impl Current {
    /// Tells whether everything is applied, and nothing else.
    pub fn is_at_heads(&self) -> bool {
        self.pending == 0 && self.unknown.is_empty()
    }
}

/// Finds where a database stands.
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
