//! The bookkeeping of a run: rows of revisions, and notes of those without a transaction.

use crate::database::{DatabaseError, Engine, SqlFault, Waiting};
use crate::ledger::{Elapsed, Guard, Recorded, Running};
use crate::runner::batch::Origin;
use crate::runner::bookkeeping::read_running;
use crate::runner::transaction::Others;
use crate::runner::{Event, Failure, Flow, Lock, Run, Stop, milliseconds};
use crate::script::{Keep, Recording, Unit};
use crate::sql::Dialect;

impl Run<'_> {
    /// Changes the bookkeeping.
    pub(super) fn keep(&mut self, change: &Keep) -> Result<Flow, Stop> {
        let ledger = self.ledger;
        match change {
            Keep::BeginRunning { before, note } => {
                return self.begin_running(before.as_deref(), &note.now, note.catalog.as_deref());
            }
            Keep::Record(recording) => self.record(recording)?,
            Keep::Accept(recording) => {
                let entry = recording.entry().map_err(Failure::from)?;
                self.send(&ledger.update(&entry), Origin::Own)?;
            }
            Keep::Erase(revision) => {
                let guard = self.guard_of_row();
                let text = self.delete(revision.as_str(), guard.as_ref());
                self.change_row(&text, guard.is_some())?;
                self.basis.known.remove(revision.as_str());
                self.position = None;
            }
            Keep::EraseAll => {
                self.position = None;
                self.send(&ledger.delete_all(), Origin::Own)?;
                self.basis.known.clear();
            }
            Keep::NoteRunning(note) => {
                let (now, catalog) = (&note.now, &note.catalog);
                let condition = self.lock_condition();
                let text = ledger.note_running(now, catalog.as_deref(), condition.as_deref());
                self.flush()?;
                let changed = self.batch.connection.change(&text)?;
                // Others may be at work on this by now.
                if let Some(lock) = self.setting.lock.filter(|_| changed == 0) {
                    return Err(lock.lost().into());
                }
                // A script without a transaction can have opened one of its own.
                if self.group.is_open() || self.batch.connection.in_transaction() {
                    self.noting = Some(Box::new(now.clone()));
                } else {
                    self.set_noted(now);
                }
            }
            Keep::EndRunning(revision) => {
                if self.engine.dialect() == Dialect::MySql {
                    self.leftover = self.noted.clone();
                } else {
                    self.send(&ledger.end_running(revision.as_str()), Origin::Own)?;
                }
            }
            Keep::EndAllRunning => self.send(&ledger.end_all_running(), Origin::Own)?,
        }
        Ok(Flow::On)
    }

    /// Records a revision as applied.
    fn record(&mut self, recording: &Recording) -> Result<(), Stop> {
        // A stamp's rows are of no unit.
        let entry = match self.row.take() {
            Some(row) => row,
            None => recording.entry().map_err(Failure::from)?,
        };
        let duration = if entry.operation == "stamp" {
            Elapsed::Unknown
        } else if self.can_tell_duration() {
            Elapsed::OfThisMessage
        } else {
            Elapsed::Milliseconds(milliseconds(self.started.elapsed()))
        };
        let recorded = Recorded {
            position: self.next_position()?,
            applied_at: Some(self.setting.clock.timestamp()),
            applied_by: self.setting.applied_by.to_owned(),
            duration,
        };
        let guard = self.guard_of_row();
        self.change_row(&self.insert(&entry, &recorded, guard.as_ref()), guard.is_some())?;
        self.basis.known.add(&entry.revision);
        Ok(())
    }

    /// Returns the position of the next row where nobody else can write one meanwhile: counted on
    /// from the last, which is asked for once in a transaction.
    fn next_position(&mut self) -> Result<Option<i64>, DatabaseError> {
        if self.engine != Engine::Sqlite || !self.group.is_open() {
            return Ok(None);
        }
        if self.position.is_none() {
            let rows = self.batch.connection.query(&self.ledger.select_last_position())?;
            self.position =
                rows.into_iter().flatten().flatten().next().and_then(|it| it.parse().ok());
        }
        self.position = self.position.map(|position| position + 1);
        Ok(self.position)
    }

    /// Tells whether the server itself can tell how long the revision's message has taken.
    fn can_tell_duration(&self) -> bool {
        let is_whole = self.batch.is_whole() && self.group.is_open() && self.noted.is_none();
        self.engine == Engine::Postgres && is_whole && self.batch.connection.sends_together()
    }

    /// Returns the guard that the row of the unit at hand carries: on MySQL there is none before.
    fn guard_of_row(&self) -> Option<Guard> {
        let unit = self.unit_at_hand()?;
        let guards = self.engine.dialect() == Dialect::MySql && self.is_guarded();
        let guard = || self.ledger.guard(&self.expected(unit), self.lock_condition().as_deref());
        guards.then(guard)
    }

    /// Returns the unit whose turn it is.
    pub(super) fn unit_at_hand(&self) -> Option<&Unit> {
        self.script.units.get(self.done.len() + self.batch.aside())
    }

    /// Changes one row of the version table; a guarded change that hits none finds it moved.
    fn change_row(&mut self, text: &str, is_guarded: bool) -> Result<(), Stop> {
        if !is_guarded {
            return self.send(text, Origin::Record);
        }
        let changed = self.batch.connection.change(text);
        let changed = changed.map_err(|cause| {
            self.stop(crate::runner::batch::Halt { origin: Origin::Record, cause, commits: 0 })
        })?;
        if changed == 1 { Ok(()) } else { Err(Stop::Moved) }
    }

    /// Notes that a revision without a transaction begins, unless another process was faster.
    fn begin_running(
        &mut self,
        before: Option<&Running>,
        now: &Running,
        catalog: Option<&str>,
    ) -> Result<Flow, Stop> {
        let begun_at = self.setting.clock.timestamp();
        if self.engine.dialect() == Dialect::MySql {
            return self.take_running(before, now, &begun_at, catalog);
        }
        let observe = &mut *self.observe;
        let waiting = &mut |waiting: &Waiting| observe(Event::Waiting(waiting));
        self.batch.connection.begin(waiting)?;
        self.group.set_open();
        self.basis.seen = None;
        let entry = self.setting.lock.and_then(Lock::entry);
        if let Some(entry) = entry {
            let text = self.ledger.insist(&entry);
            self.batch.run_alone(&text, Origin::Entry).map_err(|halt| self.stop(halt))?;
        }
        let found = read_running(self.batch.connection, self.ledger)?;
        let is_moved =
            !found.iter().eq(before) || matches!(self.compare(Others::Unasked)?, Flow::Moved);
        if is_moved {
            self.batch.connection.rollback()?;
            self.group.set_closed();
            return Ok(Flow::Moved);
        }
        if let Some(lock) = self.setting.lock {
            lock.prove(self.batch.connection)?;
        }
        self.batch.connection.execute(&self.ledger.begin_running(now, &begun_at))?;
        self.batch.connection.commit()?;
        self.group.set_closed();
        self.set_noted(now);
        Ok(Flow::On)
    }

    /// Takes the one row of progress, looking and taking at once.
    fn take_running(
        &mut self,
        before: Option<&Running>,
        now: &Running,
        begun_at: &str,
        catalog: Option<&str>,
    ) -> Result<Flow, Stop> {
        let leftover = self.leftover.take();
        let before = before.or(leftover.as_deref());
        let expected = self.unit_at_hand().map(|unit| self.expected(unit)).unwrap_or_default();
        let guard = self.ledger.guard(&expected, self.lock_condition().as_deref());
        let text = self.ledger.take_running(now, before, begun_at, catalog, Some(&guard));
        match self.batch.connection.change(&text) {
            Ok(1) => {}
            Ok(_) => return Ok(Flow::Moved),
            Err(DatabaseError::Sql(fault)) if is_duplicate(&fault) => return Ok(Flow::Moved),
            Err(error) => return Err(error.into()),
        }
        self.set_noted(now);
        Ok(Flow::On)
    }

    fn set_noted(&mut self, now: &Running) {
        self.is_noted_done = now.begun == now.done;
        self.noted = Some(Box::new(now.clone()));
    }

    /// Takes in that the statement which was announced has ended: what it commits is committed.
    pub(super) fn settle_note(&mut self, is_done: bool) {
        if let Some(note) = self.noting.take() {
            self.noted = Some(note);
        }
        self.is_noted_done = is_done;
        self.group.set_closed();
    }

    /// Notes how far a revision without a transaction came before it failed.
    ///
    /// The transaction that was open is rolled back by then.
    pub(super) fn note_failed(&mut self) {
        if let Some(mut running) = self.noted.take() {
            if self.is_noted_done {
                running.set_done();
            } else {
                running.set_undone();
            }
            // If even that fails, the statement stays in doubt, which is safe.
            let condition = self.lock_condition();
            let text = self.ledger.note_running(&running, None, condition.as_deref());
            let _result = self.batch.connection.execute(&text);
            self.noted = Some(running);
        }
    }
}

fn is_duplicate(fault: &SqlFault) -> bool {
    fault.code.as_deref().is_some_and(|code| code.starts_with("1062"))
}
