//! The steps between two catalogs.

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::{How, Plan, Transition};
use crate::catalog::Catalog;

pub(super) fn plan(
    _way: &Transition<'_>,
    _renamed: &Catalog,
    _how: &How<'_>,
) -> Result<Plan, AutogenerateError> {
    Ok(Plan::default())
}
