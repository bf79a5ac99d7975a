//! Why no revision can be generated.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::inspect::InspectError;
use crate::place::Place;
use crate::sql::SplitError;

/// Why no revision can be generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AutogenerateError {
    /// A scratch database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A schema can't be read.
    #[error(transparent)]
    Inspect(#[from] InspectError),
    /// The file or folder of the desired schema isn't there or can't be read.
    #[error("can't read the schema `{path}`")]
    Read {
        /// The path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The desired schema can't be split into statements.
    #[error("{problem}")]
    Split {
        /// Where.
        place: Box<Place>,
        /// Why.
        problem: SplitError,
    },
    /// A statement of the desired schema fails.
    #[error("{cause}")]
    Statement {
        /// Where.
        place: Box<Place>,
        /// Why.
        cause: DatabaseError,
    },
    /// A statement that a schema can't hold.
    #[error("{what} has no place in a schema")]
    NotInSchema {
        /// Where.
        place: Box<Place>,
        /// What it does.
        what: &'static str,
    },
    /// A revision reaches out of the scratch database that it would be replayed on.
    #[error("revision `{revision}` {what}, so it can't be replayed on a scratch database")]
    Unreplayable {
        /// The revision.
        revision: String,
        /// What it does.
        what: &'static str,
    },
    /// A hint can't be understood.
    #[error("the hint can't be followed: {problem}")]
    Hint {
        /// Where.
        place: Box<Place>,
        /// Why.
        problem: &'static str,
    },
    /// What is to be renamed isn't there.
    #[error("`{old}` can't be renamed to `{new}`: {problem}")]
    Rename {
        /// Where it says so, unless on the command line.
        place: Option<Box<Place>>,
        /// The old name.
        old: String,
        /// The new name.
        new: String,
        /// Why.
        problem: &'static str,
    },
    /// The database refuses a rename that the schema asks for, as of a column called `rowid`.
    #[error("{database} refuses `{statement}`: {reason}")]
    Refused {
        /// The kind of database.
        database: &'static str,
        /// The statement.
        statement: String,
        /// What the database says.
        reason: String,
    },
    /// What was generated didn't lead where it should.
    #[error("no script could be found that is proven to work; the {direction} script {problem}")]
    Unproven {
        /// `up` or `down`.
        direction: &'static str,
        /// What is wrong.
        problem: String,
        /// The script.
        script: String,
    },
    /// Steps lose data, and that is refused.
    #[error("destructive steps are refused: {}", steps.join("; "))]
    Destructive {
        /// The steps.
        steps: Vec<String>,
    },
}

impl AutogenerateError {
    /// Returns the place that it is about.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Split { place, .. }
            | Self::Statement { place, .. }
            | Self::NotInSchema { place, .. }
            | Self::Hint { place, .. } => Some(place),
            Self::Rename { place, .. } => place.as_deref(),
            Self::Database(_)
            | Self::Inspect(_)
            | Self::Read { .. }
            | Self::Unreplayable { .. }
            | Self::Refused { .. }
            | Self::Unproven { .. }
            | Self::Destructive { .. } => None,
        }
    }
}
