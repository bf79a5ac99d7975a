//! What each kind of statement leaves, by dialect.

use super::*;
use crate::sql::split;

fn tell(sets: &Sets) -> String {
    let anything = if sets.anything { "anything" } else { "" };
    format!("{}{anything}", sets.names.join(" "))
}

#[track_caller]
fn check(dialect: Dialect, text: &str, expected: &str) {
    let statements = split(text, dialect).unwrap();
    assert_eq!(statements.len(), 1, "{text}");
    let effect = session_effect(&statements[0]);
    let told = match &effect {
        Effect::Nothing => "nothing".to_owned(),
        Effect::Setting => "setting".to_owned(),
        Effect::Read { names, again } => {
            format!("read {}{}", names.join(" "), if *again { "and more" } else { "" })
        }
        Effect::Temporary { name, holds_rows: true, .. } => format!("rows {name}"),
        Effect::Temporary { name, acts: true, .. } => format!("acts {name}"),
        Effect::Temporary { name, .. } => format!("temporary {name}"),
        Effect::Prepared { name } => format!("prepared {name}"),
        Effect::Cursor { name } => format!("cursor {name}"),
        Effect::Locks { name } => format!("locks {name}"),
        Effect::Unlocks { name } => format!("unlocks {name}"),
        Effect::Drops { names } => format!("drops {}", names.join(" ")),
        Effect::Opens => "opens".to_owned(),
        Effect::Closes => "closes".to_owned(),
        Effect::Forgets => "forgets".to_owned(),
        Effect::Calls { name, names, .. } => format!("calls {name} {}", names.join(" ")),
        Effect::Runs(sets) => format!("code {}", tell(sets)),
    };
    assert_eq!(told.trim_end(), expected, "{dialect}: {text}");
}

#[test]
fn sqlite_is_told_settings_again_and_loses_temporary_rows() {
    let check = |text, expected| check(Dialect::Sqlite, text, expected);
    check("PRAGMA foreign_keys = ON", "setting");
    check("PRAGMA main.recursive_triggers(1)", "setting");
    check("PRAGMA foreign_keys", "nothing");
    check("PRAGMA foreign_key_check(t)", "nothing");
    check("PRAGMA user_version = 5", "nothing");
    check("ATTACH 'a.db' AS a", "setting");
    check("ATTACH DATABASE ':memory:' AS a", "temporary a");
    check("DETACH DATABASE a", "drops a");
    check("CREATE TEMP TABLE a (b)", "temporary a");
    check("CREATE TABLE temp.a AS SELECT 1", "rows a");
    check("CREATE TEMP VIEW a AS SELECT 1", "temporary a");
    check("CREATE TEMP TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END", "acts a");
    check("CREATE TABLE a (b)", "nothing");
    check("DROP TABLE IF EXISTS temp.a", "drops a");
    check("SAVEPOINT a", "opens");
    check("ROLLBACK TO a", "nothing");
    check("COMMIT", "closes");
    check("INSERT INTO a VALUES (1)", "nothing");
}

#[test]
fn postgres_is_told_settings_again_unless_their_values_were_read() {
    let check = |text, expected| check(Dialect::Postgres, text, expected);
    check("SET search_path = app", "setting");
    check("SET TIME ZONE 'UTC'", "setting");
    check("SET LOCAL a.b = 1", "nothing");
    check("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "setting");
    check("RESET ALL", "setting");
    check("DISCARD ALL", "forgets");
    check("SELECT pg_catalog.set_config('search_path', 'app', false)", "setting");
    check("SELECT set_config('a.b', '1', true)", "nothing");
    check("SELECT set_config('a.b', (SELECT max(x)::text FROM t), false)", "read a.b");
    check("SELECT set_config('search_path', x, false) FROM t", "read");
    check("SELECT set_config('a.b', now()::text, false)", "read a.b");
    check("CREATE TEMP TABLE a (b int)", "temporary a");
    check("CREATE LOCAL TEMPORARY TABLE a (b int GENERATED ALWAYS AS (1) STORED)", "temporary a");
    check("CREATE TEMP TABLE a AS SELECT 1", "rows a");
    check("CREATE TEMP TABLE a (b) AS SELECT 1 WITH NO DATA", "temporary a");
    check("SELECT 1 AS b INTO TEMP TABLE a", "rows a");
    check("CREATE TABLE pg_temp.a (b int)", "temporary a");
    check("PREPARE a AS SELECT 1", "prepared a");
    check("PREPARE TRANSACTION 'a'", "closes");
    check("DEALLOCATE ALL", "drops");
    check("DECLARE a CURSOR WITH HOLD FOR SELECT 1", "cursor a");
    check("SELECT pg_advisory_lock(1, 2)", "locks 1 , 2");
    check("SELECT pg_advisory_unlock(1, 2)", "unlocks 1 , 2");
    check("SELECT pg_advisory_xact_lock(1)", "nothing");
    check("DO $$ BEGIN UPDATE t SET a = 1; CREATE TYPE b AS ENUM (); END $$", "code");
    check("DO $$ BEGIN SET search_path = app; END $$", "code anything");
    check("DO $$ BEGIN IF true THEN EXECUTE 'SET a.b = 1'; END IF; END $$", "code a.b");
    check("DO $$ BEGIN PERFORM set_config('a.b', '1', false); END $$", "code a.b");
    check("DO $$ BEGIN PERFORM set_config('role', 'a', false); END $$", "code anything");
    check("DO $$ BEGIN PERFORM set_config('a.b', '1', true); END $$", "code");
    check("DO $$ BEGIN CREATE TEMP TABLE t (a int); END $$", "code t");
    check("DO $$ BEGIN CREATE TEMP TABLE t (a int); DROP TABLE t; END $$", "code");
    check("DO $$ BEGIN CREATE TEMP TABLE t (a int) ON COMMIT DROP; END $$", "code");
    check(
        "DO $$ BEGIN EXECUTE format('CREATE TEMP TABLE %I (a int)', 'a'); END $$",
        "code anything",
    );
    check("DO $$ BEGIN RAISE NOTICE 'SET is a word'; END $$", "code");
    check("CALL a.b(1)", "calls b");
    check("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$", "nothing");
    check("BEGIN", "opens");
    check("ROLLBACK TO SAVEPOINT a", "nothing");
    check("COMMIT AND CHAIN", "nothing");
    check("CREATE INDEX CONCURRENTLY i ON t (a)", "nothing");
    check("UPDATE a SET b = 1", "nothing");
}

#[test]
fn mysql_is_told_settings_again_unless_their_values_were_read() {
    let check = |text, expected| check(Dialect::MySql, text, expected);
    check("SET @a = 'alice'", "setting");
    check("SET @a := CONCAT('a', UPPER('b')), @b = -1.5e3", "setting");
    check("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */", "setting");
    check("SET @a = (SELECT MAX(id) FROM t)", "read @a");
    check("SET @A = NOW()", "read @a");
    check("SET @a = LAST_INSERT_ID(), @b = 1", "read @aand more");
    check("SET @a = @@last_insert_id", "read @a");
    check("SET sql_mode = (SELECT m FROM t)", "read");
    check("SET GLOBAL max_connections = 10", "nothing");
    check("SET @@GLOBAL.max_connections = 10", "nothing");
    check("SET GLOBAL a = 1, SESSION sql_mode = ''", "setting");
    check("SET NAMES latin1", "setting");
    check("SET CHARACTER SET utf8mb4", "setting");
    check("SET PASSWORD = 'a'", "nothing");
    check("SET TRANSACTION READ ONLY", "nothing");
    check("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "setting");
    check("SET @a = GET_LOCK('x', 1)", "locks 'x'");
    check("USE app", "setting");
    check("SELECT 1, 'b' INTO @a, @b", "setting");
    check("SELECT id INTO @a FROM t LIMIT 1", "read @a");
    check("SELECT @a := MAX(id) FROM t", "read @a");
    check("CREATE TEMPORARY TABLE a (b INT)", "temporary a");
    check("CREATE OR REPLACE TEMPORARY TABLE a LIKE b", "temporary a");
    check("CREATE TEMPORARY TABLE a SELECT 1", "rows a");
    check("DROP TEMPORARY TABLE IF EXISTS a, b.c", "drops a c");
    check("LOCK TABLES a WRITE", "locks LOCK TABLES");
    check("FLUSH TABLES a WITH READ LOCK", "locks LOCK TABLES");
    check("UNLOCK TABLES", "unlocks LOCK TABLES");
    check("DO RELEASE_LOCK('X')", "unlocks 'x'");
    check("DO RELEASE_ALL_LOCKS()", "unlocks");
    check("PREPARE a FROM 'SELECT 1'", "prepared a");
    check("EXECUTE a USING @b", "calls a");
    check("DEALLOCATE PREPARE a", "drops a");
    check("CALL a(1, @b)", "calls a @b");
    check("HANDLER a OPEN", "cursor a");
    check("HANDLER a CLOSE", "drops a");
    check("BEGIN NOT ATOMIC SET @a = 1; END", "code @a");
    check("BEGIN NOT ATOMIC DECLARE a INT; SET a = 1; END", "code");
    check("BEGIN NOT ATOMIC SET sql_mode = ''; END", "code anything");
    check("BEGIN NOT ATOMIC SET @a = @@sql_mode; SET sql_mode = ''; END", "code @aanything");
    check("START TRANSACTION", "opens");
    check("INSERT INTO a VALUES (@b)", "nothing");
    check("CREATE TABLE a (b INT)", "nothing");
}

#[track_caller]
fn check_code(dialect: Dialect, text: &str, expected: &str) {
    let statements = split(text, dialect).unwrap();
    let told = code_of(&statements[0]).map(|code| {
        let on_change = if code.on_change { " on change" } else { "" };
        format!("{}{on_change}: {}", code.name, tell(&code.sets))
    });
    assert_eq!(told.as_deref().map(str::trim_end), Some(expected), "{dialect}: {text}");
}

#[test]
fn code_is_run_by_the_name_of_a_routine_a_view_or_the_table_of_a_trigger() {
    let check = |text, expected| check_code(Dialect::Postgres, text, expected);
    check("CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$", "f:");
    check(
        "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER \
         SET search_path = app AS $$ BEGIN SET a.b = 1; END $$",
        "f: a.b",
    );
    check("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ SET a = 1 $$", "f: anything");
    check("CREATE TRIGGER x AFTER UPDATE OF a ON s.t EXECUTE FUNCTION f()", "t on change:");
    check("CREATE VIEW v AS SELECT f()", "v:");
    check(
        "CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ plpy.execute(\"SET a.b = 1\") $$",
        "f: a.b",
    );
    check(
        "CREATE FUNCTION f() RETURNS text LANGUAGE sql BEGIN ATOMIC \
         SELECT set_config('a.b'::text, 'c'::text, false); END",
        "f: a.b",
    );
    let check = |text, expected| check_code(Dialect::MySql, text, expected);
    check("CREATE PROCEDURE p(OUT n INT) BEGIN SET n = 1; SELECT 1 INTO @x; END", "p: @x");
    check("CREATE FUNCTION f() RETURNS INT DETERMINISTIC SET @z = 1, @y = 2", "f: @z @y");
    check(
        "CREATE PROCEDURE p() BEGIN DECLARE d INT; DECLARE EXIT HANDLER FOR SQLEXCEPTION SET @e = 1; \
         SET d = 2; END",
        "p: @e",
    );
    check("CREATE PROCEDURE p() CREATE TEMPORARY TABLE IF NOT EXISTS a (b INT)", "p: a");
    check(
        "CREATE TRIGGER x BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1, @z = 2",
        "t on change: @z",
    );
    let check = |text, expected| check_code(Dialect::Sqlite, text, expected);
    check("CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN UPDATE u SET a = 1; END", "t on change:");
}

#[test]
fn definitions_name_code_and_do_not_run_it() {
    let check = |text: &str, expected| {
        assert_eq!(runs_code(&split(text, Dialect::Postgres).unwrap()[0]), expected, "{text}");
    };
    check("SELECT f()", true);
    check("WITH a AS (SELECT f()) INSERT INTO t SELECT * FROM a", true);
    check("CREATE TABLE t AS SELECT f()", true);
    check("CREATE MATERIALIZED VIEW t AS SELECT f()", true);
    check("CREATE INDEX CONCURRENTLY i ON t (f(a))", true);
    check("ALTER TABLE t ADD a int DEFAULT f()", true);
    check("CREATE TABLE t (a int DEFAULT f())", false);
    check("CREATE VIEW v AS SELECT f()", false);
    check("CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT f() $$", false);
    check("DROP FUNCTION f()", false);
    check("SET a.b = f", false);
}

#[test]
fn what_only_sets_the_session_is_told_from_what_lasts() {
    let check = |dialect, text: &str, expected| {
        assert_eq!(sets_session(&split(text, dialect).unwrap()[0]), expected, "{text}");
    };
    for (text, expected) in [
        ("SET @a = 1", true),
        ("SET @a = NOW()", true),
        ("SET @a = f()", false),
        ("SET @a = (SELECT f())", false),
        ("SET @a = NEXT VALUE FOR s", false),
        ("/*!40101 SET NAMES utf8 */", true),
        ("SET sql_mode = DEFAULT", true),
        ("SET TRANSACTION READ ONLY", true),
        ("SET GLOBAL max_connections = 1", false),
        ("SET GLOBAL max_connections = 1, SESSION sql_mode = ''", false),
        ("SET @@GLOBAL.max_connections = 1", false),
        ("SET PASSWORD = 'a'", false),
        ("SET DEFAULT ROLE a TO b", false),
        ("SET STATEMENT max_statement_time = 1 FOR INSERT INTO a VALUES (1)", false),
        ("USE a", true),
        ("LOCK TABLES a WRITE", true),
        ("SELECT 1 INTO @a", false),
        ("UPDATE t SET a = (@a := 1)", false),
    ] {
        check(Dialect::MySql, text, expected);
    }
    check(Dialect::Postgres, "SET search_path = a", true);
    check(Dialect::Postgres, "SET LOCAL search_path = a", true);
    check(Dialect::Postgres, "RESET ALL", true);
    check(Dialect::Postgres, "SELECT set_config('a.b', 'c', false)", false);
    check(Dialect::Sqlite, "PRAGMA foreign_keys = on", true);
    check(Dialect::Sqlite, "PRAGMA user_version = 1", false);
    check(Dialect::Sqlite, "PRAGMA main.journal_mode = wal", false);
}

#[test]
fn the_id_that_was_given_last_is_asked_for_by_functions_and_variables() {
    let tell = |dialect, text: &str| {
        let id = last_id(&split(text, dialect).unwrap()[0]);
        (id.sets, id.asks)
    };
    assert_eq!(tell(Dialect::MySql, "INSERT INTO a VALUES (LAST_INSERT_ID())"), (true, true));
    assert_eq!(tell(Dialect::MySql, "UPDATE a SET b = @@identity"), (false, true));
    assert_eq!(tell(Dialect::MySql, "SELECT 'LAST_INSERT_ID()'"), (false, false));
    assert_eq!(tell(Dialect::MySql, "SELECT NEXT VALUE FOR s"), (true, false));
    assert_eq!(tell(Dialect::MySql, "SELECT LASTVAL(s)"), (false, true));
    assert_eq!(tell(Dialect::Postgres, "SELECT nextval('s')"), (true, false));
    assert_eq!(tell(Dialect::Postgres, "UPDATE a SET b = currval('s')"), (false, true));
    assert_eq!(tell(Dialect::Sqlite, "UPDATE a SET b = last_insert_rowid()"), (false, true));
}

#[test]
fn a_name_is_mentioned_as_a_word_of_its_own() {
    assert!(mentions("INSERT INTO Tmp VALUES (1)", "tmp"));
    assert!(mentions("EXECUTE 'drop table \"tmp\"'", "tmp"));
    assert!(!mentions("INSERT INTO tmp_2, atmp VALUES (1)", "tmp"));
    assert!(mentions("SELECT @a", "@A"));
    assert!(mentions("SELECT @`a`", "@a"));
    assert!(!mentions("SELECT a, @@a, @ab", "@a"));
}

#[test]
fn a_prepared_statement_sets_what_its_strings_say() {
    let tell = |before: &[&str], prepare: &str| {
        let texts = before.iter().copied().chain(std::iter::once(prepare));
        sets_of_strings(texts, prepare)
    };
    let none = Sets::default();
    assert_eq!(tell(&[], "PREPARE p FROM 'ALTER TABLE a ADD b INT'"), none);
    assert_eq!(tell(&[], "PREPARE p FROM 'SET @a = 1'").names, ["@a"]);
    let chosen = "SET @s = (SELECT IF(COUNT(*), 'SELECT 1', 'ALTER TABLE a ADD b INT') FROM x)";
    assert_eq!(tell(&[chosen], "PREPARE p FROM @s"), none);
    assert!(tell(&["SET @s = (SELECT text FROM x)"], "PREPARE p FROM @s").anything);
}
