//! Changes of a schema, in the form in which they are reported.

use std::fmt;

use crate::catalog::{Delta, Id, Kind};

/// A change of one object in a schema, with the statements that make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: ChangeKind,
    pub object_type: Kind,
    /// The object's name: `users`, `users.email`.
    pub object: String,
    /// Whether the change loses values.
    pub destructive: bool,
    /// The change in words: `add column users.email`.
    pub description: String,
    /// Whether the change fails if rows don't fit.
    pub may_fail: bool,
    /// Queries for rows that are in the way: the change fails if one of them returns any.
    pub checks: Vec<String>,
    /// The statements that make the change; changes that are made together share them.
    pub sql: String,
}

/// The operation that a change performs on its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Create,
    Alter,
    Drop,
    /// The object gets another name.
    Rename,
}

/// One thing in which two schemas differ, before it is known which statements make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The operation that removes the difference.
    pub kind: ChangeKind,
    pub object_type: Kind,
    /// The ids of the objects that differ: the wanted one before the one that it replaces.
    pub ids: Vec<Id>,
    /// Whether the name alone changes: what gets another name can be altered as well.
    pub is_name: bool,
    /// The object's name: `users`, `users.email`.
    pub object: String,
    /// Whether the change loses values.
    pub destructive: bool,
    /// The change in words: `add column users.email`.
    pub description: String,
}

impl Difference {
    /// Makes the difference for a whole object that is created, altered or dropped.
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
        let may_fail = false;
        Self { kind, object_type, object, destructive, description, may_fail, checks, sql }
    }
}

impl ChangeKind {
    /// Returns the operation as a word: `create`, `alter`, `drop`, `rename`.
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
