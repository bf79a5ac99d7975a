//! The tables that a statement creates, changes, drops or writes rows of: for callers that must not
//! miss one of a few. Names in other roles are not reported, but strings and called programs are
//! not examined.

use crate::sql::{
    changed::Named,
    dialect::Dialect,
    lexer::{Lexer, Token, TokenKind},
    statement::Statement,
    tokens::{bare, is_at, pass},
};
use crate::words::words;

/// Words between a verb and the table whose rows it writes.
const BETWEEN: &[&str] = words![
    OR ABORT FAIL ROLLBACK REPLACE LOW_PRIORITY HIGH_PRIORITY DELAYED QUICK CONCURRENT IGNORE INTO
    TABLE ONLY
];

/// Words between `TABLE` and its name.
const BEFORE_NAME: &[&str] = &["IF", "NOT", "EXISTS", "ONLY"];

/// Words after a table that are not an alias.
const NO_ALIAS: &[&str] = words![
    JOIN INNER LEFT RIGHT CROSS NATURAL STRAIGHT_JOIN ON USING SET WHERE FROM
];

/// Words after which no table of a `DELETE` follows.
const END_OF_TABLES: &[&str] = &["WHERE", "ORDER", "LIMIT", "RETURNING"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Written {
    Table(Named),
    Schema(String),
}

/// Returns the objects that a statement writes to, within any common table expressions, blocks and
/// EXPLAIN. Of a definition only the defined object counts.
pub(crate) fn written(statement: &Statement<'_>) -> Vec<Written> {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    if is_at(&tokens, 0, &["CREATE"]) {
        return Reader { tokens: &tokens, dialect: statement.dialect }.at(0);
    }
    // It names the same words, and writes nothing.
    if is_at(&tokens, 0, &["GRANT", "REVOKE"]) {
        return Vec::new();
    }
    let mut res = written_in(&tokens, statement.dialect);
    if is_at(&tokens, 0, &["DO"]) {
        // The text of a block of PostgreSQL is a string.
        for body in tokens.iter().filter_map(|token| dollar_quoted(token.text)) {
            let tokens: Vec<Token<'_>> =
                Lexer::new(body, statement.dialect).map_while(Result::ok).collect();
            res.extend(written_in(&tokens, statement.dialect));
        }
    }
    res
}

fn written_in(tokens: &[Token<'_>], dialect: Dialect) -> Vec<Written> {
    let reader = Reader { tokens, dialect };
    (0..tokens.len()).flat_map(|at| reader.at(at)).collect()
}

/// Strips `$tag$` from both ends of a text.
fn dollar_quoted(text: &str) -> Option<&str> {
    let tag = text.strip_prefix('$')?.find('$')? + 2;
    text.get(tag..text.len().checked_sub(tag)?)
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    tokens: &'a [Token<'a>],
    dialect: Dialect,
}

impl Reader<'_> {
    fn is(self, at: usize, words: &[&str]) -> bool {
        is_at(self.tokens, at, words)
    }

    fn is_sign(self, at: usize, sign: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.text == sign)
    }

    /// Returns the objects that the verb at a position writes to.
    fn at(self, at: usize) -> Vec<Written> {
        let Some(verb) = self.tokens.get(at).filter(|token| token.kind == TokenKind::Word) else {
            return Vec::new();
        };
        // `ON DELETE`, `ON DUPLICATE KEY UPDATE`, `FOR UPDATE`, and a column of such a name.
        let is_part = at > 0
            && (self.is(at - 1, &["ON", "KEY", "FOR", "BEFORE", "AFTER"])
                || self.is_sign(at - 1, "."));
        if is_part {
            return Vec::new();
        }
        let start = pass(self.tokens, at + 1, BETWEEN);
        let tables = match verb.text.to_ascii_uppercase().as_str() {
            "CREATE" | "DROP" | "ALTER" | "RENAME" => return self.definition(at),
            "TRUNCATE" => self.names(start).0,
            "INTO" | "INSERT" | "REPLACE" => {
                self.name(start).map(|(name, _)| name).into_iter().collect()
            }
            "COPY" if at == 0 => self.copied(start),
            "UPDATE" => self.updated(start),
            "DELETE" => self.deleted(start),
            _ => Vec::new(),
        };
        tables.into_iter().map(Written::Table).collect()
    }

    /// Parses the rest after `CREATE`, `DROP`, `ALTER` or `RENAME`.
    fn definition(self, at: usize) -> Vec<Written> {
        let makes = self.is(at, &["CREATE"]);
        let mut kind =
            pass(self.tokens, at + 1, &["OR", "REPLACE", "UNLOGGED", "ONLINE", "IGNORE"]);
        if self.dialect == Dialect::MySql {
            // It would hide another of its name.
            kind = pass(self.tokens, kind, &["TEMPORARY"]);
        }
        let start = pass(self.tokens, kind + 1, BEFORE_NAME);
        if self.is(at, &["DROP"]) && self.is(kind, &["SCHEMA", "DATABASE"]) {
            let named = self.names(start).0.into_iter();
            return named.map(|(_, name)| Written::Schema(name)).collect();
        }
        if !self.is(kind, &["TABLE", "TABLES"]) {
            return Vec::new();
        }
        let tables = if makes || self.is(at, &["ALTER"]) {
            self.name(start).map(|(name, _)| name).into_iter().collect()
        } else if self.is(at, &["RENAME"]) {
            self.renamed(start)
        } else {
            self.names(start).0
        };
        tables.into_iter().map(Written::Table).collect()
    }

    /// Parses `OLD TO NEW, …`.
    fn renamed(self, mut at: usize) -> Vec<Named> {
        let mut res = Vec::new();
        while let Some((old, next)) = self.name(at) {
            res.push(old);
            let rest = self.tokens.get(next..).unwrap_or_default();
            let Some(comma) = rest.iter().position(|token| token.text == ",") else { break };
            at = next + comma + 1;
        }
        res
    }

    /// Parses `TABLE (COLUMNS) FROM …`; the other direction only reads.
    fn copied(self, at: usize) -> Vec<Named> {
        let Some((name, next)) = self.name(at) else { return Vec::new() };
        let rest = self.tokens.get(next..).unwrap_or_default();
        let way = rest.iter().find(|token| token.is_one_of(&["FROM", "TO"]));
        way.filter(|way| way.is_word("FROM")).map(|_| name).into_iter().collect()
    }

    /// Parses `TABLES SET …`: of several tables those whose columns are set.
    fn updated(self, at: usize) -> Vec<Named> {
        let Some(set) = (at..self.tokens.len()).find(|at| self.is(*at, &["SET"])) else {
            return Vec::new();
        };
        let tables = self.references(at, set);
        if tables.len() == 1 {
            return tables.into_iter().map(|(name, _)| name).collect();
        }
        let mut owners = Vec::new();
        for target in self.targets(set + 1) {
            match self.name(target) {
                Some(((Some(owner), _), _)) => owners.push(owner),
                // An unqualified column may belong to any table.
                _ => return tables.into_iter().map(|(name, _)| name).collect(),
            }
        }
        let is_set = |alias: &String| owners.iter().any(|it| it.eq_ignore_ascii_case(alias));
        tables.into_iter().filter(|(_, alias)| is_set(alias)).map(|(name, _)| name).collect()
    }

    /// Returns the positions of the assignments of a `SET`.
    fn targets(self, start: usize) -> Vec<usize> {
        let mut depth = 0_usize;
        let mut res = vec![start];
        for at in start..self.tokens.len() {
            match self.tokens.get(at).map_or("", |token| token.text) {
                "(" => depth += 1,
                ")" if depth == 0 => break,
                ")" => depth -= 1,
                "," if depth == 0 => res.push(at + 1),
                ";" => break,
                _ if depth == 0 && self.is(at, END_OF_TABLES) => break,
                _ => {}
            }
        }
        res
    }

    /// Parses `FROM TABLES USING REFERENCES` and `TABLES FROM REFERENCES`.
    fn deleted(self, at: usize) -> Vec<Named> {
        let is_behind = self.is(at, &["FROM"]);
        let (targets, next) = self.names(pass(self.tokens, at, &["FROM", "ONLY"]));
        let word = if is_behind { "USING" } else { "FROM" };
        let end = (next..self.tokens.len())
            .find(|at| self.is(*at, END_OF_TABLES) || self.is_sign(*at, ";"));
        let end = end.unwrap_or(self.tokens.len());
        let Some(from) = (next..end).find(|at| self.is(*at, &[word])) else { return targets };
        let references = self.references(from + 1, end);
        let meant = |target: Named| {
            let of_alias = references
                .iter()
                .find(|(_, alias)| target.0.is_none() && alias.eq_ignore_ascii_case(&target.1));
            of_alias.map_or(target, |(name, _)| name.clone())
        };
        targets.into_iter().map(meant).collect()
    }

    /// Parses the tables of a join, each with its alias.
    fn references(self, start: usize, end: usize) -> Vec<(Named, String)> {
        let begins = |at: &usize| {
            *at == start
                || self.is(*at - 1, &["JOIN", "STRAIGHT_JOIN"])
                || self.is_sign(*at - 1, ",")
                || self.is_sign(*at - 1, "(")
        };
        let mut res = Vec::new();
        for at in (start..end).filter(begins) {
            let Some((name, next)) = self.name(at) else { continue };
            let alias = pass(self.tokens, next, &["AS"]);
            let is_alias = alias < end && !self.is(alias, NO_ALIAS);
            let alias = self.tokens.get(alias).filter(|_| is_alias).and_then(bare);
            let known = alias.unwrap_or_else(|| name.1.clone());
            res.push((name, known));
        }
        res
    }

    /// Parses comma-separated names, and returns the position after them.
    fn names(self, mut at: usize) -> (Vec<Named>, usize) {
        let mut res = Vec::new();
        while let Some((name, next)) = self.name(at) {
            res.push(name);
            at = next;
            if !self.is_sign(at, ",") {
                break;
            }
            at += 1;
        }
        (res, at)
    }

    /// Parses a name with the part before its last dot, and returns the position after it.
    fn name(self, at: usize) -> Option<(Named, usize)> {
        let mut parts = vec![self.part(at)?];
        let mut at = at + 1;
        while self.is_sign(at, ".") {
            parts.extend(self.part(at + 1));
            // `TABLE.*` is the table.
            at += 2;
        }
        let name = parts.pop()?;
        Some(((parts.pop(), name), at))
    }

    fn part(self, at: usize) -> Option<String> {
        self.tokens.get(at)?.unquoted()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::testing::each;

    #[track_caller]
    fn check(dialect: Dialect, script: &str, expected: &str) {
        let tell = |statement: &Statement<'_>| {
            let mut found: Vec<String> = Vec::new();
            for it in written(statement) {
                let it = match it {
                    Written::Table((Some(schema), name)) => format!("{schema}.{name}"),
                    Written::Table((None, name)) => name,
                    Written::Schema(name) => format!("{name}.*"),
                };
                if !found.contains(&it) {
                    found.push(it);
                }
            }
            found.join(" ")
        };
        each(tell, dialect, &expected.to_owned(), script);
    }

    #[test]
    fn whatever_writes_rows_names_its_table() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            let one = "
                INSERT INTO a SELECT * FROM b; UPDATE a SET b = (SELECT c FROM d), e = 1;
                WITH x AS (SELECT 1 FROM y) DELETE FROM a WHERE b IN (TABLE x)";
            check(dialect, one, "a");
            check(dialect, "DELETE FROM x.a WHERE b IN (SELECT c FROM d)", "x.a");
            check(dialect, "SELECT a FROM b JOIN c ON b.into = c.delete", "");
        }
        let sqlite = "
            INSERT OR REPLACE INTO \"a\" VALUES (1); DELETE FROM 'a';
            REPLACE INTO a VALUES (replace(b, 'c', 'd'))";
        check(Dialect::Sqlite, sqlite, "a");
        check(Dialect::Sqlite, "UPDATE OR IGNORE main.[a] SET b = 1", "main.a");
        let postgres = "
            MERGE INTO ONLY a USING b ON a.c = b.c WHEN MATCHED THEN DELETE;
            COPY a FROM STDIN;\nb\n\\.
            DELETE FROM ONLY a USING b c WHERE a.d = c.d;
            EXPLAIN ANALYZE UPDATE a AS b SET c = 1 FROM d";
        check(Dialect::Postgres, postgres, "a");
        let two = "
            WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d;
            DO $x$ BEGIN DELETE FROM a; TRUNCATE b; END $x$";
        check(Dialect::Postgres, two, "a b");
        check(Dialect::Postgres, "COPY x.a (b, c) FROM '/d'", "x.a");
        check(Dialect::Postgres, "COPY a TO '/from'; SELECT 1 FROM a FOR UPDATE OF a", "");
        let mysql = "
            REPLACE `a` VALUES (1); INSERT IGNORE a VALUES (1) ON DUPLICATE KEY UPDATE b = 2;
            LOAD DATA LOCAL INFILE 'x' REPLACE INTO TABLE a;
            UPDATE a b JOIN x.c AS d USING (e) SET b.f = d.f;
            DELETE b FROM a AS b JOIN c USING (d) WHERE 1; BEGIN NOT ATOMIC DELETE FROM a; END;
            /*!40000 ALTER TABLE `a` DISABLE KEYS */";
        check(Dialect::MySql, mysql, "a");
        check(Dialect::MySql, "UPDATE a, c SET f = 1", "a c");
        check(Dialect::MySql, "DELETE FROM a.*, b USING a JOIN b JOIN c", "a b");
    }

    #[test]
    fn definitions_name_what_they_define() {
        let references = "CREATE TABLE IF NOT EXISTS a (b INT REFERENCES c ON DELETE CASCADE)";
        check(Dialect::Postgres, references, "a");
        check(Dialect::Postgres, "DROP TABLE IF EXISTS a, \"b\" CASCADE", "a b");
        check(Dialect::Postgres, "TRUNCATE TABLE ONLY a, b", "a b");
        check(Dialect::Postgres, "DROP SCHEMA IF EXISTS a, b CASCADE", "a.* b.*");
        let nothing = "CREATE TEMP TABLE a (b INT); GRANT INSERT, UPDATE, DELETE ON a TO b";
        check(Dialect::Postgres, nothing, "");
        let mysql = "CREATE TEMPORARY TABLE a (b INT); CREATE OR REPLACE TABLE a LIKE b";
        check(Dialect::MySql, mysql, "a");
        check(Dialect::MySql, "RENAME TABLE a TO b, x.c TO d", "a x.c");
        check(Dialect::Sqlite, "ALTER TABLE a RENAME TO b", "a");
        check(Dialect::Sqlite, "CREATE INDEX i ON a (b)", "");
        check(Dialect::Sqlite, "CREATE TRIGGER t AFTER DELETE ON a BEGIN DELETE FROM b; END", "");
    }
}
