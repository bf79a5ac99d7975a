//! A lent `mysql::Conn`.

use ::mysql::prelude::Queryable as _;
use ::mysql::{Conn, Value};

use crate::database::lent::IN_TRANSACTION;
use crate::database::lent::status::Status;
use crate::database::mysql::aside::{self, SavedSettings};
use crate::database::mysql::{self, fault};
use crate::database::{Connection, DatabaseError, Engine, Lend, Lent, Row, SqlFault};
use crate::sql::{Dialect, quote_literal};
use crate::url::DatabaseUrl;

/// The settings of a session that a run changes, and the server's identification.
const ASKED: &str = "SELECT VERSION(), DATABASE(), @@SESSION.sql_mode, @@SESSION.autocommit, \
                     @@SESSION.character_set_client";

struct Mysql<'c> {
    conn: &'c mut Conn,
    status: Status,
    engine: Engine,
    version: String,
    /// The statement that restores the session.
    restore: String,
    database: Option<String>,
    aside: SavedSettings,
}

impl Lend for Conn {
    fn lend(&mut self, _wait: std::time::Duration) -> Result<Lent<'_>, DatabaseError> {
        let mut connection = Mysql {
            conn: self,
            status: Status::new(Dialect::MySql),
            engine: Engine::MySql,
            version: String::new(),
            restore: String::new(),
            database: None,
            aside: SavedSettings::default(),
        };
        connection.refuse_transaction()?;
        let rows = connection.query(ASKED)?;
        let mut values = rows.into_iter().flatten();
        let mut next = || values.next().flatten();
        let (version, database) = (next().unwrap_or_default(), next());
        let mut next = || next().unwrap_or_default();
        let (modes, autocommit, charset) = (next(), next(), next());
        connection.engine = mysql::engine(&version);
        connection.version = mysql::number(&version);
        connection.database.clone_from(&database);
        let found = aside::pairs(connection.query(&mysql::variables())?);
        connection.aside = SavedSettings::new(&found);
        connection.restore = format!(
            "SET NAMES {charset}, SESSION autocommit = {autocommit}, {}",
            connection.aside.restore.join(", ")
        );
        let is_cluster = |(name, value): &(String, Option<String>)| {
            name.eq_ignore_ascii_case("wsrep_on")
                && value.as_ref().is_some_and(|it| it.eq_ignore_ascii_case("ON"))
        };
        if found.iter().any(is_cluster) {
            connection.engine = Engine::Galera;
        }
        connection.set_up(&modes)?;
        let mut url =
            DatabaseUrl::parse("mysql:///").map_err(|error| SqlFault::new(error.to_string()))?;
        if let DatabaseUrl::Server(server) = &mut url {
            server.database = database;
        }
        Ok(Lent { connection: Box::new(connection), url })
    }
}

impl Mysql<'_> {
    /// Refuses a session with an open transaction, which a run would commit: only outside of one
    /// can the isolation level be set.
    fn refuse_transaction(&mut self) -> Result<(), DatabaseError> {
        match self.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ") {
            Err(DatabaseError::Sql(fault)) if is(&fault, "1568") => {
                Err(SqlFault::new(IN_TRANSACTION).into())
            }
            result => result,
        }
    }

    fn set_up(&mut self, modes: &str) -> Result<(), DatabaseError> {
        let own = mysql::own_modes(modes);
        let modes = quote_literal(own.as_deref().unwrap_or(modes), Dialect::MySql);
        let settings = [
            "NAMES utf8mb4".to_owned(),
            "SESSION autocommit = 1".to_owned(),
            format!("SESSION sql_mode = {modes}"),
        ];
        let all: Vec<String> =
            settings.into_iter().chain(self.aside.start.iter().cloned()).collect();
        self.execute(&format!("SET {}", all.join(", ")))
    }

    fn ask(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let rows: Result<Vec<::mysql::Row>, _> = self.conn.query(statement);
        let rows = rows.map_err(|error| cause(error, statement))?;
        self.status.follow(statement);
        let values = |row: ::mysql::Row| row.unwrap_raw().into_iter();
        Ok(rows.into_iter().map(|row| values(row).map(|it| it.and_then(text)).collect()).collect())
    }
}

impl Connection for Mysql<'_> {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn describe(&self) -> String {
        format!("{} {}, a connection of the program", self.engine.name(), self.version)
    }

    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.ask(statement).map(drop)
    }

    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        self.ask(statement)?;
        // Unless the program asked for it, an UPDATE counts only the rows that it had to change;
        // the message beside the number has the number found.
        let found = self.conn.info_str().strip_prefix("Rows matched: ").map(str::to_owned);
        let found = found.and_then(|it| it.split_whitespace().next()?.parse().ok());
        Ok(found.unwrap_or_else(|| self.conn.affected_rows()))
    }

    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        self.ask(statement)
    }

    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError> {
        Ok(!self.query(&mysql::table_query(name))?.is_empty())
    }

    fn in_transaction(&self) -> bool {
        self.status.in_transaction
    }

    fn reset(&mut self) -> Result<(), DatabaseError> {
        self.rollback()?;
        if let Some(database) = self.database.clone() {
            let quoted = crate::sql::quote_identifier(&database, Dialect::MySql);
            self.execute(&format!("USE {quoted}"))?;
        }
        let modes = self.restore.clone();
        self.execute(&modes)?;
        let modes = self.value("SELECT @@SESSION.sql_mode")?.unwrap_or_default();
        self.set_up(&modes)
    }

    fn put_aside(&mut self) -> Result<(), DatabaseError> {
        self.execute(&self.aside.take.clone())
    }

    fn put_back(&mut self) -> Result<(), DatabaseError> {
        self.execute(&self.aside.give.clone())
    }
}

/// Restores the session; a failure is left for the next user to meet.
impl Drop for Mysql<'_> {
    fn drop(&mut self) {
        drop(self.rollback());
        if !self.restore.is_empty() {
            let restore = std::mem::take(&mut self.restore);
            drop(self.execute(&restore));
        }
    }
}

/// The text protocol gives every value as text.
fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        Value::Int(_)
        | Value::UInt(_)
        | Value::Float(_)
        | Value::Double(_)
        | Value::Date(..)
        | Value::Time(..) => Some(value.as_sql(true).trim_matches('\'').to_owned()),
    }
}

fn is(fault: &SqlFault, code: &str) -> bool {
    fault.code.as_deref().is_some_and(|it| it.starts_with(code))
}

fn cause(error: ::mysql::Error, statement: &str) -> DatabaseError {
    if let ::mysql::Error::MySqlError(error) = error {
        let ::mysql::error::MySqlError { state, message, code } = error;
        return fault::ServerError { code, state, message }.fault(statement).into();
    }
    DatabaseError::Lost { url: "mysql:".to_owned(), reason: error.to_string(), is_told: false }
}
