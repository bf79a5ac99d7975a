//! Indexes of SQLite.

use crate::catalog::Name;
use crate::sqlite::{Fragment, Table};

#[derive(Debug, Clone)]
pub struct Index {
    pub name: Name,
    pub table: Name,
    pub unique: bool,
    pub columns: Vec<IndexColumn>,
    /// The condition of a partial index.
    pub filter: Option<Fragment>,
    /// The statement that creates the index.
    pub sql: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    pub expression: Fragment,
    /// The collation, if one is given.
    pub collation: Option<Name>,
    pub descending: bool,
}

impl Index {
    /// Drops collations that are those of the table's columns anyway.
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
