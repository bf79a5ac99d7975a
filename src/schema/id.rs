//! What tells one change of a schema from all others.

use crate::schema::{Check, ForeignKey, Name, ObjectType, Unique, render};

/// What a change is made to: its kind and its names. Steps and changes are joined by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// The kind of object.
    pub object_type: ObjectType,
    /// The name of a table, an index, a view or a trigger.
    pub name: Name,
    /// What it is of a table: a column or a constraint, in a form that spelling doesn't change.
    pub part: Option<String>,
    /// Whether its name alone is meant: what gets another name can be altered as well.
    pub is_rename: bool,
}

impl Id {
    /// Names a whole object.
    pub fn whole(object_type: ObjectType, name: &Name) -> Self {
        Self { object_type, name: name.clone(), part: None, is_rename: false }
    }

    /// Names a table.
    pub fn table(name: &Name) -> Self {
        Self::whole(ObjectType::Table, name)
    }

    /// Names a column of a table.
    pub fn column(table: &Name, column: &Name) -> Self {
        Self::part(ObjectType::Column, table, column.key())
    }

    /// Names a UNIQUE constraint of a table.
    pub fn unique(table: &Name, unique: &Unique) -> Self {
        Self::part(ObjectType::Unique, table, render::unique(unique).to_ascii_lowercase())
    }

    /// Names a CHECK constraint of a table.
    pub fn check(table: &Name, check: &Check) -> Self {
        let name = check.name.as_ref().map(Name::key).unwrap_or_default();
        Self::part(ObjectType::Check, table, format!("{name} {}", check.expression.normal()))
    }

    /// Names a foreign key of a table.
    pub fn foreign_key(table: &Name, key: &ForeignKey) -> Self {
        let part = render::foreign_key(key).to_ascii_lowercase();
        Self::part(ObjectType::ForeignKey, table, part)
    }

    /// Means the name of the object alone.
    #[must_use]
    pub fn renamed(self) -> Self {
        Self { is_rename: true, ..self }
    }

    /// Returns the table that it is, or is a part of; none of an index, a view or a trigger.
    pub fn own_table(&self) -> Option<&Name> {
        match self.object_type {
            ObjectType::Index | ObjectType::View | ObjectType::Trigger => None,
            ObjectType::Table
            | ObjectType::Column
            | ObjectType::PrimaryKey
            | ObjectType::Unique
            | ObjectType::Check
            | ObjectType::ForeignKey => Some(&self.name),
        }
    }

    fn part(object_type: ObjectType, table: &Name, part: String) -> Self {
        Self { part: Some(part), ..Self::whole(object_type, table) }
    }
}
