//! The tables that a statement changes according to its text; for information, not for safety.

use crate::sql::{cursor::Cursor, statement::Statement};
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

const BETWEEN: &[&str] = words![
    IF NOT EXISTS ONLY TABLE OR ABORT FAIL ROLLBACK LOW_PRIORITY IGNORE QUICK CONCURRENTLY
];

/// Returns the tables that a statement changes; for an index or a trigger its table. Called
/// programs and the tables that a query reads are not considered.
pub fn touched_tables(statement: &Statement<'_>) -> Vec<Touch> {
    let mut reader = Reader(Cursor::of(statement));
    let verb = statement.first_word().unwrap_or_default();
    match verb.as_str() {
        "CREATE" | "ALTER" | "DROP" => reader.definition(&verb),
        "RENAME" => reader.renames(),
        "COMMENT" => reader.0.find(&["TABLE", "VIEW"]).and_then(|_| reader.names()),
        "TRUNCATE" => {
            reader.0.pass(&["TRUNCATE"]);
            reader.0.pass(BETWEEN);
            reader.names()
        }
        "" => None,
        _ => reader.change(),
    }
    .unwrap_or_default()
}

struct Reader<'a>(Cursor<'a>);

impl Reader<'_> {
    /// Parses `RENAME TABLE OLD TO NEW, …`.
    fn renames(&mut self) -> Option<Vec<Touch>> {
        self.0.pass(&["RENAME", "TABLE", "TABLES"]);
        let mut res = Vec::new();
        loop {
            let old = self.name()?;
            self.0.find(&["TO"])?;
            res.push(Touch { formerly: Some(old.name), ..self.name()? });
            if !self.0.accept_symbol(",") {
                return Some(res);
            }
        }
    }

    /// Parses a `CREATE`, an `ALTER` or a `DROP`.
    fn definition(&mut self, verb: &str) -> Option<Vec<Touch>> {
        let kind = self.0.find(words![TABLE TABLES VIEW INDEX TRIGGER FUNCTION PROCEDURE])?;
        match kind {
            "INDEX" | "TRIGGER" => {
                self.0.find(&["ON"])?;
                self.0.pass(BETWEEN);
                Some(vec![self.name()?])
            }
            "FUNCTION" | "PROCEDURE" => None,
            _ if verb == "ALTER" => {
                self.0.pass(BETWEEN);
                let old = self.name()?;
                while self.0.find(&["RENAME"]).is_some() {
                    if self.0.accept(&["TO"]) || self.0.accept(&["AS"]) {
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
                self.0.pass(BETWEEN);
                if verb == "DROP" { self.names() } else { Some(vec![self.name()?]) }
            }
        }
    }

    /// Parses a statement that changes rows, after any common table expressions.
    fn change(&mut self) -> Option<Vec<Touch>> {
        self.0.until(&["INTO", "UPDATE", "DELETE"]);
        self.0.next()?;
        self.0.pass(BETWEEN);
        self.0.pass(&["FROM"]);
        self.0.pass(BETWEEN);
        Some(vec![self.name()?])
    }

    fn names(&mut self) -> Option<Vec<Touch>> {
        let mut res = vec![self.name()?];
        while self.0.accept_symbol(",") {
            res.push(self.name()?);
        }
        Some(res)
    }

    fn name(&mut self) -> Option<Touch> {
        let (schema, name) = self.0.qualified_name().ok()?;
        Some(Touch { schema, name, formerly: None })
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
        check("CREATE VIEW v AS SELECT * FROM a; COMMENT ON TABLE a IS 'x'", "v a");
        check("TRUNCATE a, b", "a b");
    }

    #[test]
    fn what_changes_rows_names_its_table() {
        check("INSERT OR IGNORE INTO a SELECT * FROM b; REPLACE INTO a VALUES (1)", "a a");
        check("UPDATE OR FAIL a SET b = (SELECT c FROM d)", "a");
        check("WITH x AS (SELECT 1 FROM y) DELETE FROM a WHERE b IN x", "a");
        check("SELECT 1; DROP INDEX i; PRAGMA x; VACUUM; CREATE FUNCTION f() AS 1; DROP TABLE", "");
    }
}
