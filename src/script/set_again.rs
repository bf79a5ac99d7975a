//! The finished statements that run again for their effect on the session, for previews.

use crate::place::Place;
use crate::revision::RevisionError;
use crate::script::{Action, Script};

/// A finished statement that runs again, for its effect on the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAgain {
    /// The place of the statement in its script.
    pub place: Place,
    /// The statement as it is written.
    pub statement: String,
}

impl Script {
    /// Returns the statements that run again, for their effect on the session.
    pub fn set_again(&self) -> Result<Vec<SetAgain>, RevisionError> {
        let mut res = Vec::new();
        for action in &self.actions {
            let Action::SetAgain { unit, statements } = action else { continue };
            let Some(unit) = self.units.get(*unit) else { continue };
            let text = unit.source.open()?;
            res.extend(statements.iter().filter_map(|at| unit.span(*at)).map(|span| SetAgain {
                place: text.place(span, None),
                statement: text.written(span).to_owned(),
            }));
        }
        Ok(res)
    }
}
