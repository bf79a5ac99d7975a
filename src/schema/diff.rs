//! What two schemas differ in.

use std::collections::BTreeMap;

use crate::schema::table_diff::alterations;
use crate::schema::{ChangeKind, Id, Name, ObjectType, Schema};

/// One thing in which two schemas differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What has to be done.
    pub kind: ChangeKind,
    /// What it is done to.
    pub object_type: ObjectType,
    /// What it is about; what is replaced by another of its kind is named before that.
    pub ids: Vec<Id>,
    /// Its name: `users`, `users.email`.
    pub object: String,
    /// Whether values are lost.
    pub destructive: bool,
    /// In words: `add column users.email`.
    pub description: String,
}

/// Compares two schemas; what is the same in both by its normal form is no difference.
pub fn diff(from: &Schema, to: &Schema) -> Vec<Difference> {
    let mut res = Vec::new();
    let (is_new, is_gone) = (ChangeKind::Create, ChangeKind::Drop);
    for (name, table) in &to.tables {
        match from.tables.get(name) {
            None => res.push(whole(is_new, ObjectType::Table, name)),
            Some(old) if old != table => res.extend(alterations(old, table)),
            Some(_) => {}
        }
    }
    for (name, table) in &from.tables {
        if !to.tables.contains_key(name) {
            let destructive = !table.is_external_index();
            res.push(Difference { destructive, ..whole(is_gone, ObjectType::Table, name) });
        }
    }
    objects(&mut res, ObjectType::Index, &from.indexes, &to.indexes);
    objects(&mut res, ObjectType::View, &from.views, &to.views);
    objects(&mut res, ObjectType::Trigger, &from.triggers, &to.triggers);
    res
}

fn objects<T: PartialEq>(
    res: &mut Vec<Difference>,
    object_type: ObjectType,
    from: &BTreeMap<Name, T>,
    to: &BTreeMap<Name, T>,
) {
    for (name, new) in to {
        match from.get(name) {
            None => res.push(whole(ChangeKind::Create, object_type, name)),
            Some(old) if old != new => res.push(whole(ChangeKind::Alter, object_type, name)),
            Some(_) => {}
        }
    }
    let gone = from.keys().filter(|name| !to.contains_key(name));
    res.extend(gone.map(|name| whole(ChangeKind::Drop, object_type, name)));
}

fn whole(kind: ChangeKind, object_type: ObjectType, name: &Name) -> Difference {
    let verb = if kind == ChangeKind::Alter { "change" } else { kind.as_str() };
    Difference {
        kind,
        object_type,
        ids: vec![Id::whole(object_type, name)],
        object: name.to_string(),
        destructive: false,
        description: format!("{verb} {object_type} {name}"),
    }
}
