//! Texts of statements for scripts: without hints, which have been applied by then.

use crate::autogenerate::hints::is_hint;
use crate::sql::{Dialect, Lexer};

/// Returns the text after the beginning of a statement.
pub(crate) fn head_of(sql: &str, rest: usize) -> &str {
    sql.get(rest..).unwrap_or_default()
}

/// Returns a statement for a script: comments stay, hints and trailing comments don't.
pub(crate) fn made_by(sql: &str) -> String {
    let mut res = String::new();
    let mut end = 0;
    for token in Lexer::new(sql, Dialect::Sqlite).map_while(Result::ok) {
        let gap = sql.get(end..token.offset).unwrap_or_default();
        if res.is_empty() && gap.is_empty() {
            // The statement begins here.
        } else if is_hinted(gap) {
            res.push_str(&without_hints(gap));
        } else {
            res.push_str(gap);
        }
        res.push_str(token.text);
        end = token.end();
    }
    res
}

fn is_hinted(gap: &str) -> bool {
    gap.lines()
        .any(|line| line.find("--").is_some_and(|at| is_hint(line.get(at..).unwrap_or_default())))
}

/// Removes hints from the text between two tokens, and lines that are empty then.
fn without_hints(gap: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (at, line) in gap.split('\n').enumerate() {
        let comment = line.find("--").filter(|at| is_hint(line.get(*at..).unwrap_or_default()));
        match comment {
            None => lines.push(line.to_owned()),
            Some(start) => {
                let before = line.get(..start).unwrap_or_default().trim_end();
                if at == 0 || !before.is_empty() {
                    lines.push(before.to_owned());
                }
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_go_and_comments_stay() {
        let sql = "CREATE TABLE t ( -- renamed from: s\n    a, -- the first\n    -- renamed from: c\n    \
                   b -- backfill: 1\n) -- end";
        assert_eq!(made_by(sql), "CREATE TABLE t (\n    a, -- the first\n    b\n)");
        let expected = "CREATE VIEW v AS SELECT '-- renamed from: x'";
        assert_eq!(made_by("CREATE VIEW v AS SELECT '-- renamed from: x'"), expected);
    }
}
