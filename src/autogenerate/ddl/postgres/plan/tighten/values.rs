//! Values that a type, a domain or a check refuses from now on.

use crate::autogenerate::ddl::postgres::names::{quoted, shown, shown_owner};
use crate::autogenerate::ddl::postgres::plan::rules::cast::{cast, never, of_columns};
use crate::autogenerate::ddl::postgres::plan::rules::{told_values, words};
use crate::autogenerate::ddl::postgres::plan::tighten::{Rows, wrapped};
use crate::catalog::{EXPRESSION, Kind, NOT_NULL, Object, TYPE};
use crate::inspect::postgres::attributes::{GENERATED, INHERITED, LABELS};
use crate::sql::{Dialect, Lexer};

/// The words by which a check can refuse NULL.
const OF_NULL: [&str; 8] =
    ["null", "coalesce", "and", "or", "case", "num_nulls", "num_nonnulls", "distinct"];

impl Rows<'_, '_> {
    /// Finds the rows that a check refuses from now on.
    pub(super) fn check(&mut self, check: &Object) {
        let used = self.used(check);
        if Self::is_lenient(check) || self.is_open(&used) {
            return;
        }
        let (is_known, keeps) =
            (self.is_known(&[Kind::Check], &[EXPRESSION], check), self.keeps(&used));
        if is_known && keeps {
            self.known_check(check);
            return;
        }
        if !keeps && self.is_proven(check, &used, is_known) {
            return;
        }
        let expression = wrapped(check.written(EXPRESSION));
        let query = self.source_of(&used);
        let query = query.map(|rows| format!("SELECT * FROM {rows} WHERE NOT {expression}"));
        self.push(&check.id, format!("CHECK {expression} of {}", shown_owner(&check.id)), query);
    }

    /// Tells whether rows can't break a check by new values: they are NULL, or the same in all rows, which
    /// the proof of the script tries.
    fn is_proven(&self, check: &Object, used: &[&Object], is_known: bool) -> bool {
        // What compares with NULL holds.
        let words = words(check.written(EXPRESSION));
        let is_simple = !OF_NULL.iter().any(|it| words.contains(*it));
        let is_same = |it: &&Object| self.value(it).is_same();
        let is_new = |it: &&Object| self.old(&it.id).is_none();
        let is_null = is_simple && used.iter().any(|it| self.value(it).is_null());
        is_null
            || (used.iter().all(|it| is_same(it) && is_new(it)))
            || (is_known && used.len() == 1 && used.iter().all(is_same))
    }

    /// Finds the values of a column that a domain refuses which becomes its type.
    pub(super) fn of_new_domain(&mut self, column: &Object) {
        let to = self.sides.to;
        let old = self.old(&column.id);
        let is_new = |it: &&Object| old.is_none_or(|old| !old.needs.contains(&it.id));
        let domains = column.needs.iter().filter_map(|it| to.get(it));
        let domains = domains.filter(|it| it.id.kind == Kind::Domain).filter(is_new);
        let domains: Vec<&Object> = domains.collect();
        let is_said = column.aside.contains_key(INHERITED) || column.says(GENERATED);
        let is_array = column.written(TYPE).ends_with("[]");
        let value = self.value(column);
        if is_said || is_array || value.is_same() || self.is_open(&[column]) {
            return;
        }
        let before = old.filter(|_| value.is_own()).map(|it| it.written(TYPE).to_owned());
        let was_open = old.is_some_and(|it| !it.says(NOT_NULL));
        let (place, name) = (shown(&column.id), quoted(column.id.name.as_str()));
        for domain in domains {
            let base = domain.written(TYPE);
            let is_safe = |it: &&String| *it == base || !cast(it, base).needs_using;
            let rows = before.as_ref().filter(is_safe).map(|_| self.source());
            if domain.says(NOT_NULL) && was_open {
                let query =
                    rows.as_ref().map(|it| format!("SELECT * FROM {it} WHERE {name} IS NULL"));
                let what = format!("{place} has no NULL, which {} refuses", shown(&domain.id));
                self.push(&column.id, what, query);
            }
            let checks = to.parts(Kind::DomainCheck, &domain.id).into_iter();
            for check in checks.filter(|it| !Self::is_lenient(it)) {
                let expression = wrapped(check.written(EXPRESSION));
                let of_column =
                    wrapped(&with_value(&expression, &format!("CAST({name} AS {base})")));
                let query =
                    rows.as_ref().map(|it| format!("SELECT * FROM {it} WHERE NOT {of_column}"));
                let what = format!("CHECK {expression} of {} for {place}", shown(&domain.id));
                self.push(&column.id, what, query);
            }
        }
    }

    /// Finds the values of a column that a domain refuses from now on.
    pub(super) fn domain(&mut self, column: &Object) {
        if self.old(&column.id).is_none() {
            return;
        }
        let (from, to) = (self.sides.from, self.sides.to);
        let own = |id| from.get(id).zip(to.get(id));
        let domains = column.needs.iter().filter(|it| it.kind == Kind::Domain).filter_map(own);
        let is_array = column.written(TYPE).ends_with("[]");
        let name = quoted(column.id.name.as_str());
        for (old, new) in domains {
            let place = shown(&column.id);
            if new.says(NOT_NULL) && !old.says(NOT_NULL) {
                let query = format!("SELECT * FROM {} WHERE {name} IS NULL", self.source());
                let what = format!("{place} has no NULL, which {} refuses", shown(&new.id));
                self.push(&new.id, what, (!is_array).then_some(query));
            }
            let before = from.parts(Kind::DomainCheck, &old.id);
            for check in to.parts(Kind::DomainCheck, &new.id) {
                let is_same = |it: &&Object| {
                    it.normal(EXPRESSION) == check.normal(EXPRESSION) && !Self::is_lenient(it)
                };
                if Self::is_lenient(check) || before.iter().any(is_same) {
                    continue;
                }
                let expression = wrapped(check.written(EXPRESSION));
                let of_column = wrapped(&with_value(&expression, &name));
                let query = format!("SELECT * FROM {} WHERE NOT {of_column}", self.source());
                let what = format!("CHECK {expression} of {} for {place}", shown(&new.id));
                self.push(&check.id, what, (!is_array).then_some(query));
            }
        }
    }

    /// Finds the values of a column that its new type refuses.
    pub(super) fn cast(&mut self, column: &Object) {
        let Some(old) = self.old(&column.id).filter(|_| !column.says(GENERATED)) else { return };
        let (before, after) = (old.written(TYPE), column.written(TYPE));
        let cast = of_columns(old, column);
        let is_told = told_values(old, column, self.sides.how.backfills).is_some();
        let is_said = column.aside.contains_key(INHERITED) || never(before, after);
        if before == after || !cast.may_fail || is_told || is_said {
            return;
        }
        let misfit = misfit(&quoted(column.id.name.as_str()), after);
        let query = misfit.filter(|_| !cast.needs_using);
        let query = query.map(|it| format!("SELECT * FROM {} WHERE {it}", self.source()));
        let what = format!("the values of {} have to fit in {after}", shown(&column.id));
        self.push(&column.id, what, query);
    }

    /// Finds out whether rows can break a check that stays, since what it is about changes.
    pub(super) fn known_check(&mut self, check: &Object) {
        let (from, to) = (self.sides.from, self.sides.to);
        let both = check.needs.iter().filter_map(|id| from.get(id).zip(to.get(id)));
        let is_other = |(old, new): (&Object, &Object)| {
            let generated = new.says(GENERATED) && old.normal(GENERATED) != new.normal(GENERATED);
            let shared = |it: &Object, other: &Object| -> Vec<String> {
                let labels = it.list(LABELS).iter();
                labels.filter(|it| other.list(LABELS).contains(it)).cloned().collect()
            };
            generated || shared(old, new) != shared(new, old)
        };
        let columns = both.clone().filter(|it| it.0.id.kind == Kind::Column);
        let types = columns.flat_map(|(_, new)| &new.needs);
        let types = types.filter_map(|id| from.get(id).zip(to.get(id)));
        if both.chain(types).any(is_other) {
            let expression = wrapped(check.written(EXPRESSION));
            let what = format!("CHECK {expression} of {}", shown_owner(&check.id));
            self.push(&check.id, what, None);
        }
    }
}

/// Writes an expression of a domain for a column.
fn with_value(expression: &str, name: &str) -> String {
    let mut res = String::new();
    let mut end = 0;
    for token in Lexer::new(expression, Dialect::Postgres).map_while(Result::ok) {
        if token.text.eq_ignore_ascii_case("VALUE") {
            let start = token.offset;
            res += expression.get(end..start).unwrap_or_default();
            res += name;
            end = start + token.text.len();
        }
    }
    res + expression.get(end..).unwrap_or_default()
}

/// Writes the condition that a value doesn't fit in a narrower type of its kind.
fn misfit(name: &str, target: &str) -> Option<String> {
    let numbers: Vec<i32> = target
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(inside, _)| inside.split(',').filter_map(|it| it.trim().parse().ok()).collect())
        .unwrap_or_default();
    let bounds = match target {
        "smallint" => Some(("-32768", "32767")),
        "integer" => Some(("-2147483648", "2147483647")),
        _ => None,
    };
    if let Some((least, most)) = bounds {
        return Some(format!("{name} NOT BETWEEN {least} AND {most}"));
    }
    let first = numbers.first()?;
    if target.starts_with("numeric(") {
        let scale = numbers.get(1).copied().unwrap_or_default();
        return Some(format!(
            "abs(round({name}::numeric, {scale})) >= 1e{} AND {name}::numeric <> 'NaN'",
            first - scale
        ));
    }
    let is_text = target.starts_with("character");
    is_text.then(|| format!("length(rtrim({name}::text, ' ')) > {first}"))
}
