//! The transaction of a run: opened, compared with the plan, committed; what is sent in it.

use crate::database::{DatabaseError, Engine, Waiting};
use crate::ledger::{Guard, Running};
use crate::plan::Operation;
use crate::runner::batch::{Halt, Origin};
use crate::runner::unit::statement_failure;
use crate::runner::{Event, Failure, Flow, Run, Stop, bookkeeping};
use crate::script::{Action, Keep};
use crate::sql::Dialect;

/// Whether a revision may be under way without a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// None may: what is about to run could meet it half done.
    Absent,
    /// Whoever asks looks for himself.
    Unasked,
}

impl Run<'_> {
    /// Opens a transaction, or joins the one that is open.
    pub(super) fn begin(&mut self) -> Result<Flow, Stop> {
        self.start_at = self.at;
        if self.engine.dialect() == Dialect::Postgres {
            return self.begin_gathered();
        }
        let observe = &mut *self.observe;
        let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
        // Inside a transaction that is open nobody else can have written.
        let opens = self.group.begin(self.batch.connection, waiting)?;
        if opens && !self.is_guarded() { self.compare(Others::Absent) } else { Ok(Flow::On) }
    }

    /// Closes the revision that is open, and commits if it is time.
    pub(super) fn close(&mut self) -> Result<(), Stop> {
        if self.joins() {
            return self.join();
        }
        // What is on its way is closed by its answer.
        let is_time = self.batch.is_waiting() || self.group.close(self.batch.connection)?;
        if self.group.commits_each() {
            self.commit_group()?;
        }
        if let Some(unit) = self.finishing.take() {
            self.tell_finished(unit);
        }
        self.closed = self.done.len();
        if is_time {
            self.commit()?;
        }
        self.is_closing = false;
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<(), Stop> {
        self.commit_group()?;
        self.committed = self.closed;
        Ok(())
    }

    pub(super) fn commit_group(&mut self) -> Result<(), Stop> {
        if self.engine.dialect() == Dialect::Postgres {
            if self.group.is_open() {
                self.send("COMMIT", Origin::Commit)?;
            }
            self.flush()?;
            self.group.set_closed();
        } else if let Err(cause) = self.group.commit(self.batch.connection) {
            let cause = self.explain_commit(cause);
            let halt = Halt { origin: Origin::Commit, cause, commits: 1 };
            return Err(self.stop(halt));
        }
        self.batch.begin_anew();
        self.notes.commit(self.engine.dialect());
        self.position = None;
        self.basis.known.settle();
        self.tries = 0;
        self.busy_since = None;
        Ok(())
    }

    /// Compares the version table with what the plan rests on.
    ///
    /// Reading it each time would be quadratic; on SQLite a counter tells that nobody else has
    /// written, and on servers the statements of a revision compare for themselves.
    pub(super) fn compare(&mut self, others: Others) -> Result<Flow, Stop> {
        self.flush()?;
        if self.engine != Engine::Sqlite && self.is_guarded() && !self.group.is_open() {
            // Outside a transaction: whatever is done next compares anew.
            return Ok(Flow::On);
        }
        let counter = self.batch.connection.change_counter()?;
        if counter.is_some() && counter == self.basis.seen {
            return Ok(Flow::On);
        }
        let found = bookkeeping::read_ids(self.batch.connection, self.ledger)?;
        if !self.basis.known.is(&found) {
            return Ok(Flow::Moved);
        }
        if others == Others::Absent && self.meets_others()? {
            return Ok(Flow::Moved);
        }
        self.basis.seen = counter;
        self.basis.watch.forget();
        Ok(Flow::On)
    }

    /// Tells whether a revision is under way, without a transaction, that the plan doesn't know of: it
    /// locks nothing between its statements, and its row changes at its end alone.
    fn meets_others(&mut self) -> Result<bool, Stop> {
        // A stamp says where the database stands, whatever was left half done.
        if self.unit_at_hand().is_none_or(|unit| unit.operation == Operation::Stamp) {
            return Ok(false);
        }
        let found = bookkeeping::read_running(self.batch.connection, self.ledger)?;
        let is_noted = |it: &Running| self.notes.is_of(it);
        let is_resumed = |it: &Running| {
            self.script.actions.iter().any(|action| {
                matches!(action, Action::Keep(Keep::BeginRunning { before: Some(before), .. })
                    if **before == *it)
            })
        };
        Ok(found.iter().any(|it| !is_noted(it) && !is_resumed(it)))
    }

    pub(super) fn send(&mut self, text: &str, origin: Origin) -> Result<(), Stop> {
        self.make_room(text.len())?;
        self.batch.run(text, origin).map_err(|halt| self.stop(halt))
    }

    pub(super) fn flush(&mut self) -> Result<(), Stop> {
        self.deliver()?;
        self.batch.flush().map_err(|halt| self.stop(halt))
    }

    /// Finds what a statement's failure means.
    pub(super) fn stop(&self, halt: Halt) -> Stop {
        let Halt { origin, cause, commits } = halt;
        let code = if let DatabaseError::Sql(fault) = &cause {
            fault.code.as_deref().unwrap_or_default()
        } else {
            ""
        };
        let is_lost = matches!(cause, DatabaseError::Lost { .. });
        // The commit comes last: where the server tells that it stopped before it, nothing was committed.
        let is_before = matches!(cause, DatabaseError::Lost { is_told: true, .. })
            && !matches!(origin, Origin::Commit);
        match origin {
            Origin::Guard if code.starts_with(Guard::FAILED) => Stop::Moved,
            Origin::Entry if code.starts_with(Guard::FAILED) => Stop::Busy,
            // Somebody else has just recorded the same revision, or one at the same position.
            Origin::Record if code.starts_with("23505") || code.starts_with("1062") => Stop::Moved,
            _ if is_lost && commits > 0 && !is_before => {
                let turn = self.done.len() - usize::from(self.is_closing);
                match self.script.units.get(turn) {
                    Some(unit) => {
                        let revision = unit.revision.clone();
                        let others = commits - 1;
                        Failure::Undecided { revision, others, cause }.into()
                    }
                    None => cause.into(),
                }
            }
            Origin::Statement(unit, span) => match self.script.units.get(unit) {
                Some(unit) => {
                    let offset =
                        if let DatabaseError::Sql(fault) = &cause { fault.offset } else { None };
                    statement_failure(unit, span, offset, cause).into()
                }
                None => cause.into(),
            },
            Origin::Commit => self.commit_failure(cause).into(),
            Origin::Guard | Origin::Entry | Origin::Record | Origin::Own => cause.into(),
        }
    }
}
