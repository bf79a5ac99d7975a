//! SQLite's schemas as values: tables and indexes with all that is said of them, how they are written and
//! how two tables differ. `lower` makes a catalog of a schema, as every engine has one.
//!
//! It is made of the texts that SQLite keeps, and compared in a normal form. These are no difference:
//!
//! - white space, comments, the case of keywords and of names, how names are quoted;
//! - whether a constraint stands at its column or at the table's end, and in which order;
//! - parentheses around the whole of an expression, `ASC`, `ON CONFLICT ABORT`, `VIRTUAL`;
//! - what is said anyway: `DEFAULT NULL`, `BEFORE` and `FOR EACH ROW` of a trigger, a collation that the
//!   column has, `AS` before a name, `INNER`, `OUTER`, `SELECT ALL`, `ASC` and the usual place of NULLs
//!   behind `ORDER BY`; `==` for `=`, `!=` for `<>`, `ISNULL`;
//! - `NOT NULL` of a rowid, and of keys of which SQLite demands it; the columns of a parent's primary key
//!   behind `REFERENCES`; `MATCH`, of which SQLite makes nothing;
//! - a constraint that is there twice: SQLite keeps one index;
//! - the order of columns: what is added goes last.
//!
//! A declared type counts as it is spelled, `INT` is not `INTEGER`; its case and blanks don't count.
//! A word in double quotes that names nothing in the schema may be a string, so its case counts.
//!
//! It knows texts only. `inspect` reads databases.

mod aside;
mod column;
mod constraint;
mod diff;
mod dump;
mod fragment;
mod id;
mod index;
mod lower;
mod parse;
mod render;
mod spelling;
mod table;
mod table_diff;
mod words;

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Id, Kind, Name};

pub use aside::Aside;
pub use column::{Column, Generated, NotNull};
pub use constraint::{Action, Check, Conflict, ForeignKey, KeyColumn, PrimaryKey, Unique};
pub use diff::diff;
pub use dump::dump;
pub use fragment::{Fragment, Names};
pub use id::{check_id, foreign_key_id, primary_key_id, unique_id};
pub use index::{Index, IndexColumn};
pub use lower::{EVENT, Kept, Unread};
pub use parse::{GrammarError, bare_name};
pub use render::{column as column_sql, identifier, table as table_sql};
pub use table::{Table, TableKind};
pub use words::{qualified_with, words};

/// All that a SQLite database holds: tables and indexes by name, and everything as a catalog.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The tables, virtual ones too.
    pub tables: BTreeMap<Name, Table>,
    /// The indexes that have a statement of their own.
    pub indexes: BTreeMap<Name, Index>,
    /// All of it; views and triggers are here alone.
    pub catalog: Catalog,
}

impl Schema {
    /// Returns the indexes of a table.
    pub fn indexes_of<'a>(&'a self, table: &'a Name) -> impl Iterator<Item = &'a Index> + 'a {
        self.indexes.values().filter(move |index| index.table == *table)
    }

    /// Tells whether a table, an index or a view has that name: they share one space.
    pub fn holds(&self, name: &Name) -> bool {
        let kinds = [Kind::Table, Kind::Index, Kind::View];
        kinds.into_iter().any(|kind| self.catalog.holds(&Id::new(kind, name)))
    }
}
