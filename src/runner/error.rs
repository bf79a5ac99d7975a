//! The reasons why a run stopped.

use std::path::PathBuf;

use thiserror::Error;

use crate::database::DatabaseError;
use crate::ledger::LedgerError;
use crate::place::Place;
use crate::revision::{RevisionError, RevisionId};
use crate::runner::Done;
use crate::script::{StepError, Unit};

/// The failure of a run; finished revisions stand.
#[derive(Debug, Error)]
#[error("{failure}")]
#[non_exhaustive]
pub struct RunError {
    /// The revisions that were done and committed before.
    pub done: Vec<Done>,
    /// The revision that failed.
    pub failed: Option<Box<Unit>>,
    /// Whether statements of it were rolled back.
    pub rolled_back: bool,
    /// The number of statements that stand, and of all, if the revision ran without a transaction.
    pub progress: Option<(usize, usize)>,
    /// The number of the last statement with changes that couldn't be rolled back: those after the
    /// standing ones are in doubt up to it.
    pub lasting: Option<usize>,
    /// The remains of the failed revision.
    pub standing: Standing,
    /// The cause of the failure; its message is this error's.
    pub failure: Failure,
}

/// The remains of a revision that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing of the revision stands.
    Nothing,
    /// The statements that [`RunError::progress`] counts stand.
    Part,
    /// At least those stand; the outcome of the next one is unknown.
    Unknown,
}

/// The script to blame for a fault that was found at the end of its revision.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Culprit {
    /// The id of the revision.
    pub revision: RevisionId,
    /// The path of the script.
    pub file: PathBuf,
    /// The place of the only statement that can have caused it, if there is just one.
    pub place: Option<Place>,
}

/// The cause that stopped a run.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum Failure {
    /// A statement of a script failed.
    #[error("{cause}")]
    Statement { place: Box<Place>, statement: String, cause: DatabaseError },
    /// Code of the program failed.
    #[error("the step of revision `{revision}` failed: {cause}")]
    Step { revision: RevisionId, cause: StepError },
    /// The connection was lost during a commit, so only the database knows the outcome.
    #[error("the outcome of revision `{revision}` is not known{}: {cause}", behind(*.others))]
    Undecided {
        revision: RevisionId,
        /// The number of later revisions that were under way too; the database may have applied the
        /// first ones of them.
        others: u32,
        cause: DatabaseError,
    },
    /// The database refused the commit of a revision: deferred constraints are violated.
    #[error("the commit of revision `{}` failed: {cause}", culprit.revision)]
    Commit { culprit: Box<Culprit>, cause: DatabaseError },
    /// Foreign keys are violated.
    #[error("foreign keys are violated: {}", violations.join("; "))]
    ForeignKeys {
        /// The script that caused it, if known.
        culprit: Option<Box<Culprit>>,
        violations: Vec<String>,
    },
    /// A script can't be read any more, or was edited after it was checked.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// A statement of the bookkeeping failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The version table can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The bookkeeping tables can't be evolved to the latest version.
    #[error("can't bring the bookkeeping tables up to date: {reason}")]
    Bookkeeping { reason: String },
}

impl Failure {
    /// Returns the position in a file at which the failure occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Statement { place, .. } => Some(place),
            Self::Revision(error) => error.place(),
            Self::Commit { culprit, .. } | Self::ForeignKeys { culprit: Some(culprit), .. } => {
                culprit.place.as_ref()
            }
            Self::Step { .. }
            | Self::Undecided { .. }
            | Self::ForeignKeys { culprit: None, .. }
            | Self::Database(_)
            | Self::Ledger(_)
            | Self::Bookkeeping { .. } => None,
        }
    }

    /// Returns the script to blame, if the fault was found at its revision's end.
    pub fn culprit(&self) -> Option<&Culprit> {
        if let Self::Commit { culprit, .. } | Self::ForeignKeys { culprit: Some(culprit), .. } =
            self
        {
            Some(culprit)
        } else {
            None
        }
    }
}

impl RunError {
    /// Wraps a failure before anything was done.
    pub fn before(failure: impl Into<Failure>) -> Self {
        let failure = failure.into();
        let (failed, progress, lasting) = (None, None, None);
        let standing = Standing::Nothing;
        Self { done: Vec::new(), failed, rolled_back: false, progress, lasting, standing, failure }
    }
}

fn behind(others: u32) -> String {
    if others == 0 { String::new() } else { format!(", nor that of the {others} after it") }
}
