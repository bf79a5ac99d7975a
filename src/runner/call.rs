//! A revision that is a program's code.

use crate::database::{DatabaseError, SqlFault};
use crate::place::Place;
use crate::runner::{Failure, Run, Stop};
use crate::script::{StepError, Text, Transaction, Unit};

impl Run<'_> {
    /// Calls the program's code for a unit in the open transaction, which is from then on no longer
    /// a single message.
    pub(super) fn call(&mut self, unit: usize) -> Result<(), Stop> {
        let Some(found) = self.unit(unit) else { return Ok(()) };
        let code = self.setting.steps.get(&found.revision);
        let Some(work) = code.and_then(|code| code.work(found.operation)) else { return Ok(()) };
        self.heed()?;
        let mut transaction = Transaction::new(&mut *self.connection);
        let result = work(&mut transaction);
        let last = transaction.into_last();
        let result = result.and_then(|()| {
            let fault = || DatabaseError::from(SqlFault::new("the step ended its transaction"));
            if self.is_lost() { Err(fault().into()) } else { Ok(()) }
        });
        Ok(result.map_err(|cause| failure(found, last, cause))?)
    }
}

/// Makes the failure of a step; errors of the database keep their kind, so that they are retried
/// where that can help.
fn failure(unit: &Unit, statement: String, cause: StepError) -> Failure {
    match cause.downcast::<DatabaseError>() {
        Ok(cause) => {
            let text = unit.source.open();
            let text = text.as_ref().map_or("", Text::as_str);
            let place = Box::new(Place::at(unit.source.file(), text, 1, 1));
            Failure::Statement { place, statement, cause: *cause }
        }
        Err(cause) => Failure::Step { revision: unit.revision.clone(), cause },
    }
}
