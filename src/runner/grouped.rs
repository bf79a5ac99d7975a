//! SQLite: revisions share a transaction.
//!
//! A revision that is applied atomically with its row needs a savepoint, not a commit: a commit
//! costs SQLite four calls of fsync. So revisions run inside one transaction, each in a savepoint
//! of its own, and the transaction is committed after a while, and before statements that can't be
//! in one. A failure rolls back to its revision's savepoint and commits the earlier ones; a kill
//! loses the last group whole, and the next run repeats it.

use std::time::{Duration, Instant};

use crate::database::DatabaseError;
use crate::ledger::{Elapsed, Entry};
use crate::revision::{ForeignKeys, Wrapping};
use crate::runner::{Committed, Course, Event, Flow, Origin, Run, Stop};
use crate::script::print::pragma;

/// The savepoint's name, which no script has a reason to use.
const SAVEPOINT: &str = "SAVEPOINT migrate_savepoint_of_this_revision";
const RELEASE: &str = "RELEASE migrate_savepoint_of_this_revision";
const ROLL_BACK: &str = "ROLLBACK TO migrate_savepoint_of_this_revision";

/// The grouping of revisions into commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pacing {
    /// A commit for each revision.
    Each,
    /// A shared commit for the revisions of a period.
    Together(Duration),
}

impl Pacing {
    /// The default period: a longer one saves little, and a kill would lose more.
    pub const USUAL: Self = Self::Together(Duration::from_millis(200));
}

/// The group of revisions in the open transaction.
#[derive(Debug)]
pub(super) struct Grouped {
    pacing: Pacing,
    /// The current handling of foreign keys on this connection, if set.
    keys: Option<ForeignKeys>,
    /// Whether the open revision needs a commit of its own.
    is_alone: bool,
    /// The time at which the transaction was opened.
    since: Instant,
    /// The position of the row that was last written in the transaction.
    position: Option<i64>,
}

impl Grouped {
    pub(super) fn new(pacing: Pacing) -> Self {
        let since = Instant::now();
        Self { pacing, keys: None, is_alone: false, since, position: None }
    }

    pub(super) fn keys(&self) -> Option<ForeignKeys> {
        self.keys
    }

    /// Returns the position of the next row: counted up from the last, which is queried once per
    /// transaction, since nobody else can write meanwhile.
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
        // Inside an open transaction nobody else can have written.
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

    /// Commits check deferred constraints, so with foreign keys enforced each revision gets its
    /// own: a violation must not fall on another.
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

/// Warns of a transaction over several files, which is not atomic with a write-ahead log.
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
