//! Whether a script does what it should, tried on scratch databases with rows in them.

use std::collections::BTreeSet;

use crate::autogenerate::hints::Backfills;
use crate::autogenerate::plant::{Field, plant};
use crate::autogenerate::scratch::Fault;
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::database::{DatabaseError, Row};
use crate::schema::{Name, Schema, Table, diff, identifier};

/// What a script is to lead from and to.
pub(crate) struct Claim<'a> {
    pub(crate) from: &'a Schema,
    pub(crate) to: &'a Schema,
    pub(crate) renames: &'a Renames,
    pub(crate) backfills: &'a Backfills,
    /// The tables, by their new names, that a person has to see to if they hold rows.
    pub(crate) unfilled: &'a BTreeSet<Name>,
    pub(crate) script: &'a str,
}

impl Claim<'_> {
    /// Runs the script on rows; returns the schema that it leads to, or what is wrong with it.
    pub(crate) fn prove(&self) -> Result<Result<Schema, String>, AutogenerateError> {
        let (mut present, mut wanted) = self.planted()?;
        present.make_views(self.from)?;
        if let Err(fault) = present.run(self.script) {
            return Ok(Err(describe(&fault)));
        }
        let after = present.schema()?;
        if let Some(problem) = remains(&after, self.to) {
            return Ok(Err(problem));
        }
        Ok(self.same_rows(&mut present, &mut wanted)?.map_or(Ok(after), Err))
    }

    /// Runs the script and the one that takes it back; tells what is wrong.
    pub(crate) fn prove_return(
        &self,
        down: &str,
        kept: impl Fn(&Table, &Name) -> bool,
    ) -> Result<Option<String>, AutogenerateError> {
        let (mut present, _wanted) = self.planted()?;
        let mut queries = Vec::new();
        for (name, table) in self.from.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let columns: Vec<&Name> =
                table.columns.iter().map(|it| &it.name).filter(|it| kept(table, it)).collect();
            let new = self.renames.new_table(name).and_then(|name| self.to.tables.get(name));
            if let Some(new) = new {
                queries.extend(query(table, new, &columns).map(|query| (name, query)));
            }
        }
        let before: Vec<Vec<Row>> =
            queries.iter().map(|(_, query)| present.query(query)).collect::<Result<_, _>>()?;
        present.make_views(self.from)?;
        for script in [self.script, down] {
            if let Err(fault) = present.run(script) {
                return Ok(Some(describe(&fault)));
            }
        }
        if let Some(problem) = remains(&present.schema()?, self.from) {
            return Ok(Some(problem));
        }
        for ((name, query), before) in queries.iter().zip(before) {
            if present.query(query)? != before {
                return Ok(Some(format!("doesn't bring the rows of `{name}` back")));
            }
        }
        Ok(None)
    }

    /// Makes the tables as they are and as they are wanted, with rows that fit both.
    fn planted(&self) -> Result<(Scratch, Scratch), DatabaseError> {
        let (mut present, mut wanted) = (Scratch::new()?, Scratch::new()?);
        present.make_tables(self.from)?;
        wanted.make_tables(self.to)?;
        let Self { from, to, renames, unfilled: barren, .. } = *self;
        plant(&Field { from, to, renames, barren }, &mut present, &mut wanted)?;
        Ok((present, wanted))
    }

    /// Compares the rows of surviving columns with those that were planted in the wanted tables.
    fn same_rows(
        &self,
        present: &mut Scratch,
        wanted: &mut Scratch,
    ) -> Result<Option<String>, DatabaseError> {
        for (name, table) in self.to.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let old = self.renames.old_table(name).and_then(|old| self.from.tables.get(old));
            let Some(old) = old else {
                continue;
            };
            let is_told =
                |column: &Name| self.backfills.contains_key(&(name.clone(), column.clone()));
            let survives = |column: &Name| {
                let before = self.renames.old_column(name, column);
                before.is_some_and(|before| old.column(before).is_some())
            };
            let columns =
                table.columns.iter().filter(|it| it.generated.is_none()).map(|it| &it.name);
            let columns: Vec<&Name> = columns.filter(|it| survives(it) && !is_told(it)).collect();
            let Some(query) = query(table, old, &columns) else {
                continue;
            };
            if present.query(&query)? != wanted.query(&query)? {
                return Ok(Some(format!("doesn't keep the rows of `{name}` as they are")));
            }
            if table.has_autoincrement() && old.has_autoincrement() {
                let query = format!(
                    "SELECT seq FROM sqlite_sequence WHERE name = '{}'",
                    name.as_str().replace('\'', "''")
                );
                if present.query(&query)? != wanted.query(&query)? {
                    return Ok(Some(format!("forgets which numbers `{name}` has given")));
                }
            }
        }
        Ok(None)
    }
}

/// Writes the query for the rows of a table, in an order that doesn't hang on where they lie; rowids
/// count if the other state of the table has them as well.
fn query(table: &Table, other: &Table, columns: &[&Name]) -> Option<String> {
    let mut parts: Vec<String> =
        columns.iter().map(|name| format!("quote({})", identifier(name))).collect();
    parts.extend(table.rowid().filter(|_| other.rowid().is_some()).map(str::to_owned));
    if parts.is_empty() {
        return None;
    }
    let order: Vec<String> = (1..=parts.len()).map(|at| at.to_string()).collect();
    let (parts, table) = (parts.join(", "), identifier(&table.name));
    Some(format!("SELECT {parts} FROM {table} ORDER BY {}", order.join(", ")))
}

fn describe(fault: &Fault) -> String {
    if fault.statement.is_empty() {
        return fault.problem.clone();
    }
    format!("fails: {} in `{}`", fault.problem, fault.statement)
}

/// Says what two schemas differ in, if they do.
fn remains(after: &Schema, wanted: &Schema) -> Option<String> {
    if after == wanted {
        return None;
    }
    let left: Vec<String> = diff(after, wanted).into_iter().map(|it| it.description).collect();
    Some(format!("leaves this to be done: {}", left.join("; ")))
}
