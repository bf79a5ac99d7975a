//! Compares two schemas and lists the changes, without proof.

use crate::autogenerate::ddl::{Ddl, How, Transition, ddl};
use crate::autogenerate::generate::{EFFORTS, Ends, Planned, planned};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::{AutogenerateError, Desired, Scratch, Wish, set_apart};
use crate::catalog::{Catalog, Change, Difference};

/// How much a comparison reports of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// The descriptions of the changes.
    Words,
    /// The statements too, and the queries for rows: as they are planned, not tried.
    Statements,
}

/// Lists the changes from one schema to a wanted one, quickly and without proof; a change that
/// can't be planned has no statements. Renames are tried on a database like an empty one.
pub fn compare(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
    empty: &mut dyn Scratch,
) -> Result<Vec<Change>, AutogenerateError> {
    if detail == Detail::Statements {
        let mut rest = desired.clone();
        let opaque = set_apart(empty.dialect(), from, &mut rest, &wish.filter)?;
        if !opaque.is_empty() {
            let mut res = compare(from, &rest, wish, detail, empty)?;
            res.extend(opaque);
            return Ok(res);
        }
    }
    let told = |differences: Vec<Difference>| differences.into_iter().map(Change::from).collect();
    match changes(from, desired, wish, detail, empty) {
        Ok(Some(changes)) => Ok(changes),
        Ok(None) | Err(AutogenerateError::Refused { .. }) => {
            let to = wish.filter.apply(from, &desired.schema);
            Ok(told(ddl(empty.dialect())?.differences(from, &to)))
        }
        Err(error) => Err(error),
    }
}

/// Lists the changes from one schema to a wanted one; none if they can't be planned.
fn changes(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
    empty: &mut dyn Scratch,
) -> Result<Option<Vec<Change>>, AutogenerateError> {
    let ends = Ends::find(from, desired, wish, empty)?;
    if ends.meet() {
        return Ok(Some(Vec::new()));
    }
    let Ends { ddl, renames, present, to } = ends;
    if !wish.filter.takes_all() && !can_be_made(ddl, &to, empty) {
        return Ok(None);
    }
    let way = Transition { from, to: &to, renames: &renames };
    if detail == Detail::Words {
        return Ok(Some(differences(ddl, &way, &present).into_iter().map(Change::from).collect()));
    }
    let backfills = &desired.hints.backfills;
    for effort in EFFORTS {
        let how = How { version: wish.version, backfills, effort };
        if let Some(Planned { plan, renamed, .. }) = planned(ddl, &way, &how, empty)? {
            let differences = differences(ddl, &way, &renamed);
            return Ok(Some(join(&plan.steps, differences, &plan.tightenings)));
        }
    }
    Ok(None)
}

/// Tells whether a database can hold a schema: a view may use excluded objects.
fn can_be_made(ddl: &dyn Ddl, catalog: &Catalog, empty: &mut dyn Scratch) -> bool {
    let made = empty.with(catalog).ok().and_then(|mut scratch| scratch.catalog().ok());
    made.is_some_and(|made| ddl.differences(&made, catalog).is_empty())
}
