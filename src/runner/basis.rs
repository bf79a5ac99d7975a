//! What a script's plan rests on.

use crate::revision::RevisionId;
use crate::runner::foreign_keys::Watch;
use crate::runner::known::Known;

/// What a script's plan rests on; while it runs it is kept up.
#[derive(Debug, Default)]
pub(super) struct Basis {
    /// What the version table holds.
    pub(super) known: Known,
    /// The connection's change counter when that was compared last.
    pub(super) seen: Option<i64>,
    pub(super) watch: Watch,
}

impl Basis {
    /// Takes what is applied, in the order in which it was applied.
    pub(super) fn new(applied: Vec<RevisionId>) -> Self {
        Self { known: Known::new(applied), ..Self::default() }
    }
}
