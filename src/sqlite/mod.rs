//! SQLite's schemas as values: tables and indexes with all their properties, how they are written
//! and how two tables differ. `lower` turns a schema into a catalog, the form that every engine
//! has.
//!
//! Schemas are made of the texts that SQLite stores, and compared in a normal form. It ignores:
//!
//! - white space, comments, the case of keywords and of names, how names are quoted;
//! - whether a constraint is written with its column or at the end of the table, and in which
//!   order;
//! - parentheses around the whole of an expression, `ASC`, `ON CONFLICT ABORT`, `VIRTUAL`;
//! - defaults: `DEFAULT NULL`, `BEFORE` and `FOR EACH ROW` of a trigger, the column's own
//!   collation, `AS` before a name, `INNER`, `OUTER`, `SELECT ALL`, `ASC` and the default place of
//!   NULLs after `ORDER BY`; `==` for `=`, `!=` for `<>`, `ISNULL`;
//! - `NOT NULL` of a rowid, and of keys for which SQLite implies it; the columns of a parent's
//!   primary key after `REFERENCES`; `MATCH`, which SQLite ignores;
//! - a duplicate constraint: SQLite keeps one index, and an equal foreign key or CHECK adds nothing;
//! - the order of columns: a new one goes last.
//!
//! A declared type counts as it is spelled: `INT` is not `INTEGER`, but case and blanks don't
//! count. A word in double quotes that names nothing in the schema may be a string, so its case
//! counts.
//!
//! This module handles texts only. `inspect` reads databases.

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
pub use lower::{DEFAULT, EVENT, GENERATED, Kept, STRICT, Unread, WITHOUT_ROWID};
pub use parse::bare_name;
pub use render::{column as column_sql, identifier, table as table_sql};
pub use table::{Table, TableKind};
pub use words::{qualified_with, words};

/// The schema of a SQLite database: typed tables and indexes, and all objects as a catalog.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The tables, including virtual ones.
    pub tables: BTreeMap<Name, Table>,
    pub indexes: BTreeMap<Name, Index>,
    /// All objects; views and triggers are only here.
    pub catalog: Catalog,
}

impl Schema {
    pub fn indexes_of<'a>(&'a self, table: &'a Name) -> impl Iterator<Item = &'a Index> + 'a {
        self.indexes.values().filter(move |index| index.table == *table)
    }

    /// Tells whether a table, an index or a view has the name: they share one namespace.
    pub fn holds(&self, name: &Name) -> bool {
        let kinds = [Kind::Table, Kind::Index, Kind::View];
        kinds.into_iter().any(|kind| self.catalog.holds(&Id::new(kind, name)))
    }
}
