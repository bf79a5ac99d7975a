//! What is done to a schema, for those who are told.

use std::fmt;

use crate::catalog::{Delta, Id, Kind};

/// One change of a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is done to the object.
    pub kind: ChangeKind,
    /// The kind of object that is changed.
    pub object_type: Kind,
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

/// One thing in which two schemas differ, before it is known which statements make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What has to be done to the object.
    pub kind: ChangeKind,
    /// The kind of object that differs.
    pub object_type: Kind,
    /// The ids of the objects that differ: the wanted one before the one that it replaces.
    pub ids: Vec<Id>,
    /// Whether the name alone changes: what gets another name can be altered as well.
    pub is_name: bool,
    /// Its name: `users`, `users.email`.
    pub object: String,
    /// Whether values are lost.
    pub destructive: bool,
    /// In words: `add column users.email`.
    pub description: String,
}

impl Difference {
    /// Says that a whole object is made, altered or dropped.
    pub fn whole(kind: ChangeKind, id: &Id) -> Self {
        let verb = if kind == ChangeKind::Alter { "change" } else { kind.as_str() };
        Self {
            kind,
            object_type: id.kind,
            ids: vec![id.clone()],
            is_name: false,
            object: id.name.to_string(),
            destructive: false,
            description: format!("{verb} {} {}", id.kind, id.name),
        }
    }
}

impl From<&Delta<'_>> for Difference {
    fn from(delta: &Delta<'_>) -> Self {
        let kind = match delta {
            Delta::Create(_) => ChangeKind::Create,
            Delta::Alter { .. } => ChangeKind::Alter,
            Delta::Drop(_) => ChangeKind::Drop,
        };
        Self::whole(kind, delta.id())
    }
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

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
