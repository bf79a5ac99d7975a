//! What MySQL's catalog says of single objects, as one digest computed by the server.
//!
//! Where DDL commits by itself, a crash leaves the question whether the last statement took
//! effect. The digest is noted together with the statement, before it runs; another one tells.

use crate::sql::{Dialect, quote_literal};

/// One table of `information_schema`: the columns that tell an object's shape, the column of its
/// schema, the column of its name, and what orders the rows.
type Source = (&'static str, &'static [&'static str], &'static str, &'static str, &'static str);

const SOURCES: [Source; 9] = [
    (
        "tables",
        &[
            "table_type",
            "engine",
            "row_format",
            "table_collation",
            "create_options",
            "table_comment",
        ],
        "table_schema",
        "table_name",
        "table_name",
    ),
    (
        "columns",
        &[
            "column_name",
            "ordinal_position",
            "column_default",
            "is_nullable",
            "column_type",
            "collation_name",
            "extra",
            "generation_expression",
            "column_comment",
        ],
        "table_schema",
        "table_name",
        "ordinal_position",
    ),
    (
        "statistics",
        &["index_name", "seq_in_index", "column_name", "non_unique", "sub_part", "index_type"],
        "table_schema",
        "table_name",
        "index_name, seq_in_index",
    ),
    (
        "table_constraints",
        &["constraint_name", "constraint_type"],
        "table_schema",
        "table_name",
        "constraint_name, constraint_type",
    ),
    (
        "partitions",
        &["partition_name", "partition_method", "partition_expression", "partition_description"],
        "table_schema",
        "table_name",
        "partition_ordinal_position, partition_name",
    ),
    (
        "views",
        &["view_definition", "check_option", "definer", "security_type"],
        "table_schema",
        "table_name",
        "table_name",
    ),
    (
        "triggers",
        &["event_manipulation", "event_object_table", "action_timing", "action_statement"],
        "trigger_schema",
        "trigger_name",
        "trigger_name",
    ),
    (
        "routines",
        &["routine_type", "dtd_identifier", "routine_definition", "definer", "security_type"],
        "routine_schema",
        "routine_name",
        "routine_type",
    ),
    (
        "events",
        &["event_definition", "execute_at", "interval_value", "interval_field", "status"],
        "event_schema",
        "event_name",
        "event_name",
    ),
];

/// Returns the expression for a digest of what the catalog holds of some objects, each a schema
/// (none for the session's) and a name; none where no such expression is known.
pub fn catalog_digest(dialect: Dialect, objects: &[(Option<&str>, &str)]) -> Option<String> {
    if dialect != Dialect::MySql || objects.is_empty() {
        return None;
    }
    let parts: Vec<String> = objects
        .iter()
        .flat_map(|object| SOURCES.iter().map(|source| digest_part(*source, *object)))
        .collect();
    Some(format!("sha2(concat_ws('#', {}), 256)", parts.join(", ")))
}

fn digest_part(source: Source, (schema, name): (Option<&str>, &str)) -> String {
    let (table, columns, schema_column, name_column, order) = source;
    let text = |value: &str| quote_literal(value, Dialect::MySql);
    // QUOTE tells NULL from an empty text.
    let columns: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
    let schema = schema.map_or("database()".to_owned(), text);
    // Compared with one value each: only so the server opens one table and not all of them.
    format!(
        "(SELECT coalesce(group_concat(concat_ws('|', {}) ORDER BY {order}), '') FROM \
         information_schema.{table} WHERE {schema_column} = {schema} AND {name_column} = {})",
        columns.join(", "),
        text(name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_objects_of_mysql_have_a_digest() {
        let digest = catalog_digest(Dialect::MySql, &[(None, "it's")]).unwrap();
        assert!(digest.contains("table_schema = database() AND table_name = 'it''s'"));
        assert_eq!(catalog_digest(Dialect::MySql, &[]), None);
        assert_eq!(catalog_digest(Dialect::Postgres, &[(None, "t")]), None);
    }
}
