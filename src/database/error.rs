//! What a database, or the way to it, can answer with.

use std::time::Duration;

use thiserror::Error;

use crate::duration::shown;

/// Why a database didn't do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// This program was built without the driver.
    #[error("this build has no driver for `{url}`: the feature `{feature}` is missing")]
    NoDriver {
        /// The URL, without its password.
        url: String,
        /// The Cargo feature.
        feature: &'static str,
    },
    /// The database can't be opened.
    #[error("can't open database `{url}`: {reason}")]
    Open {
        /// The URL, without its password.
        url: String,
        /// Why.
        reason: String,
    },
    /// Another process holds the database for longer than we wait.
    #[error(
        "database `{url}` is locked by {}{}",
        holder.as_deref().unwrap_or("another process"), after(*waited)
    )]
    Locked {
        /// The URL, without its password.
        url: String,
        /// How long we waited.
        waited: Duration,
        /// Which process, if the system tells.
        holder: Option<String>,
    },
    /// The connection is gone, and with it the answer to what was asked.
    #[error("the connection to `{url}` was lost: {reason}")]
    Lost {
        /// The URL, without its password.
        url: String,
        /// What the system or the server says.
        reason: String,
        /// Whether it was the server that ended the connection, and said so in place of the answer to
        /// what had failed: nothing that came after it was run.
        is_told: bool,
    },
    /// The lock that makes others wait is not ours any more.
    #[error("the lock on `{url}` was lost (is there a proxy that pools transactions?)")]
    LockLost {
        /// The URL, without its password.
        url: String,
    },
    /// A lock was asked for that locks nothing on this kind of server.
    #[error("`lock = \"{lock}\"` locks nothing on {engine}")]
    NoSuchLock {
        /// What was asked for.
        lock: &'static str,
        /// The kind of server.
        engine: &'static str,
    },
    /// Nothing can be written to the database, whatever it is.
    #[error("database `{url}` can't be written to: {reason}")]
    ReadOnly {
        /// The URL, without its password.
        url: String,
        /// Why.
        reason: String,
        /// The database's answer.
        fault: Box<SqlFault>,
    },
    /// Somebody asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The database refused a statement.
    #[error(transparent)]
    Sql(Box<SqlFault>),
}

/// A statement that the database refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
#[non_exhaustive]
pub struct SqlFault {
    /// The database's own message.
    pub message: String,
    /// The database's own code, e.g. `SQLITE_CONSTRAINT_UNIQUE (2067)`.
    pub code: Option<String>,
    /// The byte of the statement that the database points at.
    pub offset: Option<usize>,
    /// What the database adds: PostgreSQL's DETAIL.
    pub detail: Option<String>,
    /// What the database advises: PostgreSQL's HINT.
    pub hint: Option<String>,
    /// The table that it is about, if the database says it by itself.
    pub table: Option<String>,
    /// Whether the same may well succeed on another try: a lock timeout, a deadlock, a
    /// serialization failure.
    pub is_transient: bool,
}

/// A list of statements that came to its end too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Which statement failed, from 0; the number of statements if all were done and the end
    /// itself failed.
    pub at: usize,
    /// Why.
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
