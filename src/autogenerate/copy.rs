//! Copies of a schema with rows that are made up.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::{Stage, Transition, ddl};
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::catalog::Catalog;

/// The kinds of rows that a copy of a database can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The rows of the database itself.
    Own,
    /// Rows with awkward values that keep the rules of the tables.
    MadeUp,
    /// No rows: the tables are empty.
    None,
}

/// Makes a database like an empty one with the objects of a catalog; returns as well which tables
/// have no rows though they should, each with the reason.
pub fn copy(
    schema: &Catalog,
    rows: Rows,
    empty: &mut dyn Scratch,
) -> Result<(Box<dyn Scratch>, Vec<String>), AutogenerateError> {
    let mut unplanted = Vec::new();
    let ddl = ddl(empty.dialect())?;
    let mut res = empty.fork()?;
    res.make(schema, Stage::BeforeRows)?;
    if rows == Rows::MadeUp {
        let renames = Renames::default();
        let (backfills, unfilled) = (&Backfills::new(), &BTreeSet::new());
        let way = Transition { from: schema, to: schema, renames: &renames };
        let claim = Claim { ddl, way, backfills, unfilled, script: "" };
        unplanted = ddl.plant(&claim, &mut *res, empty)?.unplanted;
    }
    res.make(schema, Stage::AfterRows)?;
    Ok((res, unplanted))
}
