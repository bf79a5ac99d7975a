//! A revision in a run: start, execution, and the session it leaves.

use std::time::Instant;

use crate::database::{SqlFault, Waiting};
use crate::revision::{RevisionError, Wrapping};
use crate::runner::run::{Stop, statement_failure};
use crate::runner::{Event, Failure, Lock, Origin, Runner};
use crate::script::{Span, Unit};

impl Runner<'_> {
    pub(super) fn start(&mut self, unit: usize) -> Result<(), Stop> {
        let Self { run, course, noted } = self;
        run.heed()?;
        // A revision that waits for others is reported in its turn.
        if !course.is_behind() {
            run.tell_started(unit);
        }
        run.is_closing = false;
        run.turn.begin(unit);
        course.start(run, unit)?;
        noted.start(run, unit)?;
        run.turn.started = Instant::now();
        Ok(())
    }

    pub(super) fn execute(&mut self, unit: u32, first: u32, count: u32) -> Result<(), Stop> {
        let number = unit as usize;
        let Some(unit) = self.run.unit(number) else { return Ok(()) };
        if self.stream(number, unit)? {
            return Ok(());
        }
        let Some(text) = self.run.text(number)? else { return Ok(()) };
        let total = text.as_str().len() as u64;
        for (at, span) in (first as usize..).zip(unit.spans_of(first, count)) {
            self.run.turn.statement = at;
            self.execute_one(number, unit, &text.statement(*span), *span)?;
            if unit.wrapping == Wrapping::None {
                self.noted.count_done(&mut self.run, *span, at + 1);
            }
            self.run.tell_notices();
            self.run.tell_progress(number, span.range().end, total);
        }
        if unit.ends_with(first, count) {
            self.run.tell_progress_to_end(number, total);
        }
        Ok(())
    }

    /// Runs a large unit's statements as its file is read; tells whether the unit is such.
    ///
    /// An edit since the check is found before any of the edited text runs, while the transaction
    /// is still open.
    fn stream(&mut self, number: usize, unit: &Unit) -> Result<bool, Stop> {
        let Some(mut stream) = unit.source.stream().map_err(Failure::from)? else {
            return Ok(false);
        };
        let total = stream.length();
        while stream.advance().map_err(Failure::from)? {
            for found in stream.statements() {
                let Ok(found) = found else {
                    let path = unit.source.file().to_path_buf();
                    return Err(Failure::from(RevisionError::Changed { path }).into());
                };
                let span = Span::new(found.offset, found.text);
                self.execute_one(number, unit, found.text, span)?;
                self.run.tell_notices();
                self.run.tell_progress(number, span.range().end, total);
            }
        }
        self.run.tell_progress_to_end(number, total);
        Ok(true)
    }

    /// Runs one statement of a unit, with variables filled in.
    fn execute_one(
        &mut self,
        number: usize,
        unit: &Unit,
        text: &str,
        span: Span,
    ) -> Result<(), Stop> {
        let Self { run, course, noted } = self;
        run.heed()?;
        noted.session.touch(run.connection, text, span)?;
        let is_bare = unit.wrapping == Wrapping::None;
        if is_bare {
            course.flush(run)?;
            noted.statement(run, text, number, span)?;
        } else {
            course.statement(run, text, Origin::Statement(number, span))?;
        }
        let may_end = is_bare && span.commits;
        if !may_end && !course.is_gathering() && run.is_lost() {
            // Procedures, RAISE(ROLLBACK) and the like can end it without an error.
            let fault = SqlFault::new("the statement ended the transaction");
            return Err(statement_failure(unit, span, None, fault.into()).into());
        }
        Ok(())
    }

    /// Gives the next revision a session of its own.
    pub(super) fn reset_session(&mut self) -> Result<(), Stop> {
        self.commit()?;
        let Self { run, course, noted } = self;
        run.connection.reset()?;
        course.forget_session();
        noted.forget_session();
        run.basis.seen = None;
        if let Some(statement) = run.setting.lock.and_then(Lock::watch) {
            run.connection.execute(statement)?;
        }
        if let Some(lock) = run.setting.lock.filter(|_| !run.connection.keeps_locks()) {
            let observe = &mut *run.observe;
            let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
            lock.retake(run.connection, run.setting.wait, waiting)?;
        }
        Ok(())
    }
}
