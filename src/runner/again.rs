//! Repetitions: statements whose settings a resumed script needs in its new session, and retries.

use crate::runner::{Event, Noted, Origin, Run, Stop};
use crate::script::{Action, Unit};
use crate::sql::{
    Dialect, Effect, Splitter, Statement, assigned_variables, mentions, session_effect,
};

impl Noted {
    /// Runs finished statements again that only set something in the session; no note changes.
    pub(super) fn set_again(
        &mut self,
        run: &mut Run<'_>,
        number: usize,
        statements: &[usize],
    ) -> Result<(), Stop> {
        let (Some(unit), Some(text)) = (run.unit(number), run.text(number)?) else { return Ok(()) };
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
    /// Tells whether a repetition from an action finds the session unchanged: a rollback restores
    /// no temporary table of MySQL, no variable, and nothing prepared.
    pub(super) fn can_begin_anew(&self, start: usize) -> bool {
        let since = self.script.actions.get(start..=self.at).unwrap_or_default();
        since.iter().all(|action| {
            let Action::Execute { unit, first, count } = action else { return true };
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
    let Ok(text) = unit.source.open() else { return true };
    spans.iter().filter(|span| span.leaves_traces).all(|span| {
        let text = text.statement(*span);
        let statement = Splitter::new(&text, unit.source.dialect()).next();
        statement.is_none_or(|statement| statement.is_ok_and(|it| survives_repeating(&it)))
    })
}

/// Tells whether a statement can be repeated in the session, although the effect of the first time
/// is still there.
fn survives_repeating(statement: &Statement<'_>) -> bool {
    let effect = session_effect(statement);
    match statement.dialect {
        Dialect::Sqlite => true,
        // A rollback undoes the rest.
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
