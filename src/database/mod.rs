//! Connections: the only way to a database.
//!
//! There is one trait, and a driver for each protocol. A driver handles statements and rows of
//! text, not their meaning.

mod engine;
mod error;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod identify;
mod interrupt;
mod lent;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod reach;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod socket;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod tls;
mod value;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use crate::sql::Dialect;
use crate::url::{DatabaseUrl, Family};

pub use engine::{Engine, NativeLock};
pub use error::{DatabaseError, SqlFault, Stopped};
pub use interrupt::Interrupter;
pub use lent::{Lend, Lent};
pub use value::{Answer, Column, Value};

/// A row of a result with every value as text; none for NULL.
pub type Row = Vec<Option<String>>;

/// Reads the values of a row.
pub(crate) trait Values {
    /// Returns a value; an empty text for NULL.
    fn text(&self, at: usize) -> &str;

    /// Tells whether a value is a yes, however a server writes it.
    fn flag(&self, at: usize) -> bool {
        ["1", "t", "true", "on", "yes"].iter().any(|yes| self.text(at).eq_ignore_ascii_case(yes))
    }
}

impl Values for [Option<String>] {
    fn text(&self, at: usize) -> &str {
        self.get(at).and_then(Option::as_deref).unwrap_or_default()
    }
}

/// A callback that receives each row of a result.
pub type Each<'a> = &'a mut dyn FnMut(&[Option<Cow<'_, str>>]);

/// The state of waiting for another process that holds the database.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The time waited so far.
    pub waited: Duration,
    /// The process that holds it, if the system tells.
    pub holder: Option<String>,
}

/// The tables that statements may have changed, as far as that can be known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// The tables whose rows or shape may have changed, in lower case.
    pub tables: BTreeSet<String>,
    /// The tables among these that were created or dropped.
    pub made: BTreeSet<String>,
    /// Whether one of those may have foreign keys.
    pub refers: bool,
    /// Whether any table may have changed, since the statements can't be analyzed.
    pub everything: bool,
}

/// The kind of access that a connection needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing is written, and no file is created.
    Read,
    /// The database may be written, and a missing file is created.
    Write,
}

/// The settings of a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The kind of access needed.
    pub access: Access,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// How long to wait for a server that doesn't answer yet; zero for one try.
    pub reach: Duration,
    /// Whether warnings are fetched where that costs a round trip (MySQL).
    pub warnings: bool,
}

impl Options {
    /// Makes options with the settings that every connection needs.
    pub fn new(access: Access, wait: Duration) -> Self {
        Self { access, wait, reach: Duration::ZERO, warnings: false }
    }
}

/// A message that a server sends beside its answer: a NOTICE, a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// The severity as the server names it: `NOTICE`, `WARNING`.
    pub severity: String,
    /// The text of the message.
    pub message: String,
    /// The code that the server gives.
    pub code: String,
}

/// Messages that are sent before earlier ones are answered.
///
/// A failed message doesn't hold back those sent after it: each has to check for itself that it
/// must do nothing. All answers have to be received before any other use of the connection.
pub trait Pipeline {
    /// Sends statements as one message, and doesn't wait for the answer.
    fn post(&mut self, statements: Vec<String>);

    /// Waits for the answer to the oldest unanswered message; none if there is none.
    fn receive(&mut self) -> Option<Result<(), Stopped>>;
}

/// A connection to a database.
pub trait Connection {
    /// Returns the kind of database, as it identifies itself.
    fn engine(&self) -> Engine;

    /// Returns the dialect that the database understands.
    fn dialect(&self) -> Dialect {
        self.engine().dialect()
    }

    /// Describes the server and the connection in a line: its version, and how it is encrypted.
    fn describe(&self) -> String;

    /// Runs exactly one statement; any rows are discarded.
    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError>;

    /// Runs a statement of this program that is repeated for each revision.
    fn execute_often(&mut self, statement: &'static str) -> Result<(), DatabaseError> {
        self.execute(statement)
    }

    /// Runs statements one after the other, in as few round trips as the protocol allows; the
    /// first that fails ends it.
    fn execute_all(&mut self, statements: &[&str]) -> Result<(), Stopped> {
        for (at, statement) in statements.iter().enumerate() {
            self.execute(statement).map_err(|cause| Stopped { at, cause })?;
        }
        Ok(())
    }

    /// Tells whether [`Connection::execute_all`] sends all of its statements in one message.
    fn sends_together(&self) -> bool {
        false
    }

    /// Returns the interface for sending messages ahead of answers, if the driver has one.
    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        None
    }

    /// Runs exactly one statement and returns how many rows it changed.
    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError>;

    /// Returns the messages that the server sent since the last call.
    fn take_notices(&mut self) -> Vec<Notice> {
        Vec::new()
    }

    /// Runs exactly one statement and returns its rows.
    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError>;

    /// Runs exactly one statement and returns the single value of its result; none for NULL or no
    /// row.
    fn value(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        Ok(self.query(statement)?.into_iter().flatten().next().flatten())
    }

    /// Runs exactly one statement and passes each row to a callback.
    fn query_each(&mut self, statement: &str, each: Each<'_>) -> Result<(), DatabaseError> {
        for row in self.query(statement)? {
            let values: Vec<Option<Cow<'_, str>>> =
                row.iter().map(|value| value.as_deref().map(Cow::Borrowed)).collect();
            each(&values);
        }
        Ok(())
    }

    /// Runs exactly one statement and returns what it answers with columns and types: an answer for
    /// each set of rows, for MySQL's procedures give several, and one if there is none.
    ///
    /// A connection that is lent can't: its client hides the types.
    fn answers(&mut self, _statement: &str) -> Result<Vec<Answer>, DatabaseError> {
        Err(SqlFault::new("a connection that is lent doesn't tell the types of columns").into())
    }

    /// Runs exactly one statement and tells whether its only value is a yes.
    fn is_true(&mut self, statement: &str) -> Result<bool, DatabaseError> {
        Ok(self.query(statement)?.first().is_some_and(|row| row.flag(0)))
    }

    /// Runs exactly one statement and returns the first value of each row, NULL left out.
    fn firsts(&mut self, statement: &str) -> Result<Vec<String>, DatabaseError> {
        let rows = self.query(statement)?.into_iter();
        Ok(rows.filter_map(|row| row.into_iter().next().flatten()).collect())
    }

    /// Tells whether a table or view of that name exists; the name may be qualified.
    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError>;

    /// Tells whether a transaction is open.
    fn in_transaction(&self) -> bool;

    /// Opens a transaction that may write; waits for other writers, and reports the time waited.
    fn begin(&mut self, _waiting: &mut dyn FnMut(&Waiting)) -> Result<(), DatabaseError> {
        let is_mysql = self.dialect() == Dialect::MySql;
        self.execute(if is_mysql { "START TRANSACTION" } else { "BEGIN" })
    }

    /// Commits the open transaction.
    fn commit(&mut self) -> Result<(), DatabaseError> {
        self.execute("COMMIT")
    }

    /// Rolls the open transaction back, if there is one.
    fn rollback(&mut self) -> Result<(), DatabaseError> {
        if self.in_transaction() { self.execute("ROLLBACK") } else { Ok(()) }
    }

    /// Rolls the open transaction back, if there is one, and tells whether changes remain: those of
    /// tables without transactions (MySQL).
    fn take_back(&mut self) -> bool {
        if !self.in_transaction() || self.dialect() != Dialect::MySql {
            // A lost connection rolls back itself.
            let _result = self.rollback();
            return false;
        }
        // The server may have rolled back already, and reports it with the statement.
        let mut stands = warns_of_lasting(self.query("SHOW WARNINGS"));
        if self.rollback().is_ok() {
            stands |= warns_of_lasting(self.query("SHOW WARNINGS"));
        }
        stands
    }

    /// Returns the tables that statements were prepared to change since the last call.
    fn take_touched(&mut self) -> Touched {
        Touched { everything: true, ..Touched::default() }
    }

    /// Prepares the connection for writes that use a part of the file repeatedly: its size in KiB.
    fn expect_writes(&mut self, _kibibytes: usize) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Copies the whole database to a file, which is created or overwritten.
    fn copy_to(&mut self, _file: &Path) -> Result<(), DatabaseError> {
        let engine = self.engine().name();
        Err(SqlFault::new(format!("{engine} is no file that could be copied")).into())
    }

    /// Returns the underlying connection, if the database is SQLite.
    #[cfg(feature = "sqlite")]
    fn sqlite(&self) -> Option<&rusqlite::Connection> {
        None
    }

    /// Starts a new session without any state that scripts left; the session's lock is lost unless
    /// [`Connection::keeps_locks`].
    fn reset(&mut self) -> Result<(), DatabaseError>;

    /// Saves and replaces settings of the session that could break this program's statements, until
    /// [`Connection::put_back`] (MySQL).
    fn put_aside(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Restores the settings that were saved.
    fn put_back(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Tells whether a session lock survives [`Connection::reset`].
    fn keeps_locks(&self) -> bool {
        true
    }

    /// Returns the handle with which another thread can stop this connection.
    fn interrupter(&self) -> Interrupter {
        Interrupter::new(|| {})
    }

    /// Returns a number that changes when another connection has written; none if the database has
    /// no such counter.
    fn change_counter(&mut self) -> Result<Option<i64>, DatabaseError> {
        Ok(None)
    }
}

/// Tells whether a warning says that changes couldn't be rolled back.
fn warns_of_lasting(warnings: Result<Vec<Row>, DatabaseError>) -> bool {
    warnings.is_ok_and(|rows| rows.iter().any(|row| row.text(1) == "1196"))
}

/// Makes a SQLite database in memory that is gone with the connection.
///
/// Functions and collations that it doesn't know, because only an application has them, are stubs
/// there: [`Connection::take_notices`] tells which.
pub fn scratch() -> Result<Box<dyn Connection>, DatabaseError> {
    #[cfg(feature = "sqlite")]
    return sqlite::scratch();
    #[cfg(not(feature = "sqlite"))]
    Err(DatabaseError::NoDriver { url: "sqlite::memory:".to_owned(), feature: "sqlite" })
}

/// Makes a database as [`scratch`] does, with all that another one of SQLite holds.
pub fn scratch_like(of: &dyn Connection) -> Result<Box<dyn Connection>, DatabaseError> {
    #[cfg(feature = "sqlite")]
    if let Some(of) = of.sqlite() {
        return sqlite::scratch_like(of);
    }
    Err(SqlFault::new(format!("{} is not copied into memory", of.engine().name())).into())
}

/// Connects to a database; `None` if it is only to be read and doesn't exist yet.
#[cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "mysql")),
    expect(unused_variables, reason = "they are for drivers, and none is built in")
)]
pub fn connect(
    url: &DatabaseUrl,
    options: &Options,
) -> Result<Option<Box<dyn Connection>>, DatabaseError> {
    let feature = match url {
        #[cfg(feature = "sqlite")]
        DatabaseUrl::Sqlite(_) => return sqlite::open(url, options.access, options.wait),
        #[cfg(not(feature = "sqlite"))]
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Server(server) => match server.scheme.family() {
            #[cfg(feature = "postgres")]
            Family::Postgres => return postgres::open(server, options).map(Some),
            #[cfg(not(feature = "postgres"))]
            Family::Postgres => "postgres",
            #[cfg(feature = "mysql")]
            Family::Mysql => return mysql::open(server, options).map(Some),
            #[cfg(not(feature = "mysql"))]
            Family::Mysql => "mysql",
            Family::Sqlite => "sqlite",
        },
    };
    Err(DatabaseError::NoDriver { url: url.to_string(), feature })
}
