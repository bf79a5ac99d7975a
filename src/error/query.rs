//! The reasons why statements given by the user could not be run.

use std::path::PathBuf;

use crate::database::DatabaseError;
use crate::error::kind::database_kind;
use crate::error::{Error, ErrorKind};
use crate::place::Place;
use crate::sql::SplitError;

/// The reason why statements given by the user could not be run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum QueryError {
    /// The file of statements can't be read.
    #[error("can't read `{}`", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// The text can't be split into statements; nothing was run.
    #[error("{cause}")]
    Split { place: Box<Place>, cause: SplitError },
    /// The database refused a statement.
    #[error("{cause}")]
    Statement {
        place: Box<Place>,
        statement: String,
        cause: DatabaseError,
        stand: usize,
        rolled_back: bool,
    },
    /// The statements may change a protected database.
    #[error("the environment is protected, and statements may change its database")]
    Protected,
}

impl QueryError {
    /// Returns the category of the error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Read { .. } => ErrorKind::Io,
            Self::Split { .. } => ErrorKind::Sql,
            Self::Statement { cause, .. } => database_kind(cause),
            Self::Protected => ErrorKind::Protected,
        }
    }

    /// Returns the statement that was refused, if one was.
    pub fn statement(&self) -> Option<&str> {
        if let Self::Statement { statement, .. } = self { Some(statement) } else { None }
    }

    /// Returns the position in the text at which the error occurred, if there is one.
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
