//! Keys whose columns, expressions or times are not compared as they are in the rows.

use crate::autogenerate::ddl::postgres::names::{full, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::rules::cast;
use crate::autogenerate::ddl::postgres::plan::tighten::future::Value;
use crate::autogenerate::ddl::postgres::plan::tighten::{
    Rows, is_temporal, nulls_meet, renamed_columns, wrapped,
};
use crate::catalog::{COLUMNS, Id, Kind, Name, Object, TYPE, WHERE};
use crate::inspect::postgres::attributes::{COLLATION, DEFINITION, GENERATED};

/// The type of texts that are equal in whatever case.
const CITEXT: &str = ".citext";

impl Rows<'_, '_> {
    /// Finds the rows that are equal by a key.
    pub(super) fn unique(&mut self, key: &Object) {
        let kinds = [Kind::PrimaryKey, Kind::Unique, Kind::Index];
        let columns = key.list(COLUMNS);
        let used = self.used(key);
        if columns.is_empty() || self.is_open(&used) || self.is_apart(key, &used) {
            return;
        }
        if is_temporal(key) {
            self.without_overlaps(key);
            return;
        }
        let is_known = self.is_known(&kinds, &[COLUMNS, WHERE], key) && self.keeps(&used);
        if (is_known && !self.merges(key)) || self.is_wider(key, &used) {
            return;
        }
        let names: Vec<String> = columns.iter().map(|it| self.member(key, it)).collect();
        let all = names.join(", ");
        let mut conditions: Vec<String> = Vec::new();
        if !nulls_meet(key) {
            conditions.extend(names.iter().map(|it| format!("{it} IS NOT NULL")));
        }
        if key.says(WHERE) {
            conditions.push(wrapped(key.written(WHERE)));
        }
        let rows = self.source_of(&used).filter(|_| self.can_cast(key));
        let conditions = conditions.join(" AND ");
        let filter =
            if conditions.is_empty() { conditions } else { format!(" WHERE {conditions}") };
        let query = rows.map(|rows| {
            format!("SELECT {all}, count(*) FROM {rows}{filter} GROUP BY {all} HAVING count(*) > 1")
        });
        let table = shown(&self.table.id);
        let what = if key.id.kind == Kind::PrimaryKey {
            format!("{table} has the primary key ({all})")
        } else if key.id.kind == Kind::Index {
            format!("index {} of {table} is UNIQUE", key.id.name)
        } else {
            format!("{table} becomes UNIQUE by {all}")
        };
        self.push(&key.id, what, query);
    }

    /// Tells whether no two rows can meet in a key, by what its new columns are.
    fn is_apart(&self, key: &Object, used: &[&Object]) -> bool {
        let is_listed =
            |it: &Object| key.list(COLUMNS).iter().any(|name| name == it.id.name.as_str());
        used.iter().filter(|it| is_listed(it)).any(|it| match self.value(it) {
            Value::Each => true,
            Value::Null => !nulls_meet(key),
            Value::Own | Value::Open | Value::Made { .. } => false,
        })
    }

    /// Tells whether fewer of the columns of a key are unique already.
    fn is_wider(&self, key: &Object, used: &[&Object]) -> bool {
        let from = self.sides.from;
        let kinds = [Kind::PrimaryKey, Kind::Unique];
        let mut known = kinds.iter().flat_map(|kind| from.parts(*kind, &self.table.id));
        let listed = key.list(COLUMNS);
        let is_kept = |name: &String| {
            let mut own = used.iter().filter(|it| it.id.name.as_str() == name);
            listed.contains(name) && own.any(|it| self.value(it).is_own())
        };
        known.any(|old| {
            old.list(COLUMNS).len() < listed.len()
                && old.list(COLUMNS).iter().all(is_kept)
                && (old.id.kind == Kind::PrimaryKey || nulls_meet(old) || !nulls_meet(key))
                && !is_temporal(old)
                && !key.written(DEFINITION).contains(" COLLATE ")
                && !self.merges(old)
        })
    }

    /// Finds a column of a key, before and after, that keeps its values.
    fn column(&self, name: &str) -> Option<(&Object, &Object)> {
        let id = Id {
            kind: Kind::Column,
            owner: Some(self.table.id.name.clone()),
            name: Name::exact(name),
            schema: self.table.id.schema.clone(),
        };
        let both = self.sides.from.get(&id).zip(self.sides.to.get(&id));
        both.filter(|(_, new)| self.value(new).is_own())
    }

    /// Tells whether values of a column that differ can be equal afterwards.
    fn is_coarser(old: &Object, new: &Object) -> bool {
        if new.says(GENERATED) {
            return false;
        }
        let (before, after) = (old.written(TYPE), new.written(TYPE));
        let (was_citext, is_citext) = (before.ends_with(CITEXT), after.ends_with(CITEXT));
        let is_another = before != after && !was_citext;
        let collated = old.written(COLLATION) != new.written(COLLATION) && new.says(COLLATION);
        collated || (is_another && (is_citext || cast(before, after).may_lose))
    }

    /// Tells whether a column of a key changes so that rows can meet.
    pub(super) fn merges(&self, key: &Object) -> bool {
        let mut pairs = key.list(COLUMNS).iter().filter_map(|it| self.column(it));
        pairs.any(|(old, new)| Self::is_coarser(old, new))
    }

    /// Tells whether a query can compare the rows as the key will.
    pub(super) fn can_cast(&self, key: &Object) -> bool {
        let mut pairs = key.list(COLUMNS).iter().filter_map(|it| self.column(it));
        pairs.all(|(old, new)| {
            let is_safe = !cast(old.written(TYPE), new.written(TYPE)).needs_using;
            let is_there = new.needs.iter().all(|it| self.sides.from.holds(it));
            !Self::is_coarser(old, new) || (is_safe && is_there)
        })
    }

    /// Writes a column of a key, or an expression, as the key compares it.
    pub(super) fn member(&self, key: &Object, name: &str) -> String {
        let Some((old, new)) = self.column(name) else {
            let is_column = key.id.kind != Kind::Index;
            return if is_column { quoted(name) } else { wrapped(name) };
        };
        let own = quoted(name);
        if !Self::is_coarser(old, new) {
            return own;
        }
        let cast = if old.written(TYPE) == new.written(TYPE) {
            own
        } else {
            format!("{own}::{}", new.written(TYPE))
        };
        if new.says(COLLATION) {
            format!("({cast} COLLATE {})", new.written(COLLATION))
        } else {
            cast
        }
    }

    /// Finds the rows that a new exclusion can refuse; no query tells which.
    pub(super) fn exclusion(&mut self, key: &Object) {
        let used = self.used(key);
        let is_known = self.is_known(&[Kind::Exclusion], &[DEFINITION], key) && self.keeps(&used);
        let is_null = used.iter().any(|it| self.value(it).is_null());
        let has_filter = key.written(DEFINITION).contains(" WHERE ");
        if is_known || self.is_open(&used) || (is_null && !has_filter) {
            return;
        }
        let what = format!("{} of {} excludes some rows", key.id.name, shown(&self.table.id));
        self.push(&key.id, what, None);
    }

    /// Finds the rows whose times overlap.
    pub(super) fn without_overlaps(&mut self, key: &Object) {
        let kinds = [Kind::PrimaryKey, Kind::Unique];
        let Some((range, rest)) = key.list(COLUMNS).split_last() else { return };
        let is_kept = self.keeps(&self.used(key));
        if self.is_known(&kinds, &[COLUMNS, DEFINITION], key) && is_kept {
            return;
        }
        let mut pairs: Vec<String> =
            rest.iter().map(|it| quoted(it)).map(|it| format!("_one.{it} = _other.{it}")).collect();
        let range = quoted(range);
        pairs.push(format!("_one.{range} && _other.{range}"));
        pairs.push("(_one.tableoid, _one.ctid) <> (_other.tableoid, _other.ctid)".to_owned());
        let keeps_names = renamed_columns(self.way.renames, &self.table.id).is_empty();
        let query = (keeps_names && is_kept).then(|| {
            let (rows, pairs) = (full(self.way.from, &self.before.id), pairs.join(" AND "));
            format!(
                "SELECT * FROM {rows} AS _one WHERE isempty({range}) OR EXISTS \
                 (SELECT 1 FROM {rows} AS _other WHERE {pairs})"
            )
        });
        let all: Vec<String> = key.list(COLUMNS).iter().map(|it| quoted(it)).collect();
        let table = shown(&self.table.id);
        let what = format!("no rows of {table} overlap by ({})", all.join(", "));
        self.push(&key.id, what, query);
    }
}
