//! A lent `postgres::Client`.
//!
//! The client reports neither how many statements of a message were done nor whether a transaction
//! is open. So each statement is a message of its own here, and the state of the transaction is
//! inferred from the statements.

use std::error::Error as _;
use std::io::Write as _;

use ::postgres::error::{DbError, ErrorPosition};
use ::postgres::{Client, SimpleQueryMessage};

use crate::database::lent::IN_TRANSACTION;
use crate::database::lent::status::Status;
use crate::database::postgres::catalog;
use crate::database::postgres::fault::{self, ServerError};
use crate::database::{Connection, DatabaseError, Engine, Lend, Lent, Row, SqlFault};
use crate::sql::{Dialect, inline_data};
use crate::url::DatabaseUrl;

/// The statements that undo a script's settings; cursors and prepared statements may be the
/// program's.
const RESET: [&str; 2] = ["SET SESSION AUTHORIZATION DEFAULT", "RESET ALL"];

/// The settings of a session, and whether it is in a transaction: only then is the transaction
/// older than its statement.
const ASKED: &str = "SELECT current_setting('server_version'), version(), \
                     current_setting('standard_conforming_strings'), \
                     now() <> statement_timestamp()";

struct Postgres<'c> {
    client: &'c mut Client,
    status: Status,
    engine: Engine,
    version: String,
}

impl Lend for Client {
    fn lend(&mut self, _wait: std::time::Duration) -> Result<Lent<'_>, DatabaseError> {
        let mut connection = Postgres {
            client: self,
            status: Status::new(Dialect::Postgres),
            engine: Engine::Postgres,
            version: String::new(),
        };
        let rows = connection.query(ASKED)?;
        let mut values = rows.into_iter().flatten().map(Option::unwrap_or_default);
        let mut next = || values.next().unwrap_or_default();
        let (version, whole, strings, is_older) = (next(), next(), next(), next());
        if is_older == "t" {
            return Err(SqlFault::new(IN_TRANSACTION).into());
        }
        if whole.contains("CockroachDB") {
            connection.engine = Engine::CockroachDb;
        } else if version.contains("-YB-") {
            connection.engine = Engine::YugabyteDb;
        }
        version.split_whitespace().next().unwrap_or_default().clone_into(&mut connection.version);
        if strings == "off" {
            connection.execute("SET standard_conforming_strings = on")?;
        }
        let url =
            DatabaseUrl::parse("postgres:///").map_err(|error| SqlFault::new(error.to_string()))?;
        Ok(Lent { connection: Box::new(connection), url })
    }
}

impl Postgres<'_> {
    fn ask(&mut self, statement: &str) -> Result<Vec<SimpleQueryMessage>, DatabaseError> {
        let answer = self.client.simple_query(statement);
        let answer = answer.map_err(|error| failed(&error, statement))?;
        self.status.follow(statement);
        Ok(answer)
    }
}

fn failed(error: &::postgres::Error, statement: &str) -> DatabaseError {
    let Some(told) = error.as_db_error() else {
        let url = "postgres:".to_owned();
        let cause = error.source().map(|cause| format!(": {cause}"));
        let reason = format!("{error}{}", cause.unwrap_or_default());
        return DatabaseError::Lost { url, reason, is_told: false };
    };
    let error = server_error(told);
    let (_, offset) = fault::locate(&[statement], 0, error.position);
    let offset = offset.or_else(|| error.data_offset(statement));
    error.fault(offset).into()
}

fn server_error(error: &DbError) -> ServerError {
    let text = |value: Option<&str>| value.map(str::to_owned);
    ServerError {
        code: error.code().code().to_owned(),
        message: error.message().to_owned(),
        detail: text(error.detail()),
        hint: text(error.hint()),
        position: match error.position() {
            Some(ErrorPosition::Original(position)) => Some(*position),
            Some(ErrorPosition::Internal { .. }) | None => None,
        },
        context: text(error.where_()),
        table: text(error.table()),
        ..ServerError::default()
    }
}

impl Connection for Postgres<'_> {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn describe(&self) -> String {
        format!("{} {}, a connection of the program", self.engine.name(), self.version)
    }

    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        let Some((command, data)) = inline_data(statement, Dialect::Postgres) else {
            return self.ask(statement).map(drop);
        };
        let copied = self.client.copy_in(command).and_then(|mut writer| {
            // An error in the data is reported at their end.
            let _result = writer.write_all(data.as_bytes());
            writer.finish()
        });
        copied.map(drop).map_err(|error| failed(&error, statement))
    }

    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        let changed = self.ask(statement)?.into_iter().rev().find_map(|message| {
            if let SimpleQueryMessage::CommandComplete(rows) = message { Some(rows) } else { None }
        });
        Ok(changed.unwrap_or_default())
    }

    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let row = |message| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        };
        Ok(self.ask(statement)?.into_iter().filter_map(row).collect())
    }

    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError> {
        Ok(!self.query(&catalog::table_query(name))?.is_empty())
    }

    fn in_transaction(&self) -> bool {
        self.status.in_transaction
    }

    fn reset(&mut self) -> Result<(), DatabaseError> {
        self.rollback()?;
        RESET.iter().try_for_each(|statement| self.execute(statement))
    }
}
