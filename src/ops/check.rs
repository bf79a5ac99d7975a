//! Whether a database is where the files want it.

use crate::ops::Observed;
use crate::process::Life;
use crate::revision::RevisionId;

/// What keeps a database from being where the files want it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Check {
    /// Revisions that are not applied.
    pub pending: Vec<RevisionId>,
    /// Applied revisions whose script was edited since.
    pub modified: Vec<RevisionId>,
    /// Applied revisions that no file has.
    pub unknown: Vec<RevisionId>,
    /// Applied revisions that were given other parents since.
    pub reparented: Vec<RevisionId>,
    /// Revisions that have run in part.
    pub failed: Vec<RevisionId>,
}

impl Check {
    /// Tells whether nothing is amiss.
    pub fn is_clean(&self) -> bool {
        *self == Self::default()
    }
}

/// Compares the version table with the files.
pub fn check(observed: &Observed<'_>) -> Check {
    let ids = |nodes| observed.graph.ids(nodes);
    Check {
        pending: ids(&observed.pending()),
        modified: ids(&observed.modified),
        unknown: ids(&observed.unknown),
        reparented: ids(&observed.reparented),
        failed: observed
            .running
            .iter()
            .filter(|it| it.life() != Life::Goes)
            .map(|it| it.revision.clone())
            .collect(),
    }
}
