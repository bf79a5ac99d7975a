//! Statements of ours between those of a script: whatever it has set for its session, they run
//! under settings of ours, and as the role that connected; then the script has its own again.

use crate::database::{Connection, DatabaseError, Engine};
use crate::ledger::Guard;
use crate::runner::run::Run;
use crate::script::{Span, Unit};
use crate::sql::{Dialect, quote_identifier};

/// What a transaction of ours sets for itself on PostgreSQL.
const OURS: [&str; 5] = [
    "SET LOCAL role TO DEFAULT",
    "SET LOCAL search_path TO pg_catalog",
    "SET LOCAL statement_timeout TO 0",
    "SET LOCAL lock_timeout TO 0",
    "SET LOCAL row_security TO on",
];

/// Takes part of it back to who connected: a script can have become somebody else.
const WHO_CONNECTED: &str = "SET LOCAL SESSION AUTHORIZATION DEFAULT";

/// What is asked before those are set in a transaction of the script's own, where they would stay.
const THEIRS: &str = "SELECT pg_catalog.current_setting('role'), session_user, \
                      pg_catalog.current_setting('search_path'), \
                      pg_catalog.current_setting('statement_timeout'), \
                      pg_catalog.current_setting('lock_timeout'), \
                      pg_catalog.current_setting('row_security')";

/// The role that a session of MySQL works as; none if it works as no role.
#[derive(Debug, Clone)]
struct Role(Option<String>);

/// What the script at hand has done to its session, as far as its text tells.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// Whether a statement has run that may have changed settings.
    is_touched: bool,
    /// Whether one may have changed who the session belongs to (PostgreSQL).
    is_renamed: bool,
    /// The role of the session before it was changed, once it was (MySQL).
    role: Option<Role>,
    /// Whether the script lets nothing be written, and is overruled for a while (SQLite).
    is_read_only: bool,
    /// The role that the script works as, while ours is in its place.
    theirs: Option<Role>,
}

impl Session {
    /// Takes in that a statement is about to run which may change its session.
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
            // Who is granted a role has it from the next session on.
            Dialect::MySql => {
                let sets = text.len() < 1000 && holds("set") && holds("role");
                if sets && self.role.is_none() {
                    self.role = Some(role(connection)?);
                }
            }
        }
        Ok(())
    }

    /// Runs a statement that changes the row of progress and can be run twice; tells whether it has
    /// changed it, which it doesn't unless the row is there and `also` holds.
    pub(super) fn change_aside(
        &mut self,
        run: &mut Run<'_>,
        text: &str,
        condition: &str,
    ) -> Result<bool, DatabaseError> {
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
        let Err(stopped) = connection.execute_all(&all) else {
            return Ok(true);
        };
        // In a transaction of the script's own, that one is undone: it has failed as a whole.
        connection.rollback()?;
        let is_refused = all.get(stopped.at) == Some(&insists)
            && matches!(&stopped.cause, DatabaseError::Sql(fault)
                if fault.code.as_deref().is_some_and(|it| it.starts_with(Guard::FAILED)));
        if is_refused { Ok(false) } else { Err(stopped.cause) }
    }

    /// Asks what a script has set in a transaction of its own, and returns what sets it again.
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

    /// Puts the settings of a script aside, on MySQL and SQLite.
    pub(super) fn step_aside(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        if !self.is_touched || connection.dialect() == Dialect::Postgres {
            return Ok(());
        }
        if connection.engine() == Engine::Sqlite {
            self.is_read_only = connection.value("PRAGMA query_only")?.as_deref() == Some("1");
            return self.set_read_only(connection, "OFF");
        }
        connection.put_aside()?;
        if let Some(before) = &self.role {
            let theirs = role(connection)?;
            set_role(connection, before)?;
            self.theirs = Some(theirs);
        }
        Ok(())
    }

    /// Gives a script its settings back.
    pub(super) fn step_back(
        &mut self,
        connection: &mut dyn Connection,
    ) -> Result<(), DatabaseError> {
        if !self.is_touched || connection.dialect() == Dialect::Postgres {
            return Ok(());
        }
        if connection.engine() == Engine::Sqlite {
            return self.set_read_only(connection, "ON");
        }
        if let Some(theirs) = self.theirs.take() {
            set_role(connection, &theirs)?;
        }
        connection.put_back()
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

    /// Undoes what a script has set for its session, before its row is written or it is noted how far it
    /// came (MySQL, SQLite); the session itself is reset afterwards.
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

/// Returns the role that a session of MySQL works as.
fn role(connection: &mut dyn Connection) -> Result<Role, DatabaseError> {
    let role = connection.value("SELECT CURRENT_ROLE()")?;
    Ok(Role(role.filter(|it| it != "NONE")))
}

fn set_role(connection: &mut dyn Connection, Role(role): &Role) -> Result<(), DatabaseError> {
    let role = match role.as_deref() {
        None => "NONE".to_owned(),
        // MySQL tells a list, quoted; MariaDB a name.
        Some(role) if role.starts_with('`') => role.to_owned(),
        Some(role) => quote_identifier(role, Dialect::MySql),
    };
    connection.execute(&format!("SET ROLE {role}"))
}
