//! Executes scripts, and keeps the bookkeeping tables.
//!
//! What is committed is whole: a revision's statements and its row travel in one transaction.
//! Before each transaction's first statement the version table is compared with what the plan
//! rests on, inside that transaction; if another process has moved it, nothing is run.

mod bookkeeping;
mod error;
mod foreign_keys;
mod group;
mod told;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::database::{Connection, DatabaseError, SqlFault, Waiting};
use crate::ledger::{Entry, Recorded, Running};
use crate::place::Place;
use crate::plan::Operation;
use crate::revision::Wrapping;
use crate::runner::foreign_keys::Watch;
use crate::runner::group::Group;
use crate::script::{Action, Keep, Script, Span};

pub use bookkeeping::{read_down, read_rows, read_running, tables_sql};
pub use error::{Failure, RunError};
pub use group::Pacing;
pub use told::{Done, Event, Outcome, Setting, milliseconds};

/// Runs a script; `applied` is what the plan found in the version table.
pub fn run(
    connection: &mut dyn Connection,
    script: &Script,
    applied: BTreeSet<String>,
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, Box<RunError>> {
    let mut run = Run {
        connection,
        script,
        setting,
        applied,
        seen: None,
        group: Group::new(setting.pacing),
        watch: Watch::default(),
        started: Instant::now(),
        done: Vec::new(),
        noted: None,
        is_closing: false,
        closed: 0,
        committed: 0,
    };
    observe(Event::Planned(script.units.len()));
    for action in &script.actions {
        match run.act(action, observe) {
            Ok(Flow::On) => {}
            Ok(Flow::Moved) => {
                run.undo();
                return Ok(Outcome::Moved(run.done));
            }
            Err(failure) => return run.fail(failure),
        }
    }
    match run.commit() {
        Ok(()) => Ok(Outcome::Complete(run.done)),
        Err(failure) => run.fail(failure),
    }
}

enum Flow {
    On,
    Moved,
}

struct Run<'a> {
    connection: &'a mut dyn Connection,
    script: &'a Script,
    setting: &'a Setting<'a>,
    /// What the version table holds, as far as we know.
    applied: BTreeSet<String>,
    /// The connection's change counter when that was compared last.
    seen: Option<i64>,
    group: Group,
    watch: Watch,
    started: Instant,
    done: Vec<Done>,
    /// What was noted last of a revision without a transaction.
    noted: Option<Box<Running>>,
    /// Whether the last of `done` is about to be closed: what fails then is its fault.
    is_closing: bool,
    /// How many of `done` are whole: they stand if their transaction is committed.
    closed: usize,
    /// How many of `done` are committed.
    committed: usize,
}

impl Run<'_> {
    fn act(
        &mut self,
        action: &Action,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Flow, Failure> {
        match action {
            Action::EnsureTables => {
                let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
                bookkeeping::ensure(self.connection, self.setting.ledger, waiting)?;
            }
            Action::ForeignKeys(keys) => {
                if self.group.changes(*keys) {
                    self.commit()?;
                    self.group.set_keys(self.connection, *keys)?;
                }
            }
            Action::Begin => {
                // Inside a transaction that is open nobody else can have written.
                let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
                if self.group.begin(self.connection, waiting)? {
                    return self.compare();
                }
            }
            Action::Compare => {
                self.commit()?;
                self.group.stand_alone();
                return self.compare();
            }
            Action::Start(unit) => self.start(*unit, observe)?,
            Action::Execute { unit, span } => self.execute(*unit, *span)?,
            Action::CheckForeignKeys => self.watch.check(self.connection)?,
            Action::Keep(change @ Keep::BeginRunning { before, .. }) => {
                return self.begin_running(change, before.as_deref(), observe);
            }
            Action::Keep(change) => self.keep(change)?,
            Action::Finish(unit) => self.finish(*unit, observe),
            Action::Commit => self.close()?,
            Action::ResetSession => {
                self.commit()?;
                self.connection.reset()?;
                self.group.forget_session();
                self.seen = None;
            }
        }
        Ok(Flow::On)
    }

    /// Notes that a revision without a transaction begins, unless another process was faster.
    fn begin_running(
        &mut self,
        change: &Keep,
        before: Option<&Running>,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<Flow, Failure> {
        self.connection.begin(&mut |waiting: &Waiting| observe(Event::Waiting(waiting)))?;
        let found = read_running(self.connection, self.setting.ledger)?;
        self.seen = None;
        if !found.iter().eq(before) || matches!(self.compare()?, Flow::Moved) {
            self.connection.rollback()?;
            return Ok(Flow::Moved);
        }
        self.keep(change)?;
        self.connection.commit()?;
        Ok(Flow::On)
    }

    /// Changes the bookkeeping.
    fn keep(&mut self, change: &Keep) -> Result<(), DatabaseError> {
        let ledger = self.setting.ledger;
        match change {
            Keep::Record(entry) => return self.record(entry),
            Keep::Accept(entry) => self.connection.execute(&ledger.update(entry))?,
            Keep::Erase(revision) => {
                self.connection.execute(&ledger.delete(revision.as_str()))?;
                self.applied.remove(revision.as_str());
            }
            Keep::EraseAll => {
                self.connection.execute(&ledger.delete_all())?;
                self.applied.clear();
            }
            Keep::BeginRunning { now, .. } => {
                let begun_at = self.setting.clock.timestamp();
                self.connection.execute(&ledger.begin_running(now, &begun_at))?;
            }
            Keep::NoteRunning(running) => {
                self.connection.execute(&ledger.note_running(running))?;
                self.noted = Some(running.clone());
            }
            Keep::EndRunning(revision) => {
                self.connection.execute(&ledger.end_running(revision.as_str()))?;
                self.noted = None;
            }
            Keep::EndAllRunning => self.connection.execute(&ledger.end_all_running())?,
        }
        Ok(())
    }

    /// Closes the revision that is open, and commits if it is time.
    fn close(&mut self) -> Result<(), Failure> {
        let is_time = self.group.close(self.connection)?;
        if self.setting.pacing == Pacing::Each {
            self.group.commit(self.connection)?;
        }
        self.closed = self.done.len();
        if is_time {
            self.commit()?;
        }
        self.is_closing = false;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Failure> {
        self.group.commit(self.connection)?;
        self.committed = self.closed;
        Ok(())
    }

    /// Compares the version table with what the plan rests on.
    ///
    /// Reading it each time would be quadratic; a counter tells that nobody else has written.
    fn compare(&mut self) -> Result<Flow, Failure> {
        let counter = self.connection.change_counter()?;
        if counter.is_some() && counter == self.seen {
            return Ok(Flow::On);
        }
        let found = bookkeeping::read_ids(self.connection, self.setting.ledger)?;
        if found != self.applied {
            return Ok(Flow::Moved);
        }
        self.seen = counter;
        self.watch.forget();
        Ok(Flow::On)
    }

    fn start(&mut self, unit: usize, observe: &mut dyn FnMut(Event<'_>)) -> Result<(), Failure> {
        self.heed_interrupt()?;
        if let Some(unit) = self.script.units.get(unit) {
            observe(Event::Started(unit));
        }
        self.warn_of_attached(unit, observe)?;
        self.is_closing = false;
        self.watch.remember(self.connection)?;
        self.started = Instant::now();
        Ok(())
    }

    fn execute(&mut self, unit: usize, span: Span) -> Result<(), Failure> {
        let Some(unit) = self.script.units.get(unit) else {
            return Ok(());
        };
        if let Err(cause) = self.heed_interrupt() {
            self.note_failed();
            return Err(cause.into());
        }
        let place = |offset| Box::new(unit.source.place(span, offset));
        let result = self.connection.execute(&unit.source.statement(span));
        let failed = |place: Box<Place>, cause| Failure::Statement {
            place,
            statement: unit.source.written(span).to_owned(),
            cause,
        };
        match result {
            Err(cause) => {
                self.note_failed();
                let offset =
                    if let DatabaseError::Sql(fault) = &cause { fault.offset } else { None };
                Err(failed(place(offset), cause))
            }
            // Procedures, RAISE(ROLLBACK) and the like can end it without an error.
            Ok(()) if self.group.is_lost(self.connection) => {
                let fault = SqlFault::new("the statement ended the transaction");
                Err(failed(place(None), fault.into()))
            }
            Ok(()) => Ok(()),
        }
    }

    /// Notes that a statement without a transaction failed or was stopped: it did nothing.
    fn note_failed(&mut self) {
        if let Some(mut running) = self.noted.take() {
            running.set_undone();
            // If even that fails, the statement stays in doubt, which is safe.
            let _result = self.connection.execute(&self.setting.ledger.note_running(&running));
        }
    }

    /// Warns of a transaction over several files, which is none with a write-ahead log.
    fn warn_of_attached(
        &mut self,
        unit: usize,
        observe: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), DatabaseError> {
        let Some(unit) = self.script.units.get(unit) else {
            return Ok(());
        };
        if unit.attaches && unit.wrapping == Wrapping::Transaction {
            let mode = self.connection.query("PRAGMA journal_mode")?;
            let mode = mode.into_iter().flatten().flatten().next().unwrap_or_default();
            if matches!(mode.as_str(), "wal" | "memory" | "off") {
                observe(Event::NotAtomic(unit));
            }
        }
        Ok(())
    }

    fn heed_interrupt(&self) -> Result<(), DatabaseError> {
        if self.connection.interrupter().is_interrupted() {
            return Err(DatabaseError::Interrupted);
        }
        Ok(())
    }

    fn record(&mut self, entry: &Entry) -> Result<(), DatabaseError> {
        let elapsed = self.started.elapsed();
        let stamped = entry.operation == "stamp";
        let recorded = Recorded {
            applied_at: Some(self.setting.clock.timestamp()),
            applied_by: self.setting.applied_by.to_owned(),
            duration_ms: (!stamped).then(|| milliseconds(elapsed)),
        };
        self.connection.execute(&self.setting.ledger.insert(entry, &recorded))?;
        self.applied.insert(entry.revision.clone());
        Ok(())
    }

    fn finish(&mut self, unit: usize, observe: &mut dyn FnMut(Event<'_>)) {
        let Some(unit) = self.script.units.get(unit) else {
            return;
        };
        let stamped = unit.operation == Operation::Stamp;
        let duration = if stamped { Duration::ZERO } else { self.started.elapsed() };
        observe(Event::Finished(unit, duration));
        self.is_closing = true;
        self.done.push(Done {
            revision: unit.revision.clone(),
            operation: unit.operation,
            message: unit.message.clone(),
            duration,
        });
    }

    /// Undoes the revision that is open; tells whether the others of its group stand.
    fn undo(&mut self) -> bool {
        let stands = self.group.undo(self.connection);
        let kept = if stands { self.closed } else { self.committed };
        self.done.truncate(kept);
        stands || self.closed == self.committed
    }

    fn fail(mut self, failure: Failure) -> Result<Outcome, Box<RunError>> {
        let turn = self.done.len() - usize::from(self.is_closing);
        let failed = self.script.units.get(turn).cloned().map(Box::new);
        let rolled_back = self.group.in_revision();
        // Who was alone in its group is the culprit.
        let is_alone = self.is_closing && self.closed == self.committed + 1;
        let is_known = self.undo() || is_alone;
        let error = Box::new(RunError { done: self.done, failed, rolled_back, failure });
        if is_known { Err(error) } else { Ok(Outcome::Lost(error)) }
    }
}
