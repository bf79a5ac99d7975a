//! Why statements that a user gave could not be run.

use std::path::PathBuf;

use crate::database::DatabaseError;
use crate::error::kind::database_kind;
use crate::error::{Error, ErrorKind};
use crate::place::Place;
use crate::sql::SplitError;

/// Why statements that a user gave could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// Their file can't be read.
    #[error("can't read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// They can't be told from each other; nothing was run.
    #[error("{cause}")]
    Split {
        /// Where.
        place: Box<Place>,
        /// Why.
        cause: SplitError,
    },
    /// The database refused one.
    #[error("{cause}")]
    Statement {
        /// Where.
        place: Box<Place>,
        /// The statement as it is written.
        statement: String,
        /// The database's answer.
        cause: DatabaseError,
        /// How many statements before it are done, and stand.
        stand: usize,
        /// Whether an open transaction was rolled back.
        rolled_back: bool,
    },
    /// They may change a protected database.
    #[error("the environment is protected, and statements may change its database")]
    Protected,
}

impl QueryError {
    /// Returns the kind.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } => ErrorKind::Io,
            Self::Split { .. } => ErrorKind::Sql,
            Self::Statement { cause, .. } => database_kind(cause),
            Self::Protected => ErrorKind::Protected,
        }
    }

    /// Returns the statement that was refused.
    pub fn statement(&self) -> Option<&str> {
        if let Self::Statement { statement, .. } = self { Some(statement) } else { None }
    }

    /// Returns the place that the error is about, if it is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Split { place, .. } | Self::Statement { place, .. } => Some(place),
            Self::Read { .. } | Self::Protected => None,
        }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::Query(Box::new(error))
    }
}
