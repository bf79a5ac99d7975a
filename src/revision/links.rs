//! How revisions find each other: ids, labels, parents, dependencies, and no cycle.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use smallvec::SmallVec;

use crate::place::Place;
use crate::revision::folder::read_script;
use crate::revision::graph::Relation;
use crate::revision::index::Index;
use crate::revision::{GraphError, Key, Node, Revision, RevisionId, Source};

/// Most revisions have one neighbor each way, and no room elsewhere is needed for it.
type Few = SmallVec<[Node; 4]>;

/// The edges of one revision.
#[derive(Debug, Clone, Default)]
pub(super) struct Links {
    /// By `Revises`, as written.
    pub(super) parents: Few,
    /// By `Depends On`, sorted by id.
    pub(super) dependencies: Few,
    /// The dependencies that no ancestor by parents has, sorted by id.
    pub(super) reduced: Few,
    /// The other direction of `parents`, sorted by id.
    pub(super) children: Few,
    /// The other direction of `parents` and `dependencies`, sorted by id.
    pub(super) dependents: Few,
    /// The labels that the revision carries.
    pub(super) labels: BTreeSet<String>,
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
        for label in &revision.header.branch_labels {
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
) -> Result<Vec<Links>, GraphError> {
    let mut links = vec![Links::default(); revisions.len()];
    for (own, revision) in links.iter_mut().zip(revisions) {
        let find = |id: &str| by_id.find(revisions, id);
        let names = revision.header.revises.iter().map(RevisionId::as_str);
        own.parents = resolve(revision, names, Relation::Revises, find)?;
        let find = |name: &str| find(name).or_else(|| by_label.get(name).copied());
        let names = revision.header.depends_on.iter().map(String::as_str);
        own.dependencies = resolve(revision, names, Relation::DependsOn, find)?;
        own.dependencies.sort_by_key(|node| revisions[node.index()].id());
        own.dependencies.dedup();
    }
    refuse_cycles(revisions, &links)?;
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
fn refuse_cycles(revisions: &[Revision], links: &[Links]) -> Result<(), GraphError> {
    let needs = |at: usize| links[at].parents.iter().chain(&links[at].dependencies);
    let mut open: Vec<usize> = (0..links.len()).map(|at| needs(at).count()).collect();
    let needed_by = Reverse::new(links.len(), || {
        (0..links.len()).flat_map(|at| needs(at).map(move |need| (need.index(), at)))
    });
    let mut free: Vec<usize> = (0..links.len()).filter(|at| open[*at] == 0).collect();
    while let Some(at) = free.pop() {
        for above in needed_by.of(at) {
            open[*above] -= 1;
            if open[*above] == 0 {
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

/// Pairs of numbers by the first, in two flat lists.
struct Reverse {
    starts: Vec<usize>,
    values: Vec<usize>,
}

impl Reverse {
    fn new<I: Iterator<Item = (usize, usize)>>(count: usize, pairs: impl Fn() -> I) -> Self {
        let mut starts = vec![0; count + 1];
        for (key, _) in pairs() {
            starts[key] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let (mut next, mut values) = (starts.clone(), vec![0; sum]);
        for (key, value) in pairs() {
            values[next[key]] = value;
            next[key] += 1;
        }
        Self { starts, values }
    }

    fn of(&self, key: usize) -> &[usize] {
        &self.values[self.starts[key]..self.starts[key + 1]]
    }
}

fn link_back(revisions: &[Revision], links: &mut [Links]) {
    for at in 0..links.len() {
        let node = Node::new(at);
        for parent in links[at].parents.clone() {
            links[parent.index()].children.push(node);
            links[parent.index()].dependents.push(node);
        }
        for dependency in links[at].dependencies.clone() {
            links[dependency.index()].dependents.push(node);
        }
    }
    for own in links {
        for list in [&mut own.children, &mut own.dependents] {
            list.sort_by_key(|node| revisions[node.index()].id());
            list.dedup();
        }
    }
}

/// Drops the dependencies that an ancestor by parents lists as well: it brings them along.
fn reduce_dependencies(links: &mut [Links]) {
    for at in 0..links.len() {
        let mut reduced = links[at].dependencies.clone();
        let mut todo: Vec<Node> = links[at].parents.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(node) = todo.pop() {
            if reduced.is_empty() {
                break;
            }
            if seen.insert(node) {
                let above = &links[node.index()];
                reduced.retain(|dependency| !above.dependencies.contains(dependency));
                todo.extend(above.parents.iter().copied());
            }
        }
        links[at].reduced = reduced;
    }
}

/// Gives each label to all descendants, and to the ancestors up to a branch or merge point.
///
/// Downwards only if the line above the revision neither branches nor merges (Alembic walks down
/// from the last descendant it met).
fn spread_labels(revisions: &[Revision], links: &mut [Links]) {
    for (at, revision) in revisions.iter().enumerate() {
        if revision.header.branch_labels.is_empty() {
            continue;
        }
        let labels = &revision.header.branch_labels;
        let mut todo = vec![Node::new(at)];
        let mut seen = BTreeSet::new();
        let mut plain = true;
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                let own = &mut links[node.index()];
                own.labels.extend(labels.iter().cloned());
                plain &= is_plain(own);
                todo.extend(own.children.iter().copied());
            }
        }
        let mut below = links[at].parents.first().copied().filter(|_| plain);
        while let Some(node) = below {
            let own = &mut links[node.index()];
            if !is_plain(own) {
                break;
            }
            own.labels.extend(labels.iter().cloned());
            below = own.parents.first().copied();
        }
    }
}

fn is_plain(links: &Links) -> bool {
    links.dependents.len() <= 1 && links.parents.len() <= 1
}

fn file(revision: &Revision) -> PathBuf {
    revision.up().map(Cow::into_owned).unwrap_or_default()
}

/// Reads the script once more to show the name in a list that an error is about.
fn place(revision: &Revision, key: Key, name: &str) -> Option<Box<Place>> {
    let path = revision.up()?;
    let text = read_script(&path).unwrap_or_default();
    let line = revision.line_of(key);
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
