//! The bookkeeping of a run: rows of revisions.

use crate::database::{DatabaseError, Engine};
use crate::ledger::{Elapsed, Entry, Guard, Recorded};
use crate::plan::Operation;
use crate::runner::batch::{Halt, Origin};
use crate::runner::{Flow, Run, Stop, milliseconds};
use crate::script::{Keep, Unit};
use crate::sql::Dialect;

impl Run<'_> {
    /// Changes the bookkeeping.
    pub(super) fn keep(&mut self, change: &Keep) -> Result<Flow, Stop> {
        let ledger = self.ledger;
        match change {
            Keep::BeginRunning { before, note } => {
                return self.begin_running(before.as_deref(), note);
            }
            Keep::Record(entry) => self.record(entry)?,
            Keep::Accept(entry) => self.send(&ledger.update(entry), Origin::Own)?,
            Keep::Erase(revision) => {
                let guard = self.guard_of_row();
                let text = ledger.delete(revision.as_str(), guard.as_ref());
                self.change_row(&text, guard.is_some())?;
                self.basis.known.remove(revision.as_str());
                self.position = None;
            }
            Keep::EraseAll => {
                self.position = None;
                self.send(&ledger.delete_all(), Origin::Own)?;
                self.basis.known.clear();
            }
            Keep::NoteRunning(note) => self.note_running(note)?,
            Keep::EndRunning(revision) => {
                // What goes with the record alone: on MySQL the next revision takes the row over.
                self.notes.set_ending();
                if self.engine.dialect() != Dialect::MySql {
                    self.send(&ledger.end_running(revision.as_str()), Origin::Own)?;
                }
            }
            Keep::EndAllRunning => self.send(&ledger.end_all_running(), Origin::Own)?,
        }
        Ok(Flow::On)
    }

    /// Records a revision as applied.
    fn record(&mut self, entry: &Entry) -> Result<(), Stop> {
        let duration = if entry.operation == Operation::Stamp {
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
        let text = self.ledger.insert(entry, &recorded, guard.as_ref());
        self.change_row(&text, guard.is_some())?;
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
            let last = self.batch.connection.value(&self.ledger.select_last_position())?;
            self.position = last.and_then(|it| it.parse().ok());
        }
        self.position = self.position.map(|position| position + 1);
        Ok(self.position)
    }

    /// Tells whether the server itself can tell how long the revision's message has taken.
    fn can_tell_duration(&self) -> bool {
        let is_whole = self.batch.is_whole() && self.group.is_open() && !self.notes.is_any();
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
            // Outside a transaction it commits by itself.
            let commits = u32::from(!self.group.is_open());
            self.stop(Halt { origin: Origin::Record, cause, commits })
        })?;
        if changed == 1 { Ok(()) } else { Err(Stop::Moved) }
    }
}
