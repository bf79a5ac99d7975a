//! The order of columns that are filled: a value is there when an expression of the user names it.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::actions::{Actions, Verb};
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::plan::rules::names_any;
use crate::autogenerate::ddl::postgres::plan::sort::sort;
use crate::catalog::{Id, Kind};

/// Finds the pairs of actions of which the first has to come before the second: a column is filled
/// before those go that the expression names, and after those are filled.
pub(super) fn edges(
    actions: &Actions<'_>,
    sides: &Sides<'_>,
    fates: &Fates<'_>,
) -> BTreeSet<(usize, usize)> {
    let (mut res, mut fills) = (BTreeSet::new(), BTreeSet::new());
    for (id, expression) in sides.how.backfills {
        let Some(table) = id.owner.as_ref() else { continue };
        let at = actions.at(Verb::Create, id).or_else(|| actions.at(Verb::Alter, id));
        let Some(at) = at else { continue };
        let table = Id { schema: id.schema.clone(), ..Id::table(table) };
        let all = [sides.from, sides.to].map(|it| it.parts(Kind::Column, &table));
        let is_named = |id: &&Id| {
            let column = sides.from.get(id).or_else(|| sides.to.get(id));
            column.is_some_and(|it| names_any(expression, &[it]))
        };
        let others = all.into_iter().flatten().map(|it| &it.id).filter(|it| *it != id);
        for other in others.filter(is_named) {
            if fates.dropped.contains(other) {
                res.extend(actions.killer(other, fates).map(|killer| (at, killer)));
                continue;
            }
            let made = actions.at(Verb::Create, other);
            let filled = actions.at(Verb::Alter, other).filter(|at| fills_rows(actions, *at));
            fills.extend(made.or(filled).filter(|it| *it != at).map(|it| (it, at)));
        }
    }
    // Columns that are filled from each other have no order.
    let is_possible = sort((0..actions.list.len()).collect(), &fills).is_ok();
    res.extend(fills.into_iter().filter(|_| is_possible));
    res
}

fn fills_rows(actions: &Actions<'_>, at: usize) -> bool {
    let mut all = actions.list.get(at).into_iter().flat_map(|it| &it.step.statements);
    all.any(|it| it.starts_with("UPDATE "))
}
