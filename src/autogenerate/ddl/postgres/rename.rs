//! The statements that rename objects.

use crate::autogenerate::Renames;
use crate::autogenerate::script::Step;
use crate::catalog::Catalog;

pub(super) fn rename(_renames: &Renames, _from: &Catalog) -> Vec<Step> {
    Vec::new()
}
