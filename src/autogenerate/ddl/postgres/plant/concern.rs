//! The tables that get rows: all of them; of many, those that a script concerns.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair};
use crate::autogenerate::ddl::postgres::plant::links::parent;
use crate::catalog::{Id, Kind};

/// The most tables that all get rows; a proof with more would take longer than anybody waits.
const MOST: usize = 200;

/// Leaves out the tables that a script doesn't concern, if there are many; tells how many those are.
/// A table is concerned that the script names, or of which the rules change; with it those that it
/// refers to, and its partitions and parents.
pub(super) fn limit(ends: &Ends<'_>, pairs: &mut Vec<Pair<'_>>) -> usize {
    let (script, count) = (ends.claim.script, pairs.len());
    if count <= MOST || script.is_empty() {
        return 0;
    }
    let is_named = |id: &Id| script.contains(&*quoted(id.name.as_str()));
    let is_first = |it: &&Pair<'_>| {
        it.differs || it.is_split || it.stays_empty || it.new.is_none() || is_named(&it.old.id)
    };
    let ways = ways(ends, pairs);
    let mut todo: Vec<&Id> = pairs.iter().filter(is_first).map(|it| &it.old.id).collect();
    let mut concerned: BTreeSet<Id> = BTreeSet::new();
    while let Some(id) = todo.pop() {
        if concerned.insert(id.clone()) {
            todo.extend(ways.get(id).into_iter().flatten());
        }
    }
    pairs.retain(|it| concerned.contains(&it.old.id));
    count - pairs.len()
}

/// Returns for each present table those that rows in it need.
fn ways(ends: &Ends<'_>, pairs: &[Pair<'_>]) -> BTreeMap<Id, Vec<Id>> {
    let mut res: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
    let mut add = |from: &Id, to: &Id| res.entry(from.clone()).or_default().push(to.clone());
    for key in ends.from.of_kind(Kind::ForeignKey) {
        if let Some((table, parent)) = key.parent.as_ref().zip(parent(key)) {
            add(table, &parent);
        }
    }
    let olds = pairs.iter().filter_map(|it| Some((&it.new?.id, &it.old.id)));
    let olds: BTreeMap<&Id, &Id> = olds.collect();
    for key in ends.to.of_kind(Kind::ForeignKey) {
        let table = key.parent.as_ref().and_then(|it| olds.get(it));
        let parent = parent(key).and_then(|it| olds.get(&it).copied());
        if let Some((table, parent)) = table.zip(parent) {
            add(table, parent);
        }
    }
    for pair in pairs {
        for other in pair.old.needs.iter().filter(|it| it.kind == Kind::Table) {
            add(&pair.old.id, other);
            add(other, &pair.old.id);
        }
    }
    res
}
