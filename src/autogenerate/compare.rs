//! What leads from one schema to another, compared and not proven.

use crate::autogenerate::generate::{EFFORTS, Ends, filtered, way};
use crate::autogenerate::join::{differences, join};
use crate::autogenerate::plan::How;
use crate::autogenerate::{AutogenerateError, Desired, Scratch, Wish};
use crate::catalog::Change;
use crate::sqlite::{Schema, diff};

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
    from: &Schema,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
) -> Result<Vec<Change>, AutogenerateError> {
    match planned(from, desired, wish, detail) {
        Ok(Some(changes)) => Ok(changes),
        Ok(None) | Err(AutogenerateError::Refused { .. }) => {
            let to = filtered(&wish.filter, from, &desired.schema)?;
            Ok(diff(from, &to).into_iter().map(Change::from).collect())
        }
        Err(error) => Err(error),
    }
}

/// Lists what leads from one schema to a wanted one; none if that can't be planned.
fn planned(
    from: &Schema,
    desired: &Desired,
    wish: &Wish<'_>,
    detail: Detail,
) -> Result<Option<Vec<Change>>, AutogenerateError> {
    let Ends { renames, present, to } = Ends::find(from, desired, wish)?;
    if present == to && renames.is_empty() {
        return Ok(Some(Vec::new()));
    }
    if !wish.filter.takes_all() && !can_be_made(&to) {
        return Ok(None);
    }
    if detail == Detail::Words {
        let differences = differences(from, &present, &to, &renames);
        return Ok(Some(differences.into_iter().map(Change::from).collect()));
    }
    let backfills = &desired.hints.backfills;
    for effort in EFFORTS {
        let how = How { version: wish.version, backfills, effort };
        if let Some(way) = way(from, &to, &renames, &how)? {
            let differences = differences(from, &way.renamed, &to, &renames);
            return Ok(Some(join(&way.steps, differences, &way.tightenings)));
        }
    }
    Ok(None)
}

/// Tells whether a database can hold a schema as it is: a view may use what is left out.
fn can_be_made(schema: &Schema) -> bool {
    let made = Scratch::of(schema).ok().and_then(|mut scratch| scratch.schema().ok());
    made.is_some_and(|made| made == *schema)
}
