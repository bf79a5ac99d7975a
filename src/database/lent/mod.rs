//! Connections that a program owns and lends for a while.
//!
//! A run restores the settings of a lent session that it changes when the loan ends.

#[cfg(feature = "mysql-client")]
mod mysql;
#[cfg(feature = "postgres-client")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(any(feature = "postgres-client", feature = "mysql-client"))]
mod status;

use std::time::Duration;

use crate::database::{Connection, DatabaseError};
use crate::url::DatabaseUrl;

#[cfg(feature = "sqlite")]
pub(super) use sqlite::Handle;

/// A connection that a program holds: [`rusqlite::Connection`](https://docs.rs/rusqlite),
/// `postgres::Client` with the feature `postgres-client`, `mysql::Conn` with the feature `mysql-client`.
///
/// It may not be in a transaction. While it is lent, its session is used as one of our own: timeouts
/// and modes are set, and set back at the end. On PostgreSQL what a script set with `SET` is undone
/// by `RESET ALL`, which takes what the program had set, too. On SQLite the program's authorizer,
/// if it has set one, is gone afterwards.
pub trait Lend {
    /// Lends the connection; `wait` is how long another writer is waited for.
    fn lend(&mut self, wait: Duration) -> Result<Lent<'_>, DatabaseError>;
}

/// A connection lent by a program.
pub struct Lent<'c> {
    pub(crate) connection: Box<dyn Connection + 'c>,
    /// A placeholder for the URL, which is not known: enough for messages.
    pub(crate) url: DatabaseUrl,
}

impl std::fmt::Debug for Lent<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lent({})", self.connection.describe())
    }
}

/// The refusal of a connection that is in a transaction.
#[cfg(any(feature = "sqlite", feature = "postgres-client", feature = "mysql-client"))]
const IN_TRANSACTION: &str =
    "the connection is in a transaction, and a migration has to open its own";
