//! The values of a row, so that conditions hold: the server is asked for those of columns with CHECKs.

use std::collections::BTreeSet;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::found::literals;
use crate::autogenerate::ddl::mysql::kinds;
use crate::autogenerate::ddl::mysql::names::quoted;
use crate::autogenerate::ddl::mysql::plant::bed::{Bed, stored};
use crate::autogenerate::ddl::mysql::plant::values::Type;
use crate::autogenerate::ddl::mysql::plant::{Ends, Pair, TRIES};
use crate::catalog::{
    COLUMNS, Catalog, EXPRESSION, Kind, NOT_NULL, Name, Object, REFERENCES, UNIQUE,
};
use crate::database::Row;
use crate::inspect::mysql::attributes::{AUTO_INCREMENT, COLUMN_CHECK, GENERATED, NOT_ENFORCED};
use crate::sql::{Dialect, Lexer};

/// The most combinations of values that the server tries, and that it returns.
const MOST: usize = 200_000;
const KEPT: usize = 24;

/// The values of columns whose conditions hold.
pub(super) struct Solutions {
    /// The columns of each group, with the rows of expressions that fit.
    groups: Vec<(Vec<Name>, Vec<Vec<String>>)>,
}

/// A condition of a present table, or of the wanted one by the present names.
struct Condition {
    text: String,
    columns: BTreeSet<Name>,
}

impl Solutions {
    /// Asks the server for values of the columns that conditions name.
    pub(super) fn find(bed: &mut Bed<'_>, pair: Pair<'_>) -> Result<Self, AutogenerateError> {
        let conditions = conditions(bed.ends, pair);
        let mut groups = Vec::new();
        for names in grouped(&conditions) {
            let columns = stored(bed.ends.from, pair.old).into_iter();
            let own: Vec<&Object> = columns.filter(|it| names.contains(&it.id.name)).collect();
            let of_group =
                conditions.iter().filter(|it| it.columns.iter().any(|name| names.contains(name)));
            let texts: Vec<&str> = of_group.map(|it| it.text.as_str()).collect();
            if own.is_empty() {
                continue;
            }
            let candidates = candidates(&own, &texts);
            let found = bed.session.query(&query(&own, &candidates, &texts)).unwrap_or_default();
            let picked = |row: Row| -> Vec<String> {
                let value = |(all, at): (&Vec<String>, Option<String>)| {
                    let at: usize = at?.parse().ok()?;
                    all.get(at).cloned()
                };
                candidates.iter().zip(row).filter_map(value).collect()
            };
            let rows: Vec<Vec<String>> = found.into_iter().map(picked).collect();
            if !rows.is_empty() {
                groups.push((own.iter().map(|it| it.id.name.clone()).collect(), rows));
            }
        }
        Ok(Self { groups })
    }

    /// Chooses the values of a row; later tries are tamer.
    pub(super) fn row(
        &self,
        bed: &mut Bed<'_>,
        pair: Pair<'_>,
        row: usize,
        attempt: usize,
    ) -> Result<Vec<(Name, String)>, AutogenerateError> {
        let is_tame = attempt > 2;
        let is_last = attempt + 1 == TRIES;
        let mut res: Vec<(Name, String)> = Vec::new();
        let unique = unique_columns(bed.ends, pair);
        for (at, column) in stored(bed.ends.from, pair.old).into_iter().enumerate() {
            let may_be_null = !column.says(NOT_NULL) && !is_last;
            let takes_null = may_be_null && (row + at + attempt) % 4 == 3;
            let is_key = unique.contains(&column.id.name);
            let number = row * 5 + attempt * 23;
            let value = if column.says(AUTO_INCREMENT) {
                (7 + row * 1009 + attempt).to_string()
            } else if takes_null && !is_key {
                "NULL".to_owned()
            } else {
                typed(bed.ends, pair, column).value(number, at, is_tame || is_key)
            };
            res.push((column.id.name.clone(), value));
        }
        for (names, rows) in &self.groups {
            let chosen = rows.get((row + attempt) % rows.len().max(1));
            for (name, value) in names.iter().zip(chosen.into_iter().flatten()) {
                set(&mut res, name, value);
            }
        }
        refer(bed, pair, (row, attempt), &mut res)?;
        Ok(res)
    }
}

/// Points keys at rows that are there.
fn refer(
    bed: &mut Bed<'_>,
    pair: Pair<'_>,
    (row, attempt): (usize, usize),
    cells: &mut [(Name, String)],
) -> Result<(), AutogenerateError> {
    for link in links(bed.ends, pair) {
        let Some(parent) = bed.ends.from.get(&crate::catalog::Id::table(&link.table)) else {
            continue;
        };
        let table = bed.present(parent);
        let list: Vec<String> = link.target.iter().map(|it| quoted(it)).collect();
        let list = list.join(", ");
        let all = bed.session.query(&format!("SELECT {list} FROM {table} ORDER BY {list}"));
        let count = all.map_or(0, |it| it.len());
        for (column, target) in link.columns.iter().zip(&link.target) {
            // A parent that goes doesn't come back.
            let is_free = attempt * 2 > TRIES && is_nullable(bed.ends, pair, column);
            let value = if count == 0 || is_free {
                "NULL".to_owned()
            } else {
                let at = row % count;
                let target = quoted(target);
                format!("(SELECT {target} FROM {table} ORDER BY {list} LIMIT 1 OFFSET {at})")
            };
            set(cells, column, &value);
        }
    }
    Ok(())
}

fn set(cells: &mut [(Name, String)], name: &Name, value: &str) {
    if let Some(cell) = cells.iter_mut().find(|it| it.0 == *name) {
        value.clone_into(&mut cell.1);
    }
}

fn is_nullable(ends: Ends<'_>, pair: Pair<'_>, column: &Name) -> bool {
    let columns = stored(ends.from, pair.old);
    columns.iter().any(|it| it.id.name == *column && !it.says(NOT_NULL))
}

/// Returns the type whose values a column gets: the wanted one where a text becomes something else.
fn typed<'a>(ends: Ends<'a>, pair: Pair<'a>, column: &'a Object) -> Type<'a> {
    let becomes = ends.new_column(pair, &column.id.name);
    let other = becomes.filter(|it| {
        kinds::is_text(column)
            && (!kinds::is_text(it) || ["enum", "set"].contains(&&*kinds::word(it)))
            || kinds::is_json(it)
    });
    Type::of(other.filter(|it| !it.says(GENERATED)).unwrap_or(column))
}

/// A foreign key by the present names.
struct Link {
    columns: Vec<Name>,
    table: Name,
    target: Vec<String>,
}

/// Returns the foreign keys of a present table, and those that only the wanted one has.
fn links(ends: Ends<'_>, pair: Pair<'_>) -> Vec<Link> {
    let mut res: Vec<Link> = Vec::new();
    for key in ends.from.parts(Kind::ForeignKey, &pair.old.id) {
        let Some(table) = key.needs.iter().next() else { continue };
        let columns = key.list(COLUMNS).iter().map(Name::any_case).collect();
        res.push(Link {
            columns,
            table: table.name.clone(),
            target: key.list(REFERENCES).to_vec(),
        });
    }
    let Some(new) = pair.new else { return res };
    for key in ends.to.parts(Kind::ForeignKey, &new.id) {
        let Some(table) = key.needs.iter().next() else { continue };
        let old =
            |it: &String| ends.old_column(pair, &Name::any_case(it)).map(|it| it.id.name.clone());
        let Some(columns) = key.list(COLUMNS).iter().map(old).collect::<Option<Vec<Name>>>() else {
            continue;
        };
        let before = ends.renames.old_table(&table.name).unwrap_or(&table.name).clone();
        let there = |it: &String| {
            let name = Name::any_case(it);
            ends.renames.old_column(&table.name, &name).unwrap_or(&name).to_string()
        };
        let target = key.list(REFERENCES).iter().map(there).collect();
        if !res.iter().any(|it| it.columns == columns) {
            res.push(Link { columns, table: before, target });
        }
    }
    res
}

/// Returns the columns of unique keys, of both tables, by the present names.
fn unique_columns(ends: Ends<'_>, pair: Pair<'_>) -> BTreeSet<Name> {
    let of = |catalog: &Catalog, table: &Object| -> Vec<Name> {
        let keys = [Kind::PrimaryKey, Kind::Index].into_iter();
        let keys = keys.flat_map(|kind| catalog.parts(kind, &table.id));
        let keys = keys.filter(|it| it.id.kind == Kind::PrimaryKey || it.says(UNIQUE));
        keys.flat_map(|it| it.list(COLUMNS).iter().map(Name::any_case).collect::<Vec<_>>())
            .collect()
    };
    let mut res: BTreeSet<Name> = of(ends.from, pair.old).into_iter().collect();
    if let Some(new) = pair.new {
        let wanted = of(ends.to, new);
        res.extend(wanted.iter().filter_map(|it| Some(ends.old_column(pair, it)?.id.name.clone())));
    }
    res
}

/// Returns the conditions of both tables. Those of the wanted one count where its names are the present
/// ones.
fn conditions(ends: Ends<'_>, pair: Pair<'_>) -> Vec<Condition> {
    let mut res = of_table(ends.from, pair.old);
    let Some(new) = pair.new else { return res };
    let is_same = |name: &Name| ends.old_column(pair, name).is_some_and(|it| it.id.name == *name);
    let wanted = of_table(ends.to, new);
    res.extend(wanted.into_iter().filter(|it| it.columns.iter().all(is_same)));
    res
}

fn of_table(catalog: &Catalog, table: &Object) -> Vec<Condition> {
    let columns = stored(catalog, table);
    let named = |text: &str| -> BTreeSet<Name> {
        let tokens = Lexer::new(text, Dialect::MySql).map_while(Result::ok);
        let names = tokens.filter_map(|it| it.unquoted()).map(Name::any_case);
        let all: BTreeSet<Name> = names.collect();
        columns.iter().map(|it| it.id.name.clone()).filter(|it| all.contains(it)).collect()
    };
    let checks = catalog.parts(Kind::Check, &table.id).into_iter();
    let checks = checks.filter(|it| !it.says(NOT_ENFORCED)).map(|it| it.written(EXPRESSION));
    let own = columns.iter().map(|it| it.written(COLUMN_CHECK)).filter(|it| !it.is_empty());
    let all = checks.chain(own);
    all.map(|text| Condition { text: text.to_owned(), columns: named(text) }).collect()
}

/// Returns the columns that share conditions, as groups.
fn grouped(conditions: &[Condition]) -> Vec<BTreeSet<Name>> {
    let mut res: Vec<BTreeSet<Name>> = Vec::new();
    for condition in conditions {
        let (with, mut without): (Vec<_>, Vec<_>) =
            res.into_iter().partition(|it| !it.is_disjoint(&condition.columns));
        let joined = with.into_iter().flatten().chain(condition.columns.iter().cloned());
        without.push(joined.collect());
        res = without;
    }
    res
}

/// Returns the values of each column that are tried, the likely ones first.
fn candidates(columns: &[&Object], conditions: &[&str]) -> Vec<Vec<String>> {
    let found = literals(Dialect::MySql, conditions.iter().copied());
    let mut most = 12_usize;
    while most > 2 && most.saturating_pow(u32::try_from(columns.len()).unwrap_or(u32::MAX)) > MOST {
        most -= 1;
    }
    let of = |column: &&Object| {
        let own = Type::of(column);
        let mut res: Vec<String> = Vec::new();
        let plain = [(0, true), (0, false), (1, true), (3, true)];
        let plain = plain.iter().map(|(it, is_tame)| own.value(*it, 0, *is_tame));
        let null = (!column.says(NOT_NULL)).then(|| "NULL".to_owned());
        let shaped = own.shaped(&found);
        let some = shaped.into_iter().take(most.saturating_sub(3));
        for value in some.chain(plain).chain(null) {
            if !res.contains(&value) && res.len() < most {
                res.push(value);
            }
        }
        res
    };
    columns.iter().map(of).collect()
}

/// Writes the query for combinations that keep all conditions: the position of each value.
fn query(columns: &[&Object], candidates: &[Vec<String>], conditions: &[&str]) -> String {
    let name = |column: &Object| quoted(column.id.name.as_str());
    let mut sources = Vec::new();
    let mut shown = Vec::new();
    let mut places = Vec::new();
    for (at, (column, values)) in columns.iter().zip(candidates).enumerate() {
        let rows: Vec<String> = values
            .iter()
            .enumerate()
            .map(|(place, value)| format!("SELECT {place} AS p, {value} AS v"))
            .collect();
        sources.push(format!("({}) c{at}", rows.join(" UNION ALL ")));
        shown.push(format!("c{at}.v AS {}, c{at}.p AS `place {at}`", name(column)));
        places.push(format!("`place {at}`"));
    }
    let conditions: Vec<String> =
        conditions.iter().map(|it| format!("(({it}) IS NOT FALSE)")).collect();
    let nulls: Vec<String> = columns.iter().map(|it| format!("({} IS NULL)", name(it))).collect();
    format!(
        "SELECT {} FROM (SELECT {} FROM {}) s WHERE {} ORDER BY {} LIMIT {KEPT}",
        places.join(", "),
        shown.join(", "),
        sources.join(" CROSS JOIN "),
        conditions.join(" AND "),
        nulls.join(" + "),
    )
}
