//! What looks like a rename: never done without being asked, but pointed out.

use std::collections::BTreeSet;

use crate::schema::{Name, ObjectType, Schema, Table};

/// A drop and a create that may be meant as a rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What it is.
    pub object_type: ObjectType,
    /// The table, if it is a column.
    pub table: Option<String>,
    /// The old name.
    pub old: String,
    /// The new name.
    pub new: String,
    /// The hint to put into the schema.
    pub hint: String,
    /// The option that says the same.
    pub option: String,
}

/// Finds likely renames; both schemas have what is renamed by its new name.
pub fn suggest(from: &Schema, to: &Schema) -> Vec<Suggestion> {
    let mut res = Vec::new();
    let gone: Vec<&Table> =
        from.tables.values().filter(|it| !to.tables.contains_key(&it.name)).collect();
    let mut taken: BTreeSet<&Name> = BTreeSet::new();
    for new in to.tables.values().filter(|it| !from.tables.contains_key(&it.name)) {
        let old = gone.iter().find(|old| !taken.contains(&old.name) && is_alike(old, new));
        if let Some(old) = old {
            taken.insert(&old.name);
            res.push(suggestion(ObjectType::Table, None, &old.name, &new.name));
        }
    }
    for (name, new) in &to.tables {
        if let Some(old) = from.tables.get(name) {
            columns(&mut res, old, new);
        }
    }
    let gone: Vec<_> =
        from.indexes.values().filter(|it| !to.indexes.contains_key(&it.name)).collect();
    for new in to.indexes.values().filter(|it| !from.indexes.contains_key(&it.name)) {
        if let Some(old) = gone.iter().find(|old| old.is_like(new)) {
            res.push(suggestion(ObjectType::Index, None, &old.name, &new.name));
        }
    }
    res
}

/// Tells whether two tables have columns of the same names and types.
fn is_alike(old: &Table, new: &Table) -> bool {
    let shape = |table: &Table| -> Vec<(Name, String)> {
        table.columns.iter().map(|it| (it.name.clone(), it.type_name().to_owned())).collect()
    };
    old.kind == new.kind && !old.columns.is_empty() && shape(old) == shape(new)
}

fn columns(res: &mut Vec<Suggestion>, old: &Table, new: &Table) {
    let gone: Vec<(usize, &Name, &str)> = listed(old, new);
    let added: Vec<(usize, &Name, &str)> = listed(new, old);
    let only_one = gone.len() == 1 && added.len() == 1;
    for (at, name, type_name) in &added {
        let found = gone
            .iter()
            .find(|(old_at, _, old_type)| old_type == type_name && (only_one || old_at == at));
        if let Some((_, before, _)) = found {
            res.push(suggestion(ObjectType::Column, Some(&new.name), before, name));
        }
    }
}

/// Returns the columns that the other table doesn't have.
fn listed<'a>(table: &'a Table, other: &Table) -> Vec<(usize, &'a Name, &'a str)> {
    let all = table.columns.iter().enumerate();
    let own = all.filter(|(_, it)| other.column(&it.name).is_none());
    own.map(|(at, it)| (at, &it.name, it.type_name())).collect()
}

fn suggestion(object_type: ObjectType, table: Option<&Name>, old: &Name, new: &Name) -> Suggestion {
    let before = table.map(|table| format!("{table}.")).unwrap_or_default();
    Suggestion {
        object_type,
        table: table.map(Name::to_string),
        old: old.to_string(),
        new: new.to_string(),
        hint: format!("-- renamed from: {}", crate::schema::identifier(old)),
        option: format!("--rename {before}{old}={new}"),
    }
}
