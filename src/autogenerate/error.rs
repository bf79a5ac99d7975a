//! The reasons why no revision can be generated.

use thiserror::Error;

use crate::database::DatabaseError;
use crate::inspect::InspectError;
use crate::place::Place;
use crate::sql::{Dialect, SplitError};

/// The reason why no revision can be generated.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AutogenerateError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Inspect(#[from] InspectError),
    #[error("can't read the schema `{path}`")]
    Read {
        /// The path of the file or folder.
        path: String,
        source: std::io::Error,
    },
    #[error("{problem}")]
    Split { place: Box<Place>, problem: SplitError },
    #[error("{cause}")]
    Statement { place: Box<Place>, cause: DatabaseError },
    #[error("{what} has no place in a schema")]
    NotInSchema { place: Box<Place>, what: &'static str },
    #[error("revision `{revision}` {what}, so it can't be run on a scratch database")]
    Unreplayable { revision: String, what: &'static str },
    #[error("the hint can't be followed: {problem}")]
    Hint { place: Box<Place>, problem: &'static str },
    #[error("{problem}")]
    Backfill { place: Option<Box<Place>>, problem: String },
    #[error("`{old}` can't be renamed to `{new}`: {problem}")]
    Rename { place: Option<Box<Place>>, old: String, new: String, problem: String },
    #[error("extension `{name}` can't be created in a scratch database: {reason}")]
    Extension { place: Option<Box<Place>>, name: String, reason: String },
    #[error("{database} refuses `{statement}`: {reason}")]
    Refused { database: &'static str, statement: String, reason: String },
    #[error("no script could be found that is proven to work; the {direction} script {problem}")]
    Unproven {
        /// The direction: `up` or `down`.
        direction: &'static str,
        problem: String,
        script: String,
    },
    #[error("{what} can't be generated; write it by hand in a revision of its own")]
    NoRule {
        /// The change in words.
        what: String,
    },
    #[error("no order was found for these steps, which wait for each other: {steps}")]
    Circle {
        /// The titles of the steps.
        steps: String,
    },
    #[error("role `{role}` may not create databases on `{url}`, and a scratch database is needed")]
    NoScratch {
        dialect: Dialect,
        role: String,
        url: String,
        /// The version of the server, as far as it counts: `17`, `10.11`.
        version: String,
    },
    #[error("`scratch` is the database of the project itself: `{url}`")]
    ScratchIsTarget { url: String },
    #[error("`scratch` is a server of version {scratch}, and the database is on one of {target}")]
    ScratchVersion { dialect: Dialect, scratch: String, target: String },
    #[error("`scratch` is `{scratch}`, which is no server for scratch databases of `{target}`")]
    ScratchKind { scratch: String, target: String },
    #[error("destructive steps are refused: {}", steps.join("; "))]
    Destructive { steps: Vec<String> },
}

impl AutogenerateError {
    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Split { place, .. }
            | Self::Statement { place, .. }
            | Self::NotInSchema { place, .. }
            | Self::Hint { place, .. } => Some(place),
            Self::Backfill { place, .. }
            | Self::Rename { place, .. }
            | Self::Extension { place, .. } => place.as_deref(),
            Self::Database(_)
            | Self::Inspect(_)
            | Self::Read { .. }
            | Self::Unreplayable { .. }
            | Self::Refused { .. }
            | Self::Unproven { .. }
            | Self::NoRule { .. }
            | Self::Circle { .. }
            | Self::NoScratch { .. }
            | Self::ScratchIsTarget { .. }
            | Self::ScratchVersion { .. }
            | Self::ScratchKind { .. }
            | Self::Destructive { .. } => None,
        }
    }
}
