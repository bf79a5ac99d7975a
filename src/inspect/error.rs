//! The reasons why a schema can't be read.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::sql::GrammarError;
use crate::sqlite::Unread;

/// The reason why a schema can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InspectError {
    /// A query of the database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A statement that the database stores can't be parsed.
    #[error("{kind} `{name}` isn't understood: {problem}")]
    Grammar {
        kind: String,
        name: String,
        /// The fault in the statement.
        problem: GrammarError,
    },
    /// The parsed statement differs from the database's own answer.
    #[error("table `{name}` isn't understood: {what} read of it are {read}, and SQLite has {told}")]
    Differs {
        name: String,
        what: &'static str,
        read: String,
        /// The value that the database reports.
        told: String,
    },
    #[error("`{name}` is a {kind}, which isn't known")]
    UnknownKind { kind: String, name: String },
    /// The kind of database isn't supported yet.
    #[error("schemas of {database} can't be read yet")]
    NotYet { database: &'static str },
}

impl From<Unread> for InspectError {
    fn from(unread: Unread) -> Self {
        let Unread { kind, name, problem } = unread;
        Self::Grammar { kind: kind.to_string(), name, problem }
    }
}
