//! The version table, `migrate_version`: its SQL text, and its rows as values.
//!
//! One row stands for one wholly applied revision, and no other. This module writes and reads
//! text; it runs nothing.

mod entry;
mod error;
mod running;

use crate::sql::{Dialect, quote_literal, quote_qualified};

pub use entry::{Entry, Recorded, Row};
pub use error::LedgerError;
pub use running::Running;

/// The columns that are read of every row, in this order; down scripts only when needed.
const COLUMNS: &str = "revision, position, parents, depends_on, branch_labels, message, options, \
     checksum, operation, tag, applied_at, applied_by, duration_ms";

/// The embedded migrations of the bookkeeping tables, oldest first: a name and one statement.
///
/// They are run by refinery. A statement a file, for refinery loses the later errors of a file
/// with several on MySQL. `{table}` stands for the version table, `{running}` for the table of
/// progress. Once released, never changed.
const SQLITE: [(&str, &str); 2] = [
    ("V1__version_table", include_str!("sqlite/V1__version_table.sql")),
    ("V2__running_table", include_str!("sqlite/V2__running_table.sql")),
];

/// The version table of one project, in one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    name: String,
    dialect: Dialect,
}

impl Ledger {
    /// Takes the table's name, which a schema's may go before.
    pub fn new(name: &str, dialect: Dialect) -> Self {
        Self { name: name.to_owned(), dialect }
    }

    /// Returns the dialect of the SQL.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns the table's name as configured.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the table's name, quoted.
    pub fn table(&self) -> String {
        quote_qualified(&self.name, self.dialect)
    }

    /// Returns the name of the table in which refinery keeps what it has run.
    pub fn history_name(&self) -> String {
        format!("{}_schema", self.name)
    }

    /// Returns that name, quoted.
    pub fn history_table(&self) -> String {
        quote_qualified(&self.history_name(), self.dialect)
    }

    /// Tells whether a table belongs to the bookkeeping.
    pub fn owns(&self, table: &str) -> bool {
        let bare = self.name.rsplit('.').next().unwrap_or_default();
        let rest = table.strip_prefix(bare);
        matches!(rest, Some("" | "_schema" | "_running" | "_lock"))
    }

    /// Returns the embedded migrations, oldest first: a name and one statement.
    pub fn migrations(&self) -> Vec<(&'static str, String)> {
        // Of the other dialects' tables none exists yet, and no connection leads to one.
        let (table, running) = (self.table(), self.running_table());
        let statement =
            |sql: &str| sql.trim_end().replace("{table}", &table).replace("{running}", &running);
        SQLITE.iter().map(|(name, sql)| (*name, statement(sql))).collect()
    }

    /// Returns the newest version of the bookkeeping tables.
    pub fn newest_version(&self) -> i64 {
        i64::try_from(SQLITE.len()).unwrap_or(i64::MAX)
    }

    /// Returns the query that tells the version of the tables: one row, one column.
    pub fn select_version(&self) -> String {
        format!("SELECT max(version) FROM {}", self.history_table())
    }

    /// Returns the query for all rows, in the order in which they were applied.
    pub fn select_all(&self) -> String {
        format!("SELECT {COLUMNS} FROM {} ORDER BY position", self.table())
    }

    /// Returns the query for the ids alone.
    pub fn select_ids(&self) -> String {
        format!("SELECT revision FROM {}", self.table())
    }

    /// Returns the query for one revision's stored down script.
    pub fn select_down(&self, revision: &str) -> String {
        let id = quote_literal(revision, self.dialect);
        format!("SELECT down_script FROM {} WHERE revision = {id}", self.table())
    }

    /// Returns the statement that records a revision as applied.
    pub fn insert(&self, entry: &Entry, recorded: &Recorded) -> String {
        let text = |value: &str| quote_literal(value, self.dialect);
        let optional = |value: Option<&str>| value.map_or("NULL".to_owned(), text);
        let applied_at = match &recorded.applied_at {
            Some(time) => text(time),
            None => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')".to_owned(),
        };
        let values = [
            text(&entry.revision),
            "coalesce(max(position), 0) + 1".to_owned(),
            text(&entry.parents.join(",")),
            text(&entry.depends_on.join(",")),
            text(&entry.branch_labels.join(",")),
            text(&entry.message),
            text(&entry.options),
            text(entry.checksum.as_str()),
            optional(entry.down_script.as_deref()),
            text(entry.operation),
            optional(entry.tag.as_deref()),
            applied_at,
            text(&recorded.applied_by),
            recorded.duration_ms.map_or("NULL".to_owned(), |it| it.to_string()),
        ];
        // Selected from the table itself: the next position in one statement, on every engine.
        format!(
            "INSERT INTO {table} (revision, position, parents, depends_on, branch_labels, message, \
             options, checksum, down_script, operation, tag, applied_at, applied_by, duration_ms)\n\
             SELECT {values} FROM {table}",
            table = self.table(),
            values = values.join(", "),
        )
    }

    /// Returns the statement that records a revision's files anew; when it was applied stays.
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
            text(entry.checksum.as_str()),
            text(&entry.revision),
        )
    }

    /// Returns the statement that strikes a revision from the record.
    pub fn delete(&self, revision: &str) -> String {
        let id = quote_literal(revision, self.dialect);
        format!("DELETE FROM {} WHERE revision = {id}", self.table())
    }

    /// Returns the statement that strikes every revision.
    pub fn delete_all(&self) -> String {
        format!("DELETE FROM {}", self.table())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::revision::Checksum;

    #[test]
    fn names_and_values_are_quoted() {
        let ledger = Ledger::new("app.version", Dialect::Sqlite);
        assert_eq!(
            ledger.delete("it's"),
            "DELETE FROM \"app\".\"version\" WHERE revision = 'it''s'"
        );
        let entry = Entry {
            revision: "a1".to_owned(),
            parents: vec!["b".to_owned(), "c".to_owned()],
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            message: "it's".to_owned(),
            options: String::new(),
            checksum: Checksum::recorded("sha256:0"),
            down_script: None,
            operation: "upgrade",
            tag: None,
        };
        let insert = ledger.insert(&entry, &Recorded::default());
        assert!(insert.contains("'b,c', '', '', 'it''s', '', 'sha256:0', NULL, 'upgrade', NULL, "));
        assert!(insert.ends_with("FROM \"app\".\"version\""));
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
