//! Names of the constraints by which columns and domains refuse NULL: where only the name is another one,
//! the constraint is renamed.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::moves::{Move, sequence};
use crate::autogenerate::ddl::postgres::names::{is_constraint, owner, quoted, shown_owner};
use crate::autogenerate::ddl::postgres::rename::aside_of;
use crate::autogenerate::ddl::postgres::write::not_null::{heirs, is_kept, is_shared, name};
use crate::autogenerate::ddl::postgres::write::table::table_of;
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, ChangeKind, Difference, Id, Kind, Name, Object, Value};
use crate::inspect::postgres::attributes::{NO_INHERIT, NOT_NULL_NAME};

/// A constraint that is renamed.
pub(super) struct Renamed {
    /// The column or the domain.
    of: Id,
    old: String,
    new: String,
    /// The attribute that says the name, as it is then.
    said: Option<Value>,
}

/// Finds the constraints that have only another name, those of a table in an order in which each name is
/// free.
pub(super) fn find(from: &Catalog, to: &Catalog) -> Vec<Renamed> {
    let mut owners: BTreeMap<(Kind, String), Vec<(&Object, &Object)>> = BTreeMap::new();
    for kind in [Kind::Column, Kind::Domain] {
        for old in from.of_kind(kind) {
            let Some(new) = to.get(&old.id).filter(|new| is_renamed(old, new, from)) else {
                continue;
            };
            owners.entry((kind, shown_owner(&old.id))).or_default().push((old, new));
        }
    }
    owners.into_values().flat_map(|pairs| in_order(&pairs, from)).collect()
}

fn is_renamed(old: &Object, new: &Object, from: &Catalog) -> bool {
    let (Some(before), Some(after)) = (name(old), name(new)) else { return false };
    let is_own = !is_shared(old) && !is_shared(new);
    let differs = old.attributes.get(NOT_NULL_NAME) != new.attributes.get(NOT_NULL_NAME);
    let stays = is_kept(new) || !is_kept(old);
    before != after && is_own && differs && stays && follows(old, from)
}

/// Tells whether the constraints of the tables below have the same name, and follow.
fn follows(column: &Object, catalog: &Catalog) -> bool {
    let Some(table) = table_of(&column.id, catalog).filter(|_| !column.says(NO_INHERIT)) else {
        return true;
    };
    heirs(column, table, catalog).iter().all(|(_, it)| name(it) == name(column))
}

/// Returns the renames in one table or domain.
fn in_order(pairs: &[(&Object, &Object)], from: &Catalog) -> Vec<Renamed> {
    let names =
        |(old, new): &(&Object, &Object)| Some((Name::exact(name(old)?), Name::exact(name(new)?)));
    let mut moves: Vec<(Name, Name)> = pairs.iter().filter_map(names).collect();
    let there: BTreeSet<Name> =
        pairs.first().map(|(old, _)| taken(old, from)).into_iter().flatten().collect();
    // A name that something else has isn't free before that is dropped.
    let is_stuck = |moves: &[(Name, Name)], new: &Name| {
        there.contains(new) && !moves.iter().any(|(old, _)| old == new)
    };
    while let Some(at) = moves.iter().position(|(_, new)| is_stuck(&moves, new)) {
        moves.remove(at);
    }
    let renamed = |Move { old, new, meant }| {
        let pair = pairs.iter().find(|(_, it)| name(it) == Some(Name::as_str(&meant)))?;
        let said = pair.1.attributes.get(NOT_NULL_NAME).cloned();
        let (old, new) = (old.to_string(), new.to_string());
        Some(Renamed { of: pair.1.id.clone(), old, new, said })
    };
    sequence(&moves, there, aside_of).into_iter().filter_map(renamed).collect()
}

/// Tells whether a constraint by which something refuses NULL has the name of another constraint.
pub(super) fn takes(constraint: &Id, catalog: &Catalog) -> bool {
    let kind = if constraint.kind == Kind::DomainCheck { Kind::Domain } else { Kind::Column };
    let is_rule = is_constraint(constraint.kind) || kind == Kind::Domain;
    let mut all = catalog.of_kind(kind);
    let place = shown_owner(constraint);
    is_rule
        && all.any(|it| name(it) == Some(constraint.name.as_str()) && shown_owner(&it.id) == place)
}

/// Returns the names of all constraints of the table or the domain to which an object belongs.
fn taken(of: &Object, catalog: &Catalog) -> Vec<Name> {
    let place = shown_owner(&of.id);
    let is_here = |it: &&Object| {
        let kind = it.id.kind;
        let is_rule = is_constraint(kind) || kind == Kind::DomainCheck || kind == of.id.kind;
        is_rule && shown_owner(&it.id) == place
    };
    let names = catalog.objects.values().filter(is_here).filter_map(|it| {
        if it.id.kind == of.id.kind { name(it).map(Name::exact) } else { Some(it.id.name.clone()) }
    });
    names.collect()
}

/// Lets the constraints have their new names in a catalog.
pub(super) fn apply(catalog: &mut Catalog, renamed: &[Renamed]) {
    for it in renamed {
        let below = catalog.get(&it.of).and_then(|column| {
            let table = table_of(&it.of, catalog).filter(|_| !column.says(NO_INHERIT))?;
            Some(heirs(column, table, catalog).iter().map(|(_, own)| own.id.clone()).collect())
        });
        let below: Vec<Id> = below.unwrap_or_default();
        for id in below.iter().chain([&it.of]) {
            let Some(object) = catalog.objects.get_mut(id) else { continue };
            object.aside.insert(NOT_NULL_NAME, it.new.clone());
            if *id == it.of {
                object.attributes.remove(NOT_NULL_NAME);
                object.attributes.extend(it.said.clone().map(|said| (NOT_NULL_NAME, said)));
            }
        }
    }
}

/// Writes the statement that renames a constraint of a column or a domain.
pub(super) fn rename(of: &Id, (old, new): (&str, &str), catalog: &Catalog) -> String {
    let what = if of.kind == Kind::Domain { "DOMAIN" } else { "TABLE" };
    let (owner, old, new) = (owner(catalog, of), quoted(old), quoted(new));
    format!("ALTER {what} {owner} RENAME CONSTRAINT {old} TO {new}")
}

/// Returns the steps that rename the constraints.
pub(super) fn steps<'a>(
    catalog: &'a Catalog,
    renamed: &'a [Renamed],
) -> impl Iterator<Item = Step> + 'a {
    renamed.iter().map(|it| {
        let sql = rename(&it.of, (&it.old, &it.new), catalog);
        Step::new(it.of.clone(), words(it).replacen("rename", "Rename", 1), vec![sql])
    })
}

/// Returns the renames as differences.
pub(super) fn differences(renamed: &[Renamed]) -> impl Iterator<Item = Difference> {
    renamed.iter().map(|it| Difference {
        ids: vec![it.of.clone()],
        description: words(it),
        ..Difference::whole(ChangeKind::Rename, &it.of)
    })
}

fn words(it: &Renamed) -> String {
    format!("rename constraint {} of {} to {}", it.old, shown_owner(&it.of), it.new)
}
