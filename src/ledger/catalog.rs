//! The entries of MySQL's catalog on single objects, as digests computed by the server.
//!
//! Where DDL commits by itself, a crash leaves the question whether the last statement took effect.
//! The digests are noted together with the statement, before it runs; if they differ later, it did.

use crate::sql::{Dialect, ObjectKind, ObjectName, quote_literal};
use crate::words::words;

/// One table of `information_schema`: the columns that tell an object's shape, the column of its
/// schema, the column of its name, and what orders the rows.
struct Source {
    table: &'static str,
    columns: &'static [&'static str],
    schema: &'static str,
    name: &'static str,
    order: &'static str,
}

impl Source {
    const fn of_table(
        table: &'static str,
        columns: &'static [&'static str],
        order: &'static str,
    ) -> Self {
        Self { table, columns, schema: "table_schema", name: "table_name", order }
    }
}

/// Expressions that tell whether a table exists: cheap, since the server opens none.
const PRESENCE: &[Source] = &[Source::of_table("tables", &["table_type"], "table_name")];

const STATISTICS: Source = Source::of_table(
    "statistics",
    &["index_name", "seq_in_index", "column_name", "non_unique", "sub_part", "index_type"],
    "index_name, seq_in_index",
);

const INDEXES: &[Source] = &[STATISTICS];

const SHAPE: &[Source] = &[
    Source::of_table(
        "tables",
        words![
            table_type engine row_format table_collation create_options table_comment
        ],
        "table_name",
    ),
    Source::of_table(
        "columns",
        words![
            column_name ordinal_position column_default is_nullable column_type collation_name
            extra generation_expression column_comment
        ],
        "ordinal_position",
    ),
    STATISTICS,
    Source::of_table(
        "table_constraints",
        &["constraint_name", "constraint_type"],
        "constraint_name, constraint_type",
    ),
    Source::of_table(
        "partitions",
        &["partition_name", "partition_method", "partition_expression", "partition_description"],
        "partition_ordinal_position, partition_name",
    ),
];

const VIEW: &[Source] = &[Source::of_table(
    "views",
    &["view_definition", "check_option", "definer", "security_type"],
    "table_name",
)];

const TRIGGER: &[Source] = &[Source {
    table: "triggers",
    columns: &["event_manipulation", "event_object_table", "action_timing", "action_statement"],
    schema: "trigger_schema",
    name: "trigger_name",
    order: "trigger_name",
}];

const ROUTINE: &[Source] = &[Source {
    table: "routines",
    columns: &["routine_type", "dtd_identifier", "routine_definition", "definer", "security_type"],
    schema: "routine_schema",
    name: "routine_name",
    order: "routine_type",
}];

const EVENT: &[Source] = &[Source {
    table: "events",
    columns: &["event_definition", "execute_at", "interval_value", "interval_field", "status"],
    schema: "event_schema",
    name: "event_name",
    order: "event_name",
}];

/// The aspect of objects that a statement can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The existence of the objects.
    Presence,
    Indexes,
    /// The complete shape of the objects.
    Shape,
}

/// Returns the expression for digests of the catalog's entries on some objects, joined by commas in
/// order; none where no such expression is known.
pub fn catalog_digest(dialect: Dialect, extent: Extent, objects: &[ObjectName]) -> Option<String> {
    match dialect {
        Dialect::MySql if !objects.is_empty() => {}
        Dialect::MySql | Dialect::Sqlite | Dialect::Postgres => return None,
    }
    // Names that change places (RENAME TABLE a TO t, b TO a, t TO b) are all there as before.
    if objects.iter().enumerate().any(|(at, it)| objects.iter().take(at).any(|other| other == it)) {
        return None;
    }
    let digests = objects.iter().map(|object| digest(extent, object));
    let digests: Option<Vec<String>> = digests.collect();
    Some(format!("concat_ws(',', {})", digests?.join(", ")))
}

/// The expression for the numbers of all invalid indexes, separated by blanks (PostgreSQL): the
/// value before a concurrent build shows afterwards which are left by it.
pub const INVALID_INDEXES: &str = "(SELECT coalesce(pg_catalog.string_agg(\
    indexrelid::pg_catalog.text, ' '), '') FROM pg_catalog.pg_index WHERE NOT indisvalid)";

/// Determines whether a statement took effect from the digests before it and now: all changed means
/// yes, none means no, some can't be decided.
pub fn took_effect(before: &str, now: &str) -> Option<bool> {
    let pairs = || before.split(',').zip(now.split(','));
    let has_changed = |(before, now): (&str, &str)| before != now;
    if before.split(',').count() != now.split(',').count() {
        return None;
    }
    let all = pairs().all(has_changed);
    let none = !pairs().any(has_changed);
    (all || none).then_some(all)
}

fn digest(extent: Extent, object: &ObjectName) -> Option<String> {
    let sources = match (object.kind, extent) {
        (ObjectKind::Table, Extent::Presence) => PRESENCE,
        (ObjectKind::Table, Extent::Indexes) => INDEXES,
        (ObjectKind::Table, Extent::Shape) => SHAPE,
        (ObjectKind::View, _) => VIEW,
        (ObjectKind::Trigger, _) => TRIGGER,
        (ObjectKind::Routine, _) => ROUTINE,
        (ObjectKind::Event, _) => EVENT,
        (ObjectKind::Other, _) => return None,
    };
    let parts: Vec<String> = sources.iter().map(|source| part(source, object)).collect();
    // No md5: MySQL has none from 9.6 on.
    Some(format!("sha2(concat_ws('#', {}), 256)", parts.join(", ")))
}

fn part(source: &Source, object: &ObjectName) -> String {
    let text = |value: &str| quote_literal(value, Dialect::MySql);
    // QUOTE distinguishes NULL from an empty text.
    let columns: Vec<String> =
        source.columns.iter().map(|column| format!("quote({column})")).collect();
    let schema = object.schema.as_deref().map_or("database()".to_owned(), text);
    // Compared with one value each: only so the server opens one table and not all of them.
    format!(
        "(SELECT coalesce(group_concat(concat_ws('|', {}) ORDER BY {}), '') FROM \
         information_schema.{} WHERE {} = {schema} AND {} = {})",
        columns.join(", "),
        source.order,
        source.table,
        source.schema,
        source.name,
        text(&object.name),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> ObjectName {
        ObjectName { schema: None, name: name.to_owned(), kind: ObjectKind::Table }
    }

    #[test]
    fn only_named_objects_of_mysql_have_a_digest() {
        let digest =
            |dialect, objects: &[ObjectName]| catalog_digest(dialect, Extent::Presence, objects);
        let text = digest(Dialect::MySql, &[table("it's")]).unwrap();
        assert!(text.contains("table_schema = database() AND table_name = 'it''s'"), "{text}");
        assert_eq!(digest(Dialect::MySql, &[]), None);
        assert_eq!(digest(Dialect::Postgres, &[table("t")]), None);
        let other = ObjectName { kind: ObjectKind::Other, ..table("t") };
        assert_eq!(digest(Dialect::MySql, &[table("t"), other]), None);
        assert_eq!(digest(Dialect::MySql, &[table("t"), table("u"), table("t")]), None);
    }

    #[test]
    fn an_effect_on_some_objects_only_tells_nothing() {
        assert_eq!(took_effect("a,b", "c,d"), Some(true));
        assert_eq!(took_effect("a,b", "a,b"), Some(false));
        assert_eq!(took_effect("a,b", "a,c"), None);
        assert_eq!(took_effect("a", "a,b"), None);
    }
}
