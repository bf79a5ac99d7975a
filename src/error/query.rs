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
pub enum QueryError {
    /// The file of statements can't be read.
    #[error("can't read `{}`", path.display())]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The text can't be split into statements; nothing was run.
    #[error("{cause}")]
    Split {
        /// The place of the fault.
        place: Box<Place>,
        /// The reason why the text can't be split.
        cause: SplitError,
    },
    /// The database refused a statement.
    #[error("{cause}")]
    Statement {
        /// The place of the statement.
        place: Box<Place>,
        /// The statement as it is written.
        statement: String,
        /// The error of the database.
        cause: DatabaseError,
        /// The number of earlier statements that are done and stand.
        stand: usize,
        /// Whether an open transaction was rolled back.
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
