//! Owners and privileges.

use crate::autogenerate::ddl::postgres::names::{full, owner, quoted, reference, signature};
use crate::autogenerate::ddl::postgres::write::sayings::Saying;
use crate::autogenerate::ddl::postgres::write::table::table_of;
use crate::catalog::{Catalog, Kind, Object};
use crate::inspect::postgres::attributes::{COLUMN_GRANTS, GRANTS, OF, OWNER, REACH};

/// Returns what is said of the owner of an object, and of privileges on it.
pub(super) fn sayings(object: &Object, catalog: &Catalog) -> Vec<Saying> {
    let own = role(object, catalog).map(|role| {
        let alter = format!("ALTER {} OWNER TO", reference(catalog, object));
        Saying { statement: format!("{alter} {role}"), back: format!("{alter} CURRENT_USER") }
    });
    let on = |column: &str| target(object, column, catalog);
    let grants = object.list(GRANTS).iter().filter_map(|it| grant(it, &on("")));
    let of_columns = object.list(COLUMN_GRANTS).iter().filter_map(|it| {
        let (column, item) = it.split_once('\t')?;
        grant(item, &on(column))
    });
    own.into_iter().chain(grants).chain(of_columns).collect()
}

/// Finds the role that owns an object, unless it is the session's; a sequence of a column has the owner
/// of the table.
fn role<'a>(object: &'a Object, catalog: &'a Catalog) -> Option<&'a str> {
    let column = object.parent.as_ref().filter(|_| object.id.kind == Kind::Sequence);
    let table = column.and_then(|it| table_of(it, catalog));
    let value = table.unwrap_or(object).attributes.get(OWNER)?;
    Some(&value.written)
}

/// The words around the privileges and the role of a statement.
struct Target {
    /// The words before GRANT and REVOKE.
    before: String,
    /// The column to which privileges are limited, in parentheses.
    column: String,
    /// The object, as it stands behind ON.
    object: String,
}

fn target(object: &Object, column: &str, catalog: &Catalog) -> Target {
    let (kind, name) = (object.id.kind, full(catalog, &object.id));
    let mut res = Target { before: String::new(), column: String::new(), object: String::new() };
    let limited = |column: &str| format!(" ({})", quoted(column));
    if kind == Kind::DefaultPrivileges {
        res.before = default(object);
        object.aside(OF).clone_into(&mut res.object);
    } else if kind == Kind::Column {
        res.column = limited(object.id.name.as_str());
        res.object = format!("TABLE {}", owner(catalog, &object.id));
    } else if Kind::RELATIONS.contains(&kind) {
        res.column = if column.is_empty() { String::new() } else { limited(column) };
        res.object = format!("TABLE {name}");
    } else if kind == Kind::Aggregate {
        let signature = signature(catalog, object).replace("(*)", "()");
        res.object = format!("FUNCTION {signature}");
    } else {
        res.object = reference(catalog, object);
    }
    res
}

fn default(object: &Object) -> String {
    let reach = object.aside(REACH);
    let space = if reach.is_empty() { "" } else { " " };
    format!("ALTER DEFAULT PRIVILEGES {reach}{space}")
}

/// Writes an item of privileges, and what takes it back.
fn grant(item: &str, on: &Target) -> Option<Saying> {
    let mut parts = item.split('\t');
    let (verb, privilege, role) = (parts.next()?, parts.next()?, parts.next()?);
    let Target { before, column, object } = on;
    let what = format!("{privilege}{column} ON {object}");
    let give = format!("{before}GRANT {what} TO {role}");
    let take = format!("{before}REVOKE {what} FROM {role}");
    Some(match verb {
        "REVOKE" => Saying { statement: take, back: give },
        "GRANT GRANT OPTION" => Saying {
            statement: format!("{give} WITH GRANT OPTION"),
            back: format!("{before}REVOKE GRANT OPTION FOR {what} FROM {role}"),
        },
        _ => Saying { statement: give, back: take },
    })
}

/// Returns the statements that take privileges from a new object that it would have by default, and isn't
/// meant to have.
pub(in super::super) fn unwanted(object: &Object, from: &Catalog, to: &Catalog) -> Vec<String> {
    let Some(of) = of(object.id.kind) else { return Vec::new() };
    let schema = object.id.schema.as_ref().or(to.home.as_ref());
    let here = schema.map(|it| format!("IN SCHEMA {}", quoted(it.as_str())));
    let reaches = |it: &&Object| {
        let reach = it.aside(REACH);
        it.aside(OF) == of
            && to.holds(&it.id)
            && (reach.is_empty() || here.as_deref() == Some(reach))
    };
    let defaults = from.of_kind(Kind::DefaultPrivileges).filter(reaches);
    let items = defaults.flat_map(|it| it.list(GRANTS));
    let on = target(object, "", to);
    let items = items.filter(|it| !object.list(GRANTS).contains(it));
    joined(items.filter_map(|it| Some(grant(it, &on)?.back)).collect())
}

/// Returns the word of default privileges for a kind.
fn of(kind: Kind) -> Option<&'static str> {
    if Kind::RELATIONS.contains(&kind) {
        Some("TABLES")
    } else if kind == Kind::Sequence {
        Some("SEQUENCES")
    } else if [Kind::Function, Kind::Procedure, Kind::Aggregate].contains(&kind) {
        Some("FUNCTIONS")
    } else if [Kind::Enum, Kind::Domain, Kind::Composite, Kind::Range].contains(&kind) {
        Some("TYPES")
    } else if kind == Kind::Schema {
        Some("SCHEMAS")
    } else {
        None
    }
}

/// Joins statements about several privileges of the same role on the same object.
pub(super) fn joined(statements: Vec<String>) -> Vec<String> {
    let mut res: Vec<String> = Vec::new();
    for statement in statements {
        let is_grant = ["GRANT ", "REVOKE ", "ALTER DEFAULT PRIVILEGES "];
        let is_grant = is_grant.iter().any(|it| statement.starts_with(it));
        if is_grant
            && let Some(last) = res.last_mut()
            && let Some(both) = both(last, &statement)
        {
            *last = both;
        } else {
            res.push(statement);
        }
    }
    res
}

/// Joins two statements that differ in their privileges alone.
fn both(one: &str, other: &str) -> Option<String> {
    let split = |text: &'_ str| -> Option<(usize, usize)> {
        let verb = text.find("GRANT ").into_iter().chain(text.find("REVOKE ")).min()?;
        let start = verb + text.get(verb..)?.find(' ')? + 1;
        let start = match text.get(start..)?.strip_prefix("GRANT OPTION FOR ") {
            Some(rest) => text.len() - rest.len(),
            None => start,
        };
        Some((start, start + text.get(start..)?.find(" ON ")?))
    };
    let ((start, end), (other_start, other_end)) = (split(one)?, split(other)?);
    let is_same =
        one.get(..start) == other.get(..other_start) && one.get(end..) == other.get(other_end..);
    let (head, tail) = (one.get(..end)?, one.get(end..)?);
    is_same
        .then(|| format!("{head}, {}{tail}", other.get(other_start..other_end).unwrap_or_default()))
}

/// Returns the statements that take default privileges back.
pub(in super::super) fn taken_back(object: &Object, catalog: &Catalog) -> Vec<String> {
    joined(sayings(object, catalog).into_iter().map(|it| it.back).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn privileges_of_one_role_are_one_statement() {
        let check = |statements: &[&str], expected: &[&str]| {
            assert_eq!(joined(statements.iter().map(ToString::to_string).collect()), expected);
        };
        check(
            &[
                "GRANT INSERT ON TABLE t TO a",
                "GRANT SELECT ON TABLE t TO a",
                "GRANT SELECT ON TABLE t TO b",
            ],
            &["GRANT INSERT, SELECT ON TABLE t TO a", "GRANT SELECT ON TABLE t TO b"],
        );
        check(
            &[
                "REVOKE SELECT (a) ON TABLE t FROM a",
                "REVOKE UPDATE (a) ON TABLE t FROM a",
                "COMMENT ON t IS 'GRANT x ON y'",
            ],
            &["REVOKE SELECT (a), UPDATE (a) ON TABLE t FROM a", "COMMENT ON t IS 'GRANT x ON y'"],
        );
        let of = "ALTER DEFAULT PRIVILEGES FOR ROLE r";
        check(
            &[
                &format!("{of} GRANT SELECT ON TABLES TO a"),
                &format!("{of} GRANT UPDATE ON TABLES TO a"),
            ],
            &[&format!("{of} GRANT SELECT, UPDATE ON TABLES TO a")],
        );
    }
}
