//! What other errors become.

use crate::autogenerate::AutogenerateError;
use crate::error::Error;
use crate::inspect::InspectError;

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
