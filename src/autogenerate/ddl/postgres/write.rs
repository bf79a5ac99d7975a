//! The statements that make objects.

use crate::catalog::Catalog;
use crate::inspect::InspectError;

pub(super) fn dump(_catalog: &Catalog) -> Result<String, InspectError> {
    Ok(String::new())
}
