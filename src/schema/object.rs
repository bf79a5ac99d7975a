//! Indexes, views and triggers.

use crate::schema::{Aside, Fragment, Name};

/// An index that has a statement of its own.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// The table.
    pub table: Name,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// What is indexed, in order.
    pub columns: Vec<IndexColumn>,
    /// Which rows are indexed.
    pub filter: Option<Fragment>,
    /// The statement that makes it.
    pub sql: String,
}

/// A column or an expression in an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// The column or the expression.
    pub expression: Fragment,
    /// Its collation.
    pub collation: Option<Name>,
    /// Whether it is in descending order.
    pub descending: bool,
}

/// A view.
#[derive(Debug, Clone)]
pub struct View {
    /// Its name.
    pub name: Name,
    /// All that follows the name.
    pub body: Fragment,
    /// The statement that makes it.
    pub sql: String,
}

/// A trigger.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Its name.
    pub name: Name,
    /// The table or view that it is on.
    pub target: Name,
    /// What fires it.
    pub event: Aside<TriggerEvent>,
    /// All that follows the name.
    pub body: Fragment,
    /// The statement that makes it.
    pub sql: String,
}

/// What fires a trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TriggerEvent {
    /// An INSERT.
    #[default]
    Insert,
    /// An UPDATE.
    Update,
    /// A DELETE.
    Delete,
}

impl Index {
    /// Tells whether it is the same but for its name.
    pub fn is_like(&self, other: &Self) -> bool {
        (&self.table, self.unique, &self.columns, &self.filter)
            == (&other.table, other.unique, &other.columns, &other.filter)
    }
}

impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.is_like(other)
    }
}

impl Eq for Index {}

impl PartialEq for View {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.body) == (&other.name, &other.body)
    }
}

impl Eq for View {}

impl PartialEq for Trigger {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.target, &self.body) == (&other.name, &other.target, &other.body)
    }
}

impl Eq for Trigger {}
