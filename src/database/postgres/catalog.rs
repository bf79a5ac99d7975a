//! Queries of the server's catalog.

use crate::sql::{Dialect, quote_literal};

pub(in crate::database) fn table_query(name: &str) -> String {
    let (schema, table) = name.split_once('.').unwrap_or(("public", name));
    let quote = |name: &str| quote_literal(name, Dialect::Postgres);
    format!(
        "SELECT 1 FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = {} AND c.relname = {} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
        quote(schema),
        quote(table),
    )
}
