//! What the drivers of servers promise, against servers that run already.
//!
//! `LIMBECK_TEST_POSTGRES_URL` and `LIMBECK_TEST_MYSQL_URL` name them; without one its tests have
//! nothing to ask.
#![cfg(any(feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "a test that gets no further has failed")]
#![expect(clippy::disallowed_methods, reason = "the environment says where the servers are")]

#[cfg(feature = "mysql")]
#[path = "drivers/mysql.rs"]
mod mysql;
#[cfg(feature = "postgres")]
#[path = "drivers/postgres.rs"]
mod postgres;

use std::time::Duration;

use limbeck::database::{Access, Connection, DatabaseError, Options, SqlFault};
use limbeck::url::DatabaseUrl;

fn options() -> Options {
    Options { warnings: true, ..Options::new(Access::Write, Duration::from_secs(5)) }
}

/// Connects to the server that a variable names.
fn connect(variable: &str) -> Option<Box<dyn Connection>> {
    let url = std::env::var(variable).ok()?;
    Some(open(&url, &options()).unwrap())
}

fn open(url: &str, options: &Options) -> Result<Box<dyn Connection>, DatabaseError> {
    let url = DatabaseUrl::parse(url).unwrap();
    limbeck::database::connect(&url, options).map(Option::unwrap)
}

#[track_caller]
fn fault(error: DatabaseError) -> SqlFault {
    match error {
        DatabaseError::Sql(fault) => *fault,
        other => panic!("another error: {other:?}"),
    }
}
