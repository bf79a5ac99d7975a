//! The bookkeeping tables: which exist, and whether they are this program's.

use crate::ledger::{COLUMNS, Ledger};
use crate::sql::quote_literal;

/// Columns of other tools' version tables, which this program's never have.
pub const OTHERS: [(&str, &str); 4] = [
    ("version_num", "Alembic"),
    ("installed_rank", "Flyway"),
    ("version_id", "goose"),
    ("dirty", "golang-migrate"),
];

impl Ledger {
    /// Returns the query for the version of the tables that fails unless all of them exist with
    /// their columns: one row, whose first column is the version.
    pub fn select_whole(&self) -> String {
        format!(
            "SELECT max(version), (SELECT count(*) FROM {} WHERE 1 = 0), (SELECT count(*) FROM ({}) \
             AS own) FROM {}",
            self.running_table(),
            self.probe(),
            self.history_table(),
        )
    }

    /// Returns the query that fails unless the version table has its columns; it returns no rows.
    pub fn probe(&self) -> String {
        self.probe_for(&format!("{COLUMNS}, down_script"))
    }

    /// Returns the query that fails unless the version table has the given columns; it returns no
    /// rows.
    pub fn probe_for(&self, columns: &str) -> String {
        format!("SELECT {columns} FROM {} WHERE 1 = 0", self.table())
    }

    /// Returns the query for the versions to which the tables were evolved.
    pub fn select_versions(&self) -> String {
        format!("SELECT version FROM {}", self.history_table())
    }

    /// Returns the queries for the rows of the tables that say what is applied, each row as one document
    /// (PostgreSQL); in the order of [`Ledger::made`].
    pub fn select_documents(&self) -> [String; 2] {
        let query = |table: String| format!("SELECT pg_catalog.to_json(it)::text FROM {table} it");
        [query(self.table()), query(self.running_table())]
    }

    /// Returns the statements that insert such documents into the tables of another database.
    pub fn insert_documents(&self, documents: &[Vec<String>; 2]) -> Vec<String> {
        let insert = |(table, documents): (String, &Vec<String>)| {
            let insert = |document: &String| {
                let document = quote_literal(document, self.dialect);
                format!(
                    "INSERT INTO {table} SELECT * FROM pg_catalog.json_populate_record(NULL::{table}, \
                     {document})"
                )
            };
            documents.iter().map(insert).collect::<Vec<_>>()
        };
        [self.table(), self.running_table()].into_iter().zip(documents).flat_map(insert).collect()
    }

    /// Returns the names of the tables that the first embedded migrations create, one each, in
    /// order.
    pub fn made(&self) -> [String; 2] {
        [self.name(), self.running_name()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Dialect;

    #[test]
    fn each_of_the_first_migrations_makes_its_table() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            let ledger = Ledger::new("v", dialect);
            let migrations = ledger.migrations();
            for ((_, _, sql), name) in migrations.iter().zip(ledger.made()) {
                let quoted =
                    crate::sql::quote_identifier(name.trim_start_matches("public."), dialect);
                assert!(sql.starts_with("CREATE TABLE"), "{sql}");
                assert!(sql.lines().next().unwrap().contains(&quoted), "{name}: {sql}");
            }
        }
    }
}
