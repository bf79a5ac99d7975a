//! Compares parsed statements with SQLite's pragmas.

use std::collections::BTreeMap;

use crate::catalog::Name;
use crate::database::{Connection, Row, Values as _};
use crate::inspect::InspectError;
use crate::sqlite::{Column, Schema, Table};

/// All columns of all tables, in one query.
const COLUMNS: &str = "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden, m.wr, \
    m.strict FROM pragma_table_list AS m, pragma_table_xinfo(m.name, 'main') AS x \
    WHERE m.schema = 'main' AND m.type = 'table' ORDER BY m.name, x.cid";

const FOREIGN_KEYS: &str = "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete \
    FROM pragma_table_list AS m, pragma_foreign_key_list(m.name, 'main') AS f \
    WHERE m.schema = 'main' AND m.type = 'table' ORDER BY m.name, f.id DESC, f.seq";

const UNIQUES: &str = "SELECT m.name, i.name, i.origin, group_concat(x.name) \
    FROM pragma_table_list AS m, pragma_index_list(m.name, 'main') AS i, \
    pragma_index_info(i.name, 'main') AS x \
    WHERE m.schema = 'main' AND m.type = 'table' AND i.origin IN ('u', 'pk') GROUP BY 1, 2, 3";

const INDEXES: &str = "SELECT m.name, i.name, i.\"unique\", i.partial, \
    (SELECT count(*) FROM pragma_index_xinfo(i.name, 'main') AS x WHERE x.key) \
    FROM pragma_table_list AS m, pragma_index_list(m.name, 'main') AS i \
    WHERE m.schema = 'main' AND m.type = 'table' AND i.origin = 'c'";

pub(super) fn compare(
    connection: &mut dyn Connection,
    schema: &Schema,
) -> Result<(), InspectError> {
    let columns = by_table(connection.query(COLUMNS)?);
    let keys = by_table(connection.query(FOREIGN_KEYS)?);
    let uniques = by_table(connection.query(UNIQUES)?);
    let none = Vec::new();
    for (name, table) in schema.tables.iter().filter(|(_, table)| !table.is_virtual()) {
        compare_columns(table, columns.get(name).unwrap_or(&none))?;
        compare_keys(table, keys.get(name).unwrap_or(&none))?;
        compare_uniques(table, uniques.get(name).unwrap_or(&none))?;
    }
    compare_indexes(schema, &connection.query(INDEXES)?)
}

fn by_table(rows: Vec<Row>) -> BTreeMap<Name, Vec<Row>> {
    let mut res: BTreeMap<Name, Vec<Row>> = BTreeMap::new();
    for row in rows {
        res.entry(Name::any_case(row.text(0))).or_default().push(row);
    }
    res
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

fn compare_columns(table: &Table, rows: &[Row]) -> Result<(), InspectError> {
    let name = &table.name;
    let told: Vec<&str> = rows.iter().map(|row| row.text(1)).collect();
    let read: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    agree(name, "the columns", &read.join(", "), &told.join(", "))?;
    for (column, row) in table.columns.iter().zip(rows) {
        compare_types(name, column, row.text(2))?;
        let not_null = table.requires(column) || column.implied.0.is_some();
        agree(name, "the NOT NULL constraints", &u8::from(not_null), &row.text(3))?;
        let default = column.default.is_some();
        let told = row.get(4).is_some_and(Option::is_some);
        agree(name, "the defaults", &default, &told)?;
        let hidden = match &column.generated {
            None => "0",
            Some(generated) if generated.stored => "3",
            Some(_) => "2",
        };
        agree(name, "the generated columns", &hidden, &row.text(6))?;
    }
    let key = table.primary_key.as_ref().map_or(0, |key| key.columns.len());
    let told = rows.iter().filter(|row| row.text(5) != "0").count();
    agree(name, "the columns of the primary key", &key, &told)?;
    if let Some(row) = rows.first() {
        agree(
            name,
            "WITHOUT ROWID and STRICT",
            &flags(table),
            &(row.text(7).to_owned() + row.text(8)),
        )?;
    }
    Ok(())
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

fn flags(table: &Table) -> String {
    format!("{}{}", u8::from(table.without_rowid), u8::from(table.strict))
}

fn compare_keys(table: &Table, rows: &[Row]) -> Result<(), InspectError> {
    let mut told: Vec<String> = Vec::new();
    let mut last = "";
    for row in rows {
        if row.text(1) != last || told.is_empty() {
            last = row.text(1);
            told.push(format!("{}:{}/{}", row.text(2), row.text(5), row.text(6)));
        }
        if let Some(key) = told.last_mut() {
            key.push(' ');
            key.push_str(row.text(3));
        }
    }
    let action =
        |action: Option<crate::sqlite::Action>| action.map_or("NO ACTION", |it| it.keywords());
    let read = table.foreign_keys.iter().map(|key| {
        let columns: Vec<&str> = key.columns.iter().map(Name::as_str).collect();
        let (on_update, on_delete) = (action(key.on_update), action(key.on_delete));
        format!("{}:{on_update}/{on_delete} {}", key.table, columns.join(" "))
    });
    let mut read: Vec<String> = read.map(|it| it.to_ascii_lowercase()).collect();
    let mut told: Vec<String> = told.iter().map(|it| it.to_ascii_lowercase()).collect();
    read.sort();
    told.sort();
    agree(&table.name, "the foreign keys", &read.join(", "), &told.join(", "))
}

/// SQLite makes one index of constraints on the same columns, so sets are compared.
fn compare_uniques(table: &Table, rows: &[Row]) -> Result<(), InspectError> {
    let sets = |list: Vec<String>| {
        let mut list: Vec<String> = list.into_iter().map(|it| it.to_ascii_lowercase()).collect();
        list.sort();
        list.dedup();
        list.join("; ")
    };
    let told = sets(rows.iter().map(|row| row.text(3).to_owned()).collect());
    let columns = |columns: &[crate::sqlite::KeyColumn]| {
        columns.iter().map(|it| it.name.to_string()).collect::<Vec<_>>().join(",")
    };
    let key = table.primary_key.iter().filter(|key| !key.is_rowid).map(|key| columns(&key.columns));
    let read = sets(table.uniques.iter().map(|it| columns(&it.columns)).chain(key).collect());
    agree(&table.name, "the unique keys", &read, &told)
}

fn compare_indexes(schema: &Schema, rows: &[Row]) -> Result<(), InspectError> {
    let rows: BTreeMap<Name, &Row> =
        rows.iter().map(|row| (Name::any_case(row.text(1)), row)).collect();
    for (name, index) in &schema.indexes {
        let read = format!(
            "{} on {}: {}, {}, {}",
            name,
            index.table,
            u8::from(index.unique),
            u8::from(index.filter.is_some()),
            index.columns.len()
        );
        let told = rows.get(name).map_or("none".to_owned(), |row| {
            format!(
                "{} on {}: {}, {}, {}",
                name,
                row.text(0),
                row.text(2),
                row.text(3),
                row.text(4)
            )
        });
        agree(&index.table, "the indexes", &read, &told)?;
    }
    Ok(())
}
