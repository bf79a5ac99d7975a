//! Constraints of SQLite, wherever they are written.

use crate::catalog::Name;
use crate::sqlite::{Aside, Fragment};

/// A conflict clause: the handling of a row that violates a constraint. `ABORT`, the default, is
/// left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The transaction is rolled back.
    Rollback,
    /// The statement stops, and its changes stand.
    Fail,
    /// The offending row is skipped.
    Ignore,
    /// Conflicting rows are deleted.
    Replace,
}

/// A column of a primary or unique key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    pub name: Name,
    /// The collation, if it differs from the column's.
    pub collation: Option<Name>,
    pub descending: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrimaryKey {
    pub name: Option<Name>,
    pub columns: Vec<KeyColumn>,
    /// The conflict clause for duplicates.
    pub conflict: Option<Conflict>,
    /// Whether the key has `AUTOINCREMENT`.
    pub autoincrement: bool,
    /// Whether the key is an alias of the rowid.
    pub is_rowid: bool,
    /// The column with which the constraint is written.
    pub at: Aside<Option<Name>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    pub name: Option<Name>,
    pub columns: Vec<KeyColumn>,
    /// The conflict clause for duplicates.
    pub conflict: Option<Conflict>,
    /// The column with which the constraint is written.
    pub at: Aside<Option<Name>>,
}

/// A CHECK constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub name: Option<Name>,
    /// The condition that each row has to meet.
    pub expression: Fragment,
    /// The column with which the constraint is written.
    pub at: Aside<Option<Name>>,
}

#[derive(Debug, Clone)]
pub struct ForeignKey {
    pub name: Option<Name>,
    pub columns: Vec<Name>,
    pub table: Name,
    /// The referenced columns; none means the primary key.
    pub target: Vec<Name>,
    /// The primary key of the referenced table, where the schema is known.
    pub primary: Vec<Name>,
    pub on_delete: Option<Action>,
    pub on_update: Option<Action>,
    /// The name after `MATCH`, which SQLite ignores.
    pub matching: Option<Name>,
    /// Whether the check is deferred to the commit.
    pub deferred: bool,
    /// The column with which the constraint is written.
    pub at: Aside<Option<Name>>,
}

/// The action on referring rows; `NO ACTION`, the default, is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The referring columns become NULL.
    SetNull,
    /// The referring columns become their defaults.
    SetDefault,
    /// The referring rows are deleted or updated too.
    Cascade,
    /// The referenced row can't be changed.
    Restrict,
}

impl ForeignKey {
    /// Tells whether two keys reference the same columns of a table, each in its own schema.
    pub(crate) fn refers_as(&self, other: &Self) -> bool {
        let is_said = self.target == other.target;
        let is_meant = self.primary == other.primary && self.parent_key() == other.parent_key();
        self.table == other.table && (is_said || is_meant)
    }

    /// Returns the referenced columns, as far as they are known.
    pub(crate) fn parent_key(&self) -> &[Name] {
        if self.target.is_empty() { &self.primary } else { &self.target }
    }
}

impl Conflict {
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Rollback => "ROLLBACK",
            Self::Fail => "FAIL",
            Self::Ignore => "IGNORE",
            Self::Replace => "REPLACE",
        }
    }
}

impl Action {
    pub fn keywords(self) -> &'static str {
        match self {
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
            Self::Cascade => "CASCADE",
            Self::Restrict => "RESTRICT",
        }
    }
}
