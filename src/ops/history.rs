//! Revisions by range and by name.

use crate::error::Error;
use crate::ops::Observed;
use crate::plan::{self, PlanError, RangeEnd, Target};
use crate::revision::Node;

/// Returns the revisions of a range, newest first; without a range all.
pub fn history(
    observed: &Observed<'_>,
    range: Option<&(RangeEnd, RangeEnd)>,
) -> Result<Vec<Node>, Error> {
    let all = (RangeEnd::Open, RangeEnd::Open);
    Ok(plan::range(&observed.graph, &observed.state.heads, range.unwrap_or(&all))?)
}

/// Finds the revisions that a name refers to; relative forms work as in upgrades and downgrades.
pub fn locate(observed: &Observed<'_>, name: &str) -> Result<Vec<Node>, PlanError> {
    if name == "current" {
        return Ok(super::current(observed).shown);
    }
    plan::locate(&observed.graph, &observed.state, &Target::parse(name))
}
