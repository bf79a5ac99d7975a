//! The version of SQLite that a script needs (`sqlite.org/changes.html`).

use crate::config::SqliteVersion;
use crate::sql::{Dialect, Lexer, Token};

/// Consecutive words, and the 3.x version that introduced them.
const PHRASES: &[(u16, &str, &[&str])] = &[
    (25, "RENAME COLUMN", &["RENAME", "COLUMN"]),
    (25, "window functions", &["OVER"]),
    (30, "NULLS FIRST and LAST", &["NULLS", "FIRST"]),
    (30, "NULLS FIRST and LAST", &["NULLS", "LAST"]),
    (31, "generated columns", &["GENERATED", "ALWAYS"]),
    (31, "generated columns", &[")", "STORED"]),
    (31, "generated columns", &[")", "VIRTUAL"]),
    (35, "DROP COLUMN", &["DROP", "COLUMN"]),
    (35, "MATERIALIZED", &["AS", "MATERIALIZED"]),
    (35, "MATERIALIZED", &["NOT", "MATERIALIZED"]),
    (37, "STRICT", &[")", "STRICT"]),
    (37, "STRICT", &["ROWID", ",", "STRICT"]),
    (39, "RIGHT and FULL JOIN", &["RIGHT", "JOIN"]),
    (39, "RIGHT and FULL JOIN", &["RIGHT", "OUTER"]),
    (39, "RIGHT and FULL JOIN", &["FULL", "JOIN"]),
    (39, "RIGHT and FULL JOIN", &["FULL", "OUTER"]),
    (39, "IS DISTINCT FROM", &["DISTINCT", "FROM"]),
    (53, "ALTER COLUMN", &["ALTER", "COLUMN"]),
    (53, "ADD CONSTRAINT", &["ADD", "CONSTRAINT"]),
    (53, "ADD CONSTRAINT", &["ADD", "CHECK"]),
    (53, "DROP CONSTRAINT", &["DROP", "CONSTRAINT"]),
];

/// Functions, and the 3.x version that introduced them.
const FUNCTIONS: &[(u16, &str)] = &[
    (32, "iif"),
    (38, "format"),
    (38, "unixepoch"),
    (41, "unhex"),
    (42, "json_error_position"),
    (43, "octet_length"),
    (43, "timediff"),
    (44, "concat"),
    (44, "concat_ws"),
    (44, "string_agg"),
    (45, "jsonb"),
    (45, "jsonb_array"),
    (45, "jsonb_extract"),
    (45, "jsonb_insert"),
    (45, "jsonb_object"),
    (45, "jsonb_patch"),
    (45, "jsonb_remove"),
    (45, "jsonb_replace"),
    (45, "jsonb_set"),
    (46, "json_pretty"),
    (48, "if"),
    (50, "unistr"),
    (50, "unistr_quote"),
];

/// Describes a feature of the script that is newer than a version, or than the one that
/// distributions ship; none if there is none.
pub(crate) fn needs(version: SqliteVersion, script: &str) -> Option<String> {
    let (minor, what) = newest(script)?;
    (version.min(SqliteVersion::default()) < SqliteVersion { major: 3, minor, patch: 0 })
        .then(|| format!("SQLite 3.{minor} or later: {what}"))
}

/// Finds the newest feature that a script uses.
fn newest(script: &str) -> Option<(u16, String)> {
    let tokens: Vec<Token<'_>> =
        Lexer::new(script, Dialect::Sqlite).map_while(Result::ok).collect();
    let mut res: Option<(u16, String)> = None;
    let mut found = |minor: u16, what: &dyn Fn() -> String| {
        if res.as_ref().is_none_or(|(newest, _)| *newest < minor) {
            res = Some((minor, what()));
        }
    };
    for at in 0..tokens.len() {
        let rest = tokens.get(at..).unwrap_or_default();
        let is = |(token, word): (&Token<'_>, &&str)| token.is_word(word) || token.text == *word;
        for (minor, what, words) in PHRASES {
            if words.len() <= rest.len() && rest.iter().zip(*words).all(is) {
                found(*minor, &|| (*what).to_owned());
            }
        }
        let [name, parenthesis, ..] = rest else { continue };
        let function = FUNCTIONS.iter().find(|(_, function)| name.is_word(function));
        if let Some((minor, function)) = function.filter(|_| parenthesis.text == "(") {
            found(*minor, &|| format!("{function}()"));
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_thing_counts() {
        let version = |minor| SqliteVersion { major: 3, minor, patch: 0 };
        let script = "ALTER TABLE t DROP COLUMN a; CREATE TABLE s (a) STRICT; SELECT 'concat(a)';";
        assert_eq!(needs(version(35), script).as_deref(), Some("SQLite 3.37 or later: STRICT"));
        assert_eq!(needs(version(37), script), None);
        let script =
            "ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t ALTER COLUMN a DROP NOT NULL";
        let told = Some("SQLite 3.53 or later: ALTER COLUMN");
        assert_eq!(needs(version(40), script).as_deref(), told);
        assert_eq!(needs(version(53), script).as_deref(), told);
    }
}
