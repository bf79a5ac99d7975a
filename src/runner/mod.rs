//! Executes scripts, and keeps the bookkeeping tables.
//!
//! What is committed is whole: a revision's statements and its row travel in one transaction.
//! Before each transaction's first statement the version table is compared with what the plan
//! rests on, inside that transaction; if another process has moved it, nothing is run.

mod batch;
mod bookkeeping;
mod end;
mod error;
mod foreign_keys;
mod group;
mod keep;
mod known;
mod lease;
mod lock;
mod server;
mod told;

use std::time::{Duration, Instant};

use crate::config::Timeouts;
use crate::database::{Connection, DatabaseError, Engine, SqlFault, Waiting};
use crate::ledger::{Ledger, Running};
use crate::place::Place;
use crate::plan::Operation;
use crate::revision::Wrapping;
use crate::runner::batch::{Batch, Halt, Origin};
use crate::runner::foreign_keys::Watch;
use crate::runner::group::Group;
use crate::runner::known::Known;
use crate::script::{Action, Script, Span, Unit};
use crate::sql::Dialect;

pub use bookkeeping::{read_down, read_rows, read_running, tables_sql};
pub use error::{Failure, RunError};
pub use group::Pacing;
pub use lock::{Holder, Lock, Wanted, break_lease, lock_holder};
pub use told::{Done, Event, Outcome, Setting, milliseconds};

/// Runs a script; `applied` is what the plan found in the version table, in the order in which it
/// was applied.
pub fn run(
    connection: &mut dyn Connection,
    script: &Script,
    applied: Vec<String>,
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, Box<RunError>> {
    let mut run = Run::new(connection, script, applied, setting, observe);
    (run.observe)(Event::Planned(script.units.len()));
    let mut at = 0;
    while let Some(action) = script.actions.get(at) {
        run.at = at;
        let step = run.act(action);
        run.tell_notices();
        match step.or_else(|stop| run.again(stop)) {
            Ok(Flow::On) => at += 1,
            Ok(Flow::Again(start)) => at = start,
            Ok(Flow::Moved) => {
                run.undo();
                run.tidy_up();
                return Ok(Outcome::Moved(run.done));
            }
            Err(failure) => return run.fail(failure),
        }
    }
    match run.commit() {
        Ok(()) => {
            run.tidy_up();
            Ok(Outcome::Complete(run.done))
        }
        Err(stop) => run.fail(stop.into_failure()),
    }
}

/// What comes after an action.
enum Flow {
    /// The next one.
    On,
    /// This one: what has been done since was undone, and may well succeed now.
    Again(usize),
    /// Nothing: another process has moved the database.
    Moved,
}

/// Why an action didn't come to its end.
enum Stop {
    /// It failed.
    Failure(Failure),
    /// Another process has moved the database.
    Moved,
    /// Another process holds the lock of transactions.
    Busy,
}

struct Run<'a> {
    batch: Batch<'a>,
    engine: Engine,
    script: &'a Script,
    ledger: &'a Ledger,
    setting: &'a Setting<'a>,
    observe: &'a mut dyn FnMut(Event<'_>),
    /// What the version table holds, as far as we know.
    known: Known,
    /// The connection's change counter when that was compared last.
    seen: Option<i64>,
    group: Group,
    watch: Watch,
    started: Instant,
    done: Vec<Done>,
    /// What was noted last of a revision without a transaction, and is committed.
    noted: Option<Box<Running>>,
    /// Whether the statement that it announces is done.
    is_noted_done: bool,
    /// What was noted inside a transaction that is still open.
    noting: Option<Box<Running>>,
    /// The row of progress that a finished revision has left, for the next one to take over.
    leftover: Option<Box<Running>>,
    /// The revision whose last statement is on its way together with its commit.
    finishing: Option<usize>,
    /// What the session was told of timeouts.
    timeouts: Timeouts,
    /// The action at hand.
    at: usize,
    /// The unit whose beginning was told last.
    told: Option<usize>,
    /// The action that opened the transaction.
    start_at: usize,
    /// How often it was opened in vain.
    tries: u32,
    /// Since when another process has held the lock of transactions.
    busy_since: Option<Instant>,
    /// Whether the last of `done` is about to be closed: what fails then is its fault.
    is_closing: bool,
    /// How many of `done` are whole: they stand if their transaction is committed.
    closed: usize,
    /// How many of `done` are committed.
    committed: usize,
}

impl<'a> Run<'a> {
    fn new(
        connection: &'a mut dyn Connection,
        script: &'a Script,
        applied: Vec<String>,
        setting: &'a Setting<'a>,
        observe: &'a mut dyn FnMut(Event<'_>),
    ) -> Self {
        let engine = connection.engine();
        let pacing = if engine == Engine::Sqlite { setting.pacing } else { Pacing::Each };
        Self {
            batch: Batch::new(connection, engine.dialect() == Dialect::Postgres),
            engine,
            script,
            ledger: setting.ledger,
            setting,
            observe,
            known: Known::new(applied),
            seen: None,
            group: Group::new(pacing),
            watch: Watch::default(),
            started: Instant::now(),
            done: Vec::new(),
            noted: None,
            is_noted_done: false,
            noting: None,
            leftover: None,
            finishing: None,
            timeouts: Timeouts::default(),
            at: 0,
            told: None,
            start_at: 0,
            tries: 0,
            busy_since: None,
            is_closing: false,
            closed: 0,
            committed: 0,
        }
    }
}

impl Run<'_> {
    fn act(&mut self, action: &Action) -> Result<Flow, Stop> {
        match action {
            Action::EnsureTables => {
                let entry = self.setting.lock.and_then(Lock::entry);
                let observe = &mut *self.observe;
                let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
                let (connection, ledger) = (&mut *self.batch.connection, self.ledger);
                if !bookkeeping::ensure(connection, ledger, entry.as_deref(), waiting)? {
                    self.start_at = self.at;
                    return Err(Stop::Busy);
                }
            }
            Action::ForeignKeys(keys) => {
                if self.group.changes(*keys) {
                    self.commit()?;
                    self.group.set_keys(self.batch.connection, *keys)?;
                }
            }
            Action::Begin => return self.begin(),
            Action::Compare => {
                self.commit()?;
                self.group.stand_alone();
                self.start_at = self.at;
                return self.compare();
            }
            Action::Start(unit) => self.start(*unit)?,
            Action::Execute { unit, span } => self.execute(*unit, *span)?,
            Action::CheckForeignKeys => self.watch.check(self.batch.connection)?,
            Action::Tidy(_) => self.tidy_session()?,
            Action::Keep(change) => return self.keep(change),
            Action::Finish(unit) => self.finish(*unit)?,
            Action::Commit => self.close()?,
            Action::ResetSession => self.reset_session()?,
        }
        Ok(Flow::On)
    }

    /// Opens a transaction, or joins the one that is open.
    fn begin(&mut self) -> Result<Flow, Stop> {
        self.start_at = self.at;
        if self.engine.dialect() == Dialect::Postgres {
            return self.begin_gathered();
        }
        let observe = &mut *self.observe;
        let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
        // Inside a transaction that is open nobody else can have written.
        let opens = self.group.begin(self.batch.connection, waiting)?;
        if opens && !self.is_guarded() { self.compare() } else { Ok(Flow::On) }
    }

    /// Closes the revision that is open, and commits if it is time.
    fn close(&mut self) -> Result<(), Stop> {
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

    fn commit(&mut self) -> Result<(), Stop> {
        self.commit_group()?;
        self.committed = self.closed;
        Ok(())
    }

    fn commit_group(&mut self) -> Result<(), Stop> {
        if self.engine.dialect() == Dialect::Postgres {
            if self.group.is_open() {
                self.send("COMMIT", Origin::Commit)?;
            }
            self.flush()?;
            self.group.set_closed();
        } else if let Err(cause) = self.group.commit(self.batch.connection) {
            let halt = Halt { origin: Origin::Commit, cause, with_commit: true };
            return Err(self.stop(halt));
        }
        self.batch.begin_anew();
        self.known.settle();
        self.tries = 0;
        self.busy_since = None;
        Ok(())
    }

    /// Compares the version table with what the plan rests on.
    ///
    /// Reading it each time would be quadratic; on SQLite a counter tells that nobody else has
    /// written, and on servers the statements of a revision compare for themselves.
    fn compare(&mut self) -> Result<Flow, Stop> {
        self.flush()?;
        if self.engine != Engine::Sqlite && self.is_guarded() && !self.group.is_open() {
            // Outside a transaction: whatever is done next compares anew.
            return Ok(Flow::On);
        }
        let counter = self.batch.connection.change_counter()?;
        if counter.is_some() && counter == self.seen {
            return Ok(Flow::On);
        }
        let found = bookkeeping::read_ids(self.batch.connection, self.ledger)?;
        if !self.known.is(&found) {
            return Ok(Flow::Moved);
        }
        self.seen = counter;
        self.watch.forget();
        Ok(Flow::On)
    }

    fn start(&mut self, unit: usize) -> Result<(), Stop> {
        self.heed()?;
        if self.told != Some(unit)
            && let Some(found) = self.script.units.get(unit)
        {
            (self.observe)(Event::Started(found));
            self.told = Some(unit);
        }
        self.is_closing = false;
        if self.engine == Engine::Sqlite {
            self.warn_of_attached(unit)?;
            self.watch.remember(self.batch.connection)?;
        } else {
            self.start_on_server(unit)?;
        }
        self.started = Instant::now();
        Ok(())
    }

    fn execute(&mut self, unit: usize, span: Span) -> Result<(), Stop> {
        let Some(found) = self.script.units.get(unit) else {
            return Ok(());
        };
        self.heed()?;
        let text = found.source.statement(span);
        let origin = Origin::Statement(unit, span);
        let alone = found.wrapping == Wrapping::None;
        let result =
            if alone { self.batch.run_alone(&text, origin) } else { self.batch.run(&text, origin) };
        result.map_err(|halt| self.stop(halt))?;
        if alone && (span.commits || !self.group.is_open()) {
            self.settle_note(true);
        } else if !self.batch.is_waiting() && self.group.is_lost(self.batch.connection) {
            // Procedures, RAISE(ROLLBACK) and the like can end it without an error.
            let fault = SqlFault::new("the statement ended the transaction");
            return Err(statement_failure(found, span, None, fault.into()).into());
        }
        Ok(())
    }

    /// Warns of a transaction over several files, which is none with a write-ahead log.
    fn warn_of_attached(&mut self, unit: usize) -> Result<(), DatabaseError> {
        let Some(unit) = self.script.units.get(unit) else {
            return Ok(());
        };
        if unit.attaches && unit.wrapping == Wrapping::Transaction {
            let mode = self.batch.connection.query("PRAGMA journal_mode")?;
            let mode = mode.into_iter().flatten().flatten().next().unwrap_or_default();
            if matches!(mode.as_str(), "wal" | "memory" | "off") {
                (self.observe)(Event::NotAtomic(unit));
            }
        }
        Ok(())
    }

    /// Stops if somebody asked to, or if the lock is known to be lost.
    fn heed(&self) -> Result<(), DatabaseError> {
        if self.batch.connection.interrupter().is_interrupted() {
            return Err(DatabaseError::Interrupted);
        }
        match self.setting.lock {
            Some(lock) if lock.is_lost() => Err(lock.lost()),
            Some(_) | None => Ok(()),
        }
    }

    fn finish(&mut self, unit: usize) -> Result<(), Stop> {
        if self.engine.dialect() == Dialect::Postgres && self.group.is_open() {
            if matches!(self.script.actions.get(self.at + 1), Some(Action::Commit)) {
                // Told when the message that holds it all has been answered.
                self.finishing = Some(unit);
                return Ok(());
            }
            self.flush()?;
        }
        self.tell_finished(unit);
        self.is_closing = true;
        Ok(())
    }

    fn tell_finished(&mut self, unit: usize) {
        let Some(unit) = self.script.units.get(unit) else {
            return;
        };
        let stamped = unit.operation == Operation::Stamp;
        let duration = if stamped { Duration::ZERO } else { self.started.elapsed() };
        (self.observe)(Event::Finished(unit, duration));
        self.done.push(Done {
            revision: unit.revision.clone(),
            operation: unit.operation,
            message: unit.message.clone(),
            duration,
        });
    }

    fn reset_session(&mut self) -> Result<(), Stop> {
        self.commit()?;
        self.batch.connection.reset()?;
        self.group.forget_session();
        self.timeouts = Timeouts::default();
        self.seen = None;
        if let Some(lock) = self.setting.lock.filter(|_| !self.batch.connection.keeps_locks()) {
            let observe = &mut *self.observe;
            let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
            lock.retake(self.batch.connection, self.setting.wait, waiting)?;
        }
        Ok(())
    }

    fn send(&mut self, text: &str, origin: Origin) -> Result<(), Stop> {
        self.batch.run(text, origin).map_err(|halt| self.stop(halt))
    }

    fn flush(&mut self) -> Result<(), Stop> {
        self.batch.flush().map_err(|halt| self.stop(halt))
    }

    /// Finds what a statement's failure means.
    fn stop(&self, halt: Halt) -> Stop {
        let Halt { origin, cause, with_commit } = halt;
        let code: &str = match &cause {
            DatabaseError::Sql(fault) => fault.code.as_deref().unwrap_or_default(),
            _ => "",
        };
        let is_lost = matches!(cause, DatabaseError::Lost { .. });
        match origin {
            Origin::Guard if code.starts_with(crate::ledger::Guard::FAILED) => Stop::Moved,
            Origin::Entry if code.starts_with(crate::ledger::Guard::FAILED) => Stop::Busy,
            // Somebody else has just recorded the same revision, or one at the same position.
            Origin::Record if code.starts_with("23505") || code.starts_with("1062") => Stop::Moved,
            _ if is_lost && with_commit => {
                let turn = self.done.len() - usize::from(self.is_closing);
                match self.script.units.get(turn) {
                    Some(unit) => {
                        Failure::Undecided { revision: unit.revision.clone(), cause }.into()
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
            Origin::Guard | Origin::Entry | Origin::Record | Origin::Commit | Origin::Own => {
                cause.into()
            }
        }
    }

    fn tell_notices(&mut self) {
        for notice in self.batch.connection.take_notices() {
            (self.observe)(Event::Notice(&notice));
        }
    }
}

fn statement_failure(
    unit: &Unit,
    span: Span,
    offset: Option<usize>,
    cause: DatabaseError,
) -> Failure {
    let place: Box<Place> = Box::new(unit.source.place(span, offset));
    Failure::Statement { place, statement: unit.source.written(span).to_owned(), cause }
}

impl Stop {
    fn into_failure(self) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            Self::Moved | Self::Busy => {
                let fault = SqlFault::new("another process has moved the database");
                Failure::Database(fault.into())
            }
        }
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<DatabaseError> for Stop {
    fn from(error: DatabaseError) -> Self {
        Self::Failure(error.into())
    }
}
