//! Large scripts: run as they are read, and how far they are.

use crate::revision::RevisionError;
use crate::revision::pieces::{LARGE, PIECE};
use crate::runner::{Event, Failure, Run, Stop};
use crate::script::{Span, Unit};

impl Run<'_> {
    /// Runs the statements of a unit as its file is read, if it is of that kind; tells whether it is.
    ///
    /// A file that was edited since it was checked is found before any of the edited text runs, and
    /// its transaction is open still.
    pub(super) fn stream(&mut self, number: usize, unit: &Unit) -> Result<bool, Stop> {
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
                self.tell_notices();
                self.tell_progress(number, span.range().end, total);
            }
        }
        self.tell_progress_to_end(number, total);
        Ok(true)
    }

    /// Tells how far a large text has run, if it is a piece further than it was.
    pub(super) fn tell_progress(&mut self, number: usize, bytes: usize, total: u64) {
        let pieces = bytes / PIECE;
        if total > LARGE && pieces != self.progress {
            self.progress = pieces;
            self.tell_bytes(number, bytes as u64, total);
        }
    }

    /// Tells that all of a large text has run.
    pub(super) fn tell_progress_to_end(&mut self, number: usize, total: u64) {
        if total > LARGE {
            self.tell_bytes(number, total, total);
        }
    }

    /// Tells how many bytes have run, unless the unit's beginning is still to be told.
    fn tell_bytes(&mut self, number: usize, bytes: u64, total: u64) {
        if let Some(unit) = self.script.units.get(number).filter(|_| self.told == Some(number)) {
            (self.observe)(Event::Progress { unit, bytes, total });
        }
    }
}
