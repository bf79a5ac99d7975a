//! Differences in words.

use crate::catalog::{Catalog, Difference, diff};

pub(super) fn differences(from: &Catalog, to: &Catalog) -> Vec<Difference> {
    diff(from, to).iter().map(Difference::from).collect()
}
