//! Changes by SQLite's ALTER TABLE.
//!
//! Each alteration is applied to a copy of the table's model; the statements are used only if the
//! copy becomes the wanted table. The proof shows whether SQLite agrees.

use crate::autogenerate::ddl::sqlite::rebuild::fill_of;
use crate::autogenerate::ddl::{Effort, How};
use crate::autogenerate::script::Step;
use crate::catalog::{Id, Kind, Name};
use crate::sqlite::{
    Check, Column, EVENT, ForeignKey, Fragment, NotNull, Schema, Table, check_id, column_sql,
    foreign_key_id, identifier, words,
};

/// The first version with `ALTER COLUMN … SET NOT NULL` and `ADD CONSTRAINT` (3.53).
const CONSTRAINTS: u16 = 53;

/// The first version with `DROP COLUMN` (3.35).
const DROP_COLUMN: u16 = 35;

/// Returns the steps that alter a table in place; none if that is impossible.
pub(super) fn in_place(
    from: &Schema,
    old: &Table,
    new: &Table,
    how: &How<'_>,
) -> Option<Vec<Step>> {
    if how.effort != Effort::Small || old.is_virtual() || new.is_virtual() {
        return None;
    }
    let table = Id::table(&old.name);
    let mut triggers = from.catalog.of_kind(Kind::Trigger);
    let fires =
        triggers.any(|it| it.parent.as_ref() == Some(&table) && it.normal(EVENT) == "UPDATE");
    let mut alter = Alter { now: old.clone(), new, how, fires, steps: Vec::new() };
    alter.drop_checks();
    alter.drop_columns()?;
    alter.relax()?;
    alter.add_columns()?;
    alter.add_checks();
    alter.tighten()?;
    (alter.now == *new).then_some(alter.steps)
}

struct Alter<'a> {
    now: Table,
    new: &'a Table,
    how: &'a How<'a>,
    /// Whether an UPDATE of the table fires triggers.
    fires: bool,
    steps: Vec<Step>,
}

impl Alter<'_> {
    fn push(&mut self, serves: Id, title: String, clause: &str) -> &mut Step {
        let table = identifier(&self.new.name);
        let step = Step::new(serves, title, vec![format!("ALTER TABLE {table} {clause}")]);
        let at = self.steps.len();
        self.steps.push(step);
        &mut self.steps[at]
    }

    fn can_constrain(&self) -> bool {
        self.how.allows(CONSTRAINTS)
    }

    fn drop_checks(&mut self) {
        let gone: Vec<Check> =
            self.now.checks.iter().filter(|it| !self.new.checks.contains(it)).cloned().collect();
        for check in gone {
            let goes_along = check.at.0.as_ref().is_some_and(|at| self.new.column(at).is_none());
            let Some(name) = check.name.clone().filter(|_| self.can_constrain() && !goes_along)
            else {
                continue;
            };
            self.now.checks.retain(|it| *it != check);
            let title = format!("Drop constraint {name} of {}", self.new.name);
            let id = check_id(&self.new.name, &check);
            self.push(id, title, &format!("DROP CONSTRAINT {}", identifier(&name)));
        }
    }

    fn drop_columns(&mut self) -> Option<()> {
        let gone: Vec<Column> = self
            .now
            .columns
            .iter()
            .filter(|it| self.new.column(&it.name).is_none())
            .cloned()
            .collect();
        for column in gone {
            let name = &column.name;
            if !self.how.allows(DROP_COLUMN) || !self.can_drop(name) {
                return None;
            }
            let is_own = |at: &Option<Name>| at.as_ref() == Some(name);
            let table = self.new.name.clone();
            self.now.columns.retain(|it| it.name != *name);
            let checks = self.now.checks.extract_if(.., |it| is_own(&it.at.0));
            let mut along: Vec<Id> = checks.map(|it| check_id(&table, &it)).collect();
            let keys = self.now.foreign_keys.extract_if(.., |it| is_own(&it.at.0));
            along.extend(keys.map(|it| foreign_key_id(&table, &it)));
            let step = self.push(
                Id::column(&table, name),
                format!("Drop column {table}.{name}"),
                &format!("DROP COLUMN {}", identifier(name)),
            );
            step.serves.extend(along);
            if column.generated.is_none() {
                step.destructive.push(format!("drops column {table}.{name} with its values"));
            }
        }
        Some(())
    }

    /// Tells whether a column can be dropped: nothing else names it
    /// (`sqlite.org/lang_altertable.html`).
    fn can_drop(&self, name: &Name) -> bool {
        let table = &self.now;
        let is_own = |at: &Option<Name>| at.as_ref() == Some(name);
        let names = |text: &str| words(text).contains(name);
        let in_unique = table.uniques.iter().flat_map(|it| &it.columns).any(|it| it.name == *name);
        let in_check =
            table.checks.iter().any(|it| !is_own(&it.at.0) && names(&it.expression.source));
        let in_key =
            table.foreign_keys.iter().any(|it| !is_own(&it.at.0) && it.columns.contains(name));
        let others = table.columns.iter().filter(|it| it.name != *name);
        let in_generated =
            others.filter_map(|it| it.generated.as_ref()).any(|it| names(&it.expression.source));
        !table.is_key(name) && !in_unique && !in_check && !in_key && !in_generated
    }

    /// Makes columns nullable.
    fn relax(&mut self) -> Option<()> {
        let new = self.new;
        for column in &new.columns {
            let Some(now) = self.now.columns.iter_mut().find(|it| it.name == column.name) else {
                continue;
            };
            if now.not_null.is_some() && column.not_null.is_none() {
                if !self.how.allows(CONSTRAINTS) {
                    return None;
                }
                now.not_null = None;
                let name = identifier(&column.name);
                let title = format!("Let {}.{} be NULL", new.name, column.name);
                let id = Id::column(&new.name, &column.name);
                self.push(id, title, &format!("ALTER COLUMN {name} DROP NOT NULL"));
            }
        }
        Some(())
    }

    fn add_columns(&mut self) -> Option<()> {
        let new = self.new;
        for column in &new.columns {
            if self.now.column(&column.name).is_none() {
                self.add_column(column)?;
            }
        }
        Some(())
    }

    fn add_column(&mut self, column: &Column) -> Option<()> {
        let (new, name) = (self.new, &column.name);
        let in_unique = new.uniques.iter().flat_map(|it| &it.columns).any(|it| it.name == *name);
        let is_stored = column.generated.as_ref().is_some_and(|it| it.stored);
        let default = column.default.as_ref();
        let is_null = default.is_none_or(Fragment::is_null);
        if new.is_key(name) || in_unique || is_stored || default.is_some_and(|it| !it.is_literal())
        {
            return None;
        }
        let backfill = self.how.backfill(&new.name, name).map(str::to_owned);
        if backfill.is_some() && self.fires {
            return None;
        }
        let late = column.not_null.is_some() && is_null && column.generated.is_none();
        if late && !self.can_constrain() {
            return None;
        }
        let now = Column { not_null: column.not_null.clone().filter(|_| !late), ..column.clone() };
        let (checks, keys) = self.constraints_with(name);
        if !keys.is_empty() && !is_null {
            return None;
        }
        let text =
            column_sql(&now, &checks.iter().collect::<Vec<_>>(), &keys.iter().collect::<Vec<_>>());
        let along = checks.iter().map(|it| check_id(&new.name, it));
        let along: Vec<Id> =
            along.chain(keys.iter().map(|it| foreign_key_id(&new.name, it))).collect();
        self.now.columns.push(now);
        self.now.checks.extend(checks);
        self.now.foreign_keys.extend(keys);
        let title = format!("Add column {}.{name}", new.name);
        let table = identifier(&new.name);
        let id = Id::column(&new.name, name);
        let step = self.push(id, title, &format!("ADD COLUMN {text}"));
        step.serves.extend(along);
        if let Some(backfill) = backfill {
            step.notes.push(format!("rows that are there get {backfill}"));
            step.statements.push(format!("UPDATE {table} SET {} = {backfill}", identifier(name)));
        } else if late {
            step.fills.push(format!(
                "{}.{name} is NOT NULL and has no default; rows that are there need a value: \
                 UPDATE {table} SET {} = …",
                new.name,
                identifier(name)
            ));
        }
        Some(())
    }

    /// Returns the constraints that are added with a new column.
    fn constraints_with(&self, name: &Name) -> (Vec<Check>, Vec<ForeignKey>) {
        let checks = self.new.checks.iter().filter(|it| {
            let is_known = words(&it.expression.source)
                .iter()
                .filter(|word| self.new.column(word).is_some())
                .all(|word| word == name || self.now.column(word).is_some());
            let is_its =
                it.at.0.as_ref() == Some(name) || words(&it.expression.source).contains(name);
            is_its && is_known && !self.now.checks.contains(it)
        });
        let keys = self.new.foreign_keys.iter().filter(|it| it.columns == [name.clone()]);
        (checks.cloned().collect(), keys.cloned().collect())
    }

    fn add_checks(&mut self) {
        let new = self.new;
        for check in new.checks.iter().filter(|_| self.how.allows(CONSTRAINTS)) {
            if !self.now.checks.contains(check) {
                self.now.checks.push(check.clone());
                let name = check.name.as_ref();
                let text =
                    name.map(|it| format!("CONSTRAINT {} ", identifier(it))).unwrap_or_default();
                let expression = &check.expression.source;
                let title = match name {
                    Some(name) => format!("Add constraint {name} to {}", new.name),
                    None => format!("Add a CHECK to {}", new.name),
                };
                let id = check_id(&new.name, check);
                self.push(id, title, &format!("ADD {text}CHECK ({expression})"));
            }
        }
    }

    /// Makes nullable columns NOT NULL.
    fn tighten(&mut self) -> Option<()> {
        let new = self.new;
        for column in &new.columns {
            let name = &column.name;
            let Some(now) = self.now.columns.iter_mut().find(|it| it.name == *name) else {
                continue;
            };
            if now.not_null.is_some() || column.not_null.is_none() {
                continue;
            }
            now.not_null = Some(NotNull { name: None, conflict: None });
            let id = Id::column(&new.name, name);
            let added = self.steps.iter().position(|it| it.serves.contains(&id));
            self.set_not_null(column, added)?;
        }
        Some(())
    }

    fn set_not_null(&mut self, column: &Column, added: Option<usize>) -> Option<()> {
        if !self.how.allows(CONSTRAINTS) {
            return None;
        }
        let (new, name) = (self.new, identifier(&column.name));
        let table = identifier(&new.name);
        let clause = format!("ALTER COLUMN {name} SET NOT NULL");
        if let Some(step) = added.and_then(|at| self.steps.get_mut(at)) {
            step.statements.push(format!("ALTER TABLE {table} {clause}"));
            return Some(());
        }
        let fill = fill_of(new, column, self.how);
        if fill.is_some() && self.fires {
            return None;
        }
        let title = format!("Refuse NULL in {}.{}", new.name, column.name);
        let step = self.push(Id::column(&new.name, &column.name), title, &clause);
        if let Some((value, note)) = fill {
            step.notes.push(note);
            let update = format!("UPDATE {table} SET {name} = {value} WHERE {name} IS NULL");
            step.statements.insert(0, update);
        }
        Some(())
    }
}
