//! What two states of one table differ in.

use crate::schema::table::surplus;
use crate::schema::{
    ChangeKind, Column, Difference, Fragment, KeyColumn, Name, ObjectType, Table, render,
};

/// Compares two tables of one name.
pub(super) fn alterations(from: &Table, to: &Table) -> Vec<Difference> {
    let mut res = List { table: &to.name, items: Vec::new() };
    if from.is_virtual() || to.is_virtual() {
        let what = format!("make virtual table {} anew", to.name);
        res.add(ChangeKind::Alter, ObjectType::Table, None, what);
        res.destructive(!to.is_external_index() || !from.is_external_index());
        return res.items;
    }
    columns(&mut res, from, to);
    keys(&mut res, from, to);
    for check in surplus(&from.checks, &to.checks) {
        let name = check.name.as_ref().map(Name::to_string);
        let what = format!("drop CHECK ({}) of {}", check.expression.source, to.name);
        res.add(ChangeKind::Drop, ObjectType::Check, name, what);
    }
    for check in surplus(&to.checks, &from.checks) {
        let name = check.name.as_ref().map(Name::to_string);
        let what = format!("add CHECK ({}) to {}", check.expression.source, to.name);
        res.add(ChangeKind::Create, ObjectType::Check, name, what);
    }
    for (old, new, word) in [
        (from.strict, to.strict, "STRICT"),
        (from.without_rowid, to.without_rowid, "WITHOUT ROWID"),
    ] {
        if old != new {
            let what = format!("make {} {}{word}", to.name, if new { "" } else { "not " });
            res.add(ChangeKind::Alter, ObjectType::Table, None, what);
        }
    }
    res.items
}

struct List<'a> {
    table: &'a Name,
    items: Vec<Difference>,
}

impl List<'_> {
    fn add(
        &mut self,
        kind: ChangeKind,
        object_type: ObjectType,
        part: Option<String>,
        what: String,
    ) {
        let part = part.map(|part| format!(".{part}")).unwrap_or_default();
        self.items.push(Difference {
            kind,
            object_type,
            owner: self.table.clone(),
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
}

fn columns(res: &mut List<'_>, from: &Table, to: &Table) {
    let table = &to.name;
    for column in &to.columns {
        let name = &column.name;
        match from.column(name) {
            None => {
                let what = format!("add column {table}.{name}");
                res.add(ChangeKind::Create, ObjectType::Column, Some(name.to_string()), what);
            }
            Some(old) if old != column => {
                let details = details(old, column).join(", ");
                let what = format!("change column {table}.{name}: {details}");
                res.add(ChangeKind::Alter, ObjectType::Column, Some(name.to_string()), what);
                let is_replaced = old.generated.is_none() && column.generated.is_some();
                let is_narrower = !old.is_numeric() && column.is_numeric();
                res.destructive(is_replaced || (is_narrower && column.generated.is_none()));
            }
            Some(_) => {}
        }
    }
    for column in from.columns.iter().filter(|it| to.column(&it.name).is_none()) {
        let what = format!("drop column {table}.{}", column.name);
        res.add(ChangeKind::Drop, ObjectType::Column, Some(column.name.to_string()), what);
        res.destructive(column.generated.is_none());
    }
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
    if old.default != new.default {
        let (old, new) = (text(old.default.as_ref()), text(new.default.as_ref()));
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

fn keys(res: &mut List<'_>, from: &Table, to: &Table) {
    let table = &to.name;
    if from.primary_key != to.primary_key {
        let what = format!("change the primary key of {table}");
        res.add(ChangeKind::Alter, ObjectType::PrimaryKey, None, what);
    }
    let columns = |columns: &[KeyColumn]| -> String {
        render::names(&columns.iter().map(|it| it.name.clone()).collect::<Vec<_>>())
    };
    for unique in surplus(&from.uniques, &to.uniques) {
        let what = format!("drop UNIQUE ({}) of {table}", columns(&unique.columns));
        res.add(ChangeKind::Drop, ObjectType::Unique, Some(columns(&unique.columns)), what);
    }
    for unique in surplus(&to.uniques, &from.uniques) {
        let what = format!("add UNIQUE ({}) to {table}", columns(&unique.columns));
        res.add(ChangeKind::Create, ObjectType::Unique, Some(columns(&unique.columns)), what);
    }
    for key in surplus(&from.foreign_keys, &to.foreign_keys) {
        let names = render::names(&key.columns);
        let what = format!("drop the foreign key of {table} ({names}) to {}", key.table);
        res.add(ChangeKind::Drop, ObjectType::ForeignKey, Some(names), what);
    }
    for key in surplus(&to.foreign_keys, &from.foreign_keys) {
        let names = render::names(&key.columns);
        let what = format!("add a foreign key from {table} ({names}) to {}", key.table);
        res.add(ChangeKind::Create, ObjectType::ForeignKey, Some(names), what);
    }
}
