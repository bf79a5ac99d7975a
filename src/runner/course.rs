//! How an engine runs revisions in transactions.

use crate::ledger::Entry;
use crate::revision::ForeignKeys;
use crate::runner::run::{Flow, Run, Stop};
use crate::runner::transaction::Committed;
use crate::script::Span;

/// An engine's way of running revisions in transactions: what is sent when, and what is committed together.
///
/// What is usual is that each statement is sent by itself, and each revision is committed by itself.
pub(super) trait Course {
    /// Opens a transaction for a revision, or joins the one that is open.
    fn begin(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop>;

    /// Gets ready for a revision that runs outside a transaction; none is open.
    fn stand_alone(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        self.flush(run).map(|()| Flow::On)
    }

    /// Begins a revision: what is asked or set before its first statement.
    fn start(&mut self, _run: &mut Run<'_>, _unit: usize) -> Result<(), Stop> {
        Ok(())
    }

    /// Runs a statement, now or together with those that follow.
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

    /// Ends a revision; it is told that it is done once that is known.
    fn finish(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        run.finish(unit);
        Ok(())
    }

    /// Closes a revision, whose end has come; tells whether it is time to commit.
    fn close(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        run.transaction.close_revision();
        Ok(true)
    }

    /// Commits the transaction, if one is open.
    fn commit(&mut self, run: &mut Run<'_>) -> Result<Committed, Stop>;

    /// Undoes the revision that is open, and nothing else, if that can be; tells whether the others of its
    /// transaction are committed.
    fn undo(&mut self, _run: &mut Run<'_>) -> bool {
        false
    }

    /// Forgets whatever was gathered and not sent, for its transaction is about to be rolled back.
    fn forget(&mut self) {}

    /// Forgets what was said to the session, which is another from now on.
    fn forget_session(&mut self) {}

    /// Sends what was gathered, for the connection is about to be used otherwise.
    fn flush(&mut self, _run: &mut Run<'_>) -> Result<(), Stop> {
        Ok(())
    }

    /// Sends what was gathered, for the transaction is about to be somebody else's.
    fn expose(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        self.flush(run)
    }

    /// Tells whether something of the revision at hand was gathered and not sent.
    fn is_gathering(&self) -> bool {
        false
    }

    /// Tells whether the revision at hand waits behind others that aren't done.
    fn is_behind(&self) -> bool {
        false
    }

    /// Tells whether foreign keys have to be treated in another way than they are (SQLite).
    fn changes_keys(&self, _keys: ForeignKeys) -> bool {
        false
    }

    /// Says how foreign keys are treated, outside a transaction (SQLite).
    fn set_keys(&mut self, _run: &mut Run<'_>, _keys: ForeignKeys) -> Result<(), Stop> {
        Ok(())
    }
}

/// The origin of a statement that is sent to the database.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// A script: the number of its unit, and its place there.
    Statement(usize, Span),
    /// What fails if another process has moved the database.
    Guard,
    /// What fails if another process holds the transactions' lock.
    Entry,
    /// The record of a revision.
    Record,
    /// The end of the transaction.
    Commit,
    /// Anything else of ours.
    Own,
}
