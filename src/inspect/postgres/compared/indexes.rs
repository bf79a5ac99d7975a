//! Indexes that are no constraints, and statistics over several columns.

use crate::catalog::{COLUMNS, EXPRESSION, INVALID, Kind, UNIQUE, Value, WHERE};
use crate::inspect::InspectError;
use crate::inspect::postgres::attributes::{CLUSTERED, DEFINITION, STATISTICS, TABLESPACE};
use crate::inspect::postgres::compared::fields::{Fields, expression, list, yes};
use crate::inspect::postgres::compared::gather::{Address, Gatherer, class};
use crate::inspect::postgres::compared::own;

/// The indexes; the keys are numbers of columns, and zero for each expression.
const INDEXES: &str = concat!(
    "SELECT i.indexrelid, i.indrelid, n.nspname, x.relname, x.relispartition,
        pg_get_indexdef(i.indexrelid), i.indisunique, i.indisvalid, i.indisclustered,
        pg_get_expr(i.indpred, i.indrelid), ts.spcname,
        i.indkey::int2[], i.indnkeyatts,
        CASE WHEN i.indexprs IS NOT NULL THEN
            ARRAY(SELECT pg_get_indexdef(i.indexrelid, k.at::int, false)
                FROM unnest(i.indkey) WITH ORDINALITY k (of, at)
                WHERE k.of = 0 ORDER BY k.at) END,
        CASE WHEN i.indexprs IS NOT NULL THEN
            ARRAY(SELECT a.attnum || '=' || a.attstattarget FROM pg_attribute a
                WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0 ORDER BY a.attnum) END
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = x.relnamespace
    LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace
    WHERE c.relkind IN ('r', 'p', 'm')
        AND NOT EXISTS (SELECT FROM pg_constraint k
            WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND",
    own!("pg_class", "c.oid"),
    "ORDER BY i.indexrelid"
);

const STATISTICS_OBJECTS: &str = concat!(
    "SELECT s.oid, s.stxrelid, n.nspname, s.stxname, pg_get_statisticsobjdef(s.oid),
        NULLIF(s.stxstattarget, -1)
    FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
    WHERE",
    own!("pg_statistic_ext", "s.oid"),
    "ORDER BY s.oid"
);

pub(super) fn read(gatherer: &mut Gatherer<'_>) -> Result<(), InspectError> {
    for mut row in gatherer.ask(INDEXES)? {
        index(gatherer, &mut row);
    }
    for mut row in gatherer.ask(STATISTICS_OBJECTS)? {
        let address = Address::new(class::STATISTICS, row.number());
        let Some(owner) = gatherer.relation(row.number()) else { continue };
        let mut object = gatherer.new_object(Kind::Statistics, &row.text(), &row.text());
        object.parent = gatherer.object(owner).map(|it| it.id.clone());
        object.set_if(DEFINITION, row.expression().map(of_set));
        object.set_if(STATISTICS, row.exact());
        gatherer.add(address, object);
    }
    Ok(())
}

/// Compares a definition of statistics without the order of its columns, which is that in the table.
fn of_set(definition: Value) -> Value {
    let parts = definition.normal.split_once(" ON ");
    let parts = parts.and_then(|(head, rest)| Some((head, rest.rsplit_once(" FROM ")?)));
    let Some((head, (columns, table))) = parts else { return definition };
    let mut columns: Vec<&str> = columns.split(", ").collect();
    columns.sort_unstable();
    let normal = format!("{head} ON {} FROM {table}", columns.join(", "));
    Value::new(definition.written, normal)
}

/// Adds an index, unless it is a partition's only because it is its parent's.
fn index(gatherer: &mut Gatherer<'_>, row: &mut Fields) {
    let (oid, relation): (u32, u32) = (row.number(), row.number());
    let Some(owner) = gatherer.relation(relation) else { return };
    let (schema, name) = (row.text(), row.text());
    let mut object = gatherer.new_object(Kind::Index, &schema, &name);
    if row.flag() {
        gatherer.index_of_parent(oid, owner, &name);
        return;
    }
    object.parent = gatherer.object(owner).map(|it| it.id.clone());
    // An index of a partitioned table is written as one of that table alone.
    let text = row.text().replacen(" ON ONLY ", " ON ", 1);
    object.set(DEFINITION, expression(text));
    object.set_if(UNIQUE, row.yes());
    object.set_if(INVALID, yes(!row.flag()));
    object.set_if(CLUSTERED, row.yes());
    object.set_if(WHERE, row.expression());
    object.set_if(TABLESPACE, row.exact());
    let (keys, count): (Vec<i32>, usize) = (row.numbers(), row.number());
    let expressions = row.list();
    object.set_if(EXPRESSION, yes(!expressions.is_empty()));
    let mut expressions = expressions.into_iter();
    let name = |number: &i32| {
        let column = gatherer.columns.get(&(relation, *number)).cloned();
        column.or_else(|| expressions.next()).unwrap_or_default()
    };
    object.set_if(COLUMNS, list(keys.iter().take(count).map(name).collect()));
    object.set_if(STATISTICS, list(row.list()));
    gatherer.add(Address::new(class::RELATION, oid), object);
}
