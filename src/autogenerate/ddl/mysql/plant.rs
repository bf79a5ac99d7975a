//! Rows for the proof.

use crate::autogenerate::ddl::{Planted, UNFOUND};
use crate::autogenerate::proof::Claim;
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::Kind;

pub(super) fn plant(
    claim: &Claim<'_>,
    _present: &mut dyn Scratch,
) -> Result<Planted, AutogenerateError> {
    let tables = claim.way.from.of_kind(Kind::Table);
    let unplanted = tables.map(|it| format!("{}: {UNFOUND}", it.id.name)).collect();
    Ok(Planted { unplanted, ..Planted::default() })
}
