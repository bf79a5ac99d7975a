//! The statements that rename objects. What refers to them follows by itself.

use std::collections::BTreeSet;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::moves::{Move, sequence};

use crate::autogenerate::ddl::postgres::names::{full, literal, quoted, shown};
use crate::autogenerate::ddl::postgres::places::Places;
use crate::autogenerate::ddl::postgres::{alone, leave, moved};
use crate::autogenerate::rename::is_value;
use crate::autogenerate::script::{Purpose, Step};
use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::{INDEXES_OF_PARENTS, KNOWN_AS};

/// The kinds whose objects share their names: relations have types of their names.
pub(super) const NAMED: [Kind; 9] = [
    Kind::Enum,
    Kind::Domain,
    Kind::Composite,
    Kind::Range,
    Kind::Table,
    Kind::View,
    Kind::MaterializedView,
    Kind::Sequence,
    Kind::Index,
];

/// Returns the steps that rename objects: schemas, what is in them, and the parts of that. What has a
/// name that is wanted gets another one, under which it is dropped later.
pub(super) fn rename(way: &Transition<'_>) -> Vec<Step> {
    let Transition { from, renames, .. } = *way;
    let of = |kinds: &[Kind]| -> Vec<&(Id, Id)> {
        let is_one = |id: &Id| kinds.contains(&id.kind) && !is_value(id);
        renames.all().filter(|(old, _)| is_one(old)).collect()
    };
    let mut res = schemas(&of(&[Kind::Schema]), from);
    let mut places = Places::find(way);
    res.extend(moved::steps(&mut places));
    res.extend(leave::steps(&places));
    let columns = of(&[Kind::Column]);
    let tables: BTreeSet<Id> = columns.iter().filter_map(|(_, new)| table(new)).collect();
    let is_rest = |it: &&(Id, Id)| {
        ![Kind::Schema, Kind::Column].contains(&it.0.kind) && !NAMED.contains(&it.0.kind)
    };
    res.extend(tables.iter().flat_map(|table| self::columns(&places, table)));
    let values: BTreeSet<(&Option<Name>, &Name)> = renames
        .all()
        .filter(|(_, new)| is_value(new))
        .filter_map(|(_, new)| Some((&new.schema, new.owner.as_ref()?)))
        .collect();
    let types = values
        .into_iter()
        .map(|(schema, name)| Id { schema: schema.clone(), ..Id::new(Kind::Enum, name) });
    res.extend(types.flat_map(|it| self::values(renames, from, &it)));
    let rest: Vec<&(Id, Id)> =
        renames.all().filter(is_rest).filter(|it| !is_value(&it.0)).collect();
    res.extend(alone::steps(&rest, &places));
    res
}

/// Returns the id of the table of a part.
fn table(part: &Id) -> Option<Id> {
    Some(Id { schema: part.schema.clone(), ..Id::table(part.owner.as_ref()?) })
}

/// Returns the steps that rename schemas.
fn schemas(pairs: &[&(Id, Id)], from: &Catalog) -> Vec<Step> {
    let there = from.of_kind(Kind::Schema).map(|it| it.id.name.clone()).collect();
    let pairs = pairs.iter().map(|(old, new)| (old.name.clone(), new.name.clone()));
    let mut pairs: Vec<(Name, Name)> = pairs.collect();
    pairs.extend(in_the_way(&pairs, &there));
    let step = |Move { old, new, meant }| {
        let (before, after) = (quoted(Name::as_str(&old)), quoted(Name::as_str(&new)));
        let sql = format!("ALTER SCHEMA {before} RENAME TO {after}");
        let title = format!("Rename schema {old} to {new}");
        let step = Step::new(Id::new(Kind::Schema, &meant), title, vec![sql]);
        Step { purpose: Purpose::Rename, ..step }
    };
    sequence(&pairs, there, aside_of).into_iter().map(step).collect()
}

/// Finds what has a name that is wanted and isn't given away, each with a temporary name.
pub(super) fn in_the_way(pairs: &[(Name, Name)], there: &BTreeSet<Name>) -> Vec<(Name, Name)> {
    let is_moved = |name: &Name| pairs.iter().any(|(old, _)| old == name);
    let wanted = pairs.iter().map(|(_, new)| new);
    let wanted = wanted.filter(|new| there.contains(new) && !is_moved(new));
    let mut taken: BTreeSet<Name> = there.clone();
    let mut aside = |new: &Name| {
        let mut name = aside_of(new);
        while !taken.insert(name.clone()) {
            name = aside_of(&name);
        }
        (new.clone(), name)
    };
    wanted.map(&mut aside).collect()
}

fn columns(places: &Places<'_>, table: &Id) -> Vec<Step> {
    let Transition { from, renames, .. } = *places.way;
    let before = renames.before(table);
    let object = before.as_ref().and_then(|it| from.get(it));
    let is_own =
        |pair: &(&Name, &Name)| object.is_none_or(|it| !leave::is_given(it, *pair, places));
    let pairs = renames.columns_of(table).filter(is_own);
    let mut pairs: Vec<(Name, Name)> = pairs.map(|(old, new)| (old.clone(), new.clone())).collect();
    let there = before.iter().flat_map(|table| from.parts(Kind::Column, table));
    let there: BTreeSet<Name> = there.map(|it| it.id.name.clone()).collect();
    pairs.extend(in_the_way(&pairs, &there));
    let step = |Move { old, new, meant }| {
        let place = full(from, table);
        let (before, after) = (quoted(Name::as_str(&old)), quoted(Name::as_str(&new)));
        let sql = format!("ALTER TABLE {place} RENAME COLUMN {before} TO {after}");
        let title = format!("Rename column {}.{old} to {new}", shown(table));
        let column = Id { schema: table.schema.clone(), ..Id::column(&table.name, &meant) };
        let step = Step::new(column, title, vec![sql]);
        Step { purpose: Purpose::Rename, ..step }
    };
    sequence(&pairs, there, aside_of).into_iter().map(step).collect()
}

/// Returns the steps that rename values of an enum.
fn values(renames: &Renames, from: &Catalog, of: &Id) -> Vec<Step> {
    let is_own =
        |id: &Id| is_value(id) && id.owner.as_ref() == Some(&of.name) && id.schema == of.schema;
    let pairs = renames.all().filter(|(_, new)| is_own(new));
    let pairs: Vec<(Name, Name)> =
        pairs.map(|(old, new)| (old.name.clone(), new.name.clone())).collect();
    let there = pairs.iter().map(|(old, _)| old.clone()).collect();
    let step = |Move { old, new, meant }| {
        let (before, after) = (literal(Name::as_str(&old)), literal(Name::as_str(&new)));
        let sql = format!("ALTER TYPE {} RENAME VALUE {before} TO {after}", full(from, of));
        let title = format!("Rename value {old} of enum {} to {new}", shown(of));
        let id = Id { schema: of.schema.clone(), ..Id::part(Kind::Enum, &of.name, &meant) };
        Step { purpose: Purpose::Rename, ..Step::new(id, title, vec![sql]) }
    };
    sequence(&pairs, there, aside_of).into_iter().map(step).collect()
}

/// The longest name that PostgreSQL doesn't cut, in bytes.
pub(super) const LONGEST: usize = 63;

/// The beginning of temporary names.
const ASIDE: &str = "_migrate_old";

/// Returns the temporary name of an object until its new name is free; for a temporary name, the next one.
pub(super) fn aside_of(name: &Name) -> Name {
    let name = name.as_str();
    let mut res = match counted(name) {
        Some((count, rest)) => format!("{ASIDE}{}_{rest}", count.saturating_add(1)),
        None => format!("{ASIDE}_{name}"),
    };
    while res.len() > LONGEST {
        res.pop();
    }
    Name::exact(res)
}

/// Divides a temporary name into its number, 1 for the first, and the name that the object had.
fn counted(name: &str) -> Option<(u32, &str)> {
    let (count, rest) = name.strip_prefix(ASIDE)?.split_once('_')?;
    let count = if count.is_empty() { 1 } else { count.parse().ok()? };
    Some((count, rest))
}

/// Notes the names that users know of what the renames have put aside, and what tables have left.
pub(super) fn tell_names(way: &Transition<'_>, renamed: &mut Catalog) {
    let Transition { from, renames, .. } = *way;
    let known = |id: &Id| {
        counted(id.name.as_str())?;
        let place = renames.place_before(id).filter(|it| !from.holds(it))?;
        let is_it = |old: &&Object| {
            let name = aside_of(&old.id.name);
            place == Id { name, ..old.id.clone() }
        };
        from.objects.values().find(is_it).map(|old| old.id.name.to_string())
    };
    for (id, object) in &mut renamed.objects {
        object.aside.extend(known(id).map(|name| (KNOWN_AS, name)));
    }
    leave::tell(way, renamed);
    // The catalog is that of a database made anew, in which they can have other names.
    let indexes = |id: &Id| {
        let table = from.get(&renames.before(id)?)?;
        table.aside.get(INDEXES_OF_PARENTS).cloned()
    };
    for (id, object) in &mut renamed.objects {
        object.aside.extend(indexes(id).map(|names| (INDEXES_OF_PARENTS, names)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temporary_names_are_numbered() {
        let mut name = Name::exact("t");
        let mut next = || {
            name = aside_of(&name);
            name.to_string()
        };
        let names = [next(), next(), next()];
        assert_eq!(names, ["_migrate_old_t", "_migrate_old2_t", "_migrate_old3_t"]);
        assert_eq!(aside_of(&Name::exact("é".repeat(31))).as_str().len(), 63);
    }
}
