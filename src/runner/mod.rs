//! Executes scripts, and keeps the bookkeeping tables.
//!
//! What is committed is whole: a revision's statements and its row travel in one transaction.
//! Before each transaction's first statement the version table is compared with what the plan
//! rests on, inside that transaction; if another process has moved it, nothing is run.

mod again;
mod aside;
mod basis;
mod batch;
mod blame;
mod bookkeeping;
mod builds;
mod call;
mod end;
mod error;
mod foreign_keys;
mod group;
mod hidden;
mod ignored;
mod indexes;
mod keep;
mod known;
mod lasting;
mod lease;
mod lock;
mod lock_key;
mod notes;
mod server;
mod stream;
mod tables;
mod told;
mod transaction;
mod travel;
mod unit;
mod untouched;

use std::time::Instant;

use crate::config::Timeouts;
use crate::database::{Connection, DatabaseError, Engine, Interrupter, SqlFault, Waiting};
use crate::ledger::Ledger;
use crate::revision::RevisionId;
use crate::runner::aside::Session;
use crate::runner::basis::Basis;
use crate::runner::batch::Batch;
use crate::runner::group::Group;
use crate::runner::indexes::Indexes;
use crate::runner::notes::Notes;
use crate::runner::transaction::Others;
use crate::script::{Action, Script};
use crate::sql::Dialect;

pub use bookkeeping::{Glance, glance, read_down, read_rows, read_running, tables_sql};
pub use error::{Culprit, Failure, RunError, Standing};
pub use group::Pacing;
pub use hidden::read_hidden;
pub use indexes::left_by;
pub use lasting::read_lasting;
pub use lock::{Holder, Lock, Wanted, break_lease, lock_holder};
pub use tables::Tables;
pub use told::{Done, Event, Outcome, Setting, milliseconds};

/// Runs a script; its plan rests on what is applied, in the order in which it was applied.
pub fn run(
    connection: &mut dyn Connection,
    script: &Script,
    applied: Vec<RevisionId>,
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, Box<RunError>> {
    let mut run = Run::new(connection, script, Basis::new(applied), setting, observe);
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
                run.settle_moved();
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
    interrupter: Interrupter,
    script: &'a Script,
    ledger: &'a Ledger,
    setting: &'a Setting<'a>,
    observe: &'a mut dyn FnMut(Event<'_>),
    basis: Basis,
    /// The position of the row that was written last in the transaction that is open.
    position: Option<i64>,
    group: Group,
    indexes: Indexes,
    started: Instant,
    done: Vec<Done>,
    /// What is noted of the revision at hand, if it runs without a transaction.
    notes: Notes,
    /// What its script has done to the session.
    session: Session,
    /// The revision whose last statement is on its way together with its commit.
    finishing: Option<usize>,
    /// What the session was told of timeouts.
    timeouts: Timeouts,
    /// The action at hand.
    at: usize,
    /// The statement at hand of its unit, counted from none.
    statement: usize,
    /// Whether something stands that couldn't be rolled back.
    lasts: bool,
    /// Whether a statement that failed has left something that another try would meet.
    leaves: bool,
    /// The unit whose beginning was told last.
    told: Option<usize>,
    /// How many pieces of a large text were told to have run.
    progress: usize,
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
        basis: Basis,
        setting: &'a Setting<'a>,
        observe: &'a mut dyn FnMut(Event<'_>),
    ) -> Self {
        let engine = connection.engine();
        let pacing = if engine == Engine::Sqlite { setting.pacing } else { Pacing::Each };
        Self {
            interrupter: connection.interrupter(),
            batch: Batch::new(connection, engine.dialect() == Dialect::Postgres),
            engine,
            script,
            ledger: setting.ledger,
            setting,
            observe,
            basis,
            position: None,
            group: Group::new(pacing),
            indexes: Indexes::default(),
            started: Instant::now(),
            done: Vec::new(),
            notes: Notes::default(),
            session: Session::default(),
            finishing: None,
            timeouts: Timeouts::default(),
            at: 0,
            statement: 0,
            lasts: false,
            leaves: false,
            told: None,
            progress: 0,
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
                let clock = self.setting.clock;
                if !bookkeeping::ensure(connection, ledger, clock, entry.as_deref(), waiting)? {
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
                return self.compare(Others::Unasked);
            }
            Action::Start(unit) => self.start(*unit)?,
            Action::Execute { unit, first, count } => self.execute(*unit, *first, *count)?,
            Action::SetAgain { unit, statements } => self.set_again(*unit, statements)?,
            Action::Call(unit) => self.call(*unit)?,
            Action::CheckForeignKeys => self.check_keys()?,
            Action::Tidy(unit) => self.tidy_session(*unit)?,
            Action::Keep(change) => return self.keep(change),
            Action::CommitNotes => self.commit_notes()?,
            Action::Finish(unit) => self.finish(*unit)?,
            Action::Commit => self.close()?,
            Action::ResetSession => self.reset_session()?,
        }
        Ok(Flow::On)
    }
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
