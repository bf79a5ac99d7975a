//! A list of nodes for each revision of a graph, all of them in two flat arrays.

use smallvec::SmallVec;

use crate::revision::Node;

/// Most revisions have one neighbor each way, and no room elsewhere is needed for it.
pub(super) type Few = SmallVec<[Node; 4]>;

/// A list for each revision.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    /// Where each list ends; as long as all are empty, nothing.
    ends: Vec<u32>,
    /// How many lists there are, of which none ends anywhere yet.
    empty: usize,
    nodes: Vec<Node>,
}

impl Lists {
    /// Adds the list of the next revision.
    pub(super) fn push(&mut self, list: &[Node]) {
        if self.nodes.is_empty() && list.is_empty() {
            self.empty += 1;
            return;
        }
        self.nodes.extend_from_slice(list);
        if self.ends.is_empty() {
            self.ends.resize(self.empty, 0);
        }
        self.ends.push(number(self.nodes.len()));
    }

    /// Makes the lists of all second nodes by the first, in the order of the pairs.
    pub(super) fn reversed<I>(count: usize, pairs: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (Node, Node)>,
    {
        // First how long each is, then where each begins; each node put into it moves that on, and
        // at last it is where the list ends.
        let mut ends: Vec<u32> = vec![0; count];
        let mut total = 0;
        for (key, _) in pairs() {
            ends[key.index()] += 1;
            total += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut nodes = vec![Node::new(0); total];
        for (key, value) in pairs() {
            let end = &mut ends[key.index()];
            nodes[*end as usize] = value;
            *end += 1;
        }
        Self { ends, empty: 0, nodes }
    }

    /// Sorts each list.
    pub(super) fn sort_each_by_key<K: Ord>(&mut self, key: impl Fn(&Node) -> K) {
        let mut start = 0;
        for end in &self.ends {
            let end = *end as usize;
            if let Some(list) = self.nodes.get_mut(start..end).filter(|list| list.len() > 1) {
                list.sort_by_key(&key);
            }
            start = end;
        }
    }

    /// Tells whether no list holds anything.
    pub(super) fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the list of a revision.
    pub(super) fn of(&self, node: Node) -> &[Node] {
        let at = node.index();
        let place = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = if at == 0 { 0 } else { place(at - 1) };
        self.nodes.get(start..place(at)).unwrap_or_default()
    }
}

/// A graph of four billion edges doesn't fit into memory, let alone into a folder.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(numbers: &[usize]) -> Vec<Node> {
        numbers.iter().map(|number| Node::new(*number)).collect()
    }

    #[test]
    fn each_revision_has_its_own_list() {
        let mut lists = Lists::default();
        let own: [&[usize]; 5] = [&[], &[], &[3, 1], &[], &[2]];
        for list in own {
            lists.push(&nodes(list));
        }
        for (at, list) in own.iter().enumerate() {
            assert_eq!(lists.of(Node::new(at)), nodes(list), "{at}");
        }
        assert!(Lists::default().of(Node::new(7)).is_empty());
    }

    #[test]
    fn pairs_are_gathered_by_the_first() {
        let pairs = [(2, 5), (0, 4), (2, 1), (2, 3)].map(|(a, b)| (Node::new(a), Node::new(b)));
        let mut lists = Lists::reversed(4, || pairs.into_iter());
        assert_eq!(lists.of(Node::new(2)), nodes(&[5, 1, 3]));
        assert_eq!(lists.of(Node::new(0)), nodes(&[4]));
        assert!(lists.of(Node::new(1)).is_empty() && lists.of(Node::new(3)).is_empty());
        lists.sort_each_by_key(|node| *node);
        assert_eq!(lists.of(Node::new(2)), nodes(&[1, 3, 5]));
    }
}
