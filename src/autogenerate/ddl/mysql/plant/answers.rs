//! The answers that the database has to give once scripts have run.

use crate::autogenerate::ddl::Answer;
use crate::autogenerate::ddl::mysql::names::quoted;
use crate::autogenerate::ddl::mysql::plant::bed::{Bed, stored};
use crate::autogenerate::ddl::mysql::plant::{Ends, Pair};
use crate::catalog::{Kind, NOT_NULL, Name, Object, TYPE};
use crate::database::DatabaseError;
use crate::inspect::mysql::attributes::{CHARACTER_SET, GENERATED};

/// Returns what has to be there after the up script: the columns of the wanted tables that were there
/// before, or have a backfill, as the server turned them.
pub(super) fn after_up(ends: Ends<'_>, bed: &mut Bed<'_>) -> Result<Vec<Answer>, DatabaseError> {
    let mut res = Vec::new();
    for pair in pairs(ends) {
        let Some(new) = pair.new else { continue };
        let survives = |it: &&Object| {
            ends.old_column(pair, &it.id.name).is_some() || ends.backfills.contains_key(&it.id)
        };
        let columns = stored(ends.to, new).into_iter().filter(survives);
        let names: Vec<&Name> = columns.map(|it| &it.id.name).collect();
        let expected = bed.session.query(&query(&bed.wanted(new), &names))?;
        let otherwise = format!("doesn't keep the rows of `{}` as they are", new.id.name);
        let query = query(&quoted(new.id.name.as_str()), &names);
        res.push(Answer { query, rows: expected, otherwise });
    }
    Ok(res)
}

/// Returns what has to be there again after the down script: the columns whose values stay the same.
pub(super) fn after_down(ends: Ends<'_>, bed: &mut Bed<'_>) -> Result<Vec<Answer>, DatabaseError> {
    let mut res = Vec::new();
    for pair in pairs(ends).into_iter().filter(|it| it.new.is_some()) {
        let returns = |it: &&Object| returns(ends, pair, it);
        let columns = stored(ends.from, pair.old).into_iter().filter(returns);
        let names: Vec<&Name> = columns.map(|it| &it.id.name).collect();
        let expected = bed.session.query(&query(&bed.present(pair.old), &names))?;
        let otherwise = format!("doesn't bring the rows of `{}` back", pair.old.id.name);
        let query = query(&quoted(pair.old.id.name.as_str()), &names);
        res.push(Answer { query, rows: expected, otherwise });
    }
    Ok(res)
}

/// Tells whether the values of a column are there again: neither turned nor filled on the way.
fn returns(ends: Ends<'_>, pair: Pair<'_>, old: &Object) -> bool {
    let Some(new) = ends.new_column(pair, &old.id.name) else { return false };
    let is_same = [TYPE, CHARACTER_SET].iter().all(|it| old.normal(it) == new.normal(it));
    let is_filled =
        !old.says(NOT_NULL) && new.says(NOT_NULL) && ends.backfills.contains_key(&new.id);
    is_same && !new.says(GENERATED) && !is_filled
}

fn pairs(ends: Ends<'_>) -> Vec<Pair<'_>> {
    let tables = ends.from.of_kind(Kind::Table);
    tables.map(|old| Pair { old, new: ends.new_table(&old.id) }).collect()
}

/// Writes the query for the rows of a table, in an order independent of storage.
fn query(table: &str, columns: &[&Name]) -> String {
    if columns.is_empty() {
        return format!("SELECT count(*) FROM {table}");
    }
    let shown: Vec<String> =
        columns.iter().map(|it| format!("hex(CAST({} AS binary))", quoted(it.as_str()))).collect();
    let order: Vec<String> = (1..=columns.len()).map(|it| it.to_string()).collect();
    format!("SELECT {} FROM {table} ORDER BY {}", shown.join(", "), order.join(", "))
}
