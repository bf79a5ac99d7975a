//! The session in which a catalog is read: one snapshot, and settings that decide how the server
//! writes definitions. Both end with the reading.

use crate::database::{Connection, DatabaseError, Values as _};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// The name under which an open transaction is left and found again.
const SAVEPOINT: &str = "migrate_inspect";

/// The settings on which texts of definitions depend, and one for speed. Names of the server alone
/// are visible, so that all others are written with their schema.
const SETTINGS: [&str; 10] = [
    "SET LOCAL search_path = pg_catalog, pg_temp",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO, YMD'",
    "SET LOCAL IntervalStyle = 'postgres'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL quote_all_identifiers = off",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL xmloption = 'content'",
    "SET LOCAL jit = off",
];

/// The state of a session before its settings are replaced.
pub(super) struct Session {
    /// The schema in which statements without one work.
    pub(super) home: Option<String>,
    /// The version of the server, as a number: 150004.
    pub(super) version: u32,
    /// Whether a transaction was open before.
    is_within: bool,
}

/// Opens a snapshot, or a savepoint in the open transaction, and fixes the settings.
pub(super) fn open(connection: &mut dyn Connection) -> Result<Session, DatabaseError> {
    let is_within = connection.in_transaction();
    let begin = if is_within { format!("SAVEPOINT {SAVEPOINT}") } else { BEGIN.to_owned() };
    connection.execute(&begin)?;
    let mut session = Session { home: None, version: 0, is_within };
    match session.fix(connection) {
        Ok(()) => Ok(session),
        Err(error) => {
            // The first error is the one to tell.
            drop(session.close(connection));
            Err(error)
        }
    }
}

impl Session {
    fn fix(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let known = "SELECT current_schema(), current_setting('server_version_num')";
        let row = connection.query(known)?.into_iter().next().unwrap_or_default();
        self.version = row.text(1).parse().unwrap_or_default();
        self.home = row.into_iter().next().flatten();
        connection.execute_all(&SETTINGS).map_err(|stopped| stopped.cause)
    }

    /// Ends the snapshot, and with it the settings.
    pub(super) fn close(&self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        if self.is_within {
            connection.execute(&format!("ROLLBACK TO SAVEPOINT {SAVEPOINT}"))?;
            connection.execute(&format!("RELEASE SAVEPOINT {SAVEPOINT}"))
        } else {
            connection.rollback()
        }
    }
}
