//! Reads a catalog from a live database, using only a [`Connection`].
//!
//! An engine has its queries, and one reader makes objects of their rows. A [`Scope`] says what is asked:
//! the shell of `migrate sql`, drawings and `autogenerate` read the same way.

mod error;
pub(crate) mod mysql;
pub(crate) mod postgres;
mod reader;
mod sqlite;

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Id, Kind, Name};
use crate::database::Connection;
use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_literal};

pub use error::InspectError;

/// The part of a database that is read. Bookkeeping tables of a ledger are left out, with their parts.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// All that schemas are compared by; what isn't understood is an error (SQLite).
    Compared(Option<&'a Ledger>),
    /// All that schemas are compared by, with owners and privileges where there are any.
    WithRights(Option<&'a Ledger>),
    /// The objects that a diagram shows: tables and views of every schema, and their parts.
    Drawn(Option<&'a Ledger>),
    /// The tables and views that can be named without a schema.
    Tables,
    /// The tables and views that can be named without a schema, and their columns.
    Columns,
    Indexes(Option<&'a str>),
    /// The objects that have a statement, of one table or of all, in the order in which they are shown.
    Statements(Option<&'a str>),
}

/// Reads a catalog from a database.
pub fn read(connection: &mut dyn Connection, scope: Scope<'_>) -> Result<Catalog, InspectError> {
    let engine = connection.engine();
    if matches!(scope, Scope::Compared(_) | Scope::WithRights(_)) && !engine.tells_dependencies() {
        return Err(InspectError::NotYet { database: engine.name() });
    }
    let mut res = match connection.dialect() {
        Dialect::Sqlite => sqlite::read(connection, scope),
        Dialect::Postgres => postgres::read(connection, scope),
        Dialect::MySql => mysql::read(connection, scope),
    }?;
    if let Scope::Drawn(ledger) = scope {
        keep_drawn(&mut res, ledger);
    }
    Ok(res)
}

/// Leaves out bookkeeping tables, and the parts of what isn't drawn.
fn keep_drawn(catalog: &mut Catalog, ledger: Option<&Ledger>) {
    let is_ours = |id: &Id| {
        let schema = id.schema.as_ref().map(Name::as_str);
        let owned = ledger.filter(|it| it.owns(id.name.as_str()));
        owned.is_some_and(|it| schema.is_none() || schema == it.schema())
    };
    let relations = Kind::RELATIONS.into_iter().flat_map(|kind| catalog.of_kind(kind));
    let drawn: BTreeSet<Id> = relations.map(|it| it.id.clone()).filter(|id| !is_ours(id)).collect();
    catalog.objects.retain(|id, it| drawn.contains(it.parent.as_ref().unwrap_or(id)));
}

/// Returns what goes after a condition so that only one table is asked about.
fn only(table: Option<&str>, column: &str, dialect: Dialect) -> String {
    table.map_or_else(String::new, |table| {
        format!(" AND lower({column}) = lower({})", quote_literal(table, dialect))
    })
}
