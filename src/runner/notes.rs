//! The notes of a revision without a transaction: its progress, written to the database as it goes.
//!
//! A note is removed in two ways only. [`Notes::commit`] takes the proof that a transaction was
//! committed, and drops the note if that recorded its revision. The statement that deletes it
//! otherwise requires an `Untouched`, the proof that nothing of the revision stands. Without either
//! proof the note stays, and the outcome is in doubt.

use crate::database::Engine;
use crate::ledger::Running;
use crate::runner::{Committed, Standing};

/// The note of the current revision, and the row that the last one has left.
#[derive(Debug, Default)]
pub(super) struct Notes {
    note: Option<Note>,
    /// Whether it could not be determined what a failed statement has committed.
    is_unknown: bool,
    /// The row of progress of a finished revision, for the next one to take over (MySQL).
    leftover: Option<Box<Running>>,
}

/// The note of a revision that isn't recorded yet.
#[derive(Debug)]
struct Note {
    row: Box<Running>,
    /// The row inside a transaction that is still open.
    open: Option<Box<Running>>,
    /// The number of statements known to be done and committed: the row may be behind.
    done: usize,
    /// Whether the current statement has left an invalid index, which the next run is to drop.
    has_left: bool,
}

impl Note {
    fn new(row: &Running) -> Self {
        Self { row: Box::new(row.clone()), open: None, done: row.done, has_left: false }
    }
}

impl Notes {
    /// Records that a revision's start was noted.
    pub(super) fn begin(&mut self, now: &Running) {
        self.note = Some(Note::new(now));
    }

    /// Records that progress was noted, within a transaction of the script or by itself.
    pub(super) fn advance(&mut self, now: &Running, is_within: bool) {
        match &mut self.note {
            Some(note) if is_within => note.open = Some(Box::new(now.clone())),
            Some(note) => *note.row = now.clone(),
            // An outcome is settled in a transaction of this program.
            None if is_within => {}
            None => self.note = Some(Note { done: 0, ..Note::new(now) }),
        }
    }

    /// Records the number of statements that are done and committed.
    pub(super) fn set_done(&mut self, count: usize) {
        if let Some(note) = &mut self.note {
            if let Some(open) = note.open.take() {
                note.row = open;
            }
            note.has_left &= count <= note.done;
            note.done = note.done.max(count);
        }
    }

    /// Records a commit: of the open note, and of the revision's record if it has come to that.
    pub(super) fn commit(&mut self, committed: &Committed, engine: Engine) {
        self.settle_open();
        if committed.records()
            && let Some(note) = self.note.take()
        {
            self.leftover = Some(note.row).filter(|_| engine.passes_notes_on());
        }
    }

    /// Records that the open note is committed.
    pub(super) fn settle_open(&mut self) {
        let done = self.open().map(|it| it.done);
        self.set_done(done.unwrap_or_default());
    }

    /// Records that the open transaction was rolled back.
    pub(super) fn roll_back(&mut self) {
        if let Some(note) = &mut self.note {
            note.open = None;
        }
    }

    /// Marks the outcome of the current statement as unknown.
    pub(super) fn set_unknown(&mut self) {
        self.is_unknown = true;
    }

    /// Marks the current statement as having left an invalid index that can't be dropped now.
    pub(super) fn set_left(&mut self) {
        if let Some(note) = &mut self.note {
            note.has_left = true;
        }
    }

    /// Tells whether the current statement has left such an index.
    pub(super) fn has_left(&self) -> bool {
        self.note.as_ref().is_some_and(|it| it.has_left)
    }

    /// Tells whether it is unknown what a failed statement has committed.
    pub(super) fn is_unknown(&self) -> bool {
        self.is_unknown
    }

    /// Takes the row of a finished revision.
    pub(super) fn take_leftover(&mut self) -> Option<Box<Running>> {
        self.leftover.take()
    }

    /// Returns the committed note of a revision that isn't recorded yet.
    pub(super) fn row(&self) -> Option<&Running> {
        self.note.as_ref().map(|it| &*it.row)
    }

    pub(super) fn open(&self) -> Option<&Running> {
        self.note.as_ref()?.open.as_deref()
    }

    /// Returns the number of statements known to be done and committed.
    pub(super) fn done(&self) -> usize {
        self.note.as_ref().map_or(0, |it| it.done)
    }

    /// Determines what stands of the current revision after a lost connection, which rolled back
    /// the open transaction; the running statement's outcome is unknown.
    pub(super) fn standing_of_lost(&self, is_recording: bool) -> Standing {
        match &self.note {
            None => Standing::Nothing,
            Some(note) if note.open.is_some() || is_recording => Standing::Unknown,
            Some(note) if note.row.begun > note.done => Standing::Unknown,
            Some(note) if note.done == 0 => Standing::Nothing,
            Some(_) => Standing::Part,
        }
    }
}
