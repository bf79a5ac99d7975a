//! The effect of each kind of statement, by dialect.

use super::*;
use crate::sql::split;
use crate::sql::testing::each;

fn tell(sets: &Sets) -> String {
    let anything = if sets.anything { "anything" } else { "" };
    format!("{}{anything}", sets.names.join(" "))
}

/// Checks what every statement of a script leaves.
#[track_caller]
fn check(dialect: Dialect, expected: &str, script: &str) {
    let told = |statement: &Statement<'_>| {
        let told = match session_effect(statement) {
            Effect::Nothing => "nothing".to_owned(),
            Effect::Setting => "setting".to_owned(),
            Effect::Read { names, again } => {
                format!("read {}{}", names.join(" "), if again { "and more" } else { "" })
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
            Effect::Runs(sets) => format!("code {}", tell(&sets)),
        };
        told.trim_end().to_owned()
    };
    each(told, dialect, &expected.to_owned(), script);
}

#[test]
fn sqlite_is_told_settings_again_and_loses_temporary_rows() {
    let check = |expected, script| check(Dialect::Sqlite, expected, script);
    let settings = "
        PRAGMA foreign_keys = ON; PRAGMA main.recursive_triggers(1); ATTACH 'a.db' AS a";
    check("setting", settings);
    let nothing = "
        PRAGMA foreign_keys; PRAGMA foreign_key_check(t); PRAGMA user_version = 5;
        CREATE TABLE a (b); ROLLBACK TO a; INSERT INTO a VALUES (1)";
    check("nothing", nothing);
    let temporary = "
        ATTACH DATABASE ':memory:' AS a; CREATE TEMP TABLE a (b); CREATE TEMP VIEW a AS SELECT 1";
    check("temporary a", temporary);
    check("drops a", "DETACH DATABASE a; DROP TABLE IF EXISTS temp.a");
    check("rows a", "CREATE TABLE temp.a AS SELECT 1");
    check("acts a", "CREATE TEMP TRIGGER a AFTER INSERT ON b BEGIN SELECT 1; END");
    check("opens", "SAVEPOINT a");
    check("closes", "COMMIT");
}

#[test]
fn postgres_is_told_settings_again_unless_their_values_were_read() {
    let check = |expected, script| check(Dialect::Postgres, expected, script);
    let settings = "
        SET search_path = app; SET TIME ZONE 'UTC'; RESET ALL;
        SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY;
        SELECT pg_catalog.set_config('search_path', 'app', false)";
    check("setting", settings);
    let nothing = "
        SET LOCAL a.b = 1; SELECT set_config('a.b', '1', true); SELECT pg_advisory_xact_lock(1);
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; COMMIT AND CHAIN;
        ROLLBACK TO SAVEPOINT a; CREATE INDEX CONCURRENTLY i ON t (a); UPDATE a SET b = 1";
    check("nothing", nothing);
    check("forgets", "DISCARD ALL");
    let read = "
        SELECT set_config('a.b', (SELECT max(x)::text FROM t), false);
        SELECT set_config('a.b', now()::text, false)";
    check("read a.b", read);
    check("read", "SELECT set_config('search_path', x, false) FROM t");
    let temporary = "
        CREATE TEMP TABLE a (b int); CREATE TABLE pg_temp.a (b int);
        CREATE LOCAL TEMPORARY TABLE a (b int GENERATED ALWAYS AS (1) STORED);
        CREATE TEMP TABLE a (b) AS SELECT 1 WITH NO DATA";
    check("temporary a", temporary);
    check("rows a", "CREATE TEMP TABLE a AS SELECT 1; SELECT 1 AS b INTO TEMP TABLE a");
    check("prepared a", "PREPARE a AS SELECT 1");
    check("closes", "PREPARE TRANSACTION 'a'");
    check("drops", "DEALLOCATE ALL");
    check("cursor a", "DECLARE a CURSOR WITH HOLD FOR SELECT 1");
    check("locks 1 , 2", "SELECT pg_advisory_lock(1, 2)");
    check("unlocks 1 , 2", "SELECT pg_advisory_unlock(1, 2)");
    let code = "
        DO $$ BEGIN UPDATE t SET a = 1; CREATE TYPE b AS ENUM (); END $$;
        DO $$ BEGIN PERFORM set_config('a.b', '1', true); END $$;
        DO $$ BEGIN CREATE TEMP TABLE t (a int); DROP TABLE t; END $$;
        DO $$ BEGIN CREATE TEMP TABLE t (a int) ON COMMIT DROP; END $$;
        DO $$ BEGIN RAISE NOTICE 'SET is a word'; END $$";
    check("code", code);
    let anything = "
        DO $$ BEGIN SET search_path = app; END $$;
        DO $$ BEGIN PERFORM set_config('role', 'a', false); END $$;
        DO $$ BEGIN EXECUTE format('CREATE TEMP TABLE %I (a int)', 'a'); END $$";
    check("code anything", anything);
    let sets = "
        DO $$ BEGIN IF true THEN EXECUTE 'SET a.b = 1'; END IF; END $$;
        DO $$ BEGIN PERFORM set_config('a.b', '1', false); END $$";
    check("code a.b", sets);
    check("code t", "DO $$ BEGIN CREATE TEMP TABLE t (a int); END $$");
    check("calls b", "CALL a.b(1)");
    check("opens", "BEGIN");
}

#[test]
fn mysql_is_told_settings_again_unless_their_values_were_read() {
    let check = |expected, script| check(Dialect::MySql, expected, script);
    let settings = "
        SET @a = 'alice'; SET @a := CONCAT('a', UPPER('b')), @b = -1.5e3;
        /*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
        SET GLOBAL a = 1, SESSION sql_mode = ''; SET NAMES latin1; SET CHARACTER SET utf8mb4;
        SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE; USE app;
        SELECT 1, 'b' INTO @a, @b";
    check("setting", settings);
    let nothing = "
        SET GLOBAL max_connections = 10; SET @@GLOBAL.max_connections = 10; SET PASSWORD = 'a';
        SET TRANSACTION READ ONLY; INSERT INTO a VALUES (@b); CREATE TABLE a (b INT)";
    check("nothing", nothing);
    let read = "
        SET @a = (SELECT MAX(id) FROM t); SET @A = NOW(); SET @a = @@last_insert_id;
        SELECT id INTO @a FROM t LIMIT 1; SELECT @a := MAX(id) FROM t";
    check("read @a", read);
    check("read @aand more", "SET @a = LAST_INSERT_ID(), @b = 1");
    check("read", "SET sql_mode = (SELECT m FROM t)");
    let temporary = "
        CREATE TEMPORARY TABLE a (b INT); CREATE OR REPLACE TEMPORARY TABLE a LIKE b";
    check("temporary a", temporary);
    check("rows a", "CREATE TEMPORARY TABLE a SELECT 1");
    check("drops a c", "DROP TEMPORARY TABLE IF EXISTS a, b.c");
    check("locks LOCK TABLES", "LOCK TABLES a WRITE; FLUSH TABLES a WITH READ LOCK");
    check("locks 'x'", "SET @a = GET_LOCK('x', 1)");
    check("unlocks LOCK TABLES", "UNLOCK TABLES");
    check("unlocks 'x'", "DO RELEASE_LOCK('X')");
    check("unlocks", "DO RELEASE_ALL_LOCKS()");
    check("prepared a", "PREPARE a FROM 'SELECT 1'");
    check("calls a", "EXECUTE a USING @b");
    check("calls a @b", "CALL a(1, @b)");
    check("drops a", "DEALLOCATE PREPARE a; HANDLER a CLOSE");
    check("cursor a", "HANDLER a OPEN");
    check("code @a", "BEGIN NOT ATOMIC SET @a = 1; END");
    check("code", "BEGIN NOT ATOMIC DECLARE a INT; SET a = 1; END");
    check("code anything", "BEGIN NOT ATOMIC SET sql_mode = ''; END");
    let both = "BEGIN NOT ATOMIC SET @a = @@sql_mode; SET sql_mode = ''; END";
    check("code @aanything", both);
    check("opens", "START TRANSACTION");
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
    let trigger = "CREATE TRIGGER x BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1, @z = 2";
    check(trigger, "t on change: @z");
    let check = |text, expected| check_code(Dialect::Sqlite, text, expected);
    check("CREATE TEMP TRIGGER x AFTER INSERT ON t BEGIN UPDATE u SET a = 1; END", "t on change:");
}

#[test]
fn definitions_name_code_and_do_not_run_it() {
    let check = |expected, script| each(runs_code, Dialect::Postgres, &expected, script);
    let runs = "
        SELECT f(); WITH a AS (SELECT f()) INSERT INTO t SELECT * FROM a;
        CREATE TABLE t AS SELECT f(); CREATE MATERIALIZED VIEW t AS SELECT f();
        CREATE INDEX CONCURRENTLY i ON t (f(a)); ALTER TABLE t ADD a int DEFAULT f()";
    check(true, runs);
    let others = "
        CREATE TABLE t (a int DEFAULT f()); CREATE VIEW v AS SELECT f(); DROP FUNCTION f();
        CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ SELECT f() $$; SET a.b = f";
    check(false, others);
}

#[test]
fn what_only_sets_the_session_is_told_from_what_lasts() {
    let check = |dialect, expected, script| each(sets_session, dialect, &expected, script);
    let sets = "
        SET @a = 1; SET @a = NOW(); /*!40101 SET NAMES utf8 */; SET sql_mode = DEFAULT;
        SET TRANSACTION READ ONLY; USE a; LOCK TABLES a WRITE";
    check(Dialect::MySql, true, sets);
    let lasts = "
        SET @a = f(); SET @a = (SELECT f()); SET @a = NEXT VALUE FOR s; SET PASSWORD = 'a';
        SET GLOBAL max_connections = 1; SET GLOBAL max_connections = 1, SESSION sql_mode = '';
        SET @@GLOBAL.max_connections = 1; SET DEFAULT ROLE a TO b; SELECT 1 INTO @a;
        SET STATEMENT max_statement_time = 1 FOR INSERT INTO a VALUES (1);
        UPDATE t SET a = (@a := 1)";
    check(Dialect::MySql, false, lasts);
    let sets = "SET search_path = a; SET LOCAL search_path = a; RESET ALL";
    check(Dialect::Postgres, true, sets);
    check(Dialect::Postgres, false, "SELECT set_config('a.b', 'c', false)");
    check(Dialect::Sqlite, true, "PRAGMA foreign_keys = on");
    check(Dialect::Sqlite, false, "PRAGMA user_version = 1; PRAGMA main.journal_mode = wal");
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
