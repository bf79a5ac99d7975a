//! Scratch databases.

mod memory;

use crate::autogenerate::{AutogenerateError, trial};
use crate::catalog::{Catalog, Kind, Object};
use crate::database::{Connection, DatabaseError};
use crate::inspect::{InspectError, Scope, read};
use crate::sql::Dialect;

/// A scratch database, dropped with the value.
pub trait Scratch {
    /// Returns the connection to the database.
    fn connection(&mut self) -> &mut dyn Connection;

    /// Makes another database with the same content.
    fn fork(&mut self) -> Result<Box<dyn Scratch>, DatabaseError>;
}

/// Creates an empty scratch database of an engine.
pub fn scratch(dialect: Dialect) -> Result<Box<dyn Scratch>, AutogenerateError> {
    match dialect {
        Dialect::Sqlite => Ok(Box::new(memory::Memory::new()?)),
        Dialect::Postgres | Dialect::MySql => {
            Err(InspectError::NotYet { database: dialect.name() }.into())
        }
    }
}

impl dyn Scratch + '_ {
    /// Makes another database with the same content and the objects of a catalog.
    pub fn with(&mut self, catalog: &Catalog) -> Result<Box<dyn Scratch>, DatabaseError> {
        let mut res = self.fork()?;
        res.make_tables(catalog)?;
        res.make_views(catalog)?;
        Ok(res)
    }

    /// Creates the tables and indexes of a catalog.
    pub(crate) fn make_tables(&mut self, catalog: &Catalog) -> Result<(), DatabaseError> {
        // The tables that others need have to be there first.
        let tables = catalog.in_order(Kind::Table);
        let tables = tables.iter().filter_map(|id| catalog.get(id));
        self.make(tables.chain(catalog.of_kind(Kind::Index)))
    }

    /// Creates the views and triggers of a catalog.
    pub(crate) fn make_views(&mut self, catalog: &Catalog) -> Result<(), DatabaseError> {
        self.make(catalog.of_kind(Kind::View).chain(catalog.of_kind(Kind::Trigger)))
    }

    fn make<'a>(
        &mut self,
        mut objects: impl Iterator<Item = &'a Object>,
    ) -> Result<(), DatabaseError> {
        let connection = self.connection();
        connection.execute("BEGIN")?;
        objects.try_for_each(|it| connection.execute(it.statement()))?;
        connection.execute("COMMIT")
    }

    /// Reads the catalog of the database.
    pub fn catalog(&mut self) -> Result<Catalog, InspectError> {
        let connection = self.connection();
        let ledger = trial::ledger(connection.dialect());
        read(connection, Scope::Compared(Some(&ledger)))
    }
}
