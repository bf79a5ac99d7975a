//! The statements that make objects.

use crate::autogenerate::ddl::Stage;
use crate::catalog::Catalog;
use crate::inspect::InspectError;

pub(super) fn dump(_catalog: &Catalog) -> Result<String, InspectError> {
    Ok(String::new())
}

/// Returns the statements that make the objects of a stage in a scratch database.
pub(super) fn statements(_catalog: &Catalog, _stage: Stage) -> Vec<String> {
    Vec::new()
}
