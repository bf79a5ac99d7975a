//! PostgreSQL: objects are altered in place where the server can, and made anew otherwise, with all
//! that depends on them. The order is that of one graph over the server's own dependencies.

mod alone;
mod belongs;
mod define;
mod follow;
mod free;
mod leave;
mod moved;
mod names;
mod nulls;
mod online;
mod places;
mod plan;
mod plant;
mod rename;
mod words;
mod write;

use crate::autogenerate::ddl::{Belongs, Ddl, How, Opener, Path, Plan, Planted, Stage, Transition};
use crate::autogenerate::hints::{Backfills, Definition};
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::Step;
use crate::autogenerate::{AutogenerateError, Online, Scratch};
use crate::catalog::{Catalog, Difference, Kind, Name, Object};
use crate::config::SqliteVersion;
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::DEFINITION;
use crate::sql::{Dialect, Statement, quote_literal};

/// The rules of PostgreSQL for generating scripts.
pub(super) struct Postgres;

/// Lets the bodies of functions name what comes later, or nowhere.
const UNREAD_BODIES: &str = "SET check_function_bodies = off";

/// The search path.
static PATH: Path = Path {
    before: &[UNREAD_BODIES],
    query: "SHOW search_path",
    set: |path| {
        let path = quote_literal(path, Dialect::Postgres);
        format!("SELECT pg_catalog.set_config('search_path', {path}, false)")
    },
    may_change: belongs::may_set_path,
};

impl Ddl for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn belongs(&self, statement: &Statement<'_>) -> Result<Belongs, &'static str> {
        belongs::belongs(statement)
    }

    fn reaches_out(&self, statement: &Statement<'_>) -> Option<&'static str> {
        belongs::reaches_out(statement)
    }

    fn is_left_out(&self, statement: &Statement<'_>) -> bool {
        belongs::is_about_rights(statement)
    }

    fn extensions(&self, statement: &Statement<'_>) -> Vec<String> {
        belongs::extensions(statement)
    }

    fn is_left_out_beside_rights(&self, statement: &Statement<'_>) -> bool {
        belongs::is_about_rights(statement) && !belongs::gives_rights(statement)
    }

    fn path(&self) -> Option<&'static Path> {
        Some(&PATH)
    }

    fn definitions(&self, statement: &str) -> Vec<Definition> {
        define::definitions(statement)
    }

    fn name(&self, text: &str) -> Option<Name> {
        define::name(text)
    }

    fn old_name(&self, text: &str) -> Option<Vec<Name>> {
        define::names(text)
    }

    fn label(&self, text: &str) -> Option<Name> {
        define::label(text)
    }

    fn folded(&self, text: &str) -> Name {
        Name::exact(text.to_ascii_lowercase())
    }

    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference> {
        words::differences(from, to)
    }

    fn rename(&self, way: &Transition<'_>, _drop_dependents: bool) -> Vec<Step> {
        rename::rename(way)
    }

    fn tell_names(&self, way: &Transition<'_>, renamed: &mut Catalog) {
        rename::tell_names(way, renamed);
    }

    fn can_rename(&self, _kind: Kind) -> bool {
        true
    }

    fn plan(
        &self,
        way: &Transition<'_>,
        renamed: &Catalog,
        how: &How<'_>,
    ) -> Result<Plan, AutogenerateError> {
        plan::plan(way, renamed, how)
    }

    fn backfills(&self, told: &Backfills, ends: [&Catalog; 2]) -> Backfills {
        plan::filled::with_heirs(told, ends)
    }

    fn divide(
        &self,
        ends: [&Catalog; 2],
        backfills: &Backfills,
        online: Online,
    ) -> Option<Catalog> {
        online::divide(ends, backfills, online)
    }

    fn apart(&self, from: &Catalog, to: &Catalog, how: &How<'_>) -> Plan {
        online::apart(from, to, how)
    }

    fn measure(
        &self,
        from: &Catalog,
        scripts: [&mut [Step]; 2],
        _online: Online,
        open: Opener<'_>,
    ) -> Result<(), AutogenerateError> {
        online::measure::measure(from, scripts, open)
    }

    fn needs(&self, _version: SqliteVersion, _script: &str) -> Option<String> {
        None
    }

    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError> {
        write::dump(catalog)
    }

    fn unwritten(&self, catalog: &Catalog) -> Vec<String> {
        write::unwritten(catalog)
    }

    fn preamble(&self, catalog: &Catalog) -> Option<&'static str> {
        let routines = [Kind::Function, Kind::Procedure].into_iter();
        let mut routines = routines.flat_map(|kind| catalog.of_kind(kind));
        let is_quoted = |it: &Object| it.written(DEFINITION).contains("\nAS ");
        routines.any(is_quoted).then_some(UNREAD_BODIES)
    }

    fn statements(&self, catalog: &Catalog, stage: Stage) -> Vec<String> {
        let (off, on) = (UNREAD_BODIES, "RESET check_function_bodies");
        let own = write::statements(catalog, stage);
        if own.is_empty() {
            return own;
        }
        [off.to_owned()].into_iter().chain(own).chain([on.to_owned()]).collect()
    }

    fn identifier(&self, name: &Name) -> String {
        names::quoted(name.as_str())
    }

    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError> {
        Ok(catalog.clone())
    }

    fn plant(
        &self,
        claim: &Claim<'_>,
        present: &mut dyn Scratch,
        _empty: &mut dyn Scratch,
    ) -> Result<Planted, AutogenerateError> {
        plant::plant(claim, present)
    }
}
