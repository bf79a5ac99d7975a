//! Rows that are in the wrong partition from now on.

use crate::autogenerate::ddl::Transition;
use crate::autogenerate::ddl::postgres::names::{full, shown};
use crate::autogenerate::ddl::postgres::plan::Sides;
use crate::autogenerate::ddl::postgres::plan::tighten::{Rows, old_table};
use crate::autogenerate::ddl::postgres::write::table::parents;
use crate::autogenerate::tighten::Tightening;
use crate::catalog::{Kind, Object};
use crate::inspect::postgres::attributes::{BOUND, PARENTS, PARTITION_KEY};

impl Rows<'_, '_> {
    /// Finds the rows of a table that don't fit in its new bound.
    pub(super) fn bound(&mut self) {
        let (from, to) = (self.sides.from, self.sides.to);
        let Some(old) = self.old(&self.table.id) else { return };
        let is_same = [BOUND, PARENTS].iter().all(|it| old.normal(it) == self.table.normal(it));
        let bound = self.table.written(BOUND);
        if !self.table.says(BOUND) || bound == "DEFAULT" || is_same {
            return;
        }
        let Some(parent) = parents(self.table, to).into_iter().next() else { return };
        let Some(parent) = from.get(&parent.id) else { return };
        let rows = self.source();
        let fits = fits(parent.written(PARTITION_KEY), bound);
        let query = fits.map(|fits| format!("SELECT * FROM {rows} WHERE ({fits}) IS NOT TRUE"));
        let table = self.table.id.clone();
        self.push(&table, format!("the rows of {} are {bound}", shown(&table)), query);
    }
}

/// Finds the rows of default partitions that belong in partitions which come.
pub(super) fn of_defaults(way: &Transition<'_>, sides: &Sides<'_>) -> Vec<Tightening> {
    let tables: Vec<&Object> = sides.to.of_kind(Kind::Table).collect();
    let comes = |it: &&&Object| {
        let old = sides.from.get(&it.id);
        let is_same =
            |old: &Object| [BOUND, PARENTS].iter().all(|of| old.normal(of) == it.normal(of));
        it.says(BOUND) && it.written(BOUND) != "DEFAULT" && !old.is_some_and(is_same)
    };
    let mut res = Vec::new();
    for table in tables.iter().filter(comes) {
        let same = |it: &&&Object| {
            it.written(BOUND) == "DEFAULT" && it.normal(PARENTS) == table.normal(PARENTS)
        };
        let Some(rest) = tables.iter().find(same) else { continue };
        let is_default = |it: &&Object| {
            it.written(BOUND) == "DEFAULT" && it.normal(PARENTS) == rest.normal(PARENTS)
        };
        let Some(before) = sides.from.get(&rest.id).filter(is_default) else { continue };
        let Some(parent) = parents(before, sides.from).into_iter().next() else { continue };
        let Some(old) = old_table(rest, way, sides) else { continue };
        let keeps_names = way.renames.columns_of(&rest.id).next().is_none();
        let fits = fits(parent.written(PARTITION_KEY), table.written(BOUND));
        let rows = full(way.from, &old.id);
        let query = fits.filter(|_| keeps_names);
        res.push(Tightening {
            ids: vec![table.id.clone(), rest.id.clone()],
            what: format!("no row of {} belongs in {}", shown(&rest.id), shown(&table.id)),
            query: query.map(|fits| format!("SELECT * FROM {rows} WHERE {fits}")),
            help: Some("detach it, move the rows and attach it"),
            is_told: false,
        });
    }
    res
}

/// Writes the condition that a row fits in a bound, for keys of one column.
fn fits(key: &str, bound: &str) -> Option<String> {
    let inner = |text: &str, head: &str| -> Option<String> {
        Some(text.strip_prefix(head)?.strip_suffix(')')?.to_owned())
    };
    if let Some(column) = inner(key, "LIST (") {
        let values = inner(bound, "FOR VALUES IN (")?;
        let has_null = values.split(", ").any(|it| it == "NULL");
        return (!has_null).then(|| format!("{column} IN ({values})"));
    }
    let column = inner(key, "RANGE (").filter(|it| !it.contains([',', ' ', '(']))?;
    let ends = inner(bound, "FOR VALUES FROM (")?;
    let (least, most) = ends.split_once(") TO (")?;
    let is_many = |it: &str| it.contains(", ");
    if is_many(least) || is_many(most) {
        return None;
    }
    let at_least = (least != "MINVALUE").then(|| format!("{column} >= {least}"));
    let below = (most != "MAXVALUE").then(|| format!("{column} < {most}"));
    let all: Vec<String> = at_least.into_iter().chain(below).collect();
    Some(if all.is_empty() { format!("{column} IS NOT NULL") } else { all.join(" AND ") })
}
