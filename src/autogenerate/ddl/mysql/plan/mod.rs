//! The way from one catalog to another.
//!
//! Each statement commits by itself, so there are as few as possible: one ALTER for all of a table.
//! Foreign keys go before tables are altered and come after; programs that go or change are dropped
//! first and made last.

mod fill;
mod keys;
mod partitions;
mod rules;
mod table;
mod tighten;

use std::collections::BTreeSet;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::mysql::names::{keyword, named, quoted, word};
use crate::autogenerate::ddl::mysql::plan::keys::Keys;
use crate::autogenerate::ddl::mysql::plan::table::Pair;
use crate::autogenerate::ddl::mysql::{order, write};
use crate::autogenerate::ddl::{How, Plan, Transition};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Id, Kind, Object};
use crate::inspect::mysql::attributes::{DEFINITION, EVENT};

/// Both catalogs: that of the moment, after the renames, and the wanted one.
pub(super) struct Sides<'a> {
    pub(super) from: &'a Catalog,
    pub(super) to: &'a Catalog,
    pub(super) how: &'a How<'a>,
}

pub(super) fn plan(
    way: &Transition<'_>,
    renamed: &Catalog,
    how: &How<'_>,
) -> Result<Plan, AutogenerateError> {
    let sides = &Sides { from: renamed, to: way.to, how };
    let set_aside = sides.set_aside_triggers();
    if let Some(object) = sides.unknown() {
        return Err(AutogenerateError::NoRule { what: format!("a change of {}", object.id.name) });
    }
    let keys = Keys::find(sides);
    let mut plan = Plan { steps: sides.dropped_programs(&set_aside), ..Plan::default() };
    plan.steps.extend(sides.new_sequences());
    plan.steps.extend(keys.dropped());
    plan.steps.extend(sides.dropped_tables());
    plan.steps.extend(sides.new_tables(&keys));
    for table in sides.both_tables() {
        Pair::new(sides, table).plan(&mut plan);
    }
    plan.steps.extend(keys.added());
    plan.steps.extend(sides.old_sequences());
    plan.steps.extend(sides.new_programs(&set_aside));
    plan.tightenings = tighten::find(sides, way);
    Ok(plan)
}

impl<'a> Sides<'a> {
    /// Finds a change of something that can't be generated.
    fn unknown(&self) -> Option<&'a Object> {
        let is_other = |it: &&Object| self.from.get(&it.id) != self.to.get(&it.id);
        let mut all = self.from.of_kind(Kind::Opaque).chain(self.to.of_kind(Kind::Opaque));
        all.find(is_other)
    }

    fn is_changed(&self, it: &Object) -> bool {
        self.from.get(&it.id) != self.to.get(&it.id)
    }

    /// Returns the tables that both catalogs have.
    fn both_tables(&self) -> Vec<&'a Object> {
        self.to.of_kind(Kind::Table).filter(|it| self.from.holds(&it.id)).collect()
    }

    /// Drops programs that go, and those that are made anew: a view is replaced.
    fn dropped_programs(&self, set_aside: &BTreeSet<Id>) -> Vec<Step> {
        let mut programs = write::programs(self.from);
        programs.reverse();
        let goes = |it: &&Object| match self.to.get(&it.id) {
            None => true,
            Some(_) if it.id.kind == Kind::View => false,
            Some(_) => self.is_changed(it) || set_aside.contains(&it.id),
        };
        let step = |it: &Object| {
            let why = if self.to.holds(&it.id) { ": it is made anew below" } else { "" };
            let title = format!("Drop {}{why}", named(&it.id));
            Step::new(it.id.clone(), title, vec![write::drop_program(&it.id)])
        };
        programs.into_iter().filter(goes).map(step).collect()
    }

    /// Finds the triggers that are made anew though they stay as they are: those that fire in another
    /// order, and those that would fire when rows get their values.
    fn set_aside_triggers(&self) -> BTreeSet<Id> {
        let mut res = order::moved_triggers(self.from, self.to);
        let tables = self.both_tables().into_iter();
        let filled = tables.filter(|it| Pair::new(self, it).is_filled());
        let filled: BTreeSet<&Id> = filled.map(|it| &it.id).collect();
        let fires = |it: &&Object| {
            let is_on = it.parent.as_ref().is_some_and(|table| filled.contains(table));
            is_on && it.written(EVENT).ends_with("UPDATE")
        };
        res.extend(self.from.of_kind(Kind::Trigger).filter(fires).map(|it| it.id.clone()));
        res
    }

    fn new_programs(&self, set_aside: &BTreeSet<Id>) -> Vec<Step> {
        let comes = |it: &&Object| self.is_changed(it) || set_aside.contains(&it.id);
        let step = |it: &Object| {
            let is_there = |one: &Object| !comes(&one);
            let sql = write::create_program(it, self.to, is_there);
            let is_replaced = it.id.kind == Kind::View && self.from.holds(&it.id);
            let verb = if is_replaced { "Replace" } else { "Create" };
            let sql =
                if is_replaced { sql.replacen("CREATE ", "CREATE OR REPLACE ", 1) } else { sql };
            Step::new(it.id.clone(), format!("{verb} {}", named(&it.id)), vec![sql])
        };
        write::programs(self.to).into_iter().filter(comes).map(step).collect()
    }

    fn new_sequences(&self) -> Vec<Step> {
        let new = self.to.of_kind(Kind::Sequence).filter(|it| !self.from.holds(&it.id));
        let step = |it: &Object| {
            let title = format!("Create {}", named(&it.id));
            Step::new(it.id.clone(), title, vec![it.statement().to_owned()])
        };
        new.map(step).collect()
    }

    /// Drops or alters sequences: a default may have named them.
    fn old_sequences(&self) -> Vec<Step> {
        let step = |it: &Object| {
            let name = quoted(it.id.name.as_str());
            match self.to.get(&it.id) {
                None => {
                    let title = format!("Drop {}", named(&it.id));
                    let lost = format!("drops {} with its number", named(&it.id));
                    let sql = vec![format!("DROP SEQUENCE {name}")];
                    Step { destructive: vec![lost], ..Step::new(it.id.clone(), title, sql) }
                }
                Some(new) => {
                    let title = format!("Change {}", named(&it.id));
                    let sql = format!("ALTER SEQUENCE {name} {}", new.written(DEFINITION));
                    Step::new(it.id.clone(), title, vec![sql])
                }
            }
        };
        let old = self.from.of_kind(Kind::Sequence).filter(|it| self.is_changed(it));
        old.map(step).collect()
    }

    fn dropped_tables(&self) -> Vec<Step> {
        let gone = self.from.of_kind(Kind::Table).filter(|it| !self.to.holds(&it.id));
        let step = |it: &Object| {
            let title = format!("Drop {}", named(&it.id));
            let sql = vec![format!("DROP TABLE {}", quoted(it.id.name.as_str()))];
            let along = |one: &&Object| one.parent.as_ref() == Some(&it.id);
            let takes = self.from.objects.values().filter(along).map(|it| it.id.clone());
            let lost = format!("drops {} with its rows", named(&it.id));
            Step {
                takes: takes.collect(),
                destructive: vec![lost],
                ..Step::new(it.id.clone(), title, sql)
            }
        };
        gone.map(step).collect()
    }

    fn new_tables(&self, keys: &Keys<'_>) -> Vec<Step> {
        let ids = write::tables_in_order(self.to);
        let new = ids.iter().filter(|id| !self.from.holds(id));
        let step = |it: &Object| {
            let own = keys.of_new_table(&it.id);
            let sql = write::create_table(it, self.to, &own);
            let mut step = Step::new(it.id.clone(), format!("Create {}", named(&it.id)), vec![sql]);
            step.serves.extend(own.iter().map(|it| it.id.clone()));
            step
        };
        new.filter_map(|id| self.to.get(id)).map(step).collect()
    }
}

/// Titles a step that changes some objects of one table.
fn title(verb: &str, objects: &[&Object]) -> String {
    let names: Vec<String> = objects.iter().map(|it| it.id.name.to_string()).collect();
    let kind = objects.first().map_or(String::new(), |it| word(it.id.kind));
    let plural = match (objects.len(), kind.strip_suffix('y')) {
        (1, _) => kind,
        (_, Some(_)) if kind.ends_with("ey") => format!("{kind}s"),
        (_, Some(stem)) => format!("{stem}ies"),
        (_, None) => format!("{kind}s"),
    };
    let owner = objects.first().and_then(|it| it.id.owner.as_ref());
    let owner = owner.map(|it| format!(" of {it}")).unwrap_or_default();
    format!("{verb} {plural} {}{owner}", names.join(", "))
}

/// Writes the statement that drops a part of a table.
fn drop_clause(id: &Id) -> String {
    let name = quoted(id.name.as_str());
    if id.kind == Kind::PrimaryKey {
        "DROP PRIMARY KEY".to_owned()
    } else if id.kind == Kind::Index {
        format!("DROP KEY {name}")
    } else if id.kind == Kind::Check {
        // MySQL has it from 8.0.19 on, MariaDB always.
        format!("DROP CONSTRAINT {name}")
    } else {
        format!("DROP {} {name}", keyword(id.kind))
    }
}
