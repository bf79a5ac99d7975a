//! What is done to a schema, for those who are told.

use std::fmt;

use crate::schema::Difference;

/// One change of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub kind: ChangeKind,
    /// What it is done to.
    pub object_type: ObjectType,
    /// Its name: `users`, `users.email`.
    pub object: String,
    /// Whether values are lost.
    pub destructive: bool,
    /// In words.
    pub description: String,
    /// Queries for rows that are in its way: it fails if one of them finds any.
    pub checks: Vec<String>,
    /// The statements that do it; changes that are made together have the same.
    pub sql: String,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is made.
    Create,
    /// It becomes another.
    Alter,
    /// It goes.
    Drop,
    /// It gets another name.
    Rename,
}

/// What a change is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ObjectType {
    /// A table.
    Table,
    /// A column.
    Column,
    /// A primary key.
    PrimaryKey,
    /// A UNIQUE constraint.
    Unique,
    /// A CHECK constraint.
    Check,
    /// A foreign key.
    ForeignKey,
    /// An index.
    Index,
    /// A view.
    View,
    /// A trigger.
    Trigger,
}

impl From<Difference> for Change {
    fn from(difference: Difference) -> Self {
        let Difference { kind, object_type, object, destructive, description, .. } = difference;
        let (checks, sql) = (Vec::new(), String::new());
        Self { kind, object_type, object, destructive, description, checks, sql }
    }
}

impl ChangeKind {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Alter => "alter",
            Self::Drop => "drop",
            Self::Rename => "rename",
        }
    }
}

impl ObjectType {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Column => "column",
            Self::PrimaryKey => "primary_key",
            Self::Unique => "unique",
            Self::Check => "check",
            Self::ForeignKey => "foreign_key",
            Self::Index => "index",
            Self::View => "view",
            Self::Trigger => "trigger",
        }
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ObjectType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
