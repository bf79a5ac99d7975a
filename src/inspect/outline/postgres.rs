//! PostgreSQL's catalog: every schema that isn't the server's own; partitions and what belongs to
//! extensions are left out.

use crate::inspect::outline::Queries;

/// The tables to show: oid, kind and name.
const SHOWN: &str = r"
    WITH shown AS (
        SELECT c.oid, c.relkind,
            CASE WHEN n.nspname = current_schema() THEN c.relname::text
                 ELSE n.nspname || '.' || c.relname END AS name
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT c.relispartition
            AND n.nspname NOT LIKE 'pg\_%' AND n.nspname <> 'information_schema'
            AND n.nspname <> 'crdb_internal'
            AND NOT EXISTS (
                SELECT 1 FROM pg_catalog.pg_depend d
                WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                    AND d.deptype = 'e'))";

pub(super) const QUERIES: Queries = Queries {
    before: SHOWN,
    tables: r"
        SELECT name, CASE WHEN relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(oid) END
        FROM shown",
    columns: r"
        SELECT s.name, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN '1' ELSE '0' END
        FROM shown s JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid
        WHERE a.attnum > 0 AND NOT a.attisdropped
        ORDER BY s.name, a.attnum",
    keys: r"
        SELECT s.name, i.indexrelid::text, CASE WHEN i.indisprimary THEN 'p' ELSE 'u' END, a.attname
        FROM shown s
        JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
        CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS k (at)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = s.oid AND a.attnum = i.indkey[k.at - 1]
        WHERE i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
        ORDER BY s.name, i.indexrelid, k.at",
    foreign_keys: r"
        SELECT s.name, f.oid::text, a.attname, t.name, b.attname,
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
        ORDER BY s.name, f.oid, k.at",
    indexes: r"
        SELECT s.name, c.relname, CASE WHEN i.indisunique THEN '1' ELSE '0' END,
            CASE WHEN i.indpred IS NULL THEN '0' ELSE '1' END,
            COALESCE(a.attname::text, pg_catalog.pg_get_indexdef(i.indexrelid, k.at, true))
        FROM shown s
        JOIN pg_catalog.pg_index i ON i.indrelid = s.oid
        JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
        CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS k (at)
        LEFT JOIN pg_catalog.pg_attribute a
            ON a.attrelid = s.oid AND a.attnum = i.indkey[k.at - 1] AND a.attnum > 0
        WHERE NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_constraint
            WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY s.name, c.relname, k.at",
    triggers: r"
        SELECT s.name, t.tgname, pg_catalog.pg_get_triggerdef(t.oid)
        FROM shown s JOIN pg_catalog.pg_trigger t ON t.tgrelid = s.oid
        WHERE NOT t.tgisinternal
        ORDER BY s.name, t.tgname",
};
