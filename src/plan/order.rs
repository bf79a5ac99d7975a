//! The order in which revisions run: Alembic's `_topological_sort`, to the letter.
//!
//! Follow one head down; before a revision that another open head needs, go on with that head. So
//! branches run one after the other instead of interleaved.

use crate::revision::{Follow, Graph, Node, NodeSet};

/// An ordering from the heads down, and the revisions out of reach.
pub(super) struct Order {
    /// The reachable revisions, each before all that it needs.
    pub(super) nodes: Vec<Node>,
    /// The revisions that can't be reached within the set.
    pub(super) left: NodeSet,
}

/// Orders a set of revisions from some heads down.
pub(super) fn order(graph: &Graph, set: &NodeSet, heads: &[Node]) -> Order {
    let mut left = set.clone();
    let start = NodeSet::of(graph.len(), heads);
    let mut open: Vec<Open> = start
        .iter()
        .filter(|node| set.contains(*node))
        .map(|node| Open::new(graph, node))
        .collect();
    let mut nodes = Vec::with_capacity(set.len());
    let mut at = 0;
    while let Some(candidate) = open.get(at).map(|it| it.head) {
        let needed_by = open
            .iter()
            .enumerate()
            .position(|(other, it)| other != at && it.ancestors.contains(candidate));
        if let Some(other) = needed_by {
            at = other;
            continue;
        }
        if left.remove(candidate) {
            nodes.push(candidate);
        }
        at = advance(graph, &mut open, at, &left);
    }
    Order { nodes, left }
}

/// Orders a whole set; revisions out of the heads' reach come last.
pub(super) fn order_all(graph: &Graph, set: &NodeSet, heads: &[Node]) -> Vec<Node> {
    let mut res = order(graph, set, heads);
    while !res.left.is_empty() {
        // A re-parented revision can lie above a gap; continue at the tips of the rest.
        let more = order(graph, &res.left, &graph.tips(&res.left));
        res.nodes.extend(more.nodes);
        res.left = more.left;
    }
    res.nodes
}

/// A head that is followed down.
struct Open {
    head: Node,
    ancestors: NodeSet,
}

impl Open {
    fn new(graph: &Graph, head: Node) -> Self {
        let ancestors = graph.ancestors(&[head], Follow::ParentsAndDependencies);
        Self { head, ancestors }
    }
}

/// Moves an open head to its parents and dependencies, and returns the head to go on with.
fn advance(graph: &Graph, open: &mut Vec<Open>, at: usize, left: &NodeSet) -> usize {
    let candidate = open[at].head;
    let is_open = |node: &Node| open.iter().any(|it| it.head == *node);
    let next: Vec<Node> =
        graph.needs(candidate).filter(|node| left.contains(*node) && !is_open(node)).collect();
    let Some((first, others)) = next.split_first() else {
        open.remove(at);
        return at.saturating_sub(1);
    };
    let plain = graph.dependencies(candidate).is_empty() && graph.parents(candidate).len() == 1;
    if plain {
        // On a plain line the ancestors are those of the candidate without itself.
        open[at].head = *first;
        open[at].ancestors.remove(candidate);
    } else {
        open[at] = Open::new(graph, *first);
        open.extend(others.iter().map(|node| Open::new(graph, *node)));
    }
    at
}
