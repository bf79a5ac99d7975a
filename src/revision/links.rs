//! How revisions find each other: ids, labels, parents, dependencies, and no cycle.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use crate::place::Place;
use crate::revision::graph::Relation;
use crate::revision::index::Index;
use crate::revision::lists::{Few, Lists};
use crate::revision::{GraphError, Header, Key, Node, Revision, RevisionId, Source};

/// The edges of a graph.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// By `Revises`, as written.
    pub(super) parents: Lists,
    /// By `Depends On`, sorted by id.
    pub(super) dependencies: Lists,
    /// The dependencies that no ancestor by parents has, sorted by id.
    pub(super) reduced: Lists,
    /// The other direction of `parents`, sorted by id.
    pub(super) children: Lists,
    /// The other direction of `parents` and `dependencies`, sorted by id.
    pub(super) dependents: Lists,
    /// The labels that revisions carry, where they carry any.
    pub(super) labels: HashMap<Node, BTreeSet<String>>,
}

/// Indexes the revisions by their ids.
pub(super) fn index(revisions: &[Revision]) -> Result<Index, GraphError> {
    let mut res = Index::new(revisions.len());
    for (at, revision) in revisions.iter().enumerate() {
        if let Some(first) = res.insert(revisions, Node::new(at)) {
            return Err(GraphError::DuplicateId {
                revision: revision.id().clone(),
                first: file(&revisions[first.index()]),
                second: file(revision),
            });
        }
    }
    Ok(res)
}

/// Indexes the revisions by the labels that they give.
pub(super) fn labels(
    revisions: &[Revision],
    by_id: &Index,
) -> Result<HashMap<String, Node>, GraphError> {
    let mut res = HashMap::new();
    for (at, revision) in revisions.iter().enumerate() {
        for label in &revision.header.extras.branch_labels {
            let taken = by_id.find(revisions, label).or_else(|| res.get(label).copied());
            match taken {
                None => {
                    res.insert(label.clone(), Node::new(at));
                }
                // A label that came to stand in another file since this one was applied.
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
    by_id: &Index,
    by_label: &HashMap<String, Node>,
) -> Result<Links, GraphError> {
    let mut links = Links::default();
    // What only needs what was read before it can't lead back to itself.
    let mut is_ordered = true;
    for (at, revision) in revisions.iter().enumerate() {
        let find = |id: &str| by_id.find(revisions, id);
        let names = revision.header.revises.iter().map(RevisionId::as_str);
        let parents = resolve(revision, names, Relation::Revises, find)?;
        let find = |name: &str| find(name).or_else(|| by_label.get(name).copied());
        let names = revision.header.extras.depends_on.iter().map(String::as_str);
        let mut found = resolve(revision, names, Relation::DependsOn, find)?;
        found.sort_by_key(|node| revisions[node.index()].id());
        found.dedup();
        is_ordered &= parents.iter().chain(&found).all(|node| node.index() < at);
        links.parents.push(&parents);
        links.dependencies.push(&found);
    }
    if !is_ordered {
        refuse_cycles(revisions, &links)?;
    }
    link_back(revisions, &mut links);
    reduce_dependencies(revisions.len(), &mut links);
    spread_labels(revisions, &mut links);
    Ok(links)
}

fn resolve<'a>(
    revision: &Revision,
    names: impl Iterator<Item = &'a str>,
    relation: Relation,
    find: impl Fn(&str) -> Option<Node>,
) -> Result<Few, GraphError> {
    let mut res = Few::new();
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

/// Takes away revisions that need nothing that is left, until none is; the rest holds a cycle.
fn refuse_cycles(revisions: &[Revision], links: &Links) -> Result<(), GraphError> {
    let needs = |at: usize| {
        let node = Node::new(at);
        links.parents.of(node).iter().chain(links.dependencies.of(node))
    };
    let count = revisions.len();
    let mut open: Vec<u32> = vec![0; count];
    for (at, left) in open.iter_mut().enumerate() {
        needs(at).for_each(|_| *left += 1);
    }
    let needed_by = Lists::reversed(count, || {
        (0..count).flat_map(|at| needs(at).map(move |need| (*need, Node::new(at))))
    });
    let mut free: Vec<Node> = (0..count).filter(|at| open[*at] == 0).map(Node::new).collect();
    while let Some(node) = free.pop() {
        for above in needed_by.of(node) {
            let left = &mut open[above.index()];
            *left -= 1;
            if *left == 0 {
                free.push(*above);
            }
        }
    }
    let Some(start) = open.iter().position(|left| *left > 0) else {
        return Ok(());
    };
    let mut path: Vec<usize> = Vec::new();
    let mut at = start;
    let begin = loop {
        if let Some(begin) = path.iter().position(|seen| *seen == at) {
            break begin;
        }
        path.push(at);
        // What is left has a need that is left: else it would have been taken away.
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
    let nodes = || (0..count).map(Node::new);
    let Links { parents, dependencies, .. } = &*links;
    // What a damaged record names twice is one edge all the same.
    let once = |list: &[Node], at: usize| list.iter().take(at).all(|node| *node != list[at]);
    let up = |node: Node| {
        let list = parents.of(node);
        let unique = (0..list.len()).filter(move |at| once(list, *at));
        unique.map(move |at| (list[at], node))
    };
    let across = |node: Node| {
        let others = dependencies.of(node).iter();
        others.filter(move |it| !parents.of(node).contains(it)).map(move |it| (*it, node))
    };
    let mut children = Lists::reversed(count, || nodes().flat_map(up));
    let key = |node: &Node| revisions[node.index()].id();
    children.sort_each_by_key(key);
    let dependents = if dependencies.is_empty() {
        children.clone()
    } else {
        let pairs = || nodes().flat_map(|node| up(node).chain(across(node)));
        let mut dependents = Lists::reversed(count, pairs);
        dependents.sort_each_by_key(key);
        dependents
    };
    (links.children, links.dependents) = (children, dependents);
}

/// Drops the dependencies that an ancestor by parents lists as well: it brings them along.
fn reduce_dependencies(count: usize, links: &mut Links) {
    let mut res = Lists::default();
    for node in (0..count).map(Node::new) {
        let mut reduced = Few::from_slice(links.dependencies.of(node));
        let mut todo: Vec<Node> = Vec::new();
        if !reduced.is_empty() {
            todo.extend(links.parents.of(node));
        }
        let mut seen = BTreeSet::new();
        while let Some(node) = todo.pop() {
            if reduced.is_empty() {
                break;
            }
            if seen.insert(node) {
                let above = links.dependencies.of(node);
                reduced.retain(|dependency| !above.contains(dependency));
                todo.extend(links.parents.of(node));
            }
        }
        res.push(&reduced);
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
        let is_plain = |node| dependents.of(node).len() <= 1 && parents.of(node).len() <= 1;
        let mut give = |node| labels.entry(node).or_default().extend(own.iter().cloned());
        let mut todo = vec![Node::new(at)];
        let mut seen = BTreeSet::new();
        let mut plain = true;
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                give(node);
                plain &= is_plain(node);
                todo.extend(children.of(node));
            }
        }
        let mut below = parents.of(Node::new(at)).first().copied().filter(|_| plain);
        while let Some(node) = below.filter(|node| is_plain(*node)) {
            give(node);
            below = parents.of(node).first().copied();
        }
    }
}

fn file(revision: &Revision) -> PathBuf {
    revision.up().map(Cow::into_owned).unwrap_or_default()
}

/// Reads the script once more to show the name in a list that an error is about.
fn place(revision: &Revision, key: Key, name: &str) -> Option<Box<Place>> {
    let path = revision.up()?;
    let text = revision.up_text().ok()??;
    let line = Header::parse(&text).map_or(1, |head| head.line_of(key));
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
