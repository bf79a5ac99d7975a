//! Rules of a script that rows may break, and the queries for such rows.
//!
//! A query refers to the database as it is before the script, by its old names.

mod certain;
mod future;
mod keys;
mod null;
mod partitions;
mod references;
mod values;

use crate::autogenerate::Renames;
use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::postgres::names::{full, literal, quoted, shown};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::rules::cast::never;
use crate::autogenerate::ddl::postgres::plan::rules::told_values;
use crate::autogenerate::ddl::postgres::write::table::{is_inherited, parents};
use crate::autogenerate::tighten::Tightening;
use crate::catalog::{Attribute, Id, Kind, Object, TYPE, UNIQUE};
use crate::inspect::postgres::attributes::{
    BOUND, DEFINITION, GENERATED, INHERITED, LABELS, NOT_ENFORCED, NOT_VALID,
};
use crate::sql::{Dialect, Lexer};

/// The remedy against values that an enum loses while others come.
const RENAMED_VALUE: &str =
    "if a new value is an old one by another name, `-- renamed from: OLD` on its line says so";

const BACKFILL: &str = "`-- backfill: EXPRESSION` on the line of the column in the schema fills it";

/// Finds the rules that become stricter for tables with rows.
pub(in super::super) fn tightenings(way: &Transition<'_>, sides: &Sides<'_>) -> Vec<Tightening> {
    let mut res = Vec::new();
    for table in sides.to.of_kind(Kind::Table) {
        let Some(before) = old_table(table, way, sides) else { continue };
        let mut rows = Rows { table, before, way, sides, res: Vec::new() };
        for column in sides.to.parts(Kind::Column, &table.id) {
            rows.not_null(column);
            rows.of_no_use(column);
        }
        for kind in [Kind::PrimaryKey, Kind::Unique] {
            for key in sides.to.parts(kind, &table.id) {
                rows.unique(key);
            }
        }
        let indexes = sides.to.of_kind(Kind::Index);
        let indexes = indexes.filter(|it| it.parent.as_ref() == Some(&table.id) && it.says(UNIQUE));
        for index in indexes {
            rows.unique(index);
        }
        for check in sides.to.parts(Kind::Check, &table.id) {
            rows.check(check);
        }
        for exclusion in sides.to.parts(Kind::Exclusion, &table.id) {
            rows.exclusion(exclusion);
        }
        for key in sides.to.parts(Kind::ForeignKey, &table.id) {
            rows.foreign_key(key);
        }
        for column in sides.to.parts(Kind::Column, &table.id) {
            rows.values(column);
            rows.domain(column);
            rows.of_new_domain(column);
            rows.cast(column);
        }
        rows.bound();
        res.extend(rows.res);
    }
    res.extend(partitions::of_defaults(way, sides));
    res
}

/// Finds a table of the wanted catalog as it is before the renames.
fn old_table<'a>(table: &Object, way: &Transition<'a>, sides: &Sides<'a>) -> Option<&'a Object> {
    sides.from.get(&table.id)?;
    way.from.get(&way.renames.before(&table.id)?)
}

/// The rows of a table, before and after.
struct Rows<'r, 'a> {
    table: &'r Object,
    before: &'r Object,
    way: &'r Transition<'a>,
    sides: &'r Sides<'a>,
    res: Vec<Tightening>,
}

impl Rows<'_, '_> {
    fn push(&mut self, id: &Id, what: String, query: impl Into<Option<String>>) {
        let (ids, query) = (vec![id.clone(), self.table.id.clone()], query.into());
        self.res.push(Tightening { ids, what, query, help: None, is_told: false });
    }

    /// Finds an object as it is before the script, by its new name.
    fn old(&self, id: &Id) -> Option<&Object> {
        self.sides.from.get(id)
    }

    /// Writes the rows as a table in FROM, with the new names of columns.
    fn source(&self) -> String {
        let table = full(self.way.from, &self.before.id);
        let renamed = renamed_columns(self.way.renames, &self.table.id);
        let column = |(old, new): &(&str, &str)| format!("{} AS {}", quoted(old), quoted(new));
        let columns: Vec<String> = renamed.iter().map(column).collect();
        if columns.is_empty() {
            return table;
        }
        format!("(SELECT *, {} FROM {table}) AS _row", columns.join(", "))
    }

    /// Finds a column whose values can't become those of its new type.
    fn of_no_use(&mut self, column: &Object) {
        let Some(old) = self.old(&column.id).filter(|_| !column.says(GENERATED)) else { return };
        let (before, after) = (old.written(TYPE), column.written(TYPE));
        let is_told = told_values(old, column, self.sides.how.backfills).is_some();
        if is_told || column.aside.contains_key(INHERITED) || !never(before, after) {
            return;
        }
        let (place, name) = (shown(&column.id), quoted(column.id.name.as_str()));
        let what = format!("no value of {place} can become {after}");
        let query = format!("SELECT * FROM {} WHERE {name} IS NOT NULL", self.source());
        self.push(&column.id, what, query);
        if let Some(last) = self.res.last_mut() {
            last.help = Some(BACKFILL);
        }
    }

    /// Finds the values of an enum that a column can have and its type loses.
    fn values(&mut self, column: &Object) {
        let types = column.needs.iter().filter(|it| it.kind == Kind::Enum);
        for id in types {
            let both = self.sides.from.get(id).zip(self.sides.to.get(id));
            let Some((old, new)) = both.filter(|_| self.sides.from.holds(&column.id)) else {
                continue;
            };
            let gone = old.list(LABELS).iter().filter(|it| !new.list(LABELS).contains(it));
            let gone: Vec<String> = gone.map(|it| literal(it)).collect();
            let of_root = is_inherited(column) && self.old(&column.id).is_some_and(is_inherited);
            // The query on the table above finds the rows of its partitions.
            if gone.is_empty() || column.written(TYPE).ends_with("[]") || of_root {
                continue;
            }
            let comes = new.list(LABELS).iter().any(|it| !old.list(LABELS).contains(it));
            let (name, gone) = (quoted(column.id.name.as_str()), gone.join(", "));
            let query = format!("SELECT * FROM {} WHERE {name}::text IN ({gone})", self.source());
            let what = format!("{} has no value that {} loses", shown(&column.id), shown(id));
            self.push(id, what, query);
            if let Some(last) = self.res.last_mut().filter(|_| comes) {
                last.help = Some(RENAMED_VALUE);
            }
        }
    }

    /// Tells whether another object of the same kinds says the same already.
    fn is_known(&self, kinds: &[Kind], says: &[Attribute], new: &Object) -> bool {
        let from = self.sides.from;
        let here = from.get(&self.table.id);
        // A partition keeps to what its table says.
        let above = here.filter(|it| it.says(BOUND)).map(|it| parents(it, from));
        let tables: Vec<&Id> = above.iter().flatten().chain(&here).map(|it| &it.id).collect();
        let own = |kind: &Kind| {
            let all = from.of_kind(*kind);
            let tables = &tables;
            all.filter(move |it| it.parent.as_ref().is_some_and(|it| tables.contains(&it)))
        };
        let is_same = |it: &Object| {
            says.iter().all(|what| it.attributes.get(what) == new.attributes.get(what))
                && (it.says(UNIQUE) || it.id.kind != Kind::Index)
                && (nulls_meet(it) || !nulls_meet(new))
                && (is_temporal(it) == is_temporal(new))
                && !it.says(NOT_VALID)
                && !it.says(NOT_ENFORCED)
        };
        kinds.iter().flat_map(own).any(is_same)
    }

    fn is_lenient(key: &Object) -> bool {
        key.says(NOT_VALID) || key.says(NOT_ENFORCED)
    }
}

/// Tells whether a unique key treats NULL as equal to NULL.
fn nulls_meet(key: &Object) -> bool {
    key.written(DEFINITION).contains("NULLS NOT DISTINCT")
}

/// Tells whether a key is about times: no two rows may overlap, or others have to cover a row.
fn is_temporal(key: &Object) -> bool {
    let text = key.written(DEFINITION);
    if key.id.kind == Kind::ForeignKey {
        return text.contains("PERIOD ");
    }
    [Kind::PrimaryKey, Kind::Unique].contains(&key.id.kind) && text.contains(" WITHOUT OVERLAPS")
}

/// Puts an expression in parentheses, unless it is in some already.
fn wrapped(expression: &str) -> String {
    let mut depth = 0_usize;
    let tokens: Vec<_> = Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).collect();
    let closes = tokens.iter().position(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    let is_wrapped = closes.is_some_and(|at| at > 0 && at + 1 == tokens.len());
    if is_wrapped { expression.to_owned() } else { format!("({expression})") }
}

/// Returns the old and new names of the columns of a table.
fn renamed_columns<'r>(renames: &'r Renames, table: &Id) -> Vec<(&'r str, &'r str)> {
    renames.columns_of(table).map(|(old, new)| (old.as_str(), new.as_str())).collect()
}
