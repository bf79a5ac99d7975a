//! SQLite's schema table and pragmas.

use crate::database::{Connection, DatabaseError, Row};
use crate::inspect::outline::Queries;

pub(super) const QUERIES: Queries = Queries {
    before: "",
    tables: r"
        SELECT name, iif(type = 'view', sql, NULL) FROM main.sqlite_schema
        WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
            AND name NOT IN
                (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')",
    columns: r#"
        SELECT t.name, c.name, c.type, c."notnull"
        FROM main.sqlite_schema t, pragma_table_xinfo(t.name, 'main') c
        WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%'
        ORDER BY t.name, c.cid"#,
    keys: r#"
        SELECT t.name, 'pk', 'p', c.name
        FROM (SELECT name FROM main.sqlite_schema
              WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%') t,
            pragma_table_xinfo(t.name, 'main') c
        WHERE c.pk > 0
        UNION ALL
        SELECT * FROM
            (SELECT t.name, i.name, 'u', c.name
             FROM main.sqlite_schema t, pragma_index_list(t.name, 'main') i,
                 pragma_index_info(i.name, 'main') c
             WHERE t.type = 'table' AND i."unique" AND NOT i.partial AND i.origin <> 'pk'
                 AND NOT EXISTS (SELECT 1 FROM pragma_index_info(i.name, 'main') WHERE name IS NULL)
             ORDER BY t.name, i.seq DESC, c.seqno)"#,
    foreign_keys: r#"
        SELECT t.name, f.id, f."from", f."table", f."to", f.on_delete, f.on_update
        FROM main.sqlite_schema t, pragma_foreign_key_list(t.name, 'main') f
        WHERE t.type = 'table'
        ORDER BY t.name, f.id DESC, f.seq"#,
    indexes: r#"
        SELECT t.name, i.name, i."unique", i.partial, ifnull(c.name, '(expression)')
        FROM main.sqlite_schema t, pragma_index_list(t.name, 'main') i,
            pragma_index_info(i.name, 'main') c
        WHERE t.type = 'table' AND i.origin = 'c'
        ORDER BY t.name, i.name, c.seqno"#,
    triggers: r"
        SELECT tbl_name, name, sql FROM main.sqlite_schema
        WHERE type = 'trigger' ORDER BY tbl_name, name",
};

/// Views and virtual tables.
const COMPUTED: &str = "SELECT name FROM main.sqlite_schema \
    WHERE type = 'view' OR type = 'table' AND sql LIKE 'CREATE VIRTUAL%' ORDER BY name";

/// Reads the columns of views and virtual tables, as [`Queries::columns`] has them. One that doesn't
/// work, for a table or a module that isn't there, has none.
pub(super) fn computed_columns(connection: &mut dyn Connection) -> Result<Vec<Row>, DatabaseError> {
    let mut res = Vec::new();
    for row in connection.query(COMPUTED)? {
        let name = row.into_iter().next().flatten().unwrap_or_default();
        let name = crate::sql::quote_literal(&name, crate::sql::Dialect::Sqlite);
        let query = format!(
            "SELECT {name}, name, type, \"notnull\" FROM pragma_table_xinfo({name}, 'main') \
             WHERE hidden <> 1 ORDER BY cid"
        );
        res.extend(connection.query(&query).unwrap_or_default());
    }
    Ok(res)
}
