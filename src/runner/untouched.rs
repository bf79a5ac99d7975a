//! Determines whether anything stands of a revision that failed outside a transaction.

use crate::database::DatabaseError;
use crate::ledger::Ledger;
use crate::revision::RevisionId;
use crate::runner::{Noted, Run};
use crate::script::{Action, Keep};
use crate::sql::{Dialect, Splitter, Statement, may_leave_part, sets_session};

/// The proof that nothing of a failed revision stands: the finished statements only set the
/// session, and the failed one did nothing.
pub(super) struct Untouched {
    revision: RevisionId,
}

impl Untouched {
    /// Returns the statement that deletes the note of the revision.
    pub(super) fn end_note(&self, ledger: &Ledger) -> String {
        ledger.end_running(self.revision.as_str())
    }
}

impl Noted {
    /// Determines whether nothing of a unit stands, given its finished statements and a failed
    /// action.
    pub(super) fn untouched(
        &self,
        run: &mut Run<'_>,
        unit: usize,
        done: usize,
    ) -> Option<Untouched> {
        let revision = run.unit(unit)?.revision.clone();
        self.is_untouched(run, unit, done).then_some(Untouched { revision })
    }

    fn is_untouched(&self, run: &mut Run<'_>, unit: usize, done: usize) -> bool {
        let Ok(Some(text)) = run.text(unit) else { return false };
        let Some(found) = run.unit(unit) else { return false };
        let dialect = run.dialect();
        let is = |statement: &str, holds: &dyn Fn(&Statement<'_>) -> bool| matches!(Splitter::new(statement, dialect).next(), Some(Ok(it)) if holds(&it));
        let Ok(count) = u32::try_from(done) else { return false };
        let spans = found.spans_of(0, count);
        if spans.len() != done || !spans.iter().all(|it| is(&text.statement(*it), &sets_session)) {
            return false;
        }
        let failed = match run.script.actions.get(run.at) {
            Some(Action::Execute { first, count, .. }) => found.spans_of(*first, *count),
            _ => &[],
        };
        failed.iter().all(|it| {
            let statement = text.statement(*it);
            !is(&statement, &may_leave_part) || self.has_left_nothing(run, &statement)
        })
    }

    /// Tells whether the database shows that a failed statement has left nothing behind.
    fn has_left_nothing(&self, run: &mut Run<'_>, statement: &str) -> bool {
        match run.dialect() {
            Dialect::Postgres => {
                self.indexes.has_left_none(run.connection, statement).unwrap_or(false)
            }
            Dialect::MySql => is_catalog_as_noted(run).unwrap_or(false),
            Dialect::Sqlite => false,
        }
    }
}

/// Tells whether the catalog is as it was when the current statement was noted.
fn is_catalog_as_noted(run: &mut Run<'_>) -> Result<bool, DatabaseError> {
    let before = run.script.actions.get(..run.at).unwrap_or_default();
    let catalog = before.iter().rev().find_map(|action| {
        let Action::Keep(Keep::NoteRunning(note) | Keep::BeginRunning { note, .. }) = action else {
            return None;
        };
        Some(note.catalog.clone())
    });
    let Some(catalog) = catalog.flatten() else { return Ok(false) };
    let query = run.setting.ledger.is_catalog(&catalog);
    run.undisturbed(|connection| connection.is_true(&query))
}
