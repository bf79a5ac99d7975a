//! The objects of a database, for people who explore it.

use crate::database::{Connection, DatabaseError, Row};
use crate::error::Error;
use crate::ops::query::postgres;
use crate::sql::{Dialect, quote_identifier, quote_literal};

/// Names to complete in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    /// The tables and views, sorted.
    pub tables: Vec<String>,
    /// The columns, each name once.
    pub columns: Vec<String>,
}

/// Lists the tables and views, sorted.
pub fn tables(connection: &mut dyn Connection) -> Result<Vec<String>, Error> {
    let query = match connection.dialect() {
        Dialect::Sqlite => "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') \
             AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 1"
            .to_owned(),
        Dialect::Postgres => postgres::TABLES.to_owned(),
        Dialect::MySql => "SELECT TABLE_NAME FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA = DATABASE() ORDER BY 1"
            .to_owned(),
    };
    Ok(firsts(connection.query(&query)?))
}

/// Lists the indexes, of one table or of all; MySQL's, whose names are not unique, with their table.
pub fn indexes(connection: &mut dyn Connection, table: Option<&str>) -> Result<Vec<String>, Error> {
    let dialect = connection.dialect();
    let of = |column: &str| condition(table, column, dialect);
    let query = match dialect {
        Dialect::Sqlite => format!(
            "SELECT name FROM sqlite_schema WHERE type = 'index'{} ORDER BY 1",
            of("tbl_name")
        ),
        Dialect::Postgres => format!(
            "SELECT indexname FROM pg_catalog.pg_indexes \
             WHERE schemaname = ANY (current_schemas(false)){} ORDER BY 1",
            of("tablename")
        ),
        Dialect::MySql => format!(
            "SELECT DISTINCT CONCAT(TABLE_NAME, '.', INDEX_NAME) FROM information_schema.STATISTICS \
             WHERE TABLE_SCHEMA = DATABASE(){} ORDER BY 1",
            of("TABLE_NAME")
        ),
    };
    Ok(firsts(connection.query(&query)?))
}

/// Returns the statements that make what there is: of one table with all that belongs to it, or of
/// everything; none if there is no such table.
pub fn schema(connection: &mut dyn Connection, table: Option<&str>) -> Result<Vec<String>, Error> {
    let dialect = connection.dialect();
    Ok(match dialect {
        Dialect::Sqlite => {
            let query = format!(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL \
                 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'{} \
                 ORDER BY tbl_name, type <> 'table', type <> 'view', type <> 'index', name",
                condition(table, "tbl_name", dialect)
            );
            firsts(connection.query(&query)?)
        }
        Dialect::Postgres => postgres::schema(connection, table)?,
        Dialect::MySql => mysql_schema(connection, table)?,
    })
}

/// Lists the names to complete in a statement.
pub fn words(connection: &mut dyn Connection) -> Result<Words, Error> {
    let query = match connection.dialect() {
        Dialect::Sqlite => {
            "SELECT s.name, c.name FROM sqlite_schema s, pragma_table_info(s.name) c \
             WHERE s.type IN ('table', 'view')"
        }
        Dialect::Postgres => postgres::COLUMNS,
        Dialect::MySql => {
            "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS \
             WHERE TABLE_SCHEMA = DATABASE()"
        }
    };
    let mut words = Words { tables: tables(connection)?, columns: Vec::new() };
    words.columns =
        connection.query(query)?.into_iter().filter_map(|row| row.into_iter().nth(1)?).collect();
    words.columns.sort();
    words.columns.dedup();
    Ok(words)
}

fn mysql_schema(
    connection: &mut dyn Connection,
    table: Option<&str>,
) -> Result<Vec<String>, DatabaseError> {
    let of = |column: &str| condition(table, column, Dialect::MySql);
    let tables = connection.query(&format!(
        "SELECT TABLE_NAME FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = DATABASE(){} ORDER BY TABLE_TYPE <> 'BASE TABLE', 1",
        of("TABLE_NAME")
    ))?;
    let triggers = connection.query(&format!(
        "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS \
         WHERE TRIGGER_SCHEMA = DATABASE(){} ORDER BY EVENT_OBJECT_TABLE, 1",
        of("EVENT_OBJECT_TABLE")
    ))?;
    let mut res = Vec::new();
    for (names, what, at) in [(tables, "TABLE", 1), (triggers, "TRIGGER", 2)] {
        for name in firsts(names) {
            let name = quote_identifier(&name, Dialect::MySql);
            let rows = connection.query(&format!("SHOW CREATE {what} {name}"))?;
            res.extend(rows.into_iter().filter_map(|row| row.into_iter().nth(at)?));
        }
    }
    Ok(res)
}

/// Returns what goes after a condition so that only one table is asked about.
pub(super) fn condition(table: Option<&str>, column: &str, dialect: Dialect) -> String {
    table.map_or_else(String::new, |table| {
        format!(" AND lower({column}) = lower({})", quote_literal(table, dialect))
    })
}

pub(super) fn firsts(rows: Vec<Row>) -> Vec<String> {
    rows.into_iter().filter_map(|row| row.into_iter().next()?).collect()
}
