//! Watches over SQLite's foreign keys while they are not enforced.
//!
//! They are off while a script runs, because a table rebuild with them on deletes rows by
//! ON DELETE CASCADE. So a script can break them, and must not be committed then; violations that
//! were there before are not its fault.

use std::collections::BTreeSet;

use crate::database::{Connection, DatabaseError, Row};
use crate::runner::Failure;
use crate::sql::Dialect;

/// How many violations a message lists.
const LISTED: usize = 5;

/// What is known of violations.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// Whether the schema may hold foreign keys; unknown until asked.
    any: Option<bool>,
    /// The violations before the script; unknown until asked.
    before: Option<BTreeSet<Row>>,
}

impl Watch {
    /// Forgets what another process may have changed.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Finds the violations that are there before a script runs.
    pub(super) fn remember(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        if connection.dialect() != Dialect::Sqlite || self.any.is_some() {
            return Ok(());
        }
        let found = connection.query(
            "SELECT 1 FROM sqlite_schema WHERE sql LIKE '%references%' COLLATE NOCASE LIMIT 1",
        )?;
        self.any = Some(!found.is_empty());
        self.before = Some(violations(connection, !found.is_empty())?);
        Ok(())
    }

    /// Finds violations that the script made.
    ///
    /// A schema without the word `REFERENCES` has no foreign keys, and gets none from a script
    /// without it: then there is nothing to scan.
    pub(super) fn check(
        &mut self,
        connection: &mut dyn Connection,
        script: &str,
    ) -> Result<(), Failure> {
        let Some(any) = self.any.as_mut() else {
            return Ok(());
        };
        *any = *any || script.to_ascii_lowercase().contains("references");
        let after = violations(connection, *any)?;
        let before = self.before.replace(after.clone()).unwrap_or_default();
        let new: Vec<String> = after.difference(&before).take(LISTED).map(describe).collect();
        if new.is_empty() { Ok(()) } else { Err(Failure::ForeignKeys { violations: new }) }
    }
}

fn violations(connection: &mut dyn Connection, any: bool) -> Result<BTreeSet<Row>, DatabaseError> {
    if !any {
        return Ok(BTreeSet::new());
    }
    Ok(connection.query("PRAGMA foreign_key_check")?.into_iter().collect())
}

/// The columns are: table, rowid (none without), the table referred to, the key's number.
fn describe(row: &Row) -> String {
    let value = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or_default();
    match value(1) {
        "" => format!("a row of `{}` refers to no row of `{}`", value(0), value(2)),
        rowid => format!("row {rowid} of `{}` refers to no row of `{}`", value(0), value(2)),
    }
}
