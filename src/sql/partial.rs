//! The remains of a failed statement, and statements that lock whole tables.

use crate::sql::{
    dialect::Dialect,
    lexer::Token,
    statement::Statement,
    tokens::{calls_any, is_at, names_server_variable},
};
use crate::words::words;

/// Tells whether a failed statement outside a transaction may have left part of its effect.
///
/// Most statements are atomic. Those not known to be count: a procedure, a list of objects, a build
/// over several transactions.
pub fn may_leave_part(statement: &Statement<'_>) -> bool {
    let words: Vec<String> = statement.leading_words().take(3).collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    match statement.dialect {
        // A statement that would keep rows has a transaction of its own.
        Dialect::Sqlite => false,
        Dialect::Postgres => match word(0) {
            "CALL" => true,
            "DO" => holds_letters(statement.text, "commit"),
            _ => statement.code().any(|token| token.is_word("CONCURRENTLY")),
        },
        Dialect::MySql => match word(0) {
            "CREATE" => !MYSQL_CREATED.contains(&word(1)),
            "ALTER" => !MYSQL_CREATED.contains(&word(1)) && word(1) != "IGNORE",
            "DROP" => {
                !MYSQL_CREATED.contains(&word(1)) || statement.code().any(|it| it.text == ",")
            }
            first => !MYSQL_WHOLE.contains(&first),
        },
    }
}

/// Tells whether a statement asks the session about the previous one: for the number of its rows,
/// or its errors.
pub(crate) fn asks_last(statement: &Statement<'_>) -> bool {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    match statement.dialect {
        Dialect::Sqlite => calls_any(&tokens, &["changes"]),
        // Only its programs can ask.
        Dialect::Postgres => false,
        Dialect::MySql => {
            let is_told = is_at(&tokens, 0, &["SHOW"])
                && tokens.iter().any(|it| it.is_one_of(&["WARNINGS", "ERRORS"]));
            is_told
                || is_at(&tokens, 0, &["GET"])
                || calls_any(&tokens, &["row_count", "found_rows"])
                || names_server_variable(&tokens, &["warning_count", "error_count"])
        }
    }
}

/// Objects that MySQL and MariaDB create, alter and drop atomically.
const MYSQL_CREATED: &[&str] = words![
    EVENT FULLTEXT FUNCTION INDEX PROCEDURE SEQUENCE SPATIAL TABLE TEMPORARY TRIGGER UNIQUE VIEW
];

/// The first words of other statements of MySQL and MariaDB that fail atomically, or change nothing
/// that lasts.
const MYSQL_WHOLE: &[&str] = words![
    ANALYZE CHECK CHECKSUM COMMIT DELETE DESC DESCRIBE DO EXPLAIN FLUSH HANDLER INSERT LOAD LOCK
    OPTIMIZE PREPARE RELEASE RENAME REPLACE ROLLBACK SAVEPOINT SELECT SET SHOW START TABLE TRUNCATE
    UNLOCK UPDATE USE VALUES WITH
];

/// The effect of a statement on its session's locks of whole tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableLocks {
    /// The locks stay as they are.
    #[default]
    Kept,
    /// Locks are taken: until they are released, the session can change no other table.
    Taken,
    /// All locks are released.
    Released,
}

/// Determines the effect of a statement of MySQL or MariaDB on locks of whole tables.
pub fn table_locks(statement: &Statement<'_>) -> TableLocks {
    if statement.dialect != Dialect::MySql {
        return TableLocks::Kept;
    }
    let words: Vec<String> = statement.leading_words().take(2).collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let has = |name: &str| statement.code().any(|token| token.is_word(name));
    match (word(0), word(1)) {
        ("LOCK", "TABLE" | "TABLES") => TableLocks::Taken,
        ("FLUSH", _) if has("LOCK") || has("EXPORT") => TableLocks::Taken,
        ("UNLOCK", "TABLE" | "TABLES") | ("START", "TRANSACTION") => TableLocks::Released,
        ("BEGIN", second) if second != "NOT" => TableLocks::Released,
        _ => TableLocks::Kept,
    }
}

fn holds_letters(text: &str, letters: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(letters.len()).any(|it| it.eq_ignore_ascii_case(letters.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::testing::each;

    #[test]
    fn what_fails_as_a_whole_leaves_nothing() {
        let check = |dialect, expected, script| each(may_leave_part, dialect, &expected, script);
        let mysql = "
            CREATE OR REPLACE TABLE a (b INT); CREATE USER a, b; DROP TABLE IF EXISTS a, b;
            DROP DATABASE a; CALL a(); EXECUTE a; BEGIN NOT ATOMIC SELECT 1; END;
            GRANT ALL ON a TO b, c";
        check(Dialect::MySql, true, mysql);
        let whole = "
            CREATE TABLE a (b nosuchtype); create unique index i on a (b); DROP TABLE a;
            ALTER TABLE a ADD b INT, ADD c INT; RENAME TABLE a TO b, c TO d; TRUNCATE a;
            INSERT INTO a VALUES (1), (2)";
        check(Dialect::MySql, false, whole);
        let postgres = "
            CREATE INDEX CONCURRENTLY i ON t (a); CALL a(); DO $$ BEGIN COMMIT; END $$";
        check(Dialect::Postgres, true, postgres);
        let whole = "
            CREATE INDEX i ON t (a); VACUUM; DO $$ BEGIN END $$; DROP TABLE a, b";
        check(Dialect::Postgres, false, whole);
        check(Dialect::Sqlite, false, "INSERT INTO a VALUES (1); CREATE TABLE a (b)");
    }

    #[test]
    fn locks_of_tables_are_taken_and_released() {
        let check = |expected, script| each(table_locks, Dialect::MySql, &expected, script);
        let takes = "
            LOCK TABLES `a` WRITE; lock table a read; FLUSH TABLES WITH READ LOCK;
            FLUSH TABLES a FOR EXPORT";
        check(TableLocks::Taken, takes);
        let keeps = "FLUSH TABLES; BEGIN NOT ATOMIC SELECT 1; END; INSERT INTO a VALUES (1)";
        check(TableLocks::Kept, keeps);
        check(TableLocks::Released, "UNLOCK TABLES; START TRANSACTION; BEGIN");
        each(table_locks, Dialect::Postgres, &TableLocks::Kept, "LOCK TABLE a");
    }
}
