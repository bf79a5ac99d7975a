//! Finds out whether anything stands of a revision that failed outside a transaction.

use crate::database::DatabaseError;
use crate::runner::Run;
use crate::script::{Action, Keep};
use crate::sql::{Dialect, Splitter, Statement, may_leave_part, sets_session};

impl Run<'_> {
    /// Tells whether nothing of a unit stands whose first statements are done and whose action at
    /// hand failed: what is done has set the session alone, and what failed did nothing.
    pub(super) fn is_untouched(&mut self, unit: usize, done: usize) -> bool {
        let Ok(Some(text)) = self.text(unit) else {
            return false;
        };
        let Some(found) = self.script.units.get(unit) else {
            return false;
        };
        let dialect = self.engine.dialect();
        let is = |statement: &str, holds: &dyn Fn(&Statement<'_>) -> bool| matches!(Splitter::new(statement, dialect).next(), Some(Ok(it)) if holds(&it));
        let Ok(count) = u32::try_from(done) else {
            return false;
        };
        let spans = found.spans_of(0, count);
        if spans.len() != done || !spans.iter().all(|it| is(&text.statement(*it), &sets_session)) {
            return false;
        }
        let failed = match self.script.actions.get(self.at) {
            Some(Action::Execute { first, count, .. }) => found.spans_of(*first, *count),
            _ => &[],
        };
        failed.iter().all(|it| {
            let statement = text.statement(*it);
            !is(&statement, &may_leave_part) || self.has_left_nothing(&statement)
        })
    }

    /// Tells whether the database shows that a failed statement has left nothing behind.
    fn has_left_nothing(&mut self, statement: &str) -> bool {
        match self.engine.dialect() {
            Dialect::Postgres => {
                self.indexes.has_left_none(self.batch.connection, statement).unwrap_or(false)
            }
            Dialect::MySql => self.is_catalog_as_noted().unwrap_or(false),
            Dialect::Sqlite => false,
        }
    }

    /// Tells whether the catalog holds what it held when the statement at hand was noted.
    fn is_catalog_as_noted(&mut self) -> Result<bool, DatabaseError> {
        let before = self.script.actions.get(..self.at).unwrap_or_default();
        let catalog = before.iter().rev().find_map(|action| {
            let Action::Keep(Keep::NoteRunning(note) | Keep::BeginRunning { note, .. }) = action
            else {
                return None;
            };
            Some(note.catalog.clone())
        });
        let Some(catalog) = catalog.flatten() else {
            return Ok(false);
        };
        let query = self.ledger.is_catalog(&catalog);
        let value = self.undisturbed(|connection| connection.value(&query))?;
        Ok(value.as_deref() == Some("1"))
    }
}
