//! The catalog of MySQL and MariaDB: what schemas are compared by, and what is shown.

pub(crate) mod attributes;
mod compared;
mod shown;

use crate::catalog::Catalog;
use crate::database::Connection;
use crate::inspect::{InspectError, Scope};

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    match scope {
        // Privileges aren't kept with the schema.
        Scope::Compared(ledger) | Scope::WithRights(ledger) => compared::read(connection, ledger),
        Scope::Drawn(_)
        | Scope::Tables
        | Scope::Columns
        | Scope::Indexes(_)
        | Scope::Statements(_) => shown::read(connection, scope),
    }
}
