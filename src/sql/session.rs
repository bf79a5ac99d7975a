//! Statements that leave something behind in the session, beside their effect on the database.

use crate::sql::{
    dialect::Dialect,
    lexer::{Token, TokenKind},
    statement::Statement,
};

/// Tells whether a statement may leave something in the session: a setting, an attached database,
/// a temporary object, a lock, a prepared statement.
///
/// A connection that ran one is not as it was opened, so the next script should get another. What
/// functions do that a statement calls can't be told, but for those of the servers; anonymous
/// blocks and procedures may do anything.
pub fn leaves_traces(statement: &Statement<'_>) -> bool {
    match statement.dialect {
        Dialect::Sqlite => sqlite(statement),
        Dialect::Postgres => postgres(statement),
        Dialect::MySql => mysql(statement),
    }
}

fn sqlite(statement: &Statement<'_>) -> bool {
    let mut words = statement.code().take_while(|token| token.kind == TokenKind::Word);
    let Some(first) = words.next() else { return false };
    if !first.is_word("CREATE") {
        return first.is_one_of(&["PRAGMA", "ATTACH", "DETACH"]);
    }
    words.next().is_some_and(|second| second.is_one_of(&["TEMP", "TEMPORARY"]))
        || any_pair(statement, |one, next| is_name(one, "temp") && next.text == ".")
}

fn postgres(statement: &Statement<'_>) -> bool {
    let words: Vec<String> = statement.leading_words().take(6).collect();
    let second = words.get(1).map(String::as_str);
    let leaves = match words.first().map(String::as_str) {
        // These settings end with the transaction.
        Some("SET") => !matches!(second, Some("LOCAL" | "TRANSACTION" | "CONSTRAINTS")),
        Some(
            "RESET" | "LISTEN" | "UNLISTEN" | "LOAD" | "DISCARD" | "DEALLOCATE" | "DO" | "CALL",
        ) => true,
        Some("PREPARE") => second != Some("TRANSACTION"),
        Some("CREATE") => words.iter().any(|word| matches!(word.as_str(), "TEMP" | "TEMPORARY")),
        Some("DECLARE") => {
            any_pair(statement, |one, next| one.is_word("WITH") && next.is_word("HOLD"))
        }
        _ => false,
    };
    leaves
        || any_pair(statement, |one, next| {
            let name = one.text.trim_matches('"').to_ascii_lowercase();
            let takes_lock = ["pg_advisory_lock", "pg_try_advisory_lock"];
            match next.text {
                "." => name == "pg_temp",
                "(" => name == "set_config" || takes_lock.iter().any(|lock| name.starts_with(lock)),
                _ => one.is_word("INTO") && next.is_one_of(&["TEMP", "TEMPORARY"]),
            }
        })
}

/// The first words of statements that may leave anything; compound statements can include any.
const MYSQL: &[&str] = &[
    "BEGIN", "CALL", "CASE", "DECLARE", "EXECUTE", "FOR", "HANDLER", "IF", "LOCK", "LOOP",
    "PREPARE", "REPEAT", "SET", "USE", "WHILE",
];

fn mysql(statement: &Statement<'_>) -> bool {
    let words: Vec<String> = statement.leading_words().take(4).collect();
    let word = |at: usize| words.get(at).map(String::as_str);
    let leaves = match word(0) {
        Some(first) if MYSQL.contains(&first) => true,
        Some("FLUSH") => statement.code().any(|token| token.is_one_of(&["LOCK", "EXPORT"])),
        Some("CREATE") => words.iter().any(|word| word == "TEMPORARY"),
        _ => false,
    };
    leaves
        || any_pair(statement, |one, next| match next.text {
            "(" => is_name(one, "get_lock") || is_name(one, "release_all_locks"),
            // A user's variable is set.
            "=" => one.text == ":",
            "@" => one.is_word("INTO"),
            _ => false,
        })
}

fn is_name(token: &Token<'_>, name: &str) -> bool {
    let text = token.text.trim_matches(['"', '`', '[', ']', '\'']);
    token.kind != TokenKind::Symbol && text.eq_ignore_ascii_case(name)
}

/// Tells whether a condition holds for two consecutive tokens.
fn any_pair(statement: &Statement<'_>, holds: impl Fn(&Token<'_>, &Token<'_>) -> bool) -> bool {
    let mut before = None;
    statement.code().any(|token| before.replace(token).is_some_and(|one| holds(&one, &token)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Dialect;
    use crate::sql::testing::each;

    #[track_caller]
    fn check(dialect: Dialect, expected: bool, script: &str) {
        each(leaves_traces, dialect, &expected, script);
    }

    #[test]
    fn sqlite_keeps_settings_attached_and_temporary_things() {
        let keeps = "
            pragma recursive_triggers = on; ATTACH 'x.db' AS x; CREATE TEMP TABLE t (a);
            create temporary view v as select 1; CREATE TABLE temp.t (a);
            CREATE TRIGGER \"temp\".t AFTER INSERT ON a BEGIN SELECT 1; END";
        check(Dialect::Sqlite, true, keeps);
        let others = "
            CREATE TABLE template (temp TEXT); INSERT INTO pragma VALUES (1);
            ALTER TABLE t ADD COLUMN temp";
        check(Dialect::Sqlite, false, others);
    }

    #[test]
    fn postgres_keeps_settings_temporary_and_prepared_things() {
        let keeps = "
            SET search_path TO a; set session work_mem = '1MB'; RESET ALL;
            CREATE TEMP TABLE a (b int); CREATE OR REPLACE LOCAL TEMPORARY VIEW a AS SELECT 1;
            CREATE TABLE pg_temp.a (b int); SELECT 1 AS a INTO TEMP b; PREPARE a AS SELECT 1;
            CREATE FUNCTION \"pg_temp\" . f() RETURNS int RETURN 1; LISTEN a; LOAD 'a';
            DECLARE a CURSOR WITH HOLD FOR SELECT 1; DISCARD ALL; DEALLOCATE a;
            SELECT pg_catalog.set_config('search_path', '', false);
            SELECT pg_advisory_lock_shared(1); DO $$ BEGIN SET a.b = 1; END $$";
        check(Dialect::Postgres, true, keeps);
        let others = "
            SET LOCAL search_path TO a; SET TRANSACTION READ ONLY; SET CONSTRAINTS ALL DEFERRED;
            DECLARE a CURSOR FOR SELECT 1; SELECT pg_advisory_xact_lock(1);
            ALTER TABLE a SET (fillfactor = 10); CREATE TABLE temporary_things (temp text);
            SELECT 'set_config(', set_config FROM a";
        check(Dialect::Postgres, false, others);
    }

    #[test]
    fn mysql_keeps_settings_temporary_things_and_locks() {
        let keeps = "
            SET @a = 1; /*!40101 SET NAMES utf8 */; USE a; PREPARE a FROM 'SELECT 1'; CALL a();
            CREATE OR REPLACE TEMPORARY TABLE a (b INT);
            CREATE /*!32302 TEMPORARY */ TABLE a (b INT); LOCK TABLES a WRITE;
            FLUSH TABLES WITH READ LOCK; SELECT GET_LOCK('a', 1); DO release_all_locks();
            SELECT @a := 1; SELECT 1 INTO @a; BEGIN NOT ATOMIC SET @a = 1; END";
        check(Dialect::MySql, true, keeps);
        let others = "
            CREATE TABLE a (b INT); INSERT INTO a SELECT @b; SELECT 'GET_LOCK('";
        check(Dialect::MySql, false, others);
    }
}
