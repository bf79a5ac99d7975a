//! The steps between two catalogs. The fate of each object is found by rules; one graph over the
//! server's own dependencies decides the order.

pub(super) mod actions;
mod arrays;
mod count;
mod edges;
mod fates;
pub(super) mod filled;
mod fold;
pub(super) mod quiet;
pub(super) mod rules;
mod sort;
pub(super) mod special;
mod spread;
mod steps;
pub(super) mod tighten;
mod together;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::postgres::follow;
use crate::autogenerate::ddl::postgres::plan::actions::{Action, Actions, Verb, is_quoted};
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::{Effort, How, Plan, Transition};
use crate::autogenerate::hints::Backfills;
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Name};
use crate::config::SqliteVersion;

/// The catalogs before and after, and how to get there.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) from: &'a Catalog,
    pub(super) to: &'a Catalog,
    pub(super) how: &'a How<'a>,
}

/// Plans the steps from one catalog to another; renames are done already.
pub(super) fn plan(
    way: &Transition<'_>,
    renamed: &Catalog,
    how: &How<'_>,
) -> Result<Plan, AutogenerateError> {
    let following = follow::find(renamed, way.to);
    let from = follow::apply(renamed, &following);
    let sides = Sides { from: &from, to: way.to, how };
    let (actions, circles) = match ordered(&sides) {
        // What lets go of something by itself can be in the way of what takes its name.
        Err(AutogenerateError::Circle { .. }) if how.effort == Effort::Small => {
            let how = How { effort: Effort::Tables, ..*how };
            return plan(way, renamed, &how);
        }
        actions => actions?,
    };
    let unfilled = actions.iter().filter(|it| !it.step.fills.is_empty());
    let table = |it: &Action<'_>| -> Option<Name> { it.object.id.own_table().cloned() };
    let unfilled = unfilled.filter_map(table).collect();
    let is_made = |it: &&Action<'_>| it.verb == Verb::Create && it.object.id.kind == Kind::Table;
    let made: Vec<Id> = actions.iter().filter(is_made).map(|it| it.object.id.clone()).collect();
    let mut steps = follow::steps(renamed, &following);
    steps.extend(unread_bodies(&actions, how));
    steps.extend(actions.into_iter().map(|it| it.step));
    let mut tightenings = tighten::tightenings(way, &sides);
    // No row of a table that is made anew is in the way of anything.
    tightenings.retain(|it| it.ids.last().is_none_or(|table| !made.contains(table)));
    Ok(Plan { steps, unfilled, tightenings, circles })
}

/// Lets the bodies of functions name what is made after them, where less didn't work.
fn unread_bodies(actions: &[Action<'_>], how: &How<'_>) -> Option<Step> {
    let is_quoted = |it: &&Action<'_>| it.verb != Verb::Drop && is_quoted(it.object);
    let causes: Vec<Id> = actions.iter().filter(is_quoted).map(|it| it.object.id.clone()).collect();
    let statements = vec!["SET check_function_bodies = off".to_owned()];
    let title = "Let functions name what is made after them".to_owned();
    let is_wanted = how.effort != Effort::Small && !causes.is_empty();
    is_wanted.then(|| Step { causes, title, statements, ..Step::default() })
}

/// The statements of an action that makes something.
pub(super) struct Made {
    /// Whether what is made could act on rows that are inserted.
    pub(super) is_late: bool,
    pub(super) statements: Vec<String>,
}

/// Returns the statements that make everything that can be written, in order.
pub(super) fn from_nothing(catalog: &Catalog) -> Result<Vec<Made>, AutogenerateError> {
    let nothing = Catalog { home: catalog.home.clone(), ..Catalog::default() };
    let mut known = catalog.clone();
    known.objects.retain(|id, _| id.kind != Kind::Opaque);
    let (backfills, version) = (Backfills::new(), SqliteVersion::default());
    let how = How { version, backfills: &backfills, effort: Effort::Small };
    let (actions, _) = ordered(&Sides { from: &nothing, to: &known, how: &how })?;
    let made = actions.into_iter().map(|it| {
        // Every database begins with that schema.
        let there = usize::from(is_public(&it));
        let is_late = it.is_late();
        Made { is_late, statements: it.step.statements.into_iter().skip(there).collect() }
    });
    Ok(made.filter(|it| !it.statements.is_empty()).collect())
}

/// Tells whether an action makes the schema that every database has.
fn is_public(action: &Action<'_>) -> bool {
    let id = &action.object.id;
    id.kind == Kind::Schema && id.name.as_str() == "public"
}

/// Actions in order, and the circles of backfills.
type Ordered<'a> = (Vec<Action<'a>>, Vec<(Id, Id)>);

/// Finds the actions from one catalog to another.
fn ordered<'a>(sides: &Sides<'a>) -> Result<Ordered<'a>, AutogenerateError> {
    let fates = Fates::find(sides)?;
    let mut actions = Actions::find(sides, &fates);
    let mut edges = edges::edges(&actions, sides, &fates);
    let filled = filled::order(&actions, sides, &fates, &edges);
    edges.extend(filled.edges);
    let order = {
        let keys = actions.list.iter().map(Action::key).collect();
        sort::sort(keys, &edges)
    };
    let order = order.map(|order| together::joined(order, &mut actions.list, &edges, sides));
    let mut list: Vec<Option<Action<'a>>> = actions.list.into_iter().map(Some).collect();
    match order {
        Ok(order) => {
            let list = order.into_iter().filter_map(|at| list.get_mut(at).and_then(Option::take));
            Ok((list.collect(), filled.circles))
        }
        Err(circle) => {
            let members = circle.into_iter().filter_map(|at| list.get_mut(at)?.take());
            let titles: Vec<String> = members.take(8).map(|it| it.step.title).collect();
            Err(AutogenerateError::Circle { steps: titles.join("; ") })
        }
    }
}

#[cfg(test)]
mod tests;
