//! The progress of the current revision, and what was reported of it.

use std::time::{Duration, Instant};

use crate::plan::Operation;
use crate::revision::pieces::{LARGE, PIECE};
use crate::runner::{Done, Event, Run, milliseconds};

pub(super) struct UnitProgress {
    /// The number of the unit that was begun last.
    pub(super) unit: usize,
    pub(super) statement: usize,
    /// The start of the unit's statements.
    pub(super) started: Instant,
    /// The unit whose start was reported last.
    told: Option<usize>,
    /// The number of reported pieces of a large text.
    pieces: usize,
}

impl UnitProgress {
    pub(super) fn new() -> Self {
        Self { unit: 0, statement: 0, started: Instant::now(), told: None, pieces: 0 }
    }

    /// Records the start of a unit.
    pub(super) fn begin(&mut self, unit: usize) {
        self.unit = unit;
        self.pieces = 0;
    }

    /// Returns the run time of the unit's statements.
    pub(super) fn milliseconds(&self) -> u64 {
        milliseconds(self.started.elapsed())
    }
}

impl Run<'_> {
    /// Ends a finished unit.
    pub(super) fn finish(&mut self, number: usize) {
        self.tell_finished(number);
        self.is_closing = true;
    }

    pub(super) fn tell_started(&mut self, number: usize) {
        if self.turn.told != Some(number)
            && let Some(unit) = self.unit(number)
        {
            (self.observe)(Event::Started(unit));
            self.turn.told = Some(number);
        }
    }

    pub(super) fn tell_finished(&mut self, number: usize) {
        let Some(unit) = self.unit(number) else { return };
        let stamped = unit.operation == Operation::Stamp;
        let duration = if stamped { Duration::ZERO } else { self.turn.started.elapsed() };
        (self.observe)(Event::Finished(unit, duration));
        self.done.push(Done {
            revision: unit.revision.clone(),
            operation: unit.operation,
            message: unit.message.clone(),
            duration,
        });
    }

    pub(super) fn tell_notices(&mut self) {
        for notice in self.connection.take_notices() {
            (self.observe)(Event::Notice(&notice));
        }
    }

    /// Reports the progress in a large text after each piece.
    pub(super) fn tell_progress(&mut self, number: usize, bytes: usize, total: u64) {
        let pieces = bytes / PIECE;
        if total > LARGE && pieces != self.turn.pieces {
            self.turn.pieces = pieces;
            self.tell_bytes(number, bytes as u64, total);
        }
    }

    /// Reports that all of a large text has run.
    pub(super) fn tell_progress_to_end(&mut self, number: usize, total: u64) {
        if total > LARGE {
            self.tell_bytes(number, total, total);
        }
    }

    /// Reports the number of bytes run, unless the unit's start is still unreported.
    fn tell_bytes(&mut self, number: usize, bytes: u64, total: u64) {
        if let Some(unit) = self.unit(number).filter(|_| self.turn.told == Some(number)) {
            (self.observe)(Event::Progress { unit, bytes, total });
        }
    }
}
