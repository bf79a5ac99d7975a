//! Rules of a script that existing rows may violate, and the queries for such rows.
//!
//! A query refers to the database as it is before the script, by its old names.

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::How;
use crate::autogenerate::ddl::sqlite::rebuild::fill_of;
use crate::autogenerate::ddl::sqlite::rows::Rows;
use crate::autogenerate::tighten::Tightening;
use crate::catalog::{Id, Kind, Name};
use crate::sqlite::{
    Check, Column, ForeignKey, Index, Schema, check_id, foreign_key_id, identifier, primary_key_id,
    unique_id, words,
};

const BACKFILL: &str = "`-- backfill: EXPRESSION` on the line of the column in the schema fills it";

/// Two states of all tables, and the changes between them.
pub(crate) struct Between<'a> {
    /// The schema before the renames.
    pub(crate) from: &'a Schema,
    pub(crate) renamed: &'a Schema,
    pub(crate) to: &'a Schema,
    pub(crate) renames: &'a Renames,
    pub(crate) how: &'a How<'a>,
}

impl Between<'_> {
    /// Finds all stricter rules.
    pub(crate) fn tightenings(&self) -> Vec<Tightening> {
        let mut res = Vec::new();
        for (name, new) in self.to.tables.iter().filter(|(_, it)| !it.is_virtual()) {
            let Some(old) = self.renamed.tables.get(name).filter(|it| !it.is_virtual()) else {
                continue;
            };
            let known = self.renames.old_table(name).filter(|it| self.from.tables.contains_key(it));
            let Some(known) = known else { continue };
            let rows = Rows { old, new, table: known, between: self };
            let mut pair = Pair { rows, res: Vec::new() };
            if old != new {
                pair.columns();
                pair.keys();
                pair.checks();
                pair.foreign_keys();
            }
            pair.indexes();
            res.extend(pair.res);
        }
        res
    }
}

/// One table, before and after.
struct Pair<'a> {
    rows: Rows<'a>,
    res: Vec<Tightening>,
}

impl Pair<'_> {
    fn push(&mut self, ids: Vec<Id>, what: String, query: String) {
        self.res.push(Tightening { ids, what, query: Some(query), help: None, is_told: false });
    }

    fn columns(&mut self) {
        let new = self.rows.new;
        for column in &new.columns {
            self.not_null(column);
            self.strict_type(column);
        }
    }

    fn not_null(&mut self, column: &Column) {
        let Rows { old, new, between, .. } = self.rows;
        let is_rowid = new.rowid_column() == Some(&column.name);
        let before = old.column(&column.name);
        let is_new = before.is_none();
        // A rowid is never NULL.
        let was_filled =
            before.is_some_and(|it| old.requires(it) || old.rowid_column() == Some(&it.name));
        if is_rowid || !new.requires(column) || was_filled {
            return;
        }
        // A backfill that leaves NULL somewhere is refused by the proof.
        if fill_of(new, column, between.how).is_some() {
            return;
        }
        let (table, name) = (&new.name, identifier(&column.name));
        let missing = is_new && column.generated.is_none();
        let query = if missing {
            format!("SELECT * FROM {}", identifier(self.rows.table))
        } else {
            self.rows.query(&[&column.name], &format!("{name} IS NULL"))
        };
        let ids = vec![Id::column(table, &column.name), primary_key_id(table), Id::table(table)];
        let verb = if is_new { "is new and NOT NULL" } else { "becomes NOT NULL" };
        let can_fill = column.generated.is_none();
        self.push(ids, format!("{table}.{} {verb}", column.name), query);
        if let Some(last) = self.res.last_mut() {
            last.help = can_fill.then_some(BACKFILL);
            last.is_told = missing;
        }
    }

    fn strict_type(&mut self, column: &Column) {
        let Rows { old, new, .. } = self.rows;
        let Some(before) = old.column(&column.name).filter(|_| new.strict) else { return };
        if column.generated.is_some() || (old.strict && before.declared == column.declared) {
            return;
        }
        let Some(condition) = column.misfit() else { return };
        let (table, type_name) = (&new.name, column.type_name().to_ascii_uppercase());
        let query = self.rows.query(&[&column.name], &condition);
        let ids = vec![Id::column(table, &column.name), Id::table(table)];
        self.push(ids, format!("{table}.{} takes {type_name} alone", column.name), query);
    }

    fn keys(&mut self) {
        let Rows { old, new, .. } = self.rows;
        let table = &new.name;
        let key = new.primary_key.as_ref();
        if let Some(key) = key.filter(|key| !self.rows.is_unique_already(&key.columns)) {
            let ids = vec![primary_key_id(table), Id::table(table)];
            let names: Vec<&Name> = key.columns.iter().map(|it| &it.name).collect();
            let what = format!("{table} has the primary key ({})", listed(&names));
            if let Some(query) = self.rows.duplicates(&key.columns) {
                self.push(ids.clone(), what, query);
            }
            if let ([name], true) = (names.as_slice(), key.is_rowid)
                && old.column(name).is_some()
            {
                let column = identifier(name);
                let condition = format!("CAST({column} AS INTEGER) <> {column}");
                let query = self.rows.query(&[name], &condition);
                self.push(ids, format!("{table}.{name} takes INTEGER alone"), query);
            }
        }
        let rows = self.rows;
        for unique in new.uniques.iter().filter(|it| !rows.is_unique_already(&it.columns)) {
            let names: Vec<&Name> = unique.columns.iter().map(|it| &it.name).collect();
            let mut ids = vec![unique_id(table, unique)];
            ids.extend(names.iter().map(|name| Id::column(table, name)));
            ids.push(Id::table(table));
            if let Some(query) = self.rows.duplicates(&unique.columns) {
                self.push(ids, format!("{table} becomes UNIQUE by {}", listed(&names)), query);
            }
        }
    }

    fn checks(&mut self) {
        let Rows { old, new, .. } = self.rows;
        let is_there =
            |check: &Check| old.checks.iter().any(|it| it.expression == check.expression);
        for check in new.checks.iter().filter(|it| !is_there(it)) {
            let used = words(&check.expression.source);
            let columns = new.columns.iter().map(|it| &it.name).filter(|it| used.contains(it));
            let columns: Vec<&Name> = columns.collect();
            // What compares with NULL holds; what new columns hold in all rows is for the proof.
            let other = ["null", "is", "isnull", "notnull", "coalesce", "ifnull", "typeof", "iif"];
            let other = other.iter().chain(&["and", "or", "case"]);
            let is_simple = !other.into_iter().any(|word| used.contains(&Name::any_case(*word)));
            let is_constant = columns.iter().all(|name| self.rows.is_constant(name));
            if is_constant || (is_simple && columns.iter().any(|name| self.rows.is_null(name))) {
                continue;
            }
            let query = self.rows.query(&columns, &format!("NOT ({})", check.expression.source));
            let what = format!("CHECK ({}) of {}", check.expression.source, new.name);
            self.push(vec![check_id(&new.name, check), Id::table(&new.name)], what, query);
        }
    }

    fn foreign_keys(&mut self) {
        let Rows { old, new, .. } = self.rows;
        let is_same = |one: &ForeignKey, other: &ForeignKey| {
            one.columns == other.columns && one.refers_as(other)
        };
        for key in &new.foreign_keys {
            if old.foreign_keys.iter().any(|it| is_same(it, key)) {
                continue;
            }
            let columns: Vec<&Name> = key.columns.iter().collect();
            if columns.iter().any(|name| self.rows.is_null(name)) {
                continue;
            }
            let table = identifier(&new.name);
            let own = columns.iter().map(|it| format!("{table}.{}", identifier(it)));
            let own: Vec<String> = own.collect();
            let mut conditions: Vec<String> =
                own.iter().map(|it| format!("{it} IS NOT NULL")).collect();
            conditions.extend(self.no_parent(key, &own));
            let query = self.rows.query(&columns, &conditions.join(" AND "));
            let parent = &key.table;
            let what = format!("{} ({}) has to refer to {parent}", new.name, listed(&columns));
            self.push(vec![foreign_key_id(&new.name, key), Id::table(&new.name)], what, query);
        }
    }

    /// Writes the condition that a key references no row; a missing parent has none.
    fn no_parent(&self, key: &ForeignKey, own: &[String]) -> Option<String> {
        let Between { from, to, renames, .. } = *self.rows.between;
        let parent = renames.old_table(&key.table).and_then(|it| from.tables.get(it))?;
        let wanted = to.tables.get(&key.table).and_then(|it| it.primary_key.as_ref());
        let primary: Vec<Name> =
            wanted.iter().flat_map(|it| &it.columns).map(|it| it.name.clone()).collect();
        let target = if key.target.is_empty() { &primary } else { &key.target };
        let before = |it: &Name| {
            let old = renames.old_column(&key.table, it)?;
            parent.column(old).map(|column| format!("_parent.{}", identifier(&column.name)))
        };
        let target: Option<Vec<String>> = target.iter().map(before).collect();
        let target = target.filter(|it| it.len() == own.len() && !it.is_empty())?;
        let pairs: Vec<String> =
            target.iter().zip(own).map(|(one, other)| format!("{one} = {other}")).collect();
        let (parent, pairs) = (identifier(&parent.name), pairs.join(" AND "));
        Some(format!("NOT EXISTS (SELECT 1 FROM {parent} AS _parent WHERE {pairs})"))
    }

    fn indexes(&mut self) {
        let Between { renamed, to, .. } = *self.rows.between;
        let new = self.rows.new;
        for index in to.indexes_of(&new.name).filter(|it| it.unique) {
            let mut others = renamed.indexes_of(&new.name).filter(|it| it.unique);
            let is_same = |it: &Index| (&it.columns, &it.filter) == (&index.columns, &index.filter);
            if others.any(is_same) {
                continue;
            }
            if let Some(query) = self.rows.duplicates_of(index) {
                let id = Id::new(Kind::Index, &index.name);
                let what = format!("index {} of {} is UNIQUE", index.name, new.name);
                self.push(vec![id, Id::table(&new.name)], what, query);
            }
        }
    }
}

fn listed(names: &[&Name]) -> String {
    names.iter().map(|name| identifier(name)).collect::<Vec<_>>().join(", ")
}
