//! The reasons why a schema can't be read.

use thiserror::Error;

use crate::catalog::Kind;
use crate::database::DatabaseError;
use crate::sql::GrammarError;
use crate::sqlite::Unread;

/// The reason why a schema can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum InspectError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("{kind} `{name}` isn't understood: {problem}")]
    Grammar { kind: String, name: String, problem: GrammarError },
    #[error("table `{name}` isn't understood: {what} read of it are {read}, and SQLite has {told}")]
    Differs { name: String, what: &'static str, read: String, told: String },
    #[error("`{name}` is a {kind}, which isn't known")]
    UnknownKind { kind: String, name: String },
    #[error("{kind} `{name}` isn't text in UTF-8: a default of a binary column may not be")]
    NotText { kind: Kind, name: String },
    #[error("the text of {kind} `{name}` is shown to its definer alone")]
    NoRight { kind: Kind, name: String },
    #[error("the schema can't be written: {reason}")]
    Unwritable { reason: String },
    #[error("schemas of {database} can't be read yet")]
    NotYet { database: &'static str },
}

impl From<Unread> for InspectError {
    fn from(unread: Unread) -> Self {
        let Unread { kind, name, problem } = unread;
        Self::Grammar { kind: kind.to_string(), name, problem }
    }
}
