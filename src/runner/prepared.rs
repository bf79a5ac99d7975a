//! Statements of ours that are prepared where many revisions follow each other (PostgreSQL).

use crate::database::{DatabaseError, SqlFault};
use crate::ledger::{Entry, Guard, Ledger, Recorded};
use crate::runner::{Flow, Lock, Run};
use crate::script::Unit;

/// From so many revisions on it pays.
const WORTH: usize = 16;

/// Whether the session has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Prepared {
    /// Not yet.
    Not,
    /// It has.
    Ready,
    /// It can't, or a script takes them away: text does as well.
    Refused,
}

impl Run<'_> {
    /// Prepares them before a revision that is sent with others, where enough of them are left.
    pub(super) fn prepare(&mut self) -> Result<(), DatabaseError> {
        let next = self.done.len() + self.batch.aside();
        let is_worth = self.script.units.len().saturating_sub(next) >= WORTH;
        if self.prepared != Prepared::Not || !is_worth || !self.travels(next) {
            return Ok(());
        }
        self.prepared = match self.send_at_once(&self.ledger.prepare(&self.alone())) {
            Ok(()) => Prepared::Ready,
            // Somebody else's have the names.
            Err(DatabaseError::Sql(_)) => Prepared::Refused,
            Err(error) => return Err(error),
        };
        Ok(())
    }

    /// Sends statements in a message of their own.
    fn send_at_once(&mut self, statements: &[String]) -> Result<(), DatabaseError> {
        let Some(pipeline) = self.batch.connection.pipeline() else {
            return Err(SqlFault::new("the connection sends nothing together").into());
        };
        pipeline.post(statements.to_vec());
        pipeline.receive().unwrap_or(Ok(())).map_err(|stopped| stopped.cause)
    }

    /// Tells whether the revision at hand can use them: its script takes none away that we know of.
    fn is_prepared(&self) -> bool {
        self.prepared == Prepared::Ready && self.travels(self.done.len() + self.batch.aside())
    }

    /// Takes them out of the session, which may be somebody else's.
    pub(super) fn unprepare(&mut self) {
        if self.prepared == Prepared::Ready {
            // They are in nobody's way.
            let _result = self.send_at_once(&Ledger::deallocate());
            self.prepared = Prepared::Not;
        }
    }

    /// Tells whether the failure of a statement of ours means that they are gone.
    pub(super) fn has_lost_prepared(&self, code: &str) -> bool {
        self.prepared == Prepared::Ready && Ledger::is_gone(code)
    }

    /// Goes back to the transaction that failed, and does without them.
    pub(super) fn do_without_prepared(&mut self) -> Flow {
        self.roll_back();
        self.done.truncate(self.closed);
        self.prepared = Prepared::Refused;
        Flow::Again(self.start_at)
    }

    /// Returns what makes those wait who are about to change the table as well.
    pub(super) fn lock_last(&self) -> String {
        if self.is_prepared() { Ledger::execute_lock_last() } else { self.ledger.lock_last() }
    }

    /// Returns what fails unless the database is as a revision's transaction has to find it.
    pub(super) fn guard_of(&self, unit: &Unit) -> String {
        let expected = self.expected(unit);
        let prepared = self.is_prepared().then(|| self.ledger.execute_guard(&expected)).flatten();
        prepared.unwrap_or_else(|| {
            let guard = self.ledger.guard(&expected, Some(&self.alone()));
            self.ledger.insist(&guard.condition)
        })
    }

    /// Returns the condition that nobody else can be at work.
    fn alone(&self) -> String {
        let lock = self.setting.lock.and_then(Lock::guard);
        lock.into_iter().chain([self.ledger.nothing_runs()]).collect::<Vec<_>>().join(" AND ")
    }

    /// Returns what adds the row of a revision.
    pub(super) fn insert(
        &self,
        entry: &Entry,
        recorded: &Recorded,
        guard: Option<&Guard>,
    ) -> String {
        let is_prepared = guard.is_none() && self.is_prepared();
        let prepared = is_prepared.then(|| self.ledger.execute_insert(entry, recorded)).flatten();
        prepared.unwrap_or_else(|| self.ledger.insert(entry, recorded, guard))
    }

    /// Returns what deletes the row of a revision.
    pub(super) fn delete(&self, revision: &str, guard: Option<&Guard>) -> String {
        if guard.is_none() && self.is_prepared() {
            return self.ledger.execute_delete(revision);
        }
        self.ledger.delete(revision, guard)
    }
}
