//! What an engine does in its own way on the road from one catalog to another. Everything else is said once.

mod sqlite;

use std::collections::BTreeSet;

use crate::autogenerate::hints::Backfills;
use crate::autogenerate::script::Step;
use crate::autogenerate::tighten::Tightening;
use crate::autogenerate::{AutogenerateError, Renames};
use crate::catalog::{Catalog, Difference, Id, Name};
use crate::config::SqliteVersion;
use crate::sql::Dialect;

/// The rules of an engine.
pub(crate) trait Ddl: Sync {
    /// Compares two catalogs; what means the same is no difference.
    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference>;

    /// Returns the steps that give tables and columns other names. What depends on them follows by itself,
    /// or is dropped first.
    fn rename(&self, renames: &Renames, from: &Catalog, drop_dependents: bool) -> Vec<Step>;

    /// Plans what is left once renames are done.
    fn plan(&self, way: &Way<'_>, how: &How<'_>) -> Result<Plan, AutogenerateError>;

    /// Says what a script needs that is newer than a version, or than what distributions ship.
    fn needs(&self, version: SqliteVersion, script: &str) -> Option<String>;

    /// Writes a name, in quotes only where it needs them.
    fn identifier(&self, name: &Name) -> String;

    /// Writes statements in the canonical form where that changes nothing: what ALTER has made of one is
    /// nothing to show.
    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError>;
}

/// Returns the rules of an engine; none where they aren't written yet.
pub(crate) fn ddl(dialect: Dialect) -> Option<&'static dyn Ddl> {
    match dialect {
        Dialect::Sqlite => Some(&sqlite::Sqlite),
        Dialect::Postgres | Dialect::MySql => None,
    }
}

/// Tells whether scripts can be generated for an engine.
pub fn knows(dialect: Dialect) -> bool {
    ddl(dialect).is_some()
}

/// The two catalogs of a script: the one that it begins with, and the one that it is to make.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    /// The catalog before anything is renamed.
    pub(crate) from: &'a Catalog,
    /// The catalog with its renames done.
    pub(crate) renamed: &'a Catalog,
    /// The wanted catalog.
    pub(crate) to: &'a Catalog,
    pub(crate) renames: &'a Renames,
}

/// What is to be done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// The steps in order.
    pub(crate) steps: Vec<Step>,
    /// The tables whose rows need a value that nobody has told.
    pub(crate) unfilled: BTreeSet<Name>,
    /// What becomes stricter than it was.
    pub(crate) tightenings: Vec<Tightening>,
}

/// How steps are to be chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'a> {
    /// The oldest SQLite that must be able to run them.
    pub version: SqliteVersion,
    /// What new columns are filled with.
    pub backfills: &'a Backfills,
    /// How much is done anew.
    pub effort: Effort,
}

/// How much is done anew, for where less didn't lead to the wanted schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effort {
    /// As little as can be.
    Small,
    /// Every table that changes.
    Tables,
    /// Every table that changes, and all views and triggers.
    Everything,
}

impl How<'_> {
    /// Tells whether a version is old enough to be counted on.
    pub(crate) fn allows(&self, minor: u16) -> bool {
        SqliteVersion { major: 3, minor, patch: 0 } <= self.version
    }

    /// Returns what a column of rows that are there is filled with.
    pub(crate) fn backfill(&self, table: &Name, column: &Name) -> Option<&str> {
        self.backfills.get(&Id::column(table, column)).map(String::as_str)
    }
}
