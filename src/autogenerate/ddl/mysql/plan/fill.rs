//! The values of rows that are there: given by the user, or kept while their column is made anew.

use crate::autogenerate::ddl::Plan;
use crate::autogenerate::ddl::mysql::names::{self, named, quoted};
use crate::autogenerate::ddl::mysql::plan::table::{Pair, is_virtual};
use crate::autogenerate::ddl::mysql::{kinds, order, write};
use crate::autogenerate::script::Step;
use crate::catalog::{Catalog, Kind, NOT_NULL, Name, Object, TYPE};
use crate::inspect::mysql::attributes::{CHARACTER_SET, COLLATION, GENERATED, UPDATED};

impl<'a> Pair<'a> {
    /// Returns the expression that fills a column, if it has to be filled before the table is altered:
    /// a new one is added without NOT NULL first.
    pub(super) fn filled(&self, column: &Object) -> Option<&'a str> {
        let fill = self.sides.how.backfill(&self.new.id.name, &column.id.name)?;
        let old = self.sides.from.get(&column.id).filter(|_| self.is_kept(&column.id));
        let becomes = old.is_none_or(|it| !it.says(NOT_NULL)) && column.says(NOT_NULL);
        (column.normal(GENERATED).is_empty() && (becomes || old.is_none())).then_some(fill)
    }

    /// Tells whether the values of a virtual column are kept in another one, which takes its place.
    pub(super) fn is_kept_aside(&self, column: &Object) -> bool {
        let old = self.sides.from.get(&column.id);
        old.is_some_and(|old| {
            is_virtual(old) && !column.says(GENERATED) && kinds::may_be_cast(old, column)
        })
    }

    /// Writes the statement that gives rows a value: what changes with a row stays as it is.
    fn update(&self, column: &str, value: &str, condition: &str) -> String {
        let table = quoted(self.new.id.name.as_str());
        let moments = self.sides.from.parts(Kind::Column, &self.new.id).into_iter();
        let moments = moments.filter(|it| it.says(UPDATED)).map(|it| quoted(it.id.name.as_str()));
        let kept = moments.filter(|it| it != column).map(|it| format!("{it} = {it}"));
        let all: Vec<String> = [format!("{column} = {value}")].into_iter().chain(kept).collect();
        format!("UPDATE {table} SET {}{condition}", all.join(", "))
    }

    /// Tells whether rows get values by UPDATE.
    pub(super) fn is_filled(&self) -> bool {
        let columns = self.sides.to.parts(Kind::Column, &self.new.id);
        columns.into_iter().any(|it| self.filled(it).is_some() || self.is_kept_aside(it))
    }

    /// Adds the steps that give existing rows their values.
    pub(super) fn fill(&self, plan: &mut Plan) {
        let alter = names::alter_table(self.old);
        for column in self.sides.to.parts(Kind::Column, &self.new.id) {
            if self.is_kept_aside(column) {
                let aside = quoted(&aside(&column.id.name));
                let line = format!("{aside} {}", nullable_definition(column));
                let value = quoted(column.id.name.as_str());
                let statements =
                    vec![format!("{alter} ADD COLUMN {line}"), self.update(&aside, &value, "")];
                let title = format!("Keep the values of {}", named(&column.id));
                plan.steps.push(Step::new(column.id.clone(), title, statements));
                continue;
            }
            let Some(fill) = self.filled(column) else { continue };
            let name = quoted(column.id.name.as_str());
            let mut statements = Vec::new();
            let is_new = !self.is_kept(&column.id);
            if is_new {
                let line = nullable(column);
                let place = self.place(self.sides.from, &column.id.name);
                statements.push(format!("{alter} ADD COLUMN {line}{place}"));
            }
            let only = if is_new { String::new() } else { format!(" WHERE {name} IS NULL") };
            statements.push(self.update(&name, fill, &only));
            let title = format!("Fill {}", named(&column.id));
            plan.steps.push(Step::new(column.id.clone(), title, statements));
        }
    }

    /// Returns the place of a new column: behind the nearest column before it that is there.
    fn place(&self, there: &Catalog, column: &Name) -> String {
        let order = order::columns(self.sides.to, &self.new.id);
        let own = order::columns(there, &self.new.id);
        if order.last() == Some(&column) && own.iter().all(|it| order.contains(it)) {
            return String::new();
        }
        let before = order.iter().take_while(|it| **it != column);
        match before.filter(|it| own.contains(it)).last() {
            Some(before) => format!(" AFTER {}", quoted(before.as_str())),
            None => " FIRST".to_owned(),
        }
    }
}

/// Returns the name that a column has while another of its name is there.
pub(super) fn aside(name: &Name) -> String {
    format!("_migrate_new_{name}")
}

/// Writes a new column so that existing rows have no value in it yet: one that is required is changed once
/// they have.
fn nullable(column: &Object) -> String {
    if column.says(NOT_NULL) {
        let name = quoted(column.id.name.as_str());
        return format!("{name} {}", nullable_definition(column));
    }
    write::line(column)
}

fn nullable_definition(column: &Object) -> String {
    let mut res = column.written(TYPE).to_owned();
    for (attribute, words) in [(CHARACTER_SET, " CHARACTER SET "), (COLLATION, " COLLATE ")] {
        if column.says(attribute) {
            res += words;
            res += column.written(attribute);
        }
    }
    res + " NULL"
}
