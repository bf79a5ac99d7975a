//! How a run ends before its end: what is tried again, what is undone, what stands.

use crate::clock::pause;
use crate::database::{DatabaseError, Engine, Waiting};
use crate::revision::Wrapping;
use crate::runner::lasting::lasts_in_session;
use crate::runner::{Event, Failure, Flow, Outcome, Run, RunError, Standing, Stop};
use crate::script::{Action, Unit};
use crate::sql::Dialect;

use std::time::{Duration, Instant};

/// How often a revision is tried that loses against others.
const MOST_TRIES: u32 = 5;

impl Run<'_> {
    /// Finds what follows an action that stopped: another try, another plan, or the end.
    pub(super) fn again(&mut self, stop: Stop) -> Result<Flow, Failure> {
        match stop {
            Stop::Moved => match self.setting.lock {
                Some(lock) => {
                    self.roll_back();
                    // Who has lost the lock has to know why others could move the database.
                    lock.prove(self.batch.connection)?;
                    Ok(Flow::Moved)
                }
                None => Ok(Flow::Moved),
            },
            Stop::Busy => self.wait_for_transaction(),
            Stop::Failure(failure) => self.retry(failure),
        }
    }

    /// Waits for another process that holds the lock of transactions.
    fn wait_for_transaction(&mut self) -> Result<Flow, Failure> {
        self.roll_back();
        let waited = self.busy_since.get_or_insert_with(Instant::now).elapsed();
        if self.interrupter.is_interrupted() {
            return Err(DatabaseError::Interrupted.into());
        }
        if waited >= self.setting.wait {
            let url = self.setting.url.clone();
            return Err(DatabaseError::Locked { url, waited, holder: None }.into());
        }
        (self.observe)(Event::Waiting(&Waiting { waited, holder: None }));
        std::thread::sleep(pause(waited));
        Ok(Flow::Again(self.start_at))
    }

    /// Tries once more what lost against others, if that was not too often.
    fn retry(&mut self, failure: Failure) -> Result<Flow, Failure> {
        let (Failure::Statement { cause, .. }
        | Failure::Commit { cause, .. }
        | Failure::Database(cause)) = &failure
        else {
            return Err(failure);
        };
        let is_transient = matches!(cause, DatabaseError::Sql(fault) if fault.is_transient);
        let turn = self.done.len() - usize::from(self.is_closing);
        let unit = self.script.units.get(turn);
        let (Some(unit), true) = (unit, is_transient && self.tries + 1 < MOST_TRIES) else {
            return Err(failure);
        };
        // What a transaction of the script's own has lost, one statement can't bring back.
        let is_within = self.notes.is_open() && !self.group.is_open();
        if self.engine == Engine::Sqlite || is_within {
            return Err(failure);
        }
        // A statement that commits by itself and failed did nothing, and is all there is to redo.
        let is_bare = unit.wrapping == Wrapping::None;
        let is_alone = is_bare && (self.is_bare_statement() || !self.group.is_open());
        let start = if is_alone { self.at } else { self.start_at };
        if self.lasts || self.leaves || !self.can_begin_anew(start) {
            return Err(failure);
        }
        self.settle_failed();
        if self.is_in_the_dark() {
            return Err(failure);
        }
        self.roll_back();
        if self.lasts {
            return Err(failure);
        }
        self.tries += 1;
        let attempt = self.tries + 1;
        (self.observe)(Event::Again { unit, attempt, cause });
        std::thread::sleep(pause(Duration::from_millis(100) * self.tries));
        self.done.truncate(self.closed);
        Ok(Flow::Again(start))
    }

    /// Tells whether the action at hand is a statement that nothing is undone with.
    fn is_bare_statement(&self) -> bool {
        match self.script.actions.get(self.at) {
            Some(Action::Execute { unit, first, count }) => {
                let unit = self.script.units.get(*unit as usize);
                let spans = unit.map_or(&[][..], |unit| unit.spans_of(*first, *count));
                spans.iter().all(|span| span.commits)
            }
            _ => false,
        }
    }

    /// Undoes the transaction that is open, here and there.
    pub(super) fn roll_back(&mut self) {
        self.batch.forget();
        self.lasts |= self.batch.connection.take_back();
        self.group.set_closed();
        self.basis.known.revert();
        self.finishing = None;
        self.notes.roll_back();
    }

    /// Undoes the revision that is open; tells whether the others of its group stand.
    pub(super) fn undo(&mut self) -> bool {
        self.batch.forget();
        self.position = None;
        if self.engine.dialect() == Dialect::MySql {
            self.lasts |= self.batch.connection.take_back();
        }
        let stands = self.group.undo(self.batch.connection);
        let kept = if stands { self.closed } else { self.committed };
        self.done.truncate(kept);
        stands || self.closed == self.committed
    }

    pub(super) fn fail(mut self, failure: Failure) -> Result<Outcome, Box<RunError>> {
        let turn = self.done.len() - usize::from(self.is_closing);
        let failed = self.script.units.get(turn);
        // A commit that is refused is a rollback.
        let rolled_back = matches!(failure, Failure::Commit { .. })
            || (self.group.in_revision() && !matches!(failure, Failure::Undecided { .. }));
        let is_bare = failed.is_some_and(|unit| unit.wrapping == Wrapping::None);
        // Who was alone in its group is the culprit.
        let is_alone = self.is_closing && self.closed == self.committed + 1;
        self.settle_failed();
        let is_known = self.undo() || is_alone;
        let is_lost = matches!(&failure, Failure::Statement { cause, .. } | Failure::Database(cause)
            if matches!(cause, DatabaseError::Lost { .. }));
        let lasts = self.lasts && failed.is_some_and(|unit| !lasts_in_session(unit));
        let standing = match failed {
            Some(unit) if is_bare || lasts => self.settle_unit(turn, unit, is_lost, lasts),
            Some(_) | None => Standing::Nothing,
        };
        let progress = self.notes.progress().filter(|_| is_bare || lasts);
        let lasting = self.notes.begun().filter(|_| lasts && !is_lost);
        let failure = self.blame_database(failure);
        self.tidy_up();
        let failed = failed.cloned().map(Box::new);
        let done = std::mem::take(&mut self.done);
        let error = RunError { done, failed, rolled_back, progress, lasting, standing, failure };
        let error = Box::new(error);
        if is_known { Err(error) } else { Ok(Outcome::Lost(error)) }
    }

    /// Tells whether the statement at hand, which somebody has interrupted, may take effect all the same.
    fn may_go_on(&self) -> bool {
        self.engine.changes_schema_by_jobs()
            && self.interrupter.is_interrupted()
            && matches!(self.script.actions.get(self.at), Some(Action::Execute { .. }))
            && self.is_bare_statement()
    }

    /// Notes how far the revision at hand came whose record another process has made wrong.
    pub(super) fn settle_moved(&mut self) {
        if self.notes.is_any() {
            let turn = self.done.len() - usize::from(self.is_closing);
            self.note_failed(turn);
        }
    }

    /// Finds out what stands of a unit that failed outside a transaction, and notes it.
    fn settle_unit(&mut self, number: usize, unit: &Unit, is_lost: bool, lasts: bool) -> Standing {
        if is_lost {
            return self.notes.standing_of_lost();
        }
        if self.may_go_on() {
            self.notes.set_unknown();
        }
        self.tidy_failed(unit);
        if lasts { self.note_lasting(unit) } else { self.note_failed(number) }
    }

    /// Deletes the row of progress that the last finished revision has left.
    pub(super) fn tidy_up(&mut self) {
        if let Some(leftover) = self.notes.take_leftover() {
            // What stays is known for what it is by the next run.
            let text = self.ledger.forget_running(&leftover);
            let _result = self.batch.connection.execute(&text);
        }
    }
}
