//! This program's statements between those of a script: they run under settings of their own, and
//! as the connecting role, whatever the script has set; then the script's settings are restored.

use crate::database::{Connection, DatabaseError, Engine};
use crate::ledger::Guard;
use crate::runner::run::Run;
use crate::script::{Span, Unit};
use crate::sql::{Dialect, quote_identifier};

/// The settings that this program's transactions need on PostgreSQL.
const OURS: [&str; 5] = [
    "SET LOCAL role TO DEFAULT",
    "SET LOCAL search_path TO pg_catalog",
    "SET LOCAL statement_timeout TO 0",
    "SET LOCAL lock_timeout TO 0",
    "SET LOCAL row_security TO on",
];

/// Restores the connecting user within a transaction: a script can have changed the session's user.
const WHO_CONNECTED: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT";

/// The query for those settings before they are changed in a script's own transaction, where the
/// changes would stay.
const THEIRS: &str = "SELECT pg_catalog.current_setting('role'), session_user, \
                      pg_catalog.current_setting('search_path'), \
                      pg_catalog.current_setting('statement_timeout'), \
                      pg_catalog.current_setting('lock_timeout'), \
                      pg_catalog.current_setting('row_security')";

/// The current role of a MySQL session, if any.
#[derive(Debug, Clone)]
struct Role(Option<String>);

/// The changes that a script has made to its session, as far as its text shows.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Whether a statement has run that may have changed settings.
    is_touched: bool,
    /// Whether a statement may have changed the session's user (PostgreSQL).
    is_renamed: bool,
    /// The role of the session before a change (MySQL).
    role: Option<Role>,
    /// Whether the script set the session read-only, which is lifted temporarily (SQLite).
    is_read_only: bool,
    /// The role of the script while ours replaces it.
    theirs: Option<Role>,
}

impl Session {
    /// Notes that a statement is about to run that may change its session.
    pub(super) fn touch(
        &mut self,
        connection: &mut dyn Connection,
        text: &str,
        span: Span,
    ) -> Result<(), DatabaseError> {
        if !span.leaves_traces && !span.commits {
            return Ok(());
        }
        self.is_touched |= span.leaves_traces;
        let holds = |word: &str| {
            let bytes = text.as_bytes();
            bytes.windows(word.len()).any(|it| it.eq_ignore_ascii_case(word.as_bytes()))
        };
        match connection.dialect() {
            Dialect::Sqlite => {}
            Dialect::Postgres => self.is_renamed |= holds("authorization"),
            // A granted role takes effect in the next session.
            Dialect::MySql => {
                let sets = text.len() < 1000 && holds("set") && holds("role");
                if sets && self.role.is_none() {
                    self.role = Some(role(connection)?);
                }
            }
        }
        Ok(())
    }

    /// Runs a repeatable statement that changes the row of progress; tells whether it did, for
    /// which the row and the condition `also` are needed.
    pub(super) fn change_aside(
        &mut self,
        run: &mut Run<'_>,
        text: &str,
        condition: &str,
    ) -> Result<bool, DatabaseError> {
        // What speaks PostgreSQL's protocol alone may not take a role or a setting back.
        if run.engine() == Engine::Postgres && !run.transaction.is_open() {
            let insists = run.setting.ledger.insist(condition);
            return self.change_on_postgres(run.connection, text, &insists);
        }
        self.step_aside(run.connection)?;
        let changed = run.connection.change(text);
        let back = self.step_back(run.connection);
        let changed = changed?;
        back.map(|()| changed > 0)
    }

    fn change_on_postgres(
        &mut self,
        connection: &mut dyn Connection,
        text: &str,
        insists: &str,
    ) -> Result<bool, DatabaseError> {
        let who = self.is_renamed.then_some(WHO_CONNECTED);
        let is_within = connection.in_transaction();
        let theirs = if is_within { self.settings_of_script(connection)? } else { Vec::new() };
        let mut all: Vec<&str> = Vec::new();
        all.extend((!is_within).then_some("BEGIN READ WRITE"));
        all.extend(who);
        all.extend(OURS);
        all.extend([insists, text]);
        all.extend(theirs.iter().map(String::as_str));
        all.extend((!is_within).then_some("COMMIT"));
        let Err(stopped) = connection.execute_all(&all) else { return Ok(true) };
        // In a transaction of the script's own, that one is undone: it has failed as a whole.
        connection.rollback()?;
        let is_refused = all.get(stopped.at) == Some(&insists)
            && matches!(&stopped.cause, DatabaseError::Sql(fault)
                if fault.code.as_deref().is_some_and(|it| it.starts_with(Guard::FAILED)));
        if is_refused { Ok(false) } else { Err(stopped.cause) }
    }

    /// Reads the script's settings in a transaction of its own, and returns the statement that
    /// restores them.
    fn settings_of_script(
        &self,
        connection: &mut dyn Connection,
    ) -> Result<Vec<String>, DatabaseError> {
        let row = connection.query(THEIRS)?.into_iter().next().unwrap_or_default();
        let mut values = row.into_iter().map(Option::unwrap_or_default);
        let mut next = || values.next().unwrap_or_default();
        let quoted = |name: &str| quote_identifier(name, Dialect::Postgres);
        let (role, user) = (next(), next());
        let mut res = Vec::new();
        if self.is_renamed {
            res.push(format!("SET LOCAL SESSION AUTHORIZATION {}", quoted(&user)));
        }
        let role = if role == "none" { role } else { quoted(&role) };
        res.push(format!("SET LOCAL ROLE {role}"));
        for name in ["search_path", "statement_timeout", "lock_timeout", "row_security"] {
            let value = crate::sql::quote_literal(&next(), Dialect::Postgres);
            res.push(format!("SELECT pg_catalog.set_config('{name}', {value}, true)"));
        }
        Ok(res)
    }

    /// Saves and replaces the script's settings (MySQL, SQLite).
    pub(super) fn step_aside(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        match connection.dialect() {
            _ if !self.is_touched => {}
            Dialect::Sqlite => {
                self.is_read_only = connection.is_true("PRAGMA query_only")?;
                self.set_read_only(connection, "OFF")?;
            }
            Dialect::Postgres => {}
            Dialect::MySql => {
                connection.put_aside()?;
                if let Some(before) = &self.role {
                    let theirs = role(connection)?;
                    set_role(connection, before)?;
                    self.theirs = Some(theirs);
                }
            }
        }
        Ok(())
    }

    /// Restores the script's settings.
    pub(super) fn step_back(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        match connection.dialect() {
            _ if !self.is_touched => Ok(()),
            Dialect::Sqlite => self.set_read_only(connection, "ON"),
            Dialect::Postgres => Ok(()),
            Dialect::MySql => {
                if let Some(theirs) = self.theirs.take() {
                    set_role(connection, &theirs)?;
                }
                connection.put_back()
            }
        }
    }

    fn set_read_only(
        &self,
        connection: &mut dyn Connection,
        value: &str,
    ) -> Result<(), DatabaseError> {
        if !self.is_read_only {
            return Ok(());
        }
        connection.execute(&format!("PRAGMA query_only = {value}"))
    }

    /// Undoes a script's changes to its session before the record or a note is written (MySQL,
    /// SQLite); the session itself is reset afterwards.
    pub(super) fn tidy(&mut self, run: &mut Run<'_>, unit: &Unit) -> Result<(), DatabaseError> {
        if unit.locks_tables {
            run.connection.execute("UNLOCK TABLES")?;
        }
        if unit.leaves_traces {
            self.is_touched = true;
            self.step_aside(run.connection)?;
            self.theirs = None;
        }
        Ok(())
    }
}

fn role(connection: &mut dyn Connection) -> Result<Role, DatabaseError> {
    let role = connection.value("SELECT CURRENT_ROLE()")?;
    Ok(Role(role.filter(|it| it != "NONE")))
}

fn set_role(connection: &mut dyn Connection, Role(role): &Role) -> Result<(), DatabaseError> {
    let role = match role.as_deref() {
        None => "NONE".to_owned(),
        // MySQL returns a quoted list, MariaDB a name.
        Some(role) if role.starts_with('`') => role.to_owned(),
        Some(role) => quote_identifier(role, Dialect::MySql),
    };
    connection.execute(&format!("SET ROLE {role}"))
}
