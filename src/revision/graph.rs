//! The graph of revisions: acyclic, ids unique, parents present, checked once when it is made.
//!
//! It defines how revisions follow each other, in Alembic's terms: heads, bases, branch labels,
//! lineage. It depends neither on the applied revisions nor on what a user types.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::place::Place;
use crate::revision::links::{self, Links, of};
use crate::revision::{Node, NodeSet, Revision, RevisionId};

/// The edges that a walk follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Follow {
    /// Parents (`Revises`) alone.
    Parents,
    /// Parents and dependencies (`Depends On`).
    ParentsAndDependencies,
}

/// The revisions of a project and their relations.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// Shared by copies of the graph.
    revisions: Arc<Vec<Revision>>,
    by_id: HashMap<RevisionId, Node>,
    by_label: HashMap<String, Node>,
    links: Links,
}

/// Returns the names of a revision: its id and its labels.
fn names(revision: &Revision) -> impl Iterator<Item = &str> {
    let labels = revision.header.extras.branch_labels.iter().map(String::as_str);
    std::iter::once(revision.id().as_str()).chain(labels)
}

/// The reason why revisions don't form a graph.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum GraphError {
    /// Two files have the same id.
    #[error("revision `{revision}` is in two files, `{}` and `{}`", first.display(), second.display())]
    DuplicateId { revision: RevisionId, first: PathBuf, second: PathBuf },
    /// A parent or a dependency doesn't exist.
    #[error("revision `{revision}` {relation} `{missing}`, which doesn't exist")]
    Missing { revision: RevisionId, relation: Relation, missing: String, place: Option<Box<Place>> },
    /// A branch label is taken.
    #[error("branch label `{label}` of revision `{revision}` is taken by revision `{other}`")]
    LabelTaken {
        label: String,
        revision: RevisionId,
        /// The revision that defines it, or whose id it is.
        other: RevisionId,
        place: Option<Box<Place>>,
    },
    /// Revisions form a cycle.
    #[error("the revisions form a cycle: {}{}", display_cycle(revisions), display_files(files))]
    Cycle { revisions: Vec<RevisionId>, files: Vec<PathBuf> },
}

/// The relation of a revision to one that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The header key `Revises`.
    Revises,
    /// The header key `Depends On`.
    DependsOn,
}

impl std::fmt::Display for Relation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Revises => "revises",
            Self::DependsOn => "depends on",
        })
    }
}

fn display_cycle(revisions: &[RevisionId]) -> String {
    let mut names: Vec<&str> = revisions.iter().map(RevisionId::as_str).collect();
    names.extend(revisions.first().map(RevisionId::as_str));
    names.join(" -> ")
}

fn display_files(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|file| format!("`{}`", file.display())).collect();
    if files.iter().all(|file| file.as_os_str().is_empty()) {
        String::new()
    } else {
        format!(" (in {})", names.join(", "))
    }
}

impl GraphError {
    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Missing { place, .. } | Self::LabelTaken { place, .. } => place.as_deref(),
            Self::DuplicateId { .. } | Self::Cycle { .. } => None,
        }
    }
}

impl Graph {
    /// Links revisions, given in the order in which they were read.
    ///
    /// A revision that is only stored in the database may have lost its parents' files as well;
    /// missing ones are ignored.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        Self::of(Arc::new(revisions))
    }

    /// Links revisions that the caller keeps, too.
    pub(crate) fn of(revisions: Arc<Vec<Revision>>) -> Result<Self, GraphError> {
        let by_id = links::index(&revisions)?;
        let by_label = links::labels(&revisions, &by_id)?;
        let links = links::link(&revisions, &by_id, &by_label)?;
        Ok(Self { revisions, by_id, by_label, links })
    }

    /// Links those revisions whose parents and dependencies are all valid; the graph is empty if
    /// even they form none.
    pub fn of_what_is_whole(mut revisions: Vec<Revision>) -> Self {
        loop {
            let names: HashSet<&str> = revisions.iter().flat_map(names).collect();
            let is_there = |name: &str| names.contains(name);
            let is_whole = |revision: &Revision| {
                let header = &revision.header;
                header.revises.iter().all(|id| is_there(id.as_str()))
                    && header.extras.depends_on.iter().all(|name| is_there(name))
            };
            let whole: Vec<bool> = revisions.iter().map(is_whole).collect();
            if whole.iter().all(|it| *it) {
                return Self::new(revisions).unwrap_or_default();
            }
            let mut whole = whole.into_iter();
            revisions.retain(|_| whole.next().unwrap_or_default());
        }
    }

    /// Returns the number of revisions.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Tells whether there are no revisions.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// Returns all revisions in the order of reading.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Returns all nodes in the order of reading.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node> + use<> {
        (0..self.revisions.len()).map(Node::new)
    }

    /// Returns a node's revision.
    pub fn revision(&self, node: Node) -> &Revision {
        &self.revisions[node.index()]
    }

    /// Returns a node's revision id.
    pub fn id(&self, node: Node) -> &RevisionId {
        self.revision(node).id()
    }

    /// Returns the ids of nodes.
    pub fn ids(&self, nodes: &[Node]) -> Vec<RevisionId> {
        nodes.iter().map(|node| self.id(*node).clone()).collect()
    }

    /// Finds a revision by its full id.
    pub fn find(&self, id: &str) -> Option<Node> {
        self.by_id.get(id).copied()
    }

    /// Finds the revision that defines a branch label.
    pub fn find_label(&self, label: &str) -> Option<Node> {
        self.by_label.get(label).copied()
    }

    /// Returns every branch label, sorted.
    pub fn label_names(&self) -> Vec<&str> {
        let mut res: Vec<&str> = self.by_label.keys().map(String::as_str).collect();
        res.sort_unstable();
        res
    }

    /// Returns the parents, as named by `Revises`.
    pub fn parents(&self, node: Node) -> &[Node] {
        of(&self.links.parents, node)
    }

    /// Returns the resolved dependencies, without those of an ancestor.
    pub fn dependencies(&self, node: Node) -> &[Node] {
        of(&self.links.reduced, node)
    }

    /// Returns all dependencies, resolved.
    pub fn all_dependencies(&self, node: Node) -> &[Node] {
        of(&self.links.dependencies, node)
    }

    /// Returns the parents, then the dependencies that no ancestor has.
    pub fn needs(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        let (parents, reduced) = (self.parents(node), self.dependencies(node));
        parents.iter().chain(reduced.iter().filter(|node| !parents.contains(node))).copied()
    }

    /// Returns the revisions that build on a node, sorted by id.
    pub fn children(&self, node: Node) -> &[Node] {
        of(&self.links.children, node)
    }

    /// Returns the revisions that build on a node or depend on it.
    pub fn dependents(&self, node: Node) -> &[Node] {
        of(&self.links.dependents, node)
    }

    /// Returns the branch labels of a revision, including inherited ones, sorted.
    pub fn labels(&self, node: Node) -> impl Iterator<Item = &str> {
        self.links.labels.get(&node).into_iter().flatten().map(String::as_str)
    }

    /// Tells whether a revision has a branch label, possibly inherited.
    pub fn has_label(&self, node: Node, label: &str) -> bool {
        self.links.labels.get(&node).is_some_and(|labels| labels.contains(label))
    }

    /// Tells whether no revision builds on this one, or, with dependencies, depends on it.
    pub fn is_head(&self, node: Node, follow: Follow) -> bool {
        match follow {
            Follow::Parents => self.children(node).is_empty(),
            Follow::ParentsAndDependencies => self.dependents(node).is_empty(),
        }
    }

    /// Tells whether a revision has no parent.
    pub fn is_base(&self, node: Node) -> bool {
        self.parents(node).is_empty()
    }

    /// Tells whether more than one revision builds on this one.
    pub fn is_branch_point(&self, node: Node) -> bool {
        self.children(node).len() > 1
    }

    /// Tells whether a revision has more than one parent.
    pub fn is_merge_point(&self, node: Node) -> bool {
        self.parents(node).len() > 1
    }

    /// Returns the heads in the order of reading.
    pub fn heads(&self, follow: Follow) -> Vec<Node> {
        self.nodes().filter(|node| self.is_head(*node, follow)).collect()
    }

    /// Returns the revisions without a parent in the order of reading.
    pub fn bases(&self) -> Vec<Node> {
        self.nodes().filter(|node| self.is_base(*node)).collect()
    }

    /// Returns the nodes and everything that they need.
    pub fn ancestors(&self, nodes: &[Node], follow: Follow) -> NodeSet {
        self.reach(nodes, |node, push| {
            self.parents(node).iter().copied().for_each(&mut *push);
            if follow == Follow::ParentsAndDependencies {
                self.dependencies(node).iter().copied().for_each(push);
            }
        })
    }

    /// Returns the nodes and everything that needs them.
    pub fn descendants(&self, nodes: &[Node], follow: Follow) -> NodeSet {
        self.reach(nodes, |node, push| match follow {
            Follow::Parents => self.children(node).iter().copied().for_each(push),
            Follow::ParentsAndDependencies => self.dependents(node).iter().copied().for_each(push),
        })
    }

    /// Tells whether one of two revisions is an ancestor of the other, or both are the same.
    pub fn share_lineage(&self, one: Node, other: Node, follow: Follow) -> bool {
        self.ancestors(&[one], follow).contains(other)
            || self.descendants(&[one], follow).contains(other)
    }

    /// Returns the nodes of a set that no other node of the set needs, in the order of reading.
    pub fn tips(&self, set: &NodeSet) -> Vec<Node> {
        let above = |node: &Node| self.dependents(*node).iter().any(|it| set.contains(*it));
        set.iter().filter(|node| !above(node)).collect()
    }

    fn reach(&self, start: &[Node], next: impl Fn(Node, &mut dyn FnMut(Node))) -> NodeSet {
        let mut res = NodeSet::new(self.len());
        let mut todo = start.to_vec();
        while let Some(node) = todo.pop() {
            if res.insert(node) {
                next(node, &mut |found| todo.push(found));
            }
        }
        res
    }
}
