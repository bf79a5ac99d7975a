//! PostgreSQL's catalog: what schemas are compared by, and what is shown.

pub(crate) mod attributes;
mod compared;
mod normal;
mod shown;
pub(crate) mod usual;

use crate::catalog::Catalog;
use crate::database::Connection;
use crate::inspect::{InspectError, Scope};

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    match scope {
        Scope::Compared(ledger) => compared::read(connection, ledger, false),
        Scope::WithRights(ledger) => compared::read(connection, ledger, true),
        Scope::Drawn(_)
        | Scope::Tables
        | Scope::Columns
        | Scope::Indexes(_)
        | Scope::Statements(_) => shown::read(connection, scope),
    }
}
