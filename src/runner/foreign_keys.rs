//! Checks SQLite's foreign keys while they are not enforced.
//!
//! They are off while a script runs, because a table rebuild with them on deletes rows by ON DELETE
//! CASCADE. So a script can violate them, and must not be committed then; earlier violations are
//! not its fault. Only tables touched by a script are checked: checking every table after every
//! revision would be quadratic.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::{Connection, DatabaseError, Row, Values as _};
use crate::sql::{Dialect, quote_identifier};

/// The state of foreign keys; empty until the first script.
#[derive(Debug, Default)]
pub(super) struct Watch {
    keys: Option<Keys>,
}

/// The foreign keys of a schema, and the known violations, by table.
#[derive(Debug)]
struct Keys {
    references: References,
    violations: BTreeMap<String, BTreeSet<Row>>,
    /// The tables with keys that SQLite can't check, for they fit no key of their parents.
    unfit: BTreeSet<String>,
}

/// The references between tables, in both directions. Names are in lower case.
#[derive(Debug, Default)]
struct References {
    parents: BTreeMap<String, BTreeSet<String>>,
    children: BTreeMap<String, BTreeSet<String>>,
}

impl Watch {
    /// Forgets everything that another process may have changed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Notes the violations that exist before a script runs.
    pub(super) fn remember(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        if let Some(keys) = &mut self.keys {
            // Unchecked scripts may have left violations.
            keys.look(connection)?;
        } else {
            connection.take_touched();
            self.keys = Some(Keys::read(connection)?);
        }
        Ok(())
    }

    /// Finds new violations by the script.
    pub(super) fn check(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<Vec<Row>, DatabaseError> {
        self.keys.as_mut().map_or(Ok(Vec::new()), |keys| keys.look(connection))
    }
}

impl Keys {
    fn read(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        let references = References::read(connection)?;
        let mut res = Self { references, violations: BTreeMap::new(), unfit: BTreeSet::new() };
        if res.references.parents.is_empty() {
            return Ok(res);
        }
        match connection.query("PRAGMA foreign_key_check") {
            Ok(rows) => {
                for row in rows {
                    res.violations.entry(lower(&row, 0)).or_default().insert(row);
                }
            }
            Err(DatabaseError::Sql(_)) => {
                for table in res.references.parents.keys() {
                    if let Ok(rows) = violations_of(connection, table) {
                        res.violations.insert(table.clone(), rows);
                    } else {
                        res.unfit.insert(table.clone());
                    }
                }
            }
            Err(error) => return Err(error),
        }
        Ok(res)
    }

    /// Checks the tables touched since the last check, and returns the new violations.
    fn look(&mut self, connection: &mut dyn Connection) -> Result<Vec<Row>, DatabaseError> {
        let touched = connection.take_touched();
        let mut suspects: BTreeSet<String> = BTreeSet::new();
        if touched.everything {
            let before = std::mem::replace(&mut self.references, References::read(connection)?);
            suspects.extend(self.references.differ(&before));
        }
        for table in &touched.made {
            if touched.refers || self.references.parents.contains_key(table) {
                let parents = read_parents_of(connection, table)?;
                self.references.set(table, parents);
            }
        }
        // Only now, since a child may have been dropped together with its parent.
        suspects.retain(|table| self.references.parents.contains_key(table));
        suspects.extend(touched.tables.iter().flat_map(|table| self.references.around(table)));
        let mut new = Vec::new();
        for table in suspects {
            let now = match violations_of(connection, &table) {
                Err(DatabaseError::Sql(_)) if self.unfit.contains(&table) => continue,
                found => found?,
            };
            self.unfit.remove(&table);
            let before = self.violations.insert(table, now.clone()).unwrap_or_default();
            new.extend(now.difference(&before).cloned());
        }
        Ok(new)
    }
}

impl References {
    fn read(connection: &mut dyn Connection) -> Result<Self, DatabaseError> {
        // A table without the word has no foreign keys, and needn't be parsed.
        let rows = connection.query(
            "SELECT m.name, f.\"table\" FROM sqlite_schema AS m, \
             pragma_foreign_key_list(m.name) AS f \
             WHERE m.type = 'table' AND m.sql LIKE '%references%'",
        )?;
        let mut res = Self::default();
        for row in rows {
            let (child, parent) = (lower(&row, 0), lower(&row, 1));
            res.children.entry(parent.clone()).or_default().insert(child.clone());
            res.parents.entry(child).or_default().insert(parent);
        }
        Ok(res)
    }

    fn set(&mut self, table: &str, parents: BTreeSet<String>) {
        for old in self.parents.remove(table).unwrap_or_default() {
            self.children.entry(old).or_default().remove(table);
        }
        if parents.is_empty() {
            return;
        }
        for parent in &parents {
            self.children.entry(parent.clone()).or_default().insert(table.to_owned());
        }
        self.parents.insert(table.to_owned(), parents);
    }

    /// Returns the tables whose references a change of one table may violate.
    fn around(&self, table: &str) -> BTreeSet<String> {
        let mut res = self.children.get(table).cloned().unwrap_or_default();
        if self.parents.contains_key(table) {
            res.insert(table.to_owned());
        }
        res
    }

    /// Returns the tables whose references have changed.
    fn differ(&self, before: &Self) -> Vec<String> {
        let other = |(table, parents): &(&String, &BTreeSet<String>)| {
            before.parents.get(*table) != Some(parents)
        };
        self.parents.iter().filter(other).map(|(table, _)| table.clone()).collect()
    }
}

/// Finds the rows of a table that refer to none.
fn violations_of(
    connection: &mut dyn Connection,
    table: &str,
) -> Result<BTreeSet<Row>, DatabaseError> {
    let name = quote_identifier(table, Dialect::Sqlite);
    let rows = connection.query(&format!("PRAGMA foreign_key_check({name})"))?;
    Ok(rows.into_iter().collect())
}

/// Reads the references of one table; it may not exist any more.
fn read_parents_of(
    connection: &mut dyn Connection,
    table: &str,
) -> Result<BTreeSet<String>, DatabaseError> {
    let name = quote_identifier(table, Dialect::Sqlite);
    let rows = connection.query(&format!("PRAGMA foreign_key_list({name})"))?;
    // The columns are: the key's number, a column's number in it, the table referred to, …
    Ok(rows.iter().map(|row| lower(row, 2)).collect())
}

fn lower(row: &Row, at: usize) -> String {
    row.text(at).to_ascii_lowercase()
}

/// Returns the tables of a violation: the referring and the referenced one.
pub(super) fn tables(row: &Row) -> [String; 2] {
    [lower(row, 0), lower(row, 2)]
}

/// Describes a violation. The columns are: table, rowid (none without), referenced table, the key's
/// number.
pub(super) fn describe(row: &Row) -> String {
    let (from, to) = (row.text(0), row.text(2));
    match row.text(1) {
        "" => format!("a row of `{from}` refers to no row of `{to}`"),
        rowid => format!("row {rowid} of `{from}` refers to no row of `{to}`"),
    }
}
