//! The transaction that revisions share.
//!
//! A revision that is wholly applied with its row, or not at all, needs a savepoint, not a commit:
//! a commit costs SQLite four calls of fsync. So revisions run inside one transaction, each in a
//! savepoint of its own, and the transaction is committed when some time has passed, and before
//! whatever can't be in one. A failure rolls back to its revision's savepoint and commits what
//! came before; a kill loses the last group whole, and the next run does it again.

use std::time::{Duration, Instant};

use crate::database::{Connection, DatabaseError, Waiting};
use crate::revision::ForeignKeys;
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

/// The transaction, and the revision that is open in it.
#[derive(Debug)]
pub(super) struct Group {
    pacing: Pacing,
    /// How SQLite treats foreign keys on this connection, once it was said.
    keys: Option<ForeignKeys>,
    /// Whether a transaction of ours is open.
    is_open: bool,
    /// Whether a revision is open in a transaction of ours.
    in_revision: bool,
    /// Whether the revision that is open is to be committed by itself.
    is_alone: bool,
    /// When the transaction was opened.
    since: Instant,
}

impl Group {
    pub(super) fn new(pacing: Pacing) -> Self {
        Self {
            pacing,
            keys: None,
            is_open: false,
            in_revision: false,
            is_alone: false,
            since: Instant::now(),
        }
    }

    /// Tells whether a revision is open in a transaction of ours.
    pub(super) fn in_revision(&self) -> bool {
        self.in_revision
    }

    /// Tells whether the transaction of ours is gone although a revision is open in it.
    pub(super) fn is_lost(&self, connection: &dyn Connection) -> bool {
        self.is_open && !connection.in_transaction()
    }

    /// Returns how SQLite treats foreign keys, once it was said.
    pub(super) fn keys(&self) -> Option<ForeignKeys> {
        self.keys
    }

    /// Tells whether a transaction of ours is open.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Tells whether each revision is committed by itself.
    pub(super) fn commits_each(&self) -> bool {
        self.pacing == Pacing::Each
    }

    /// Says that a transaction was opened by a statement on its way.
    pub(super) fn set_open(&mut self) {
        self.is_open = true;
        self.in_revision = true;
    }

    /// Says that the transaction was ended by a statement.
    pub(super) fn set_closed(&mut self) {
        self.is_open = false;
        self.in_revision = false;
    }

    /// Tells whether the foreign keys have to be said anew, which ends the group.
    pub(super) fn changes(&self, keys: ForeignKeys) -> bool {
        self.keys != Some(keys)
    }

    /// Forgets what was said to a session that is no more.
    pub(super) fn forget_session(&mut self) {
        self.keys = None;
    }

    /// Says how SQLite treats foreign keys; only outside a transaction.
    pub(super) fn set_keys(
        &mut self,
        connection: &mut dyn Connection,
        keys: ForeignKeys,
    ) -> Result<(), DatabaseError> {
        connection.execute(pragma(keys))?;
        self.keys = Some(keys);
        Ok(())
    }

    /// Opens a revision, and a transaction for it unless one is open; tells whether it did.
    pub(super) fn begin(
        &mut self,
        connection: &mut dyn Connection,
        waiting: &mut dyn FnMut(&Waiting),
    ) -> Result<bool, DatabaseError> {
        let opens = !self.is_open;
        if opens {
            connection.begin(waiting)?;
            self.is_open = true;
            self.since = Instant::now();
        }
        self.in_revision = true;
        if self.pacing != Pacing::Each {
            connection.execute_often(SAVEPOINT)?;
        }
        Ok(opens)
    }

    /// Says that the next revision runs outside a transaction and is committed by itself.
    pub(super) fn stand_alone(&mut self) {
        self.is_alone = true;
    }

    /// Closes the revision that is open; tells whether it is time to commit.
    ///
    /// Deferred constraints are checked by a commit, so with foreign keys enforced each revision
    /// gets its own: a fault of one must not fall on another.
    pub(super) fn close(&mut self, connection: &mut dyn Connection) -> Result<bool, DatabaseError> {
        let is_alone =
            std::mem::take(&mut self.is_alone) || self.keys == Some(ForeignKeys::Enforced);
        if let Pacing::Together(stretch) = self.pacing {
            connection.execute_often(RELEASE)?;
            self.in_revision = false;
            return Ok(is_alone || self.since.elapsed() >= stretch);
        }
        self.in_revision = false;
        Ok(true)
    }

    /// Commits the transaction, if one is open.
    pub(super) fn commit(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        if self.is_open {
            connection.commit()?;
            self.is_open = false;
        }
        Ok(())
    }

    /// Undoes the revision that is open, and nothing else; tells whether the others still stand.
    pub(super) fn undo(&mut self, connection: &mut dyn Connection) -> bool {
        let together = self.pacing != Pacing::Each;
        let undo = |connection: &mut dyn Connection| {
            if self.in_revision {
                connection.execute(ROLL_BACK)?;
                connection.execute(RELEASE)?;
            }
            connection.commit()
        };
        let stands =
            together && self.is_open && connection.in_transaction() && undo(connection).is_ok();
        if !stands {
            // The failure that led here is the one to tell; a lost connection rolls back itself.
            let _result = connection.rollback();
        }
        self.is_open = false;
        self.in_revision = false;
        stands
    }
}
