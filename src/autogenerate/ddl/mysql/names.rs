//! Names in statements and in words.

use crate::catalog::{Id, Kind, Object};
use crate::inspect::mysql::attributes::VERSIONED;
use crate::sql::{Dialect, quote_identifier};

/// Returns a name in backticks, as the server writes it: each version reserves other words.
pub(super) fn quoted(name: &str) -> String {
    quote_identifier(name, Dialect::MySql)
}

/// Writes the beginning of a statement that changes a table. One that keeps its history is changed only if
/// that is meant to stay.
pub(super) fn alter_table(table: &Object) -> String {
    let name = quoted(table.id.name.as_str());
    if table.says(VERSIONED) {
        return format!(
            "SET STATEMENT system_versioning_alter_history = KEEP FOR ALTER TABLE {name}"
        );
    }
    format!("ALTER TABLE {name}")
}

/// Returns a kind in words.
pub(super) fn word(kind: Kind) -> String {
    kind.as_str().replace('_', " ")
}

/// Returns a kind as statements name it.
pub(super) fn keyword(kind: Kind) -> String {
    word(kind).to_uppercase()
}

/// Names an object: `users`, `users.email`.
pub(super) fn shown(id: &Id) -> String {
    let owner = id.owner.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    format!("{owner}{}", id.name)
}

/// Names an object with its kind: `column users.email`, `index by_email of users`.
pub(super) fn named(id: &Id) -> String {
    let of = |owner: &str| format!("{} {} of {owner}", word(id.kind), id.name);
    match &id.owner {
        Some(owner) if id.kind == Kind::PrimaryKey => format!("primary key of {owner}"),
        Some(owner) if id.kind == Kind::Column => format!("column {owner}.{}", id.name),
        Some(owner) => of(owner.as_str()),
        None if id.kind == Kind::Opaque => id.name.to_string(),
        None => format!("{} {}", word(id.kind), id.name),
    }
}
