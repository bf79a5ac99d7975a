//! What leads from one schema to another, compared and not proven.

use crate::autogenerate::ddl::{Ddl, How, Way, ddl};
use crate::autogenerate::generate::{EFFORTS, Ends, Planned, planned};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::{AutogenerateError, Desired, Scratch, Wish};
use crate::catalog::{Catalog, Change, Difference};

/// How much a comparison tells of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// What changes, in words.
    Words,
    /// The statements and the queries for rows as well, as they are planned: they are not tried.
    Statements,
}

/// Lists what leads from one schema to a wanted one. It proves nothing, so it is quick; what can't be
/// planned is told without statements.
pub fn compare(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
) -> Result<Vec<Change>, AutogenerateError> {
    let told = |differences: Vec<Difference>| differences.into_iter().map(Change::from).collect();
    match changes(from, desired, wish, detail) {
        Ok(Some(changes)) => Ok(changes),
        Ok(None) | Err(AutogenerateError::Refused { .. }) => {
            let to = wish.filter.apply(from, &desired.schema);
            Ok(ddl(wish.dialect).map(|ddl| told(ddl.differences(from, &to))).unwrap_or_default())
        }
        Err(error) => Err(error),
    }
}

/// Lists what leads from one schema to a wanted one; none if that can't be planned.
fn changes(
    from: &Catalog,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
) -> Result<Option<Vec<Change>>, AutogenerateError> {
    let ends = Ends::find(from, desired, wish)?;
    if ends.meet() {
        return Ok(Some(Vec::new()));
    }
    let Ends { ddl, renames, present, to } = ends;
    if !wish.filter.takes_all() && !can_be_made(ddl, &to) {
        return Ok(None);
    }
    let way = Way { from, renamed: &present, to: &to, renames: &renames };
    if detail == Detail::Words {
        return Ok(Some(differences(ddl, &way).into_iter().map(Change::from).collect()));
    }
    let backfills = &desired.hints.backfills;
    for effort in EFFORTS {
        let how = How { version: wish.version, backfills, effort };
        if let Some(Planned { plan, renamed, .. }) = planned(ddl, from, &to, &renames, &how)? {
            let differences = differences(ddl, &Way { renamed: &renamed, ..way });
            return Ok(Some(join(&plan.steps, differences, &plan.tightenings)));
        }
    }
    Ok(None)
}

/// Tells whether a database can hold a schema as it is: a view may use what is left out.
fn can_be_made(ddl: &dyn Ddl, catalog: &Catalog) -> bool {
    let made = Scratch::of(catalog).ok().and_then(|mut scratch| scratch.schema().ok());
    made.is_some_and(|made| ddl.differences(&made, catalog).is_empty())
}
