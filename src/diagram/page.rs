//! x
use crate::outline::Outline;
/// x
pub fn page(outline: &Outline, _revisions: &[crate::diagram::Revision], _name: &str) -> String {
    crate::diagram::svg(outline)
}
