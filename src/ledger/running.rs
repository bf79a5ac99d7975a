//! The progress of a revision that runs without a transaction: `migrate_version_running`.
//!
//! Each statement is noted before and after it runs. So an interrupted run leaves a row that shows
//! the statement it was at, and whether that one's outcome is known.

use crate::ledger::{Guard, Ledger, LedgerError};
use crate::process::{Life, Process};
use crate::revision::{Checksum, NameError, Operation, RevisionId};
use crate::sql::{Dialect, quote_literal};
use crate::words::words;

const COLUMNS: &[&str] = words![
    operation statements begun done begun_digest done_digest process begun_at catalog
];

/// A revision that has run in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub revision: RevisionId,
    /// An upgrade or a downgrade.
    pub operation: Operation,
    pub statements: usize,
    pub begun: usize,
    /// The number of statements that are known to be done.
    pub done: usize,
    pub begun_digest: Checksum,
    pub done_digest: Checksum,
    /// The process that runs the revision, or did.
    pub process: String,
    /// The state of the catalog before the statement in doubt: digests of its objects (MySQL) or
    /// the numbers of the invalid indexes (PostgreSQL); none if the catalog shows nothing.
    pub catalog: Option<String>,
}

impl Running {
    /// Tells whether the outcome of a statement is unknown.
    pub fn is_in_doubt(&self) -> bool {
        self.begun > self.done
    }

    /// Tells whether the row belongs to a revision that is completely done.
    ///
    /// Where DDL commits by itself, the row goes on to the next revision instead of being deleted
    /// after each.
    pub(crate) fn is_over(&self, is_applied: bool) -> bool {
        !self.process.is_empty() && is_applied == (self.operation == Operation::Upgrade)
    }

    /// Tells whether the revision left nothing behind: no statement was done or could stand, and
    /// its process has ended. Where it is noted what was invalid before, a build has left something
    /// that could not be dropped.
    pub fn is_nothing(&self) -> bool {
        let is_begun = self.begun > 0 || self.done > 0 || self.catalog.is_some();
        !is_begun && self.life() == Life::Ended
    }

    /// Tells whether the process that runs the revision is still alive.
    pub fn life(&self) -> Life {
        Process::parse(&self.process).map_or(Life::Ended, |process| process.life())
    }

    /// Marks the begun statements as done.
    pub fn set_done(&mut self) {
        self.done = self.begun;
        self.process.clear();
        self.done_digest = self.begun_digest.clone();
    }

    /// Marks the begun statement that isn't done as without effect.
    pub fn set_undone(&mut self) {
        self.begun = self.done;
        self.process.clear();
        self.begun_digest = self.done_digest.clone();
    }

    /// Parses the columns of a row, in the order of the table's query.
    pub fn parse(table: &str, columns: Vec<Option<String>>) -> Result<Self, LedgerError> {
        let mut columns = columns.into_iter();
        let mut next = || columns.next().flatten();
        let mut text = || next().unwrap_or_default();
        let (id, operation) = (text(), text());
        let value = |column, value: &str| LedgerError::Value {
            table: table.to_owned(),
            revision: id.clone(),
            column,
            value: value.to_owned(),
        };
        let count = |column, text: String| text.parse().map_err(|_| value(column, &text));
        Ok(Self {
            revision: RevisionId::parse(&id).map_err(|_: NameError| value("revision", &id))?,
            operation: Operation::parse(&operation)
                .ok_or_else(|| value("operation", &operation))?,
            statements: count("statements", text())?,
            begun: count("begun", text())?,
            done: count("done", text())?,
            begun_digest: Checksum::recorded(text()),
            done_digest: Checksum::recorded(text()),
            process: text(),
            catalog: next(),
        })
    }
}

impl Ledger {
    /// Returns the name of the table of progress.
    pub fn running_name(&self) -> String {
        self.companion("_running")
    }

    pub(super) fn running_table(&self) -> String {
        self.quoted("_running")
    }

    /// Returns the query for the progress of all revisions.
    pub fn select_running(&self) -> String {
        let table = self.running_table();
        format!(
            "SELECT revision, operation, statements, begun, done, begun_digest, done_digest, \
             process, catalog FROM {table}"
        )
    }

    /// Returns the condition that no revision is running without a transaction, whose row stands
    /// until it is done.
    pub fn nothing_runs(&self) -> String {
        format!("NOT EXISTS (SELECT 1 FROM {})", self.running_table())
    }

    /// Returns the statement that notes that a revision starts or resumes.
    ///
    /// In a transaction that has checked before, it replaces the existing row. `catalog` is the
    /// expression for the state of the catalog to note.
    pub fn begin_running(
        &self,
        running: &Running,
        begun_at: &str,
        catalog: Option<&str>,
    ) -> String {
        let text = |value: &str| quote_literal(value, self.dialect());
        let values = self.values(running, begun_at, catalog);
        let table = self.running_table();
        let columns = COLUMNS.join(", ");
        match self.dialect() {
            Dialect::Sqlite => format!(
                "REPLACE INTO {table} (revision, {columns}) VALUES ({}, {values})",
                text(running.revision.as_str()),
            ),
            Dialect::Postgres => {
                let set: Vec<_> =
                    COLUMNS.iter().map(|it| format!("{it} = excluded.{it}")).collect();
                format!(
                    "INSERT INTO {table} (revision, {columns}) VALUES ({}, {values}) \
                     ON CONFLICT (revision) DO UPDATE SET {}",
                    text(running.revision.as_str()),
                    set.join(", "),
                )
            }
            Dialect::MySql => self.take_running(running, None, begun_at, catalog, None),
        }
    }

    /// Returns the statement that claims the only row of progress, or takes it over from `before`.
    ///
    /// Check and claim are atomic: it changes one row, or none (or violates the primary key) if
    /// another process was faster, or the guard's condition fails. `catalog` is the expression for
    /// the state of the catalog to note.
    pub fn take_running(
        &self,
        running: &Running,
        before: Option<&Running>,
        begun_at: &str,
        catalog: Option<&str>,
        guard: Option<&Guard>,
    ) -> String {
        let text = |value: &str| quote_literal(value, self.dialect());
        let table = self.running_table();
        let condition = guard.map_or("1 = 1", |guard| &guard.condition);
        let Some(before) = before else {
            return format!(
                "INSERT INTO {table} (slot, revision, {}) SELECT 1, {}, {} FROM (SELECT 1 AS one) \
                 AS nothing WHERE {condition}",
                COLUMNS.join(", "),
                text(running.revision.as_str()),
                self.values(running, begun_at, catalog),
            );
        };
        let values = self.list(running, begun_at, catalog);
        let set: Vec<String> =
            COLUMNS.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
        format!(
            "UPDATE {table} SET revision = {}, {} WHERE slot = 1 AND revision = {} AND operation = \
             {} AND process = {} AND begun = {} AND done = {} AND {condition}",
            text(running.revision.as_str()),
            set.join(", "),
            text(before.revision.as_str()),
            text(before.operation.as_str()),
            text(&before.process),
            before.begun,
            before.done,
        )
    }

    fn values(&self, running: &Running, begun_at: &str, catalog: Option<&str>) -> String {
        self.list(running, begun_at, catalog).join(", ")
    }

    fn list(&self, running: &Running, begun_at: &str, catalog: Option<&str>) -> [String; 9] {
        let text = |value: &str| quote_literal(value, self.dialect());
        [
            text(running.operation.as_str()),
            running.statements.to_string(),
            running.begun.to_string(),
            running.done.to_string(),
            text(&running.begun_digest.to_string()),
            text(&running.done_digest.to_string()),
            text(&running.process),
            text(begun_at),
            catalog.unwrap_or("NULL").to_owned(),
        ]
    }

    /// Returns the statement that notes the progress of a revision; `catalog` as above. It changes
    /// no row unless the condition `also` holds, such as owning a lock.
    pub fn note_running(
        &self,
        running: &Running,
        catalog: Option<&str>,
        also: Option<&str>,
    ) -> String {
        let text = |value: &str| quote_literal(value, self.dialect());
        format!(
            "UPDATE {} SET begun = {}, done = {}, begun_digest = {}, done_digest = {}, \
             process = {}, catalog = {} WHERE {}revision = {} AND {}",
            self.running_table(),
            running.begun,
            running.done,
            text(&running.begun_digest.to_string()),
            text(&running.done_digest.to_string()),
            text(&running.process),
            catalog.unwrap_or("NULL"),
            self.by_key(),
            text(running.revision.as_str()),
            also.unwrap_or("1 = 1"),
        )
    }

    /// Returns the statement that deletes the progress of a revision.
    pub fn end_running(&self, revision: &str) -> String {
        let id = quote_literal(revision, self.dialect());
        format!("DELETE FROM {} WHERE {}revision = {id}", self.running_table(), self.by_key())
    }

    /// Returns the statement that deletes a row of progress if it is still exactly as given.
    pub fn forget_running(&self, running: &Running) -> String {
        let text = |value: &str| quote_literal(value, self.dialect());
        format!(
            "{} AND operation = {} AND process = {} AND begun = {} AND done = {}",
            self.end_running(running.revision.as_str()),
            text(running.operation.as_str()),
            text(&running.process),
            running.begun,
            running.done,
        )
    }

    /// Returns the statement that deletes the progress of all revisions.
    pub fn end_all_running(&self) -> String {
        format!("DELETE FROM {} WHERE {}1 = 1", self.running_table(), self.by_key())
    }

    /// Returns the condition that a revision has a row of progress, and that `also` holds.
    pub fn is_noted(&self, revision: &str, also: Option<&str>) -> String {
        let id = quote_literal(revision, self.dialect());
        format!(
            "EXISTS (SELECT 1 FROM {} WHERE revision = {id}) AND {}",
            self.running_table(),
            also.unwrap_or("1 = 1"),
        )
    }

    /// Returns the query that yields 1 if an expression has the noted value.
    pub fn is_catalog(&self, catalog: &str) -> String {
        format!("SELECT catalog <=> ({catalog}) FROM {} WHERE slot = 1", self.running_table())
    }

    /// Returns the condition that selects the row by its key, where the server may insist on that
    /// (MySQL's `sql_safe_updates`).
    fn by_key(&self) -> &'static str {
        match self.dialect() {
            Dialect::MySql => "slot = 1 AND ",
            Dialect::Sqlite | Dialect::Postgres => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(begun: &str, done: &str) -> Vec<Option<String>> {
        ["a1", "upgrade", "3", begun, done, "sha256:1", "sha256:0", ""]
            .map(|it| Some(it.to_owned()))
            .to_vec()
    }

    #[test]
    fn a_statement_that_was_begun_and_not_ended_is_in_doubt() {
        assert!(!Running::parse("t", row("1", "1")).unwrap().is_in_doubt());
        assert!(Running::parse("t", row("2", "1")).unwrap().is_in_doubt());
        assert!(Running::parse("t", row("x", "1")).is_err());
        assert!(Running::parse("t", Vec::new()).is_err());
    }
}
