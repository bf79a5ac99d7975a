//! What two states of one table differ in.

use crate::schema::table::surplus;
use crate::schema::{
    ChangeKind, Check, Column, Difference, ForeignKey, Fragment, Id, Name, NotNull, ObjectType,
    Table, Unique, render,
};

/// Compares two tables of one name.
pub(super) fn alterations(from: &Table, to: &Table) -> Vec<Difference> {
    let mut res = List { table: &to.name, items: Vec::new() };
    let whole = || vec![Id::table(&to.name)];
    if from.is_virtual() || to.is_virtual() {
        let what = format!("make virtual table {} anew", to.name);
        res.add(ChangeKind::Alter, whole(), None, what);
        res.destructive(!to.is_external_index() || !from.is_external_index());
        return res.items;
    }
    columns(&mut res, from, to);
    if from.primary_key != to.primary_key {
        let what = format!("change the primary key of {}", to.name);
        let id = Id::whole(ObjectType::PrimaryKey, &to.name);
        res.add(ChangeKind::Alter, vec![id], None, what);
    }
    res.constraints(&from.uniques, &to.uniques);
    res.constraints(&from.foreign_keys, &to.foreign_keys);
    res.constraints(&from.checks, &to.checks);
    for (old, new, word) in [
        (from.strict, to.strict, "STRICT"),
        (from.without_rowid, to.without_rowid, "WITHOUT ROWID"),
    ] {
        if old != new {
            let what = format!("make {} {}{word}", to.name, if new { "" } else { "not " });
            res.add(ChangeKind::Alter, whole(), None, what);
        }
    }
    res.items
}

struct List<'a> {
    table: &'a Name,
    items: Vec<Difference>,
}

impl List<'_> {
    fn add(&mut self, kind: ChangeKind, ids: Vec<Id>, part: Option<String>, what: String) {
        let part = part.map(|part| format!(".{part}")).unwrap_or_default();
        let Some(object_type) = ids.first().map(|id| id.object_type) else {
            return;
        };
        self.items.push(Difference {
            kind,
            object_type,
            ids,
            object: format!("{}{part}", self.table),
            destructive: false,
            description: what,
        });
    }

    fn destructive(&mut self, destructive: bool) {
        if let Some(last) = self.items.last_mut() {
            last.destructive = destructive;
        }
    }

    /// Adds what became of one kind of constraints.
    fn constraints<T: Constraint>(&mut self, from: &[T], to: &[T]) {
        let table = self.table;
        let (mut gone, mut come) = (surplus(from, to), surplus(to, from));
        for (old, new) in replaced(&mut gone, &mut come) {
            let ids = vec![new.id(table), old.id(table)];
            let what = format!("change {} of {table} to {}", old.sql(), new.sql());
            self.add(ChangeKind::Alter, ids, new.part(), what);
        }
        for old in gone {
            let what = format!("drop {} of {table}", old.words());
            self.add(ChangeKind::Drop, vec![old.id(table)], old.part(), what);
        }
        for new in come {
            let what = format!("add {} to {table}", new.words());
            self.add(ChangeKind::Create, vec![new.id(table)], new.part(), what);
        }
    }
}

/// Tells whether two constraints are the same one.
type Alike<'f, T> = &'f dyn Fn(&T, &T) -> bool;

/// Takes pairs out of what goes and what comes: those of one name, or that are about the same.
fn replaced<'a, T: Constraint>(
    gone: &mut Vec<&'a T>,
    come: &mut Vec<&'a T>,
) -> Vec<(&'a T, &'a T)> {
    let mut res = Vec::new();
    let by_name = |old: &T, new: &T| old.name().is_some() && old.name() == new.name();
    let alike: [Alike<'_, T>; 2] = [&by_name, &T::is_like];
    for alike in alike {
        gone.retain(|old| {
            let found = come.iter().position(|new| alike(old, new));
            res.extend(found.map(|at| (*old, come.remove(at))));
            found.is_none()
        });
    }
    res
}

/// What constraints have in common for those who compare them.
trait Constraint: PartialEq {
    fn name(&self) -> Option<&Name>;
    /// Tells whether it is about the same, whatever its name is and what it does.
    fn is_like(&self, other: &Self) -> bool;
    fn id(&self, table: &Name) -> Id;
    /// Returns what it is called behind the table's name.
    fn part(&self) -> Option<String>;
    /// Returns it as it is called in a sentence.
    fn words(&self) -> String;
    fn sql(&self) -> String;
}

impl Constraint for Unique {
    fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    fn is_like(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    fn id(&self, table: &Name) -> Id {
        Id::unique(table, self)
    }

    fn part(&self) -> Option<String> {
        let names: Vec<Name> = self.columns.iter().map(|it| it.name.clone()).collect();
        Some(render::names(&names))
    }

    fn words(&self) -> String {
        format!("UNIQUE ({})", self.part().unwrap_or_default())
    }

    fn sql(&self) -> String {
        render::unique(self)
    }
}

impl Constraint for Check {
    fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    fn is_like(&self, other: &Self) -> bool {
        self.expression == other.expression
    }

    fn id(&self, table: &Name) -> Id {
        Id::check(table, self)
    }

    fn part(&self) -> Option<String> {
        self.name.as_ref().map(Name::to_string)
    }

    fn words(&self) -> String {
        format!("CHECK ({})", self.expression.source)
    }

    fn sql(&self) -> String {
        render::check(self)
    }
}

impl Constraint for ForeignKey {
    fn name(&self) -> Option<&Name> {
        self.name.as_ref()
    }

    fn is_like(&self, other: &Self) -> bool {
        self.columns == other.columns
    }

    fn id(&self, table: &Name) -> Id {
        Id::foreign_key(table, self)
    }

    fn part(&self) -> Option<String> {
        Some(render::names(&self.columns))
    }

    fn words(&self) -> String {
        let (columns, parent) = (render::names(&self.columns), render::identifier(&self.table));
        format!("FOREIGN KEY ({columns}) REFERENCES {parent}")
    }

    fn sql(&self) -> String {
        render::foreign_key(self)
    }
}

fn columns(res: &mut List<'_>, from: &Table, to: &Table) {
    let table = &to.name;
    let id = |name: &Name| vec![Id::column(table, name)];
    for column in &to.columns {
        let name = &column.name;
        let old = from.column(name).map(|old| compared((from, old), (to, column)));
        match old {
            None => {
                let what = format!("add column {table}.{name}");
                res.add(ChangeKind::Create, id(name), Some(name.to_string()), what);
            }
            Some((old, column)) if old != column => {
                let details = details(&old, &column).join(", ");
                let what = format!("change column {table}.{name}: {details}");
                res.add(ChangeKind::Alter, id(name), Some(name.to_string()), what);
                let is_replaced = old.generated.is_none() && column.generated.is_some();
                let is_narrower = !old.is_numeric() && column.is_numeric();
                res.destructive(is_replaced || (is_narrower && column.generated.is_none()));
            }
            Some(_) => {}
        }
    }
    for column in from.columns.iter().filter(|it| to.column(&it.name).is_none()) {
        let what = format!("drop column {table}.{}", column.name);
        res.add(ChangeKind::Drop, id(&column.name), Some(column.name.to_string()), what);
        res.destructive(column.generated.is_none());
    }
}

/// Returns a column as it is in two tables; a NOT NULL that both demand is left out, for one of them may
/// demand it because of its key.
fn compared((from, old): (&Table, &Column), (to, new): (&Table, &Column)) -> (Column, Column) {
    let is_implied = old.not_null.is_none() || new.not_null.is_none();
    let demands = from.requires(old) && to.requires(new) && is_implied;
    let bare = |it: &Column| {
        let plain = NotNull { name: None, conflict: None };
        let not_null = it.not_null.clone().filter(|it| !demands || *it != plain);
        Column { not_null, ..it.clone() }
    };
    (bare(old), bare(new))
}

/// Says what becomes of a column.
fn details(old: &Column, new: &Column) -> Vec<String> {
    let mut res = Vec::new();
    let text = |it: Option<&Fragment>| {
        it.map_or("none".to_owned(), |it| {
            it.source.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    };
    if old.declared != new.declared {
        let (old, new) = (text(old.declared.as_ref()), text(new.declared.as_ref()));
        res.push(format!("type {old} becomes {new}"));
    }
    if old.not_null != new.not_null {
        res.push(match (&old.not_null, &new.not_null) {
            (None, Some(_)) => "becomes NOT NULL".to_owned(),
            (Some(_), None) => "may be NULL".to_owned(),
            _ => "NOT NULL is written in another way".to_owned(),
        });
    }
    if old.value() != new.value() {
        let (old, new) = (text(old.value()), text(new.value()));
        res.push(format!("default {old} becomes {new}"));
    }
    if old.collation != new.collation {
        let name = |it: &Option<Name>| it.as_ref().map_or("BINARY".to_owned(), Name::to_string);
        let (old, new) = (name(&old.collation), name(&new.collation));
        res.push(format!("collation {old} becomes {new}"));
    }
    if old.generated != new.generated {
        res.push(match &new.generated {
            None => "is generated no more".to_owned(),
            Some(it) if it.stored => format!("is generated as {}, stored", it.expression.source),
            Some(it) => format!("is generated as {}", it.expression.source),
        });
    }
    res
}
