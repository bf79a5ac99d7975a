//! SQLite: revisions share a transaction.
//!
//! A revision that is wholly applied with its row, or not at all, needs a savepoint, not a commit:
//! a commit costs SQLite four calls of fsync. So revisions run inside one transaction, each in a
//! savepoint of its own, and the transaction is committed when some time has passed, and before
//! whatever can't be in one. A failure rolls back to its revision's savepoint and commits what
//! came before; a kill loses the last group whole, and the next run does it again.

use std::time::{Duration, Instant};

use crate::database::DatabaseError;
use crate::ledger::{Elapsed, Entry};
use crate::revision::{ForeignKeys, Wrapping};
use crate::runner::Event;
use crate::runner::course::{Course, Origin};
use crate::runner::run::{Flow, Run, Stop};
use crate::runner::transaction::Committed;
use crate::script::print::pragma;

/// No script has a reason to use this name.
const SAVEPOINT: &str = "SAVEPOINT migrate_savepoint_of_this_revision";
const RELEASE: &str = "RELEASE migrate_savepoint_of_this_revision";
const ROLL_BACK: &str = "ROLLBACK TO migrate_savepoint_of_this_revision";

/// When revisions are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// Each one by itself.
    Each,
    /// Together with those of the same stretch of time.
    Together(Duration),
}

impl Pacing {
    /// The usual stretch: longer saves little, and a kill would lose more.
    pub const USUAL: Self = Self::Together(Duration::from_millis(200));
}

/// The group of revisions whose transaction is open.
#[derive(Debug)]
pub(super) struct Grouped {
    pacing: Pacing,
    /// How SQLite treats foreign keys on this connection, once it was said.
    keys: Option<ForeignKeys>,
    /// Whether the revision that is open is to be committed by itself.
    is_alone: bool,
    /// When the transaction was opened.
    since: Instant,
    /// The position of the row that was written last in the transaction.
    position: Option<i64>,
}

impl Grouped {
    pub(super) fn new(pacing: Pacing) -> Self {
        let since = Instant::now();
        Self { pacing, keys: None, is_alone: false, since, position: None }
    }

    /// Returns how SQLite treats foreign keys, once it was said.
    pub(super) fn keys(&self) -> Option<ForeignKeys> {
        self.keys
    }

    /// Returns the position of the next row where nobody else can write one meanwhile: counted on
    /// from the last, which is asked for once in a transaction.
    fn next_position(&mut self, run: &mut Run<'_>) -> Result<Option<i64>, DatabaseError> {
        if !run.transaction.is_open() {
            return Ok(None);
        }
        if self.position.is_none() {
            let last = run.connection.value(&run.setting.ledger.select_last_position())?;
            self.position = last.and_then(|it| it.parse().ok());
        }
        self.position = self.position.map(|position| position + 1);
        Ok(self.position)
    }
}

impl Course for Grouped {
    fn begin(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        let opens = !run.transaction.is_open();
        if opens {
            run.begin()?;
            self.since = Instant::now();
        }
        run.transaction.set_open();
        if self.pacing != Pacing::Each {
            run.connection.execute_often(SAVEPOINT)?;
        }
        // Inside a transaction that is open nobody else can have written.
        if opens { run.compare_alone() } else { Ok(Flow::On) }
    }

    fn stand_alone(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        self.is_alone = true;
        run.compare()
    }

    fn start(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        warn_of_attached(run, unit)?;
        self.warn_of_ignored(run, unit)?;
        Ok(run.basis.watch.remember(run.connection)?)
    }

    fn record(&mut self, run: &mut Run<'_>, entry: &Entry) -> Result<(), Stop> {
        run.transaction.set_recording();
        let position = self.next_position(run)?;
        let duration = Elapsed::Milliseconds(run.turn.milliseconds());
        let recorded = run.recorded(entry, position, duration);
        run.execute(&run.setting.ledger.insert(entry, &recorded, None), Origin::Record)
    }

    /// Deferred constraints are checked by a commit, so with foreign keys enforced each revision
    /// gets its own: a fault of one must not fall on another.
    fn close(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        let is_alone =
            std::mem::take(&mut self.is_alone) || self.keys == Some(ForeignKeys::Enforced);
        let mut is_time = true;
        if let Pacing::Together(stretch) = self.pacing {
            run.connection.execute_often(RELEASE)?;
            run.closed = run.done.len();
            is_time = is_alone || self.since.elapsed() >= stretch;
        }
        run.transaction.close_revision();
        Ok(is_time)
    }

    fn commit(&mut self, run: &mut Run<'_>) -> Result<Committed, Stop> {
        self.position = None;
        run.commit()
    }

    fn undo(&mut self, run: &mut Run<'_>) -> bool {
        let undo = |run: &mut Run<'_>| {
            if run.transaction.in_revision() {
                run.connection.execute(ROLL_BACK)?;
                run.connection.execute(RELEASE)?;
            }
            run.connection.commit()
        };
        self.pacing != Pacing::Each
            && run.transaction.is_open()
            && run.connection.in_transaction()
            && undo(run).is_ok()
    }

    fn forget(&mut self) {
        self.position = None;
    }

    fn forget_session(&mut self) {
        self.keys = None;
    }

    fn changes_keys(&self, keys: ForeignKeys) -> bool {
        self.keys != Some(keys)
    }

    fn set_keys(&mut self, run: &mut Run<'_>, keys: ForeignKeys) -> Result<(), Stop> {
        run.connection.execute(pragma(keys))?;
        self.keys = Some(keys);
        Ok(())
    }
}

/// Warns of a transaction over several files, which is none with a write-ahead log.
fn warn_of_attached(run: &mut Run<'_>, number: usize) -> Result<(), DatabaseError> {
    let unit = run.unit(number).filter(|it| it.attaches && it.wrapping == Wrapping::Transaction);
    if let Some(unit) = unit {
        let mode = run.connection.value("PRAGMA journal_mode")?;
        if matches!(mode.as_deref(), Some("wal" | "memory" | "off")) {
            (run.observe)(Event::NotAtomic(unit));
        }
    }
    Ok(())
}
