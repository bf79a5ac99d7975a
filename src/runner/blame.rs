//! The culprit of a failure: a script with a late fault, or the database itself.

use crate::database::{Connection, DatabaseError, Row, SqlFault, Values as _};
use crate::place::Place;
use crate::runner::foreign_keys::{describe, tables};
use crate::runner::{Culprit, Failure, Run, Stop};
use crate::script::Unit;
use crate::sql::{Dialect, Splitter, touched_tables};

/// The most violations that a message lists.
const LISTED: usize = 5;

/// The keywords of statements that create tables and violate no key by that.
const MAKING: [&str; 4] = ["CREATE", "ALTER", "COMMENT", "GRANT"];

impl Run<'_> {
    /// Finds the foreign keys that the current script has violated.
    pub(super) fn check_keys(&mut self) -> Result<(), Stop> {
        let rows = self.basis.watch.check(self.connection)?;
        if rows.is_empty() {
            return Ok(());
        }
        let violations = rows.iter().take(LISTED).map(describe).collect();
        let tables: Vec<String> = rows.iter().flat_map(tables).collect();
        let culprit = self.unit_at_hand().and_then(|unit| culprit(unit, &tables));
        Err(Failure::ForeignKeys { culprit, violations }.into())
    }

    /// Adds the violating rows to SQLite's error for a commit, which names none.
    pub(super) fn explain_commit(&mut self, cause: DatabaseError) -> DatabaseError {
        let DatabaseError::Sql(mut fault) = cause else { return cause };
        let code = fault.code.as_deref().unwrap_or_default();
        if code.starts_with("SQLITE_CONSTRAINT_FOREIGNKEY") {
            let rows = self.connection.query("PRAGMA foreign_key_check").unwrap_or_default();
            let violations: Vec<String> = rows.iter().take(LISTED).map(describe).collect();
            fault.detail = Some(violations.join("; ")).filter(|detail| !detail.is_empty());
            let is_one = |first: &Row| rows.iter().all(|row| tables(row) == tables(first));
            fault.table = rows.first().filter(|row| is_one(row)).map(|row| tables(row)[0].clone());
        }
        DatabaseError::Sql(fault)
    }

    /// Makes the failure of a commit, with its revision if no other shares it.
    pub(super) fn commit_failure(&self, cause: DatabaseError) -> Failure {
        let turn = self.turn();
        let shares = turn > self.committed;
        let DatabaseError::Sql(fault) = &cause else { return cause.into() };
        let table = fault.table.clone();
        let unit = self.unit(turn).filter(|_| !shares);
        match unit.and_then(|unit| culprit(unit, table.as_slice())) {
            Some(culprit) => Failure::Commit { culprit, cause },
            None => cause.into(),
        }
    }

    /// Replaces the failure of a statement by that of the database where nothing can be written.
    pub(super) fn blame_database(&mut self, failure: Failure) -> Failure {
        let (Failure::Statement { cause: DatabaseError::Sql(fault), .. }
        | Failure::Commit { cause: DatabaseError::Sql(fault), .. }
        | Failure::Database(DatabaseError::Sql(fault))) = &failure
        else {
            return failure;
        };
        match read_only(self.connection, fault) {
            Some(reason) => {
                let url = self.setting.url.clone();
                DatabaseError::ReadOnly { url, reason, fault: fault.clone() }.into()
            }
            None => failure,
        }
    }
}

/// Names a unit's script, and the statement if only one changes the given tables.
fn culprit(unit: &Unit, tables: &[String]) -> Option<Box<Culprit>> {
    let file = unit.source.file().to_path_buf();
    let is_known = !file.as_os_str().is_empty();
    let place = place_of_change(unit, tables);
    is_known.then(|| Box::new(Culprit { revision: unit.revision.clone(), file, place }))
}

fn place_of_change(unit: &Unit, tables: &[String]) -> Option<Place> {
    if unit.source.is_streamed() {
        return None;
    }
    let text = unit.source.open().ok()?;
    let spans = unit.statements_of(&text, 0, usize::MAX);
    let mut changes = spans.iter().filter(|span| {
        let text = text.statement(**span);
        let statement = Splitter::new(&text, unit.source.dialect()).next().and_then(Result::ok);
        statement.is_some_and(|statement| {
            let makes = MAKING.iter().any(|word| statement.begins_with(word));
            let is_one = |name: &str| tables.iter().any(|table| table.eq_ignore_ascii_case(name));
            !makes && touched_tables(&statement).iter().any(|touch| is_one(&touch.name))
        })
    });
    let first = changes.next()?;
    changes.next().is_none().then(|| text.place(*first, None))
}

/// Finds why a database is read-only, if that is what an error means.
fn read_only(connection: &mut dyn Connection, fault: &SqlFault) -> Option<String> {
    let code = fault.code.as_deref()?;
    let reason = match connection.dialect() {
        Dialect::Sqlite => return of_file(connection, code),
        Dialect::Postgres if code == "25006" => {
            if is_set(connection, IN_RECOVERY) {
                "the server is a standby"
            } else if is_set(connection, READ_ONLY_SESSIONS) {
                "`default_transaction_read_only` is on"
            } else {
                return None;
            }
        }
        Dialect::MySql if code.starts_with("1836") => "the server runs in read-only mode",
        Dialect::MySql if code.starts_with("1290") && fault.message.contains("read") => {
            "the server runs with `read_only`"
        }
        Dialect::MySql if code.starts_with("1792") && is_set(connection, READ_ONLY_GLOBALLY) => {
            "`tx_read_only` is on"
        }
        Dialect::Postgres | Dialect::MySql => return None,
    };
    Some(reason.to_owned())
}

const IN_RECOVERY: &str = "SELECT pg_catalog.pg_is_in_recovery()";

/// Ignores settings of the script: only the session's initial ones count.
const READ_ONLY_SESSIONS: &str =
    "    SELECT reset_val FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'";

const READ_ONLY_GLOBALLY: &str =
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('tx_read_only', 'transaction_read_only')";

fn is_set(connection: &mut dyn Connection, query: &str) -> bool {
    let rows = connection.query(query).unwrap_or_default();
    rows.last().is_some_and(|row| row.flag(row.len().saturating_sub(1)))
}

/// Finds why SQLite can't write, unless the script itself caused it by a setting or by attaching
/// such a file.
#[cfg(feature = "sqlite")]
fn of_file(connection: &mut dyn Connection, code: &str) -> Option<String> {
    let driver = connection.sqlite()?;
    if code.starts_with("SQLITE_READONLY_DIRECTORY") {
        return Some("its folder is read-only".to_owned());
    }
    let is_read_only = driver.is_readonly("main").unwrap_or(false);
    (code.starts_with("SQLITE_READONLY") && is_read_only)
        .then(|| "its file is read-only".to_owned())
}

#[cfg(not(feature = "sqlite"))]
fn of_file(_connection: &mut dyn Connection, _code: &str) -> Option<String> {
    None
}
