//! MySQL: each statement is sent by itself, and the record's own condition fails if another process
//! has changed the version table.

use crate::ledger::{Elapsed, Entry, Guard};
use crate::runner::{Committed, Course, Flow, Origin, Run, Stop};

/// The course for MySQL, which needs no state.
pub(super) struct Direct;

impl Course for Direct {
    fn begin(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        if run.transaction.is_open() {
            return Ok(Flow::On);
        }
        run.begin()?;
        if run.is_guarded() { Ok(Flow::On) } else { run.compare() }
    }

    fn record(&mut self, run: &mut Run<'_>, entry: &Entry) -> Result<(), Stop> {
        let recorded = run.recorded(entry, None, Elapsed::Milliseconds(run.turn.milliseconds()));
        let guard = guard_of_row(run);
        let text = run.setting.ledger.insert(entry, &recorded, guard.as_ref());
        change_row(run, &text, guard.is_some())
    }

    fn erase(&mut self, run: &mut Run<'_>, revision: &str) -> Result<(), Stop> {
        let guard = guard_of_row(run);
        let text = run.setting.ledger.delete(revision, guard.as_ref());
        change_row(run, &text, guard.is_some())
    }

    fn commit(&mut self, run: &mut Run<'_>) -> Result<Committed, Stop> {
        run.commit()
    }
}

/// Returns the guard for the current unit's row.
fn guard_of_row(run: &Run<'_>) -> Option<Guard> {
    let unit = run.unit_at_hand().filter(|_| run.is_guarded())?;
    Some(run.setting.ledger.guard(&run.expected(unit), run.lock_condition().as_deref()))
}

/// Changes one row of the version table; a guarded change of no row means that another process
/// changed it.
fn change_row(run: &mut Run<'_>, text: &str, is_guarded: bool) -> Result<(), Stop> {
    run.transaction.set_recording();
    if !is_guarded {
        return run.execute(text, Origin::Record);
    }
    let changed = run.connection.change(text).map_err(|cause| {
        // Outside a transaction it commits by itself.
        run.stop(Origin::Record, cause, u32::from(!run.transaction.is_open()))
    })?;
    if changed == 1 { Ok(()) } else { Err(Stop::Moved) }
}
