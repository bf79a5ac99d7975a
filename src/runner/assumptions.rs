//! The assumptions of a script's plan.

use crate::revision::RevisionId;
use crate::runner::applied_log::AppliedLog;
use crate::runner::foreign_keys::Watch;

/// The assumptions of a script's plan, kept up to date during the run.
#[derive(Debug, Default)]
pub(super) struct Assumptions {
    /// The expected content of the version table.
    pub(super) known: AppliedLog,
    /// The connection's change counter at the last comparison.
    pub(super) seen: Option<i64>,
    pub(super) watch: Watch,
}

impl Assumptions {
    pub(super) fn new(applied: Vec<RevisionId>) -> Self {
        Self { known: AppliedLog::new(applied), ..Self::default() }
    }
}
