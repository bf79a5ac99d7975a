//! SQLite: tables are altered in place where possible, and rebuilt otherwise. Both work on the
//! typed tables of [`crate::sqlite`].

mod answers;
mod define;
mod dependents;
mod in_place;
mod needs;
mod plan;
mod plant;
mod rebuild;
mod rename;
mod rows;
mod text;
mod tighten;

use crate::autogenerate::ddl::sqlite::answers::Sides;
use crate::autogenerate::ddl::{
    Belongs, Ddl, How, Plan, Planted, Stage, Transition, UNFILLED, UNFOUND,
};
use crate::autogenerate::hints::Definition;
use crate::autogenerate::proof::Claim;
use crate::autogenerate::script::Step;
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::catalog::{Catalog, Difference, Id, Kind, Name, Object};
use crate::config::SqliteVersion;
use crate::database::{Connection, DatabaseError};
use crate::inspect::InspectError;
use crate::sql::{Dialect, Lexer, Statement};
use crate::sqlite::{Schema, Table, bare_name, diff, dump, identifier, table_sql};

/// The rules of SQLite for generating scripts.
pub(super) struct Sqlite;

fn drop_step(id: &Id, title: String) -> Step {
    let kind = id.kind.as_str().to_ascii_uppercase();
    Step::new(id.clone(), title, vec![format!("DROP {kind} {}", identifier(&id.name))])
}

fn read(catalog: &Catalog) -> Result<Schema, InspectError> {
    Ok(Schema::of(catalog)?)
}

impl Ddl for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn belongs(&self, statement: &Statement<'_>) -> Result<Belongs, &'static str> {
        define::belongs(statement)
    }

    fn reaches_out(&self, statement: &Statement<'_>) -> Option<&'static str> {
        define::reaches_out(statement)
    }

    fn definitions(&self, statement: &str) -> Vec<Definition> {
        define::definitions(statement)
    }

    fn name(&self, text: &str) -> Option<Name> {
        let token = Lexer::new(text, Dialect::Sqlite).map_while(Result::ok).last()?;
        bare_name(&token).map(Name::any_case)
    }

    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference> {
        diff(from, to)
    }

    fn rename(&self, way: &Transition<'_>, drop_dependents: bool) -> Vec<Step> {
        rename::rename(way.renames, way.from, drop_dependents)
    }

    fn can_rename(&self, kind: Kind) -> bool {
        [Kind::Table, Kind::Column].contains(&kind)
    }

    fn plan(
        &self,
        way: &Transition<'_>,
        renamed: &Catalog,
        how: &How<'_>,
    ) -> Result<Plan, AutogenerateError> {
        let (from, renamed, to) = (read(way.from)?, read(renamed)?, read(way.to)?);
        let plan = plan::plan(&renamed, &to, how);
        let between =
            tighten::Between { from: &from, renamed: &renamed, to: &to, renames: way.renames, how };
        Ok(Plan { tightenings: between.tightenings(), ..plan })
    }

    fn needs(&self, version: SqliteVersion, script: &str) -> Option<String> {
        needs::needs(version, script)
    }

    fn dump(&self, catalog: &Catalog) -> Result<String, InspectError> {
        Ok(dump(catalog)?)
    }

    fn statements(&self, catalog: &Catalog, stage: Stage) -> Vec<String> {
        let objects: Vec<&Object> = match stage {
            Stage::BeforeRows => {
                // The tables that others need have to be there first.
                let tables = catalog.in_order(Kind::Table).into_iter();
                let tables: Vec<&Object> = tables.filter_map(|id| catalog.get(&id)).collect();
                tables.into_iter().chain(catalog.of_kind(Kind::Index)).collect()
            }
            Stage::AfterRows => {
                catalog.of_kind(Kind::View).chain(catalog.of_kind(Kind::Trigger)).collect()
            }
        };
        objects.into_iter().map(|it| it.statement().to_owned()).collect()
    }

    fn identifier(&self, name: &Name) -> String {
        identifier(name)
    }

    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError> {
        let mut res = catalog.clone();
        for table in read(catalog)?.tables.values() {
            let is_commented = table.sql.contains("--") || table.sql.contains("/*");
            let sql = table_sql(table);
            let is_same = Table::parse(&sql).is_ok_and(|again| again == *table);
            let object = res.objects.get_mut(&Id::table(&table.name));
            if let Some(object) = object.filter(|_| is_same && !is_commented) {
                object.sql = Some(sql);
            }
        }
        Ok(res)
    }
    fn plant(
        &self,
        claim: &Claim<'_>,
        present: &mut dyn Scratch,
        empty: &mut dyn Scratch,
    ) -> Result<Planted, AutogenerateError> {
        let Claim { way: Transition { from, to, renames }, backfills, unfilled, .. } = *claim;
        let (from, to) = (read(from)?, read(to)?);
        let sides = Sides { from: &from, to: &to, renames, backfills, unfilled };
        let mut wanted = plant::plant(&sides, present, empty)?;
        let after_up = sides.after_up(wanted.connection()?)?;
        let after_down = sides.after_down(present.connection()?)?;
        let unplanted = unplanted(&sides, present.connection()?)?;
        Ok(Planted { after_up, after_down, unplanted, ..Planted::default() })
    }
}

/// Finds the present tables without test rows, each with the reason.
fn unplanted(
    sides: &Sides<'_>,
    connection: &mut dyn Connection,
) -> Result<Vec<String>, DatabaseError> {
    let mut res = Vec::new();
    for table in sides.from.tables.values().filter(|it| !it.is_virtual()) {
        let query = format!("SELECT 1 FROM {} LIMIT 1", identifier(&table.name));
        if connection.value(&query)?.is_none() {
            let new = sides.renames.new_table(&table.name);
            let is_unfilled = new.is_some_and(|it| sides.unfilled.contains(it));
            let reason = if is_unfilled { UNFILLED } else { UNFOUND };
            res.push(format!("table {}: {reason}", table.name.as_str()));
        }
    }
    Ok(res)
}
