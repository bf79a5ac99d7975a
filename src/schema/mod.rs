//! A schema as values: tables, indexes, views and triggers, how they are written, and how two differ.
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
//! It knows texts only. Whoever reads a database is `inspect`.

mod aside;
mod change;
mod column;
mod constraint;
mod diff;
mod dump;
mod fragment;
mod id;
mod name;
mod object;
mod order;
mod parse;
mod render;
mod spelling;
mod table;
mod table_diff;
mod words;

use std::collections::BTreeMap;

pub use aside::Aside;
pub use change::{Change, ChangeKind, ObjectType};
pub use column::{Column, Generated, NotNull};
pub use constraint::{Action, Check, Conflict, ForeignKey, KeyColumn, PrimaryKey, Unique};
pub use diff::{Difference, diff};
pub use dump::dump;
pub use fragment::{Fragment, Names};
pub use id::Id;
pub use name::Name;
pub use object::{Index, IndexColumn, Trigger, TriggerEvent, TriggerTime, View};
pub use order::sorted;
pub use parse::{GrammarError, bare_name};
pub use render::{column as column_sql, identifier, table as table_sql};
pub use table::{Table, TableKind};
pub use words::{qualified_with, words};

/// All that a database holds, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schema {
    /// The tables, virtual ones too.
    pub tables: BTreeMap<Name, Table>,
    /// The indexes that have a statement of their own.
    pub indexes: BTreeMap<Name, Index>,
    /// The views.
    pub views: BTreeMap<Name, View>,
    /// The triggers.
    pub triggers: BTreeMap<Name, Trigger>,
}

impl Schema {
    /// Tells whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
            && self.indexes.is_empty()
            && self.views.is_empty()
            && self.triggers.is_empty()
    }

    /// Tells foreign keys which columns they refer to where they name none. SQLite finds a key of columns
    /// that are named only if it collates as they do.
    pub(crate) fn resolve_parents(&mut self) {
        let keys = self.tables.values().filter_map(|table| {
            let key = table.primary_key.as_ref()?;
            let is_plain = key.columns.iter().all(|it| it.collation.is_none());
            let columns = key.columns.iter().map(|it| it.name.clone()).collect();
            is_plain.then(|| (table.name.clone(), columns))
        });
        let keys: BTreeMap<Name, Vec<Name>> = keys.collect();
        for key in self.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
            key.primary = keys.get(&key.table).cloned().unwrap_or_default();
        }
    }

    /// Returns the indexes of a table.
    pub fn indexes_of<'a>(&'a self, table: &'a Name) -> impl Iterator<Item = &'a Index> + 'a {
        self.indexes.values().filter(move |index| index.table == *table)
    }

    /// Returns the triggers on a table or a view.
    pub fn triggers_on<'a>(&'a self, target: &'a Name) -> impl Iterator<Item = &'a Trigger> + 'a {
        self.triggers.values().filter(move |trigger| trigger.target == *target)
    }

    /// Names the indexes and triggers that go where their table or view goes.
    pub fn with(&self, owner: &Name) -> Vec<Id> {
        let index = |it: &Index| Id::whole(ObjectType::Index, &it.name);
        let trigger = |it: &Trigger| Id::whole(ObjectType::Trigger, &it.name);
        self.indexes_of(owner).map(index).chain(self.triggers_on(owner).map(trigger)).collect()
    }

    /// Tells whether a table, an index or a view has that name: they share one space.
    pub fn holds(&self, name: &Name) -> bool {
        self.tables.contains_key(name)
            || self.indexes.contains_key(name)
            || self.views.contains_key(name)
    }
}
