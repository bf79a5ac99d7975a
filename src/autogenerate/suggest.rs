//! Likely renames: they are suggested, and never done unasked.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Ddl;
use crate::catalog::{Catalog, Id, Kind, Name, Object, TYPE};

/// A drop and a create that may be meant as a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub object_type: Kind,
    pub table: Option<String>,
    pub old: String,
    pub new: String,
    pub hint: String,
    /// The equivalent command line option.
    pub option: String,
}

/// Finds likely renames; both catalogs have renamed objects by their new names.
pub(crate) fn suggest(ddl: &dyn Ddl, from: &Catalog, to: &Catalog) -> Vec<Suggestion> {
    let mut res = Vec::new();
    let gone = |kind| from.of_kind(kind).filter(|it| !to.holds(&it.id));
    let come = |kind| to.of_kind(kind).filter(|it| !from.holds(&it.id));
    let mut taken: BTreeSet<&Id> = BTreeSet::new();
    for new in come(Kind::Table) {
        let wanted = shape(to, &new.id);
        let is_alike = |old: &&Object| {
            !taken.contains(&old.id) && !wanted.is_empty() && shape(from, &old.id) == wanted
        };
        let is_near = |old: &&Object| old.id.schema == new.id.schema;
        let is_namesake = |old: &&Object| old.id.name == new.id.name;
        let alike: Vec<&Object> = gone(Kind::Table).filter(is_alike).collect();
        let mut best = alike.iter().copied().filter(is_near);
        let mut next = alike.iter().copied().filter(is_namesake);
        let old = best.next().or_else(|| next.next()).or_else(|| alike.first().copied());
        if let Some(old) = old {
            taken.insert(&old.id);
            res.push(suggestion(ddl, &old.id, &new.id, to.home.as_ref()));
        }
    }
    for table in to.of_kind(Kind::Table).filter(|it| from.holds(&it.id)) {
        let pairs = columns(from, to, &table.id);
        res.extend(pairs.iter().map(|(old, new)| suggestion(ddl, old, new, None)));
    }
    for new in come(Kind::Index) {
        let is_near = |old: &&Object| old.id.schema == new.id.schema;
        let mut near = gone(Kind::Index).filter(is_near);
        let old = near.find(|old| old.attributes == new.attributes);
        res.extend(old.map(|old| suggestion(ddl, &old.id, &new.id, None)));
    }
    res
}

/// Returns the names and types of a table's columns.
fn shape<'a>(catalog: &'a Catalog, table: &Id) -> Vec<(&'a Name, &'a str)> {
    let columns = catalog.parts(Kind::Column, table);
    columns.into_iter().map(|it| (&it.id.name, it.normal(TYPE))).collect()
}

/// Finds the columns of a table that may have been renamed.
fn columns(from: &Catalog, to: &Catalog, table: &Id) -> Vec<(Id, Id)> {
    let mut res = Vec::new();
    let listed = |one: &Catalog, other: &Catalog| -> Vec<Object> {
        let all = one.parts(Kind::Column, table);
        all.into_iter().filter(|it| !other.holds(&it.id)).cloned().collect()
    };
    let (gone, added) = (listed(from, to), listed(to, from));
    let only_one = gone.len() == 1 && added.len() == 1;
    for new in &added {
        let is_it = |old: &&Object| {
            old.normal(TYPE) == new.normal(TYPE) && (only_one || old.place == new.place)
        };
        res.extend(gone.iter().find(is_it).map(|old| (old.id.clone(), new.id.clone())));
    }
    res
}

/// Describes a rename; where it leads from one schema to another, both are named.
fn suggestion(ddl: &dyn Ddl, old: &Id, new: &Id, home: Option<&Name>) -> Suggestion {
    let place = new.place();
    let is_moved = old.schema != new.schema;
    let schema = |id: &Id| id.schema.as_ref().or(home).filter(|_| is_moved).cloned();
    let whole = |id: &Id| -> String {
        let parts = schema(id).into_iter().chain([id.name.clone()]);
        parts.map(|it| it.to_string()).collect::<Vec<_>>().join(".")
    };
    let quoted = |id: &Id| -> String {
        let parts = schema(id).into_iter().chain([id.name.clone()]);
        parts.map(|it| ddl.identifier(&it)).collect::<Vec<_>>().join(".")
    };
    let option = if is_moved {
        format!("--rename {}={}", quoted(old), quoted(new))
    } else {
        format!("--rename {place}{}={}", old.name, new.name)
    };
    Suggestion {
        object_type: new.kind,
        table: new.owner.as_ref().map(Name::to_string),
        old: whole(old),
        new: whole(new),
        hint: format!("-- renamed from: {}", quoted(old)),
        option,
    }
}
