//! SQLite: what can be altered in place is, and a table that needs more is rebuilt. Both work on the typed
//! tables of [`crate::sqlite`].

mod dependents;
mod in_place;
mod needs;
mod plan;
mod rebuild;
mod rename;
mod rows;
mod text;
mod tighten;

use crate::autogenerate::ddl::{Ddl, How, Plan, Way};
use crate::autogenerate::script::Step;
use crate::autogenerate::{AutogenerateError, Renames};
use crate::catalog::{Catalog, Difference, Id, Name};
use crate::config::SqliteVersion;
use crate::inspect::InspectError;
use crate::sqlite::{Schema, Table, diff, identifier, table_sql};

/// The rules of SQLite.
pub(super) struct Sqlite;

/// Makes the step that drops an object.
fn drop_step(id: &Id, title: String) -> Step {
    let kind = id.kind.as_str().to_ascii_uppercase();
    Step::new(id.clone(), title, vec![format!("DROP {kind} {}", identifier(&id.name))])
}

impl Ddl for Sqlite {
    fn differences(&self, from: &Catalog, to: &Catalog) -> Vec<Difference> {
        diff(from, to)
    }

    fn rename(&self, renames: &Renames, from: &Catalog, drop_dependents: bool) -> Vec<Step> {
        rename::rename(renames, from, drop_dependents)
    }

    fn plan(&self, way: &Way<'_>, how: &How<'_>) -> Result<Plan, AutogenerateError> {
        let read = |catalog| Schema::of(catalog).map_err(InspectError::from);
        let (from, renamed, to) = (read(way.from)?, read(way.renamed)?, read(way.to)?);
        let plan = plan::plan(&renamed, &to, how);
        let between =
            tighten::Between { from: &from, renamed: &renamed, to: &to, renames: way.renames, how };
        Ok(Plan { tightenings: between.tightenings(), ..plan })
    }

    fn needs(&self, version: SqliteVersion, script: &str) -> Option<String> {
        needs::needs(version, script)
    }

    fn identifier(&self, name: &Name) -> String {
        identifier(name)
    }

    fn tidied(&self, catalog: &Catalog) -> Result<Catalog, AutogenerateError> {
        let mut res = catalog.clone();
        let schema = Schema::of(catalog).map_err(InspectError::from)?;
        for table in schema.tables.values() {
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
}
