//! A revision that is code of the program.

use crate::database::{DatabaseError, SqlFault};
use crate::place::Place;
use crate::runner::Failure;
use crate::runner::run::{Run, Stop};
use crate::script::{StepError, Text, Transaction, Unit};

impl Run<'_> {
    /// Calls the program's code of a unit, inside the transaction that is open and from here on is not one
    /// message any more.
    pub(super) fn call(&mut self, unit: usize) -> Result<(), Stop> {
        let Some(found) = self.unit(unit) else {
            return Ok(());
        };
        let code = self.setting.steps.get(&found.revision);
        let Some(work) = code.and_then(|code| code.work(found.operation)) else {
            return Ok(());
        };
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

/// What the database refused is told as such, so that it is tried again where that can help.
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
