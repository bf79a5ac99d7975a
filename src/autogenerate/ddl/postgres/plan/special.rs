//! Changes that no single attribute tells: keys of partitioned tables, tables that are logged
//! together, partitions with what they have of their parents.

use crate::autogenerate::ddl::postgres::leave::{KEEPABLE, has_kept, rule};
use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::write::table::{parents, table_of};
use crate::catalog::{
    COLUMNS, Catalog, Delta, EXPRESSION, Id, Kind, Object, REFERENCES, UNIQUE, WHERE,
};
use crate::inspect::postgres::attributes::{BOUND, PARTITION_KEY, UNLOGGED};

/// Finds what becomes of objects because of others.
pub(super) fn find<'a>(fates: &mut Fates<'a>, sides: &Sides<'a>) {
    for column in sides.from.of_kind(Kind::Column) {
        let is_aside = fates.alters.get(&column.id).is_some_and(|it| it.is_aside);
        if is_aside && is_partition_key(column, sides.from) {
            fates.alters.remove(&column.id);
            if let Some(table) = &column.parent {
                fates.make_anew(table);
                fates.causes.insert(table, &column.id);
            }
        }
    }
    for key in sides.from.of_kind(Kind::ForeignKey) {
        let ends = key.needs.iter().filter(|it| it.kind == Kind::Table);
        let of_parts = key.needs.iter().filter_map(|it| sides.from.get(it)?.parent.as_ref());
        let mut ends = ends.chain(of_parts).chain(&key.parent);
        let is_stable = sides.to.holds(&key.id) && !fates.dropped.contains(&key.id);
        if let Some(table) = ends.find(|it| changes_log(it, sides)).filter(|_| is_stable) {
            fates.make_anew(&key.id);
            fates.causes.insert(&key.id, sides.from.get(table).map_or(&key.id, |it| &it.id));
        }
    }
    let adopted: Vec<&Object> =
        fates.created.iter().filter_map(|id| adopted(id, sides.to, sides.from)).collect();
    let is_brought = |it: &&Object| is_kept(&Delta::Drop(it), sides.from, sides.to);
    let dropped = fates.dropped.iter().filter_map(|id| sides.from.get(id));
    let brought: Vec<&Object> = dropped.filter(is_brought).collect();
    for object in &adopted {
        fates.created.remove(&object.id);
    }
    for object in &brought {
        fates.dropped.remove(&object.id);
    }
    fates.adopted.extend(adopted);
    fates.adopted.extend(brought);
}

/// Tells whether the partition key of its table names a column.
pub(in super::super) fn is_partition_key(column: &Object, catalog: &Catalog) -> bool {
    let Some(table) = table_of(&column.id, catalog) else { return false };
    let name = quoted(column.id.name.as_str());
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '"' || c == '$';
    table.written(PARTITION_KEY).split(|c| !is_part(c)).any(|it| it == name)
}

/// Finds the foreign keys that refer to a partition by way of the tables above it: while there is one,
/// the partition can't be dropped.
pub(super) fn keys_to<'a>(partition: &Object, catalog: &'a Catalog) -> Vec<&'a Object> {
    if !partition.says(BOUND) {
        return Vec::new();
    }
    let mut above = parents(partition, catalog);
    let mut names = Vec::new();
    while let Some(table) = above.pop() {
        names.push(table.id.full_name());
        above.extend(parents(table, catalog));
    }
    let keys = catalog.of_kind(Kind::ForeignKey);
    keys.filter(|key| names.iter().any(|name| refers_to(key, name))).collect()
}

/// Tells whether a partitioned table refers to itself by a foreign key.
pub(super) fn is_of_itself(key: &Object, catalog: &Catalog) -> bool {
    let table = table_of(&key.id, catalog).filter(|it| it.says(PARTITION_KEY));
    table.is_some_and(|it| refers_to(key, &it.id.full_name()))
}

fn refers_to(key: &Object, table: &str) -> bool {
    let rest = key.written(REFERENCES).strip_prefix(table);
    rest.is_some_and(|it| it.trim_start().starts_with('('))
}

fn changes_log(table: &Id, sides: &Sides<'_>) -> bool {
    let both = sides.from.get(table).zip(sides.to.get(table));
    both.is_some_and(|(old, new)| old.says(UNLOGGED) != new.says(UNLOGGED))
}

/// Finds a part that a partition keeps from its parent once it is detached.
fn adopted<'a>(id: &Id, with: &'a Catalog, before: &Catalog) -> Option<&'a Object> {
    let object = with.get(id)?;
    let table = object.parent.as_ref().filter(|_| KEEPABLE.contains(&id.kind))?;
    let (new, old) = (with.get(table)?, before.get(table)?);
    if !before.holds(id) && has_kept(old, object) {
        return Some(object);
    }
    let is_detached = old.says(BOUND) && !new.says(BOUND) && !before.holds(id);
    let parents = parents(old, before);
    let mut above = parents.iter().filter(|_| is_detached).flat_map(|parent| {
        let own = move |it: &&Object| it.parent.as_ref() == Some(&parent.id);
        before.of_kind(id.kind).filter(own)
    });
    let says = [COLUMNS, UNIQUE, WHERE, EXPRESSION];
    let is_same = |it: &Object| {
        says.iter().all(|what| it.attributes.get(what) == object.attributes.get(what))
    };
    above.any(is_same).then_some(object)
}

/// Tells whether a partition keeps a part when it is attached or detached: under a name that nothing
/// compares, as its parent's. Of several alike the first ones are kept.
pub(in super::super) fn is_kept(delta: &Delta<'_>, from: &Catalog, to: &Catalog) -> bool {
    let (object, alone, below) = match delta {
        Delta::Create(it) => (*it, to, from),
        Delta::Drop(it) => (*it, from, to),
        Delta::Alter { .. } => return false,
    };
    let table = object.parent.as_ref().filter(|_| adopted(&object.id, alone, below).is_some());
    let Some(partition) = table.and_then(|it| below.get(it)) else { return false };
    if has_kept(partition, object) {
        return true;
    }
    let is_like = |it: &Object| {
        let is_named = object.id.kind != Kind::Check || it.id.name == object.id.name;
        is_named && it.id.kind == object.id.kind && rule(it) == rule(object)
    };
    let above = parents(partition, below);
    let is_above = |it: &&Object| above.iter().any(|table| it.parent.as_ref() == Some(&table.id));
    let given = below.of_kind(object.id.kind).filter(is_above).filter(|it| is_like(it));
    let beside = alone.of_kind(object.id.kind).filter(|it| it.parent == object.parent);
    let before = beside.filter(|it| it.place < object.place && is_like(it));
    before.count() < given.count()
}
