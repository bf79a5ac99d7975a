//! Conversions from other errors.

use crate::autogenerate::AutogenerateError;
use crate::error::Error;
use crate::inspect::InspectError;
use crate::runner::{Failure, RunError};

impl From<AutogenerateError> for Error {
    fn from(error: AutogenerateError) -> Self {
        if let AutogenerateError::Database(error)
        | AutogenerateError::Inspect(InspectError::Database(error)) = error
        {
            return Self::Database(error);
        }
        Self::Autogenerate(Box::new(error))
    }
}

impl From<InspectError> for Error {
    fn from(error: InspectError) -> Self {
        AutogenerateError::from(error).into()
    }
}

impl From<Box<RunError>> for Error {
    fn from(error: Box<RunError>) -> Self {
        Self::Run(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Database(error) => Self::Database(error),
            Failure::Ledger(error) => Self::Ledger(error),
            Failure::Revision(error) => Self::Revision(error),
            Failure::Statement { .. }
            | Failure::Commit { .. }
            | Failure::Undecided { .. }
            | Failure::Step { .. }
            | Failure::ForeignKeys { .. }
            | Failure::Bookkeeping { .. } => Self::Run(Box::new(RunError::before(failure))),
        }
    }
}
