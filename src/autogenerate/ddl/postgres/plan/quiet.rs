//! The surroundings of UPDATE in a script: triggers of users don't fire, and no deferred check is left that
//! would keep the table from being altered.

use crate::autogenerate::ddl::postgres::names::{full, shown};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::write::kinds::{enable, enabled};
use crate::autogenerate::ddl::postgres::write::table::{parents, table_of};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Kind, Object};
use crate::inspect::postgres::attributes::DEFINITION;

/// Puts what is needed around the UPDATE of a step that is about a column.
pub(super) fn quieten(step: &mut Step, column: &Object, sides: &Sides<'_>, fates: &Fates<'_>) {
    let is_update = |it: &String| it.starts_with("UPDATE ");
    let Some(at) = step.statements.iter().position(is_update) else { return };
    let Some(table) = table_of(&column.id, sides.from) else { return };
    let tables = family(table, sides.from);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    if is_deferred(&tables, sides.from) {
        after.push("SET CONSTRAINTS ALL IMMEDIATE".to_owned());
    }
    let mut firing = Vec::new();
    for table in &tables {
        let triggers: Vec<&Object> = triggers(table, sides, fates).collect();
        if triggers.iter().any(|it| fires(it)) {
            let name = full(sides.to, &table.id);
            before.push(format!("ALTER TABLE {name} DISABLE TRIGGER USER"));
            after.push(format!("ALTER TABLE {name} ENABLE TRIGGER USER"));
            firing.push(shown(&table.id));
        }
    }
    if !firing.is_empty() {
        // Those of a table are enabled with those of its partitions.
        let all = tables.iter().flat_map(|table| triggers(table, sides, fates));
        after.extend(all.filter(|it| enabled(it) != "ENABLE").map(|it| enable(it, sides.from)));
        step.notes.push(format!("triggers of {} are off while rows are filled", firing.join(", ")));
    }
    step.statements.splice(at + 1..=at, after);
    step.statements.splice(at..at, before);
}

/// Finds a table with those that inherit from it, or are its partitions.
fn family<'a>(table: &'a Object, catalog: &'a Catalog) -> Vec<&'a Object> {
    let mut res = vec![table];
    let mut at = 0;
    while let Some(above) = res.get(at).copied() {
        let is_below = |it: &&Object| parents(it, catalog).iter().any(|it| it.id == above.id);
        let below: Vec<&Object> = catalog.of_kind(Kind::Table).filter(is_below).collect();
        for table in below {
            if res.iter().all(|it| it.id != table.id) {
                res.push(table);
            }
        }
        at += 1;
    }
    res
}

/// Finds the triggers that a table has while columns are changed.
fn triggers<'a>(
    table: &'a Object,
    sides: &Sides<'a>,
    fates: &Fates<'_>,
) -> impl Iterator<Item = &'a Object> {
    let all = sides.from.parts(Kind::Trigger, &table.id).into_iter();
    all.filter(|it| !fates.dropped.contains(&it.id))
}

/// Tells whether a trigger can fire when rows are updated.
fn fires(trigger: &Object) -> bool {
    let definition = trigger.written(DEFINITION);
    let head = definition.split(" EXECUTE ").next().unwrap_or_default();
    head.contains(" UPDATE") && enabled(trigger) != "DISABLE"
}

/// Tells whether checks of changed rows can wait until the end of the transaction.
fn is_deferred(tables: &[&Object], catalog: &Catalog) -> bool {
    let kinds = [Kind::PrimaryKey, Kind::Unique, Kind::Exclusion, Kind::ForeignKey, Kind::Trigger];
    let is_late = |it: &&Object| it.written(DEFINITION).contains(" INITIALLY DEFERRED");
    let mut late = kinds.into_iter().flat_map(|kind| catalog.of_kind(kind)).filter(is_late);
    let is_near = |it: &Object| {
        let own = it.parent.as_ref();
        tables.iter().any(|table| own == Some(&table.id) || it.needs.contains(&table.id))
    };
    late.any(is_near)
}
