//! Keys of rows that have to refer to others from now on.

use crate::autogenerate::ddl::postgres::names::{full, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::tighten::certain::is_read_from;
use crate::autogenerate::ddl::postgres::plan::tighten::{
    Rows, is_temporal, old_table, renamed_columns,
};
use crate::catalog::{COLUMNS, Id, Kind, Name, Object, REFERENCES};

impl Rows<'_, '_> {
    /// Finds the rows that refer to nothing.
    pub(super) fn foreign_key(&mut self, key: &Object) {
        let (columns, used) = (key.list(COLUMNS), self.used(key));
        let is_known =
            self.is_known(&[Kind::ForeignKey], &[COLUMNS, REFERENCES], key) && self.keeps(&used);
        let is_null = used.iter().any(|it| self.value(it).is_null());
        if Self::is_lenient(key) || is_known || is_null || self.is_open(&used) {
            return;
        }
        let Some(parent) = self.parent(key) else { return };
        if self.is_read_from(key, &parent) {
            return;
        }
        let own: Vec<String> = columns.iter().map(|it| format!("_child.{}", quoted(it))).collect();
        let mut conditions: Vec<String> =
            own.iter().map(|it| format!("{it} IS NOT NULL")).collect();
        if is_temporal(key) {
            conditions.extend(self.no_period(key, &parent, &own));
        } else {
            conditions.extend(self.no_parent(key, &parent, &own));
        }
        let rows = self.source_of(&used).filter(|_| self.knows_parent(key, &parent));
        let query = rows.map(|rows| {
            let rows = rows.strip_suffix(" AS _row").unwrap_or(&rows);
            format!("SELECT * FROM {rows} AS _child WHERE {}", conditions.join(" AND "))
        });
        let list: Vec<String> = columns.iter().map(|it| quoted(it)).collect();
        let table = shown(&self.table.id);
        let what = format!("{table} ({}) has to refer to {}", list.join(", "), shown(&parent));
        self.push(&key.id, what, query);
    }

    /// Tells whether the value of a key of one column is one to which it refers.
    fn is_read_from(&self, key: &Object, parent: &Id) -> bool {
        let ([own], [column]) = (key.list(COLUMNS), key.list(REFERENCES)) else { return false };
        let own = Id { name: Name::exact(own.clone()), ..part(&self.table.id, Kind::Column) };
        let told = self.sides.how.backfills.get(&own).filter(|_| !self.sides.from.holds(&own));
        told.is_some_and(|it| is_read_from(it, parent.name.as_str(), column))
    }

    /// Tells whether the columns to which a key refers are there with their values, or no rows for them.
    fn knows_parent(&self, key: &Object, parent: &Id) -> bool {
        let columns = key.list(REFERENCES).iter();
        let id = |it: &String| Id { name: Name::exact(it.clone()), ..part(parent, Kind::Column) };
        !self.sides.from.holds(parent) || columns.map(id).all(|it| self.sides.from.holds(&it))
    }

    /// Finds the table to which a foreign key refers.
    fn parent(&self, key: &Object) -> Option<Id> {
        let mut others = key.needs.iter().filter(|it| it.kind == Kind::Table);
        let other = others.find(|it| **it != self.table.id).cloned();
        let of_part = || {
            let parts = key.needs.iter().filter_map(|it| self.sides.to.get(it)?.parent.clone());
            parts.filter(|it| it.kind == Kind::Table).find(|it| *it != self.table.id)
        };
        other.or_else(of_part).or_else(|| Some(self.table.id.clone()))
    }

    /// Returns the table to which a key refers, as it is before, and its columns; a table that is new
    /// has no rows.
    fn referred(&self, key: &Object, parent: &Id) -> Option<(String, Vec<String>)> {
        let table = self.sides.to.get(parent)?;
        let before = old_table(table, self.way, self.sides)?;
        let renamed = renamed_columns(self.way.renames, parent);
        let column = |name: &String| {
            let old = renamed.iter().find(|(_, new)| new == name).map_or(name.as_str(), |it| it.0);
            format!("_parent.{}", quoted(old))
        };
        let columns = key.list(REFERENCES).iter().map(column).collect();
        Some((full(self.way.from, &before.id), columns))
    }

    /// Writes the condition that a key refers to no row; a parent that is new has none.
    fn no_parent(&self, key: &Object, parent: &Id, own: &[String]) -> Option<String> {
        let (parent, columns) = self.referred(key, parent)?;
        let pairs: Vec<String> =
            columns.iter().zip(own).map(|(it, own)| format!("{it} = {own}")).collect();
        let pairs = pairs.join(" AND ");
        Some(format!("NOT EXISTS (SELECT 1 FROM {parent} AS _parent WHERE {pairs})"))
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

/// Returns an id of a part of a table, with a name to be replaced.
fn part(table: &Id, kind: Kind) -> Id {
    let (owner, schema) = (Some(table.name.clone()), table.schema.clone());
    Id { kind, owner, schema, name: table.name.clone() }
}
