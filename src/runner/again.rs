//! What runs again: what a script that goes on has set in another session, and what is tried once more.

use crate::runner::Event;
use crate::runner::course::Origin;
use crate::runner::noted::Noted;
use crate::runner::run::{Run, Stop};
use crate::script::{Action, Unit};
use crate::sql::{
    Dialect, Effect, Splitter, Statement, assigned_variables, mentions, session_effect,
};

impl Noted {
    /// Runs statements again that are done: they only set something in the session. No note is changed
    /// by them.
    pub(super) fn set_again(
        &mut self,
        run: &mut Run<'_>,
        number: usize,
        statements: &[usize],
    ) -> Result<(), Stop> {
        let (Some(unit), Some(text)) = (run.unit(number), run.text(number)?) else {
            return Ok(());
        };
        for span in statements.iter().filter_map(|at| unit.span(*at)) {
            run.heed()?;
            let place = text.place(span, None);
            (run.observe)(Event::SetAgain { unit, place: &place, statement: text.written(span) });
            let statement = text.statement(span);
            self.session.touch(run.connection, &statement, span)?;
            run.execute(&statement, Origin::Statement(number, span))?;
            run.tell_notices();
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Tells whether what runs again from an action on finds the session as it was: a rollback takes back no
    /// temporary table of MySQL, no variable, and nothing that was prepared.
    pub(super) fn can_begin_anew(&self, start: usize) -> bool {
        let since = self.script.actions.get(start..=self.at).unwrap_or_default();
        since.iter().all(|action| {
            let Action::Execute { unit, first, count } = action else {
                return true;
            };
            let unit = self.unit(*unit as usize);
            unit.is_none_or(|unit| is_repeatable(unit, *first, *count))
        })
    }
}

fn is_repeatable(unit: &Unit, first: u32, count: u32) -> bool {
    let spans = unit.spans_of(first, count);
    if !spans.iter().any(|span| span.leaves_traces) {
        return true;
    }
    let Ok(text) = unit.source.open() else {
        return true;
    };
    spans.iter().filter(|span| span.leaves_traces).all(|span| {
        let text = text.statement(*span);
        let statement = Splitter::new(&text, unit.source.dialect()).next();
        statement.is_none_or(|statement| statement.is_ok_and(|it| survives_repeating(&it)))
    })
}

/// Tells whether a statement does the same in the session once more, although what it left there the
/// first time is still there.
fn survives_repeating(statement: &Statement<'_>) -> bool {
    let effect = session_effect(statement);
    match statement.dialect {
        Dialect::Sqlite => true,
        // What else is left the rollback takes back.
        Dialect::Postgres => !matches!(effect, Effect::Prepared { .. }),
        Dialect::MySql => {
            let set = assigned_variables(statement);
            let value = statement.text.split_once('=').map_or("", |(_, value)| value);
            let reads_itself = value.contains("@@") || set.iter().any(|name| mentions(value, name));
            let makes = matches!(effect, Effect::Temporary { .. } | Effect::Cursor { .. });
            !(makes || reads_itself)
        }
    }
}
