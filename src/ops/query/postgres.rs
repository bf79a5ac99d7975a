//! PostgreSQL's tables as statements that would create them, since the server stores none.

use crate::database::{Connection, DatabaseError, Row};
use crate::ops::query::catalog::{condition, firsts};
use crate::sql::Dialect;

/// The tables and views that can be named without their schema.
pub(super) const TABLES: &str = "SELECT c.relname FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (current_schemas(false)) \
    AND pg_catalog.pg_table_is_visible(c.oid) ORDER BY 1";

/// The columns of those tables.
pub(super) const COLUMNS: &str = "SELECT c.relname, a.attname FROM pg_catalog.pg_attribute a \
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (current_schemas(false)) \
    AND a.attnum > 0 AND NOT a.attisdropped";

const ENUMS: &str = "SELECT format('CREATE TYPE %I AS ENUM (%s)', t.typname, \
    (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) \
     FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)) FROM pg_catalog.pg_type t \
    WHERE t.typtype = 'e' AND pg_catalog.pg_type_is_visible(t.oid) ORDER BY t.typname";

/// Writes what there is as statements.
pub(super) fn schema(
    connection: &mut dyn Connection,
    table: Option<&str>,
) -> Result<Vec<String>, DatabaseError> {
    let (schema, name) = match table.and_then(|table| table.split_once('.')) {
        Some((schema, name)) => (Some(schema), Some(name)),
        None => (None, table),
    };
    let mut which = condition(name, "c.relname", Dialect::Postgres);
    which += &condition(schema, "n.nspname", Dialect::Postgres);
    if schema.is_none() {
        which += " AND n.nspname = ANY (current_schemas(false)) \
                  AND pg_catalog.pg_table_is_visible(c.oid)";
    }
    let found = connection.query(&format!(
        "SELECT c.oid, c.relkind, CASE WHEN pg_catalog.pg_table_is_visible(c.oid) \
         THEN format('%I', c.relname) ELSE format('%I.%I', n.nspname, c.relname) END, \
         pg_catalog.pg_get_partkeydef(c.oid), pg_catalog.pg_get_expr(c.relpartbound, c.oid), \
         (SELECT i.inhparent::pg_catalog.regclass FROM pg_catalog.pg_inherits i \
          WHERE i.inhrelid = c.oid AND c.relispartition) \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'm'){which} \
         ORDER BY c.relkind IN ('v', 'm'), c.relispartition, c.relname"
    ))?;
    let mut res = if table.is_none() { firsts(connection.query(ENUMS)?) } else { Vec::new() };
    for relation in found {
        describe(connection, relation, &mut res)?;
    }
    Ok(res)
}

fn describe(
    connection: &mut dyn Connection,
    relation: Row,
    res: &mut Vec<String>,
) -> Result<(), DatabaseError> {
    let mut fields = relation.into_iter();
    let mut next = || fields.next().flatten();
    let (Some(oid), Some(kind), Some(name)) = (next(), next(), next()) else { return Ok(()) };
    let (key, bound, parent) = (next(), next(), next());
    let mut list = |query: &str| connection.query(query).map(firsts);
    if matches!(kind.as_str(), "v" | "m") {
        let what = if kind == "v" { "VIEW" } else { "MATERIALIZED VIEW" };
        let text = list(&format!("SELECT pg_catalog.pg_get_viewdef({oid}::oid, true)"))?.concat();
        res.push(format!("CREATE {what} {name} AS\n{}", text.trim_end().trim_end_matches(';')));
    } else if let (Some(bound), Some(parent)) = (bound, parent) {
        res.push(format!("CREATE TABLE {name} PARTITION OF {parent} {bound}"));
    } else {
        let mut lines = list(&columns(&oid))?;
        lines.extend(list(&format!(
            "SELECT format('CONSTRAINT %I %s', conname, pg_catalog.pg_get_constraintdef(oid, true)) \
             FROM pg_catalog.pg_constraint WHERE conrelid = {oid} \
             AND contype IN ('p', 'u', 'f', 'c', 'x') \
             ORDER BY position(contype::text IN 'pufcx'), conname"
        ))?);
        let key = key.map(|key| format!(" PARTITION BY {key}")).unwrap_or_default();
        res.push(format!("CREATE TABLE {name} (\n    {}\n){key}", lines.join(",\n    ")));
    }
    res.extend(list(&format!(
        "SELECT pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i \
         WHERE i.indrelid = {oid} AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k \
         WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) \
         AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits p WHERE p.inhrelid = i.indexrelid) \
         ORDER BY 1"
    ))?);
    res.extend(list(&format!(
        "SELECT pg_catalog.pg_get_triggerdef(oid, true) FROM pg_catalog.pg_trigger \
         WHERE tgrelid = {oid} AND NOT tgisinternal ORDER BY tgname"
    ))?);
    Ok(())
}

/// Asks for a table's columns, each as a line of its statement.
fn columns(oid: &str) -> String {
    format!(
        "SELECT format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) \
         || coalesce((SELECT format(' COLLATE %I', l.collname) FROM pg_catalog.pg_collation l \
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
            WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '') \
         || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END \
         || CASE WHEN a.attgenerated <> '' \
            THEN ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') ' \
            || CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END \
            WHEN a.attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY' \
            WHEN a.attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY' \
            ELSE coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') END \
         FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d \
         ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE a.attrelid = {oid} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    )
}
