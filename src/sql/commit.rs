//! Statements around which a server commits implicitly.

use crate::sql::{dialect::Dialect, lexer::Token, statement::Statement, transaction::sets};
use crate::words::words;

/// Tells whether a server may commit around a statement, so that earlier changes can't be rolled
/// back.
///
/// On MySQL and MariaDB that is every statement but those that don't commit according to their
/// manuals: unknown ones count, and the possible effects of a procedure. PostgreSQL never does, but
/// for its dialect this tells whether a statement may define something: compatible servers
/// (CockroachDB, YugabyteDB) treat that like MySQL. SQLite never does.
pub fn commits_implicitly(statement: &Statement<'_>) -> bool {
    let tokens = || statement.code().skip_while(|token| token.text == "(");
    let Some(first) = tokens().next() else { return false };
    match statement.dialect {
        Dialect::Sqlite => false,
        Dialect::Postgres => defines(&first, tokens()),
        Dialect::MySql => {
            let word =
                |at: usize, words: &[&str]| tokens().nth(at).is_some_and(|it| it.is_one_of(words));
            if word(0, &["SET"]) {
                sets(statement, "autocommit") || word(1, SETTINGS_THAT_COMMIT)
            } else if word(0, &["LOAD"]) {
                !word(1, &["DATA", "XML"])
            } else if word(0, &["ROLLBACK"]) {
                !tokens().any(|token| token.is_word("TO"))
            } else if word(0, &["CREATE"]) {
                let kind = if word(1, &["OR"]) { 3 } else { 1 };
                !(word(kind, &["TEMPORARY"]) && word(kind + 1, &["TABLE"]))
            } else if word(0, &["DROP"]) {
                !(word(1, &["TEMPORARY"]) && word(2, &["TABLE", "TABLES"]))
            } else {
                !first.is_one_of(MYSQL)
            }
        }
    }
}

/// Tells whether a statement commits the transaction that is open before it runs, without saying so (MySQL).
pub(crate) fn ends_transaction(statement: &Statement<'_>) -> bool {
    statement.dialect == Dialect::MySql && commits_implicitly(statement)
}

/// The first words of statements around which MySQL and MariaDB don't commit, whatever follows.
const MYSQL: &[&str] = words![
    DELETE DESC DESCRIBE DO EXPLAIN HANDLER INSERT RELEASE REPLACE SAVEPOINT SELECT SHOW TABLE
    UPDATE USE VALUES WITH
];

/// Words after `SET` that are not variables.
const SETTINGS_THAT_COMMIT: &[&str] = &["DEFAULT", "PASSWORD", "RESOURCE", "ROLE", "STATEMENT"];

/// The first words of statements that define nothing in PostgreSQL and compatible servers.
const POSTGRES: &[&str] = words![
    CHECKPOINT CLOSE COPY DEALLOCATE DECLARE DELETE DISCARD EXECUTE EXPLAIN FETCH INSERT LISTEN
    LOCK MERGE MOVE NOTIFY PREPARE RELEASE RESET ROLLBACK SAVEPOINT SELECT SET SHOW TABLE UNLISTEN
    UPDATE UPSERT VALUES WITH
];

/// Tells whether a statement may define something. `SELECT … INTO` creates a table, and `EXPLAIN
/// ANALYZE` runs its statement.
fn defines<'a>(first: &Token<'a>, tokens: impl Iterator<Item = Token<'a>>) -> bool {
    if !first.is_one_of(POSTGRES) {
        return true;
    }
    let mut tokens = tokens;
    if first.is_one_of(&["SELECT", "WITH"]) {
        // `INSERT INTO` and `MERGE INTO` may follow a `WITH`.
        let mut before = *first;
        return tokens.any(|token| {
            let makes = token.is_word("INTO") && !before.is_one_of(&["INSERT", "MERGE", "UPSERT"]);
            before = token;
            makes
        });
    }
    let runs = first.is_one_of(&["EXPLAIN", "PREPARE"]);
    runs && tokens.any(|token| token.is_one_of(&["CREATE", "INTO", "REFRESH"]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::testing::each;

    #[track_caller]
    fn check(dialect: Dialect, expected: bool, script: &str) {
        each(commits_implicitly, dialect, &expected, script);
    }

    #[test]
    fn mysql_commits_around_what_is_not_known_to_be_harmless_and_sqlite_never() {
        let commits = "
            CREATE TABLE a (b INT); create or replace table a (b INT); CREATE TEMPORARY SEQUENCE a;
            ALTER TABLE a ADD b INT; DROP TABLE a; /*!40000 ALTER TABLE `a` DISABLE KEYS */;
            TRUNCATE a; RENAME TABLE a TO b; GRANT SELECT ON a TO b; LOCK TABLES a READ;
            UNLOCK TABLES; ANALYZE TABLE a; CALL a(); EXECUTE a; LOAD INDEX INTO CACHE a;
            SET PASSWORD = 'a'; SET ROLE a; SET DEFAULT ROLE a TO b; SET autocommit = 1;
            SET @a = 1, @@SESSION.autocommit = 1;
            SET STATEMENT max_statement_time = 1 FOR CREATE TABLE a (b INT);
            ROLLBACK; BEGIN; BEGIN NOT ATOMIC SELECT 1; END; FLUSH TABLES";
        check(Dialect::MySql, true, commits);
        let harmless = "
            INSERT INTO a VALUES (1); replace a values (1); UPDATE a SET b = 1; DELETE FROM a;
            /*!40101 INSERT INTO a VALUES (1) */; SELECT 1; ((SELECT 1) UNION (SELECT 2));
            WITH a AS (SELECT 1) SELECT * FROM a; VALUES (1); TABLE a; DO SLEEP(0); SET @a = 1;
            SET @autocommit = 1; SET NAMES utf8mb4; SHOW TABLES; DESC a; EXPLAIN SELECT 1;
            HANDLER a OPEN; LOAD DATA INFILE 'a' INTO TABLE a; SAVEPOINT a; RELEASE SAVEPOINT a;
            ROLLBACK TO a; CREATE TEMPORARY TABLE a (b INT);
            CREATE OR REPLACE TEMPORARY TABLE a (b INT); DROP TEMPORARY TABLE IF EXISTS a; USE a";
        check(Dialect::MySql, false, harmless);
        check(Dialect::Sqlite, false, "CREATE TABLE a (b); DROP TABLE a; VACUUM");
    }

    #[test]
    fn what_speaks_the_protocol_of_postgres_may_commit_around_definitions() {
        let defines = "
            CREATE TABLE a (b int); alter table a add b int; DROP TABLE a; TRUNCATE a;
            COMMENT ON TABLE a IS 'b'; GRANT ALL ON a TO b; REINDEX TABLE a;
            REFRESH MATERIALIZED VIEW a; SECURITY LABEL ON TABLE a IS 'b'; DO $$ BEGIN END $$;
            CALL a(); SELECT 1 AS a INTO b; WITH a AS (SELECT 1) SELECT * INTO b FROM a;
            EXPLAIN ANALYZE CREATE TABLE a AS SELECT 1; VACUUM a";
        check(Dialect::Postgres, true, defines);
        let others = "
            INSERT INTO a VALUES (1); WITH a AS (SELECT 1) INSERT INTO b SELECT * FROM a; SELECT 1;
            (SELECT 1) UNION SELECT 2; UPDATE a SET b = 1; DELETE FROM a; COPY a FROM '/b';
            SET LOCAL a.b = 1; EXPLAIN SELECT 1; SAVEPOINT a";
        check(Dialect::Postgres, false, others);
    }
}
