//! MySQL and MariaDB: one ALTER a table, and programs that are made anew. Each statement commits by
//! itself, so a script has as few as possible.

mod belongs;
mod concern;
mod define;
mod kinds;
mod names;
mod online;
mod order;
mod plan;
mod plant;
mod rename;
mod words;
mod write;

use crate::autogenerate::ddl::{Belongs, Ddl, How, Opener, Plan, Planted, Stage, Transition};
use crate::autogenerate::hints::Definition;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::Step;
use crate::autogenerate::{AutogenerateError, Online, Renames, Scratch};
use crate::catalog::{Catalog, Difference, Kind, Name};
use crate::config::SqliteVersion;
use crate::inspect::InspectError;
use crate::sql::{Dialect, Statement};

/// The rules of MySQL and MariaDB for generating scripts.
pub(super) struct MySql;

impl Ddl for MySql {
    fn dialect(&self) -> Dialect {
        Dialect::MySql
    }

    fn belongs(&self, statement: &Statement<'_>) -> Result<Belongs, &'static str> {
        belongs::belongs(statement)
    }

    fn reaches_out(&self, statement: &Statement<'_>) -> Option<&'static str> {
        belongs::reaches_out(statement)
    }

    fn is_left_out(&self, statement: &Statement<'_>) -> bool {
        belongs::is_left_out(statement)
    }

    fn is_left_out_beside_rights(&self, statement: &Statement<'_>) -> bool {
        belongs::is_left_out(statement)
    }

    fn definitions(&self, statement: &str) -> Vec<Definition> {
        define::definitions(statement)
    }

    fn name(&self, text: &str) -> Option<Name> {
        define::name(text)
    }

    fn of_kind(&self, kind: Kind, name: &Name) -> Name {
        // Of tables every letter may count.
        if Kind::RELATIONS.contains(&kind) { Name::exact(name.as_str()) } else { name.clone() }
    }

    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference> {
        words::differences(from, to)
    }

    fn rename(&self, way: &Transition<'_>, _drop_dependents: bool) -> Vec<Step> {
        rename::rename(way.renames, way.from)
    }

    fn can_rename(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Table | Kind::Column | Kind::Index)
    }

    fn plan(
        &self,
        way: &Transition<'_>,
        renamed: &Catalog,
        how: &How<'_>,
    ) -> Result<Plan, AutogenerateError> {
        plan::plan(way, renamed, how)
    }

    fn narrowed(&self, ends: [&Catalog; 2], renames: &Renames) -> Option<[Catalog; 2]> {
        Some(concern::narrowed(ends, renames))
    }

    fn measure(
        &self,
        from: &Catalog,
        scripts: [&mut [Step]; 2],
        online: Online,
        open: Opener<'_>,
    ) -> Result<(), AutogenerateError> {
        online::measure(from, scripts, online, open)
    }

    fn needs(&self, _version: SqliteVersion, _script: &str) -> Option<String> {
        None
    }

    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError> {
        Ok(write::dump(catalog))
    }

    fn unwritten(&self, catalog: &Catalog) -> Vec<String> {
        write::unwritten(catalog)
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
        empty: &mut dyn Scratch,
    ) -> Result<Planted, AutogenerateError> {
        plant::plant(claim, present, empty)
    }
}
