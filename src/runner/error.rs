//! Why a run stopped.

use std::path::PathBuf;

use thiserror::Error;

use crate::database::DatabaseError;
use crate::ledger::LedgerError;
use crate::place::Place;
use crate::revision::{RevisionError, RevisionId};
use crate::runner::Done;
use crate::script::{StepError, Unit};

/// A run that stopped; what is done stands, the rest does not.
#[derive(Debug, Error)]
#[error("{failure}")]
#[non_exhaustive]
pub struct RunError {
    /// What was done and committed before.
    pub done: Vec<Done>,
    /// The revision whose turn it was.
    pub failed: Option<Box<Unit>>,
    /// Whether statements of it were rolled back.
    pub rolled_back: bool,
    /// How many of its statements stand and how many it has, if it ran without a transaction.
    pub progress: Option<(usize, usize)>,
    /// The last of its statements, counted from 1, of whose changes some couldn't be rolled back: those
    /// after the ones that stand are in doubt up to it.
    pub lasting: Option<usize>,
    /// What stands of the revision whose turn it was.
    pub standing: Standing,
    /// What happened; its message is this error's.
    pub failure: Failure,
}

/// What stands of a revision that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing.
    Nothing,
    /// The statements that [`RunError::progress`] counts.
    Part,
    /// Those at least, and what became of the next one isn't known.
    Unknown,
}

/// The script that is to blame for what was found at the end of its revision.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Culprit {
    /// The revision.
    pub revision: RevisionId,
    /// The script.
    pub file: PathBuf,
    /// Where the only statement stands that can have done it, if there is but one.
    pub place: Option<Place>,
}

/// What stopped a run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Failure {
    /// A statement of a script failed.
    #[error("{cause}")]
    Statement {
        /// Where the statement stands.
        place: Box<Place>,
        /// The statement as it is written.
        statement: String,
        /// The database's answer.
        cause: DatabaseError,
    },
    /// The program's code failed.
    #[error("the step of revision `{revision}` failed: {cause}")]
    Step {
        /// The revision.
        revision: RevisionId,
        /// What the code says.
        cause: StepError,
    },
    /// The connection was lost while a revision was being committed: only the database knows.
    #[error("the outcome of revision `{revision}` is not known{}: {cause}", behind(*.others))]
    Undecided {
        /// The revision.
        revision: RevisionId,
        /// How many of those after it were on their way as well; the database may have applied
        /// any of them for which it has applied all that come before.
        others: u32,
        /// How the connection was lost.
        cause: DatabaseError,
    },
    /// The database refused the commit of a revision: constraints that wait until then are broken.
    #[error("the commit of revision `{}` failed: {cause}", culprit.revision)]
    Commit {
        /// Whose script did it.
        culprit: Box<Culprit>,
        /// The database's answer.
        cause: DatabaseError,
    },
    /// Rows are left that refer to nothing.
    #[error("foreign keys are broken: {}", violations.join("; "))]
    ForeignKeys {
        /// Whose script did it.
        culprit: Option<Box<Culprit>>,
        /// A text for each new violation, the first few.
        violations: Vec<String>,
    },
    /// A script can't be read any more, or was edited after it had been checked.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The bookkeeping failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The version table can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The bookkeeping tables can't be brought up to date.
    #[error("can't bring the bookkeeping tables up to date: {reason}")]
    Bookkeeping {
        /// What refinery says.
        reason: String,
    },
}

impl Failure {
    /// Returns the place that the failure is about, if it is one.
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

    /// Returns the script that the failure is the fault of, where it was found at the revision's end.
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
    /// Wraps what failed before anything was done.
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
