//! The statements that rename objects. What refers to them follows by itself.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::moves::{Move, sequence};
use crate::autogenerate::ddl::postgres::names::{full, keyword, quoted, word};
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name};

/// The kinds whose objects share their names.
const RELATIONS: [Kind; 5] =
    [Kind::Table, Kind::View, Kind::MaterializedView, Kind::Sequence, Kind::Index];

/// Returns the steps that rename tables, indexes and columns. What has a name that is wanted gets
/// another one, under which it is dropped later.
pub(super) fn rename(renames: &Renames, from: &Catalog) -> Vec<Step> {
    let mut pairs: Vec<(Name, Name)> = Vec::new();
    for kind in [Kind::Table, Kind::Index] {
        pairs.extend(renames.pairs(kind).map(|(old, new)| (old.clone(), new.clone())));
    }
    let there: BTreeSet<Name> = relations(from).map(|id| id.name.clone()).collect();
    pairs.extend(in_the_way(&pairs, &there));
    let mut now: Vec<Id> = relations(from).cloned().collect();
    let mut res = Vec::new();
    for Move { old, new, meant } in sequence(&pairs, there, aside_of) {
        let Some(id) = now.iter_mut().find(|it| it.name == old) else { continue };
        let (what, before) = (keyword(id.kind), full(from, id));
        let title = format!("Rename {} {old} to {new}", word(id.kind));
        let sql = format!("ALTER {what} {before} RENAME TO {}", quoted(new.as_str()));
        let step = Step::new(Id::new(id.kind, &meant), title, vec![sql]);
        res.push(Step { purpose: Purpose::Rename, ..step });
        id.name = new;
    }
    let tables: BTreeSet<&Name> = renames.tables_of_columns().collect();
    res.extend(tables.into_iter().flat_map(|table| columns(renames, from, table)));
    res
}

/// Finds the relations of the home schema.
fn relations(catalog: &Catalog) -> impl Iterator<Item = &Id> {
    let all = RELATIONS.into_iter().flat_map(|kind| catalog.of_kind(kind));
    all.map(|it| &it.id).filter(|id| id.schema.is_none())
}

/// Finds what has a name that is wanted and isn't given away, each with a temporary name.
fn in_the_way(pairs: &[(Name, Name)], there: &BTreeSet<Name>) -> Vec<(Name, Name)> {
    let is_moved = |name: &Name| pairs.iter().any(|(old, _)| old == name);
    let wanted = pairs.iter().map(|(_, new)| new);
    let wanted = wanted.filter(|new| there.contains(new) && !is_moved(new));
    wanted.map(|new| (new.clone(), aside_of(new))).collect()
}

fn columns(renames: &Renames, from: &Catalog, table: &Name) -> Vec<Step> {
    let pairs = renames.columns(table).map(|(old, new)| (old.clone(), new.clone()));
    let mut pairs: Vec<(Name, Name)> = pairs.collect();
    let before = renames.old_table(table).map(Id::table);
    let there = before.iter().flat_map(|table| from.parts(Kind::Column, table));
    let there: BTreeSet<Name> = there.map(|it| it.id.name.clone()).collect();
    pairs.extend(in_the_way(&pairs, &there));
    let step = |Move { old, new, meant }| {
        let place = full(from, &Id::table(table));
        let (before, after) = (quoted(Name::as_str(&old)), quoted(Name::as_str(&new)));
        let sql = format!("ALTER TABLE {place} RENAME COLUMN {before} TO {after}");
        let title = format!("Rename column {table}.{old} to {new}");
        let step = Step::new(Id::column(table, &meant), title, vec![sql]);
        Step { purpose: Purpose::Rename, ..step }
    };
    sequence(&pairs, there, aside_of).into_iter().map(step).collect()
}

/// Returns the temporary name of an object until its new name is free.
fn aside_of(name: &Name) -> Name {
    let mut res = format!("_migrate_old_{name}");
    while res.len() > 63 {
        res.pop();
    }
    Name::exact(res)
}
