//! Rules that existing rows may violate, and the queries for such rows.
//!
//! A query refers to the database as it is before the script, by its old names.

use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::mysql::kinds;
use crate::autogenerate::ddl::mysql::names::{named, quoted};
use crate::autogenerate::ddl::mysql::plan::Sides;
use crate::autogenerate::tighten::Tightening;
use crate::catalog::{COLUMNS, EXPRESSION, Id, Kind, NOT_NULL, Name, Object, UNIQUE};
use crate::inspect::mysql::attributes::{GENERATED, NOT_ENFORCED};

const BACKFILL: &str = "`-- backfill: EXPRESSION` on the line of the column in the schema fills it";

/// Finds all stricter rules of tables that stay.
pub(super) fn find(sides: &Sides<'_>, way: &Transition<'_>) -> Vec<Tightening> {
    let mut res = Vec::new();
    for table in sides.both_tables() {
        let rules = Rules { sides, way, table };
        for column in sides.to.parts(Kind::Column, &table.id) {
            res.extend(rules.not_null(column));
        }
        for part in sides.to.objects.values().filter(|it| it.parent.as_ref() == Some(&table.id)) {
            if sides.from.get(&part.id).is_none_or(|it| it.statement() != part.statement()) {
                res.extend(rules.rule(part));
            }
        }
    }
    res
}

fn told(id: &Id, what: String, query: Option<String>) -> Tightening {
    Tightening { ids: vec![id.clone()], what, query, help: None, is_told: false }
}

struct Rules<'a> {
    sides: &'a Sides<'a>,
    way: &'a Transition<'a>,
    table: &'a Object,
}

impl Rules<'_> {
    /// Returns the old name of the table, in backticks.
    fn table(&self) -> String {
        let name = &self.table.id.name;
        quoted(self.way.renames.old_table(name).unwrap_or(name).as_str())
    }

    /// Returns the old name of a column that was there before, in backticks.
    fn column(&self, name: &Name) -> Option<String> {
        let id =
            Id { schema: self.table.id.schema.clone(), ..Id::column(&self.table.id.name, name) };
        self.sides.from.get(&id)?;
        let old = self.way.renames.old_column(&self.table.id.name, name);
        Some(quoted(old.unwrap_or(name).as_str()))
    }

    fn not_null(&self, column: &Object) -> Option<Tightening> {
        let old = self.sides.from.get(&column.id);
        let was = old.is_some_and(|it| it.says(NOT_NULL));
        let fill = self.sides.how.backfill(&self.table.id.name, &column.id.name);
        if !column.says(NOT_NULL) || was || fill.is_some() || column.says(GENERATED) {
            return None;
        }
        if old.is_none() {
            // A new column gets its default, or the one of its type: of dates there is none.
            let query = format!("SELECT * FROM {}", self.table());
            let what = format!("{} has no value for rows that are there", named(&column.id));
            let told = Tightening { help: Some(BACKFILL), ..told(&column.id, what, Some(query)) };
            return kinds::has_no_value(column).then_some(told);
        }
        let name = self.column(&column.id.name)?;
        let query = format!("SELECT * FROM {} WHERE {name} IS NULL", self.table());
        let what = format!("{} becomes NOT NULL", named(&column.id));
        Some(Tightening { help: Some(BACKFILL), ..told(&column.id, what, Some(query)) })
    }

    fn rule(&self, part: &Object) -> Option<Tightening> {
        let columns = || -> Option<Vec<String>> {
            part.list(COLUMNS).iter().map(|it| self.column(&Name::any_case(it))).collect()
        };
        let what = named(&part.id);
        let is_key = part.id.kind == Kind::PrimaryKey || part.says(UNIQUE);
        if is_key {
            let query = columns().map(|all| {
                let (list, table) = (all.join(", "), self.table());
                format!("SELECT {list}, count(*) FROM {table} GROUP BY {list} HAVING count(*) > 1")
            });
            return Some(told(&part.id, format!("{what} refuses duplicates"), query));
        }
        if part.id.kind == Kind::Check && !part.says(NOT_ENFORCED) {
            let condition = part.written(EXPRESSION);
            let is_old = self.way.renames.is_empty();
            let query =
                is_old.then(|| format!("SELECT * FROM {} WHERE NOT ({condition})", self.table()));
            return Some(told(&part.id, format!("{what}: {condition}"), query));
        }
        let is_link = part.id.kind == Kind::ForeignKey;
        is_link.then(|| told(&part.id, format!("{what} refuses rows without their parent"), None))
    }
}
