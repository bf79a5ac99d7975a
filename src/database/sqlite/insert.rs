//! Prepared statements for rows that a script inserts one by one in SQLite.

use rusqlite::Connection as Driver;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::database::sqlite::values::{Insert, Literal};

/// The number of cached statements: a script may fill several tables in turn.
const KINDS: usize = 8;

/// How often a statement has to recur before it is cached, once some are.
const WORTH: u64 = 16;

/// The recent kinds of inserts, by text at first.
#[derive(Debug, Default)]
pub(super) struct Inserts {
    kinds: Vec<Insert>,
    learned: u64,
    repeated: u64,
}

impl Inserts {
    /// Clears the cache: a prepared statement doesn't report the tables that it touches again.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Runs a statement of a cached kind; none for any other.
    pub(super) fn run(
        &mut self,
        driver: &Driver,
        statement: &str,
    ) -> Option<rusqlite::Result<usize>> {
        let found = self.kinds.iter().find_map(|it| Some((it, it.values(statement)?)));
        let (kind, values) = found?;
        self.repeated += 1;
        let run =
            || driver.prepare_cached(kind.prepared())?.execute(rusqlite::params_from_iter(values));
        Some(run())
    }

    /// Notes a statement that was run as text.
    pub(super) fn learn(&mut self, statement: &str) {
        let begins = |word: &str| {
            statement.get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
        };
        if ["CREATE", "ALTER", "DROP", "ATTACH", "DETACH"].iter().any(|word| begins(word)) {
            // A cached statement may have another meaning now, or none; its text has the place.
            self.kinds.clear();
            return;
        }
        let is_insert = begins("INSERT") || begins("REPLACE");
        let is_worth_it = self.learned < KINDS as u64 + self.repeated / WORTH;
        if !is_insert || !is_worth_it {
            return;
        }
        self.learned += 1;
        if let Some(kind) = Insert::of(statement) {
            if self.kinds.len() == KINDS {
                self.kinds.remove(0);
            }
            self.kinds.push(kind);
        }
    }
}

impl ToSql for Literal<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use crate::database::sqlite::open;
    use crate::database::{Access, Connection};
    use crate::url::{DatabaseUrl, SqliteTarget};

    fn memory() -> Box<dyn Connection> {
        let url = DatabaseUrl::Sqlite(SqliteTarget::Memory);
        let mut res = open(&url, Access::Write, Duration::ZERO).unwrap().unwrap();
        for statement in [
            "CREATE TABLE t (a INTEGER, b TEXT, c NUMERIC, d BLOB, e REAL, f, g ANY)",
            "CREATE TABLE s (a INT UNIQUE CHECK (a < 90), b TEXT NOT NULL) STRICT",
            "CREATE TABLE log (a, b, c)",
            "CREATE TRIGGER note AFTER INSERT ON t BEGIN \
             INSERT INTO log VALUES (typeof(new.a), typeof(new.b), quote(new.c)); END",
        ] {
            res.execute(statement).unwrap();
        }
        res
    }

    /// Runs statements, and returns their results and the content of the tables.
    fn run(statements: &[String], forget: bool) -> Vec<String> {
        let mut memory = memory();
        let mut res = Vec::new();
        for statement in statements {
            res.push(format!("{:?}", memory.execute(statement)));
            if forget {
                memory.take_touched();
            }
        }
        let columns = ["a", "b", "c", "d", "e", "f", "g"];
        let shown = columns.map(|it| format!("typeof({it}), quote({it})")).join(", ");
        for query in [&format!("SELECT {shown} FROM t"), "SELECT * FROM s", "SELECT * FROM log"] {
            res.push(format!("{:?}", memory.query(query)));
        }
        res
    }

    fn value() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<i64>().prop_map(|it| it.to_string()),
            (0..100_u8).prop_map(|it| it.to_string()),
            "'([ a-z0-9.ü;(),-]|''){0,6}'",
            "'[0-9]{1,20}([.][0-9]{0,3})?(e[0-9])?'",
            proptest::sample::select(vec![
                "NULL", "null", "1.5", "1e3", "0x1F", "- 1", "x'00ff'", "true", "(1)"
            ])
            .prop_map(str::to_owned),
        ]
    }

    fn statement() -> impl Strategy<Value = String> {
        let row =
            |count| proptest::collection::vec(value(), count).prop_map(|values| values.join(", "));
        prop_oneof![
            row(7).prop_map(|it| format!("INSERT INTO t VALUES ({it})")),
            row(2).prop_map(|it| format!("INSERT INTO t (b, a) VALUES ({it})")),
            row(2).prop_map(|it| format!("INSERT INTO s VALUES ({it})")),
            row(2).prop_map(|it| format!("INSERT OR IGNORE INTO s (a, b) VALUES({it})")),
            row(2).prop_map(|it| format!("REPLACE INTO s (a, b) VALUES ({it})")),
            row(3).prop_map(|it| format!("INSERT INTO s VALUES ({it})")),
            proptest::sample::select(vec![
                "ALTER TABLE s ADD COLUMN c",
                "alter table s drop column c",
                "CREATE TEMP TABLE s (a, b)",
                "DROP TABLE s",
            ])
            .prop_map(str::to_owned),
        ]
    }

    proptest! {
        #[test]
        fn rows_are_the_same_prepared_once_and_by_their_text(
            statements in proptest::collection::vec(statement(), 1..60),
        ) {
            prop_assert_eq!(run(&statements, false), run(&statements, true));
        }
    }

    #[test]
    fn what_a_statement_touches_is_told_after_each_look() {
        let mut memory = memory();
        memory.take_touched();
        for _ in 0..3 {
            for number in 0..40 {
                memory.execute(&format!("INSERT INTO t (a) VALUES ({number})")).unwrap();
            }
            let touched: Vec<String> = memory.take_touched().tables.into_iter().collect();
            assert_eq!(touched, ["log", "t"]);
        }
        let rows = memory.query("SELECT count(*), sum(a) FROM t").unwrap();
        assert_eq!(rows[0], [Some("120".to_owned()), Some("2340".to_owned())]);
    }
}
