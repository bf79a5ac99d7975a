//! The ids of constraints, which have no name of their own: what they say, in a form that spelling doesn't
//! change.

use crate::catalog::{Id, Kind, Name};
use crate::sqlite::{Check, ForeignKey, Unique, render};

/// Names the primary key of a table.
pub fn primary_key_id(table: &Name) -> Id {
    Id::part(Kind::PrimaryKey, table, &Name::exact(""))
}

/// Names a UNIQUE constraint of a table.
pub fn unique_id(table: &Name, unique: &Unique) -> Id {
    Id::part(Kind::Unique, table, &Name::any_case(render::unique(unique)))
}

/// Names a CHECK constraint of a table.
pub fn check_id(table: &Name, check: &Check) -> Id {
    let name = check.name.as_ref().map(Name::key).unwrap_or_default();
    let said = format!("{name} {}", check.expression.normal());
    Id::part(Kind::Check, table, &Name::exact(said))
}

/// Names a foreign key of a table.
pub fn foreign_key_id(table: &Name, key: &ForeignKey) -> Id {
    Id::part(Kind::ForeignKey, table, &Name::any_case(render::foreign_key(key)))
}
