//! Names as they stand in statements, and in words.

use crate::catalog::{Catalog, Id, Kind, Name, Object};
use crate::inspect::postgres::attributes::{KNOWN_AS, NAME, TYPES};
use crate::sql::{Dialect, quote_identifier, quote_literal};

/// The words that PostgreSQL quotes as names, in the versions from 13 to 18.
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization between \
    bigint binary bit boolean both case cast char character check coalesce collate collation column \
    concurrently constraint create cross current_catalog current_date current_role current_schema \
    current_time current_timestamp current_user dec decimal default deferrable desc distinct do else \
    end except exists extract false fetch float for foreign freeze from full grant greatest group \
    grouping having ilike in initially inner inout int integer intersect interval into is isnull join \
    json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar \
    json_serialize json_table json_value lateral leading least left like limit localtime \
    localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric \
    offset on only or order out outer overlaps overlay placing position precision primary real \
    references returning right row select session_user setof similar smallint some substring \
    symmetric system_user table tablesample then time timestamp to trailing treat trim true union \
    unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat \
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";

/// Writes a name, in quotes only where it needs them.
pub(super) fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_bare = name.chars().all(is_plain)
        && !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !RESERVED.contains(&format!(" {name} "));
    if is_bare { name.to_owned() } else { quote_identifier(name, Dialect::Postgres) }
}

pub(super) fn literal(text: &str) -> String {
    quote_literal(text, Dialect::Postgres)
}

/// Returns the schema of an object, quoted.
pub(super) fn schema(catalog: &Catalog, id: &Id) -> String {
    let schema = id.schema.as_ref().or(catalog.home.as_ref());
    quoted(schema.map_or("public", Name::as_str))
}

/// Writes the name of an object with its schema.
pub(super) fn full(catalog: &Catalog, id: &Id) -> String {
    format!("{}.{}", schema(catalog, id), quoted(id.name.as_str()))
}

/// Writes the name of the table, view or domain that an object belongs to, with its schema.
pub(super) fn owner(catalog: &Catalog, id: &Id) -> String {
    let owner = id.owner.as_ref().unwrap_or(&id.name);
    format!("{}.{}", schema(catalog, id), quoted(owner.as_str()))
}

/// Writes the name of a routine with its argument types.
pub(super) fn signature(catalog: &Catalog, object: &Object) -> String {
    let types = object.aside(TYPES);
    let none = if object.id.kind == Kind::Aggregate { "*" } else { "" };
    let types = if types.is_empty() { none } else { types };
    format!("{}.{}({types})", schema(catalog, &object.id), quoted(object.aside(NAME)))
}

/// Returns the words with which statements name a kind.
pub(super) fn keyword(kind: Kind) -> &'static str {
    match kind {
        Kind::Schema => "SCHEMA",
        Kind::Extension => "EXTENSION",
        Kind::Collation => "COLLATION",
        Kind::Enum | Kind::Composite | Kind::Range => "TYPE",
        Kind::Domain => "DOMAIN",
        Kind::Function => "FUNCTION",
        Kind::Procedure => "PROCEDURE",
        Kind::Aggregate => "AGGREGATE",
        Kind::Sequence => "SEQUENCE",
        Kind::Table => "TABLE",
        Kind::Column | Kind::Default => "COLUMN",
        Kind::DomainCheck
        | Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::Exclusion
        | Kind::ForeignKey => "CONSTRAINT",
        Kind::Index => "INDEX",
        Kind::Statistics => "STATISTICS",
        Kind::View => "VIEW",
        Kind::MaterializedView => "MATERIALIZED VIEW",
        Kind::Trigger => "TRIGGER",
        Kind::Event => "EVENT",
        Kind::Rule => "RULE",
        Kind::Policy => "POLICY",
        Kind::EventTrigger => "EVENT TRIGGER",
        Kind::DefaultPrivileges => "DEFAULT PRIVILEGES",
        Kind::Opaque => "OBJECT",
    }
}

/// The kinds of constraints: of domains, and of tables.
pub(super) const CONSTRAINTS: [Kind; 6] = [
    Kind::DomainCheck,
    Kind::PrimaryKey,
    Kind::Unique,
    Kind::Check,
    Kind::Exclusion,
    Kind::ForeignKey,
];

/// Tells whether objects of a kind are constraints of tables.
pub(super) fn is_constraint(kind: Kind) -> bool {
    kind != Kind::DomainCheck && CONSTRAINTS.contains(&kind)
}

/// Names an object as COMMENT ON and DROP do: `TABLE public.users`.
pub(super) fn reference(catalog: &Catalog, object: &Object) -> String {
    let id = &object.id;
    let (word, name) = (keyword(id.kind), quoted(id.name.as_str()));
    let is_one = |kinds: &[Kind]| kinds.contains(&id.kind);
    if is_one(&[Kind::Schema, Kind::Extension, Kind::EventTrigger, Kind::Opaque]) {
        format!("{word} {name}")
    } else if is_one(&[Kind::Function, Kind::Procedure, Kind::Aggregate]) {
        format!("{word} {}", signature(catalog, object))
    } else if is_one(&[Kind::Column, Kind::Default]) {
        format!("{word} {}.{name}", owner(catalog, id))
    } else if id.kind == Kind::DomainCheck {
        format!("{word} {name} ON DOMAIN {}", owner(catalog, id))
    } else if is_constraint(id.kind) || is_one(&[Kind::Trigger, Kind::Rule, Kind::Policy]) {
        format!("{word} {name} ON {}", owner(catalog, id))
    } else {
        format!("{word} {}", full(catalog, id))
    }
}

/// Returns the name of an object in words: `users.email`, with a schema that isn't the home.
pub(super) fn shown(id: &Id) -> String {
    let parts = [id.schema.as_ref(), id.owner.as_ref(), Some(&id.name)];
    let parts: Vec<&str> = parts.into_iter().flatten().map(Name::as_str).collect();
    parts.join(".")
}

/// Returns the name of the table, view or domain of an object in words.
pub(super) fn shown_owner(id: &Id) -> String {
    let parts = [id.schema.as_ref(), Some(id.owner.as_ref().unwrap_or(&id.name))];
    let parts: Vec<&str> = parts.into_iter().flatten().map(Name::as_str).collect();
    parts.join(".")
}

/// Returns the id of an object by the name that users know.
pub(super) fn known(object: &Object) -> Id {
    let name = object.aside.get(KNOWN_AS).map(Name::exact);
    Id { name: name.unwrap_or_else(|| object.id.name.clone()), ..object.id.clone() }
}

/// Returns a kind in words: `materialized view`.
pub(super) fn word(kind: Kind) -> String {
    kind.as_str().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_where_they_need_it() {
        let res: Vec<String> =
            ["a_1", "1a", "A", "user", "users", "", "é", "a\"b"].map(quoted).into();
        assert_eq!(
            res,
            ["a_1", "\"1a\"", "\"A\"", "\"user\"", "users", "\"\"", "\"é\"", "\"a\"\"b\""]
        );
    }
}
