//! What statements of a schema file define, and which of them belong there.

use crate::autogenerate::hints::Definition;
use crate::catalog::Name;
use crate::sql::Statement;

pub(super) fn belongs(_statement: &Statement<'_>) -> Result<bool, &'static str> {
    Ok(true)
}

pub(super) fn definitions(_statement: &str) -> Vec<Definition> {
    Vec::new()
}

pub(super) fn name(_text: &str) -> Option<Name> {
    None
}
