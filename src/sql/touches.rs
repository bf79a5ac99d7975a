//! The tables that a statement changes according to its text; for information, not for safety.

use crate::sql::{
    lexer::{Token, TokenKind},
    statement::Statement,
    tokens::{name, outside, pass},
};
use crate::words::words;

/// A table or view that a statement creates, changes or drops, or whose rows it changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Touch {
    /// The schema, if the statement says it.
    pub schema: Option<String>,
    /// The name within the schema, without quotes.
    pub name: String,
    /// The old name, if the statement renames it.
    pub formerly: Option<String>,
}

/// Words between a verb and its object.
const BETWEEN: &[&str] = words![
    IF NOT EXISTS ONLY TABLE OR ABORT FAIL ROLLBACK LOW_PRIORITY IGNORE QUICK CONCURRENTLY
];

/// Returns the tables that a statement changes; for an index or a trigger its table. Called
/// programs and the tables that a query reads are not considered.
pub fn touched_tables(statement: &Statement<'_>) -> Vec<Touch> {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    Reader { tokens: &tokens, at: 0 }.read().unwrap_or_default()
}

struct Reader<'a> {
    tokens: &'a [Token<'a>],
    at: usize,
}

impl Reader<'_> {
    fn read(&mut self) -> Option<Vec<Touch>> {
        let verb = self.word()?;
        match verb.as_str() {
            "CREATE" | "ALTER" | "DROP" => self.definition(&verb),
            "RENAME" => {
                let mut res = Vec::new();
                self.pass(&["TABLE", "TABLES"]);
                loop {
                    let old = self.name()?;
                    self.find(&["TO"])?;
                    res.push(Touch { formerly: Some(old.name), ..self.name()? });
                    if !self.takes(",") {
                        return Some(res);
                    }
                }
            }
            "COMMENT" => {
                self.find(&["TABLE", "VIEW"])?;
                self.names()
            }
            "TRUNCATE" => {
                self.pass(BETWEEN);
                self.names()
            }
            _ => self.change(),
        }
    }

    /// Parses the rest after `CREATE`, `ALTER` or `DROP`.
    fn definition(&mut self, verb: &str) -> Option<Vec<Touch>> {
        let kind =
            self.find(&["TABLE", "TABLES", "VIEW", "INDEX", "TRIGGER", "FUNCTION", "PROCEDURE"])?;
        match kind {
            "INDEX" | "TRIGGER" => {
                self.find(&["ON"])?;
                self.pass(BETWEEN);
                Some(vec![self.name()?])
            }
            "FUNCTION" | "PROCEDURE" => None,
            _ if verb == "ALTER" => {
                self.pass(BETWEEN);
                let old = self.name()?;
                while self.find(&["RENAME"]).is_some() {
                    if self.takes("TO") || self.takes("AS") {
                        let new = self.name()?;
                        let schema = new.schema.or_else(|| old.schema.clone());
                        return Some(vec![Touch {
                            schema,
                            formerly: Some(old.name),
                            name: new.name,
                        }]);
                    }
                }
                Some(vec![old])
            }
            _ => {
                self.pass(BETWEEN);
                if verb == "DROP" { self.names() } else { Some(vec![self.name()?]) }
            }
        }
    }

    /// Parses a statement that changes rows, after any common table expressions.
    fn change(&mut self) -> Option<Vec<Touch>> {
        self.at = outside(self.tokens, |it| it.is_one_of(&["INTO", "UPDATE", "DELETE"]))? + 1;
        self.pass(BETWEEN);
        self.pass(&["FROM"]);
        self.pass(BETWEEN);
        Some(vec![self.name()?])
    }

    fn word(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at).filter(|it| it.kind == TokenKind::Word)?;
        self.at += 1;
        Some(token.text.to_ascii_uppercase())
    }

    /// Advances past the first of some words, and returns it.
    fn find<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        while let Some(token) = self.tokens.get(self.at) {
            self.at += 1;
            if let Some(word) = words.iter().find(|word| token.is_word(word)) {
                return Some(word);
            }
        }
        None
    }

    fn pass(&mut self, words: &[&str]) {
        self.at = pass(self.tokens, self.at, words);
    }

    fn takes(&mut self, text: &str) -> bool {
        let is_it = |it: &Token<'_>| it.text.eq_ignore_ascii_case(text);
        let found = self.tokens.get(self.at).is_some_and(is_it);
        self.at += usize::from(found);
        found
    }

    fn names(&mut self) -> Option<Vec<Touch>> {
        let mut res = vec![self.name()?];
        while self.takes(",") {
            res.push(self.name()?);
        }
        Some(res)
    }

    fn name(&mut self) -> Option<Touch> {
        let mut parts = vec![self.part()?];
        while self.takes(".") {
            parts.push(self.part()?);
        }
        let name = parts.pop()?;
        Some(Touch { schema: parts.pop(), name, formerly: None })
    }

    fn part(&mut self) -> Option<String> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        name(token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, split};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let statements = split(text, Dialect::Sqlite).unwrap();
        let touched = statements.iter().flat_map(touched_tables).map(|it| {
            let old = it.formerly.map(|old| format!("{old}>")).unwrap_or_default();
            let schema = it.schema.map(|schema| format!("{schema}.")).unwrap_or_default();
            old + &schema + &it.name
        });
        assert_eq!(touched.collect::<Vec<_>>().join(" "), expected, "{text}");
    }

    #[test]
    fn what_defines_names_its_table() {
        check("CREATE TABLE IF NOT EXISTS a (b REFERENCES c)", "a");
        check("create temp table \"a \"\"b\" as select * from c", "a \"b");
        check("CREATE VIRTUAL TABLE app.[a] USING fts5 (b)", "app.a");
        check("ALTER TABLE ONLY a ADD b INT REFERENCES c", "a");
        check("ALTER TABLE a RENAME COLUMN b TO c; ALTER TABLE a RENAME b TO c", "a a");
        check("ALTER TABLE s.a RENAME TO b; RENAME TABLE a TO b, c TO d", "a>s.b a>b c>d");
        check("DROP TABLE IF EXISTS a, \"b\" CASCADE; DROP VIEW v", "a b v");
        check("CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY a (b) WHERE c", "a");
        check("CREATE TRIGGER t AFTER UPDATE OF b ON a BEGIN DELETE FROM c; END", "a");
        check(
            "CREATE VIEW v AS SELECT * FROM a; COMMENT ON TABLE a IS 'x'; TRUNCATE a, b",
            "v a a b",
        );
    }

    #[test]
    fn what_changes_rows_names_its_table() {
        check("INSERT OR IGNORE INTO a SELECT * FROM b; REPLACE INTO a VALUES (1)", "a a");
        check("UPDATE OR FAIL a SET b = (SELECT c FROM d)", "a");
        check("WITH x AS (SELECT 1 FROM y) DELETE FROM a WHERE b IN x", "a");
        check("SELECT 1; DROP INDEX i; PRAGMA x; VACUUM; CREATE FUNCTION f() AS 1; DROP TABLE", "");
    }
}
