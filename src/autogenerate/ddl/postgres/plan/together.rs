//! Columns of a table that get other types in one statement, which rewrites the table once.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::postgres::names::owner;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::actions::{Action, Verb};
use crate::autogenerate::script::Step;
use crate::catalog::Kind;

/// Joins changes of types with earlier ones of the same table where nothing has to come between; returns
/// the order of the actions that are left.
pub(super) fn joined(
    mut order: Vec<usize>,
    list: &mut [Action<'_>],
    edges: &BTreeSet<(usize, usize)>,
    sides: &Sides<'_>,
) -> Vec<usize> {
    let mut at = 0;
    while let Some(one) = order.get(at).copied() {
        at += 1;
        let Some(head) = list.get(one).and_then(|it| head(it, sides)) else { continue };
        let (mut before, mut next) = (vec![one], at);
        while let Some(other) = order.get(next).copied() {
            let is_like =
                list.get(other).and_then(|it| self::head(it, sides)).as_ref() == Some(&head);
            let is_like = is_like && list.get(one).map(loses) == list.get(other).map(loses);
            if is_like && before.iter().all(|it| !edges.contains(&(*it, other))) {
                order.remove(next);
                let step = list.get_mut(other).map(|it| std::mem::take(&mut it.step));
                if let Some((it, step)) = list.get_mut(one).zip(step) {
                    join(&mut it.step, step, &head);
                }
            } else {
                next += 1;
            }
            before.push(other);
        }
    }
    order
}

/// Tells whether an action loses values: nobody can tell which of several does.
fn loses(action: &Action<'_>) -> bool {
    !action.step.destructive.is_empty()
}

/// Returns the beginning of the statement by which an action gives a column another type, if that is its
/// first and has no values that the user has told.
fn head(action: &Action<'_>, sides: &Sides<'_>) -> Option<String> {
    let id = &action.object.id;
    let is_change = action.verb == Verb::Alter && id.kind == Kind::Column;
    if !is_change || sides.how.backfills.contains_key(id) {
        return None;
    }
    let head = format!("ALTER TABLE {} ALTER COLUMN ", owner(sides.to, id));
    let first = action.step.statements.first()?;
    (first.starts_with(&head) && first.contains(" TYPE ")).then_some(head)
}

/// Adds what a step does to another one.
fn join(one: &mut Step, other: Step, head: &str) {
    let mut statements = other.statements.into_iter();
    let first = statements.next();
    let clauses = first.as_deref().and_then(|it| it.strip_prefix(head)).unwrap_or_default();
    if let Some(sql) = one.statements.first_mut() {
        sql.push_str(", ALTER COLUMN ");
        sql.push_str(clauses);
    }
    one.statements.extend(statements);
    let title = other.title.strip_prefix("Change ").unwrap_or(&other.title);
    one.title = format!("{}; {title}", one.title);
    one.serves.extend(other.serves);
    one.causes.extend(other.causes);
    one.takes.extend(other.takes);
    one.notices.extend(other.notices);
    one.destructive.extend(other.destructive);
    one.fails.extend(other.fails);
    one.fills.extend(other.fills);
    for note in other.notes {
        if !one.notes.contains(&note) {
            one.notes.push(note);
        }
    }
}
