//! The interface for running revisions in transactions on an engine.

use crate::ledger::Entry;
use crate::revision::ForeignKeys;
use crate::runner::{Committed, Flow, Run, Stop};
use crate::script::Span;

/// An engine's strategy for running revisions in transactions: when statements are sent, and which
/// commits are shared.
///
/// By default each statement is sent by itself, and each revision is committed by itself.
pub(super) trait Course {
    /// Opens a transaction for a revision, or joins the open one.
    fn begin(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop>;

    /// Prepares for a revision that runs outside a transaction; none is open.
    fn stand_alone(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        self.flush(run).map(|()| Flow::On)
    }

    /// Starts a revision: queries and settings before its first statement.
    fn start(&mut self, _run: &mut Run<'_>, _unit: usize) -> Result<(), Stop> {
        Ok(())
    }

    /// Runs a statement, now or together with later ones.
    fn statement(&mut self, run: &mut Run<'_>, text: &str, origin: Origin) -> Result<(), Stop> {
        run.execute(text, origin)
    }

    /// Adds the row of a revision to the version table.
    fn record(&mut self, run: &mut Run<'_>, entry: &Entry) -> Result<(), Stop>;

    /// Deletes the row of a revision from the version table.
    fn erase(&mut self, run: &mut Run<'_>, revision: &str) -> Result<(), Stop> {
        run.transaction.set_recording();
        let text = run.setting.ledger.delete(revision, None);
        self.statement(run, &text, Origin::Record)
    }

    /// Ends a revision; its completion is reported once that is known.
    fn finish(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        run.finish(unit);
        Ok(())
    }

    /// Closes a revision; tells whether it is time to commit.
    fn close(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        run.transaction.close_revision();
        Ok(true)
    }

    /// Commits the transaction, if one is open.
    fn commit(&mut self, run: &mut Run<'_>) -> Result<Committed, Stop>;

    /// Undoes only the open revision, if possible; tells whether the others of its transaction are
    /// committed.
    fn undo(&mut self, _run: &mut Run<'_>) -> bool {
        false
    }

    /// Discards unsent statements, since their transaction is about to be rolled back.
    fn forget(&mut self) {}

    /// Forgets the session's settings, since a new session begins.
    fn forget_session(&mut self) {}

    /// Sends pending statements before another use of the connection.
    fn flush(&mut self, _run: &mut Run<'_>) -> Result<(), Stop> {
        Ok(())
    }

    /// Sends pending statements before other code uses the transaction.
    fn expose(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        self.flush(run)
    }

    /// Tells whether the current revision has unsent statements.
    fn is_gathering(&self) -> bool {
        false
    }

    /// Tells whether the current revision waits for earlier ones to complete.
    fn is_behind(&self) -> bool {
        false
    }

    /// Tells whether the handling of foreign keys has to change (SQLite).
    fn changes_keys(&self, _keys: ForeignKeys) -> bool {
        false
    }

    /// Sets the handling of foreign keys, outside a transaction (SQLite).
    fn set_keys(&mut self, _run: &mut Run<'_>, _keys: ForeignKeys) -> Result<(), Stop> {
        Ok(())
    }
}

/// The origin of a statement sent to the database.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// A script: the number of its unit, and its place there.
    Statement(usize, Span),
    /// A guard, which fails if another process has changed the version table.
    Guard,
    /// The lock of transactions, which fails if another process holds it.
    Entry,
    /// The record of a revision.
    Record,
    /// The end of the transaction.
    Commit,
    /// Any other statement of this program.
    Own,
}
