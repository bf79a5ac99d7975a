//! The version table, `migrate_version`: its SQL text, and its rows as values.
//!
//! Each row stands for one completely applied revision. This module writes and reads text; it runs
//! nothing.

mod catalog;
mod entry;
mod error;
mod guard;
mod lease;
mod require;
mod running;
mod tables;

use crate::sql::{Dialect, push_literal, quote_identifier, quote_literal};

pub use catalog::{Extent, INVALID_INDEXES, Servers, catalog_digest, took_effect};
pub use entry::{Elapsed, Entry, Recorded, Row};
pub use error::LedgerError;
pub use guard::{Expected, Guard};
pub use lease::LeaseRow;
pub use require::Requirement;
pub use running::Running;
pub use tables::OTHERS;

/// The columns of the query for all rows, in order; down scripts are read only when needed.
const COLUMNS: &str = "revision, position, parents, depends_on, branch_labels, message, options, \
     checksum, operation, tag, applied_at, applied_by, duration_ms";

/// The embedded migrations of the bookkeeping tables, oldest first: a name and one statement.
///
/// refinery runs them. Each file has one statement, since refinery loses the later errors of a file
/// with several on MySQL; there they also skip existing objects, since DDL commits before refinery
/// has recorded it. `{table}` stands for the version table, `{running}` for the table of progress.
/// A released file never changes.
macro_rules! migrations {
    ($folder:literal) => {
        [
            ("version_table", include_str!(concat!($folder, "/V1__version_table.sql"))),
            ("running_table", include_str!(concat!($folder, "/V2__running_table.sql"))),
        ]
    };
}

const SQLITE: [(&str, &str); 2] = migrations!("sqlite");
const POSTGRES: [(&str, &str); 2] = migrations!("postgres");
const MYSQL: [(&str, &str); 2] = migrations!("mysql");

/// The version table of one project and its companions, as SQL of one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    schema: Option<String>,
    name: String,
    dialect: Dialect,
}

impl Ledger {
    /// Takes the table's name, which a schema's may go before.
    ///
    /// On PostgreSQL it is always of a schema, `public` if none is named: `search_path` is the
    /// scripts' to change, and must not move the table.
    pub fn new(name: &str, dialect: Dialect) -> Self {
        let (schema, name) = match name.split_once('.') {
            Some((schema, name)) => (Some(schema.to_owned()), name.to_owned()),
            None => (None, name.to_owned()),
        };
        let usual = usual_schema(dialect).map(str::to_owned);
        Self { schema: schema.or(usual), name, dialect }
    }

    /// SQLite's name for the database that was opened, in contrast to attached ones.
    pub const MAIN: &'static str = "main";

    /// Adds a schema to an unqualified name: on MySQL scripts can change the current database by
    /// `USE`.
    #[must_use]
    pub fn within(mut self, schema: Option<&str>) -> Self {
        self.schema = self.schema.or_else(|| schema.map(str::to_owned));
        self
    }

    /// Returns the dialect of the generated SQL.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the schema of the table, if it is qualified.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// Returns the schema of the table, or the one where SQLite looks for it.
    pub fn home(&self) -> Option<&str> {
        self.schema().or(main_schema(self.dialect))
    }

    pub(crate) fn bare_name(&self) -> &str {
        &self.name
    }

    /// Returns the table's name, qualified if the schema is known.
    pub fn name(&self) -> String {
        self.companion("")
    }

    /// Returns the table's name, quoted for SQL.
    pub fn table(&self) -> String {
        self.quoted("")
    }

    /// Returns the name of refinery's history table.
    pub fn history_name(&self) -> String {
        self.companion("_schema")
    }

    /// Returns the name of refinery's history table, quoted.
    pub fn history_table(&self) -> String {
        self.quoted("_schema")
    }

    fn companion(&self, suffix: &str) -> String {
        let schema = self.schema().filter(|schema| Some(*schema) != main_schema(self.dialect));
        schema.map(|schema| format!("{schema}.")).unwrap_or_default() + &self.name + suffix
    }

    fn quoted(&self, suffix: &str) -> String {
        let quote = |name: &str| quote_identifier(name, self.dialect);
        let schema = self.schema.iter().map(|schema| quote(schema) + ".");
        schema.collect::<String>() + &quote(&format!("{}{suffix}", self.name))
    }

    /// Tells whether a table is one of the bookkeeping tables; case doesn't count.
    pub fn owns(&self, table: &str) -> bool {
        let (name, rest) = table.split_at_checked(self.name.len()).unwrap_or((table, ""));
        let suffixes = ["", "_schema", "_running", "_lock"];
        name.eq_ignore_ascii_case(&self.name)
            && suffixes.iter().any(|suffix| rest.eq_ignore_ascii_case(suffix))
    }

    /// Returns the statement that creates the table's schema if missing (PostgreSQL).
    pub fn create_schema(&self) -> Option<String> {
        let usual = usual_schema(self.dialect)?;
        let schema = self.schema().filter(|schema| *schema != usual)?;
        let name = quote_identifier(schema, self.dialect);
        Some(format!("CREATE SCHEMA IF NOT EXISTS {name}"))
    }

    /// Returns the query that locks the last row, so that concurrent changes of the table wait.
    pub fn lock_last(&self) -> String {
        format!("SELECT revision FROM {} ORDER BY position DESC LIMIT 1 FOR UPDATE", self.table())
    }

    /// Returns the embedded migrations, oldest first: a number from 1, a name and one statement.
    pub fn migrations(&self) -> Vec<(i32, &'static str, String)> {
        let (table, running) = (self.table(), self.running_table());
        let statement =
            |sql: &str| sql.trim_end().replace("{table}", &table).replace("{running}", &running);
        let all = (1..).zip(self.embedded());
        all.map(|(number, (name, sql))| (number, *name, statement(sql))).collect()
    }

    fn embedded(&self) -> &'static [(&'static str, &'static str)] {
        match self.dialect {
            Dialect::Sqlite => &SQLITE,
            Dialect::Postgres => &POSTGRES,
            Dialect::MySql => &MYSQL,
        }
    }

    /// Returns the latest version of the bookkeeping tables.
    pub fn newest_version(&self) -> i64 {
        i64::try_from(self.embedded().len()).unwrap_or(i64::MAX)
    }

    /// Returns the query for the version of the tables: one row, one column.
    pub fn select_version(&self) -> String {
        format!("SELECT max(version) FROM {}", self.history_table())
    }

    /// Returns the query for all rows in the order of application.
    pub fn select_all(&self) -> String {
        format!("SELECT {COLUMNS} FROM {} ORDER BY position", self.table())
    }

    /// Returns the single query for all that planning needs: rows of a revision, its position, its
    /// parents, its checksum.
    ///
    /// Two rows belong to no revision: [`Ledger::VERSION`] marks the one with the version of the
    /// tables, [`Ledger::RUNNING`] the one with the number of revisions that have run in part.
    pub fn select_state(&self) -> String {
        let (history, running, table) = (self.history_table(), self.running_table(), self.table());
        let (of_version, of_running) = (Self::VERSION, Self::RUNNING);
        format!(
            "SELECT '' AS revision, max(version) AS number, '{of_version}' AS parents, '' AS checksum \
             FROM {history} UNION ALL \
             SELECT '', count(*), '{of_running}', '' FROM {running} UNION ALL \
             SELECT revision, position, parents, checksum FROM {table}"
        )
    }

    /// The marker of the row with the tables' version; no revision has this id.
    pub const VERSION: &'static str = "(version)";

    /// The marker of the row for revisions that have run in part.
    pub const RUNNING: &'static str = "(running)";

    /// Returns the query for the last position on SQLite; 0 if there is none.
    pub fn select_last_position(&self) -> String {
        format!("SELECT {}", self.last_position())
    }

    /// Returns the expression for the last position; 0 if there is none.
    ///
    /// SQLite's table has no index on positions, but its newest row has the highest, since rowids
    /// grow as positions do. PostgreSQL plans this form faster than `max(position)`.
    fn last_position(&self) -> String {
        let order = match self.dialect {
            Dialect::Sqlite => "rowid",
            Dialect::Postgres | Dialect::MySql => "position",
        };
        let table = self.table();
        format!("coalesce((SELECT position FROM {table} ORDER BY {order} DESC LIMIT 1), 0)")
    }

    /// Returns the query for the ids of all applied revisions.
    pub fn select_ids(&self) -> String {
        format!("SELECT revision FROM {}", self.table())
    }

    /// Returns the query for the stored down script of a revision.
    pub fn select_down(&self, revision: &str) -> String {
        let id = quote_literal(revision, self.dialect);
        format!("SELECT down_script FROM {} WHERE revision = {id}", self.table())
    }

    /// Returns the statement that records a revision as applied; it changes one row, or none if the
    /// guard's condition fails.
    pub fn insert(&self, entry: &Entry, recorded: &Recorded, guard: Option<&Guard>) -> String {
        let position = match (recorded.position, self.dialect) {
            (_, Dialect::MySql) => "last.position + 1".to_owned(),
            (Some(position), _) => position.to_string(),
            (None, _) => format!("{} + 1", self.last_position()),
        };
        let values = self.row_values(entry, recorded, &position);
        let table = self.table();
        let condition = guard.map(|guard| format!(" WHERE {}", guard.condition));
        let rows = match (self.dialect, condition) {
            // A statement of MySQL reads the table that it writes only as a derived one.
            (Dialect::MySql, condition) => format!(
                "SELECT {values} FROM (SELECT coalesce(max(position), 0) AS position FROM {table}) \
                 AS last{}",
                condition.unwrap_or_default(),
            ),
            (_, None) => format!("VALUES ({values})"),
            (_, Some(condition)) => format!("SELECT {values}{condition}"),
        };
        format!(
            "INSERT INTO {table} (revision, position, parents, depends_on, branch_labels, message, \
             options, checksum, down_script, operation, tag, applied_at, applied_by, duration_ms)\n\
             {rows}",
        )
    }

    fn row_values(&self, entry: &Entry, recorded: &Recorded, position: &str) -> String {
        let mut values = Values::new(self.dialect);
        values.text(entry.revision.as_str());
        values.plain(position);
        for list in [&entry.parents, &entry.depends_on, &entry.branch_labels] {
            values.text(&list.join(","));
        }
        values.text(&entry.message);
        values.text(&entry.options);
        values.text(&entry.checksum.to_string());
        values.optional(entry.down_script.as_deref());
        values.text(entry.operation.as_str());
        values.optional(entry.tag.as_deref());
        match &recorded.applied_at {
            Some(time) => values.text(time),
            None => values.plain(self.now()),
        }
        values.text(&recorded.applied_by);
        values.plain(&duration(recorded.duration));
        values.written
    }

    /// Returns the expression for the current time of the database, formatted as this program
    /// writes times.
    fn now(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
            Dialect::Postgres => {
                "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
            }
            Dialect::MySql => "date_format(utc_timestamp(3), '%Y-%m-%dT%H:%i:%s.%fZ')",
        }
    }

    /// Returns the statement that updates a revision's record from its files; the time of
    /// application stays.
    pub fn update(&self, entry: &Entry) -> String {
        let text = |value: &str| quote_literal(value, self.dialect);
        let down = entry.down_script.as_deref().map_or("NULL".to_owned(), text);
        format!(
            "UPDATE {} SET parents = {}, depends_on = {}, branch_labels = {}, message = {}, \
             options = {}, checksum = {}, down_script = {down} WHERE revision = {}",
            self.table(),
            text(&entry.parents.join(",")),
            text(&entry.depends_on.join(",")),
            text(&entry.branch_labels.join(",")),
            text(&entry.message),
            text(&entry.options),
            text(&entry.checksum.to_string()),
            text(entry.revision.as_str()),
        )
    }

    /// Returns the statement that deletes a revision's record; it changes one row, or none if the
    /// guard's condition fails.
    pub fn delete(&self, revision: &str, guard: Option<&Guard>) -> String {
        let id = quote_literal(revision, self.dialect);
        let guard = guard.map(|guard| format!(" AND {}", guard.condition)).unwrap_or_default();
        format!("DELETE FROM {} WHERE revision = {id}{guard}", self.table())
    }

    /// Returns the statement that deletes the records of all revisions.
    pub fn delete_all(&self) -> String {
        // MySQL's `sql_safe_updates` requires a key.
        format!("DELETE FROM {} WHERE revision >= ''", self.table())
    }
}

/// Returns the schema of a version table that names none, where scripts could move the table.
fn usual_schema(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres => Some("public"),
        Dialect::Sqlite | Dialect::MySql => None,
    }
}

/// Returns the schema that goes without saying.
fn main_schema(dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Sqlite => Some(Ledger::MAIN),
        Dialect::Postgres | Dialect::MySql => None,
    }
}

/// Values of an INSERT, separated by commas.
struct Values {
    written: String,
    dialect: Dialect,
}

impl Values {
    fn new(dialect: Dialect) -> Self {
        Self { written: String::with_capacity(512), dialect }
    }

    fn plain(&mut self, expression: &str) {
        self.separate();
        self.written.push_str(expression);
    }

    fn text(&mut self, value: &str) {
        self.separate();
        push_literal(&mut self.written, value, self.dialect);
    }

    fn optional(&mut self, value: Option<&str>) {
        match value {
            Some(value) => self.text(value),
            None => self.plain("NULL"),
        }
    }

    fn separate(&mut self) {
        if !self.written.is_empty() {
            self.written.push_str(", ");
        }
    }
}

fn duration(duration: Elapsed) -> String {
    match duration {
        Elapsed::Unknown => "NULL".to_owned(),
        Elapsed::Milliseconds(count) => count.to_string(),
        Elapsed::OfThisMessage => "(extract(epoch FROM pg_catalog.clock_timestamp() - \
                                   pg_catalog.statement_timestamp()) * 1000)::bigint"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::{Checksum, Operation, RevisionId};

    #[test]
    fn names_and_values_are_quoted() {
        let ledger = Ledger::new("app.version", Dialect::Sqlite);
        let expected = "DELETE FROM \"app\".\"version\" WHERE revision = 'it''s'";
        assert_eq!(ledger.delete("it's", None), expected);
        let entry = Entry {
            revision: RevisionId::parse("a1").unwrap(),
            parents: vec!["b".to_owned(), "c".to_owned()],
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            message: "it's".into(),
            options: String::new(),
            checksum: Checksum::recorded("sha256:0"),
            down_script: None,
            operation: Operation::Upgrade,
            tag: None,
        };
        let insert = ledger.insert(&entry, &Recorded::default(), None);
        assert!(insert.contains("'b,c', '', '', 'it''s', '', 'sha256:0', NULL, 'upgrade', NULL, "));
        let position = "VALUES ('a1', coalesce((SELECT position FROM \"app\".\"version\"";
        assert!(insert.contains(position));
        let recorded = Recorded { position: Some(7), ..Recorded::default() };
        assert!(ledger.insert(&entry, &recorded, None).contains("VALUES ('a1', 7, 'b,c'"));
    }

    #[test]
    fn the_table_is_of_a_schema_where_scripts_could_move_it() {
        let table = |name, dialect| Ledger::new(name, dialect).within(Some("shop")).table();
        assert_eq!(table("v", Dialect::Postgres), "\"public\".\"v\"");
        assert_eq!(table("ops.v", Dialect::Postgres), "\"ops\".\"v\"");
        assert_eq!(table("v", Dialect::MySql), "`shop`.`v`");
        assert_eq!(Ledger::new("v", Dialect::MySql).table(), "`v`");
    }

    #[test]
    fn the_companions_are_known() {
        let ledger = Ledger::new("main.migrate_version", Dialect::Sqlite);
        for table in ["migrate_version", "migrate_version_schema", "migrate_version_running"] {
            assert!(ledger.owns(table), "{table}");
        }
        assert!(!ledger.owns("migrate_versions"));
    }
}
