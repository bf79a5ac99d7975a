//! Reads a schema from a live database, using only a [`Connection`].
//!
//! Facts in SQLite's pragmas are taken from there; the rest is parsed from the statements that it
//! stores. Where both have a fact they have to agree, since syntax that the parser missed would be
//! lost otherwise.

mod compare;
mod error;
mod outline;

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Kind, Name};
use crate::database::{Connection, Engine, Row};
use crate::ledger::Ledger;
use crate::sqlite::{Kept, Schema};

pub use error::InspectError;
pub use outline::outline_of;

/// Everything that users made, in the order in which it was made; what is made automatically has no text.
const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema \
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

/// The tables that virtual ones keep their rows in.
const SHADOWS: &str =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

/// Reads the schema of a database; the bookkeeping tables and what hangs on them are left out.
pub fn schema_of(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Catalog, InspectError> {
    if connection.engine() != Engine::Sqlite {
        return Err(InspectError::NotYet { database: connection.dialect().name() });
    }
    let shadows: BTreeSet<Name> =
        connection.query(SHADOWS)?.iter().map(|row| Name::any_case(text(row, 0))).collect();
    let rows = connection.query(OBJECTS)?;
    let is_ours = |name: &str| {
        shadows.contains(&Name::any_case(name)) || ledger.is_some_and(|ledger| ledger.owns(name))
    };
    let rows: Vec<&Row> =
        rows.iter().filter(|row| !is_ours(text(row, 1)) && !is_ours(text(row, 2))).collect();
    let kept: Result<Vec<Kept<'_>>, InspectError> = rows.iter().map(|row| kept(row)).collect();
    let res = Schema::read(&kept?)?;
    compare::compare(connection, &res)?;
    Ok(res.catalog)
}

fn kept(row: &Row) -> Result<Kept<'_>, InspectError> {
    let (name, table, sql) = (text(row, 1), text(row, 2), text(row, 3));
    let known = [Kind::Table, Kind::Index, Kind::View, Kind::Trigger];
    let Some(kind) = known.into_iter().find(|kind| kind.as_str() == text(row, 0)) else {
        let (kind, name) = (text(row, 0).to_owned(), name.to_owned());
        return Err(InspectError::UnknownKind { kind, name });
    };
    Ok(Kept { kind, name, table, sql })
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

#[cfg(test)]
mod tests;
