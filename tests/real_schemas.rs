//! Schemas that are out there, by their structure: each is made from nothing, then changed in
//! eleven ways and changed back, with rows in it.
//!
//! All values of a row are its number, so that every foreign key holds. What is wanted is made by
//! SQLite itself where it can.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use limbeck::autogenerate::{Desired, Generated, Scratch, Wish, generate, load_text, scratch};
use limbeck::catalog::Catalog;
use limbeck::sql::Dialect;
use limbeck::sqlite::{diff, dump};
use rusqlite::Connection;

const ROWS: i64 = 3;

/// Old and new names of a table or a column.
type Renames = Vec<(String, String)>;

fn files() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    let paths = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|it| it.is_file()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Makes an empty database to try things on.
fn empty() -> Box<dyn Scratch> {
    scratch(Dialect::Sqlite).unwrap()
}

fn load(text: &str) -> Desired {
    let res = load_text(Path::new("schema.sql"), text, &mut *empty());
    res.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn made(text: &str) -> Connection {
    let res = Connection::open_in_memory().unwrap();
    res.execute_batch("PRAGMA foreign_keys = off").unwrap();
    res.execute_batch(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    res
}

fn list(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let rows = statement.query_map([], |row| row.get::<_, Option<String>>(0)).unwrap();
    rows.map(|it| it.unwrap().unwrap_or_else(|| "NULL".to_owned())).collect()
}

fn tables(connection: &Connection) -> Vec<String> {
    let sql = "SELECT name FROM pragma_table_list \
               WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    list(connection, sql)
}

fn columns(connection: &Connection, table: &str, condition: &str) -> Vec<String> {
    let name = table.replace('\'', "''");
    let sql = format!("SELECT name FROM pragma_table_xinfo('{name}') WHERE {condition}");
    list(connection, &sql)
}

/// The statements that make what is there.
fn text(connection: &Connection) -> String {
    let sql = "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' \
               AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') \
               ORDER BY rowid";
    list(connection, sql).join("\n")
}

fn seen(connection: &Connection) -> Catalog {
    load(&text(connection)).schema
}

fn fill(connection: &Connection) {
    for table in tables(connection) {
        for number in 1..=ROWS {
            let columns: Vec<String> =
                columns(connection, &table, "hidden = 0").iter().map(|it| quoted(it)).collect();
            let values = vec![number.to_string(); columns.len()].join(", ");
            let (table, columns) = (quoted(&table), columns.join(", "));
            let sql = format!("INSERT INTO {table} ({columns}) VALUES ({values})");
            connection.execute_batch(&sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        }
    }
}

/// The values of all columns by table and column.
fn snapshot(connection: &Connection) -> BTreeMap<(String, String), Vec<String>> {
    let mut res = BTreeMap::new();
    for table in tables(connection) {
        for column in columns(connection, &table, "1") {
            let sql = format!(
                "SELECT CAST({} AS TEXT) FROM {} ORDER BY 1",
                quoted(&column),
                quoted(&table)
            );
            res.insert((table.clone(), column), list(connection, &sql));
        }
    }
    res
}

fn run(connection: &Connection, script: &str) {
    let res = connection.execute_batch(&format!("BEGIN;\n{script}\n;COMMIT;"));
    res.unwrap_or_else(|error| panic!("{error}\n{script}"));
    let broken = list(connection, "SELECT \"table\" FROM pragma_foreign_key_check");
    assert_eq!(broken, Vec::<String>::new(), "{script}");
}

fn nothing_to_do(from: &Catalog, desired: &Desired) {
    let res = generate(from, desired, &Wish::default(), &mut *empty()).unwrap();
    assert_eq!((res.up.as_str(), res.down.as_str()), ("", ""));
}

#[test]
fn they_are_made_from_nothing_and_taken_away() {
    for (name, sql) in files() {
        let desired = load(&sql);
        let Generated { up, down, .. } =
            generate(&Catalog::default(), &desired, &Wish::default(), &mut *empty()).unwrap();
        let live = made("");
        run(&live, &up);
        assert_eq!(diff(&seen(&live), &desired.schema), vec![], "{name}");
        nothing_to_do(&seen(&live), &desired);
        run(&live, &down);
        assert_eq!(text(&live), "", "{name}");
    }
}

#[test]
fn they_are_dumped_and_loaded_as_they_are() {
    for (name, sql) in files() {
        let schema = load(&sql).schema;
        let written = dump(&schema).unwrap();
        let again = load(&written);
        assert_eq!(diff(&schema, &again.schema), vec![], "{name}");
        assert_eq!(dump(&again.schema).unwrap(), written, "{name}");
        nothing_to_do(&schema, &again);
    }
}

#[test]
fn they_are_changed_in_many_ways_and_back_with_their_rows() {
    for (name, sql) in files() {
        for (at, (way, change)) in WAYS.iter().enumerate() {
            let tables = tables(&made(&sql));
            let order = tables.iter().cycle().skip(at * 5 % tables.len()).take(tables.len());
            let changed = order.into_iter().find_map(|table| {
                let other = made(&sql);
                change(&other, table)
            });
            let (wanted, renames) = changed.unwrap_or_else(|| panic!("{name}: no way to {way}"));
            there_and_back(&format!("{name}: {way}"), &sql, &wanted, &renames);
        }
    }
}

fn there_and_back(case: &str, sql: &str, wanted: &str, renames: &Renames) {
    let (from, desired) = (load(sql).schema, load(wanted));
    let res = generate(&from, &desired, &Wish { renames, ..Wish::default() }, &mut *empty());
    let Generated { up, down, .. } = res.unwrap_or_else(|error| panic!("{case}: {error}"));
    assert!(!up.is_empty() && !down.is_empty(), "{case}");
    let live = made(sql);
    fill(&live);
    let before = snapshot(&live);
    run(&live, &up);
    assert_eq!(diff(&seen(&live), &desired.schema), vec![], "{case}");
    nothing_to_do(&seen(&live), &desired);
    let after = snapshot(&live);
    let moved = |table: &str, column: &str| {
        let mut res = (table.to_owned(), column.to_owned());
        for (old, new) in renames {
            if *old == format!("{table}.{column}") {
                res.1.clone_from(new);
            } else if old == table {
                res.0.clone_from(new);
            }
        }
        res
    };
    let mut kept = Vec::new();
    for ((table, column), values) in &before {
        if let Some(now) = after.get(&moved(table, column)) {
            assert_eq!(now, values, "{case}: {table}.{column}\n{up}");
            kept.push((table, column, values));
        }
    }
    assert!(before.len() - kept.len() <= 1, "{case}: lost columns");
    run(&live, &down);
    assert_eq!(diff(&seen(&live), &from), vec![], "{case}");
    let back = snapshot(&live);
    for (table, column, values) in kept {
        let now = &back[&(table.clone(), column.clone())];
        assert_eq!(now, values, "{case}: {table}.{column}\n{down}");
    }
    assert_eq!(back.len(), before.len(), "{case}");
}

/// A change of a table: the schema that comes of it, and what is renamed.
type Way = fn(&Connection, &str) -> Option<(String, Renames)>;

const WAYS: &[(&str, Way)] = &[
    ("add a column", |it, table| {
        altered(it, table, "ADD \"added column\" TEXT NOT NULL DEFAULT 'x'")
    }),
    ("drop a column", |it, table| {
        let droppable = |column: &String| {
            let given = "\"notnull\" = 0 OR dflt_value IS NOT NULL";
            columns(it, table, given).contains(column)
        };
        let columns: Vec<String> =
            columns(it, table, "pk = 0").into_iter().filter(droppable).collect();
        let drop = |column: &String| altered(it, table, &format!("DROP COLUMN {}", quoted(column)));
        columns.iter().rev().find_map(drop)
    }),
    ("rename a column", |it, table| {
        let column = columns(it, table, "1").pop().filter(|_| !table.contains('.'))?;
        let (wanted, _) =
            altered(it, table, &format!("RENAME {} TO \"re named\"", quoted(&column)))?;
        Some((wanted, vec![(format!("{table}.{column}"), "re named".to_owned())]))
    }),
    ("rename a table", |it, table| {
        let (wanted, _) =
            altered(it, table, "RENAME TO \"re named\"").filter(|_| !table.contains('.'))?;
        Some((wanted, vec![(table.to_owned(), "re named".to_owned())]))
    }),
    ("add a CHECK", |it, table| {
        let column = quoted(&columns(it, table, "1").pop()?);
        altered(it, table, &format!("ADD CONSTRAINT \"new check\" CHECK ({column} IS NOT 'never')"))
    }),
    ("refuse NULL", |it, table| {
        let column = quoted(&columns(it, table, "\"notnull\" = 0 AND pk = 0").pop()?);
        altered(it, table, &format!("ALTER COLUMN {column} SET NOT NULL"))
    }),
    ("add an index", |it, table| {
        let column = quoted(&columns(it, table, "1").pop()?);
        let on = quoted(table);
        added(it, &format!("CREATE INDEX \"new index\" ON {on} ({column} DESC) WHERE {column} > 0"))
    }),
    ("add a view", |it, table| {
        added(it, &format!("CREATE VIEW \"new view\" AS SELECT * FROM {}", quoted(table)))
    }),
    ("add a trigger", |it, table| {
        let (on, column) = (quoted(table), quoted(&columns(it, table, "1").pop()?));
        added(
            it,
            &format!(
                "CREATE TRIGGER \"new trigger\" AFTER DELETE ON {on} \
             BEGIN DELETE FROM {on} WHERE {column} = 'never'; END"
            ),
        )
    }),
    ("change a type", |it, table| {
        let of_text = "pk = 0 AND (type LIKE '%char%' OR lower(type) = 'text')";
        let column = columns(it, table, of_text).pop()?;
        let sql = made_by(it, table);
        let name = table.replace('\'', "''");
        let old = list(
            it,
            &format!("SELECT type FROM pragma_table_xinfo('{name}') WHERE name = '{column}'"),
        );
        let shapes = [column.clone(), quoted(&column), format!("[{column}]")];
        let lower = sql.to_ascii_lowercase();
        let mut spelled = shapes.iter().map(|it| format!("{it} {}", old[0]).to_ascii_lowercase());
        let end = spelled.find_map(|it| Some(lower.find(&it)? + it.len()))?;
        let (head, tail) = sql.split_at(end);
        let head = &head[..end - old[0].len()];
        Some((text(it).replacen(&sql, &format!("{head}VARCHAR(77){tail}"), 1), Vec::new()))
    }),
    ("add a foreign key", |it, table| {
        let column = columns(it, table, "type LIKE '%int%'").pop()?;
        let others = tables(it);
        let other = others.iter().find(|it2| {
            *it2 != table
                && columns(it, it2, "pk > 0 AND type LIKE 'int%'").len() == 1
                && columns(it, it2, "pk > 0").len() == 1
        })?;
        let sql = made_by(it, table);
        let (head, tail) = sql.rsplit_once(')')?;
        let key = format!("FOREIGN KEY ({}) REFERENCES {}", quoted(&column), quoted(other));
        let new = format!("{head}, {key} ON DELETE CASCADE){tail}");
        Some((text(it).replacen(&sql, &new, 1), Vec::new()))
    }),
];

fn made_by(connection: &Connection, table: &str) -> String {
    let name = table.replace('\'', "''");
    list(connection, &format!("SELECT sql FROM sqlite_schema WHERE name = '{name}'")).remove(0)
}

fn added(connection: &Connection, statement: &str) -> Option<(String, Renames)> {
    connection.execute_batch(statement).ok()?;
    Some((text(connection), Vec::new()))
}

fn altered(connection: &Connection, table: &str, clause: &str) -> Option<(String, Renames)> {
    added(connection, &format!("ALTER TABLE {} {clause}", quoted(table)))
}
