//! Routines, indexes, views, and what fires.

use crate::autogenerate::ddl::postgres::names::{full, keyword, literal, owner, quoted, schema};
use crate::autogenerate::ddl::postgres::write::table::options;
use crate::catalog::{Catalog, Kind, Object};
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, ARGUMENTS, CLUSTERED, COMMAND, DEFINITION, ENABLED, EVENT, FUNCTION, NAME,
    OPTIONS, PERMISSIVE, ROLES, SCHEMA, STATISTICS, TABLESPACE, TAGS, USING, WITH_CHECK,
};

pub(super) fn extension(object: &Object) -> Vec<String> {
    let name = quoted(object.id.name.as_str());
    vec![format!("CREATE EXTENSION {name} SCHEMA {}", quoted(object.written(SCHEMA)))]
}

/// Returns the definition of an object, as one statement.
fn definition(object: &Object) -> String {
    object.written(DEFINITION).trim_end().trim_end_matches(';').trim_end().to_owned()
}

pub(in super::super) fn routine(object: &Object) -> Vec<String> {
    vec![definition(object)]
}

pub(super) fn aggregate(object: &Object, catalog: &Catalog) -> Vec<String> {
    let arguments = object.written(ARGUMENTS);
    let arguments = if arguments.is_empty() { "*" } else { arguments };
    let name = quoted(object.aside(NAME));
    let schema = schema(catalog, &object.id);
    vec![format!("CREATE AGGREGATE {schema}.{name}({arguments}) ({})", definition(object))]
}

/// Splits the statistics targets of an index: the number of a column, and its target.
pub(in super::super) fn targets(index: &Object) -> impl Iterator<Item = (&str, &str)> {
    index.list(STATISTICS).iter().filter_map(|it| it.split_once('='))
}

pub(in super::super) fn index(object: &Object, catalog: &Catalog) -> Vec<String> {
    let mut res = vec![definition(object)];
    let name = full(catalog, &object.id);
    for (column, target) in targets(object) {
        res.push(format!("ALTER INDEX {name} ALTER COLUMN {column} SET STATISTICS {target}"));
    }
    res.extend(settings(object, catalog));
    res
}

/// Writes the name of an index, or of the one behind a constraint.
pub(in super::super) fn behind(object: &Object, catalog: &Catalog) -> String {
    format!("{}.{}", schema(catalog, &object.id), quoted(object.id.name.as_str()))
}

/// Returns the statements for what isn't in the definition of an index, or of a constraint with one.
pub(in super::super) fn settings(object: &Object, catalog: &Catalog) -> Vec<String> {
    let name = behind(object, catalog);
    let mut res = Vec::new();
    if object.says(OPTIONS) {
        res.push(format!("ALTER INDEX {name} SET ({})", options(object.list(OPTIONS))));
    }
    if object.says(TABLESPACE) {
        let place = quoted(object.written(TABLESPACE));
        res.push(format!("ALTER INDEX {name} SET TABLESPACE {place}"));
    }
    if object.says(CLUSTERED) {
        res.extend(cluster(object, catalog));
    }
    res
}

/// Writes that a table is clustered by an index.
pub(in super::super) fn cluster(index: &Object, catalog: &Catalog) -> Option<String> {
    let table = full(catalog, index.parent.as_ref()?);
    Some(format!("ALTER TABLE {table} CLUSTER ON {}", quoted(index.id.name.as_str())))
}

pub(super) fn statistics(object: &Object, catalog: &Catalog) -> Vec<String> {
    let mut res = vec![definition(object)];
    if object.says(STATISTICS) {
        let (name, target) = (full(catalog, &object.id), object.written(STATISTICS));
        res.push(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
    }
    res
}

fn with_options(object: &Object) -> String {
    let list = object.list(OPTIONS);
    if list.is_empty() { String::new() } else { format!(" WITH ({})", options(list)) }
}

pub(super) fn view(object: &Object, catalog: &Catalog) -> Vec<String> {
    vec![view_sql(object, catalog, "CREATE VIEW")]
}

/// Writes a view with what makes it: `CREATE VIEW`, `CREATE OR REPLACE VIEW`.
pub(in super::super) fn view_sql(object: &Object, catalog: &Catalog, verb: &str) -> String {
    let name = full(catalog, &object.id);
    format!("{verb} {name}{} AS\n{}", with_options(object), definition(object))
}

pub(super) fn materialized_view(object: &Object, catalog: &Catalog) -> Vec<String> {
    let name = full(catalog, &object.id);
    let method = object.attributes.get(ACCESS_METHOD);
    let method = method.map(|it| format!(" USING {}", quoted(&it.written))).unwrap_or_default();
    let place = object.attributes.get(TABLESPACE);
    let place = place.map(|it| format!(" TABLESPACE {}", quoted(&it.written))).unwrap_or_default();
    let (options, query) = (with_options(object), definition(object));
    let head = format!("CREATE MATERIALIZED VIEW {name}{method}{options}{place}");
    vec![format!("{head} AS\n{query}\nWITH NO DATA")]
}

/// Returns the word for when a trigger or rule fires.
pub(in super::super) fn enabled(object: &Object) -> &'static str {
    match object.normal(ENABLED) {
        "D" => "DISABLE",
        "R" => "ENABLE REPLICA",
        "A" => "ENABLE ALWAYS",
        _ => "ENABLE",
    }
}

/// Writes when a trigger or rule of a table, or an event trigger, fires.
pub(in super::super) fn enable(object: &Object, catalog: &Catalog) -> String {
    let (word, name) = (enabled(object), quoted(object.id.name.as_str()));
    if object.id.kind == Kind::EventTrigger {
        return format!("ALTER EVENT TRIGGER {name} {word}");
    }
    let table = owner(catalog, &object.id);
    format!("ALTER TABLE {table} {word} {} {name}", keyword(object.id.kind))
}

pub(super) fn fired(object: &Object, catalog: &Catalog) -> Vec<String> {
    let mut res = vec![definition(object)];
    if enabled(object) != "ENABLE" {
        res.push(enable(object, catalog));
    }
    res
}

pub(super) fn policy(object: &Object, catalog: &Catalog) -> Vec<String> {
    let name = quoted(object.id.name.as_str());
    let mut clauses = vec![format!("CREATE POLICY {name} ON {}", owner(catalog, &object.id))];
    if object.normal(PERMISSIVE) == "RESTRICTIVE" {
        clauses.push("AS RESTRICTIVE".to_owned());
    }
    if object.normal(COMMAND) != "ALL" {
        clauses.push(format!("FOR {}", object.written(COMMAND)));
    }
    let roles = object.list(ROLES).join(", ");
    if roles != "PUBLIC" && !roles.is_empty() {
        clauses.push(format!("TO {roles}"));
    }
    for (attribute, words) in [(USING, "USING"), (WITH_CHECK, "WITH CHECK")] {
        if object.says(attribute) {
            clauses.push(format!("{words} ({})", object.written(attribute)));
        }
    }
    vec![clauses.join(" ")]
}

pub(super) fn event_trigger(object: &Object) -> Vec<String> {
    let (name, event) = (quoted(object.id.name.as_str()), object.written(EVENT));
    let tags: Vec<String> = object.list(TAGS).iter().map(|it| literal(it)).collect();
    let tags = tags.join(", ");
    let when = if tags.is_empty() { tags } else { format!(" WHEN TAG IN ({tags})") };
    let function = object.written(FUNCTION);
    let brackets = if function.ends_with(')') { "" } else { "()" };
    let sql = format!(
        "CREATE EVENT TRIGGER {name} ON {event}{when} EXECUTE FUNCTION {function}{brackets}"
    );
    let mut res = vec![sql];
    if enabled(object) != "ENABLE" {
        res.push(format!("ALTER EVENT TRIGGER {name} {}", enabled(object)));
    }
    res
}
