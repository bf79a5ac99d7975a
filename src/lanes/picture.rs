//! What the pictures say beside the lanes.

use crate::lanes::{Layout, layout};
use crate::revision::{Follow, Graph, Node, NodeSet};

/// How a revision stands, as far as it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The database wasn't asked.
    Unknown,
    /// It is applied.
    Applied,
    /// It is not.
    Pending,
}

/// Revisions of a graph that are shown in a picture.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// The graph.
    pub graph: &'a Graph,
    /// The revisions, newest first.
    pub nodes: &'a [Node],
    /// What is applied; none if the database wasn't asked.
    pub applied: Option<&'a NodeSet>,
}

impl Picture<'_> {
    /// Finds the lanes.
    pub fn layout(&self) -> Layout {
        layout(self.graph, self.nodes)
    }

    /// Returns how a revision stands.
    pub fn mark(&self, node: Node) -> Mark {
        match self.applied {
            None => Mark::Unknown,
            Some(applied) if applied.contains(node) => Mark::Applied,
            Some(_) => Mark::Pending,
        }
    }

    /// Returns the labels to show with a revision: those that it gives, and those that it
    /// carries where its branch ends.
    pub fn labels(&self, node: Node) -> Vec<&str> {
        let own = &self.graph.revision(node).header.extras.branch_labels;
        let is_head = self.graph.is_head(node, Follow::Parents);
        let carried = self.graph.labels(node);
        carried.filter(|label| is_head || own.iter().any(|it| it == label)).collect()
    }

    /// Returns a revision's edges within the picture: to which, and whether it is a parent.
    pub(super) fn edges(&self) -> Vec<(Node, Node, bool)> {
        let shown = NodeSet::of(self.graph.len(), self.nodes);
        let mut res = Vec::new();
        for node in self.nodes {
            let parents = self.graph.parents(*node);
            res.extend(parents.iter().map(|it| (*node, *it, true)));
            let needs = self.graph.dependencies(*node).iter();
            res.extend(needs.filter(|it| !parents.contains(it)).map(|it| (*node, *it, false)));
        }
        res.retain(|(_, to, _)| shown.contains(*to));
        res
    }

    /// Returns the message of a revision, without what steers a terminal or a reader of XML.
    pub(super) fn message(&self, node: Node) -> String {
        let message = &self.graph.revision(node).header.message;
        message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}
