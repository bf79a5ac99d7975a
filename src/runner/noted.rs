//! A revision that no transaction holds: each statement stands by itself, and is noted before and
//! after it runs. The revision's record is written in a transaction of the engine's course.

use crate::config::Timeouts;
use crate::database::{DatabaseError, Engine, SqlFault};
use crate::ledger::Running;
use crate::plan::Operation;
use crate::revision::Wrapping;
use crate::runner::bookkeeping::read_running;
use crate::runner::lasting::{beginnings, may_stop_midway};
use crate::runner::run::{Flow, Run, Stop, statement_failure};
use crate::runner::timeouts::of_session;
use crate::runner::{Course, Failure, Indexes, Lock, Notes, Origin, Session, Standing};
use crate::script::print::TIDY;
use crate::script::{Note, Span, Unit};
use crate::sql::{Dialect, quote_literal};

/// The state of a revision that no transaction holds, and of its session.
#[derive(Debug, Default)]
pub(super) struct Noted {
    pub(super) notes: Notes,
    /// The changes that the script has made to the session.
    pub(super) session: Session,
    /// The indexes that were invalid before.
    pub(super) indexes: Indexes,
    /// The time limits set in the session.
    timeouts: Timeouts,
    /// Whether changes stand that couldn't be rolled back.
    pub(super) lasts: bool,
    /// Whether a failed statement has left something that a retry would meet.
    pub(super) leaves: bool,
}

impl Noted {
    /// Starts a revision: the time limits are set for the session, since there is no transaction.
    pub(super) fn start(&mut self, run: &mut Run<'_>, number: usize) -> Result<(), Stop> {
        let Some(unit) = run.unit(number).filter(|it| it.operation != Operation::Stamp) else {
            return Ok(());
        };
        let is_bare = unit.wrapping == Wrapping::None;
        match run.dialect() {
            Dialect::Sqlite => {}
            Dialect::Postgres if !is_bare => {}
            Dialect::Postgres => {
                self.set_timeouts(run, unit.timeouts)?;
                if let Some(text) = run.text(number)? {
                    self.indexes.remember(run.connection, unit, &text)?;
                }
            }
            Dialect::MySql => self.set_timeouts(run, unit.timeouts)?,
        }
        Ok(())
    }

    /// Sets the session's time limits, unless they are the same already.
    fn set_timeouts(&mut self, run: &mut Run<'_>, wanted: Timeouts) -> Result<(), DatabaseError> {
        if wanted == self.timeouts {
            return Ok(());
        }
        for statement in of_session(run.engine(), wanted) {
            run.connection.execute(&statement)?;
        }
        self.timeouts = wanted;
        Ok(())
    }

    pub(super) fn forget_session(&mut self) {
        self.session = Session::default();
        self.timeouts = Timeouts::default();
    }

    /// Notes the start of a revision, unless another process was faster.
    pub(super) fn begin(
        &mut self,
        run: &mut Run<'_>,
        before: Option<&Running>,
        note: &Note,
    ) -> Result<Flow, Stop> {
        let begun_at = run.setting.clock.timestamp();
        if run.dialect() == Dialect::MySql {
            return self.take_over(run, before, note, &begun_at);
        }
        let ledger = run.setting.ledger;
        run.begin()?;
        run.basis.seen = None;
        if let Some(entry) = run.setting.lock.and_then(Lock::entry) {
            run.execute(&ledger.insist(&entry), Origin::Entry)?;
        }
        let found = read_running(run.connection, ledger)?;
        if !found.iter().eq(before) || matches!(run.compare()?, Flow::Moved) {
            run.connection.rollback()?;
            run.transaction.set_ended();
            return Ok(Flow::Moved);
        }
        if let Some(lock) = run.setting.lock {
            lock.prove(run.connection)?;
        }
        // The indexes that were invalid before the first try stay noted until there is another
        // build.
        let before = before.filter(|it| it.done == note.now.done);
        let noted = before.and_then(|it| it.catalog.as_deref());
        let noted = noted.filter(|_| run.engine() == Engine::Postgres);
        let noted = noted.map(|it| quote_literal(it, Dialect::Postgres));
        let catalog = noted.as_deref().or(note.catalog.as_deref());
        run.connection.execute(&ledger.begin_running(&note.now, &begun_at, catalog))?;
        run.connection.commit()?;
        run.transaction.set_ended();
        self.notes.begin(&note.now);
        if let Some(before) = before {
            self.clear_cut_off(run, before);
        }
        Ok(Flow::On)
    }

    /// Claims the only row of progress atomically (MySQL).
    fn take_over(
        &mut self,
        run: &mut Run<'_>,
        before: Option<&Running>,
        note: &Note,
        begun_at: &str,
    ) -> Result<Flow, Stop> {
        let leftover = self.notes.take_leftover();
        let before = before.or(leftover.as_deref());
        let ledger = run.setting.ledger;
        let expected = run.unit_at_hand().map(|unit| run.expected(unit)).unwrap_or_default();
        let guard = ledger.guard(&expected, run.lock_condition().as_deref());
        let catalog = note.catalog.as_deref();
        let text = ledger.take_running(&note.now, before, begun_at, catalog, Some(&guard));
        match run.connection.change(&text) {
            Ok(1) => {}
            Ok(_) => return Ok(Flow::Moved),
            Err(DatabaseError::Sql(fault)) if is_duplicate(&fault) => return Ok(Flow::Moved),
            Err(error) => return Err(error.into()),
        }
        self.notes.begin(&note.now);
        Ok(Flow::On)
    }

    /// Notes the progress of the revision.
    pub(super) fn advance(&mut self, run: &mut Run<'_>, note: &Note) -> Result<(), Stop> {
        let (ledger, also) = (run.setting.ledger, run.lock_condition());
        let text = ledger.note_running(&note.now, note.catalog.as_deref(), also.as_deref());
        let condition = ledger.is_noted(note.now.revision.as_str(), also.as_deref());
        let changed = match self.session.change_aside(run, &text, &condition) {
            Err(DatabaseError::Sql(fault)) if !fault.is_transient => {
                return Err(unnoted(run, &note.now, (*fault).into()).into());
            }
            changed => changed?,
        };
        // Another process may be running the revision by now.
        if let Some(lock) = run.setting.lock.filter(|_| !changed) {
            return Err(lock.lost().into());
        }
        // A script without a transaction can have opened one of its own.
        let is_within = run.transaction.is_open() || run.connection.in_transaction();
        self.notes.advance(&note.now, is_within);
        Ok(())
    }

    pub(super) fn statement(
        &mut self,
        run: &mut Run<'_>,
        text: &str,
        unit: usize,
        span: Span,
    ) -> Result<(), Stop> {
        let result = if !span.is_locked && (span.lasts || may_stop_midway(run, text)) {
            self.run_undivided(run, text)
        } else {
            let result = run.connection.execute(text);
            // A transaction would release the locks.
            self.lasts |= span.lasts && matches!(result, Err(DatabaseError::Sql(_)));
            result
        };
        result.and_then(|()| self.check_index(run, text)).map_err(|cause| {
            let cause = self.clear_away(run, text, cause);
            run.stop(Origin::Statement(unit, span), cause, 0)
        })
    }

    /// Checks whether a finished statement left an invalid index. A late interrupt may meet this
    /// check, which is no failure of the statement.
    fn check_index(&mut self, run: &mut Run<'_>, text: &str) -> Result<(), DatabaseError> {
        let checked = run.undisturbed(|connection| self.indexes.check(connection, text));
        if matches!(checked, Err(DatabaseError::Interrupted)) {
            self.notes.set_unknown();
        }
        checked
    }

    /// Counts finished statements whose effects are committed.
    pub(super) fn count_done(&mut self, run: &mut Run<'_>, last: Span, count: usize) {
        let stands_alone = last.commits || !run.transaction.is_open();
        if stands_alone && !run.connection.in_transaction() {
            self.notes.set_done(count);
            run.transaction.set_ended();
        }
    }

    /// Undoes a script's changes to its session, before the bookkeeping is written.
    pub(super) fn tidy(
        &mut self,
        run: &mut Run<'_>,
        course: &mut dyn Course,
        unit: usize,
    ) -> Result<(), Stop> {
        let Some(unit) = run.unit(unit) else { return Ok(()) };
        if run.dialect() != Dialect::Postgres {
            if unit.leaves_traces {
                self.session.tidy(run, unit)?;
            }
            return Ok(());
        }
        // A header's limits for a script outside a transaction were set in the session.
        let was_told = std::mem::take(&mut self.timeouts) != Timeouts::default();
        // Where it is in a message with the rest it costs nothing.
        if !(unit.leaves_traces || was_told || run.transaction.is_open()) {
            return Ok(());
        }
        for statement in tidying(run.engine()) {
            course.statement(run, statement, Origin::Own)?;
        }
        if let Some(statement) = run.setting.lock.and_then(Lock::watch) {
            course.statement(run, statement, Origin::Own)?;
        }
        Ok(())
    }

    /// Undoes a failed script's changes to its session, so that its progress can be noted.
    pub(super) fn tidy_failed(&mut self, run: &mut Run<'_>, unit: &Unit) {
        // Changes that can't be rolled back are found where progress is noted.
        match run.dialect() {
            Dialect::MySql | Dialect::Sqlite => drop(self.session.tidy(run, unit)),
            Dialect::Postgres if unit.leaves_traces => {
                for statement in tidying(run.engine()) {
                    drop(run.connection.execute(statement));
                }
            }
            Dialect::Postgres => {}
        }
    }

    /// Determines what a failed statement has committed all the same: everything before it,
    /// including the note that announces it. An error carries no status, so the note itself is
    /// queried.
    ///
    /// If the query fails, both are unknown.
    pub(super) fn settle_failed(&mut self, run: &mut Run<'_>) {
        let Some(note) = self.notes.open().cloned() else { return };
        let ledger = run.setting.ledger;
        self.lasts |= run.connection.take_back();
        // Without a rollback these changes would look committed.
        let found = run
            .undisturbed(|connection| connection.rollback())
            .and_then(|()| self.session.step_aside(run.connection))
            .map_err(Into::into)
            .and_then(|()| run.undisturbed(|connection| read_running(connection, ledger)))
            .and_then(|found| Ok(self.session.step_back(run.connection).map(|()| found)?));
        let is_note = |running: &Running| {
            running.revision == note.revision
                && (running.begun, running.done) == (note.begun, note.done)
        };
        match found {
            Ok(found) if found.iter().any(is_note) => {
                self.notes.settle_open();
                run.transaction.set_ended();
            }
            Ok(_) => self.notes.roll_back(),
            Err(_) => {
                self.notes.roll_back();
                self.notes.set_unknown();
            }
        }
    }

    /// Notes the progress of the failed revision, and tells what stands.
    ///
    /// If nothing does, the note is deleted.
    pub(super) fn note_failed(&mut self, run: &mut Run<'_>, unit: usize) -> Standing {
        let Some(mut row) = self.notes.row().cloned() else {
            // It failed before its first note, and so before its first statement.
            return Standing::Nothing;
        };
        let is_over = run.undisturbed(|connection| connection.rollback()).is_ok();
        if self.notes.is_unknown() || !is_over {
            return Standing::Unknown;
        }
        let done = self.notes.done();
        let digest = if done == row.begun {
            Some(row.begun_digest.clone())
        } else if done == row.done {
            Some(row.done_digest.clone())
        } else {
            run.unit(unit).and_then(beginnings).and_then(|all| all.get(done).cloned())
        };
        let Some(digest) = digest else { return Standing::Unknown };
        let ledger = run.setting.ledger;
        let has_left = self.notes.has_left();
        if !has_left && let Some(untouched) = self.untouched(run, unit, done) {
            let text = untouched.end_note(ledger);
            // If even that fails, the previous note stays, which is safe.
            let _result = run.undisturbed(|connection| connection.change(&text));
            return Standing::Nothing;
        }
        (row.begun, row.done) = (done, done);
        (row.begun_digest, row.done_digest) = (digest.clone(), digest);
        row.process.clear();
        // The indexes noted as invalid before show what the statement has left.
        let catalog = has_left.then_some("catalog");
        let text = ledger.note_running(&row, catalog, run.lock_condition().as_deref());
        match run.undisturbed(|connection| connection.change(&text)) {
            Ok(_) => Standing::Part,
            Err(_) => Standing::Unknown,
        }
    }
}

/// Returns the statements that reset a PostgreSQL session. Only PostgreSQL itself allows a change
/// of the session's user.
fn tidying(engine: Engine) -> impl Iterator<Item = &'static str> {
    TIDY.iter().copied().skip(usize::from(engine != Engine::Postgres))
}

/// Finds the place of the statement that could not be announced. Where a privilege on our table is
/// missing, no statement is to blame.
fn unnoted(run: &Run<'_>, now: &Running, cause: DatabaseError) -> Failure {
    let is_denied = |code: &str| code == "42501" || code.starts_with("1142 ");
    let is = |fault: &SqlFault| fault.code.as_deref().is_some_and(is_denied);
    if matches!(&cause, DatabaseError::Sql(fault) if is(fault)) {
        return cause.into();
    }
    let unit = run.unit_at_hand().filter(|unit| unit.revision == now.revision);
    let first = u32::try_from(now.done).unwrap_or(u32::MAX);
    match unit.and_then(|unit| Some((unit, *unit.spans_of(first, 1).first()?))) {
        Some((unit, span)) => statement_failure(unit, span, None, cause),
        None => cause.into(),
    }
}

fn is_duplicate(fault: &SqlFault) -> bool {
    fault.code.as_deref().is_some_and(|code| code.starts_with("1062"))
}
