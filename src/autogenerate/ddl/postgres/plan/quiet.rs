//! The surroundings of UPDATE in a script: triggers of users don't fire, and no deferred check is left that
//! would keep the table from being altered.

use crate::autogenerate::ddl::postgres::names::{full, shown};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::fates::Fates;
use crate::autogenerate::ddl::postgres::write::kinds::{enable, enabled};
use crate::autogenerate::ddl::postgres::write::table::{parents, table_of};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::inspect::postgres::attributes::DEFINITION;

/// The statements before and after an UPDATE, and the tables whose triggers are off in between.
pub(in super::super) struct Around {
    pub(in super::super) before: Vec<String>,
    pub(in super::super) after: Vec<String>,
    firing: Vec<String>,
}

impl Around {
    /// Finds what is needed around the UPDATE of a table while columns are changed; some triggers are gone
    /// by then.
    pub(in super::super) fn of(
        table: &Object,
        [from, to]: [&Catalog; 2],
        is_gone: impl Fn(&Id) -> bool,
    ) -> Self {
        let tables = family(table, from);
        let triggers = |table: &Object| -> Vec<&Object> {
            let all = from.parts(Kind::Trigger, &table.id).into_iter();
            all.filter(|it| !is_gone(&it.id)).collect()
        };
        let mut res = Self { before: Vec::new(), after: Vec::new(), firing: Vec::new() };
        if is_deferred(&tables, from) {
            res.after.push("SET CONSTRAINTS ALL IMMEDIATE".to_owned());
        }
        for table in tables.iter().filter(|it| triggers(it).into_iter().any(fires)) {
            let name = full(to, &table.id);
            res.before.push(format!("ALTER TABLE {name} DISABLE TRIGGER USER"));
            res.after.push(format!("ALTER TABLE {name} ENABLE TRIGGER USER"));
            res.firing.push(shown(&table.id));
        }
        if !res.firing.is_empty() {
            // Those of a table are enabled with those of its partitions.
            let all = tables.iter().flat_map(|it| triggers(it));
            res.after.extend(all.filter(|it| enabled(it) != "ENABLE").map(|it| enable(it, from)));
        }
        res
    }

    /// Says which triggers are off.
    pub(in super::super) fn note(&self) -> Option<String> {
        let names = self.firing.join(", ");
        let is_told = !names.is_empty();
        is_told.then(|| format!("triggers of {names} are off while rows are filled"))
    }
}

/// Puts what is needed around the UPDATE of a step that is about a column.
pub(super) fn quieten(step: &mut Step, column: &Object, sides: &Sides<'_>, fates: &Fates<'_>) {
    let is_update = |it: &String| it.starts_with("UPDATE ");
    let Some(at) = step.statements.iter().position(is_update) else { return };
    let Some(table) = table_of(&column.id, sides.from) else { return };
    let around = Around::of(table, [sides.from, sides.to], |id| fates.dropped.contains(id));
    step.notes.extend(around.note());
    step.statements.splice(at + 1..=at, around.after);
    step.statements.splice(at..at, around.before);
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
