//! Names and pieces of statements of the steps that are done apart.

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::autogenerate::ddl::postgres::plan::rules::cut;
use crate::catalog::{COLUMNS, EXPRESSION, Id, Kind, Name, Object, Value};
use crate::inspect::postgres::attributes::{DEFINITION, NOT_ENFORCED, NOT_VALID};

/// Returns the name of the constraint that stands for NOT NULL of a column for a while.
pub(super) fn helper_name(column: &Object) -> String {
    let table = column.id.owner.as_ref().map_or("", Name::as_str);
    let name = format!("{table}_{}", column.id.name);
    format!("{}_set_not_null", cut(&name, 13))
}

/// Makes the constraint that stands for NOT NULL of a column, not validated yet.
pub(super) fn helper(column: &Object, name: &str) -> Object {
    let expression = is_not_null(column);
    let id = Id { kind: Kind::Check, name: Name::exact(name), ..column.id.clone() };
    let mut res = Object { parent: column.parent.clone(), ..Object::new(id) };
    res.needs.insert(column.id.clone());
    let name = column.id.name.to_string();
    res.set(COLUMNS, Value::exact(name.clone()).with_list([name]));
    res.set(DEFINITION, Value::exact(format!("CHECK ({expression})")));
    res.set(EXPRESSION, Value::exact(expression));
    res.set(NOT_VALID, Value::exact("yes"));
    res
}

fn is_not_null(column: &Object) -> String {
    format!("({} IS NOT NULL)", quoted(column.id.name.as_str()))
}

/// Tells whether a constraint proves that a column has no NULL.
pub(super) fn proves(check: &Object, column: &Object) -> bool {
    let is_valid = !check.says(NOT_VALID) && !check.says(NOT_ENFORCED);
    is_valid && check.normal(EXPRESSION) == is_not_null(column)
}

/// Returns a name for an index until it takes the place of another one.
pub(super) fn new_name(name: &str) -> String {
    format!("{}_new", cut(name, 4))
}

/// Splits the statement that makes an index: what stands before its name, and what behind.
pub(super) fn split(definition: &str) -> Option<(&str, &str)> {
    let start = definition.find(" INDEX ")? + " INDEX ".len();
    let (head, rest) = definition.split_at_checked(start)?;
    let mut is_quoted = false;
    let end = rest.char_indices().find(|(_, c)| {
        is_quoted ^= *c == '"';
        *c == ' ' && !is_quoted
    });
    Some((head, rest.split_at_checked(end?.0)?.1))
}

/// Writes the statement that makes an index under a name while its table is in use.
pub(super) fn concurrently(definition: &str, name: &str) -> String {
    match split(definition) {
        Some((head, rest)) => format!("{head}CONCURRENTLY {}{rest}", quoted(name)),
        None => definition.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexes_are_made_under_other_names() {
        let check = |sql: &str, expected: &str| assert_eq!(concurrently(sql, "n"), expected);
        check(
            "CREATE INDEX a ON s.t USING btree (b)",
            "CREATE INDEX CONCURRENTLY n ON s.t USING btree (b)",
        );
        check(
            "CREATE UNIQUE INDEX \"a \"\" INDEX b\" ON s.t USING btree (b)",
            "CREATE UNIQUE INDEX CONCURRENTLY n ON s.t USING btree (b)",
        );
    }
}
