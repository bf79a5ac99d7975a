//! The part of PostgreSQL's catalog that is shown. A drawing shows every schema that isn't the server's
//! own, the shell what can be named without its schema. The server keeps no statements: they are put
//! together by its own functions.

use crate::catalog::{
    BODY, COLUMNS, Catalog, EXPRESSION, INVALID, Kind, NOT_NULL, Name, ON_DELETE,
};
use crate::catalog::{ON_UPDATE, REFERENCES, TYPE, UNIQUE, WHERE};
use crate::database::Connection;
use crate::inspect::reader::{Naming, REFERENCED, REFERENCED_SCHEMA, Reader, SQL};
use crate::inspect::{InspectError, Scope, only};
use crate::sql::Dialect;

/// The condition of the tables and views that a diagram shows: no partitions, no members of extensions.
const DRAWN: &str = r"c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
    AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
    AND n.nspname <> 'crdb_internal'
    AND NOT EXISTS (
        SELECT 1 FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
            AND d.deptype = 'e')";

/// The condition of the tables and views that can be named without their schema.
const VISIBLE: &str =
    "n.nspname = ANY (current_schemas(false)) AND pg_catalog.pg_table_is_visible(c.oid)";

const RELATIONS: &str = "
    SELECT kind, schema, NULL, relname,
        CASE WHEN relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(oid) END
    FROM shown";

const NAMES: &str = "SELECT kind, schema, NULL, relname FROM shown ORDER BY relname";

const ALL_COLUMNS: &str = "
    SELECT 'column', s.schema, s.relname, a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN 'yes' END
    FROM shown s JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped
    ORDER BY s.oid, a.attnum";

/// The primary keys, UNIQUE constraints and indexes, in the order in which they were made.
const KEYS: &str = "
    SELECT CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' ELSE 'index' END,
        s.schema, s.relname, c.relname,
        CASE WHEN k.oid IS NULL AND i.indisunique THEN 'yes' END,
        pg_catalog.pg_get_expr(i.indpred, i.indrelid),
        COALESCE(a.attname::text, pg_catalog.pg_get_indexdef(i.indexrelid, at.at, true)),
        CASE WHEN a.attname IS NULL THEN 'yes' END, CASE WHEN NOT i.indisvalid THEN 'yes' END
    FROM shown s
    JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_catalog.pg_constraint k
        ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS at (at)
    LEFT JOIN pg_catalog.pg_attribute a
        ON a.attrelid = s.oid AND a.attnum = i.indkey[at.at - 1] AND a.attnum > 0
    WHERE k.contype IS DISTINCT FROM 'x'
    ORDER BY s.oid, i.indexrelid, at.at";

const FOREIGN_KEYS: &str = "
    SELECT 'foreign_key', s.schema, s.relname, f.conname, a.attname, t.schema, t.relname, b.attname,
        CASE f.confdeltype WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
            WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END,
        CASE f.confupdtype WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
            WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END
    FROM shown s
    JOIN pg_catalog.pg_constraint f ON f.conrelid = s.oid AND f.contype = 'f'
    JOIN shown t ON t.oid = f.confrelid
    CROSS JOIN LATERAL generate_series(1, array_length(f.conkey, 1)) AS k (at)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[k.at]
    JOIN pg_catalog.pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[k.at]
    ORDER BY s.oid, f.oid, k.at";

const INDEXES: &str = "SELECT 'index', NULLIF(schemaname, current_schema()), tablename, indexname \
    FROM pg_catalog.pg_indexes WHERE schemaname = ANY (current_schemas(false))";

/// The types that can be named without their schema.
const ENUMS: &str = "
    SELECT 'enum', NULLIF(n.nspname, current_schema()), NULL, t.typname,
        format('CREATE TYPE %I AS ENUM (%s)', t.typname,
            (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
             FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND pg_catalog.pg_type_is_visible(t.oid) ORDER BY t.typname";

/// Tables and views with the statements that would make them.
const STATEMENTS: &str = r"
    SELECT kind, schema, NULL, relname, CASE
        WHEN relkind IN ('v', 'm') THEN
            format(E'CREATE %s %s AS\n%s', upper(replace(kind, '_', ' ')), written,
                rtrim(pg_catalog.pg_get_viewdef(oid, true), E'; \n'))
        WHEN relispartition THEN
            format('CREATE TABLE %s PARTITION OF %s %s', written,
                (SELECT inhparent::pg_catalog.regclass FROM pg_catalog.pg_inherits
                 WHERE inhrelid = oid), pg_catalog.pg_get_expr(relpartbound, oid))
        ELSE format(E'CREATE TABLE %s (\n    %s\n)%s', written,
            (SELECT string_agg(line, E',\n    ' ORDER BY turn, at, name) FROM (
                SELECT 0 AS turn, a.attnum::int AS at, ''::name AS name,
                    format('%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod))
                    || coalesce((SELECT format(' COLLATE %I', l.collname)
                        FROM pg_catalog.pg_collation l
                        JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                        WHERE l.oid = a.attcollation AND l.oid <> t.typcollation), '')
                    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
                    || CASE WHEN a.attgenerated <> ''
                        THEN ' GENERATED ALWAYS AS ('
                            || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') '
                            || CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END
                        WHEN a.attidentity = 'a' THEN ' GENERATED ALWAYS AS IDENTITY'
                        WHEN a.attidentity = 'd' THEN ' GENERATED BY DEFAULT AS IDENTITY'
                        ELSE coalesce(
                            ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '') END
                    AS line
                FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d
                    ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE a.attrelid = shown.oid AND a.attnum > 0 AND NOT a.attisdropped
                UNION ALL
                SELECT 1, position(k.contype::text IN 'pufcx'), k.conname,
                    format('CONSTRAINT %I %s', k.conname,
                        pg_catalog.pg_get_constraintdef(k.oid, true))
                FROM pg_catalog.pg_constraint k
                WHERE k.conrelid = shown.oid AND k.contype IN ('p', 'u', 'f', 'c', 'x')) lines),
            ' PARTITION BY ' || pg_catalog.pg_get_partkeydef(oid)) END
    FROM shown
    ORDER BY relkind IN ('v', 'm'), relispartition, relname";

const INDEX_STATEMENTS: &str = "
    SELECT 'index', s.schema, s.relname, c.relname, pg_catalog.pg_get_indexdef(c.oid)
    FROM shown s JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k
            WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits p WHERE p.inhrelid = c.oid)
    ORDER BY 5";

/// How the server names objects: every letter counts, and triggers are named within their tables.
const NAMING: Naming =
    Naming { name: |_, name| Name::exact(name), within_table: Some(Kind::Trigger) };

/// Asks about the tables and views for which a condition holds.
fn shown(condition: &str, query: &str) -> String {
    format!(
        "WITH shown AS (
            SELECT c.oid, c.relkind, c.relname, c.relispartition, c.relpartbound,
                CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' ELSE 'table' END
                    AS kind,
                NULLIF(n.nspname, current_schema()) AS schema,
                CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN format('%I', c.relname)
                    ELSE format('%I.%I', n.nspname, c.relname) END AS written
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE {condition}) {query}"
    )
}

pub(super) fn read(
    connection: &mut dyn Connection,
    scope: Scope<'_>,
) -> Result<Catalog, InspectError> {
    let mut reader = Reader::new(connection, &NAMING);
    let of = |table, column: &str| only(table, column, Dialect::Postgres);
    match scope {
        Scope::Compared(_) | Scope::WithRights(_) => {
            return Err(InspectError::NotYet { database: Dialect::Postgres.name() });
        }
        Scope::Drawn(_) => {
            let drawn = |query: &str| shown(DRAWN, query);
            reader.ask(&[BODY], &drawn(RELATIONS))?;
            reader.ask(&[TYPE, NOT_NULL], &drawn(ALL_COLUMNS))?;
            reader.ask(&[UNIQUE, WHERE, COLUMNS, EXPRESSION, INVALID], &drawn(KEYS))?;
            let key = [COLUMNS, REFERENCED_SCHEMA, REFERENCED, REFERENCES, ON_DELETE, ON_UPDATE];
            reader.ask(&key, &drawn(FOREIGN_KEYS))?;
            reader.ask(&[SQL], &drawn(&triggers("pg_catalog.pg_get_triggerdef(t.oid)")))?;
        }
        Scope::Tables | Scope::Columns => {
            let listed = |query: &str| {
                let kinds = "c.relkind IN ('r', 'p', 'v', 'm', 'f')";
                shown(&format!("{kinds} AND {VISIBLE}"), query)
            };
            reader.ask(&[], &listed(NAMES))?;
            if matches!(scope, Scope::Columns) {
                reader.ask(&[], &listed(ALL_COLUMNS))?;
            }
        }
        Scope::Indexes(table) => {
            let query = format!("{INDEXES}{} ORDER BY indexname", of(table, "tablename"));
            reader.ask(&[], &query)?;
        }
        Scope::Statements(table) => {
            let named = table.and_then(|table| table.split_once('.'));
            let (schema, name) = named.map_or((None, table), |(one, two)| (Some(one), Some(two)));
            let visible = if schema.is_none() { format!(" AND {VISIBLE}") } else { String::new() };
            let which = format!(
                "c.relkind IN ('r', 'p', 'v', 'm'){visible}{}{}",
                of(name, "c.relname"),
                of(schema, "n.nspname")
            );
            if table.is_none() {
                reader.ask(&[SQL], ENUMS)?;
            }
            reader.ask(&[SQL], &shown(&which, STATEMENTS))?;
            reader.ask(&[SQL], &shown(&which, INDEX_STATEMENTS))?;
            let trigger = triggers("pg_catalog.pg_get_triggerdef(t.oid, true)");
            reader.ask(&[SQL], &shown(&which, &trigger))?;
        }
    }
    Ok(reader.catalog)
}

fn triggers(text: &str) -> String {
    format!(
        "SELECT 'trigger', s.schema, s.relname, t.tgname, {text}
         FROM shown s JOIN pg_catalog.pg_trigger t ON t.tgrelid = s.oid
         WHERE NOT t.tgisinternal ORDER BY t.tgname"
    )
}
