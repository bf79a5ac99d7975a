//! What an engine does in its own way on the road from one catalog to another. Everything else is said once.

mod sqlite;

use std::collections::BTreeSet;

use crate::autogenerate::hints::{Backfills, Definition};
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::Step;
use crate::autogenerate::tighten::Tightening;
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::catalog::{Catalog, Difference, Id, Kind, Name};
use crate::config::SqliteVersion;
use crate::database::Row;
use crate::inspect::InspectError;
use crate::sql::{Dialect, Statement};

/// The rules of an engine.
pub(crate) trait Ddl: Sync {
    /// Returns the dialect of the rules.
    fn dialect(&self) -> Dialect;

    /// Tells whether a statement of a schema file is run; names what has no place in a schema.
    fn belongs(&self, statement: &Statement<'_>) -> Result<bool, &'static str>;

    /// Returns the names that a statement of a schema file defines, in the order of the text.
    fn definitions(&self, statement: &str) -> Vec<Definition>;

    /// Reads a name, maybe in quotes, and maybe with a table's before it.
    fn name(&self, text: &str) -> Option<Name>;

    /// Compares two catalogs; what means the same is no difference.
    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference>;

    /// Returns the steps that give tables and columns other names. What depends on them follows by itself,
    /// or is dropped first.
    fn rename(&self, renames: &Renames, from: &Catalog, drop_dependents: bool) -> Vec<Step>;

    /// Tells whether objects of a kind can be given another name; those of the others are made anew.
    fn can_rename(&self, kind: Kind) -> bool;

    /// Plans what is left once renames are done.
    fn plan(
        &self,
        way: &Way<'_>,
        renamed: &Catalog,
        how: &How<'_>,
    ) -> Result<Plan, AutogenerateError>;

    /// Says what a script needs that is newer than a version, or than what distributions ship.
    fn needs(&self, version: SqliteVersion, script: &str) -> Option<String>;

    /// Writes a catalog as canonical SQL.
    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError>;

    /// Writes a name, in quotes only where it needs them.
    fn identifier(&self, name: &Name) -> String;

    /// Writes statements in the canonical form where that changes nothing: what ALTER has made of one is
    /// nothing to show.
    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError>;

    /// Plants rows in a database that has the tables and indexes of the present catalog, and no views and
    /// triggers. More databases can be made like an empty one.
    fn plant(
        &self,
        claim: &Claim<'_>,
        present: &mut dyn Scratch,
        empty: &mut dyn Scratch,
    ) -> Result<Planted, AutogenerateError>;
}

/// Returns the rules of an engine; an error where they aren't written yet.
pub(crate) fn ddl(dialect: Dialect) -> Result<&'static dyn Ddl, InspectError> {
    match dialect {
        Dialect::Sqlite => Ok(&sqlite::Sqlite),
        Dialect::Postgres | Dialect::MySql => {
            Err(InspectError::NotYet { database: dialect.name() })
        }
    }
}

/// Writes a catalog as canonical SQL: loading it and writing it again gives the same.
pub fn dump(dialect: Dialect, catalog: &Catalog) -> Result<String, AutogenerateError> {
    Ok(ddl(dialect)?.dump(catalog)?)
}

/// Tells whether two catalogs mean the same, however they are written.
pub fn same(dialect: Dialect, one: &Catalog, other: &Catalog) -> Result<bool, AutogenerateError> {
    Ok(ddl(dialect)?.differences(one, other).is_empty())
}

/// Tells whether scripts can be generated for an engine.
pub fn knows(dialect: Dialect) -> bool {
    ddl(dialect).is_ok()
}

/// The two catalogs of a script: the one that it begins with, and the one that it is to make.
#[derive(Clone, Copy)]
pub(crate) struct Way<'a> {
    /// The catalog before anything is renamed.
    pub(crate) from: &'a Catalog,
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

/// What a database with planted rows has to answer once scripts have run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Planted {
    pub(crate) after_up: Vec<Answer>,
    pub(crate) after_down: Vec<Answer>,
}

/// The right answer to a query.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) query: String,
    pub(crate) rows: Vec<Row>,
    /// What a script does wrong if the answer is another.
    pub(crate) otherwise: String,
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
