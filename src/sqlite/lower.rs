//! A schema as a catalog: SQLite's statements, parsed into tables and indexes, and then into
//! objects.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{
    Attribute, BODY, COLUMNS, Catalog, EXPRESSION, Id, Kind, NOT_NULL, Name, ON_DELETE, ON_UPDATE,
    Object, REFERENCES, TYPE, UNIQUE, Value, WHERE,
};
use crate::sql::GrammarError;
use crate::sqlite::parse::{trigger, view};
use crate::sqlite::{
    Check, Column, Conflict, ForeignKey, Fragment, Index, KeyColumn, Names, NotNull, PrimaryKey,
    Schema, Table, TableKind, Unique, check_id, foreign_key_id, primary_key_id, render, unique_id,
    words,
};

pub(super) const AUTOINCREMENT: Attribute = "autoincrement";
pub(super) const COLLATION: Attribute = "collation";
pub(super) const CONFLICT: Attribute = "on conflict";
/// The value of a column where a row gives none.
pub const DEFAULT: Attribute = "default";
pub(super) const DEFERRED: Attribute = "deferred";
/// The statement that fires a trigger.
pub const EVENT: Attribute = "event";
/// The expression of a generated column.
pub const GENERATED: Attribute = "generated";
pub(super) const MODULE: Attribute = "module";
pub(super) const NAME: Attribute = "name";
pub(super) const ON: Attribute = "on";
pub(super) const ROWID: Attribute = "rowid";
pub(super) const STORED: Attribute = "stored";
/// Whether a table takes only values of the types of its columns.
pub const STRICT: Attribute = "strict";
pub(super) const TIME: Attribute = "time";
pub(super) const WHEN: Attribute = "when";
/// Whether a table is stored by its primary key.
pub const WITHOUT_ROWID: Attribute = "without rowid";

/// The value of a flag, and of a NOT NULL without a name or a conflict clause.
pub(super) const PLAIN: &str = "yes";

/// A statement of a schema, as SQLite stores it.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    pub kind: Kind,
    pub name: &'a str,
    /// The table or view that the object belongs to.
    pub table: &'a str,
    /// The text of the statement.
    pub sql: &'a str,
}

/// A statement that can't be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub kind: Kind,
    pub name: String,
    /// The fault in the statement.
    pub problem: GrammarError,
}

impl Kept<'_> {
    fn unread(&self, problem: GrammarError) -> Unread {
        Unread { kind: self.kind, name: self.name.to_owned(), problem }
    }
}

impl Schema {
    /// Parses the statements of a database.
    pub fn read(kept: &[Kept<'_>]) -> Result<Self, Unread> {
        let mut res = Self::default();
        for it in kept.iter().filter(|it| it.kind == Kind::Table) {
            let table = Table::parse(it.sql).map_err(|problem| it.unread(problem))?;
            let name = Name::any_case(it.name);
            res.tables.insert(name.clone(), Table { name, ..table });
        }
        res.resolve_parents();
        let views = kept.iter().filter(|it| it.kind == Kind::View);
        let views: BTreeSet<Name> = views.map(|it| Name::any_case(it.name)).collect();
        let columns = res.tables.values().flat_map(|table| &table.columns).map(|it| &it.name);
        let all = Names::new(columns.chain(res.tables.keys()).chain(&views));
        for table in res.tables.values() {
            let needs = table.foreign_keys.iter().map(|key| key.table.clone());
            // An FTS index names the table that it is of in its arguments.
            let content = if table.is_virtual() { words(&table.sql) } else { BTreeSet::new() };
            let needs: BTreeSet<Name> = needs.chain(content).collect();
            let needs = res.known(&views, &needs, &table.name);
            lower_table(&mut res.catalog, table, needs);
        }
        for it in kept.iter().filter(|it| it.kind != Kind::Table) {
            res.add(it, &views, &all).map_err(|problem| it.unread(problem))?;
        }
        Ok(res)
    }

    /// Parses the statements of a catalog.
    pub fn of(catalog: &Catalog) -> Result<Self, Unread> {
        let whole = catalog.objects.values().filter(|it| !it.id.kind.is_part());
        let kept = whole.filter_map(|it| {
            let table = it.parent.as_ref().unwrap_or(&it.id).name.as_str();
            let (kind, name, sql) = (it.id.kind, it.id.name.as_str(), it.sql.as_deref()?);
            Some(Kept { kind, name, table, sql })
        });
        let read = Self::read(&kept.collect::<Vec<_>>())?;
        // The meaning of a text depends on the names around it, which may differ if some are left
        // out.
        Ok(Self { catalog: catalog.clone(), ..read })
    }

    fn add(
        &mut self,
        kept: &Kept<'_>,
        views: &BTreeSet<Name>,
        all: &Names,
    ) -> Result<(), GrammarError> {
        let name = Name::any_case(kept.name);
        let mut res = Object::new(Id::new(kept.kind, &name));
        let mut on = Name::any_case(kept.table);
        if kept.kind == Kind::Index {
            let table = self.tables.get(&on);
            let own = table.into_iter().flat_map(|it| it.columns.iter().map(|it| &it.name));
            let own = Names::new(own.chain(table.map(|it| &it.name)));
            let index = Index::parse(kept.sql, &own)?;
            let index = table.map_or(index.clone(), |table| index.on(table));
            say_of_index(&mut res, &index);
            self.indexes.insert(name.clone(), index);
        } else if kept.kind == Kind::View {
            let (columns, body) = view(kept.sql, all)?;
            res.set(COLUMNS, listed(&columns));
            res.set(BODY, text(&body));
            res.needs = self.known(views, &words(kept.sql), &name);
        } else {
            let trigger = trigger(kept.sql, all)?;
            on = trigger.target;
            res.set(TIME, Value::exact(trigger.time));
            res.set(EVENT, Value::exact(trigger.event));
            res.set(COLUMNS, listed(&trigger.columns));
            res.set_if(WHEN, trigger.condition.as_ref().map(text));
            res.set(BODY, text(&trigger.body));
            res.needs = words(kept.sql).iter().filter_map(|it| self.relation(views, it)).collect();
        }
        if kept.kind != Kind::View {
            res.set(ON, Value::new(on.as_str(), on.key()));
            let parent = self.relation(views, &on).unwrap_or_else(|| Id::table(&on));
            res.needs.insert(parent.clone());
            res.parent = Some(parent);
        }
        res.sql = Some(kept.sql.to_owned());
        self.catalog.insert(res);
        Ok(())
    }

    fn relation(&self, views: &BTreeSet<Name>, name: &Name) -> Option<Id> {
        let is_table = self.tables.contains_key(name);
        let kind = if is_table { Kind::Table } else { Kind::View };
        (is_table || views.contains(name)).then(|| Id::new(kind, name))
    }

    /// Returns the tables and views among some names, without the object itself.
    fn known(&self, views: &BTreeSet<Name>, names: &BTreeSet<Name>, own: &Name) -> BTreeSet<Id> {
        let others = names.iter().filter(|name| *name != own);
        others.filter_map(|name| self.relation(views, name)).collect()
    }

    /// Resolves the referenced columns of foreign keys that name none. SQLite uses a unique key for
    /// named columns only if the collations match.
    fn resolve_parents(&mut self) {
        let keys = self.tables.values().filter_map(|table| {
            let key = table.primary_key.as_ref()?;
            let is_plain = key.columns.iter().all(|it| it.collation.is_none());
            let columns = key.columns.iter().map(|it| it.name.clone()).collect();
            is_plain.then(|| (table.name.clone(), columns))
        });
        let keys: BTreeMap<Name, Vec<Name>> = keys.collect();
        for key in self.tables.values_mut().flat_map(|table| &mut table.foreign_keys) {
            key.primary = keys.get(&key.table).cloned().unwrap_or_default();
        }
    }
}

fn text(fragment: &Fragment) -> Value {
    Value::new(fragment.source.as_str(), fragment.normal())
}

fn name(name: &Name) -> Value {
    Value::new(name.as_str(), name.key())
}

fn listed(names: &[Name]) -> Value {
    let keys: Vec<&str> = names.iter().map(Name::key).collect();
    Value::new(render::names(names), keys.join(", ")).with_list(names)
}

fn flag(is_so: bool) -> Option<Value> {
    is_so.then(|| Value::exact(PLAIN))
}

fn say_of_index(res: &mut Object, index: &Index) {
    let part = |it: &crate::sqlite::IndexColumn, text: &str| {
        let collation = it.collation.as_ref().map(|it| format!(" COLLATE {}", it.key()));
        let order = if it.descending { " DESC" } else { "" };
        format!("{text}{}{order}", collation.unwrap_or_default())
    };
    let written: Vec<String> =
        index.columns.iter().map(|it| part(it, &it.expression.source)).collect();
    let normal: Vec<String> =
        index.columns.iter().map(|it| part(it, it.expression.normal())).collect();
    res.set(COLUMNS, Value::new(written.join(", "), normal.join(", ")));
    res.set_if(UNIQUE, flag(index.unique));
    res.set_if(WHERE, index.filter.as_ref().map(text));
}

pub(super) fn lower_table(catalog: &mut Catalog, table: &Table, needs: BTreeSet<Id>) {
    let whole = Object { needs, ..whole_table(table) };
    let mut place = 0;
    for part in parts(table) {
        // A constraint that equals an earlier one adds nothing.
        if !catalog.holds(&part.id) {
            let parent = Some(whole.id.clone());
            catalog.insert(Object { parent, place, ..part });
            place += 1;
        }
    }
    catalog.insert(whole);
}

fn whole_table(table: &Table) -> Object {
    let mut res = Object::new(Id::table(&table.name));
    res.sql = Some(table.sql.clone());
    res.set_if(STRICT, flag(table.strict));
    res.set_if(WITHOUT_ROWID, flag(table.without_rowid));
    if let TableKind::Virtual { module, arguments } = &table.kind {
        let normal = format!("{} {}", module.key(), arguments.normal());
        res.set(MODULE, Value::new(format!("{module} {}", arguments.source), normal));
    }
    res
}

/// Returns the parts of a table, the columns first.
fn parts(table: &Table) -> Vec<Object> {
    let columns = table.columns.iter().map(|it| column(table, it));
    let key = table.primary_key.iter().map(|it| primary_key(table, it));
    let uniques = table.uniques.iter().map(|it| unique(table, it));
    let checks = table.checks.iter().map(|it| check(table, it));
    let keys = table.foreign_keys.iter().map(|it| foreign_key(table, it));
    columns.chain(key).chain(uniques).chain(checks).chain(keys).collect()
}

fn column(table: &Table, column: &Column) -> Object {
    let mut res = Object::new(Id::column(&table.name, &column.name));
    res.set_if(TYPE, column.declared.as_ref().map(text));
    res.set_if(NOT_NULL, column.not_null.as_ref().map(not_null));
    res.set_if(DEFAULT, column.value().map(text));
    res.set_if(COLLATION, column.collation.as_ref().map(name));
    res.set_if(GENERATED, column.generated.as_ref().map(|it| text(&it.expression)));
    res.set_if(STORED, flag(column.generated.as_ref().is_some_and(|it| it.stored)));
    res
}

fn not_null(it: &NotNull) -> Value {
    let name = it.name.as_ref().map(Name::key);
    let words: Vec<&str> = name.into_iter().chain(it.conflict.map(Conflict::keyword)).collect();
    if words.is_empty() { Value::exact(PLAIN) } else { Value::exact(words.join(" ")) }
}

fn key_columns(columns: &[KeyColumn]) -> Value {
    let names: Vec<Name> = columns.iter().map(|it| it.name.clone()).collect();
    let normal = render::key_columns(columns).to_ascii_lowercase();
    Value::new(render::names(&names), normal).with_list(names)
}

fn primary_key(table: &Table, key: &PrimaryKey) -> Object {
    let mut res = Object::new(primary_key_id(&table.name));
    res.needs = key.columns.iter().map(|it| Id::column(&table.name, &it.name)).collect();
    res.set_if(NAME, key.name.as_ref().map(name));
    res.set(COLUMNS, key_columns(&key.columns));
    res.set_if(CONFLICT, key.conflict.map(|it| Value::exact(it.keyword())));
    res.set_if(AUTOINCREMENT, flag(key.autoincrement));
    res.set_if(ROWID, flag(key.is_rowid));
    res
}

fn unique(table: &Table, unique: &Unique) -> Object {
    let mut res = Object::new(unique_id(&table.name, unique));
    res.sql = Some(render::unique(unique));
    res.set_if(NAME, unique.name.as_ref().map(name));
    res.set(COLUMNS, key_columns(&unique.columns));
    res.set_if(CONFLICT, unique.conflict.map(|it| Value::exact(it.keyword())));
    res
}

fn check(table: &Table, check: &Check) -> Object {
    let mut res = Object::new(check_id(&table.name, check));
    res.sql = Some(render::check(check));
    res.set_if(NAME, check.name.as_ref().map(name));
    res.set(EXPRESSION, text(&check.expression));
    res
}

fn foreign_key(table: &Table, key: &ForeignKey) -> Object {
    let mut res = Object::new(foreign_key_id(&table.name, key));
    res.sql = Some(render::foreign_key(key));
    res.needs.insert(Id::table(&key.table));
    res.set_if(NAME, key.name.as_ref().map(name));
    res.set(COLUMNS, listed(&key.columns));
    let there = listed(key.parent_key());
    let normal = format!("{} ({})", key.table.key(), there.normal);
    res.set(REFERENCES, Value { written: render::identifier(&key.table), normal, ..there });
    res.set_if(ON_DELETE, key.on_delete.map(|it| Value::exact(it.keywords())));
    res.set_if(ON_UPDATE, key.on_update.map(|it| Value::exact(it.keywords())));
    res.set_if(DEFERRED, flag(key.deferred));
    res
}
