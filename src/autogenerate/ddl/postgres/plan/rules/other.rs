//! Changes of what is neither a table nor a column.

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::ddl::Effort;
use crate::autogenerate::ddl::postgres::names::{
    CONSTRAINTS, full, literal, owner, quoted, reference, shown,
};
use crate::autogenerate::ddl::postgres::plan::rules::column::restart;
use crate::autogenerate::ddl::postgres::plan::rules::index::{index, place};
use crate::autogenerate::ddl::postgres::plan::rules::inside::out_of_reach;
use crate::autogenerate::ddl::postgres::plan::rules::routine::routine;
use crate::autogenerate::ddl::postgres::plan::rules::table::set_options;
use crate::autogenerate::ddl::postgres::plan::rules::{Alter, Change, Means, null};
use crate::autogenerate::ddl::postgres::plan::special::is_partition_key;
use crate::autogenerate::ddl::postgres::write::sequence::following;
use crate::autogenerate::ddl::postgres::write::{self, kinds, types};
use crate::catalog::{
    Attribute, COLUMNS, EXPRESSION, INVALID, Kind, NOT_NULL, ON_DELETE, ON_UPDATE, Object,
    REFERENCES, TYPE, UNIQUE, WHERE,
};
use crate::inspect::postgres::attributes::{
    ACCESS_METHOD, ARGUMENTS, ATTRIBUTES, CANONICAL, CLUSTERED, COLLATION, COMMAND, CTYPE, DEFAULT,
    DEFINITION, DETERMINISTIC, ENABLED, EVENT, FUNCTION, LABELS, LOCALE, MULTIRANGE, NOT_ENFORCED,
    NOT_NULL_NAME, NOT_VALID, OPCLASS, OPTIONS, OWNED_BY, PERMISSIVE, PROVIDER, RELOCATABLE,
    RESULT, ROLES, RULES, SCHEMA, STATISTICS, SUBTYPE_DIFF, TABLESPACE, TAGS, UNLOGGED, USING,
    WITH_CHECK,
};

/// The attributes of kinds that are made anew where nothing else will do.
const KNOWN: &[(&[Kind], &[Attribute])] = &[
    (&[Kind::Aggregate], &[ARGUMENTS, RESULT, DEFINITION]),
    (
        &CONSTRAINTS,
        &[
            DEFINITION,
            NOT_VALID,
            NOT_ENFORCED,
            COLUMNS,
            REFERENCES,
            EXPRESSION,
            UNIQUE,
            ON_DELETE,
            ON_UPDATE,
            INVALID,
            WHERE,
            OPTIONS,
            TABLESPACE,
            CLUSTERED,
        ],
    ),
    (
        &[Kind::Index],
        &[
            DEFINITION, INVALID, COLUMNS, EXPRESSION, UNIQUE, WHERE, STATISTICS, TABLESPACE,
            CLUSTERED,
        ],
    ),
    (&[Kind::Statistics], &[DEFINITION, COLUMNS, STATISTICS]),
    (&[Kind::MaterializedView], &[DEFINITION, ATTRIBUTES, ACCESS_METHOD, TABLESPACE, OPTIONS]),
    (&[Kind::Trigger, Kind::Rule], &[DEFINITION, ENABLED]),
    (&[Kind::Policy], &[COMMAND, PERMISSIVE, ROLES, USING, WITH_CHECK]),
    (&[Kind::EventTrigger], &[EVENT, FUNCTION, TAGS, ENABLED]),
];

pub(super) fn other(change: &Change<'_, '_>) -> Result<Means, AutogenerateError> {
    let found = in_place(change);
    if matches!(found, Some(Means::Swap))
        && let Some(column) = out_of_reach(change)
    {
        let (name, place) = (shown(&change.new.id), shown(&column.id));
        let what = format!(
            "another order of the attributes of type {name}, or another number and other types, in \
             the values of {place}"
        );
        return Err(AutogenerateError::NoRule { what });
    }
    if let Some(found) = found {
        return Ok(found);
    }
    let kind = change.new.id.kind;
    let known = KNOWN.iter().find(|(kinds, _)| kinds.contains(&kind)).map_or(&[][..], |it| it.1);
    match change.attributes.iter().find(|it| !known.contains(it)) {
        Some(unknown) => Err(change.no_rule(unknown)),
        None => Ok(Means::Anew),
    }
}

fn in_place(change: &Change<'_, '_>) -> Option<Means> {
    match change.new.id.kind {
        Kind::Extension => extension(change),
        Kind::Collation => {
            only(change, &[PROVIDER, LOCALE, CTYPE, DETERMINISTIC, RULES]).then_some(Means::Swap)
        }
        Kind::Enum => labels(change),
        Kind::Domain => domain(change),
        Kind::Composite => composite(change),
        Kind::Range => {
            only(change, &[TYPE, OPCLASS, COLLATION, CANONICAL, SUBTYPE_DIFF, MULTIRANGE])
                .then_some(Means::Swap)
        }
        Kind::Function | Kind::Procedure => routine(change),
        Kind::Sequence => sequence(change),
        Kind::Default => only(change, &[EXPRESSION])
            .then(|| statements(write::table::set_default(change.new, change.to()))),
        Kind::View => view(change),
        Kind::MaterializedView => {
            let alter = format!("ALTER {}", reference(change.to(), change.new));
            only(change, &[OPTIONS]).then(|| statements(set_options(&alter, change)))
        }
        Kind::Index => index(change),
        Kind::Statistics => only(change, &[STATISTICS]).then(|| {
            let target = change.new.attributes.get(STATISTICS).map_or("-1", |it| &it.written);
            let name = full(change.to(), &change.new.id);
            statements(vec![format!("ALTER STATISTICS {name} SET STATISTICS {target}")])
        }),
        Kind::Trigger | Kind::Rule | Kind::EventTrigger => only(change, &[ENABLED])
            .then(|| statements(vec![kinds::enable(change.new, change.to())])),
        Kind::Policy => policy(change),
        Kind::DomainCheck
        | Kind::PrimaryKey
        | Kind::Unique
        | Kind::Check
        | Kind::Exclusion
        | Kind::ForeignKey => constraint(change),
        Kind::Schema
        | Kind::Aggregate
        | Kind::Table
        | Kind::Column
        | Kind::Event
        | Kind::DefaultPrivileges
        | Kind::Opaque => None,
    }
}

pub(super) fn statements(statements: Vec<String>) -> Means {
    Means::Alter(Alter { statements, ..Alter::default() })
}

/// Tells whether nothing else is changed.
pub(super) fn only(change: &Change<'_, '_>, attributes: &[Attribute]) -> bool {
    change.attributes.iter().all(|it| attributes.contains(it))
}

fn extension(change: &Change<'_, '_>) -> Option<Means> {
    let new = change.new;
    if !only(change, &[SCHEMA]) {
        return None;
    }
    if new.aside(RELOCATABLE).is_empty() {
        return Some(Means::Anew);
    }
    let (name, schema) = (quoted(new.id.name.as_str()), quoted(new.written(SCHEMA)));
    Some(statements(vec![format!("ALTER EXTENSION {name} SET SCHEMA {schema}")]))
}

fn labels(change: &Change<'_, '_>) -> Option<Means> {
    let (old, new) = (change.old.list(LABELS), change.new.list(LABELS));
    if !only(change, &[LABELS]) {
        return None;
    }
    let mut rest = new.iter();
    let is_more = old.iter().all(|it| rest.any(|other| other == it));
    // What is partitioned by the type would lose its rows.
    let divides = change
        .sides
        .from
        .of_kind(Kind::Column)
        .any(|it| it.needs.contains(&change.old.id) && is_partition_key(it, change.sides.from));
    if !is_more || (change.sides.how.effort != Effort::Small && !divides) {
        return Some(Means::Swap);
    }
    let name = full(change.to(), &change.new.id);
    let mut res = Vec::new();
    for (at, label) in new.iter().enumerate().filter(|(_, it)| !old.contains(it)) {
        let next = new.iter().skip(at + 1).find(|it| old.contains(it));
        let place = next.map(|it| format!(" BEFORE {}", literal(it))).unwrap_or_default();
        res.push(format!("ALTER TYPE {name} ADD VALUE {}{place}", literal(label)));
    }
    Some(statements(res))
}

fn domain(change: &Change<'_, '_>) -> Option<Means> {
    let new = change.new;
    if !only(change, &[TYPE, COLLATION, DEFAULT, NOT_NULL, NOT_NULL_NAME]) {
        return None;
    }
    if change.has(TYPE) || change.has(COLLATION) {
        return Some(Means::Swap);
    }
    let alter = format!("ALTER DOMAIN {}", full(change.to(), &new.id));
    let mut res = Vec::new();
    if change.has(DEFAULT) {
        res.push(match new.attributes.get(DEFAULT) {
            Some(value) => format!("{alter} SET DEFAULT {}", value.written),
            None => format!("{alter} DROP DEFAULT"),
        });
    }
    res.extend(null::of_domain(change));
    Some(statements(res))
}

fn composite(change: &Change<'_, '_>) -> Option<Means> {
    if !only(change, &[ATTRIBUTES]) {
        return None;
    }
    let pairs = |it| -> Vec<(&str, &str)> { types::attributes(it).collect() };
    let (old, new) = (pairs(change.old), pairs(change.new));
    let names = |it: &[(&str, &str)], other: &[(&str, &str)]| -> Vec<String> {
        let shared = it.iter().filter(|one| other.iter().any(|it| it.0 == one.0));
        shared.map(|it| it.0.to_owned()).collect()
    };
    let shared = names(&new, &old);
    let is_head = new.iter().zip(&shared).all(|(it, name)| it.0 == name);
    let changes_type = new.iter().any(|it| old.iter().any(|one| one.0 == it.0 && one.1 != it.1));
    if names(&old, &new) != shared || !is_head || changes_type {
        return Some(Means::Swap);
    }
    let alter = format!("ALTER TYPE {}", full(change.to(), &change.new.id));
    let mut res = Alter::default();
    for (name, _) in old.iter().filter(|it| !shared.iter().any(|name| name == it.0)) {
        res.statements.push(format!("{alter} DROP ATTRIBUTE {} CASCADE", quoted(name)));
        let id = &change.new.id;
        res.destructive
            .push(format!("drops attribute {name} of {} with its values", id.full_name()));
    }
    for (name, type_name) in new.iter().filter(|it| !shared.iter().any(|name| name == it.0)) {
        let sql = format!("{alter} ADD ATTRIBUTE {} {type_name} CASCADE", quoted(name));
        res.statements.push(sql);
    }
    Some(Means::Alter(res))
}

fn sequence(change: &Change<'_, '_>) -> Option<Means> {
    let (old, new) = (change.old, change.new);
    if !only(change, &[TYPE, OPTIONS, OWNED_BY, UNLOGGED]) {
        return None;
    }
    let alter = format!("ALTER SEQUENCE {}", full(change.to(), &new.id));
    let mut res = Vec::new();
    if change.has(TYPE) || change.has(OPTIONS) {
        let mut clauses = Vec::new();
        if change.has(TYPE) {
            clauses.push(format!("AS {}", new.written(TYPE)));
        }
        let types = (old.normal(TYPE), new.normal(TYPE));
        let (had, has) = (following(old.list(OPTIONS), types), new.list(OPTIONS));
        clauses.extend(has.iter().filter(|it| !had.contains(it)).cloned());
        clauses.extend(restart(&had, has));
        res.push(format!("{alter} {}", clauses.join(" ")));
    }
    if change.has(UNLOGGED) {
        let word = if new.says(UNLOGGED) { "UNLOGGED" } else { "LOGGED" };
        res.push(format!("{alter} SET {word}"));
    }
    let mut later = Vec::new();
    if change.has(OWNED_BY) {
        let goes = old.parent.as_ref().is_some_and(|it| !change.to().holds(it));
        if !new.says(OWNED_BY) || goes {
            res.push(format!("{alter} OWNED BY NONE"));
        }
        if new.says(OWNED_BY) {
            later.push(write::sequence::owned_by(new, change.to()));
        }
    }
    Some(Means::Alter(Alter { statements: res, later, ..Alter::default() }))
}

fn view(change: &Change<'_, '_>) -> Option<Means> {
    let (old, new) = (change.old, change.new);
    if !only(change, &[DEFINITION, OPTIONS, ATTRIBUTES]) {
        return None;
    }
    if !new.list(ATTRIBUTES).starts_with(old.list(ATTRIBUTES))
        || change.sides.how.effort == Effort::Everything
    {
        return Some(Means::Anew);
    }
    if only(change, &[OPTIONS]) {
        let alter = format!("ALTER VIEW {}", full(change.to(), &new.id));
        return Some(statements(set_options(&alter, change)));
    }
    Some(statements(vec![kinds::view_sql(new, change.to(), "CREATE OR REPLACE VIEW")]))
}

fn policy(change: &Change<'_, '_>) -> Option<Means> {
    let new = change.new;
    let is_removed = [USING, WITH_CHECK].iter().any(|it| change.has(it) && !new.says(it));
    if !only(change, &[ROLES, USING, WITH_CHECK]) || is_removed {
        return None;
    }
    let (name, table) = (quoted(new.id.name.as_str()), owner(change.to(), &new.id));
    let mut clauses = vec![format!("ALTER POLICY {name} ON {table}")];
    if change.has(ROLES) {
        clauses.push(format!("TO {}", new.list(ROLES).join(", ")));
    }
    for (attribute, words) in [(USING, "USING"), (WITH_CHECK, "WITH CHECK")] {
        if change.has(attribute) {
            clauses.push(format!("{words} ({})", new.written(attribute)));
        }
    }
    Some(statements(vec![clauses.join(" ")]))
}

fn constraint(change: &Change<'_, '_>) -> Option<Means> {
    let (old, new) = (change.old, change.new);
    let what = if new.id.kind == Kind::DomainCheck { "DOMAIN" } else { "TABLE" };
    let alter = format!("ALTER {what} {}", owner(change.to(), &new.id));
    let name = quoted(new.id.name.as_str());
    if only(change, &[OPTIONS, TABLESPACE, CLUSTERED]) {
        let alter = format!("ALTER INDEX {}", kinds::behind(new, change.to()));
        let mut res = if change.has(OPTIONS) { set_options(&alter, change) } else { Vec::new() };
        res.extend(place(change, &alter)?);
        return Some(statements(res));
    }
    if only(change, &[NOT_VALID]) && !new.says(NOT_VALID) {
        return Some(statements(vec![format!("{alter} VALIDATE CONSTRAINT {name}")]));
    }
    let when = |it: &'_ Object| -> (String, &'static str) {
        let text = it.written(DEFINITION);
        let endings = [" DEFERRABLE INITIALLY DEFERRED", " DEFERRABLE"];
        let found = endings.into_iter().find_map(|end| Some((text.strip_suffix(end)?, end)));
        let (head, end) = found.unwrap_or((text, " NOT DEFERRABLE"));
        (head.to_owned(), end)
    };
    let ((had, _), (has, end)) = (when(old), when(new));
    let in_place = only(change, &[DEFINITION, NOT_ENFORCED, NOT_VALID]) && had == has;
    if new.id.kind != Kind::ForeignKey || !in_place {
        return None;
    }
    // One that is enforced again is validated; nothing else does that to one that is.
    let is_told = change.has(NOT_ENFORCED) && !new.says(NOT_VALID);
    if change.has(NOT_VALID) && !is_told {
        return None;
    }
    let alter = format!("{alter} ALTER CONSTRAINT {name}");
    let no = if new.says(NOT_ENFORCED) { " NOT" } else { "" };
    let enforced = change.has(NOT_ENFORCED).then(|| format!("{alter}{no} ENFORCED"));
    let deferred = change.has(DEFINITION).then(|| format!("{alter}{end}"));
    Some(statements(deferred.into_iter().chain(enforced).collect()))
}
