//! The notes of a revision without a transaction: how far it is, told to the database as it goes.
//!
//! A note goes in one way only: with the commit that records its revision, or once it is known that
//! nothing of the revision stands. Where that isn't known the note stays as it is, in doubt.

use std::borrow::Cow;

use crate::database::{Connection, DatabaseError, Engine, SqlFault, Waiting};
use crate::ledger::Running;
use crate::revision::Checksum;
use crate::runner::batch::Origin;
use crate::runner::bookkeeping::read_running;
use crate::runner::error::Standing;
use crate::runner::transaction::Others;
use crate::runner::unit::statement_failure;
use crate::runner::{Event, Failure, Flow, Lock, Run, Stop};
use crate::script::Note;
use crate::sql::{Dialect, quote_literal};

/// How often a statement of ours is run that an interrupt meant for another has stopped.
const MOST_TRIES: u32 = 5;

/// The note of the revision at hand, and the row that the last one has left.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// The note that is committed.
    committed: Option<Box<Running>>,
    /// A note inside a transaction that is still open.
    open: Option<Box<Running>>,
    /// How many statements are done and committed, as far as is known: the note may be behind.
    done: usize,
    /// Whether it could not be found out what a failed statement has committed.
    is_unknown: bool,
    /// Whether the statement at hand has left an invalid index, which the next run is to drop.
    has_left: bool,
    /// Whether the commit that comes next records the revision.
    is_ending: bool,
    /// The row of progress that a finished revision has left, for the next one to take over (MySQL).
    leftover: Option<Box<Running>>,
}

impl Notes {
    /// Tells whether a revision was noted that isn't recorded yet.
    pub(super) fn is_any(&self) -> bool {
        self.committed.is_some()
    }

    /// Tells whether a note is of the revision at hand.
    pub(super) fn is_of(&self, running: &Running) -> bool {
        self.committed.as_ref().is_some_and(|it| it.revision == running.revision)
    }

    /// Tells whether a note waits in an open transaction.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Says that the revision at hand is recorded by the commit that comes next.
    pub(super) fn set_ending(&mut self) {
        self.is_ending = true;
    }

    /// Takes in that so many statements are done, and whatever they did is committed.
    pub(super) fn set_done(&mut self, count: usize) {
        if let Some(note) = self.open.take() {
            self.committed = Some(note);
        }
        self.has_left &= count <= self.done;
        self.done = self.done.max(count);
    }

    /// Takes in that the open transaction was committed, the record in it if it has come to that.
    pub(super) fn commit(&mut self, dialect: Dialect) {
        if let Some(note) = self.open.take() {
            self.done = self.done.max(note.done);
            self.committed = Some(note);
        }
        if std::mem::take(&mut self.is_ending) {
            let ended = self.committed.take();
            self.leftover = ended.filter(|_| dialect == Dialect::MySql);
            self.done = 0;
        }
    }

    /// Takes in that the open transaction was rolled back.
    pub(super) fn roll_back(&mut self) {
        self.open = None;
    }

    /// Takes the row that a finished revision has left.
    pub(super) fn take_leftover(&mut self) -> Option<Box<Running>> {
        self.leftover.take()
    }

    /// Returns how many statements stand and how many there are, if any was noted.
    pub(super) fn progress(&self) -> Option<(usize, usize)> {
        self.committed.as_ref().map(|it| (self.done, it.statements))
    }

    /// Finds what stands of the revision at hand where the connection was lost, which has rolled back
    /// what was open: nobody was told of the statement that ran.
    pub(super) fn standing_of_lost(&self) -> Standing {
        match &self.committed {
            None => Standing::Nothing,
            Some(_) if self.open.is_some() || self.is_ending => Standing::Unknown,
            Some(note) if note.begun > self.done => Standing::Unknown,
            Some(_) if self.done == 0 => Standing::Nothing,
            Some(_) => Standing::Part,
        }
    }

    fn begin(&mut self, now: &Running) {
        *self = Self { committed: Some(Box::new(now.clone())), done: now.done, ..Self::default() };
    }

    /// Says that it isn't known what became of the statement at hand.
    pub(super) fn set_unknown(&mut self) {
        self.is_unknown = true;
    }

    /// Says that the statement at hand has left an invalid index that can't be dropped now.
    pub(super) fn set_left(&mut self) {
        self.has_left = true;
    }

    /// Returns how many statements are done and committed, as far as is known.
    pub(super) fn count(&self) -> usize {
        self.done
    }

    /// Returns how many statements were begun, if any was noted.
    pub(super) fn begun(&self) -> Option<usize> {
        self.committed.as_ref().map(|it| it.begun)
    }

    pub(super) fn set(&mut self, now: &Running, is_open: bool) {
        let note = Some(Box::new(now.clone()));
        if is_open {
            self.open = note;
        } else {
            self.committed = note;
        }
    }
}

impl Run<'_> {
    /// Runs something of ours that may be run twice, again if an interrupt that was meant for the
    /// statement before has met it.
    pub(super) fn undisturbed<T, E: From<DatabaseError> + Interruptible>(
        &mut self,
        mut ask: impl FnMut(&mut dyn Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut tries = 1;
        loop {
            match ask(self.batch.connection) {
                Err(error) if error.is_interrupted() && tries < MOST_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    /// Notes that a revision without a transaction begins, unless another process was faster.
    pub(super) fn begin_running(
        &mut self,
        before: Option<&Running>,
        note: &Note,
    ) -> Result<Flow, Stop> {
        let begun_at = self.setting.clock.timestamp();
        let now = &note.now;
        if self.engine.dialect() == Dialect::MySql {
            return self.take_running(before, note, &begun_at);
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
        // What was invalid before the first try stays known until there is room for another.
        let before = before.filter(|it| it.done == now.done);
        let noted = before.and_then(|it| it.catalog.as_deref());
        let noted = noted.map(|it| quote_literal(it, Dialect::Postgres));
        let noted = noted.filter(|_| self.engine == Engine::Postgres);
        let catalog = noted.as_deref().or(note.catalog.as_deref());
        let text = self.ledger.begin_running(now, &begun_at, catalog);
        self.batch.connection.execute(&text)?;
        self.batch.connection.commit()?;
        self.group.set_closed();
        self.notes.begin(now);
        if let Some(before) = before {
            self.clear_cut_off(before);
        }
        Ok(Flow::On)
    }

    /// Takes the one row of progress, looking and taking at once.
    fn take_running(
        &mut self,
        before: Option<&Running>,
        note: &Note,
        begun_at: &str,
    ) -> Result<Flow, Stop> {
        let leftover = self.notes.take_leftover();
        let before = before.or(leftover.as_deref());
        let expected = self.unit_at_hand().map(|unit| self.expected(unit)).unwrap_or_default();
        let guard = self.ledger.guard(&expected, self.lock_condition().as_deref());
        let catalog = note.catalog.as_deref();
        let text = self.ledger.take_running(&note.now, before, begun_at, catalog, Some(&guard));
        match self.batch.connection.change(&text) {
            Ok(1) => {}
            Ok(_) => return Ok(Flow::Moved),
            Err(DatabaseError::Sql(fault)) if is_duplicate(&fault) => return Ok(Flow::Moved),
            Err(error) => return Err(error.into()),
        }
        self.notes.begin(&note.now);
        Ok(Flow::On)
    }

    /// Notes how far a revision without a transaction is.
    pub(super) fn note_running(&mut self, note: &Note) -> Result<(), Stop> {
        self.flush()?;
        let also = self.lock_condition();
        let text = self.ledger.note_running(&note.now, note.catalog.as_deref(), also.as_deref());
        let condition = self.ledger.is_noted(note.now.revision.as_str(), also.as_deref());
        let changed = match self.change_aside(&text, &condition) {
            Err(DatabaseError::Sql(fault)) if !fault.is_transient => {
                return Err(self.unnoted(&note.now, (*fault).into()).into());
            }
            changed => changed?,
        };
        // Others may be at work on this by now.
        if let Some(lock) = self.setting.lock.filter(|_| !changed) {
            return Err(lock.lost().into());
        }
        // A script without a transaction can have opened one of its own.
        let is_open = self.group.is_open() || self.batch.connection.in_transaction();
        self.notes.set(&note.now, is_open);
        Ok(())
    }

    /// Finds the place of the statement that could not be announced. Where a right is missing on our
    /// table, no statement is to blame.
    fn unnoted(&self, now: &Running, cause: DatabaseError) -> Failure {
        if matches!(&cause, DatabaseError::Sql(fault) if is_denied(fault)) {
            return cause.into();
        }
        let unit = self.unit_at_hand().filter(|unit| unit.revision == now.revision);
        let first = u32::try_from(now.done).unwrap_or(u32::MAX);
        match unit.and_then(|unit| Some((unit, *unit.spans_of(first, 1).first()?))) {
            Some((unit, span)) => statement_failure(unit, span, None, cause),
            None => cause.into(),
        }
    }

    /// Takes in what a failed statement committed all the same: what came before it, the note that
    /// announces it included. An error tells no status, so the note itself is looked for.
    ///
    /// Where it can't be looked for, nothing is known of either.
    pub(super) fn settle_failed(&mut self) {
        let Some(note) = self.notes.open.take() else {
            return;
        };
        let ledger = self.ledger;
        self.lasts |= self.batch.connection.take_back();
        // What isn't rolled back would be seen as if it were committed.
        let found = self
            .undisturbed(|connection| connection.rollback())
            .and_then(|()| self.step_aside())
            .map_err(Into::into)
            .and_then(|()| self.undisturbed(|connection| read_running(connection, ledger)))
            .and_then(|found| Ok(self.step_back().map(|()| found)?));
        let is_note = |running: &Running| {
            running.revision == note.revision
                && (running.begun, running.done) == (note.begun, note.done)
        };
        match found {
            Ok(found) if found.iter().any(is_note) => {
                self.notes.done = self.notes.done.max(note.done);
                self.notes.committed = Some(note);
                self.group.set_closed();
            }
            Ok(_) => {}
            Err(_) => self.notes.is_unknown = true,
        }
    }

    /// Tells whether it isn't known what a failed statement has committed.
    pub(super) fn is_in_the_dark(&self) -> bool {
        self.notes.is_unknown
    }

    /// Notes how far a revision without a transaction came before it failed, and tells what stands.
    ///
    /// Where nothing does, there is nothing half done, and the note goes.
    pub(super) fn note_failed(&mut self, unit: usize) -> Standing {
        let Some(mut running) = self.notes.committed.clone() else {
            // It failed before its first note, and so before its first statement.
            return Standing::Nothing;
        };
        let is_over = self.undisturbed(|connection| connection.rollback()).is_ok();
        if self.notes.is_unknown || !is_over {
            return Standing::Unknown;
        }
        let done = self.notes.done;
        let Some(digest) = self.digest_of(unit, done, &running) else {
            return Standing::Unknown;
        };
        let has_left = self.notes.has_left;
        let is_nothing = !has_left && self.is_untouched(unit, done);
        let stands = if is_nothing { Standing::Nothing } else { Standing::Part };
        (running.begun, running.done) = (done, done);
        (running.begun_digest, running.done_digest) = (digest.clone(), digest);
        let ledger = self.ledger;
        let text = if stands == Standing::Nothing {
            ledger.end_running(running.revision.as_str())
        } else {
            running.process.clear();
            // What was invalid before tells what the statement has left.
            let catalog = has_left.then_some("catalog");
            ledger.note_running(&running, catalog, self.lock_condition().as_deref())
        };
        // If even that fails, what was noted before stays, which is safe.
        let noted = self.undisturbed(|connection| connection.change(&text));
        if noted.is_err() && stands == Standing::Part { Standing::Unknown } else { stands }
    }

    /// Returns the checksum of a unit's first statements; none if its text can't be read any more.
    fn digest_of(&mut self, unit: usize, count: usize, noted: &Running) -> Option<Checksum> {
        if count == noted.begun {
            return Some(noted.begun_digest.clone());
        }
        if count == noted.done {
            return Some(noted.done_digest.clone());
        }
        let text = self.text(unit).ok()??;
        let spans = self.script.units.get(unit)?.spans_of(0, u32::try_from(count).ok()?);
        let texts: Vec<Cow<'_, str>> = spans.iter().map(|span| text.statement(*span)).collect();
        Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref)).pop()
    }
}

/// An error that may be no more than an interrupt.
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

fn is_denied(fault: &SqlFault) -> bool {
    let code = fault.code.as_deref().unwrap_or_default();
    code == "42501" || code.starts_with("1142 ")
}

fn is_duplicate(fault: &SqlFault) -> bool {
    fault.code.as_deref().is_some_and(|code| code.starts_with("1062"))
}
