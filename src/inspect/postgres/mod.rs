//! PostgreSQL's catalog: what schemas are compared by, and what is shown.

pub(crate) mod attributes;
mod shown;

use crate::catalog::Catalog;
use crate::database::Connection;
use crate::inspect::{InspectError, Scope};

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    shown::read(connection, scope)
}
