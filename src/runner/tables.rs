//! The existing bookkeeping tables. Any of them may have been dropped, and any of their names may
//! be another program's.

use crate::database::{Connection, DatabaseError, SqlFault};
use crate::ledger::{Ledger, LedgerError, OTHERS};
use crate::runner::Failure;

/// The existing bookkeeping tables, all of which are this program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tables {
    /// Whether the version table exists.
    pub has_versions: bool,
    /// Whether the table of progress exists.
    pub has_running: bool,
    /// The version of the tables; none where it isn't recorded.
    pub version: Option<i64>,
}

impl Tables {
    /// Looks the tables up, usually in one query. Changes nothing.
    pub fn look(connection: &mut dyn Connection, ledger: &Ledger) -> Result<Self, Failure> {
        match connection.value(&ledger.select_whole()) {
            Ok(value) => {
                let version = known_version(ledger, value)?;
                return Ok(Self { has_versions: true, has_running: true, version });
            }
            // Only now is it worth asking for each.
            Err(DatabaseError::Sql(_)) => {}
            Err(error) => return Err(error.into()),
        }
        // The last one first: another process may be making them just now, in the order of their age.
        let has_running = connection.has_table(&ledger.running_name())?;
        let version = version(connection, ledger)?;
        let has_versions = connection.has_table(&ledger.name())?;
        if has_versions {
            refuse_foreign(connection, ledger)?;
        }
        Ok(Self { has_versions, has_running, version })
    }

    /// Tells whether all tables exist with the latest version.
    pub fn are_whole(self, ledger: &Ledger) -> bool {
        self.has_versions && self.has_running && self.version == Some(ledger.newest_version())
    }

    /// Tells whether a version table existed and is gone: the others are created after it.
    pub fn is_record_lost(self) -> bool {
        !self.has_versions && (self.has_running || self.version.is_some())
    }
}

/// Returns the version of the tables; none if it isn't recorded.
fn version(connection: &mut dyn Connection, ledger: &Ledger) -> Result<Option<i64>, Failure> {
    if !connection.has_table(&ledger.history_name())? {
        return Ok(None);
    }
    match connection.value(&ledger.select_version()) {
        Ok(value) => known_version(ledger, value),
        Err(DatabaseError::Sql(fault)) if lacks_a_column(&fault) => {
            Err(LedgerError::Foreign { table: ledger.history_name(), sign: None }.into())
        }
        Err(error) => Err(error.into()),
    }
}

fn known_version(ledger: &Ledger, value: Option<String>) -> Result<Option<i64>, Failure> {
    match value.and_then(|value| value.parse().ok()) {
        Some(found) if found > ledger.newest_version() => {
            Err(LedgerError::Newer { table: ledger.name(), found, known: ledger.newest_version() }
                .into())
        }
        version => Ok(version),
    }
}

/// Refuses a version table of another program, and names that if a column identifies it.
fn refuse_foreign(connection: &mut dyn Connection, ledger: &Ledger) -> Result<(), Failure> {
    match connection.query(&ledger.probe()) {
        Ok(_) => Ok(()),
        Err(DatabaseError::Sql(fault)) if lacks_a_column(&fault) => {
            let mut has = |column: &str| connection.query(&ledger.probe_for(column)).is_ok();
            let sign = OTHERS.into_iter().find(|(column, _)| has(column));
            Err(LedgerError::Foreign { table: ledger.name(), sign }.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Tells whether a query failed because a table has other columns than it names.
fn lacks_a_column(fault: &SqlFault) -> bool {
    let code = fault.code.as_deref().unwrap_or_default();
    code == "42703" || code.starts_with("1054 ") || fault.message.starts_with("no such column")
}
