//! The drivers, and how a test looks at their databases without them.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use servers::Database;

/// One driver.
pub(crate) struct Driver {
    /// What messages call it.
    pub(crate) name: &'static str,
    /// Makes a new database, for which a folder is lent; none if its server is left out on demand.
    pub(crate) create: fn(&Path) -> Option<Base>,
    /// Lists the tables that aren't ours, by name.
    pub(crate) tables: &'static str,
    /// Whether a failed revision takes its DDL back.
    pub(crate) has_transactional_ddl: bool,
}

/// A database of one test.
pub(crate) enum Base {
    /// A file.
    Sqlite(PathBuf),
    /// One on a server, dropped with the value.
    Server(Box<Database>),
}

/// Every driver that is built in.
pub(crate) const DRIVERS: &[Driver] = &[
    Driver {
        name: "SQLite",
        create: |folder| Some(Base::Sqlite(folder.join("app.db"))),
        tables: "SELECT name FROM sqlite_schema WHERE type = 'table' \
                 AND name NOT LIKE 'migrate_version%' ORDER BY name",
        has_transactional_ddl: true,
    },
    Driver {
        name: "PostgreSQL",
        create: |_| Some(Base::Server(Box::new(servers::postgres()?.database()))),
        tables: "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace \
                 WHERE relkind = 'r' AND nspname = 'public' \
                 AND relname NOT LIKE 'migrate_version%' ORDER BY relname",
        has_transactional_ddl: true,
    },
    Driver {
        name: "MariaDB",
        create: |_| Some(Base::Server(Box::new(servers::mariadb()?.database()))),
        tables: TABLES_OF_MYSQL,
        has_transactional_ddl: false,
    },
    Driver {
        name: "OceanBase",
        create: |_| Some(Base::Server(Box::new(servers::oceanbase()?.database()))),
        tables: TABLES_OF_MYSQL,
        has_transactional_ddl: false,
    },
];

const TABLES_OF_MYSQL: &str = "SELECT table_name FROM information_schema.tables \
                               WHERE table_schema = database() AND table_name NOT LIKE \
                               'migrate_version%' ORDER BY table_name";

impl Base {
    /// Returns the URL.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Server(database) => database.url(),
        }
    }

    /// Runs a query on a client of the test's own; a row's values are joined by `|`.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        match self {
            Self::Sqlite(path) => query_sqlite(path, sql),
            Self::Server(database) => database.query(sql),
        }
    }
}

fn query_sqlite(path: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
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
