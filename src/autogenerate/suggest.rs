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
        // Nothing moves to another schema by a new name.
        let is_near = |old: &Object| !wanted.is_empty() && old.id.schema == new.id.schema;
        let is_alike = |old: &Object| is_near(old) && shape(from, &old.id) == wanted;
        let old = gone(Kind::Table).find(|old| !taken.contains(&old.id) && is_alike(old));
        if let Some(old) = old {
            taken.insert(&old.id);
            res.push(suggestion(ddl, &old.id, &new.id));
        }
    }
    for table in to.of_kind(Kind::Table).filter(|it| from.holds(&it.id)) {
        let pairs = columns(from, to, &table.id);
        res.extend(pairs.iter().map(|(old, new)| suggestion(ddl, old, new)));
    }
    for new in come(Kind::Index) {
        let is_near = |old: &&Object| old.id.schema == new.id.schema;
        let mut near = gone(Kind::Index).filter(is_near);
        let old = near.find(|old| old.attributes == new.attributes);
        res.extend(old.map(|old| suggestion(ddl, &old.id, &new.id)));
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

fn suggestion(ddl: &dyn Ddl, old: &Id, new: &Id) -> Suggestion {
    let before = new.place();
    let (old, name) = (&old.name, &new.name);
    Suggestion {
        object_type: new.kind,
        table: new.owner.as_ref().map(Name::to_string),
        old: old.to_string(),
        new: name.to_string(),
        hint: format!("-- renamed from: {}", ddl.identifier(old)),
        option: format!("--rename {before}{old}={name}"),
    }
}
