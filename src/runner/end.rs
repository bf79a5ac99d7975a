//! The early end of a run: retries, rollbacks, and what stands.

use crate::clock::pause;
use crate::database::{DatabaseError, Waiting};
use crate::revision::Wrapping;
use crate::runner::lasting::lasts_in_session;
use crate::runner::{Event, Failure, Flow, Outcome, Run, RunError, Runner, Standing, Stop};
use crate::script::{Action, Unit};

use std::time::{Duration, Instant};

/// How often a revision is retried after conflicts with others.
const MOST_TRIES: u32 = 5;

impl Runner<'_> {
    /// Determines the next action after a stop: another try, another plan, or the end.
    pub(super) fn again(&mut self, stop: Stop) -> Result<Flow, Failure> {
        match stop {
            Stop::Moved => {
                if let Some(lock) = self.run.setting.lock {
                    self.roll_back();
                    // After losing the lock it must be said why others could change the database.
                    lock.prove(self.run.connection)?;
                }
                Ok(Flow::Moved)
            }
            Stop::Busy => self.wait_for_transaction(),
            Stop::Failure(failure) => self.retry(failure),
        }
    }

    /// Waits for another process that holds the lock of transactions.
    fn wait_for_transaction(&mut self) -> Result<Flow, Failure> {
        self.roll_back();
        let run = &mut self.run;
        let waited = run.tries.busy_since.get_or_insert_with(Instant::now).elapsed();
        if run.interrupter.is_interrupted() {
            return Err(DatabaseError::Interrupted.into());
        }
        if waited >= run.setting.wait {
            let url = run.setting.url.clone();
            return Err(DatabaseError::Locked { url, waited, holder: None }.into());
        }
        (run.observe)(Event::Waiting(&Waiting { waited, holder: None }));
        std::thread::sleep(pause(waited));
        Ok(Flow::Again(run.start_at))
    }

    /// Retries after a conflict with others, unless the limit is reached.
    fn retry(&mut self, failure: Failure) -> Result<Flow, Failure> {
        let (Failure::Statement { cause, .. }
        | Failure::Commit { cause, .. }
        | Failure::Database(cause)) = &failure
        else {
            return Err(failure);
        };
        let Self { run, noted, .. } = self;
        let is_transient = matches!(cause, DatabaseError::Sql(fault) if fault.is_transient);
        let is_worth = is_transient && run.tries.count + 1 < MOST_TRIES;
        let Some(unit) = run.unit(run.turn()).filter(|_| is_worth) else { return Err(failure) };
        // A single statement can't restore a lost transaction of the script.
        let is_within = noted.notes.open().is_some() && !run.transaction.is_open();
        if run.engine().excludes_writers() || is_within {
            return Err(failure);
        }
        // A failed statement that commits by itself did nothing, and is all that has to be
        // repeated.
        let is_bare = unit.wrapping == Wrapping::None;
        let is_alone = is_bare && (run.is_bare_statement() || !run.transaction.is_open());
        let start = if is_alone { run.at } else { run.start_at };
        if noted.lasts || noted.leaves || !run.can_begin_anew(start) {
            return Err(failure);
        }
        noted.settle_failed(run);
        if noted.notes.is_unknown() {
            return Err(failure);
        }
        self.roll_back();
        if self.noted.lasts {
            return Err(failure);
        }
        let run = &mut self.run;
        run.tries.count += 1;
        let attempt = run.tries.count + 1;
        (run.observe)(Event::Again { unit, attempt, cause });
        std::thread::sleep(pause(Duration::from_millis(100) * run.tries.count));
        run.done.truncate(run.closed);
        run.is_closing = false;
        Ok(Flow::Again(start))
    }

    /// Rolls back the open transaction and the state that belongs to it.
    fn roll_back(&mut self) {
        self.course.forget();
        self.noted.lasts |= self.run.connection.take_back();
        self.run.transaction.set_ended();
        self.run.basis.known.revert();
        self.noted.notes.roll_back();
    }

    /// Undoes the open revision; tells whether the others of its group stand.
    pub(super) fn undo(&mut self) -> bool {
        let Self { run, course, noted } = self;
        course.forget();
        let stands = course.undo(run);
        if !stands {
            // The failure that led here is the one to tell.
            noted.lasts |= run.connection.take_back();
        }
        run.transaction.set_ended();
        run.done.truncate(if stands { run.closed } else { run.committed });
        stands || run.closed == run.committed
    }

    pub(super) fn fail(mut self, failure: Failure) -> Result<Outcome, Box<RunError>> {
        let run = &mut self.run;
        let turn = run.turn();
        let failed = run.unit(turn);
        // A commit that is refused is a rollback.
        let rolled_back = matches!(failure, Failure::Commit { .. })
            || (run.transaction.in_revision() && !matches!(failure, Failure::Undecided { .. }));
        let is_bare = failed.is_some_and(|unit| unit.wrapping == Wrapping::None);
        let is_recording = run.transaction.is_recording();
        // A revision that was alone in its group is the culprit.
        let is_alone = run.is_closing && run.closed == run.committed + 1;
        self.noted.settle_failed(run);
        let is_known = self.undo() || is_alone;
        let is_lost = matches!(&failure, Failure::Statement { cause, .. } | Failure::Database(cause)
            if matches!(cause, DatabaseError::Lost { .. }));
        let lasts = self.noted.lasts && failed.is_some_and(|unit| !lasts_in_session(unit));
        let standing = match failed {
            Some(_) if is_lost && (is_bare || lasts) => {
                self.noted.notes.standing_of_lost(is_recording)
            }
            Some(unit) if is_bare || lasts => self.settle_unit(turn, unit, lasts),
            Some(_) | None => Standing::Nothing,
        };
        let notes = &self.noted.notes;
        let row = notes.row().filter(|_| is_bare || lasts);
        let progress = row.map(|row| (notes.done(), row.statements));
        let lasting = row.filter(|_| lasts && !is_lost).map(|row| row.begun);
        let failure = self.run.blame_database(failure);
        self.tidy_up();
        let failed = failed.cloned().map(Box::new);
        let done = self.run.done;
        let error = RunError { done, failed, rolled_back, progress, lasting, standing, failure };
        let error = Box::new(error);
        if is_known { Err(error) } else { Ok(Outcome::Lost(error)) }
    }

    /// Notes the progress of the current revision after another process has invalidated the plan.
    pub(super) fn settle_moved(&mut self) {
        if self.noted.notes.row().is_some() {
            let turn = self.run.turn();
            self.noted.note_failed(&mut self.run, turn);
        }
    }

    /// Determines which statements of a unit stand that failed outside a transaction, and notes it.
    fn settle_unit(&mut self, number: usize, unit: &Unit, lasts: bool) -> Standing {
        let Self { run, noted, .. } = self;
        if run.may_go_on() {
            noted.notes.set_unknown();
        }
        noted.tidy_failed(run, unit);
        if lasts { noted.note_lasting(run, unit) } else { noted.note_failed(run, number) }
    }

    /// Deletes the row of progress of the last finished revision.
    pub(super) fn tidy_up(&mut self) {
        if let Some(leftover) = self.noted.notes.take_leftover() {
            // The next run recognizes the remaining row.
            let text = self.run.setting.ledger.forget_running(&leftover);
            let _result = self.run.connection.execute(&text);
        }
    }
}

impl Run<'_> {
    /// Tells whether the current action is a statement outside any transaction.
    fn is_bare_statement(&self) -> bool {
        match self.script.actions.get(self.at) {
            Some(Action::Execute { unit, first, count }) => {
                let unit = self.unit(*unit as usize);
                let spans = unit.map_or(&[][..], |unit| unit.spans_of(*first, *count));
                spans.iter().all(|span| span.commits)
            }
            _ => false,
        }
    }

    /// Tells whether the interrupted statement may take effect all the same.
    fn may_go_on(&self) -> bool {
        self.engine().changes_schema_by_jobs()
            && self.interrupter.is_interrupted()
            && self.is_bare_statement()
    }
}
