//! Whether a script does what it should, tried on scratch databases with rows in them.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Ddl;
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::plant::{Field, plant};
use crate::autogenerate::{AutogenerateError, Renames, Scratch};
use crate::catalog::{Catalog, Id, Name};
use crate::database::{DatabaseError, Row};
use crate::inspect::InspectError;
use crate::sqlite::{Schema, Table, identifier};

/// What a script is to lead from and to.
pub(crate) struct Claim<'a> {
    pub(crate) ddl: &'static dyn Ddl,
    pub(crate) from: &'a Catalog,
    pub(crate) to: &'a Catalog,
    pub(crate) renames: &'a Renames,
    pub(crate) backfills: &'a Backfills,
    /// The tables, by their new names, that a person has to see to if they hold rows.
    pub(crate) unfilled: &'a BTreeSet<Name>,
    pub(crate) script: &'a str,
}

/// A database that a script has led to the wanted schema.
pub(crate) struct Proven {
    /// The schema, as the database has it now.
    pub(crate) schema: Catalog,
    ddl: &'static dyn Ddl,
    scratch: Scratch,
    /// Queries for what has to come back, and what they told before.
    rows: Vec<(Name, String, Vec<Row>)>,
}

impl Proven {
    /// Tries to take the script back; tells what is wrong, and is as it was then.
    pub(crate) fn take_back(
        &mut self,
        script: &str,
        to: &Catalog,
    ) -> Result<Option<String>, AutogenerateError> {
        let (rows, ddl) = (&self.rows, self.ddl);
        self.scratch.run(script, |scratch| {
            if let Some(problem) = remains(ddl, &scratch.schema()?, to) {
                return Ok(Some(problem));
            }
            for (name, query, before) in rows {
                if scratch.query(query)? != *before {
                    return Ok(Some(format!("doesn't bring the rows of `{name}` back")));
                }
            }
            Ok(None)
        })
    }
}

impl Claim<'_> {
    /// Runs the script on rows; returns the database that it leads to, or what is wrong with it.
    pub(crate) fn prove(&self) -> Result<Result<Proven, String>, AutogenerateError> {
        let read = |catalog| Schema::of(catalog).map_err(InspectError::from);
        let (from, to) = (read(self.from)?, read(self.to)?);
        let (mut scratch, mut wanted) = self.planted(&from, &to)?;
        let rows = self.rows_that_return(&from, &to, &mut scratch)?;
        scratch.make_views(self.from)?;
        let mut schema = Catalog::default();
        let problem = scratch.run(self.script, |scratch| {
            schema = scratch.schema()?;
            match remains(self.ddl, &schema, self.to) {
                Some(problem) => Ok(Some(problem)),
                None => Ok(self.same_rows((&from, &to), scratch, &mut wanted)?),
            }
        })?;
        let ddl = self.ddl;
        Ok(problem.map_or(Ok(Proven { schema, ddl, scratch, rows }), Err))
    }

    /// Asks for what both scripts have to keep.
    fn rows_that_return(
        &self,
        from: &Schema,
        to: &Schema,
        scratch: &mut Scratch,
    ) -> Result<Vec<(Name, String, Vec<Row>)>, DatabaseError> {
        let mut res = Vec::new();
        for (name, old) in from.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let new = self.renames.new_table(name).and_then(|name| to.tables.get(name));
            let Some(new) = new else {
                continue;
            };
            let columns = old.columns.iter().map(|it| &it.name);
            let columns: Vec<&Name> = columns.filter(|it| self.returns(old, new, it)).collect();
            // A rowid that is a column by another name comes back if the column does; where another
            // column has become the rowid, it doesn't.
            let alias = old.rowid_column();
            let becomes = new.rowid_column().and_then(|it| self.renames.old_column(&new.name, it));
            let becomes = becomes.filter(|it| old.column(it).is_some());
            let same_rowid = new.rowid().is_some()
                && alias.is_none_or(|it| columns.contains(&it))
                && becomes.is_none_or(|it| alias == Some(it));
            if let Some(query) = query(old, &columns, same_rowid) {
                let rows = scratch.query(&query)?;
                res.push((name.clone(), query, rows));
            }
        }
        Ok(res)
    }

    /// Tells whether the values of a column come back: neither converted nor filled in on the way.
    fn returns(&self, old: &Table, new: &Table, column: &Name) -> bool {
        let name = self.renames.new_column(&new.name, column);
        let pair = name.and_then(|name| Some((old.column(column)?, new.column(name)?)));
        pair.is_some_and(|(before, after)| {
            let told = self.backfills.contains_key(&Id::column(&new.name, &after.name));
            before.declared == after.declared
                && before.generated.is_none()
                && after.generated.is_none()
                && old.strict == new.strict
                && (before.not_null.is_some() || after.not_null.is_none())
                && (old.requires(before) || !new.requires(after))
                && !told
        })
    }

    /// Makes the tables as they are and as they are wanted, with rows that fit both.
    fn planted(&self, from: &Schema, to: &Schema) -> Result<(Scratch, Scratch), DatabaseError> {
        let (mut present, mut wanted) = (Scratch::new()?, Scratch::new()?);
        present.make_tables(self.from)?;
        wanted.make_tables(self.to)?;
        let Self { renames, unfilled: barren, .. } = *self;
        plant(&Field { from, to, renames, barren }, &mut present, &mut wanted)?;
        Ok((present, wanted))
    }

    /// Compares the rows of surviving columns with those that were planted in the wanted tables.
    fn same_rows(
        &self,
        (from, to): (&Schema, &Schema),
        present: &mut Scratch,
        wanted: &mut Scratch,
    ) -> Result<Option<String>, DatabaseError> {
        for (name, table) in to.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let old = self.renames.old_table(name).and_then(|old| from.tables.get(old));
            let Some(old) = old else {
                continue;
            };
            let is_told = |column: &Name| self.backfills.contains_key(&Id::column(name, column));
            let survives = |column: &Name| {
                let before = self.renames.old_column(name, column);
                before
                    .and_then(|before| old.column(before))
                    .is_some_and(|it| it.generated.is_none())
            };
            let columns =
                table.columns.iter().filter(|it| it.generated.is_none()).map(|it| &it.name);
            let columns: Vec<&Name> = columns.filter(|it| survives(it) && !is_told(it)).collect();
            let Some(query) = query(table, &columns, old.rowid().is_some()) else {
                continue;
            };
            if present.query(&query)? != wanted.query(&query)? {
                return Ok(Some(format!("doesn't keep the rows of `{name}` as they are")));
            }
            if table.has_autoincrement() && old.has_autoincrement() {
                let query = format!(
                    "SELECT seq FROM sqlite_sequence WHERE name = '{}' COLLATE NOCASE",
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

/// Writes the query for the rows of a table, in an order that doesn't hang on where they lie; maybe
/// with their rowids.
fn query(table: &Table, columns: &[&Name], with_rowids: bool) -> Option<String> {
    let mut parts: Vec<String> =
        columns.iter().map(|name| format!("quote({})", identifier(name))).collect();
    parts.extend(table.rowid().filter(|_| with_rowids).map(str::to_owned));
    if parts.is_empty() {
        return None;
    }
    let order: Vec<String> = (1..=parts.len()).map(|at| at.to_string()).collect();
    let (parts, table) = (parts.join(", "), identifier(&table.name));
    Some(format!("SELECT {parts} FROM {table} ORDER BY {}", order.join(", ")))
}

/// Says what two schemas differ in, if they do.
fn remains(ddl: &dyn Ddl, after: &Catalog, wanted: &Catalog) -> Option<String> {
    let left = ddl.differences(after, wanted).into_iter().map(|it| it.description);
    let left: Vec<String> = left.collect();
    (!left.is_empty()).then(|| format!("leaves this to be done: {}", left.join("; ")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::autogenerate::ddl::ddl;
    use crate::autogenerate::load_text;
    use crate::sql::Dialect;

    fn schema(text: &str) -> Catalog {
        load_text(Path::new("schema.sql"), text).unwrap().schema
    }

    /// Tells what is wrong with a script and the one that takes it back.
    fn fault(from: &str, to: &str, script: &str, down: &str) -> Option<String> {
        let (from, to) = (schema(from), schema(to));
        let (renames, backfills, unfilled) =
            (Renames::default(), Backfills::new(), BTreeSet::new());
        let (renames, backfills, unfilled) = (&renames, &backfills, &unfilled);
        let ddl = ddl(Dialect::Sqlite).unwrap();
        let (from, to) = (&from, &to);
        let claim = Claim { ddl, from, to, renames, backfills, unfilled, script };
        match claim.prove().unwrap() {
            Ok(mut proven) => proven.take_back(down, from).unwrap(),
            Err(problem) => Some(problem),
        }
    }

    #[track_caller]
    fn refused(script: &str, down: &str, expected: &str) {
        let from = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); \
                    CREATE TABLE c (id INTEGER PRIMARY KEY, p NOT NULL REFERENCES p (id));";
        let to = from.replace("a TEXT", "a TEXT, b TEXT");
        let fault = fault(from, &to, script, down).unwrap_or_default();
        assert!(fault.contains(expected), "{fault}");
    }

    const ADD: &str = "ALTER TABLE p ADD COLUMN b TEXT";
    const DROP: &str = "ALTER TABLE p DROP COLUMN b";

    #[test]
    fn what_does_not_lead_there_is_refused() {
        refused("", "", "leaves this to be done: add column p.b");
        refused("ALTER TABLE q ADD COLUMN b", "", "no such table: q");
        refused(ADD, "", "leaves this to be done: drop column p.b");
    }

    #[test]
    fn what_loses_rows_is_refused() {
        refused(&format!("{ADD}; DELETE FROM c"), "", "doesn't keep the rows of `c`");
        refused(&format!("{ADD}; UPDATE p SET a = 1"), "", "doesn't keep the rows of `p`");
        refused(&format!("{ADD}; DELETE FROM p"), "", "breaks a foreign key");
        refused(&format!("{ADD}; DELETE FROM sqlite_sequence"), "", "which numbers `p` has given");
        refused(ADD, &format!("{DROP}; DELETE FROM c"), "doesn't bring the rows of `c` back");
    }

    #[test]
    fn what_does_it_is_proven() {
        let from = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT);";
        let to = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT, b TEXT);";
        assert_eq!(fault(from, to, ADD, DROP), None);
    }
}
