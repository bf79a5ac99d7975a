//! Compares parsed statements with SQLite's pragmas.

use std::collections::BTreeSet;

use crate::catalog::{COLUMNS, Catalog, Id, Kind, NOT_NULL, Name, ON_DELETE, ON_UPDATE, Object};
use crate::catalog::{TYPE, UNIQUE, WHERE};
use crate::inspect::InspectError;
use crate::sqlite::{
    Action, Column, DEFAULT, GENERATED, Index, KeyColumn, STRICT, Schema, Table, WITHOUT_ROWID,
};

/// Checks that the tables and indexes read in statements are those that the pragmas tell.
pub(super) fn compare(schema: &Schema, told: &Catalog) -> Result<(), InspectError> {
    for table in schema.tables.values().filter(|table| !table.is_virtual()) {
        compare_columns(table, told)?;
        compare_keys(table, told)?;
        compare_uniques(table, told)?;
    }
    schema.indexes.values().try_for_each(|index| compare_index(index, told))
}

fn agree(
    name: &Name,
    what: &'static str,
    read: &impl ToString,
    told: &impl ToString,
) -> Result<(), InspectError> {
    let (read, told) = (read.to_string(), told.to_string());
    if read.eq_ignore_ascii_case(&told) {
        return Ok(());
    }
    Err(InspectError::Differs { name: name.to_string(), what, read, told })
}

fn joined<'a>(names: impl Iterator<Item = &'a Name>) -> String {
    names.map(Name::as_str).collect::<Vec<_>>().join(", ")
}

fn key_columns(columns: &[KeyColumn]) -> String {
    joined(columns.iter().map(|it| &it.name))
}

fn compare_columns(table: &Table, told: &Catalog) -> Result<(), InspectError> {
    let (name, id) = (&table.name, Id::table(&table.name));
    let columns = told.parts(Kind::Column, &id);
    let read = joined(table.columns.iter().map(|it| &it.name));
    agree(name, "the columns", &read, &joined(columns.iter().map(|it| &it.id.name)))?;
    for (column, told) in table.columns.iter().zip(columns) {
        compare_types(name, column, told.written(TYPE))?;
        let not_null = table.requires(column) || column.implied.0.is_some();
        agree(name, "the NOT NULL constraints", &not_null, &told.says(NOT_NULL))?;
        agree(name, "the defaults", &column.default.is_some(), &told.says(DEFAULT))?;
        let stored = column.generated.as_ref().map(|it| it.stored);
        let generated = stored.map_or("", |stored| if stored { "stored" } else { "virtual" });
        agree(name, "the generated columns", &generated, &told.written(GENERATED))?;
    }
    let key = table.primary_key.as_ref().map(|key| key_columns(&key.columns));
    let key = key.unwrap_or_default();
    agree(name, "the columns of the primary key", &key, &primary_key(told, &id))?;
    let flags = |it: &Object| (it.says(WITHOUT_ROWID), it.says(STRICT));
    let told = told.get(&id).map(flags).unwrap_or_default();
    let (read, told) = ((table.without_rowid, table.strict), told);
    agree(name, "WITHOUT ROWID and STRICT", &format!("{read:?}"), &format!("{told:?}"))
}

fn primary_key<'a>(told: &'a Catalog, table: &Id) -> &'a str {
    told.parts(Kind::PrimaryKey, table).first().map_or("", |key| key.written(COLUMNS))
}

/// Compares the words of a type, unless a quote or a comment is in it: what SQLite makes of those is
/// its own affair (it cuts a quoted type behind the quote).
fn compare_types(table: &Name, column: &Column, told: &str) -> Result<(), InspectError> {
    let read = column.declared.as_ref().map_or("", |declared| declared.source.as_str());
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let is_plain = !read.contains(['"', '`', '[', '\'']) && !read.contains("--");
    if is_plain && !read.contains("/*") {
        return agree(table, "the types", &words(read), &words(told));
    }
    Ok(())
}

fn compare_keys(table: &Table, told: &Catalog) -> Result<(), InspectError> {
    let text = |target: &Name, columns: &str, update: &str, delete: &str| {
        format!("{columns} of {target} ({update}; {delete})").to_ascii_lowercase()
    };
    let told = told.parts(Kind::ForeignKey, &Id::table(&table.name)).into_iter().flat_map(|key| {
        let (update, delete) = (key.written(ON_UPDATE), key.written(ON_DELETE));
        key.needs.iter().map(move |it| text(&it.name, key.written(COLUMNS), update, delete))
    });
    let action = |action: Option<Action>| action.map_or("", Action::keywords);
    let read = table.foreign_keys.iter().map(|key| {
        let columns = joined(key.columns.iter());
        text(&key.table, &columns, action(key.on_update), action(key.on_delete))
    });
    let (mut read, mut told): (Vec<String>, Vec<String>) = (read.collect(), told.collect());
    read.sort();
    told.sort();
    agree(&table.name, "the foreign keys", &read.join(", "), &told.join(", "))
}

/// SQLite makes one index of constraints on the same columns, so sets are compared.
fn compare_uniques(table: &Table, told: &Catalog) -> Result<(), InspectError> {
    let id = Id::table(&table.name);
    let key = table.primary_key.iter().filter(|key| !key.is_rowid);
    let told_key = key.clone().map(|_| primary_key(told, &id).to_ascii_lowercase());
    let told = told.parts(Kind::Unique, &id).into_iter().map(|it| it.written(COLUMNS).to_owned());
    let columns = table.uniques.iter().map(|it| &it.columns).chain(key.map(|key| &key.columns));
    let read = columns.map(|columns| key_columns(columns));
    let set = |list: &mut dyn Iterator<Item = String>| {
        let set: BTreeSet<String> = list.map(|it| it.to_ascii_lowercase()).collect();
        set.into_iter().collect::<Vec<_>>().join("; ")
    };
    agree(&table.name, "the unique keys", &set(&mut { read }), &set(&mut told.chain(told_key)))
}

fn compare_index(index: &Index, told: &Catalog) -> Result<(), InspectError> {
    let text = |table: &Name, unique: bool, partial: bool, count: usize| {
        format!("{} on {table}: {unique}, {partial}, {count}", index.name)
    };
    let read = text(&index.table, index.unique, index.filter.is_some(), index.columns.len());
    let told = told.get(&Id::new(Kind::Index, &index.name)).and_then(|it| {
        let count = it.list(COLUMNS).len();
        Some(text(&it.parent.as_ref()?.name, it.says(UNIQUE), it.says(WHERE), count))
    });
    agree(&index.table, "the indexes", &read, &told.unwrap_or_else(|| "none".to_owned()))
}
