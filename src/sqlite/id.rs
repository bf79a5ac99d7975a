//! The ids of constraints without a name: their content, in a form independent of spelling.

use crate::catalog::{Id, Kind, Name};
use crate::sqlite::{Check, ForeignKey, Unique, render};

pub fn primary_key_id(table: &Name) -> Id {
    Id::part(Kind::PrimaryKey, table, &Name::exact(""))
}

pub fn unique_id(table: &Name, unique: &Unique) -> Id {
    Id::part(Kind::Unique, table, &Name::any_case(render::unique(unique)))
}

pub fn check_id(table: &Name, check: &Check) -> Id {
    let name = check.name.as_ref().map(Name::key).unwrap_or_default();
    let said = format!("{name} {}", check.expression.normal());
    Id::part(Kind::Check, table, &Name::exact(said))
}

pub fn foreign_key_id(table: &Name, key: &ForeignKey) -> Id {
    let key = ForeignKey { target: key.parent_key().to_vec(), matching: None, ..key.clone() };
    Id::part(Kind::ForeignKey, table, &Name::any_case(render::foreign_key(&key)))
}
