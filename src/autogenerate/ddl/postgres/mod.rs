//! PostgreSQL: objects are altered in place where the server can, and made anew otherwise, with all
//! that depends on them. The order is that of one graph over the server's own dependencies.

mod define;
mod names;
mod plan;
mod plant;
mod rename;
mod words;
mod write;

use crate::autogenerate::ddl::{Ddl, How, Plan, Planted, Stage, Transition};
use crate::autogenerate::hints::Definition;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::Step;
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::catalog::{Catalog, Difference, Kind, Name};
use crate::config::SqliteVersion;
use crate::inspect::InspectError;
use crate::sql::{Dialect, Statement};

/// The rules of PostgreSQL for generating scripts.
pub(super) struct Postgres;

impl Ddl for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn belongs(&self, statement: &Statement<'_>) -> Result<bool, &'static str> {
        define::belongs(statement)
    }

    fn definitions(&self, statement: &str) -> Vec<Definition> {
        define::definitions(statement)
    }

    fn name(&self, text: &str) -> Option<Name> {
        define::name(text)
    }

    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference> {
        words::differences(from, to)
    }

    fn rename(&self, renames: &Renames, from: &Catalog, _drop_dependents: bool) -> Vec<Step> {
        rename::rename(renames, from)
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

    fn needs(&self, _version: SqliteVersion, _script: &str) -> Option<String> {
        None
    }

    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError> {
        write::dump(catalog)
    }

    fn statements(&self, catalog: &Catalog, stage: Stage) -> Vec<String> {
        write::statements(catalog, stage)
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
