//! Reads a schema out of a live database, through nothing but a [`Connection`].
//!
//! What SQLite's pragmas tell is taken from them; the rest is read in the statements that it keeps.
//! Where both say something they have to agree: what the reader of statements didn't understand
//! would be lost otherwise.

mod compare;
mod error;
mod outline;

use std::collections::BTreeSet;

use crate::database::{Connection, Engine, Row};
use crate::ledger::Ledger;
use crate::schema::{GrammarError, Index, Name, Names, Schema, Table, Trigger, View};

pub use error::InspectError;
pub use outline::outline_of;

/// Everything that users made, in the order in which it was made; what is made automatically has no text.
const OBJECTS: &str = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema \
    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid";

/// The tables that virtual ones keep their rows in.
const SHADOWS: &str =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow'";

/// Reads the schema of a database; the bookkeeping tables and what hangs on them are left out.
pub fn schema_of(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
) -> Result<Schema, InspectError> {
    if connection.engine() != Engine::Sqlite {
        return Err(InspectError::NotYet { database: connection.dialect().name() });
    }
    let shadows: BTreeSet<Name> =
        connection.query(SHADOWS)?.iter().map(|row| Name::new(text(row, 0))).collect();
    let rows = connection.query(OBJECTS)?;
    let is_ours = |name: &str| {
        shadows.contains(&Name::from(name)) || ledger.is_some_and(|ledger| ledger.owns(name))
    };
    let rows: Vec<&Row> =
        rows.iter().filter(|row| !is_ours(text(row, 1)) && !is_ours(text(row, 2))).collect();
    let mut res = Schema::default();
    for row in rows.iter().filter(|row| text(row, 0) == "table") {
        let table = Table::parse(text(row, 3)).map_err(|problem| unread(row, problem))?;
        res.tables
            .insert(Name::new(text(row, 1)), Table { name: Name::new(text(row, 1)), ..table });
    }
    res.resolve_parents();
    objects(&rows, &mut res)?;
    compare::compare(connection, &res)?;
    Ok(res)
}

fn objects(rows: &[&Row], schema: &mut Schema) -> Result<(), InspectError> {
    let views = rows.iter().filter(|row| text(row, 0) == "view").map(|row| Name::new(text(row, 1)));
    let views: Vec<Name> = views.collect();
    let columns = schema.tables.values().flat_map(|table| &table.columns).map(|it| &it.name);
    let all = Names::new(columns.chain(schema.tables.keys()).chain(&views));
    for row in rows {
        let (kind, sql) = (text(row, 0), text(row, 3));
        let name = Name::new(text(row, 1));
        let unread = |problem| unread(row, problem);
        match kind {
            "table" => {}
            "index" => {
                let table = schema.tables.get(&Name::new(text(row, 2)));
                let own = table
                    .into_iter()
                    .flat_map(|it| it.columns.iter().map(|it| &it.name).chain([&it.name]));
                let index = Index::parse(sql, &Names::new(own)).map_err(unread)?;
                let index = match table {
                    Some(table) => index.on(table),
                    None => index,
                };
                schema.indexes.insert(name, index);
            }
            "view" => {
                schema.views.insert(name, View::parse(sql, &all).map_err(unread)?);
            }
            "trigger" => {
                schema.triggers.insert(name, Trigger::parse(sql, &all).map_err(unread)?);
            }
            other => {
                let (kind, name) = (other.to_owned(), name.to_string());
                return Err(InspectError::UnknownKind { kind, name });
            }
        }
    }
    Ok(())
}

fn unread(row: &Row, problem: GrammarError) -> InspectError {
    let (kind, name) = (text(row, 0).to_owned(), text(row, 1).to_owned());
    InspectError::Grammar { kind, name, problem }
}

fn text(row: &Row, at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

#[cfg(test)]
mod tests;
