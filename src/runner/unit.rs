//! One revision's share of a run: begun, executed, told.

use std::time::{Duration, Instant};

use crate::config::Timeouts;
use crate::database::{DatabaseError, Engine, SqlFault, Waiting};
use crate::place::Place;
use crate::plan::Operation;
use crate::revision::Wrapping;
use crate::runner::batch::{Halt, Origin};
use crate::runner::{Done, Event, Failure, Lock, Run, Stop};
use crate::script::{Action, Span, Text, Unit};
use crate::sql::Dialect;

impl<'a> Run<'a> {
    /// Returns a unit's text.
    pub(super) fn text(&self, number: usize) -> Result<Option<Text<'a>>, Failure> {
        let text = self.script.units.get(number).map(|unit| unit.source.open());
        Ok(text.transpose()?)
    }
}

impl Run<'_> {
    pub(super) fn start(&mut self, unit: usize) -> Result<(), Stop> {
        self.heed()?;
        // One that travels behind others is told when its turn comes.
        if self.batch.aside() == 0 {
            self.tell_started(unit);
        }
        self.is_closing = false;
        self.progress = 0;
        if self.engine == Engine::Sqlite {
            self.warn_of_attached(unit)?;
            self.warn_of_ignored(unit)?;
            self.basis.watch.remember(self.batch.connection)?;
        } else {
            self.start_on_server(unit)?;
        }
        self.started = Instant::now();
        Ok(())
    }

    pub(super) fn execute(&mut self, unit: u32, first: u32, count: u32) -> Result<(), Stop> {
        let number = unit as usize;
        let Some(unit) = self.script.units.get(number) else {
            return Ok(());
        };
        if self.stream(number, unit)? {
            return Ok(());
        }
        let Some(text) = self.text(number)? else {
            return Ok(());
        };
        let total = text.as_str().len() as u64;
        for (at, span) in unit.spans_of(first, count).iter().enumerate() {
            self.statement = first as usize + at;
            self.execute_one(number, unit, &text.statement(*span), *span)?;
            self.count_done(unit, *span, self.statement + 1);
            self.tell_notices();
            self.tell_progress(number, span.range().end, total);
        }
        if unit.ends_with(first, count) {
            self.tell_progress_to_end(number, total);
        }
        Ok(())
    }

    /// Runs one statement of a unit, as the database gets it.
    pub(super) fn execute_one(
        &mut self,
        unit: usize,
        found: &Unit,
        text: &str,
        span: Span,
    ) -> Result<(), Stop> {
        self.heed()?;
        self.touch_session(text, span)?;
        let origin = Origin::Statement(unit, span);
        let alone = found.wrapping == Wrapping::None;
        let result = if alone && !span.is_locked && (span.lasts || self.may_stop_midway(text)) {
            self.run_undivided(text, origin)
        } else if alone && span.lasts {
            // A transaction would release the locks.
            let result = self.batch.run_alone(text, origin);
            self.lasts |= matches!(&result, Err(Halt { cause: DatabaseError::Sql(_), .. }));
            result
        } else if alone {
            self.batch.run_alone(text, origin)
        } else if self.is_copy(text) {
            self.deliver()?;
            self.batch.stay_alone();
            self.batch.run_alone(text, origin)
        } else {
            self.make_room(text.len())?;
            self.batch.run(text, origin)
        };
        let result = result.and_then(|()| {
            let checked = if alone { self.check_index(text) } else { Ok(()) };
            checked.map_err(|cause| Halt { origin, cause, commits: 0 })
        });
        if let Err(mut halt) = result {
            if alone {
                halt.cause = self.clear_away(text, halt.cause);
            }
            return Err(self.stop(halt));
        }
        let stands_alone = alone && (span.commits || !self.group.is_open());
        if !stands_alone && !self.batch.is_waiting() && self.group.is_lost(self.batch.connection) {
            // Procedures, RAISE(ROLLBACK) and the like can end it without an error.
            let fault = SqlFault::new("the statement ended the transaction");
            return Err(statement_failure(found, span, None, fault.into()).into());
        }
        Ok(())
    }

    /// Looks whether a statement that has come to its end left an index invalid. An interrupt that comes
    /// too late for the statement may meet this: that is no failure of the statement.
    fn check_index(&mut self, text: &str) -> Result<(), DatabaseError> {
        let indexes = std::mem::take(&mut self.indexes);
        let checked = self.undisturbed(|connection| indexes.check(connection, text));
        self.indexes = indexes;
        if matches!(checked, Err(DatabaseError::Interrupted)) {
            self.notes.set_unknown();
        }
        checked
    }

    /// Takes in that so many statements of a unit without a transaction are done, if what they did is
    /// committed.
    fn count_done(&mut self, unit: &Unit, last: Span, count: usize) {
        let stands_alone = last.commits || !self.group.is_open();
        let is_bare = unit.wrapping == Wrapping::None;
        if is_bare && stands_alone && !self.batch.connection.in_transaction() {
            self.notes.set_done(count);
            self.group.set_closed();
        }
    }

    /// Warns of a transaction over several files, which is none with a write-ahead log.
    pub(super) fn warn_of_attached(&mut self, unit: usize) -> Result<(), DatabaseError> {
        let Some(unit) = self.script.units.get(unit) else {
            return Ok(());
        };
        if unit.attaches && unit.wrapping == Wrapping::Transaction {
            let mode = self.batch.connection.value("PRAGMA journal_mode")?;
            if matches!(mode.as_deref(), Some("wal" | "memory" | "off")) {
                (self.observe)(Event::NotAtomic(unit));
            }
        }
        Ok(())
    }

    /// Stops if somebody asked to, or if the lock is known to be lost.
    pub(super) fn heed(&self) -> Result<(), DatabaseError> {
        if self.interrupter.is_interrupted() {
            return Err(DatabaseError::Interrupted);
        }
        match self.setting.lock {
            Some(lock) if lock.is_lost() => Err(lock.lost()),
            Some(_) | None => Ok(()),
        }
    }

    pub(super) fn finish(&mut self, unit: usize) -> Result<(), Stop> {
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

    pub(super) fn tell_started(&mut self, unit: usize) {
        if self.told != Some(unit)
            && let Some(found) = self.script.units.get(unit)
        {
            (self.observe)(Event::Started(found));
            self.told = Some(unit);
        }
    }

    pub(super) fn tell_finished(&mut self, unit: usize) {
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

    pub(super) fn reset_session(&mut self) -> Result<(), Stop> {
        self.commit()?;
        self.batch.connection.reset()?;
        self.group.forget_session();
        self.forget_session();
        self.timeouts = Timeouts::default();
        self.basis.seen = None;
        if let Some(statement) = self.setting.lock.and_then(Lock::watch) {
            self.batch.connection.execute(statement)?;
        }
        if let Some(lock) = self.setting.lock.filter(|_| !self.batch.connection.keeps_locks()) {
            let observe = &mut *self.observe;
            let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
            lock.retake(self.batch.connection, self.setting.wait, waiting)?;
        }
        Ok(())
    }

    pub(super) fn tell_notices(&mut self) {
        for notice in self.batch.connection.take_notices() {
            (self.observe)(Event::Notice(&notice));
        }
    }
}

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
        // Its file has gone since it ran; what the database says is worth more.
        Err(_) => Failure::Database(cause),
    }
}
