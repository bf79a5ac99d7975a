//! PostgreSQL and compatible servers.
//!
//! Only simple queries are sent: they work through any pooling proxy, leave no prepared statement
//! behind, and several statements go in one message.

mod answer;
mod array;
pub(super) mod catalog;
mod columns;
mod connect;
pub(super) mod fault;
mod login;
mod message;
mod pipeline;
mod wire;

use std::collections::{HashMap, VecDeque};

use crate::database::postgres::answer::{AnswerError, RawAnswer};
use crate::database::postgres::columns::Foreign;
use crate::database::postgres::connect::Reached;
use crate::database::postgres::login::Session;
use crate::database::postgres::message::{begins, fitting};
use crate::database::postgres::pipeline::Posted;
use crate::database::postgres::wire::Wire;
use crate::database::{
    Answer as Typed, Connection, DatabaseError, Engine, Interrupter, Notice, Options, Pipeline,
    Row, SqlFault, Stopped,
};
use crate::url::ServerUrl;

/// The reset of a session; DISCARD ALL would release the advisory locks too.
const RESET: &str = "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; \
                     UNLISTEN *; DISCARD PLANS; DISCARD TEMP; DISCARD SEQUENCES";

/// The part of the reset that CockroachDB supports.
const RESET_COCKROACH: &str = "RESET ALL; DEALLOCATE ALL";

struct Postgres {
    wire: Wire,
    /// The reason why the connection is lost, if it is.
    lost: Option<String>,
    /// The transaction status: `I` for none, `T`, or `E` for a failed one.
    status: u8,
    session: Session,
    /// The unanswered messages, oldest first.
    posted: VecDeque<Posted>,
    url: String,
    engine: Engine,
    version: String,
    encryption: String,
    interrupter: Interrupter,
    /// The types that were looked up.
    types: HashMap<u32, Foreign>,
}

pub(super) fn open(
    url: &ServerUrl,
    options: &Options,
) -> Result<Box<dyn Connection>, DatabaseError> {
    let Reached { wire, session, encryption, canceler } = connect::reach(url, options.reach)?;
    let (engine, version) = identify(&session.parameters);
    let mut connection = Postgres {
        wire,
        lost: None,
        status: b'I',
        session,
        posted: VecDeque::new(),
        url: url.to_string(),
        engine,
        version,
        encryption,
        interrupter: Interrupter::new(move || canceler.cancel()),
        types: HashMap::new(),
    };
    connection.set_up()?;
    Ok(Box::new(connection))
}

/// Identifies the engine by the parameters that the server reported.
fn identify(parameters: &HashMap<String, String>) -> (Engine, String) {
    if let Some(own) = parameters.get("crdb_version") {
        let number = own.split_whitespace().find(|word| word.starts_with('v'));
        return (Engine::CockroachDb, number.unwrap_or_default().to_owned());
    }
    let version = parameters.get("server_version").map_or("", String::as_str);
    let engine = if version.contains("-YB-") { Engine::YugabyteDb } else { Engine::Postgres };
    (engine, version.split_whitespace().next().unwrap_or_default().to_owned())
}

impl Connection for Postgres {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn describe(&self) -> String {
        format!("{} {}, {}", self.engine.name(), self.version, self.encryption)
    }

    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.run(&[statement], false).map(drop).map_err(|stopped| stopped.cause)
    }

    fn execute_all(&mut self, statements: &[&str]) -> Result<(), Stopped> {
        let mut at = 0;
        while at < statements.len() {
            let rest = &statements[at..];
            let count = if self.in_transaction() || begins(rest[0]) { fitting(rest) } else { 1 };
            let run = self.run(&rest[..count], false);
            run.map_err(|stopped| Stopped { at: at + stopped.at, cause: stopped.cause })?;
            at += count;
        }
        Ok(())
    }

    fn sends_together(&self) -> bool {
        true
    }

    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        Some(self)
    }

    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        let answer = self.run(&[statement], false).map_err(|stopped| stopped.cause)?;
        Ok(answer.changed())
    }

    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        let answer = self.run(&[statement], true).map_err(|stopped| stopped.cause)?;
        Ok(answer.rows)
    }

    fn answers(&mut self, statement: &str) -> Result<Vec<Typed>, DatabaseError> {
        let answer = self.run(&[statement], true).map_err(|stopped| stopped.cause)?;
        let described = answer.described.as_ref().map(columns::read).unwrap_or_default();
        let unknown = columns::foreign(&described, &self.types);
        self.learn(&unknown)?;
        let (columns, rows) = columns::typed(&described, answer.rows, &self.types);
        Ok(vec![Typed { columns, rows, changed: columns::changed(&answer.tag) }])
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.session.notices)
    }

    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError> {
        Ok(!self.query(&catalog::table_query(name))?.is_empty())
    }

    fn in_transaction(&self) -> bool {
        self.lost.is_none() && matches!(self.status, b'T' | b'E')
    }

    fn reset(&mut self) -> Result<(), DatabaseError> {
        self.rollback()?;
        let all = if self.engine == Engine::CockroachDb { RESET_COCKROACH } else { RESET };
        let answer = self.ask(all, false);
        answer.error.map_or(Ok(()), |error| Err(self.cause(error, None)))?;
        self.set_up()
    }

    fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }
}

impl Postgres {
    /// Checks that backslashes in strings have the meaning by which scripts are parsed; the server
    /// reports it unasked.
    fn set_up(&mut self) -> Result<(), DatabaseError> {
        let setting = self.session.parameters.get("standard_conforming_strings");
        let is_off = setting.is_some_and(|value| value == "off");
        if is_off { self.execute("SET standard_conforming_strings = on") } else { Ok(()) }
    }

    /// Looks up types that are defined in the database.
    fn learn(&mut self, oids: &[u32]) -> Result<(), DatabaseError> {
        if oids.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = oids.iter().map(ToString::to_string).collect();
        let query = format!(
            "SELECT oid, pg_catalog.format_type(oid, NULL), typcategory = 'A' \
             FROM pg_catalog.pg_type WHERE oid IN ({})",
            list.join(", ")
        );
        for row in self.query(&query)? {
            if let [Some(oid), Some(name), Some(is_array)] = row.as_slice()
                && let Ok(oid) = oid.parse()
            {
                let is_array = is_array == "t";
                self.types.insert(oid, Foreign { name: name.clone(), is_array });
            }
        }
        Ok(())
    }

    /// Sends statements in one message and receives the whole answer.
    fn run(&mut self, statements: &[&str], keep: bool) -> Result<RawAnswer, Stopped> {
        let answer = self.ask(&fault::join(statements), keep);
        self.conclude(statements, answer)
    }

    /// Interprets the answer to a message for its statements.
    fn conclude<T: AsRef<str>>(
        &mut self,
        statements: &[T],
        mut answer: RawAnswer,
    ) -> Result<RawAnswer, Stopped> {
        let Some(error) = answer.error.take() else {
            return if answer.completed > statements.len() {
                let (found, known) = (answer.completed, statements.len());
                let text = format!("the server found {found} statements where we know of {known}");
                Err(Stopped { at: known.saturating_sub(1), cause: SqlFault::new(text).into() })
            } else {
                Ok(answer)
            };
        };
        let position = match &error {
            AnswerError::Server(error) => error.position,
            AnswerError::Copy | AnswerError::Lost(_) | AnswerError::Unsent(_) => None,
        };
        let (at, offset) = fault::locate(statements, answer.completed, position);
        let offset = offset.or_else(|| match (&error, statements.get(at)) {
            (AnswerError::Server(error), Some(text)) => error.data_offset(text.as_ref()),
            _ => None,
        });
        Err(Stopped { at, cause: self.cause(error, offset) })
    }

    fn cause(&self, error: AnswerError, offset: Option<usize>) -> DatabaseError {
        let lost = |reason, is_told| {
            let url = self.url.clone();
            DatabaseError::Lost { url, reason, is_told }
        };
        match error {
            AnswerError::Server(error) if error.is_fatal() => {
                lost(error.message.clone(), error.is_told())
            }
            AnswerError::Server(error)
                if error.code == "57014" && self.interrupter.is_interrupted() =>
            {
                DatabaseError::Interrupted
            }
            AnswerError::Server(error) => error.fault(offset).into(),
            AnswerError::Copy => SqlFault::new(
                "COPY from or to the client is not possible here: there is nobody to send the data",
            )
            .into(),
            AnswerError::Unsent(reason) => SqlFault::new(reason).into(),
            AnswerError::Lost(reason) => lost(reason, false),
        }
    }
}

impl Drop for Postgres {
    /// Says goodbye: otherwise the server may log an aborted client.
    fn drop(&mut self) {
        if self.lost.is_none() {
            drop(self.wire.leave());
        }
    }
}
