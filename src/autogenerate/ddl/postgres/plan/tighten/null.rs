//! Columns that refuse NULL from now on.

use crate::autogenerate::ddl::postgres::names::{quoted, shown};
use crate::autogenerate::ddl::postgres::plan::rules::{
    fill_of, may_be_null, names_any, told_values,
};
use crate::autogenerate::ddl::postgres::plan::tighten::certain::is_never_null;
use crate::autogenerate::ddl::postgres::plan::tighten::{BACKFILL, Rows, wrapped};
use crate::autogenerate::ddl::postgres::write::not_null::{self, is_kept};
use crate::autogenerate::ddl::postgres::write::table::{table_of, twins};
use crate::catalog::{Id, Kind, Object, TYPE};
use crate::inspect::postgres::attributes::{GENERATED, IDENTITY, INHERITED};

impl Rows<'_, '_> {
    /// Finds rows with NULL in a column that refuses it from now on.
    pub(super) fn not_null(&mut self, column: &Object) {
        let is_filled = column.says(IDENTITY) || self.is_said_above(column);
        let old = self.old(&column.id);
        if is_kept(column) && column.says(GENERATED) && !is_filled {
            self.computed(column);
            return;
        }
        if !is_kept(column) || is_filled {
            return;
        }
        if let Some(old) = old.filter(|it| is_kept(it)) {
            if let Some(value) = told_values(old, column, self.sides.how.backfills) {
                self.filled(column, value);
            }
            return;
        }
        if let Some((value, _)) = fill_of(column, self.sides) {
            if self.sides.how.backfills.contains_key(&column.id) {
                self.filled(column, &value);
            }
            return;
        }
        let is_new = old.is_none();
        let rows = self.source();
        let name = quoted(column.id.name.as_str());
        let query = if is_new {
            format!("SELECT * FROM {rows}")
        } else {
            format!("SELECT * FROM {rows} WHERE {name} IS NULL")
        };
        let verb = if is_new { "is new and NOT NULL" } else { "becomes NOT NULL" };
        self.push(&column.id, format!("{} {verb}", shown(&column.id)), query);
        if let Some(last) = self.res.last_mut() {
            last.help = Some(BACKFILL);
            last.is_told = is_new;
        }
    }

    /// Finds rows for which the value that the script makes is NULL as well.
    fn filled(&mut self, column: &Object, value: &str) {
        let from = self.sides.from;
        let mut columns = self.sides.to.parts(Kind::Column, &self.table.id);
        let meant: Vec<Id> = self.meant(column, value).iter().map(|it| it.id.clone()).collect();
        columns.retain(|it| from.holds(&it.id) || meant.contains(&it.id));
        let is_full = |it: &&Object| {
            let is_json = it.written(TYPE).starts_with("json");
            !is_json && from.get(&it.id).map_or(it.id != column.id && is_kept(it), is_kept)
        };
        let full: Vec<&Object> = columns.iter().filter(|it| is_full(it)).copied().collect();
        let is_never = is_never_null(value, self.table.id.name.as_str(), &full);
        if is_never || !may_be_null(value, &columns) {
            return;
        }
        let name = quoted(column.id.name.as_str());
        let for_null = self.old(&column.id).filter(|old| {
            // Other expressions make all values.
            told_values(old, column, self.sides.how.backfills).is_none()
        });
        let empty = for_null.map(|_| format!("{name} IS NULL AND ")).unwrap_or_default();
        let query =
            format!("SELECT * FROM {} WHERE {empty}{} IS NULL", self.own_rows(), wrapped(value));
        let what = format!("{} is NOT NULL, and {value} can be NULL", shown(&column.id));
        let query = self.can_ask(column, value).then_some(query);
        self.push(&column.id, what, query);
    }

    /// Tells whether what a column refuses is said of the parent's: it is new, or refuses NULL from now on.
    fn is_said_above(&self, column: &Object) -> bool {
        let to = self.sides.to;
        let is_changed = |it: &&Object| self.old(&it.id).is_none_or(|old| !is_kept(old));
        let above = table_of(&column.id, to).map(|it| twins(&column.id, it, to));
        column.aside.contains_key(INHERITED)
            && (not_null::name(column).is_none() || above.iter().flatten().any(is_changed))
    }

    /// Finds rows for which a generated column that refuses NULL would be NULL.
    fn computed(&mut self, column: &Object) {
        let value = column.written(GENERATED);
        let old = self.old(&column.id).filter(|it| is_kept(it));
        if old.is_some_and(|it| it.normal(GENERATED) == column.normal(GENERATED)) {
            return;
        }
        let columns = self.sides.to.parts(Kind::Column, &self.table.id);
        let (known, new): (Vec<&Object>, Vec<&Object>) =
            columns.into_iter().partition(|it| self.sides.from.holds(&it.id));
        let open: Vec<&Object> = known.into_iter().filter(|it| !is_kept(it)).collect();
        if !may_be_null(value, &open) || names_any(value, &new) {
            return;
        }
        let query = format!("SELECT * FROM {} WHERE {} IS NULL", self.source(), wrapped(value));
        let what = format!("{} is NOT NULL, and {value} can be NULL", shown(&column.id));
        self.push(&column.id, what, query);
    }
}
