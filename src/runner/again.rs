//! What a script that goes on has set before, set again in its new session.

use crate::runner::batch::Origin;
use crate::runner::{Event, Run, Stop};

impl Run<'_> {
    /// Runs statements again that are done: they only set something in the session. No note is changed
    /// by them.
    pub(super) fn set_again(&mut self, number: usize, statements: &[usize]) -> Result<(), Stop> {
        let (Some(unit), Some(text)) = (self.script.units.get(number), self.text(number)?) else {
            return Ok(());
        };
        for span in statements.iter().filter_map(|at| unit.span(*at)) {
            self.heed()?;
            let place = text.place(span, None);
            (self.observe)(Event::SetAgain { unit, place: &place, statement: text.written(span) });
            let origin = Origin::Statement(number, span);
            self.batch.run_alone(&text.statement(span), origin).map_err(|halt| self.stop(halt))?;
            self.tell_notices();
        }
        Ok(())
    }
}
