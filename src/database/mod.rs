//! Connections: the only way to a database.
//!
//! One trait, a driver each. It knows statements and rows of text; what they mean is not its
//! business.

mod engine;
mod error;
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
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod voice;

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

/// A row, every value as text; none for NULL.
pub type Row = Vec<Option<String>>;

/// Returns a value of a row; nothing for NULL.
pub(crate) fn text_at(row: &[Option<String>], at: usize) -> &str {
    row.get(at).and_then(Option::as_deref).unwrap_or_default()
}

/// What is shown a row.
pub type Each<'a> = &'a mut dyn FnMut(&[Option<Cow<'_, str>>]);

/// Another process that holds the database, and is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// How long already.
    pub waited: Duration,
    /// Which process, if the system tells.
    pub holder: Option<String>,
}

/// What was changed, as far as it can be told beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// The tables whose rows or shape may have changed, in lower case.
    pub tables: BTreeSet<String>,
    /// Those of them that were made or dropped.
    pub made: BTreeSet<String>,
    /// Whether one of those may refer to others.
    pub refers: bool,
    /// Whether anything may have changed, for it can't be told.
    pub everything: bool,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing is written, nothing is created.
    Read,
    /// What isn't there is created.
    Write,
}

/// How to connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What the connection is for.
    pub access: Access,
    /// How long another writer is waited for.
    pub wait: Duration,
    /// How long a server that doesn't answer yet is waited for; zero for one try.
    pub reach: Duration,
    /// Whether warnings are fetched where that costs a round trip (MySQL).
    pub warnings: bool,
}

impl Options {
    /// Takes what every connection needs to be told.
    pub fn new(access: Access, wait: Duration) -> Self {
        Self { access, wait, reach: Duration::ZERO, warnings: false }
    }
}

/// What a server says beside its answer: a NOTICE, a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notice {
    /// `NOTICE`, `WARNING` and the like, as the server names it.
    pub severity: String,
    /// The message.
    pub message: String,
    /// The server's code.
    pub code: String,
}

/// Messages that are sent before earlier ones are answered.
///
/// A failed message doesn't hold back those that were sent behind it: they have to find out for
/// themselves that they must do nothing. All answers are to be taken before the connection is used
/// in another way.
pub trait Pipeline {
    /// Sends statements as one message, and doesn't wait for the answer.
    fn post(&mut self, statements: Vec<String>);

    /// Waits for the answer to the oldest message that has none yet; none if there is no such.
    fn receive(&mut self) -> Option<Result<(), Stopped>>;
}

/// A connection to a database.
pub trait Connection {
    /// Returns what kind of database it is, as it says itself.
    fn engine(&self) -> Engine;

    /// Returns the dialect that the database understands.
    fn dialect(&self) -> Dialect {
        self.engine().dialect()
    }

    /// Describes the server and the way to it in a line: its version, and how it is encrypted.
    fn describe(&self) -> String;

    /// Runs exactly one statement; rows that it returns are thrown away.
    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError>;

    /// Runs a statement of ours that is run for each revision.
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

    /// Returns the way to send messages before earlier ones are answered, if there is one.
    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        None
    }

    /// Runs exactly one statement and returns how many rows it changed.
    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError>;

    /// Returns what the server has said beside its answers since the last time.
    fn take_notices(&mut self) -> Vec<Notice> {
        Vec::new()
    }

    /// Runs exactly one statement and returns its rows.
    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError>;

    /// Runs exactly one statement and returns the only value of its answer; none for NULL or no row.
    fn value(&mut self, statement: &str) -> Result<Option<String>, DatabaseError> {
        Ok(self.query(statement)?.into_iter().flatten().next().flatten())
    }

    /// Runs exactly one statement and shows its rows, one after the other.
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

    /// Tells whether a table or a view of that name exists; a schema's name may go before.
    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError>;

    /// Tells whether a transaction is open.
    fn in_transaction(&self) -> bool;

    /// Opens a transaction that may write; waits for others that do, and tells how long already.
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

    /// Rolls the open transaction back, if there is one, and tells whether something of it stands all
    /// the same: changes of tables that have no transactions (MySQL).
    fn take_back(&mut self) -> bool {
        if !self.in_transaction() || self.dialect() != Dialect::MySql {
            // A lost connection rolls back itself.
            let _result = self.rollback();
            return false;
        }
        // The server may have rolled it back by itself, and then says so of the statement.
        let mut stands = warns_of_lasting(self.query("SHOW WARNINGS"));
        if self.rollback().is_ok() {
            stands |= warns_of_lasting(self.query("SHOW WARNINGS"));
        }
        stands
    }

    /// Returns the tables that statements were prepared to change since the last time.
    fn take_touched(&mut self) -> Touched {
        Touched { everything: true, ..Touched::default() }
    }

    /// Makes ready for statements that write to a database of so many revisions.
    fn expect_writes(&mut self, _revisions: usize) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Copies the whole database to a file, which is made or replaced.
    fn copy_to(&mut self, _file: &Path) -> Result<(), DatabaseError> {
        let engine = self.engine().name();
        Err(SqlFault::new(format!("{engine} is no file that could be copied")).into())
    }

    /// Returns the connection itself, if it is one to SQLite.
    #[cfg(feature = "sqlite")]
    fn sqlite(&self) -> Option<&rusqlite::Connection> {
        None
    }

    /// Begins a new session, without anything that scripts left behind in this one; a lock of the
    /// session is gone with it where [`Connection::keeps_locks`] says so.
    fn reset(&mut self) -> Result<(), DatabaseError>;

    /// Puts the settings of the session aside that statements of ours could break on, until
    /// [`Connection::put_back`] (MySQL).
    fn put_aside(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Gives the session the settings back that were put aside.
    fn put_back(&mut self) -> Result<(), DatabaseError> {
        Ok(())
    }

    /// Tells whether a lock of the session outlives [`Connection::reset`].
    fn keeps_locks(&self) -> bool {
        true
    }

    /// Returns what another thread can stop the work of this connection with.
    fn interrupter(&self) -> Interrupter {
        Interrupter::new(|| {})
    }

    /// Returns a number that changes when another connection has written; none if there is no
    /// such number.
    fn change_counter(&mut self) -> Result<Option<i64>, DatabaseError> {
        Ok(None)
    }
}

/// Tells whether the server warns that changes couldn't be rolled back.
fn warns_of_lasting(warnings: Result<Vec<Row>, DatabaseError>) -> bool {
    warnings.is_ok_and(|rows| rows.iter().any(|row| text_at(row, 1) == "1196"))
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
