//! The rules of an engine for getting from one catalog to another. Everything else is the same for
//! all engines.

mod found;
mod moves;
mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeSet;

use crate::autogenerate::hints::{Backfills, Definition};
use crate::autogenerate::proof::{Claim, Rowless, Touched};
use crate::autogenerate::script::Step;
use crate::autogenerate::tighten::Tightening;
use crate::autogenerate::{AutogenerateError, Online, Renames, Scratch};
use crate::catalog::{Catalog, Difference, Id, Kind, Name};
use crate::config::SqliteVersion;
use crate::database::Row;
use crate::inspect::InspectError;
use crate::sql::{Dialect, Statement};

/// Opens a scratch database when it is needed.
pub(crate) type Opener<'a> = &'a mut dyn FnMut() -> Result<Box<dyn Scratch>, AutogenerateError>;

/// The rules of an engine for generating scripts.
pub(crate) trait Ddl: Sync {
    fn dialect(&self) -> Dialect;

    /// Tells what becomes of a statement of a schema file; the error describes a statement that
    /// doesn't belong.
    fn belongs(&self, statement: &Statement<'_>) -> Result<Belongs, &'static str>;

    /// Describes a statement of a script that can't be replayed, since it would be felt outside of
    /// the scratch database.
    fn reaches_out(&self, statement: &Statement<'_>) -> Option<&'static str>;

    /// Tells whether a replay leaves a statement out, which makes nothing that is compared.
    fn is_left_out(&self, _statement: &Statement<'_>) -> bool {
        false
    }

    /// Returns the extensions that a statement makes, changes, drops or comments on.
    fn extensions(&self, _statement: &Statement<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Tells the same where owners and privileges are compared.
    fn is_left_out_beside_rights(&self, _statement: &Statement<'_>) -> bool {
        false
    }

    /// Returns the part of a session that statements of a schema can change and that those after
    /// them depend on, if there is one.
    fn path(&self) -> Option<&'static Path> {
        None
    }

    /// Returns the names that a statement of a schema file defines, in the order of the text.
    fn definitions(&self, statement: &str) -> Vec<Definition>;

    /// Parses a name, possibly quoted and qualified by a table.
    fn name(&self, text: &str) -> Option<Name>;

    /// Parses the names of an old one: those before the last dot are of what it is in, from which a rename
    /// can lead.
    fn old_name(&self, text: &str) -> Option<Vec<Name>> {
        self.name(text).map(|it| vec![it])
    }

    /// Parses a value of an enum, with or without quotes.
    fn label(&self, _text: &str) -> Option<Name> {
        None
    }

    /// Returns a name of the command line as the engine folds names that aren't quoted.
    fn folded(&self, text: &str) -> Name {
        Name::any_case(text)
    }

    /// Compares two catalogs by meaning.
    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference>;

    /// Returns the steps that rename tables and columns. Dependents follow automatically, or are
    /// dropped first.
    fn rename(&self, way: &Transition<'_>, drop_dependents: bool) -> Vec<Step>;

    /// Returns a name as names of a kind are compared.
    fn of_kind(&self, _kind: Kind, name: &Name) -> Name {
        name.clone()
    }

    /// Notes the names that users know of what renames have put aside, and what else they have changed.
    fn tell_names(&self, _way: &Transition<'_>, _renamed: &mut Catalog) {}

    /// Tells whether objects of a kind can be renamed; others are rebuilt.
    fn can_rename(&self, kind: Kind) -> bool;

    /// Plans what is left once renames are done.
    fn plan(
        &self,
        way: &Transition<'_>,
        renamed: &Catalog,
        how: &How<'_>,
    ) -> Result<Plan, AutogenerateError>;

    /// Returns the part of two catalogs that a change between them concerns; none where all of them is
    /// as good.
    fn narrowed(&self, _ends: [&Catalog; 2], _renames: &Renames) -> Option<[Catalog; 2]> {
        None
    }

    /// Returns the backfills that a schema tells, with those that follow from them.
    fn backfills(&self, told: &Backfills, _ends: [&Catalog; 2]) -> Backfills {
        told.clone()
    }

    /// Divides a way in two: returns the catalog up to which one transaction leads that locks nobody out
    /// for long, or none if nothing is left to be done apart from it.
    fn divide(
        &self,
        _ends: [&Catalog; 2],
        _backfills: &Backfills,
        _online: Online,
    ) -> Option<Catalog> {
        None
    }

    /// Plans the second part of a divided way, or its first part back: statements that stand alone.
    fn apart(&self, _from: &Catalog, _to: &Catalog, _how: &How<'_>) -> Plan {
        Plan::default()
    }

    /// Adds notes to the steps of an up and a down script: the locks under which they read or rewrite
    /// tables that are there; and to statements, where that is asked for, what has the server refuse a
    /// stronger lock. A function opens a database with these tables.
    fn measure(
        &self,
        _from: &Catalog,
        _scripts: [&mut [Step]; 2],
        _online: Online,
        _open: Opener<'_>,
    ) -> Result<(), AutogenerateError> {
        Ok(())
    }

    /// Describes a feature of the script that is newer than a version, or than the one that
    /// distributions ship.
    fn needs(&self, version: SqliteVersion, script: &str) -> Option<String>;

    /// Writes a catalog as canonical SQL.
    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError>;

    /// Describes what a catalog has and [`Ddl::dump`] can't write.
    fn unwritten(&self, _catalog: &Catalog) -> Vec<String> {
        Vec::new()
    }

    /// Returns the statement that a client needs before those of a catalog, if there is one.
    fn preamble(&self, _catalog: &Catalog) -> Option<&'static str> {
        None
    }

    /// Returns the statements that make the objects of a stage in an empty database, or in one that
    /// has those of the stage before.
    fn statements(&self, catalog: &Catalog, stage: Stage) -> Vec<String>;

    /// Writes a name, in quotes only where it needs them.
    fn identifier(&self, name: &Name) -> String;

    /// Rewrites statements in canonical form where that changes nothing, since ALTER's results are
    /// not meant to be read.
    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError>;

    /// Inserts test rows into a database that has the tables and indexes of the present catalog,
    /// and no views and triggers. More databases can be forked from an empty one.
    fn plant(
        &self,
        claim: &Claim<'_>,
        present: &mut dyn Scratch,
        empty: &mut dyn Scratch,
    ) -> Result<Planted, AutogenerateError>;
}

/// Returns the rules of an engine; an error if there are none yet.
pub(crate) fn ddl(dialect: Dialect) -> Result<&'static dyn Ddl, InspectError> {
    match dialect {
        Dialect::Sqlite => Ok(&sqlite::Sqlite),
        Dialect::Postgres => Ok(&postgres::Postgres),
        Dialect::MySql => Ok(&mysql::MySql),
    }
}

/// Describes a statement of a script that can't be replayed on a scratch database.
pub(crate) fn reaches_out(statement: &Statement<'_>) -> Option<&'static str> {
    ddl(statement.dialect).ok().and_then(|it| it.reaches_out(statement))
}

/// Tells whether a replay on a scratch database without some extensions leaves a statement out.
pub(crate) fn is_left_out(statement: &Statement<'_>, skips: &[String]) -> bool {
    ddl(statement.dialect).is_ok_and(|it| {
        it.is_left_out(statement) || !skips.is_empty() && is_about(it, statement, skips)
    })
}

/// Tells the same of a scratch database whose owners and privileges are compared.
pub(crate) fn is_left_out_beside_rights(statement: &Statement<'_>, skips: &[String]) -> bool {
    ddl(statement.dialect).is_ok_and(|it| {
        it.is_left_out_beside_rights(statement)
            || !skips.is_empty() && is_about(it, statement, skips)
    })
}

/// Returns the extension that a statement creates.
pub(crate) fn created_extension(ddl: &dyn Ddl, statement: &Statement<'_>) -> Option<String> {
    let creates = statement.first_word().is_some_and(|it| it.eq_ignore_ascii_case("CREATE"));
    ddl.extensions(statement).into_iter().next().filter(|_| creates)
}

/// Tells whether a statement is about extensions that are left out, and about no others.
pub(crate) fn is_about(ddl: &dyn Ddl, statement: &Statement<'_>, skips: &[String]) -> bool {
    let names = ddl.extensions(statement);
    !names.is_empty() && names.iter().all(|name| skips.contains(name))
}

/// Writes a catalog as canonical SQL: loading it and writing it again gives the same.
pub fn dump(dialect: Dialect, catalog: &Catalog) -> Result<String, AutogenerateError> {
    let ddl = ddl(dialect)?;
    let text = ddl.dump(catalog)?;
    Ok(ddl.preamble(catalog).map(|it| format!("{it};\n\n{text}")).unwrap_or(text))
}

/// Describes what a catalog has and [`dump`] can't write: objects by kind and name, and what is said of
/// columns.
pub fn unwritten(dialect: Dialect, catalog: &Catalog) -> Result<Vec<String>, AutogenerateError> {
    Ok(ddl(dialect)?.unwritten(catalog))
}

/// Writes a catalog as [`dump`] does, for people: without what only a client needs.
pub fn text(dialect: Dialect, catalog: &Catalog) -> Result<String, AutogenerateError> {
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

/// The treatment of a statement of a schema file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Belongs {
    /// The statement is run.
    Runs,
    /// Nobody misses the statement.
    Not,
    /// The statement is about rows, and is left out with a warning.
    Rows,
    /// The statement is about roles, and is left out with a warning.
    Roles,
    /// The statement is about owners or privileges, and is run where these are compared.
    Rights,
}

/// The part of a session by which names without a schema are found.
pub(crate) struct Path {
    /// The statements before the first of a schema.
    pub(crate) before: &'static [&'static str],
    /// The query for the present one.
    pub(crate) query: &'static str,
    /// Writes the statement that sets one.
    pub(crate) set: fn(&str) -> String,
    /// Tells whether a statement may change it.
    pub(crate) may_change: fn(&Statement<'_>) -> bool,
}

/// The stages in which a scratch database is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The objects that rows need: tables, with what they use and their constraints and indexes.
    BeforeRows,
    /// The objects that would act on rows, or are made of them: triggers, views.
    AfterRows,
}

/// The two catalogs between which a script leads.
#[derive(Clone, Copy)]
pub(crate) struct Transition<'a> {
    /// The catalog before the renames.
    pub(crate) from: &'a Catalog,
    pub(crate) to: &'a Catalog,
    pub(crate) renames: &'a Renames,
}

/// The steps and rules of a script.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// The tables whose rows need a value from the user.
    pub(crate) unfilled: BTreeSet<Name>,
    /// The rules that become stricter.
    pub(crate) tightenings: Vec<Tightening>,
    /// The columns whose backfills name something that can only come after them, each with that.
    pub(crate) circles: Vec<(Id, Id)>,
}

impl Plan {
    /// Says above steps which rows can be in their way.
    pub(crate) fn tell(&mut self) {
        for tightening in self.tightenings.iter().filter(|it| !it.is_told) {
            if let Some(step) = tightening.step(&mut self.steps) {
                step.fails.push(tightening.comment());
            }
        }
    }
}

/// The expected answers of a database with test rows once scripts have run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Planted {
    pub(crate) after_up: Vec<Answer>,
    pub(crate) after_down: Vec<Answer>,
    /// The tables without test rows, each with the reason.
    pub(crate) unplanted: Vec<String>,
    /// The columns with backfills in tables without test rows.
    pub(crate) rowless: Vec<Rowless>,
    /// The first backfill that changes rows of another table.
    pub(crate) touched: Option<Touched>,
}

/// The reason why a table has no test rows that needs a value from the user.
pub(crate) const UNFILLED: &str = "a new column needs a value that nobody has told";

/// The reason why a table has no test rows for which none was found.
pub(crate) const UNFOUND: &str = "no row was found that keeps its rules";

/// The right answer to a query.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) query: String,
    pub(crate) rows: Vec<Row>,
    /// The fault of a script if the answer differs.
    pub(crate) otherwise: String,
}

/// The options for choosing steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'a> {
    /// The oldest SQLite that must be able to run the script.
    pub version: SqliteVersion,
    /// The expressions that fill new columns.
    pub backfills: &'a Backfills,
    pub effort: Effort,
}

/// How much is rebuilt, if less didn't lead to the wanted schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effort {
    Small,
    /// Every table that changes.
    Tables,
    /// Every table that changes, and all views and triggers.
    Everything,
}

impl How<'_> {
    /// Tells whether SQLite 3.MINOR is old enough to be relied on.
    pub(crate) fn allows(&self, minor: u16) -> bool {
        SqliteVersion { major: 3, minor, patch: 0 } <= self.version
    }

    /// Returns the expression that fills a column in existing rows.
    pub(crate) fn backfill(&self, table: &Name, column: &Name) -> Option<&str> {
        self.backfills.get(&Id::column(table, column)).map(String::as_str)
    }
}
