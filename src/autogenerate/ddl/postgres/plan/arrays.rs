//! Domains of the elements of arrays: the server adds no rule to one while a column holds such arrays, so
//! these are of the type beneath meanwhile.

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::write::table::{alter_column, is_inherited, set_default};
use crate::autogenerate::script::Step;
use crate::catalog::{Id, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::GENERATED;

/// Puts what is needed around a step that adds a rule to a domain.
pub(super) fn step_aside(step: &mut Step, domain: &Id, sides: &Sides<'_>) {
    let Some(base) = sides.to.get(domain).map(|it| it.written(TYPE)) else { return };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for column in sides.to.of_kind(Kind::Column).filter(|it| holds(it, domain, sides)) {
        let (head, name) = (alter_column(column, sides.to), quoted(column.id.name.as_str()));
        let own = column.written(TYPE);
        let default = Id { kind: Kind::Default, ..column.id.clone() };
        let default = sides.from.get(&default).filter(|it| sides.to.get(&default) == Some(it));
        before.extend(default.map(|_| format!("{head} DROP DEFAULT")));
        before.push(format!("{head} TYPE {base}[] USING {name}::{base}[]"));
        after.push(format!("{head} TYPE {own} USING {name}::{own}"));
        after.extend(default.map(|it| set_default(it, sides.to)).into_iter().flatten());
    }
    if !before.is_empty() {
        step.notes.push("rewrites the tables that have arrays of it".to_owned());
    }
    step.statements.splice(..0, before);
    step.statements.extend(after);
}

/// Tells whether a column holds arrays of a domain, before and after.
fn holds(column: &Object, domain: &Id, sides: &Sides<'_>) -> bool {
    let is_array = |it: &Object| it.written(TYPE).ends_with("[]") && it.needs.contains(domain);
    let was = sides.from.get(&column.id);
    is_array(column)
        && was.is_some_and(is_array)
        && !is_inherited(column)
        && !column.says(GENERATED)
}
