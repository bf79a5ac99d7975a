//! Which revision has an id: a table of positions, without a copy of the ids.

use std::hash::{BuildHasher as _, RandomState};

use crate::revision::{Node, Revision};

/// The revisions of a graph by their ids.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// At least two places for each revision: a power of two, so that a hash leads to one.
    places: Vec<Option<Node>>,
    hasher: RandomState,
}

impl Index {
    /// Makes room for so many revisions.
    pub(super) fn new(count: usize) -> Self {
        let places = vec![None; (2 * count).next_power_of_two()];
        Self { places, hasher: RandomState::new() }
    }

    /// Adds a revision; returns the one that has its id already, if there is one.
    pub(super) fn insert(&mut self, revisions: &[Revision], node: Node) -> Option<Node> {
        let id = revisions.get(node.index())?.id().as_str();
        let at = self.place_of(revisions, id);
        let place = self.places.get_mut(at)?;
        if place.is_none() {
            *place = Some(node);
            return None;
        }
        *place
    }

    /// Finds a revision by its whole id.
    pub(super) fn find(&self, revisions: &[Revision], id: &str) -> Option<Node> {
        self.places.get(self.place_of(revisions, id)).copied().flatten()
    }

    /// Returns the place where an id stands, or would: the next free one after its hash's.
    fn place_of(&self, revisions: &[Revision], id: &str) -> usize {
        let mask = self.places.len() - 1;
        // What doesn't fit into a word is masked away anyhow.
        let mut at = usize::try_from(self.hasher.hash_one(id) >> 32).unwrap_or_default() & mask;
        while let Some(Some(node)) = self.places.get(at) {
            if revisions.get(node.index()).is_some_and(|it| it.id().as_str() == id) {
                break;
            }
            at = (at + 1) & mask;
        }
        at
    }
}
