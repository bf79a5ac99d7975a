//! The backfills of a schema, as scripts use them: those that have no effect, that were tried on no
//! row, and that the server refuses.

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::generate::Planned;
use crate::autogenerate::hints::Hints;
use crate::autogenerate::proof::{Culprit, Fault, Rowless};
use crate::autogenerate::script::Step;
use crate::autogenerate::trial::Refused;
use crate::catalog::Id;
use crate::place::Place;

/// Warns of backfills of columns that change, but take no value from them.
pub(super) fn idle(hints: &Hints, steps: &[Step]) -> Vec<String> {
    let is_idle = |(id, text): &(&Id, &String)| {
        steps.iter().any(|step| step.serves.contains(id)) && !is_used(id, text, steps)
    };
    let warning = |(id, _): (&Id, &String)| {
        let (column, at) = (shown(id), told_at(id, hints));
        format!("the backfill of `{column}` has no effect{at}: the change needs no values")
    };
    hints.backfills.iter().filter(is_idle).map(warning).collect()
}

/// Warns of backfills that put other values in place of those that rows have.
pub(super) fn anew(hints: &Hints, steps: &[Step]) -> Vec<String> {
    let is_it = |(id, text): &(&Id, &String)| {
        let using = format!("USING ({text})");
        let mut own = steps.iter().filter(|step| step.serves.contains(id));
        own.any(|step| step.statements.iter().any(|sql| sql.contains(&using)))
    };
    let warning = |(id, text): (&Id, &String)| {
        let (column, at) = (shown(id), told_at(id, hints));
        format!("the backfill of `{column}` replaces all its values by `{text}`{at}")
    };
    hints.backfills.iter().filter(is_it).map(warning).collect()
}

/// Returns the place of a hint in words, behind what is said of it.
fn told_at(id: &Id, hints: &Hints) -> String {
    let Some(place) = place_of(id, hints) else { return String::new() };
    let file = place.file.file_name().unwrap_or_default().to_string_lossy();
    format!(" (the hint at {file}:{}:{})", place.line, place.column)
}

/// Finds the place of the hint that fills a column. One that inherits it has none of its own.
fn place_of<'h>(id: &Id, hints: &'h Hints) -> Option<&'h Place> {
    let text = hints.backfills.get(id);
    let is_source = |it: &&Id| it.name == id.name && hints.backfills.get(*it) == text;
    let source = || hints.places.iter().find(|(it, _)| is_source(it)).map(|(_, place)| place);
    hints.places.get(id).or_else(source)
}

/// Warns of backfills that were tried on no row.
pub(super) fn untried(rowless: &[Rowless], hints: &Hints, steps: &[Step]) -> Vec<String> {
    let is_it = |it: &&Rowless| {
        hints.backfills.get(&it.column).is_some_and(|text| is_used(&it.column, text, steps))
    };
    let warning = |Rowless { column, reason }: &Rowless| {
        format!("the backfill of `{}` was tried on no row: {reason}", shown(column))
    };
    rowless.iter().filter(is_it).map(warning).collect()
}

/// Tells whether a statement has the expression that fills a column.
fn is_used(id: &Id, text: &str, steps: &[Step]) -> bool {
    let mut own = steps.iter().filter(|step| step.serves.contains(id));
    own.any(|step| step.statements.iter().any(|sql| sql.contains(text)))
}

fn shown(id: &Id) -> String {
    [&id.place(), id.name.as_str()].concat()
}

/// Tells why no script was found, by the fault of the first: a backfill's has the place of its hint.
pub(super) fn unproven(
    direction: &'static str,
    first: Option<(Fault, Planned)>,
    hints: &Hints,
) -> AutogenerateError {
    let Some((fault, planned)) = first else {
        let (problem, script) = Default::default();
        return AutogenerateError::Unproven { direction, problem, script };
    };
    let refused = |id: &Id, problem: String| {
        let place = place_of(id, hints).cloned().map(Box::new);
        AutogenerateError::Backfill { place, problem }
    };
    match fault.culprit {
        Some(Culprit::Backfill(id)) => return refused(&id, fault.problem),
        Some(Culprit::Statement(it)) => {
            if let Some(id) = backfill_of(&it, &planned.plan.steps, hints) {
                return refused(id, reason_of(&it, id, &planned.plan.circles));
            }
        }
        None => {}
    }
    AutogenerateError::Unproven { direction, problem: fault.problem, script: planned.script }
}

/// Says why the statement with a backfill fails: the column can have to wait for what it names, and the
/// other way round.
fn reason_of(it: &Refused, id: &Id, circles: &[(Id, Id)]) -> String {
    let (column, Refused { reason, statement, .. }) = (shown(id), it);
    match circles.iter().find(|(fill, _)| fill == id).map(|(_, named)| shown(named)) {
        Some(named) => format!(
            "the backfill of `{column}` names `{named}`, which waits for `{column}` in turn"
        ),
        None => format!(
            "the statement with the backfill of `{column}` fails: {reason}, in `{statement}`"
        ),
    }
}

/// Finds the column whose backfill is at fault if a statement fails; none if it may be another part of the
/// statement.
fn backfill_of<'h>(refused: &Refused, steps: &[Step], hints: &'h Hints) -> Option<&'h Id> {
    let is_it = |sql: &String| sql.trim() == refused.statement.trim();
    let mut own = steps.iter().filter(|step| step.statements.iter().any(is_it));
    let step = own.next()?;
    let is_own = |(id, text): &(&Id, &String)| step.serves.contains(id) && is_at(refused, text);
    let mut all = hints.backfills.iter().filter(is_own);
    let (id, _) = all.next()?;
    all.next().is_none().then_some(id)
}

/// Tells whether a statement fails at an expression in it, or right behind it; anywhere if its server
/// doesn't say where.
fn is_at(Refused { statement, offset, .. }: &Refused, expression: &str) -> bool {
    let is_part = |it: char| it.is_alphanumeric() || ['_', '$', '"', '\'', '.'].contains(&it);
    statement.match_indices(expression).any(|(start, _)| {
        let end = start + expression.len();
        let before = statement.get(..start).unwrap_or_default();
        let after = statement.get(end..).unwrap_or_default();
        let next = end + (after.len() - after.trim_start().len());
        let is_whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        is_whole && offset.is_none_or(|at| (start..=next).contains(&at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, at: Option<&str>, expression: &str, expected: bool) {
        let offset = at.map(|it| statement.find(it).unwrap());
        let (statement, reason) = (statement.to_owned(), String::new());
        assert_eq!(is_at(&Refused { statement, offset, reason }, expression), expected);
    }

    #[test]
    fn a_fault_is_that_of_an_expression_where_the_server_says_so() {
        let update = "UPDATE t SET k = n + 1, l = nope WHERE l IS NULL";
        check(update, Some("nope"), "nope", true);
        check(update, Some("nope"), "n + 1", false);
        check(update, Some("WHERE"), "nope", true);
        check(update, None, "n + 1", true);
        check(update, None, "1", true);
        check(update, None, "op", false);
        check("UPDATE t SET k = 10", None, "1", false);
    }
}
