//! Who needs whom: the server's own list of dependencies, joined with the addresses of objects.

use std::collections::HashMap;

use crate::catalog::{Id, Kind, Object};
use crate::inspect::InspectError;
use crate::inspect::postgres::compared::gather::{Address, Gatherer, Role};

/// The dependencies on what isn't the server's own, and on the schema that every database begins
/// with; among them are the members of extensions.
const DEPENDENCIES: &str = "
    SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid, d.deptype
    FROM pg_depend d
    WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S', 'e') AND (d.refobjid >= 16384
        OR d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 2200)";

/// The steps after which nothing leads to an object any more: an array of a range type's ranges.
const STEPS: usize = 4;

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    // Members of extensions, and what the server made for something else.
    let mut belongs: HashMap<Address, Address> = HashMap::new();
    let mut pairs = Vec::new();
    for mut row in gatherer.ask(DEPENDENCIES)? {
        let mut address =
            || Address { class: row.number(), oid: row.number(), column: row.number() };
        let (user, needed) = (address(), address());
        let letter = row.text();
        if letter == "i" || letter == "e" {
            belongs.insert(Address { column: 0, ..user }, needed);
        }
        if letter != "e" {
            pairs.push((user, needed));
        }
    }
    let find = |mut address: Address| {
        for _ in 0..STEPS {
            let known = gatherer.find(address);
            if known.is_some() {
                return known;
            }
            address = *belongs.get(&Address { column: 0, ..address })?;
        }
        None
    };
    let mut edges = Vec::new();
    for (user, needed) in pairs {
        let user = gatherer.find(user).filter(|it| it.role != Role::Aim);
        let Some((user, needed)) = user.and_then(|user| Some((user.at, find(needed)?.at))) else {
            continue;
        };
        if user != needed && counts(gatherer, user, needed) {
            edges.push((user, needed));
        }
    }
    gatherer.edges = edges;
    needs_of_parts(gatherer);
    Ok(())
}

/// Tells whether a dependency is one of definitions: a table is there before its parts, and a
/// sequence before the column that owns it.
fn counts(gatherer: &Gatherer<'_>, user: usize, needed: usize) -> bool {
    let (Some(user), Some(needed)) = (gatherer.objects.get(user), gatherer.objects.get(needed))
    else {
        return false;
    };
    let is_part = needed.id.owner.as_ref() == Some(&user.id.name)
        && needed.id.schema == user.id.schema
        && (Kind::RELATIONS.contains(&user.id.kind) || user.id.kind == Kind::Domain);
    let is_owned = user.id.kind == Kind::Sequence && user.parent.as_ref() == Some(&needed.id);
    !is_part && !is_owned
}

/// Lets every object need the one with which it goes, and a default the table of its column.
fn needs_of_parts(gatherer: &mut Gatherer<'_>) {
    let table = |object: &Object| {
        let owner = object.id.owner.clone()?;
        let schema = object.id.schema.clone();
        (object.id.kind == Kind::Default).then(|| Id { schema, ..Id::table(&owner) })
    };
    for object in gatherer.objects.iter_mut().filter(|it| it.id.kind != Kind::Sequence) {
        object.needs.extend(object.parent.clone());
        let table = table(object);
        object.needs.extend(table);
    }
}
