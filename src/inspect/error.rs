//! Why a schema can't be read.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::sqlite::{GrammarError, Unread};

/// Why a schema can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InspectError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A statement that the database keeps isn't understood.
    #[error("{kind} `{name}` isn't understood: {problem}")]
    Grammar {
        /// The kind of object.
        kind: String,
        /// Its name.
        name: String,
        /// What isn't.
        problem: GrammarError,
    },
    /// What was read of a statement isn't what the database says of it.
    #[error("table `{name}` isn't understood: {what} read of it are {read}, and SQLite has {told}")]
    Differs {
        /// The table.
        name: String,
        /// What differs.
        what: &'static str,
        /// What was read.
        read: String,
        /// What the database says.
        told: String,
    },
    /// A kind of object that isn't known.
    #[error("`{name}` is a {kind}, which isn't known")]
    UnknownKind {
        /// The kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// A kind of database that isn't read yet.
    #[error("schemas of {database} can't be read yet")]
    NotYet {
        /// The kind.
        database: &'static str,
    },
}

impl From<Unread> for InspectError {
    fn from(unread: Unread) -> Self {
        let Unread { kind, name, problem } = unread;
        Self::Grammar { kind: kind.to_string(), name, problem }
    }
}
