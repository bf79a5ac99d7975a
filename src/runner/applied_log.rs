//! The content of the version table, as far as a run knows it.

use std::collections::BTreeSet;

use crate::revision::RevisionId;
use crate::runner::foreign_keys::Watch;

/// The assumptions of a script's plan, kept up to date during the run.
#[derive(Debug, Default)]
pub(super) struct Assumptions {
    /// The expected content of the version table.
    pub(super) known: AppliedLog,
    /// The connection's change counter at the last comparison.
    pub(super) seen: Option<i64>,
    pub(super) watch: Watch,
}

impl Assumptions {
    pub(super) fn new(applied: Vec<RevisionId>) -> Self {
        Self { known: AppliedLog::new(applied), ..Self::default() }
    }
}

/// The applied revisions in the order of application.
///
/// Changes by a transaction are logged, so that they can be reverted after a rollback.
#[derive(Debug, Default)]
pub(super) struct AppliedLog {
    order: Vec<RevisionId>,
    log: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Added,
    Removed(usize, RevisionId),
    Cleared(Vec<RevisionId>),
    /// The end of a transaction that is in flight.
    End,
}

impl AppliedLog {
    pub(super) fn new(order: Vec<RevisionId>) -> Self {
        Self { order, log: Vec::new() }
    }

    pub(super) fn last(&self) -> Option<&str> {
        self.order.last().map(RevisionId::as_str)
    }

    /// Tells whether these are the applied revisions, in any order.
    pub(super) fn is(&self, ids: &BTreeSet<String>) -> bool {
        ids.len() == self.order.len() && self.order.iter().all(|id| ids.contains(id.as_str()))
    }

    pub(super) fn add(&mut self, id: &RevisionId) {
        self.order.push(id.clone());
        self.log.push(Change::Added);
    }

    pub(super) fn remove(&mut self, id: &str) {
        // The last revision is most often the one to remove.
        if let Some(at) = self.order.iter().rposition(|it| it.as_str() == id) {
            let id = self.order.remove(at);
            self.log.push(Change::Removed(at, id));
        }
    }

    pub(super) fn clear(&mut self) {
        self.log.push(Change::Cleared(std::mem::take(&mut self.order)));
    }

    /// Accepts all logged changes.
    pub(super) fn settle(&mut self) {
        self.log.clear();
    }

    /// Marks the logged changes as a transaction of its own, whose outcome is not known yet.
    pub(super) fn end_transaction(&mut self) {
        self.log.push(Change::End);
    }

    /// Accepts the changes of the oldest such transaction.
    pub(super) fn settle_oldest(&mut self) {
        let end = self.log.iter().position(|change| matches!(change, Change::End));
        self.log.drain(..end.map_or(0, |at| at + 1));
    }

    /// Reverts the changes since the last acceptance.
    pub(super) fn revert(&mut self) {
        while let Some(change) = self.log.pop() {
            match change {
                Change::Added => drop(self.order.pop()),
                Change::Removed(at, id) => self.order.insert(at, id),
                Change::Cleared(order) => self.order = order,
                Change::End => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> RevisionId {
        RevisionId::parse(text).unwrap()
    }

    fn known(ids: &[&str]) -> AppliedLog {
        AppliedLog::new(ids.iter().map(|it| id(it)).collect())
    }

    #[test]
    fn what_was_changed_can_be_taken_back() {
        let mut known = known(&["a", "b", "c"]);
        known.remove("b");
        known.settle();
        known.remove("a");
        known.add(&id("d"));
        known.clear();
        known.add(&id("e"));
        assert_eq!(known.last(), Some("e"));
        known.revert();
        assert_eq!(known.order, [id("a"), id("c")]);
        assert!(known.is(&["c".to_owned(), "a".to_owned()].into()));
        assert!(!known.is(&["a".to_owned()].into()));
    }

    #[test]
    fn transactions_on_their_way_are_settled_one_by_one() {
        let mut known = known(&["a"]);
        for name in ["b", "c"] {
            known.add(&id(name));
            known.end_transaction();
        }
        known.add(&id("d"));
        assert_eq!(known.last(), Some("d"));
        known.settle_oldest();
        known.revert();
        assert_eq!(known.order, [id("a"), id("b")]);
    }
}
