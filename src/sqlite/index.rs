//! Indexes.

use crate::catalog::Name;
use crate::sqlite::{Fragment, Table};

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

impl Index {
    /// Forgets collations that the columns of the table have anyway.
    #[must_use]
    pub fn on(mut self, table: &Table) -> Self {
        for part in &mut self.columns {
            let bare = part.expression.normal().trim_matches('"').replace("\"\"", "\"");
            if let Some(column) = table.column(&Name::any_case(bare)) {
                part.collation = part.collation.take().filter(|it| !column.collates(it));
            }
        }
        self
    }
}

impl PartialEq for Index {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && (&self.table, self.unique, &self.columns, &self.filter)
                == (&other.table, other.unique, &other.columns, &other.filter)
    }
}

impl Eq for Index {}
