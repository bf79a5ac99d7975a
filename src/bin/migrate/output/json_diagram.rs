//! The document of `migrate diagram --json`: the drawn objects as values.

use limbeck::diagram::outline::{self, Outline};
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Diagram {
    file: Option<String>,
    tables: Vec<Table>,
}

#[derive(Serialize)]
struct Table {
    name: String,
    #[serde(rename = "type")]
    kind: &'static str,
    columns: Vec<Column>,
    primary_key: Vec<String>,
    unique: Vec<Vec<String>>,
    foreign_keys: Vec<ForeignKey>,
    indexes: Vec<Index>,
    triggers: Vec<Trigger>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<String>,
}

#[derive(Serialize)]
struct Column {
    name: String,
    #[serde(rename = "type")]
    type_name: String,
    not_null: bool,
}

#[derive(Serialize)]
struct ForeignKey {
    columns: Vec<String>,
    table: String,
    target: Vec<String>,
    on_delete: Option<String>,
    on_update: Option<String>,
}

#[derive(Serialize)]
struct Index {
    name: String,
    columns: Vec<String>,
    unique: bool,
    partial: bool,
}

#[derive(Serialize)]
struct Trigger {
    name: String,
    sql: String,
}

impl Diagram {
    /// Describes a drawing, and the file that it was written to.
    pub(crate) fn of(outline: &Outline, file: Option<String>) -> Self {
        Self { file, tables: outline.tables.iter().map(Table::of).collect() }
    }
}

impl Table {
    fn of(table: &outline::Table) -> Self {
        let column = |it: &outline::Column| Column {
            name: it.name.clone(),
            type_name: it.type_name.clone(),
            not_null: table.requires(&it.name),
        };
        let foreign_key = |it: &outline::ForeignKey| ForeignKey {
            columns: it.columns.clone(),
            table: it.table.clone(),
            target: it.target.clone(),
            on_delete: it.on_delete.clone(),
            on_update: it.on_update.clone(),
        };
        let index = |it: &outline::Index| Index {
            name: it.name.clone(),
            columns: it.columns.clone(),
            unique: it.unique,
            partial: it.partial,
        };
        let trigger =
            |it: &outline::Trigger| Trigger { name: it.name.clone(), sql: it.text.clone() };
        Self {
            name: table.name.clone(),
            kind: if table.view.is_some() { "view" } else { "table" },
            columns: table.columns.iter().map(column).collect(),
            primary_key: table.primary_key.clone(),
            unique: table.uniques.clone(),
            foreign_keys: table.foreign_keys.iter().map(foreign_key).collect(),
            indexes: table.indexes.iter().map(index).collect(),
            triggers: table.triggers.iter().map(trigger).collect(),
            query: table.view.clone(),
        }
    }
}
