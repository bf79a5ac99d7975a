//! Positions in a graph, and sets of them with a bit for each revision.

use std::num::NonZeroU32;

/// The position of a revision in its graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(NonZeroU32);

impl Node {
    pub(super) fn new(index: usize) -> Self {
        // A graph of four billion revisions doesn't fit into memory, let alone into a folder.
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        // Counted from one, so that no node at all takes no more room than one.
        Self(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }

    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A set of nodes in one graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSet {
    words: Vec<u64>,
}

impl NodeSet {
    /// Makes an empty set for a graph with this number of revisions.
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)] }
    }

    /// Makes a set of nodes for a graph with this number of revisions.
    pub fn of(len: usize, nodes: &[Node]) -> Self {
        let mut res = Self::new(len);
        res.extend(nodes.iter().copied());
        res
    }

    /// Tells whether a node is in the set.
    pub fn contains(&self, node: Node) -> bool {
        let (word, bit) = Self::position(node);
        self.words.get(word).is_some_and(|it| it & bit != 0)
    }

    /// Adds a node; tells whether it is new.
    pub fn insert(&mut self, node: Node) -> bool {
        let (word, bit) = Self::position(node);
        let Some(it) = self.words.get_mut(word) else { return false };
        let new = *it & bit == 0;
        *it |= bit;
        new
    }

    /// Removes a node; tells whether it was in the set.
    pub fn remove(&mut self, node: Node) -> bool {
        let (word, bit) = Self::position(node);
        let Some(it) = self.words.get_mut(word) else { return false };
        let was = *it & bit != 0;
        *it &= !bit;
        was
    }

    /// Adds several nodes to the set.
    pub fn extend(&mut self, nodes: impl IntoIterator<Item = Node>) {
        for node in nodes {
            self.insert(node);
        }
    }

    /// Keeps only the nodes that another set has too.
    pub fn intersect(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= theirs;
        }
    }

    /// Removes the nodes of another set.
    pub fn subtract(&mut self, other: &Self) {
        for (word, theirs) in self.words.iter_mut().zip(&other.words) {
            *word &= !theirs;
        }
    }

    /// Tells whether the set has no nodes.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Returns the number of nodes in the set.
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Returns the nodes in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = Node> + '_ {
        let bits = |(at, word): (usize, &u64)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(Node::new(at * 64 + bit))
            })
        };
        self.words.iter().enumerate().flat_map(bits)
    }

    fn position(node: Node) -> (usize, u64) {
        (node.index() / 64, 1 << (node.index() % 64))
    }
}
