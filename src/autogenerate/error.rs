//! The reasons why no revision can be generated.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::inspect::InspectError;
use crate::place::Place;
use crate::sql::SplitError;

/// The reason why no revision can be generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AutogenerateError {
    /// A scratch database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A schema can't be read.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// The file or folder of the desired schema doesn't exist or can't be read.
    #[error("can't read the schema `{path}`")]
    Read {
        /// The path of the file or folder.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The desired schema can't be split into statements.
    #[error("{problem}")]
    Split {
        place: Box<Place>,
        /// The reason why it can't be split.
        problem: SplitError,
    },
    /// A statement of the desired schema fails.
    #[error("{cause}")]
    Statement { place: Box<Place>, cause: DatabaseError },
    /// A statement does not belong in a schema.
    #[error("{what} has no place in a schema")]
    NotInSchema {
        place: Box<Place>,
        /// The effect of the statement, in words.
        what: &'static str,
    },
    /// A revision reaches beyond the scratch database on which it would be replayed.
    #[error("revision `{revision}` {what}, so it can't be replayed on a scratch database")]
    Unreplayable {
        revision: String,
        /// The effect of the statement, in words.
        what: &'static str,
    },
    /// A hint can't be understood.
    #[error("the hint can't be followed: {problem}")]
    Hint {
        place: Box<Place>,
        /// The reason why it can't be understood.
        problem: &'static str,
    },
    /// The object of a rename doesn't exist.
    #[error("`{old}` can't be renamed to `{new}`: {problem}")]
    Rename {
        /// The place of the hint, unless it is on the command line.
        place: Option<Box<Place>>,
        old: String,
        new: String,
        /// The reason why it can't be renamed.
        problem: &'static str,
    },
    /// The database refuses a rename that the schema asks for, as of a column called `rowid`.
    #[error("{database} refuses `{statement}`: {reason}")]
    Refused { database: &'static str, statement: String, reason: String },
    /// The generated script didn't lead to the schema.
    #[error("no script could be found that is proven to work; the {direction} script {problem}")]
    Unproven {
        /// The direction: `up` or `down`.
        direction: &'static str,
        /// The difference that remained.
        problem: String,
        script: String,
    },
    /// Steps would lose data, and that is refused.
    #[error("destructive steps are refused: {}", steps.join("; "))]
    Destructive { steps: Vec<String> },
}

impl AutogenerateError {
    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        if let Self::Split { place, .. }
        | Self::Statement { place, .. }
        | Self::NotInSchema { place, .. }
        | Self::Hint { place, .. } = self
        {
            Some(place)
        } else if let Self::Rename { place, .. } = self {
            place.as_deref()
        } else {
            None
        }
    }
}
