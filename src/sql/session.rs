//! Which statements leave something behind in the session, beside what they do to the database.

use crate::sql::split::Statement;

/// Tells whether a statement may leave a setting, an attached database or a temporary object.
///
/// A connection that ran one is not as it was opened, so the next script should get another.
pub fn leaves_traces(statement: &Statement<'_>) -> bool {
    let mut words = statement.leading_words();
    match words.next().as_deref() {
        Some("PRAGMA" | "ATTACH" | "DETACH") => true,
        Some("CREATE") => {
            let second = words.next();
            matches!(second.as_deref(), Some("TEMP" | "TEMPORARY")) || names_temp(statement)
        }
        _ => false,
    }
}

/// Tells whether a statement speaks of the schema `temp`.
fn names_temp(statement: &Statement<'_>) -> bool {
    let tokens: Vec<_> = statement.tokens().flatten().collect();
    tokens.windows(2).any(|pair| {
        let name = pair[0].text.trim_matches(['"', '`', '[', ']', '\'']);
        name.eq_ignore_ascii_case("temp") && pair[1].text == "."
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, split};

    #[track_caller]
    fn check(text: &str, expected: bool) {
        let statements = split(text, Dialect::Sqlite).unwrap();
        assert_eq!(leaves_traces(&statements[0]), expected, "{text}");
    }

    #[test]
    fn settings_attached_and_temporary_things_are_traces() {
        check("pragma recursive_triggers = on", true);
        check("ATTACH 'x.db' AS x", true);
        check("CREATE TEMP TABLE t (a)", true);
        check("create temporary view v as select 1", true);
        check("CREATE TABLE temp.t (a)", true);
        check("CREATE TRIGGER \"temp\".t AFTER INSERT ON a BEGIN SELECT 1; END", true);
        check("CREATE TABLE template (temp TEXT)", false);
        check("INSERT INTO pragma VALUES (1)", false);
        check("ALTER TABLE t ADD COLUMN temp", false);
    }
}
