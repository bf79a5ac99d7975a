//! Links revisions by ids, labels, parents and dependencies, and refuses cycles.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use smallvec::SmallVec;

use crate::place::Place;
use crate::revision::graph::Relation;
use crate::revision::{GraphError, Header, Key, Node, Revision, RevisionId, Source};

/// The neighbors of a revision: hardly ever more than fit in the place of a list's address.
type List = SmallVec<[Node; 4]>;

/// The neighbors of each revision.
pub(super) type Lists = Vec<List>;

pub(super) fn of(lists: &Lists, node: Node) -> &[Node] {
    lists.get(node.index()).map_or(&[], List::as_slice)
}

#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// By `Revises`, as written.
    pub(super) parents: Lists,
    /// By `Depends On`, sorted by id.
    pub(super) dependencies: Lists,
    /// The dependencies that no ancestor by parents has, sorted by id.
    pub(super) reduced: Lists,
    /// The reverse of `parents`, sorted by id.
    pub(super) children: Lists,
    /// The reverse of `parents` and `dependencies`, sorted by id.
    pub(super) dependents: Lists,
    pub(super) labels: HashMap<Node, BTreeSet<String>>,
}

pub(super) fn index(revisions: &[Revision]) -> Result<HashMap<RevisionId, Node>, GraphError> {
    let mut res = HashMap::with_capacity(revisions.len());
    for (at, revision) in revisions.iter().enumerate() {
        if let Some(first) = res.insert(revision.id().clone(), Node::new(at)) {
            return Err(GraphError::DuplicateId {
                revision: revision.id().clone(),
                first: file(&revisions[first.index()]),
                second: file(revision),
            });
        }
    }
    Ok(res)
}

/// Indexes the revisions by the labels that they define.
pub(super) fn labels(
    revisions: &[Revision],
    by_id: &HashMap<RevisionId, Node>,
) -> Result<HashMap<String, Node>, GraphError> {
    let mut res = HashMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        for label in &revision.header.extras.branch_labels {
            let taken = by_id.get(label.as_str()).copied().or_else(|| res.get(label).copied());
            match taken {
                None => {
                    res.insert(label.clone(), Node::new(at));
                }
                // A label that was moved to another file after this one was applied.
                Some(_) if matches!(revision.source, Source::Stored { .. }) => {}
                Some(other) => {
                    return Err(GraphError::LabelTaken {
                        label: label.clone(),
                        revision: revision.id().clone(),
                        other: revisions[other.index()].id().clone(),
                        place: place(revision, Key::BranchLabels, label),
                    });
                }
            }
        }
    }
    Ok(res)
}

/// Links the revisions and refuses cycles.
pub(super) fn link(
    revisions: &[Revision],
    by_id: &HashMap<RevisionId, Node>,
    by_label: &HashMap<String, Node>,
) -> Result<Links, GraphError> {
    let mut links = Links::default();
    // A revision that needs only earlier ones can't be in a cycle.
    let mut is_ordered = true;
    for (at, revision) in revisions.iter().enumerate() {
        let find = |id: &str| by_id.get(id).copied();
        let names = revision.header.revises.iter().map(RevisionId::as_str);
        let parents = resolve(revision, names, Relation::Revises, find)?;
        let find = |name: &str| find(name).or_else(|| by_label.get(name).copied());
        let names = revision.header.extras.depends_on.iter().map(String::as_str);
        let mut found = resolve(revision, names, Relation::DependsOn, find)?;
        found.sort_by_key(|node| revisions[node.index()].id());
        found.dedup();
        is_ordered &= parents.iter().chain(&found).all(|node| node.index() < at);
        links.parents.push(parents);
        links.dependencies.push(found);
    }
    if !is_ordered {
        refuse_cycles(revisions, &links)?;
    }
    link_back(revisions, &mut links);
    reduce_dependencies(&mut links);
    spread_labels(revisions, &mut links);
    Ok(links)
}

fn resolve<'a>(
    revision: &Revision,
    names: impl Iterator<Item = &'a str>,
    relation: Relation,
    find: impl Fn(&str) -> Option<Node>,
) -> Result<List, GraphError> {
    let mut res = List::new();
    for name in names {
        match find(name) {
            Some(node) => res.push(node),
            None if matches!(revision.source, Source::Stored { .. }) => {}
            None => {
                let key = match relation {
                    Relation::Revises => Key::Revises,
                    Relation::DependsOn => Key::DependsOn,
                };
                return Err(GraphError::Missing {
                    revision: revision.id().clone(),
                    relation,
                    missing: name.to_owned(),
                    place: place(revision, key, name),
                });
            }
        }
    }
    Ok(res)
}

/// Removes revisions that need no remaining one until none is left; a remainder holds a cycle.
fn refuse_cycles(revisions: &[Revision], links: &Links) -> Result<(), GraphError> {
    let needs = |at: usize| {
        let node = Node::new(at);
        of(&links.parents, node).iter().chain(of(&links.dependencies, node))
    };
    let count = revisions.len();
    let mut open: Vec<u32> = vec![0; count];
    for (at, left) in open.iter_mut().enumerate() {
        needs(at).for_each(|_| *left += 1);
    }
    let mut needed_by: Lists = vec![List::new(); count];
    for at in 0..count {
        needs(at).for_each(|need| needed_by[need.index()].push(Node::new(at)));
    }
    let mut free: Vec<Node> = (0..count).filter(|at| open[*at] == 0).map(Node::new).collect();
    while let Some(node) = free.pop() {
        for above in of(&needed_by, node) {
            let left = &mut open[above.index()];
            *left -= 1;
            if *left == 0 {
                free.push(*above);
            }
        }
    }
    let Some(start) = open.iter().position(|left| *left > 0) else { return Ok(()) };
    let mut path: Vec<usize> = Vec::new();
    let mut at = start;
    let begin = loop {
        if let Some(begin) = path.iter().position(|seen| *seen == at) {
            break begin;
        }
        path.push(at);
        // Each remaining revision needs another one: otherwise it would have been removed.
        let next = needs(at).map(|need| need.index()).find(|need| open[*need] > 0);
        at = next.unwrap_or(start);
    };
    let cycle = || path.iter().skip(begin).map(|at| &revisions[*at]);
    Err(GraphError::Cycle {
        revisions: cycle().map(|it| it.id().clone()).collect(),
        files: cycle().map(file).collect(),
    })
}

fn link_back(revisions: &[Revision], links: &mut Links) {
    let count = revisions.len();
    let (mut children, mut dependents) = (vec![List::new(); count], vec![List::new(); count]);
    for at in 0..count {
        let node = Node::new(at);
        // A duplicate in a damaged record is a single edge.
        for parent in of(&links.parents, node) {
            push_once(&mut children[parent.index()], node);
            push_once(&mut dependents[parent.index()], node);
        }
        for need in of(&links.dependencies, node) {
            push_once(&mut dependents[need.index()], node);
        }
    }
    for list in children.iter_mut().chain(&mut dependents) {
        list.sort_by_key(|node: &Node| revisions[node.index()].id());
    }
    (links.children, links.dependents) = (children, dependents);
}

/// Adds a revision to a list that grows in the order of the revisions.
fn push_once(list: &mut List, node: Node) {
    if list.last() != Some(&node) {
        list.push(node);
    }
}

/// Drops the dependencies that an ancestor by parents lists as well, since that brings them along.
fn reduce_dependencies(links: &mut Links) {
    let mut res = links.dependencies.clone();
    for (at, reduced) in res.iter_mut().enumerate().filter(|(_, list)| !list.is_empty()) {
        let mut todo = of(&links.parents, Node::new(at)).to_vec();
        let mut seen = BTreeSet::new();
        while let Some(node) = todo.pop().filter(|_| !reduced.is_empty()) {
            if seen.insert(node) {
                let above = of(&links.dependencies, node);
                reduced.retain(|dependency| !above.contains(dependency));
                todo.extend(of(&links.parents, node));
            }
        }
    }
    links.reduced = res;
}

/// Gives each label to all descendants, and to the ancestors up to a branch or merge point.
///
/// Downwards only if the line above the revision neither branches nor merges (Alembic walks down
/// from the last descendant it met).
fn spread_labels(revisions: &[Revision], links: &mut Links) {
    for (at, revision) in revisions.iter().enumerate() {
        if revision.header.extras.branch_labels.is_empty() {
            continue;
        }
        let own = &revision.header.extras.branch_labels;
        let Links { parents, children, dependents, labels, .. } = &mut *links;
        let is_plain = |node| of(dependents, node).len() <= 1 && of(parents, node).len() <= 1;
        let mut give = |node| labels.entry(node).or_default().extend(own.iter().cloned());
        let mut todo = vec![Node::new(at)];
        let mut seen = BTreeSet::new();
        let mut plain = true;
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                give(node);
                plain &= is_plain(node);
                todo.extend(of(children, node));
            }
        }
        let mut below = of(parents, Node::new(at)).first().copied().filter(|_| plain);
        while let Some(node) = below.filter(|node| is_plain(*node)) {
            give(node);
            below = of(parents, node).first().copied();
        }
    }
}

fn file(revision: &Revision) -> PathBuf {
    revision.up().map(Cow::into_owned).unwrap_or_default()
}

/// Reads the script again to locate a name in a list.
fn place(revision: &Revision, key: Key, name: &str) -> Option<Box<Place>> {
    let path = revision.up()?;
    let text = revision.up_text().ok()??;
    let line = Header::parse(&text).map_or(1, |parsed| parsed.line_of(key));
    let shown = text.lines().nth(line - 1).unwrap_or_default();
    let (key, list) = shown.split_once(':').unwrap_or_default();
    let mut column = key.chars().count() + 2;
    for item in list.split(',') {
        if item.trim() == name {
            column += item.chars().take_while(|c| c.is_whitespace()).count();
            break;
        }
        column += item.chars().count() + 1;
    }
    Some(Box::new(Place::at(&path, &text, line, column)))
}
