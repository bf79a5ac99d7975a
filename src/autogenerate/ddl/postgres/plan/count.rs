//! New sequences of columns that have numbers already.

use crate::autogenerate::ddl::postgres::names::{full, literal, owner, quoted};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::write::sequence::option;
use crate::autogenerate::script::Step;
use crate::catalog::{Id, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::{IDENTITY, OPTIONS};

/// Lets a new sequence, from which a column gets its default, count on from the numbers of the rows.
pub(super) fn count_on(step: &mut Step, default: &Object, sides: &Sides<'_>, fates: &Fates<'_>) {
    let column = Id { kind: Kind::Column, ..default.id.clone() };
    let both = sides.from.get(&column).zip(sides.to.get(&column));
    let is_number = |it: &Object| ["smallint", "integer", "bigint"].contains(&it.normal(TYPE));
    // A column that was an identity counts on by its change itself.
    let is_own = |(old, new): (&Object, &Object)| !old.says(IDENTITY) && is_number(new);
    if !both.is_some_and(is_own) || fates.dropped.contains(&column) {
        return;
    }
    let sequences = default.needs.iter().filter(|it| it.kind == Kind::Sequence);
    let is_new = |it: &&Object| !sides.from.holds(&it.id);
    let Some(sequence) = sequences.filter_map(|it| sides.to.get(it)).find(is_new) else { return };
    let falls =
        option(sequence.list(OPTIONS), "INCREMENT BY").is_some_and(|it| it.starts_with('-'));
    let (end, beyond) = if falls { ("min", "<=") } else { ("max", ">=") };
    let name = full(sides.to, &sequence.id);
    let (table, number) = (owner(sides.to, &column), quoted(column.name.as_str()));
    step.statements.push(format!(
        "SELECT setval({}, {end}({number})) FROM {table} HAVING {end}({number}) {beyond} \
         (SELECT last_value FROM {name})",
        literal(&name)
    ));
    step.notes.push("counts on from the numbers that are there".to_owned());
}
