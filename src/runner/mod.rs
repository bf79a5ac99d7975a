//! Executes scripts, and keeps the bookkeeping tables.
//!
//! Commits are atomic: a revision's statements and its row are one transaction. Before each
//! transaction's first statement the version table is compared with the plan's assumptions, inside
//! that transaction; if another process has changed it, nothing is run.
//!
//! `Run` is the state of every run. An engine's strategy for running revisions in transactions is a
//! `Course`: `Grouped` on SQLite, `Messages` on PostgreSQL, `Direct` on MySQL. A revision that no
//! transaction can hold is `Noted`; its record is written in a transaction of the course.

mod again;
mod applied_log;
mod aside;
mod blame;
mod bookkeeping;
mod builds;
mod call;
mod course;
mod direct;
mod end;
mod error;
mod events;
mod foreign_keys;
mod grouped;
mod hidden;
mod ignored;
mod indexes;
mod lasting;
mod lease;
mod lock;
mod lock_key;
mod messages;
mod noted;
mod notes;
mod pipeline;
mod run;
mod tables;
mod timeouts;
mod transaction;
mod unit;
mod unit_progress;
mod untouched;

use crate::database::Connection;
use crate::revision::RevisionId;
use crate::runner::applied_log::Assumptions;
use crate::runner::aside::Session;
use crate::runner::course::{Course, Origin};
use crate::runner::direct::Direct;
use crate::runner::grouped::Grouped;
use crate::runner::indexes::Indexes;
use crate::runner::lease::Lease;
use crate::runner::lock_key::Key;
use crate::runner::messages::Messages;
use crate::runner::noted::Noted;
use crate::runner::notes::Notes;
use crate::runner::pipeline::Pipelined;
use crate::runner::run::{Flow, Run, Stop, Tries};
use crate::runner::transaction::{Committed, Transaction};
use crate::runner::unit_progress::UnitProgress;
use crate::script::{Action, Keep, Script};
use crate::sql::Dialect;

pub use bookkeeping::{Snapshot, read_down, read_rows, read_running, read_snapshot, tables_sql};
pub use error::{Culprit, Failure, RunError, Standing};
pub use events::{Done, Event, Outcome, Setting, milliseconds};
pub use grouped::Pacing;
pub use hidden::read_hidden;
pub use indexes::left_by;
pub use lasting::read_lasting;
pub use lock::{Holder, Lock, Wanted, break_lease, lock_holder};
pub use tables::Tables;

/// Runs a script, whose plan is based on the applied revisions in the order of application.
pub fn run(
    connection: &mut dyn Connection,
    script: &Script,
    applied: Vec<RevisionId>,
    setting: &Setting<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Outcome, Box<RunError>> {
    let basis = Assumptions::new(applied);
    let mut runner = Runner::new(Run::new(connection, script, basis, setting, observe));
    while let Some(action) = script.actions.get(runner.run.at) {
        let step = runner.act(action);
        runner.run.tell_notices();
        match step.or_else(|stop| runner.again(stop)) {
            Ok(Flow::On) => runner.run.at += 1,
            Ok(Flow::Again(start)) => runner.run.at = start,
            Ok(Flow::Moved) => {
                runner.undo();
                runner.settle_moved();
                runner.tidy_up();
                return Ok(Outcome::Moved(runner.run.done));
            }
            Err(failure) => return runner.fail(failure),
        }
    }
    match runner.commit() {
        Ok(()) => {
            runner.tidy_up();
            Ok(Outcome::Complete(runner.run.done))
        }
        Err(stop) => runner.fail(stop.into_failure()),
    }
}

/// A run, and the courses of its revisions.
struct Runner<'a> {
    run: Run<'a>,
    course: Box<dyn Course>,
    noted: Noted,
}

impl<'a> Runner<'a> {
    fn new(run: Run<'a>) -> Self {
        let course: Box<dyn Course> = match run.dialect() {
            Dialect::Sqlite => Box::new(Grouped::new(run.setting.pacing)),
            Dialect::Postgres => Box::new(Messages::default()),
            Dialect::MySql => Box::new(Direct),
        };
        Self { run, course, noted: Noted::default() }
    }
}

impl Runner<'_> {
    fn act(&mut self, action: &Action) -> Result<Flow, Stop> {
        let Self { run, course, noted } = self;
        match action {
            Action::EnsureTables => run.ensure_tables()?,
            Action::ForeignKeys(keys) => {
                if course.changes_keys(*keys) {
                    self.commit()?;
                    self.course.set_keys(&mut self.run, *keys)?;
                }
            }
            Action::Begin => {
                run.start_at = run.at;
                return course.begin(run);
            }
            Action::Compare => {
                self.commit()?;
                self.run.start_at = self.run.at;
                return self.course.stand_alone(&mut self.run);
            }
            Action::Start(unit) => self.start(*unit)?,
            Action::Execute { unit, first, count } => self.execute(*unit, *first, *count)?,
            Action::SetAgain { unit, statements } => noted.set_again(run, *unit, statements)?,
            Action::Call(unit) => {
                course.expose(run)?;
                run.call(*unit)?;
            }
            Action::CheckForeignKeys => run.check_keys()?,
            Action::Tidy(unit) => noted.tidy(run, &mut **course, *unit)?,
            Action::Keep(change) => return self.keep(change),
            Action::CommitNotes => self.commit_transaction()?,
            Action::Finish(unit) => course.finish(run, *unit)?,
            Action::Commit => self.close()?,
            Action::ResetSession => self.reset_session()?,
        }
        Ok(Flow::On)
    }

    /// Changes the bookkeeping tables.
    fn keep(&mut self, change: &Keep) -> Result<Flow, Stop> {
        let Self { run, course, noted } = self;
        let ledger = run.setting.ledger;
        match change {
            Keep::BeginRunning { before, note } => {
                return noted.begin(run, before.as_deref(), note);
            }
            Keep::NoteRunning(note) => {
                course.flush(run)?;
                noted.advance(run, note)?;
            }
            Keep::Record(entry) => {
                course.record(run, entry)?;
                run.basis.known.add(&entry.revision);
            }
            Keep::Accept(entry) => course.statement(run, &ledger.update(entry), Origin::Own)?,
            Keep::Erase(revision) => {
                course.erase(run, revision.as_str())?;
                run.basis.known.remove(revision.as_str());
            }
            Keep::EraseAll => {
                course.statement(run, &ledger.delete_all(), Origin::Own)?;
                run.basis.known.clear();
            }
            Keep::EndRunning(_) if run.engine().passes_notes_on() => {}
            Keep::EndRunning(revision) => {
                let text = ledger.end_running(revision.as_str());
                course.statement(run, &text, Origin::Own)?;
            }
            Keep::EndAllRunning => {
                course.statement(run, &ledger.end_all_running(), Origin::Own)?;
            }
        }
        Ok(Flow::On)
    }

    /// Closes the open revision, and commits if it is time.
    fn close(&mut self) -> Result<(), Stop> {
        if self.course.close(&mut self.run)? {
            self.commit_transaction()?;
            self.run.closed = self.run.done.len();
            self.run.committed = self.run.closed;
        }
        self.run.is_closing = false;
        Ok(())
    }

    /// Commits the closed revisions.
    fn commit(&mut self) -> Result<(), Stop> {
        self.commit_transaction()?;
        self.run.committed = self.run.closed;
        Ok(())
    }

    fn commit_transaction(&mut self) -> Result<(), Stop> {
        let committed = self.course.commit(&mut self.run)?;
        self.noted.notes.commit(&committed, self.run.engine());
        self.run.basis.known.settle();
        self.run.tries = Tries::default();
        Ok(())
    }
}
