//! Indexes, views and triggers.

use crate::schema::{Fragment, Name, Table};

/// An index that has a statement of its own.
#[derive(Debug, Clone)]
pub struct Index {
    /// The index's name.
    pub name: Name,
    /// The table that it is on.
    pub table: Name,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// What is indexed, in order.
    pub columns: Vec<IndexColumn>,
    /// Which rows are indexed.
    pub filter: Option<Fragment>,
    /// The statement that makes the index.
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
    /// The view's name.
    pub name: Name,
    /// The names of its columns, if it gives some.
    pub columns: Vec<Name>,
    /// The query, with the AS before it.
    pub body: Fragment,
    /// The statement that makes the view.
    pub sql: String,
}

/// A trigger.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The trigger's name.
    pub name: Name,
    /// The table or view that it is on.
    pub target: Name,
    /// When it runs.
    pub time: TriggerTime,
    /// What fires it.
    pub event: TriggerEvent,
    /// The columns whose UPDATE fires it, in the order of their names; all, if there is none.
    pub columns: Vec<Name>,
    /// Which rows fire it.
    pub condition: Option<Fragment>,
    /// The statements.
    pub body: Fragment,
    /// The statement that makes the trigger.
    pub sql: String,
}

/// When a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TriggerTime {
    /// Before the row changes, as it does where nothing is said.
    #[default]
    Before,
    /// After that.
    After,
    /// In place of it, on a view.
    InsteadOf,
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
    /// Forgets collations that the columns of the table have anyway.
    #[must_use]
    pub fn on(mut self, table: &Table) -> Self {
        for part in &mut self.columns {
            let bare = part.expression.normal().trim_matches('"').replace("\"\"", "\"");
            if let Some(column) = table.column(&Name::new(bare)) {
                part.collation = part.collation.take().filter(|it| !column.collates(it));
            }
        }
        self
    }

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
        (&self.name, &self.columns, &self.body) == (&other.name, &other.columns, &other.body)
    }
}

impl Eq for View {}

impl PartialEq for Trigger {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.target, &self.body) == (&other.name, &other.target, &other.body)
            && (self.time, self.event) == (other.time, other.event)
            && (&self.columns, &self.condition) == (&other.columns, &other.condition)
    }
}

impl Eq for Trigger {}
