//! Constraints, wherever they are written.

use crate::catalog::Name;
use crate::sqlite::{Aside, Fragment};

/// What is done about a row that breaks a constraint; `ABORT` is the usual, and isn't said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The transaction is rolled back.
    Rollback,
    /// The statement stops, what it did stands.
    Fail,
    /// The row is left out.
    Ignore,
    /// What is in the way is deleted.
    Replace,
}

/// A column in a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyColumn {
    /// The column's name.
    pub name: Name,
    /// Its collation, if another than the column's is asked for.
    pub collation: Option<Name>,
    /// Whether it is in descending order.
    pub descending: bool,
}

/// The primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The key's name.
    pub name: Option<Name>,
    /// The key's columns in order.
    pub columns: Vec<KeyColumn>,
    /// What is done about a duplicate.
    pub conflict: Option<Conflict>,
    /// Whether `AUTOINCREMENT` is said.
    pub autoincrement: bool,
    /// Whether it is the rowid by another name.
    pub is_rowid: bool,
    /// The column that it is written at.
    pub at: Aside<Option<Name>>,
}

/// A UNIQUE constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The constraint's columns in order.
    pub columns: Vec<KeyColumn>,
    /// What is done about a duplicate.
    pub conflict: Option<Conflict>,
    /// The column that it is written at.
    pub at: Aside<Option<Name>>,
}

/// A CHECK constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: Option<Name>,
    /// What has to hold for each row.
    pub expression: Fragment,
    /// The column that it is written at.
    pub at: Aside<Option<Name>>,
}

/// A foreign key.
#[derive(Debug, Clone)]
pub struct ForeignKey {
    /// The key's name.
    pub name: Option<Name>,
    /// The key's columns in order, here.
    pub columns: Vec<Name>,
    /// The table that it refers to.
    pub table: Name,
    /// The columns there; none means the primary key.
    pub target: Vec<Name>,
    /// The primary key there, where the schema around it is known.
    pub primary: Vec<Name>,
    /// What a DELETE there does here.
    pub on_delete: Option<Action>,
    /// What an UPDATE there does here.
    pub on_update: Option<Action>,
    /// What stands after `MATCH`; SQLite makes nothing of it.
    pub matching: Option<Name>,
    /// Whether it is checked at the commit.
    pub deferred: bool,
    /// The column that it is written at.
    pub at: Aside<Option<Name>>,
}

/// What becomes of rows whose parent goes; `NO ACTION` is the usual, and isn't said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// They become NULL.
    SetNull,
    /// They take the default.
    SetDefault,
    /// They go or change along.
    Cascade,
    /// The parent has to stay.
    Restrict,
}

impl ForeignKey {
    /// Tells whether two keys refer to the same columns of a table, in both schemas that they are of.
    pub(crate) fn refers_as(&self, other: &Self) -> bool {
        let is_said = self.target == other.target;
        let is_meant = self.primary == other.primary && self.parent_key() == other.parent_key();
        self.table == other.table && (is_said || is_meant)
    }

    /// Returns the columns that the key refers to, as far as they are known.
    pub(crate) fn parent_key(&self) -> &[Name] {
        if self.target.is_empty() { &self.primary } else { &self.target }
    }
}

impl Conflict {
    /// Returns the keyword.
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
    /// Returns the keywords.
    pub fn keywords(self) -> &'static str {
        match self {
            Self::SetNull => "SET NULL",
            Self::SetDefault => "SET DEFAULT",
            Self::Cascade => "CASCADE",
            Self::Restrict => "RESTRICT",
        }
    }
}
