//! Backfills on planted rows: the values that they give, and what else they do.

use std::collections::BTreeMap;

use crate::autogenerate::ddl::UNFOUND;
use crate::autogenerate::ddl::postgres::names::{quoted, shown, shown_owner};
use crate::autogenerate::ddl::postgres::plan::rules::{names_any, names_of_rows, told_values};
use crate::autogenerate::ddl::postgres::plant::ends::{Ends, Pair, Twins};
use crate::autogenerate::ddl::postgres::plant::partitions::members;
use crate::autogenerate::ddl::postgres::plant::shadow::column;
use crate::autogenerate::ddl::postgres::plant::stand_ins::StandIns;
use crate::autogenerate::proof::{Rowless, Touched};
use crate::catalog::{Id, Kind, Object, TYPE};
use crate::database::{Connection, DatabaseError, Values as _};
use crate::inspect::postgres::attributes::GENERATED;

/// The tables, and how many of their rows the transaction has inserted, changed and deleted so far.
const CHANGES: &str = "\
    SELECT CASE WHEN schemaname = current_schema() THEN '' ELSE schemaname || '.' END || relname, \
    n_tup_ins + n_tup_upd + n_tup_del FROM pg_catalog.pg_stat_xact_user_tables \
    WHERE schemaname !~ '^pg_' ORDER BY 1";

/// The tables that get no rows.
#[derive(Default)]
pub(super) struct Empty {
    /// The tables, each with the reason.
    pub(super) tables: Vec<String>,
    /// The columns in them that a backfill gives values.
    pub(super) columns: Vec<Rowless>,
    /// The first backfill that changes rows of another table.
    pub(super) touched: Option<Touched>,
}

impl Empty {
    pub(super) fn add(&mut self, ends: &Ends<'_>, pair: &Pair<'_>, reason: &'static str) {
        let filled = filled(ends, pair);
        let (of_table, of_columns) = if reason == UNFOUND && !filled.is_empty() {
            (
                "no row was found that keeps its rules before and after the backfill",
                "none was found that keeps the rules of its table before and after it",
            )
        } else {
            (reason, reason)
        };
        self.tables.push(format!("table {}: {of_table}", shown(&pair.old.id)));
        self.columns.extend(filled.into_iter().map(|(twins, _)| {
            let column = twins.new.id.clone();
            Rowless { column, reason: of_columns }
        }));
    }
}

/// Returns the columns that a backfill gives values, with the expressions.
fn filled<'a>(ends: &Ends<'a>, pair: &Pair<'a>) -> Vec<(Twins<'a>, &'a str)> {
    let told = |twins: &Twins<'a>| {
        let (text, _) = ends.fill(twins.new).filter(|(_, is_told)| *is_told)?;
        let becomes =
            |old| twins.tightens() || told_values(old, twins.new, ends.claim.backfills).is_some();
        (!twins.new.says(GENERATED) && twins.old.is_none_or(becomes)).then_some((*twins, text))
    };
    pair.columns.iter().filter_map(told).collect()
}

/// Returns the columns of the present table whose values go, or are computed from now on: a backfill can
/// name them.
pub(super) fn going<'a>(ends: &Ends<'a>, pair: &Pair<'a>) -> Vec<&'a Object> {
    let mut res = ends.from.parts(Kind::Column, &pair.old.id);
    let survivors: Vec<&Twins<'a>> = pair.columns.iter().filter(|it| it.survives()).collect();
    res.retain(|old| {
        let is_kept = |it: &&Twins<'a>| it.old.is_some_and(|it| it.id == old.id);
        let is_taken = |it: &&Twins<'a>| it.new.id.name == old.id.name;
        !survivors.iter().any(|it| is_kept(it) || is_taken(it))
    });
    res
}

/// Tells whether a backfill reads a row of the table as a whole: no column has the table's name, which
/// would be meant then.
pub(super) fn reads_rows(ends: &Ends<'_>, pair: &Pair<'_>) -> bool {
    let [name, old] = [pair.new.unwrap_or(pair.old), pair.old].map(|it| it.id.name.as_str());
    let is_read = |(_, text): (Twins<'_>, &str)| names_of_rows(text).contains(name);
    let olds = ends.from.parts(Kind::Column, &pair.old.id).into_iter();
    let mut columns = olds.chain(pair.columns.iter().map(|it| it.new));
    filled(ends, pair).into_iter().any(is_read)
        && columns.all(|it| ![name, old].contains(&it.id.name.as_str()))
}

/// Adds the values of new columns to a source of rows, which has the other columns by their wanted names:
/// each once those are there that its expression names.
pub(super) fn with_fills(
    ends: &Ends<'_>,
    types: &StandIns,
    pair: &Pair<'_>,
    source: &str,
) -> String {
    let name = called(pair);
    let mut res = format!("{source} AS {name}");
    let mut todo: Vec<(&Object, &str)> = values(ends, pair);
    while !todo.is_empty() {
        let names = |text: &str, but: &Object| {
            todo.iter().any(|(it, _)| it.id != but.id && names_any(text, &[it]))
        };
        let (later, now): (Vec<_>, Vec<_>) =
            todo.iter().copied().partition(|(column, text)| names(text, column));
        // Of a circle the server says what is missing.
        let (now, later) = if now.is_empty() { (later, now) } else { (now, later) };
        let value = |(new, text): &(&Object, &str)| {
            let text = types.in_hint(text);
            let type_name = types.replace(new.written(TYPE));
            format!("({text})::{type_name} AS {}", column(new))
        };
        let values: Vec<String> = now.iter().map(value).collect();
        res = format!("(SELECT {name}.*, {} FROM {res}) AS {name}", values.join(", "));
        todo = later;
    }
    res
}

/// Returns the name of a table in expressions that fill its columns.
pub(super) fn called(pair: &Pair<'_>) -> String {
    quoted(pair.new.unwrap_or(pair.old).id.name.as_str())
}

/// Returns the new columns with the expressions of their values: those with a backfill, and those with a
/// default that a backfill names.
fn values<'a>(ends: &Ends<'a>, pair: &Pair<'a>) -> Vec<(&'a Object, &'a str)> {
    let filled = filled(ends, pair);
    let news = pair.columns.iter().filter(|it| it.old.is_none() && !it.new.says(GENERATED));
    let value = |twins: &Twins<'a>| {
        let (text, is_told) = ends.fill(twins.new)?;
        let is_named = || filled.iter().any(|(_, it)| names_any(it, &[twins.new]));
        let is_wanted = is_told || (!text.starts_with("nextval(") && is_named());
        is_wanted.then_some((twins.new, text))
    };
    news.filter_map(value).collect()
}

/// The rows of other tables that backfills change while a table gets rows, as the server counts them.
pub(super) struct Watch {
    /// The first column whose backfill calls functions.
    column: Id,
    /// The backfills that call functions, in words.
    what: String,
    /// The table and its partitions.
    own: Vec<String>,
    before: BTreeMap<String, String>,
}

impl Watch {
    /// Begins to count if a table has a backfill that calls functions, and no default that calls the user's.
    pub(super) fn begin(
        ends: &Ends<'_>,
        pair: &Pair<'_>,
        connection: &mut dyn Connection,
    ) -> Result<Option<Self>, DatabaseError> {
        let filled = filled(ends, pair).into_iter();
        let calls: Vec<&Id> =
            filled.filter(|(_, text)| text.contains('(')).map(|(it, _)| &it.new.id).collect();
        let is_of_user = |it: &Object| it.needs.iter().any(|need| need.kind == Kind::Function);
        let olds = ends.from.parts(Kind::Default, &pair.old.id);
        let news = pair.new.map(|it| ends.to.parts(Kind::Default, &it.id)).unwrap_or_default();
        let (Some(column), false) = (calls.first(), olds.into_iter().chain(news).any(is_of_user))
        else {
            return Ok(None);
        };
        let what = match calls.as_slice() {
            [one] => format!("the backfill of `{}`", shown(one)),
            _ => format!("a backfill of `{}`", shown_owner(column)),
        };
        let members = members(ends.from, pair.old).into_iter();
        let own = [pair.old].into_iter().chain(members).map(|it| shown(&it.id)).collect();
        Ok(Some(Self { column: (*column).clone(), what, own, before: counts(connection)? }))
    }

    /// Tells of another table that has changed meanwhile.
    pub(super) fn end(
        self,
        connection: &mut dyn Connection,
    ) -> Result<Option<Touched>, DatabaseError> {
        let Self { column, what, own, before } = self;
        let after = counts(connection)?.into_iter();
        let mut others = after.filter(|(name, count)| before.get(name) != Some(count));
        let found = others.find(|(name, _)| !own.contains(name));
        Ok(found.map(|(name, _)| Touched {
            column,
            problem: format!("{what} changes rows of `{name}` too"),
        }))
    }
}

fn counts(connection: &mut dyn Connection) -> Result<BTreeMap<String, String>, DatabaseError> {
    let rows = connection.query(CHANGES)?;
    let count = |row: &Vec<Option<String>>| (row.text(0).to_owned(), row.text(1).to_owned());
    Ok(rows.iter().map(count).collect())
}
