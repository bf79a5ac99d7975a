//! Plans ordered steps between two schemas.
//!
//! It does no I/O. Tables are altered in place where SQLite can; others are rebuilt: created under
//! another name, filled, and renamed. Views and triggers on a table that is dropped or rebuilt are
//! dropped first and created again, since SQLite reads them all on a rename.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::sqlite::dependents::Dependents;
use crate::autogenerate::ddl::sqlite::text::{head_of, made_by};
use crate::autogenerate::ddl::sqlite::{drop_step, in_place, rebuild};
use crate::autogenerate::ddl::{How, Plan};
use crate::autogenerate::script::Step;
use crate::catalog::{Id, Kind, Name};
use crate::sqlite::{Schema, Table, identifier};

enum Treatment {
    Created,
    Dropped,
    Altered(Vec<Step>),
    Rebuilt,
    /// The table is rebuilt, since a virtual one can't be altered.
    Anew,
}

/// Plans the steps from one schema to another; renames are done already.
pub(super) fn plan(from: &Schema, to: &Schema, how: &How<'_>) -> Plan {
    let ways = ways(from, to, how);
    let is_gone =
        |way: &Treatment| matches!(way, Treatment::Dropped | Treatment::Rebuilt | Treatment::Anew);
    let gone: BTreeSet<Id> =
        ways.iter().filter(|(_, way)| is_gone(way)).map(|(name, _)| Id::table(name)).collect();
    let dependents = Dependents::find(&from.catalog, &to.catalog, &gone, how.effort);
    let mut planner = Planner { from, to, how, ways, dependents, plan: Plan::default() };
    planner.run();
    planner.plan
}

fn ways(from: &Schema, to: &Schema, how: &How<'_>) -> BTreeMap<Name, Treatment> {
    let mut res = BTreeMap::new();
    for (name, table) in &to.tables {
        let way = match from.tables.get(name) {
            None => Treatment::Created,
            Some(old) if old == table => continue,
            Some(old) if old.is_virtual() || table.is_virtual() => Treatment::Anew,
            Some(old) => in_place::in_place(from, old, table, how)
                .map_or(Treatment::Rebuilt, Treatment::Altered),
        };
        res.insert(name.clone(), way);
    }
    let dropped = from.tables.keys().filter(|name| !to.tables.contains_key(*name));
    res.extend(dropped.map(|name| (name.clone(), Treatment::Dropped)));
    res
}

struct Planner<'a> {
    from: &'a Schema,
    to: &'a Schema,
    how: &'a How<'a>,
    ways: BTreeMap<Name, Treatment>,
    dependents: Dependents<'a>,
    plan: Plan,
}

impl Planner<'_> {
    fn run(&mut self) {
        self.plan.steps.extend(self.dependents.drops());
        self.drop_indexes();
        let late: Vec<Name> = self.drop_tables_in_the_way();
        self.create_tables();
        self.change_tables();
        for name in late {
            self.drop_table(&name);
        }
        self.create_indexes();
        self.plan.steps.extend(self.dependents.creates());
    }

    fn push_index(&mut self, name: &Name, title: String, statement: String) -> &mut Step {
        let step = Step::new(Id::new(Kind::Index, name), title, vec![statement]);
        let at = self.plan.steps.len();
        self.plan.steps.push(step);
        &mut self.plan.steps[at]
    }

    /// Drops indexes that aren't dropped with their table, or whose name others need.
    fn drop_indexes(&mut self) {
        for (name, index) in &self.from.indexes {
            let new = self.to.indexes.get(name);
            let goes = self
                .ways
                .get(&index.table)
                .is_some_and(|way| matches!(way, Treatment::Dropped | Treatment::Rebuilt));
            let is_elsewhere = new.is_some_and(|new| new.table != index.table);
            let is_taken = new.is_none() && self.to.holds(name);
            if is_elsewhere || is_taken || (!goes && new != Some(index)) {
                let why = match new {
                    None => "",
                    Some(new) if new == index => ": it comes back below",
                    Some(_) => ": it is made anew below",
                };
                let sql = format!("DROP INDEX {}", identifier(name));
                self.push_index(name, format!("Drop index {name}{why}"), sql);
            }
        }
    }

    /// Drops the tables whose names other objects take; returns the others, children first.
    fn drop_tables_in_the_way(&mut self) -> Vec<Name> {
        let order = self.from.catalog.in_order(Kind::Table);
        let order = order.into_iter().rev().map(|id| id.name);
        let dropped = order.filter(|it| matches!(self.ways.get(it), Some(Treatment::Dropped)));
        let (now, late): (Vec<Name>, Vec<Name>) = dropped.partition(|name| self.to.holds(name));
        for name in now {
            self.drop_table(&name);
        }
        late
    }

    fn drop_table(&mut self, name: &Name) {
        let Some(table) = self.from.tables.get(name) else { return };
        let id = Id::table(name);
        let mut step = drop_step(&id, format!("Drop table {name}"));
        step.takes = self.from.catalog.with(&id);
        if !table.is_external_index() {
            step.destructive.push(format!("drops table {name} with its rows"));
        }
        self.plan.steps.push(step);
    }

    fn create_tables(&mut self) {
        for Id { name, .. } in self.to.catalog.in_order(Kind::Table) {
            if let (Some(Treatment::Created), Some(table)) =
                (self.ways.get(&name), self.to.tables.get(&name))
            {
                let mut statements = vec![made_by(&table.sql)];
                statements.extend(filled_anew(table));
                let title = format!("Create table {name}");
                let mut step = Step::new(Id::table(&name), title, statements);
                if table.is_virtual() {
                    step.title = format!("Create virtual table {name}");
                }
                self.plan.steps.push(step);
                self.create_indexes_of(&name);
            }
        }
    }

    fn create_indexes_of(&mut self, table: &Name) {
        let to = self.to;
        for index in to.indexes_of(table) {
            let name = &index.name;
            let step = self.push_index(name, format!("Create index {name}"), made_by(&index.sql));
            step.causes.push(Id::table(table));
        }
    }

    fn change_tables(&mut self) {
        for Id { name, .. } in self.to.catalog.in_order(Kind::Table) {
            let (from, to) = (self.from.tables.get(&name), self.to.tables.get(&name));
            let (Some(old), Some(new)) = (from, to) else { continue };
            match self.ways.get(&name) {
                Some(Treatment::Altered(steps)) => {
                    let unfilled = steps.iter().any(|step| !step.fills.is_empty());
                    self.plan.unfilled.extend(unfilled.then(|| name.clone()));
                    self.plan.steps.extend(steps.iter().cloned());
                }
                Some(Treatment::Rebuilt) => {
                    let step = rebuild::rebuild(self.from, self.to, old, new, self.how);
                    let unfilled = !step.fills.is_empty();
                    self.plan.unfilled.extend(unfilled.then(|| name.clone()));
                    self.plan.steps.push(step);
                    self.create_indexes_of(&name);
                }
                Some(Treatment::Anew) => self.make_anew(old, new),
                Some(Treatment::Created | Treatment::Dropped) | None => {}
            }
        }
    }

    fn make_anew(&mut self, old: &Table, new: &Table) {
        let name = &new.name;
        let mut statements = vec![format!("DROP TABLE {}", identifier(name)), made_by(&new.sql)];
        statements.extend(filled_anew(new));
        let title = format!("Make table {name} anew");
        let mut step = Step::new(Id::table(name), title, statements);
        step.takes = self.from.catalog.with(&Id::table(name));
        if !(old.is_external_index() && new.is_external_index()) {
            step.destructive.push(format!("drops the rows of {name}"));
        }
        self.plan.steps.push(step);
        self.create_indexes_of(name);
    }

    /// Creates the indexes that no step of their table has created.
    fn create_indexes(&mut self) {
        for (name, index) in &self.to.indexes {
            let is_done = self
                .ways
                .get(&index.table)
                .is_some_and(|way| !matches!(way, Treatment::Altered(_)));
            if !is_done && self.from.indexes.get(name) != Some(index) {
                self.push_index(name, format!("Create index {name}"), made_by(&index.sql));
            }
        }
    }
}

/// Returns the statement that makes an FTS index read another table's text.
fn filled_anew(table: &Table) -> Option<String> {
    let name = identifier(&table.name);
    table.is_external_index().then(|| format!("INSERT INTO {name} ({name}) VALUES ('rebuild')"))
}

/// Writes the statement that creates a table under another name.
pub(super) fn under_another_name(table: &Table, name: &str) -> String {
    let rest = head_of(&table.sql, table.rest.0);
    let rest = crate::sqlite::qualified_with(rest, &table.name, name);
    made_by(&format!("CREATE TABLE {name}{rest}"))
}
