//! The drivers, and how a test looks at their databases without them.

use std::path::Path;

use rusqlite::Connection;

/// One driver.
pub(crate) struct Driver {
    /// What messages call it.
    pub(crate) name: &'static str,
    /// Makes a new database, for which a folder is lent, and returns its URL.
    pub(crate) create: fn(&Path) -> String,
    /// Runs a query on a client of the test's own; a row's values are joined by `|`.
    pub(crate) query: fn(&Path, &str) -> Vec<String>,
    /// Lists the tables that aren't ours, by name.
    pub(crate) tables: &'static str,
    /// Whether a failed revision takes its DDL back.
    pub(crate) has_transactional_ddl: bool,
}

/// Every driver that is built in.
pub(crate) const DRIVERS: &[Driver] = &[Driver {
    name: "SQLite",
    create: |folder| format!("sqlite:{}", folder.join("app.db").display()),
    query: query_sqlite,
    tables: "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'migrate_version%' ORDER BY name",
    has_transactional_ddl: true,
}];

fn query_sqlite(folder: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(folder.join("app.db")).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let line = |row: &rusqlite::Row<'_>| {
        let value = |at| row.get::<_, rusqlite::types::Value>(at).map(text);
        (0..width).map(value).collect::<Result<Vec<_>, _>>().map(|values| values.join("|"))
    };
    statement.query_map([], line).unwrap().collect::<Result<_, _>>().unwrap()
}

fn text(value: rusqlite::types::Value) -> String {
    match value {
        rusqlite::types::Value::Null => "NULL".to_owned(),
        rusqlite::types::Value::Integer(number) => number.to_string(),
        rusqlite::types::Value::Real(number) => number.to_string(),
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}
