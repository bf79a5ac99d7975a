//! A run: its script, its progress, and the operations that every course needs.

use std::collections::BTreeSet;
use std::time::Instant;

use crate::database::{Connection, DatabaseError, Engine, Interrupter, SqlFault, Waiting};
use crate::ledger::{Elapsed, Entry, Expected, Guard, Recorded, Running};
use crate::place::Place;
use crate::plan::Operation;
use crate::revision::{RevisionId, Wrapping};
use crate::runner::{
    Assumptions, Committed, Done, Event, Failure, Lock, Origin, Setting, Transaction, UnitProgress,
    bookkeeping,
};
use crate::script::{Action, Keep, Script, Span, Text, Unit};
use crate::sql::Dialect;

/// How often a statement of this program is run again that an interrupt for another one has
/// stopped.
const MOST_TRIES: u32 = 5;

/// The continuation after an action.
pub(super) enum Flow {
    /// The next action follows.
    On,
    /// An earlier action follows: what was done since was undone, and may well succeed now.
    Again(usize),
    /// None: another process has changed the version table.
    Moved,
}

/// The reasons why an action didn't complete.
pub(super) enum Stop {
    Failure(Failure),
    /// Another process has changed the version table.
    Moved,
    /// Another process holds the lock of transactions.
    Busy,
}

/// A script being run, and its progress.
pub(super) struct Run<'a> {
    /// The connection; pending statements of a course have to be sent before other uses.
    pub(super) connection: &'a mut dyn Connection,
    pub(super) interrupter: Interrupter,
    pub(super) script: &'a Script,
    pub(super) setting: &'a Setting<'a>,
    pub(super) observe: &'a mut dyn FnMut(Event<'_>),
    pub(super) basis: Assumptions,
    /// The index of the current action.
    pub(super) at: usize,
    /// The action to restart from after a rollback.
    pub(super) start_at: usize,
    pub(super) turn: UnitProgress,
    pub(super) transaction: Transaction,
    pub(super) tries: Tries,
    pub(super) done: Vec<Done>,
    /// How many of `done` are complete: they stand if their transaction is committed.
    pub(super) closed: usize,
    /// How many of `done` are committed.
    pub(super) committed: usize,
    /// Whether the last of `done` is being closed: a failure now is its fault.
    pub(super) is_closing: bool,
}

/// The failed tries of a transaction.
#[derive(Debug, Default)]
pub(super) struct Tries {
    /// The number of conflicts with others.
    pub(super) count: u32,
    /// Since when another process has held the lock of transactions.
    pub(super) busy_since: Option<Instant>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        connection: &'a mut dyn Connection,
        script: &'a Script,
        basis: Assumptions,
        setting: &'a Setting<'a>,
        observe: &'a mut dyn FnMut(Event<'_>),
    ) -> Self {
        Self {
            interrupter: connection.interrupter(),
            connection,
            script,
            setting,
            observe,
            basis,
            at: 0,
            start_at: 0,
            turn: UnitProgress::new(),
            transaction: Transaction::default(),
            tries: Tries::default(),
            done: Vec::new(),
            closed: 0,
            committed: 0,
            is_closing: false,
        }
    }

    pub(super) fn unit(&self, number: usize) -> Option<&'a Unit> {
        self.script.units.get(number)
    }

    pub(super) fn text(&self, number: usize) -> Result<Option<Text<'a>>, Failure> {
        let text = self.unit(number).map(|unit| unit.source.open());
        Ok(text.transpose()?)
    }

    /// Returns the unit of the transaction about to be opened, or the one begun last.
    pub(super) fn unit_at_hand(&self) -> Option<&'a Unit> {
        let actions = self.script.actions.get(self.at..).unwrap_or_default();
        match actions {
            [Action::Begin | Action::Compare, Action::Start(unit), ..] => self.unit(*unit),
            _ => self.unit(self.turn.unit),
        }
    }

    /// Returns the number of the first unit that isn't known to be done.
    pub(super) fn turn(&self) -> usize {
        self.done.len() - usize::from(self.is_closing)
    }
}

impl Run<'_> {
    pub(super) fn engine(&self) -> Engine {
        self.connection.engine()
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    /// Creates the bookkeeping tables, or evolves them to the latest version.
    pub(super) fn ensure_tables(&mut self) -> Result<(), Stop> {
        let entry = self.setting.lock.and_then(Lock::entry);
        let observe = &mut *self.observe;
        let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
        let Setting { ledger, clock, .. } = self.setting;
        if bookkeeping::ensure(self.connection, ledger, *clock, entry.as_deref(), waiting)? {
            return Ok(());
        }
        self.start_at = self.at;
        Err(Stop::Busy)
    }

    /// Stops if the user asked to, or if the lock is known to be lost.
    pub(super) fn heed(&self) -> Result<(), DatabaseError> {
        if self.interrupter.is_interrupted() {
            return Err(DatabaseError::Interrupted);
        }
        match self.setting.lock {
            Some(lock) if lock.is_lost() => Err(lock.lost()),
            Some(_) | None => Ok(()),
        }
    }

    /// Tells whether the script goes from revision to revision; a stamp changes the record as a
    /// whole.
    fn steps(&self) -> bool {
        self.unit(0).is_some_and(|it| it.operation != Operation::Stamp)
    }

    /// Tells whether each revision's statements include a guard; a stamp compares the whole table
    /// instead.
    pub(super) fn is_guarded(&self) -> bool {
        !self.engine().excludes_writers() && self.steps()
    }

    /// Returns the content of the version table that a unit requires.
    pub(super) fn expected(&self, unit: &Unit) -> Expected {
        let is_up = unit.operation == Operation::Upgrade;
        Expected {
            last: self.basis.known.last().map(str::to_owned),
            applied: unit.needs.iter().map(RevisionId::to_string).collect(),
            missing: is_up.then(|| unit.revision.to_string()),
        }
    }

    pub(super) fn lock_condition(&self) -> Option<String> {
        self.setting.lock.and_then(Lock::condition)
    }

    /// Returns the values to record of a revision beside those of its files.
    pub(super) fn recorded(
        &self,
        entry: &Entry,
        position: Option<i64>,
        duration: Elapsed,
    ) -> Recorded {
        Recorded {
            position,
            applied_at: Some(self.setting.clock.timestamp()),
            applied_by: self.setting.applied_by.to_owned(),
            duration: if entry.operation == Operation::Stamp { Elapsed::Unknown } else { duration },
        }
    }

    pub(super) fn begin(&mut self) -> Result<(), DatabaseError> {
        let observe = &mut *self.observe;
        self.connection.begin(&mut |waiting: &Waiting| observe(Event::Waiting(waiting)))?;
        self.transaction.set_open();
        Ok(())
    }

    pub(super) fn commit(&mut self) -> Result<Committed, Stop> {
        if self.transaction.is_open()
            && let Err(cause) = self.connection.commit()
        {
            let cause = self.explain_commit(cause);
            return Err(self.stop(Origin::Commit, cause, 1));
        }
        Ok(self.transaction.set_committed())
    }

    pub(super) fn execute(&mut self, text: &str, origin: Origin) -> Result<(), Stop> {
        let result = self.connection.execute(text);
        result.map_err(|cause| self.stop(origin, cause, 0))
    }

    /// Runs an operation that can be repeated, again if an interrupt for the previous statement
    /// stopped it.
    pub(super) fn undisturbed<T, E: Interruptible>(
        &mut self,
        mut ask: impl FnMut(&mut dyn Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tries = 1;
        loop {
            match ask(self.connection) {
                Err(error) if error.is_interrupted() && tries < MOST_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    /// Tells whether the transaction is gone although a revision is open in it.
    pub(super) fn is_lost(&self) -> bool {
        self.transaction.is_open() && !self.connection.in_transaction()
    }

    /// Compares the version table with the plan's assumptions.
    ///
    /// Reading it each time would be quadratic; on SQLite a counter shows that nobody else has
    /// written, and on servers the statements of a revision include the comparison.
    pub(super) fn compare(&mut self) -> Result<Flow, Stop> {
        self.compare_and(|_| Ok(false))
    }

    /// Compares, and checks that no unexpected revision is running without a transaction: it locks
    /// nothing between its statements, and its row changes only at its end.
    pub(super) fn compare_alone(&mut self) -> Result<Flow, Stop> {
        self.compare_and(Self::meets_others)
    }

    fn compare_and(
        &mut self,
        is_moved: impl FnOnce(&mut Self) -> Result<bool, Failure>,
    ) -> Result<Flow, Stop> {
        let counter = self.connection.change_counter()?;
        if counter.is_some() && counter == self.basis.seen {
            return Ok(Flow::On);
        }
        let found: BTreeSet<String> = bookkeeping::read_ids(self.connection, self.setting.ledger)?;
        if !self.basis.known.is(&found) || is_moved(self)? {
            return Ok(Flow::Moved);
        }
        self.basis.seen = counter;
        self.basis.watch.forget();
        Ok(Flow::On)
    }

    fn meets_others(&mut self) -> Result<bool, Failure> {
        // A stamp declares the state of the database, even after a partial run.
        if !self.steps() {
            return Ok(false);
        }
        let found = bookkeeping::read_running(self.connection, self.setting.ledger)?;
        let own = self.unit_at_hand().filter(|unit| unit.wrapping == Wrapping::None);
        let is_noted = |it: &Running| own.is_some_and(|unit| unit.revision == it.revision);
        let is_resumed = |it: &Running| {
            self.script.actions.iter().any(|action| {
                matches!(action, Action::Keep(Keep::BeginRunning { before: Some(before), .. })
                    if **before == *it)
            })
        };
        Ok(found.iter().any(|it| !is_noted(it) && !is_resumed(it)))
    }

    /// Interprets the failure of a statement, given the number of commits sent with it: its
    /// revision's, and those of revisions behind it.
    pub(super) fn stop(&self, origin: Origin, cause: DatabaseError, commits: u32) -> Stop {
        let code = if let DatabaseError::Sql(fault) = &cause {
            fault.code.as_deref().unwrap_or_default()
        } else {
            ""
        };
        let is_lost = matches!(cause, DatabaseError::Lost { .. });
        // The commit comes last: if the server reports a stop before it, nothing was committed.
        let is_before = matches!(cause, DatabaseError::Lost { is_told: true, .. })
            && !matches!(origin, Origin::Commit);
        match origin {
            Origin::Guard if code.starts_with(Guard::FAILED) => Stop::Moved,
            Origin::Entry if code.starts_with(Guard::FAILED) => Stop::Busy,
            // Another process has just recorded the same revision, or one at the same position.
            Origin::Record if code.starts_with("23505") || code.starts_with("1062") => Stop::Moved,
            _ if is_lost && commits > 0 && !is_before => match self.unit(self.turn()) {
                Some(unit) => {
                    let revision = unit.revision.clone();
                    Failure::Undecided { revision, others: commits - 1, cause }.into()
                }
                None => cause.into(),
            },
            Origin::Statement(unit, span) => match self.unit(unit) {
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

/// Returns the failure of a statement, with its place.
pub(super) fn statement_failure(
    unit: &Unit,
    span: Span,
    offset: Option<usize>,
    cause: DatabaseError,
) -> Failure {
    match unit.source.open() {
        Ok(text) => {
            let place: Box<Place> = Box::new(text.place(span, offset));
            Failure::Statement { place, statement: text.written(span).to_owned(), cause }
        }
        // The file is gone since it ran; the database's error matters more.
        Err(_) => Failure::Database(cause),
    }
}

/// An error that can be a mere interrupt.
pub(super) trait Interruptible {
    fn is_interrupted(&self) -> bool;
}

impl Interruptible for DatabaseError {
    fn is_interrupted(&self) -> bool {
        *self == Self::Interrupted
    }
}

impl Interruptible for Failure {
    fn is_interrupted(&self) -> bool {
        matches!(self, Self::Database(DatabaseError::Interrupted))
    }
}

impl Stop {
    pub(super) fn into_failure(self) -> Failure {
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
