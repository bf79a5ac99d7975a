//! The errors of a database, or of the connection to it.

use std::time::Duration;

use thiserror::Error;

use crate::duration::shown;

/// The reason why a database didn't do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum DatabaseError {
    /// This program was built without the driver.
    #[error("this build has no driver for `{url}`: the feature `{feature}` is missing")]
    NoDriver { url: String, feature: &'static str },
    /// The database can't be opened.
    #[error("can't open database `{url}`: {reason}")]
    Open {
        url: String,
        /// The reason in the words of the system or the server.
        reason: String,
    },
    /// Another process held the database for longer than the timeout.
    #[error(
        "database `{url}` is locked by {}{}",
        holder.as_deref().unwrap_or("another process"), after(*waited)
    )]
    Locked {
        url: String,
        waited: Duration,
        /// The process that holds it, if the system tells.
        holder: Option<String>,
    },
    /// The connection was lost, and with it the answer to a statement.
    #[error("the connection to `{url}` was lost: {reason}")]
    Lost {
        url: String,
        /// The reason in the words of the system or the server.
        reason: String,
        /// Whether the server announced the end of the connection in place of an answer: nothing
        /// after that point was run.
        is_told: bool,
    },
    /// The lock that keeps other runs out was lost.
    #[error("the lock on `{url}` was lost (is there a proxy that pools transactions?)")]
    LockLost { url: String },
    /// The configured kind of lock locks nothing on this engine.
    #[error("`lock = \"{lock}\"` locks nothing on {engine}")]
    NoSuchLock { lock: &'static str, engine: &'static str },
    /// The database is read-only for every statement.
    #[error("database `{url}` can't be written to: {reason}")]
    ReadOnly { url: String, reason: String, fault: Box<SqlFault> },
    /// The user asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The database refused a statement.
    #[error(transparent)]
    Sql(Box<SqlFault>),
}

/// A refusal of a statement by the database.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct SqlFault {
    /// The message of the database.
    pub message: String,
    /// The code of the error, e.g. `SQLITE_CONSTRAINT_UNIQUE (2067)`.
    pub code: Option<String>,
    /// The position in the statement that the database reports, in bytes.
    pub offset: Option<usize>,
    /// The details that the database adds: PostgreSQL's DETAIL.
    pub detail: Option<String>,
    /// The advice of the database: PostgreSQL's HINT.
    pub hint: Option<String>,
    /// The table concerned, if the database reports it separately.
    pub table: Option<String>,
    /// Whether a retry may well succeed: after a lock timeout, a deadlock, a serialization failure.
    pub is_transient: bool,
}

/// The failure of a list of statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The index of the failed statement; the number of statements if all were done and the end
    /// itself failed.
    pub at: usize,
    /// The error of the failed statement.
    pub cause: DatabaseError,
}

fn after(waited: Duration) -> String {
    if waited.is_zero() { String::new() } else { format!("; waited {} for it", shown(waited)) }
}

impl SqlFault {
    /// Makes a fault that has only a message.
    pub fn new(message: impl Into<String>) -> Self {
        let (code, offset, detail, hint, table) = (None, None, None, None, None);
        let message = message.into();
        Self { message, code, offset, detail, hint, table, is_transient: false }
    }
}

impl From<SqlFault> for DatabaseError {
    fn from(fault: SqlFault) -> Self {
        Self::Sql(Box::new(fault))
    }
}
