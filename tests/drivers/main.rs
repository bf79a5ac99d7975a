//! What the drivers of servers promise, against real servers.
#![cfg(all(unix, feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "a test that gets no further has failed")]

mod catalog;
mod certificates;
mod logins;
mod mysql;
mod postgres;
mod revoked;
mod schemas;
mod ways;
mod wire;

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use limbeck::database::{Access, Connection, DatabaseError, Options, SqlFault};
use limbeck::url::DatabaseUrl;

/// A connection to a database of the test's own.
struct Bench {
    connection: Box<dyn Connection>,
    database: servers::Database,
}

impl Bench {
    fn on(database: servers::Database) -> Self {
        Self { connection: open(&database.url()).unwrap(), database }
    }

    /// Connects once more.
    fn other(&self) -> Box<dyn Connection> {
        open(&self.database.url()).unwrap()
    }
}

impl Deref for Bench {
    type Target = dyn Connection;

    fn deref(&self) -> &Self::Target {
        &*self.connection
    }
}

impl DerefMut for Bench {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.connection
    }
}

fn open(url: &str) -> Result<Box<dyn Connection>, DatabaseError> {
    reach(url, Duration::ZERO)
}

fn reach(url: &str, reach: Duration) -> Result<Box<dyn Connection>, DatabaseError> {
    let url = DatabaseUrl::parse(url).unwrap();
    let wait = Duration::from_secs(5);
    let options = Options { warnings: true, reach, ..Options::new(Access::Write, wait) };
    limbeck::database::connect(&url, &options).map(Option::unwrap)
}

/// Returns why a database can't be opened.
#[track_caller]
fn refusal(url: &str) -> String {
    match open(url) {
        Err(DatabaseError::Open { reason, .. }) => reason,
        Err(other) => panic!("another error: {other:?}"),
        Ok(connection) => panic!("it could be opened: {}", connection.describe()),
    }
}

#[track_caller]
fn fault(error: DatabaseError) -> SqlFault {
    match error {
        DatabaseError::Sql(fault) => *fault,
        other => panic!("another error: {other:?}"),
    }
}

#[track_caller]
fn is_lost<T: std::fmt::Debug>(result: Result<T, DatabaseError>) -> String {
    match result {
        Err(DatabaseError::Lost { reason, .. }) => reason,
        other => panic!("not lost: {other:?}"),
    }
}
