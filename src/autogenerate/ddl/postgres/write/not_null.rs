//! The constraints by which columns and domains refuse NULL. Servers from 18 on, and for domains from 17
//! on, give them names; before that they are said by two words.

use crate::autogenerate::ddl::postgres::names::{full, owner, quoted};
use crate::autogenerate::ddl::postgres::write::sayings;
use crate::autogenerate::ddl::postgres::write::table::{
    alter_column, is_inherited, parents, twins,
};
use crate::catalog::{Catalog, Id, Kind, NOT_NULL, Object};
use crate::inspect::postgres::attributes::{
    BOUND, IDENTITY, NO_INHERIT, NOT_NULL_FROM, NOT_NULL_NAME, NOT_NULL_TAKEN, NOT_VALID,
};
use crate::inspect::postgres::usual::usual_name;

/// Returns the name of the constraint; none where servers have no such constraints.
pub(in super::super) fn name(object: &Object) -> Option<&str> {
    let is_there = object.says(NOT_NULL) && object.aside.contains_key(NOT_NULL_NAME);
    is_there.then(|| object.aside(NOT_NULL_NAME))
}

/// Tells whether something refuses NULL only because a column of a parent table does.
pub(in super::super) fn is_given(column: &Object) -> bool {
    column.aside(NOT_NULL_FROM) == "parent"
}

/// Tells whether a parent table has a part in it that a column refuses NULL.
pub(in super::super) fn is_shared(column: &Object) -> bool {
    column.aside.contains_key(NOT_NULL_FROM)
}

/// Tells whether all rows that are there keep to it that something refuses NULL.
pub(in super::super) fn is_kept(object: &Object) -> bool {
    object.says(NOT_NULL) && !object.says(NOT_VALID)
}

/// Writes the name before the constraint, if the server wouldn't make up the same.
fn named(object: &Object) -> String {
    let id = &object.id;
    let column = (id.kind == Kind::Column).then(|| id.name.as_str());
    let usual = usual_name(id.owner.as_ref().unwrap_or(&id.name).as_str(), column);
    let is_taken = object.aside.contains_key(NOT_NULL_TAKEN);
    let other = name(object).filter(|name| is_taken || *name != usual);
    other.map(|name| format!("CONSTRAINT {} ", quoted(name))).unwrap_or_default()
}

fn ending(column: &Object) -> &'static str {
    if column.says(NO_INHERIT) { " NO INHERIT" } else { "" }
}

/// Writes the constraint as it stands behind the type of a column or a domain; none if it isn't said there.
pub(in super::super) fn clause(object: &Object) -> Option<String> {
    if !is_kept(object) || is_given(object) {
        return None;
    }
    let (name, ending) = (named(object), ending(object));
    let is_needless = object.says(IDENTITY) && name.is_empty() && ending.is_empty();
    (!is_needless).then(|| format!("{name}NOT NULL{ending}"))
}

/// Writes the constraint of a column as one of its table.
fn line(column: &Object) -> String {
    let late = if column.says(NOT_VALID) { " NOT VALID" } else { "" };
    let own = quoted(column.id.name.as_str());
    format!("{}NOT NULL {own}{}{late}", named(column), ending(column))
}

/// Writes the statement that lets a column refuse NULL.
pub(in super::super) fn add(column: &Object, catalog: &Catalog) -> String {
    let is_plain = named(column).is_empty() && !column.says(NO_INHERIT) && is_kept(column);
    if is_plain {
        return format!("{} SET NOT NULL", alter_column(column, catalog));
    }
    format!("ALTER TABLE {} ADD {}", owner(catalog, &column.id), line(column))
}

/// Returns the constraints that a new table says of columns that it has of its parents: of a partition
/// those that its table doesn't have, or has by another name; otherwise those that are declared.
pub(super) fn of_inherited(table: &Object, catalog: &Catalog) -> Vec<String> {
    let is_told = |column: &&&Object| {
        if name(column).is_none() || !is_kept(column) || !is_inherited(column) {
            return false;
        }
        let above = twins(&column.id, table, catalog);
        let mut givers = above.iter().filter(|it| it.says(NOT_NULL) && !it.says(NO_INHERIT));
        if table.says(BOUND) {
            givers.all(|it| name(it) != name(column))
        } else {
            !is_given(column)
        }
    };
    catalog.parts(Kind::Column, &table.id).iter().filter(is_told).map(|it| line(it)).collect()
}

/// Returns the statements for the constraints of a new table that aren't validated. The rows of a new table
/// would be validated with it.
pub(in super::super) fn late(table: &Object, catalog: &Catalog) -> Vec<String> {
    let mut res = Vec::new();
    let columns = catalog.parts(Kind::Column, &table.id);
    for column in columns.into_iter().filter(|it| it.says(NOT_VALID) && !is_given(it)) {
        res.push(add(column, catalog));
        res.extend(sayings::of_not_null(column, catalog).map(|it| it.statement));
        // The constraint comes to the children with the same state.
        for (child, below) in heirs(column, table, catalog) {
            if let Some(name) = name(below).filter(|_| is_kept(below) && is_given(below)) {
                let (child, name) = (full(catalog, &child.id), quoted(name));
                res.push(format!("ALTER TABLE {child} VALIDATE CONSTRAINT {name}"));
            }
        }
    }
    res
}

/// Finds the columns of all tables below that are the same column of a table, with their tables.
pub(in super::super) fn heirs<'a>(
    column: &Object,
    table: &Object,
    catalog: &'a Catalog,
) -> Vec<(&'a Object, &'a Object)> {
    let mut res: Vec<(&Object, &Object)> = Vec::new();
    let mut above = vec![&table.id];
    while let Some(parent) = above.pop() {
        for child in catalog.of_kind(Kind::Table) {
            if !parents(child, catalog).iter().any(|it| it.id == *parent) {
                continue;
            }
            let (schema, owner) = (child.id.schema.clone(), Some(child.id.name.clone()));
            let id = Id { schema, owner, ..column.id.clone() };
            if let Some(own) = catalog.get(&id)
                && res.iter().all(|(known, _)| known.id != child.id)
            {
                res.push((child, own));
                above.push(&child.id);
            }
        }
    }
    res
}
