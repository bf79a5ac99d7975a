//! Tables of SQLite.

use std::collections::BTreeSet;

use crate::catalog::{Catalog, Id, Name};
use crate::sqlite::lower::lower_table;
use crate::sqlite::table_diff::{alterations, is_external_index};
use crate::sqlite::{Aside, Check, Column, ForeignKey, Fragment, PrimaryKey, Unique};

/// A table, plain or virtual, with its columns and constraints.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: Name,
    pub kind: TableKind,
    pub strict: bool,
    pub without_rowid: bool,
    /// The columns in order; none for a virtual table, where they are unknown.
    pub columns: Vec<Column>,
    /// The primary key; none if there is only the rowid.
    pub primary_key: Option<PrimaryKey>,
    pub uniques: Vec<Unique>,
    pub checks: Vec<Check>,
    pub foreign_keys: Vec<ForeignKey>,
    /// The statement that creates the table.
    pub sql: String,
    /// The position after the name in the statement, in bytes.
    pub rest: Aside<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableKind {
    Plain,
    /// A virtual table; the arguments of the module are opaque.
    Virtual {
        module: Name,
        arguments: Fragment,
    },
}

impl Table {
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == *name)
    }

    pub fn is_virtual(&self) -> bool {
        matches!(self.kind, TableKind::Virtual { .. })
    }

    /// Returns a name of the rowid that no column hides; none if there is no rowid, or all names
    /// are hidden.
    pub fn rowid(&self) -> Option<&'static str> {
        let is_free = |name: &&str| self.column(&Name::any_case(*name)).is_none();
        let names = ["rowid", "_rowid_", "oid"].into_iter();
        names.into_iter().find(is_free).filter(|_| !self.without_rowid && !self.is_virtual())
    }

    pub fn rowid_column(&self) -> Option<&Name> {
        let key = self.primary_key.as_ref().filter(|key| key.is_rowid)?;
        key.columns.first().map(|column| &column.name)
    }

    /// Tells whether a column is part of the primary key.
    pub fn is_key(&self, column: &Name) -> bool {
        self.primary_key.iter().flat_map(|key| &key.columns).any(|it| it.name == *column)
    }

    pub fn requires(&self, column: &Column) -> bool {
        column.not_null.is_some() || self.implies_not_null(&column.name)
    }

    /// Tells whether SQLite implies NOT NULL for a column: for the keys of tables without a rowid,
    /// and of strict ones, unless the key is the rowid.
    pub fn implies_not_null(&self, column: &Name) -> bool {
        let is_rowid = self.rowid_column() == Some(column);
        (self.without_rowid || self.strict) && self.is_key(column) && !is_rowid
    }

    /// Tells whether the primary key is AUTOINCREMENT.
    pub fn has_autoincrement(&self) -> bool {
        self.primary_key.as_ref().is_some_and(|key| key.autoincrement)
    }

    pub fn has_conflict_clause(&self) -> bool {
        let columns = self.columns.iter().filter_map(|column| column.not_null.as_ref());
        let uniques = self.uniques.iter().map(|unique| unique.conflict);
        let key = self.primary_key.iter().map(|key| key.conflict);
        columns.map(|it| it.conflict).chain(uniques).chain(key).any(|it| it.is_some())
    }

    /// Tells whether the table is an FTS index whose text is in another table.
    pub fn is_external_index(&self) -> bool {
        self.lowered().get(&Id::table(&self.name)).is_some_and(is_external_index)
    }

    pub(crate) fn lowered(&self) -> Catalog {
        let mut res = Catalog::default();
        lower_table(&mut res, self, BTreeSet::new());
        res
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        let id = Id::table(&self.name);
        let same = || alterations(&self.lowered(), &other.lowered(), &id).is_empty();
        self.name == other.name && (self.sql == other.sql || same())
    }
}

impl Eq for Table {}
