//! Keys whose columns, expressions or times are not compared as they are in the rows.

use crate::autogenerate::ddl::postgres::names::{full, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::rules::cast;
use crate::autogenerate::ddl::postgres::plan::tighten::{Rows, renamed_columns, wrapped};
use crate::catalog::{COLUMNS, Id, Kind, Name, Object, TYPE};
use crate::inspect::postgres::attributes::{COLLATION, DEFINITION, GENERATED};

/// The type of texts that are equal in whatever case.
const CITEXT: &str = ".citext";

impl Rows<'_, '_> {
    /// Tells whether everything that a key uses is there before the script.
    pub(super) fn knows_needs(&self, key: &Object) -> bool {
        let mut columns = key.needs.iter().filter(|it| it.kind == Kind::Column);
        columns.all(|it| self.sides.from.holds(it))
    }

    fn column(&self, name: &str) -> Option<(&Object, &Object)> {
        let id = Id {
            kind: Kind::Column,
            owner: Some(self.table.id.name.clone()),
            name: Name::exact(name),
            schema: self.table.id.schema.clone(),
        };
        self.sides.from.get(&id).zip(self.sides.to.get(&id))
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
        let is_known = self.is_known(&[Kind::Exclusion], &[DEFINITION], key);
        if is_known || !self.knows_needs(key) {
            return;
        }
        let what = format!("{} of {} excludes some rows", key.id.name, shown(&self.table.id));
        self.push(&key.id, what, None);
    }

    /// Finds the rows whose times overlap.
    pub(super) fn without_overlaps(&mut self, key: &Object) {
        let kinds = [Kind::PrimaryKey, Kind::Unique];
        let Some((range, rest)) = key.list(COLUMNS).split_last() else { return };
        if self.is_known(&kinds, &[COLUMNS, DEFINITION], key) {
            return;
        }
        let mut pairs: Vec<String> =
            rest.iter().map(|it| quoted(it)).map(|it| format!("_one.{it} = _other.{it}")).collect();
        let range = quoted(range);
        pairs.push(format!("_one.{range} && _other.{range}"));
        pairs.push("(_one.tableoid, _one.ctid) <> (_other.tableoid, _other.ctid)".to_owned());
        let keeps_names = renamed_columns(self.way.renames, &self.table.id).is_empty();
        let query = keeps_names.then(|| {
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

    /// Writes the condition that no rows of another table cover the time of a row.
    pub(super) fn no_period(&self, key: &Object, parent: &Id, own: &[String]) -> Option<String> {
        let (parent, columns) = self.referred(key, parent)?;
        let (range, rest) = columns.split_last()?;
        let (own_range, own) = own.split_last()?;
        let pairs: Vec<String> =
            rest.iter().zip(own).map(|(it, own)| format!("{it} = {own}")).collect();
        let pairs = pairs.join(" AND ");
        Some(format!(
            "({own_range} <@ (SELECT range_agg({range}) FROM {parent} AS _parent WHERE {pairs})) \
             IS NOT TRUE"
        ))
    }
}
