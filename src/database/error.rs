//! What a database, or the way to it, can answer with.

use std::time::Duration;

use thiserror::Error;

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
pub struct SqlFault {
    /// The database's own message.
    pub message: String,
    /// The database's own code, e.g. `SQLITE_CONSTRAINT_UNIQUE (2067)`.
    pub code: Option<String>,
    /// The byte of the statement that the database points at.
    pub offset: Option<usize>,
}

fn after(waited: Duration) -> String {
    if waited.is_zero() { String::new() } else { format!(", which has held it for {waited:?}") }
}

impl SqlFault {
    /// Makes a fault that has only a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), code: None, offset: None }
    }
}

impl From<SqlFault> for DatabaseError {
    fn from(fault: SqlFault) -> Self {
        Self::Sql(Box::new(fault))
    }
}
