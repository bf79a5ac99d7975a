//! The state of the open transaction.

/// The state of the open transaction, if there is one.
#[derive(Debug, Default)]
pub(super) struct Transaction {
    is_open: bool,
    in_revision: bool,
    records: bool,
}

/// The proof that a transaction was committed with all that was in it.
#[derive(Debug)]
pub(super) struct Committed {
    records: bool,
}

impl Transaction {
    /// Records that a transaction is open, and a revision in it.
    pub(super) fn set_open(&mut self) {
        self.is_open = true;
        self.in_revision = true;
    }

    /// Records that the revision was closed; others may follow in the same transaction.
    pub(super) fn close_revision(&mut self) {
        self.in_revision = false;
    }

    /// Records that the version table is about to change: the next commit records a revision.
    /// Outside a transaction the change commits by itself.
    pub(super) fn set_recording(&mut self) {
        self.records = true;
    }

    /// Records that the transaction was rolled back, or ended by a script's statement.
    pub(super) fn set_ended(&mut self) {
        *self = Self::default();
    }

    /// Records that the database has committed the transaction, if one was open.
    pub(super) fn set_committed(&mut self) -> Committed {
        let Self { records, .. } = std::mem::take(self);
        Committed { records }
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn in_revision(&self) -> bool {
        self.in_revision
    }

    /// Tells whether the next commit records a revision.
    pub(super) fn is_recording(&self) -> bool {
        self.records
    }
}

impl Committed {
    /// Tells whether the commit recorded a revision.
    pub(super) fn records(&self) -> bool {
        self.records
    }
}
