//! Databases in memory to try things on.

use crate::autogenerate::AutogenerateError;
use crate::catalog::{Catalog, Kind, Name};
use crate::database::{Connection, DatabaseError, Row, scratch};
use crate::inspect::{InspectError, schema_of};
use crate::sql::{Dialect, Splitter};

/// A database in memory, gone with the value.
pub struct Scratch {
    connection: Box<dyn Connection>,
}

impl Scratch {
    /// Makes an empty one; foreign keys are off, as they are while a revision runs.
    pub fn new() -> Result<Self, DatabaseError> {
        let mut connection = scratch()?;
        connection.execute("PRAGMA foreign_keys = off")?;
        Ok(Self { connection })
    }

    /// Makes one with a schema.
    pub fn of(schema: &Catalog) -> Result<Self, DatabaseError> {
        let mut res = Self::new()?;
        res.make_tables(schema)?;
        res.make_views(schema)?;
        Ok(res)
    }

    /// Makes the tables and indexes of a schema.
    pub(crate) fn make_tables(&mut self, schema: &Catalog) -> Result<(), DatabaseError> {
        self.connection.execute("BEGIN")?;
        // The tables that virtual ones index have to be there first.
        let tables = schema.in_order(Kind::Table);
        let tables = tables.iter().filter_map(|id| schema.get(id));
        for object in tables.chain(schema.of_kind(Kind::Index)) {
            self.connection.execute(object.statement())?;
        }
        self.connection.execute("COMMIT")
    }

    /// Makes the views and triggers of a schema.
    pub(crate) fn make_views(&mut self, schema: &Catalog) -> Result<(), DatabaseError> {
        self.connection.execute("BEGIN")?;
        for object in schema.of_kind(Kind::View).chain(schema.of_kind(Kind::Trigger)) {
            self.connection.execute(object.statement())?;
        }
        self.connection.execute("COMMIT")
    }

    /// Returns the connection.
    pub fn connection(&mut self) -> &mut dyn Connection {
        &mut *self.connection
    }

    /// Returns the functions and collations that had to be made up.
    pub(crate) fn stubs(&mut self) -> Vec<String> {
        self.connection.take_notices().into_iter().map(|notice| notice.message).collect()
    }

    /// Reads the schema.
    pub fn schema(&mut self) -> Result<Catalog, InspectError> {
        schema_of(&mut *self.connection, None)
    }

    pub(crate) fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.connection.execute(statement)
    }

    pub(crate) fn query(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        self.connection.query(query)
    }

    /// Runs a script as the runner does: a statement at a time, in a transaction, with foreign keys
    /// off, and only committed if none is newly broken and a look at it finds nothing wrong. Tells
    /// what is wrong.
    pub(crate) fn run(
        &mut self,
        script: &str,
        look: impl FnOnce(&mut Self) -> Result<Option<String>, AutogenerateError>,
    ) -> Result<Option<String>, AutogenerateError> {
        let before = self.violations();
        self.execute("BEGIN IMMEDIATE")?;
        let mut problem = self.run_statements(script);
        if problem.is_none() && before < self.violations() {
            problem = Some("breaks a foreign key".to_owned());
        }
        if problem.is_none() {
            problem = look(self)?;
        }
        if problem.is_some() {
            self.connection.rollback()?;
        } else {
            self.execute("COMMIT")?;
        }
        Ok(problem)
    }

    fn run_statements(&mut self, script: &str) -> Option<String> {
        for statement in Splitter::new(script, Dialect::Sqlite) {
            let text = match statement {
                Ok(statement) => statement.text,
                Err(error) => return Some(format!("can't be split: {error}")),
            };
            if let Err(error) = self.execute(text) {
                return Some(format!("fails: {error}, in `{text}`"));
            }
        }
        None
    }

    /// Counts the rows that refer to none.
    fn violations(&mut self) -> usize {
        self.broken_tables().len()
    }

    /// Returns the tables with rows that refer to none; a key that SQLite can't check breaks none.
    pub(crate) fn broken_tables(&mut self) -> Vec<Name> {
        let rows = self.query("PRAGMA foreign_key_check").unwrap_or_default();
        rows.into_iter()
            .filter_map(|row| row.into_iter().next().flatten())
            .map(Name::any_case)
            .collect()
    }
}
