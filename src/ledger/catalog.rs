//! The entries of MySQL's catalog on single objects, as digests computed by the server.
//!
//! Where DDL commits by itself, a crash leaves the question whether the last statement took effect.
//! The digests are noted together with the statement, before it runs; if they differ later, it did.

use std::fmt::Write as _;

use crate::sql::{Dialect, ObjectKind, ObjectName, quote_identifier, quote_literal};
use crate::words::words;

/// The servers with one kind of `information_schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    /// MySQL and MariaDB, which differ in some columns and skip each other's comments.
    Own,
    /// Servers that speak MySQL's protocol: only what all of them have is asked for.
    Compatible,
}

/// One table of `information_schema`: the columns that tell an object's shape, those that only some
/// versions of MySQL and MariaDB have, the column of its schema, the column of its name, and what
/// orders the rows.
struct Source {
    table: &'static str,
    columns: &'static [&'static str],
    more: &'static [&'static str],
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
        Self { table, columns, more: &[], schema: "table_schema", name: "table_name", order }
    }
}

/// Expressions that tell whether a table exists: cheap, since the server opens none.
const PRESENCE: &[Source] = &[Source::of_table("tables", &["table_type"], "table_name")];

const STATISTICS: Source = Source {
    more: &["ignored", "is_visible", "expression"],
    ..Source::of_table(
        "statistics",
        words![
            index_name seq_in_index column_name non_unique sub_part index_type collation index_comment
        ],
        "index_name, seq_in_index",
    )
};

const INDEXES: &[Source] = &[STATISTICS];

const SHAPE: &[Source] = &[
    Source::of_table(
        "tables",
        words![
            table_type engine row_format table_collation create_options table_comment
        ],
        "table_name",
    ),
    Source {
        more: &["is_generated", "srs_id"],
        ..Source::of_table(
            "columns",
            words![
                column_name ordinal_position column_default is_nullable column_type collation_name
                extra generation_expression column_comment
            ],
            "ordinal_position",
        )
    },
    STATISTICS,
    Source {
        more: &["enforced"],
        ..Source::of_table(
            "table_constraints",
            &["constraint_name", "constraint_type"],
            "constraint_name, constraint_type",
        )
    },
    Source {
        more: words![
            subpartition_name subpartition_method subpartition_expression partition_comment
        ],
        ..Source::of_table(
            "partitions",
            words![
                partition_name partition_method partition_expression partition_description
            ],
            "partition_ordinal_position, partition_name, subpartition_name",
        )
    },
];

/// The rules of a table's foreign keys, on MySQL and MariaDB.
const FOREIGN_KEYS: &[Source] = &[
    Source::of_table(
        "key_column_usage",
        words![
            constraint_name ordinal_position column_name referenced_table_schema referenced_table_name
            referenced_column_name
        ],
        "constraint_name, ordinal_position, column_name",
    ),
    Source {
        schema: "constraint_schema",
        ..Source::of_table(
            "referential_constraints",
            &["constraint_name", "update_rule", "delete_rule"],
            "constraint_name",
        )
    },
];

const VIEW: &[Source] = &[Source {
    more: &["algorithm"],
    ..Source::of_table(
        "views",
        &["view_definition", "check_option", "definer", "security_type"],
        "table_name",
    )
}];

const TRIGGER: &[Source] = &[Source {
    table: "triggers",
    columns: &["event_manipulation", "event_object_table", "action_timing", "action_statement"],
    more: &["action_order", "definer"],
    schema: "trigger_schema",
    name: "trigger_name",
    order: "trigger_name",
}];

const ROUTINE: &[Source] = &[Source {
    table: "routines",
    columns: &["routine_type", "dtd_identifier", "routine_definition", "definer", "security_type"],
    more: &["is_deterministic", "sql_data_access", "routine_comment"],
    schema: "routine_schema",
    name: "routine_name",
    order: "routine_type",
}];

const EVENT: &[Source] = &[Source {
    table: "events",
    columns: &["event_definition", "execute_at", "interval_value", "interval_field", "status"],
    more: &["starts", "ends", "on_completion", "event_comment", "definer"],
    schema: "event_schema",
    name: "event_name",
    order: "event_name",
}];

/// The columns of a sequence's only row, apart from its numbers.
const SEQUENCE: &[&str] = words![
    minimum_value maximum_value start_value increment cache_size cycle_option
];

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
pub fn catalog_digest(servers: Servers, extent: Extent, objects: &[ObjectName]) -> Option<String> {
    if objects.is_empty() {
        return None;
    }
    // Names that change places (RENAME TABLE a TO t, b TO a, t TO b) are all there as before.
    if objects.iter().enumerate().any(|(at, it)| objects.iter().take(at).any(|other| other == it)) {
        return None;
    }
    let digests = objects.iter().map(|object| digest(servers, extent, object));
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

fn digest(servers: Servers, extent: Extent, object: &ObjectName) -> Option<String> {
    let sources = match (object.kind, extent) {
        (ObjectKind::Table, Extent::Indexes) => INDEXES,
        (ObjectKind::Table, Extent::Shape) => SHAPE,
        (ObjectKind::Table | ObjectKind::Sequence, Extent::Presence) => PRESENCE,
        (ObjectKind::View, _) => VIEW,
        (ObjectKind::Trigger, _) => TRIGGER,
        (ObjectKind::Routine, _) => ROUTINE,
        (ObjectKind::Event, _) => EVENT,
        (ObjectKind::Sequence, Extent::Shape) => return sequence(servers, object),
        (ObjectKind::Sequence, Extent::Indexes) => return None,
    };
    let mut parts: Vec<String> = sources.iter().map(|it| part(servers, it, object)).collect();
    let mut checks = String::new();
    if (object.kind, extent, servers) == (ObjectKind::Table, Extent::Shape, Servers::Own) {
        parts.extend(FOREIGN_KEYS.iter().map(|it| part(servers, it, object)));
        checks = self::checks(object);
    }
    // No md5: MySQL has none from 9.6 on.
    Some(format!("sha2(concat_ws('#', {}{checks}), 256)", parts.join(", ")))
}

fn part(servers: Servers, source: &Source, object: &ObjectName) -> String {
    let more = if servers == Servers::Own { source.more } else { &[] };
    let all = source.columns.iter().chain(more).copied();
    // Compared with one value each: only so the server opens one table and not all of them.
    let filter = format!(
        "{} = {} AND {} = {}",
        source.schema,
        schema(object),
        source.name,
        text(&object.name)
    );
    let query = query(source.table, all, source.order, &filter);
    if more.is_empty() {
        return query;
    }
    // A column that the server's table doesn't have is found in this one, one level further out.
    let lacking: Vec<String> = more.iter().map(|it| format!("0 AS {it}")).collect();
    format!("(SELECT {query} FROM (SELECT {}) AS lacking)", lacking.join(", "))
}

/// Writes the subquery for columns of some rows of `information_schema`.
fn query(
    table: &str,
    columns: impl Iterator<Item = &'static str>,
    order: &str,
    filter: &str,
) -> String {
    // QUOTE distinguishes NULL from an empty text.
    let columns: Vec<String> = columns.map(|column| format!("quote({column})")).collect();
    format!(
        "(SELECT coalesce(group_concat(concat_ws('|', {}) ORDER BY {order}), '') FROM \
         information_schema.{table} WHERE {filter})",
        columns.join(", "),
    )
}

/// Writes further arguments for the bodies of a table's checks, in comments that one server each runs:
/// MySQL 5.7 has no such table, and only MariaDB's has the name of the table that is checked.
fn checks(object: &ObjectName) -> String {
    let (schema, name) = (schema(object), text(&object.name));
    let columns = || ["constraint_name", "check_clause"].into_iter();
    let body = |filter: &str| {
        query("check_constraints", columns(), "constraint_name, check_clause", filter)
    };
    let of_schema = format!("constraint_schema = {schema} AND ");
    let of_mariadb = body(&format!("{of_schema}table_name = {name}"));
    let of_mysql = body(&format!(
        "{of_schema}constraint_name IN (SELECT constraint_name FROM \
         information_schema.table_constraints WHERE table_schema = {schema} AND table_name = {name} \
         AND constraint_type = 'CHECK')"
    ));
    format!(" /*M!100200 , {of_mariadb} */ /*!80016 , {of_mysql} */")
}

/// Writes the digest of what a sequence of MariaDB was made with: only the sequence itself tells it.
fn sequence(servers: Servers, object: &ObjectName) -> Option<String> {
    let quoted = |name: &str| quote_identifier(name, Dialect::MySql);
    let mut name = object.schema.as_deref().map(quoted).unwrap_or_default();
    let dot = if name.is_empty() { "" } else { "." };
    write!(name, "{dot}{}", quoted(&object.name)).ok()?;
    // The name stands in a comment.
    if servers == Servers::Compatible || name.contains('*') {
        return None;
    }
    let columns = SEQUENCE.join(", ");
    Some(format!(
        "sha2(concat('' /*M!100300 , (SELECT concat_ws('|', {columns}) FROM {name}) */), 256)"
    ))
}

fn schema(object: &ObjectName) -> String {
    object.schema.as_deref().map_or("database()".to_owned(), text)
}

/// Quotes a text so that it has neither end nor beginning of a comment.
fn text(value: &str) -> String {
    quote_literal(value, Dialect::MySql).replace('*', "' '*' '")
}

#[cfg(test)]
mod tests {
    use super::*;
    use Extent::{Presence, Shape};

    fn table(name: &str) -> ObjectName {
        ObjectName { schema: None, name: name.to_owned(), kind: ObjectKind::Table }
    }

    #[test]
    fn only_named_objects_have_a_digest() {
        let digest = |objects: &[ObjectName]| catalog_digest(Servers::Own, Presence, objects);
        let text = digest(&[table("it's")]).unwrap();
        assert!(text.contains("table_schema = database() AND table_name = 'it''s'"), "{text}");
        assert_eq!(digest(&[]), None);
        assert_eq!(digest(&[table("t"), table("u"), table("t")]), None);
    }

    #[test]
    fn compatible_servers_are_asked_for_what_all_of_them_have() {
        let shape = |servers| catalog_digest(servers, Shape, &[table("t")]).unwrap();
        for part in ["quote(ignored)", "check_constraints", "referential_constraints", "/*"] {
            assert!(shape(Servers::Own).contains(part), "{part}");
            assert!(!shape(Servers::Compatible).contains(part), "{part}");
        }
    }

    #[test]
    fn no_name_ends_a_comment() {
        let text = catalog_digest(Servers::Own, Shape, &[table("a*/b/*c")]).unwrap();
        assert_eq!(text.matches("*/").count(), 2, "{text}");
        assert_eq!(text.matches("/*").count(), 2, "{text}");
        assert!(text.contains("table_name = 'a' '*' '/b/' '*' 'c'"), "{text}");
        let sequence = |name| ObjectName { kind: ObjectKind::Sequence, ..table(name) };
        assert_eq!(catalog_digest(Servers::Own, Shape, &[sequence("a*/b")]), None);
        assert_eq!(catalog_digest(Servers::Compatible, Shape, &[sequence("s")]), None);
    }

    #[test]
    fn an_effect_on_some_objects_only_tells_nothing() {
        assert_eq!(took_effect("a,b", "c,d"), Some(true));
        assert_eq!(took_effect("a,b", "a,b"), Some(false));
        assert_eq!(took_effect("a,b", "a,c"), None);
        assert_eq!(took_effect("a", "a,b"), None);
    }
}
