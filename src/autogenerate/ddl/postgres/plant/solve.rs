//! The values of columns, so that conditions hold: the server is asked for them.

use std::collections::{BTreeMap, BTreeSet};

use crate::autogenerate::ddl::found::literals;
use crate::autogenerate::ddl::postgres::names::{literal, quoted};
use crate::autogenerate::ddl::postgres::plant::facts::{Check, Column, Table};
use crate::autogenerate::ddl::postgres::plant::types::{Shape, Typed, Types};
use crate::database::Row;
use crate::sql::Dialect;

/// The most combinations of values that the server tries.
const MOST: usize = 200_000;

/// The most combinations that the server returns.
pub(super) const SOLUTIONS: usize = 24;

/// A column of a table for which values are sought.
#[derive(Debug, Clone)]
pub(super) struct Field<'a> {
    pub(super) column: &'a Column,
    /// The wanted column, if another table has to take the value.
    pub(super) wanted: Option<&'a Column>,
    /// The values that are asked about; none stands for NULL.
    pub(super) candidates: Vec<Option<String>>,
    /// Whether the candidates are all that can be: those of a parent's rows.
    pub(super) is_bound: bool,
}

/// Columns whose values depend on each other, and what must hold for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Group {
    /// The positions of the fields.
    pub(super) fields: Vec<usize>,
    present: Vec<String>,
    /// The conditions of the wanted table.
    wanted: Vec<String>,
}

impl Field<'_> {
    /// Returns the conditions of the domains that the column is of.
    fn domain_checks<'t>(&self, types: &'t Types) -> Vec<&'t str> {
        let mut res = types.checks(self.column.typed);
        for check in self.wanted.map(|it| types.checks(it.typed)).unwrap_or_default() {
            if !res.contains(&check) {
                res.push(check);
            }
        }
        res
    }

    fn in_wanted(&self) -> &str {
        self.wanted.map_or("", |it| &it.name)
    }
}

/// The conditions of a present table, and of the one that its rows have to go to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conditions<'a> {
    pub(super) present: &'a [Check],
    pub(super) wanted: &'a [Check],
}

impl<'a> Conditions<'a> {
    pub(super) fn of(present: &'a Table, wanted: Option<&'a Table>) -> Self {
        Self { present: &present.checks, wanted: wanted.map_or(&[], |it| &it.checks) }
    }

    /// Returns the candidates of a column that is bound to nothing.
    pub(super) fn candidates(&self, field: &Field<'_>, types: &Types) -> Vec<String> {
        let own = self.present.iter().filter(|it| it.columns.contains(&field.column.name));
        let wanted = field.in_wanted();
        let others = self.wanted.iter().filter(|it| it.columns.iter().any(|it| it == wanted));
        let texts = own.chain(others).map(|it| it.condition.as_str());
        let found = literals(Dialect::Postgres, texts.chain(field.domain_checks(types)));
        let at = usize::try_from(field.column.number).unwrap_or_default();
        let mut res = types.candidates(field.column.typed, at, &found);
        let other = field.wanted.map(|it| it.typed);
        if let Some(typed) = other.filter(|it| !same(types, *it, field.column.typed)) {
            let more = types.candidates(typed, at, &found).into_iter();
            let more: Vec<String> = more.filter(|it| !res.contains(it)).collect();
            res.extend(more);
        }
        res
    }

    /// Finds the columns that share conditions.
    pub(super) fn groups(&self, fields: &[Field<'_>], types: &Types) -> Vec<Group> {
        let mut roots: Vec<usize> = (0..fields.len()).collect();
        let at_present = |name: &String| fields.iter().position(|it| it.column.name == *name);
        let at_wanted = |name: &String| fields.iter().position(|it| it.in_wanted() == name);
        let mut found = Vec::new();
        for (check, is_wanted) in
            self.present.iter().map(|it| (it, false)).chain(self.wanted.iter().map(|it| (it, true)))
        {
            let places = check
                .columns
                .iter()
                .map(|name| if is_wanted { at_wanted(name) } else { at_present(name) });
            // A column without a field is generated, or new.
            let Some(places) = places.collect::<Option<Vec<usize>>>() else { continue };
            let Some(first) = places.first() else { continue };
            for other in &places {
                let (from, to) = (root(&roots, *other), root(&roots, *first));
                if let Some(it) = roots.get_mut(from) {
                    *it = to;
                }
            }
            found.push((*first, check.condition.clone(), is_wanted));
        }
        let mut res: BTreeMap<usize, Group> = BTreeMap::new();
        let with_checks: BTreeSet<usize> = found.iter().map(|it| root(&roots, it.0)).collect();
        for (at, field) in fields.iter().enumerate() {
            let own = root(&roots, at);
            if with_checks.contains(&own) || !field.domain_checks(types).is_empty() {
                res.entry(own).or_default().fields.push(at);
            }
        }
        for (at, condition, is_wanted) in found {
            if let Some(group) = res.get_mut(&root(&roots, at)) {
                let list = if is_wanted { &mut group.wanted } else { &mut group.present };
                if !list.contains(&condition) {
                    list.push(condition);
                }
            }
        }
        res.into_values().collect()
    }
}

/// Writes a value of one type as one of another.
pub(super) fn cast(value: &str, from: Typed, to: Typed, types: &Types) -> String {
    let is_plain =
        |it: Typed| types.get(types.base(it).id).is_some_and(|it| it.shape == Shape::Plain);
    let via = if is_plain(from) && is_plain(to) { "" } else { "::text" };
    format!("{value}{via}::{}", types.written(to))
}

/// Tells whether values of two types are the same texts.
pub(super) fn same(types: &Types, one: Typed, other: Typed) -> bool {
    types.base(one) == types.base(other)
}

fn root(roots: &[usize], mut at: usize) -> usize {
    while let Some(next) = roots.get(at).filter(|it| **it != at) {
        at = *next;
    }
    at
}

impl Group {
    /// Writes the query for values with which all conditions hold, in the order of the fields.
    pub(super) fn query(&self, fields: &[Field<'_>], types: &Types) -> String {
        let own: Vec<&Field<'_>> = self.fields.iter().filter_map(|at| fields.get(*at)).collect();
        let cap = cap(own.len());
        let sources: Vec<String> =
            own.iter().enumerate().map(|(at, it)| it.source(at, cap, types)).collect();
        let mut conditions: Vec<String> =
            self.present.iter().map(|it| format!("({it}) IS NOT FALSE")).collect();
        if !self.wanted.is_empty() {
            conditions.push(self.in_wanted(&own, types));
        }
        let names: Vec<String> = own.iter().map(|it| quoted(&it.column.name)).collect();
        let texts: Vec<String> = names.iter().map(|it| format!("{it}::text")).collect();
        let conditions =
            if conditions.is_empty() { "true".to_owned() } else { conditions.join(" AND ") };
        format!(
            "SELECT {} FROM {} WHERE {conditions} \
             ORDER BY pg_catalog.hashtext(ROW({})::text) LIMIT {SOLUTIONS}",
            texts.join(", "),
            sources.join(" CROSS JOIN "),
            texts.join(", ")
        )
    }

    /// Writes that the wanted conditions hold, for which columns have other names and types.
    fn in_wanted(&self, own: &[&Field<'_>], types: &Types) -> String {
        let columns = own.iter().enumerate().filter_map(|(at, field)| {
            let (wanted, column) = (field.wanted?, field.column);
            let name = format!("c{at}.{}", quoted(&column.name));
            let (before, after) = (types.base(column.typed), types.base(wanted.typed));
            let value =
                if before.id == after.id { name } else { cast(&name, before, after, types) };
            Some(format!("{value} AS {}", quoted(&wanted.name)))
        });
        let columns: Vec<String> = columns.collect();
        let all: Vec<String> =
            self.wanted.iter().map(|it| format!("({it}) IS NOT FALSE")).collect();
        format!(
            "EXISTS (SELECT FROM (SELECT {}) w WHERE {})",
            columns.join(", "),
            all.join(" AND ")
        )
    }
}

impl Field<'_> {
    /// Writes the candidates as a source of rows.
    fn source(&self, at: usize, cap: usize, types: &Types) -> String {
        let (name, type_name) = (quoted(&self.column.name), types.written(self.column.typed));
        let value = |it: &Option<String>| match it {
            Some(text) => format!("({}::{type_name})", literal(text)),
            None => format!("(NULL::{type_name})"),
        };
        let has_null = cap > 1 && self.candidates.contains(&None);
        let texts = self.candidates.iter().filter(|it| it.is_some());
        let candidates = texts.take(if has_null { cap - 1 } else { cap });
        let candidates = candidates.chain(has_null.then_some(&None));
        let values: Vec<String> = candidates.map(value).collect();
        let values = values.join(", ");
        let checks = self.domain_checks(types);
        if checks.is_empty() {
            return format!("(VALUES {values}) c{at}({name})");
        }
        let checks: Vec<String> = checks.iter().map(|it| format!("({it}) IS NOT FALSE")).collect();
        let checks = checks.join(" AND ");
        format!("(SELECT value FROM (VALUES {values}) v(value) WHERE {checks}) c{at}({name})")
    }
}

/// Returns how many candidates each of some fields may have.
fn cap(fields: usize) -> usize {
    let product = |each: usize| (0..fields).try_fold(1_usize, |all, _| all.checked_mul(each));
    (2..=13).rev().find(|each| product(*each).is_some_and(|all| all <= MOST)).unwrap_or(1)
}

/// Writes one query for several groups: the position of the group stands before its values.
pub(super) fn query_of_all(groups: &[Group], fields: &[Field<'_>], types: &Types) -> String {
    let width = groups.iter().map(|it| it.fields.len()).max().unwrap_or_default();
    let parts = groups.iter().enumerate().map(|(at, group)| {
        let rest = ", NULL::text".repeat(width - group.fields.len());
        format!("(SELECT {at}, s.*{rest} FROM ({}) s)", group.query(fields, types))
    });
    parts.collect::<Vec<_>>().join(" UNION ALL ")
}

/// Orders solutions so that those with the fewest NULLs come first.
pub(super) fn ordered(mut solutions: Vec<Row>) -> Vec<Row> {
    solutions.sort_by_key(|row| row.iter().filter(|it| it.is_none()).count());
    solutions
}

/// Chooses a solution for a row; the third row takes those with many NULLs.
pub(super) fn chosen(solutions: &[Row], row: usize, attempt: usize) -> Option<&Row> {
    let count = solutions.len().max(1);
    let at = if row % 3 == 2 {
        2 * count - 1 - attempt % count
    } else {
        row * (count / 3).max(1) + attempt
    };
    solutions.get(at % count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(number: i32, name: &str) -> Column {
        let typed = Typed { id: 1, modifier: -1 };
        Column {
            number,
            name: name.to_owned(),
            typed,
            is_required: false,
            has_default: false,
            is_generated: false,
            is_virtual: false,
        }
    }

    fn check(columns: &[&str], condition: &str) -> Check {
        let columns = columns.iter().map(|it| (*it).to_owned()).collect();
        Check { columns, condition: condition.to_owned() }
    }

    #[test]
    fn columns_that_share_a_condition_are_asked_about_together() {
        let types = Types::of([(1, "text", Shape::Plain)]);
        let columns = ["a", "b", "c", "d"].map(|it| column(1, it));
        let fields: Vec<Field<'_>> = columns
            .iter()
            .map(|column| Field {
                column,
                wanted: Some(column),
                candidates: vec![Some("x".into()), None],
                is_bound: false,
            })
            .collect();
        let present = [check(&["a", "c"], "a < c"), check(&["d"], "d > ''")];
        let wanted = [check(&["c"], "c <> ''"), check(&["b", "z"], "b = z")];
        let groups = Conditions { present: &present, wanted: &wanted }.groups(&fields, &types);
        let places: Vec<&[usize]> = groups.iter().map(|it| it.fields.as_slice()).collect();
        assert_eq!(places, [&[0, 2][..], &[3]]);
        assert_eq!(
            groups[0].query(&fields, &types),
            "SELECT a::text, c::text FROM (VALUES ('x'::text), (NULL::text)) c0(a) CROSS JOIN \
             (VALUES ('x'::text), (NULL::text)) c1(c) WHERE (a < c) IS NOT FALSE AND EXISTS (SELECT FROM \
             (SELECT c0.a AS a, c1.c AS c) w WHERE (c <> '') IS NOT FALSE) \
             ORDER BY pg_catalog.hashtext(ROW(a::text, c::text)::text) LIMIT 24"
        );
    }

    #[test]
    fn combinations_are_limited() {
        assert_eq!([1, 4, 5, 8, 17, 40].map(cap), [13, 13, 11, 4, 2, 1]);
    }

    #[test]
    fn rows_take_different_solutions() {
        let solutions: Vec<Row> = ["a", "b", "c"].map(|it| vec![Some(it.to_owned())]).into();
        let names = |attempt| {
            (0..3)
                .map(|row| chosen(&solutions, row, attempt).unwrap()[0].clone().unwrap())
                .collect::<String>()
        };
        assert_eq!(names(0), "abc");
        assert_eq!(names(1), "bcb");
        assert!(chosen(&[], 0, 0).is_none());
    }
}
