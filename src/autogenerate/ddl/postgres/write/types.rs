//! Types and collations.

use crate::autogenerate::ddl::postgres::names::{full, literal, quoted};
use crate::autogenerate::ddl::postgres::write::not_null;
use crate::autogenerate::ddl::postgres::write::table::type_sql;
use crate::catalog::{Catalog, Object, TYPE};
use crate::inspect::postgres::attributes::{
    ATTRIBUTES, CANONICAL, COLLATION, CTYPE, DEFAULT, DETERMINISTIC, LABELS, LOCALE, MULTIRANGE,
    OPCLASS, PROVIDER, RULES, SUBTYPE_DIFF,
};

pub(super) fn labels(object: &Object, catalog: &Catalog) -> Vec<String> {
    let labels: Vec<String> = object.list(LABELS).iter().map(|it| literal(it)).collect();
    vec![format!("CREATE TYPE {} AS ENUM ({})", full(catalog, &object.id), labels.join(", "))]
}

pub(super) fn domain(object: &Object, catalog: &Catalog) -> Vec<String> {
    let default = object.attributes.get(DEFAULT);
    let default = default.map(|it| format!(" DEFAULT {}", it.written)).unwrap_or_default();
    let not_null = not_null::clause(object).map(|it| format!(" {it}")).unwrap_or_default();
    let (name, type_name) = (full(catalog, &object.id), type_sql(object));
    vec![format!("CREATE DOMAIN {name} AS {type_name}{default}{not_null}")]
}

/// Splits the attributes of a composite type into names and types.
pub(in super::super) fn attributes(object: &Object) -> impl Iterator<Item = (&str, &str)> {
    object.list(ATTRIBUTES).iter().filter_map(|it| it.split_once('\t'))
}

pub(super) fn composite(object: &Object, catalog: &Catalog) -> Vec<String> {
    let list = attributes(object).map(|(name, type_name)| format!("{} {type_name}", quoted(name)));
    let list: Vec<String> = list.collect();
    vec![format!("CREATE TYPE {} AS ({})", full(catalog, &object.id), list.join(", "))]
}

pub(super) fn range(object: &Object, catalog: &Catalog) -> Vec<String> {
    let clauses = [
        (TYPE, "SUBTYPE"),
        (OPCLASS, "SUBTYPE_OPCLASS"),
        (COLLATION, "COLLATION"),
        (CANONICAL, "CANONICAL"),
        (SUBTYPE_DIFF, "SUBTYPE_DIFF"),
        (MULTIRANGE, "MULTIRANGE_TYPE_NAME"),
    ];
    let clauses = clauses.iter().filter(|(attribute, _)| object.says(attribute));
    let clauses: Vec<String> = clauses
        .map(|(attribute, word)| format!("{word} = {}", object.written(attribute)))
        .collect();
    vec![format!("CREATE TYPE {} AS RANGE ({})", full(catalog, &object.id), clauses.join(", "))]
}

pub(super) fn collation(object: &Object, catalog: &Catalog) -> Vec<String> {
    let mut clauses = vec![format!("PROVIDER = {}", object.written(PROVIDER))];
    let locale = object.written(LOCALE);
    if object.says(CTYPE) && object.normal(CTYPE) != object.normal(LOCALE) {
        clauses.push(format!("LC_COLLATE = {}", literal(locale)));
        clauses.push(format!("LC_CTYPE = {}", literal(object.written(CTYPE))));
    } else {
        clauses.push(format!("LOCALE = {}", literal(locale)));
    }
    if !object.says(DETERMINISTIC) {
        clauses.push("DETERMINISTIC = false".to_owned());
    }
    if object.says(RULES) {
        clauses.push(format!("RULES = {}", literal(object.written(RULES))));
    }
    vec![format!("CREATE COLLATION {} ({})", full(catalog, &object.id), clauses.join(", "))]
}
