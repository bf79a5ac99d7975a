//! Reads an outline from a live database of any kind.
//!
//! Each kind has the same queries in its own SQL, whose rows are assembled here.

mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use crate::database::{Connection, Row};
use crate::inspect::InspectError;
use crate::ledger::Ledger;
use crate::outline::{Column, ForeignKey, Index, Outline, Table, Trigger};
use crate::sql::Dialect;

/// Queries of an engine; the first column of all rows is the table's name.
struct Queries {
    /// The text before each query.
    before: &'static str,
    /// Name, the query if it is a view.
    tables: &'static str,
    /// Table, name, type, whether NULL is refused.
    columns: &'static str,
    /// Table, the key's name, `p` or `u`, column.
    keys: &'static str,
    /// Table, the key's name, column, target, column there, action on DELETE, and on UPDATE.
    foreign_keys: &'static str,
    /// Table, name, whether it is unique, whether it is partial, column or expression.
    indexes: &'static str,
    /// Table, name, text.
    triggers: &'static str,
}

/// Reads what a drawing shows of a database; the bookkeeping tables are left out.
pub fn outline_of(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Outline, InspectError> {
    let dialect = connection.dialect();
    let queries = match dialect {
        Dialect::Sqlite => &sqlite::QUERIES,
        Dialect::Postgres => &postgres::QUERIES,
        Dialect::MySql => &mysql::QUERIES,
    };
    let mut ask = |query: &str| connection.query(&format!("{}{query}", queries.before));
    let mut tables = BTreeMap::new();
    for row in ask(queries.tables)? {
        let name = text(&row, 0).to_owned();
        if !ledger.is_some_and(|ledger| is_ours(ledger, &name)) {
            let view = row.get(1).cloned().flatten();
            tables.insert(name.clone(), Table { name, view, ..Table::default() });
        }
    }
    let mut columns = ask(queries.columns)?;
    let keys = ask(queries.keys)?;
    let foreign_keys = ask(queries.foreign_keys)?;
    let indexes = ask(queries.indexes)?;
    let triggers = ask(queries.triggers)?;
    if dialect == Dialect::Sqlite {
        columns.extend(sqlite::computed_columns(connection)?);
    }
    each(&mut tables, &columns, |table, row| {
        let (name, type_name) = (text(row, 1).to_owned(), text(row, 2).to_owned());
        table.columns.push(Column { name, type_name, not_null: is_true(row, 3) });
    });
    each_group(&mut tables, &keys, keep_key);
    each_group(&mut tables, &foreign_keys, keep_foreign_key);
    each_group(&mut tables, &indexes, keep_index);
    each(&mut tables, &triggers, |table, row| {
        let (name, text) = (text(row, 1).to_owned(), text(row, 2).to_owned());
        table.triggers.push(Trigger { name, text });
    });
    let mut outline = Outline { tables: tables.into_values().collect() };
    link(&mut outline, dialect);
    Ok(outline)
}

fn keep_key(table: &mut Table, rows: &[&Row]) {
    let columns = texts(rows, 3);
    if rows.first().is_some_and(|row| text(row, 2) == "p") {
        table.primary_key = columns;
    } else if !table.uniques.contains(&columns) {
        table.uniques.push(columns);
    }
}

fn keep_foreign_key(table: &mut Table, rows: &[&Row]) {
    let Some(first) = rows.first() else { return };
    let action =
        |at| Some(text(first, at).to_owned()).filter(|it| it != "NO ACTION" && !it.is_empty());
    table.foreign_keys.push(ForeignKey {
        columns: texts(rows, 2),
        table: text(first, 3).to_owned(),
        target: texts(rows, 4),
        on_delete: action(5),
        on_update: action(6),
    });
}

fn keep_index(table: &mut Table, rows: &[&Row]) {
    let Some(first) = rows.first() else { return };
    table.indexes.push(Index {
        name: text(first, 1).to_owned(),
        columns: texts(rows, 4),
        unique: is_true(first, 2),
        partial: is_true(first, 3),
    });
}

/// Does something with each row of a table that is shown.
fn each(
    tables: &mut BTreeMap<String, Table>,
    rows: &[Row],
    mut keep: impl FnMut(&mut Table, &Row),
) {
    for row in rows {
        if let Some(table) = tables.get_mut(text(row, 0)) {
            keep(table, row);
        }
    }
}

/// Does something with the rows that follow each other and agree in table and name.
fn each_group(
    tables: &mut BTreeMap<String, Table>,
    rows: &[Row],
    keep: impl Fn(&mut Table, &[&Row]),
) {
    for group in rows.chunk_by(|one, other| one.get(..2) == other.get(..2)) {
        let rows: Vec<&Row> = group.iter().collect();
        if let Some(table) = rows.first().and_then(|row| tables.get_mut(text(row, 0))) {
            keep(table, &rows);
        }
    }
}

/// Gives foreign keys the names of what they refer to as those are written there: SQLite takes any
/// case, and the primary key where no columns are said.
fn link(outline: &mut Outline, dialect: Dialect) {
    if dialect != Dialect::Sqlite {
        return;
    }
    let there = outline.clone();
    for key in outline.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        let target = there.tables.iter().find(|it| it.name.eq_ignore_ascii_case(&key.table));
        let Some(target) = target else { continue };
        key.table.clone_from(&target.name);
        if key.target.iter().all(String::is_empty) {
            key.target.clone_from(&target.primary_key);
        }
        for name in &mut key.target {
            let column = target.columns.iter().find(|it| it.name.eq_ignore_ascii_case(name));
            if let Some(column) = column {
                name.clone_from(&column.name);
            }
        }
    }
    for table in &mut outline.tables {
        let columns: Vec<String> = table.columns.iter().map(|it| it.name.clone()).collect();
        for name in table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns) {
            if let Some(column) = columns.iter().find(|it| it.eq_ignore_ascii_case(name)) {
                name.clone_from(column);
            }
        }
    }
}

fn is_ours(ledger: &Ledger, name: &str) -> bool {
    let prefix = ledger.schema().map(|schema| format!("{schema}.")).unwrap_or_default();
    ledger.owns(name.strip_prefix(&prefix).unwrap_or(name))
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

fn texts(rows: &[&Row], at: usize) -> Vec<String> {
    rows.iter().map(|row| text(row, at).to_owned()).collect()
}

fn is_true(row: &Row, at: usize) -> bool {
    text(row, at) == "1"
}
