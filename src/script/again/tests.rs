//! Which statements run again before a script is resumed, and which can't.

use super::*;
use crate::sql::split;

/// Resumes after a number of statements, and tells which run again, counted from 1, or which can't.
#[track_caller]
fn check(dialect: Dialect, done: usize, script: &str, expected: &str) {
    check_with(&Hidden::default(), dialect, done, script, expected);
}

/// Does so on a database that has some code.
#[track_caller]
fn check_with(hidden: &Hidden, dialect: Dialect, done: usize, script: &str, expected: &str) {
    let statements = split(script, dialect).unwrap();
    let texts: Vec<Cow<'_, str>> = statements.iter().map(|it| it.text.into()).collect();
    let told = match again(&texts, done, dialect, hidden) {
        Ok(again) => {
            let numbers: Vec<String> = again.iter().map(|at| (at + 1).to_string()).collect();
            format!("again {}", numbers.join(" "))
        }
        Err(Obstacle { at, what }) => format!("{}: {what}", at + 1),
    };
    assert_eq!(told.trim_end(), expected, "{script}");
}

#[test]
fn nothing_runs_again_where_nothing_was_set_or_nothing_follows() {
    check(Dialect::Sqlite, 1, "CREATE TABLE a (b); INSERT INTO a VALUES (1)", "again");
    check(Dialect::Sqlite, 2, "CREATE TEMP TABLE a AS SELECT 1; DROP TABLE a", "again");
    check(Dialect::Postgres, 0, "SET a.b = 1; SELECT 1", "again");
}

#[test]
fn what_a_rollback_took_back_is_not_made_again() {
    let check = |script, expected| check(Dialect::Postgres, 4, script, expected);
    check("BEGIN; SET a.b = 1; COMMIT; SELECT 1; SELECT 2", "again 2");
    check("BEGIN; SET a.b = 1; ROLLBACK; SELECT 1; SELECT 2", "again");
    check("SET a.b = 1; BEGIN; ROLLBACK; SELECT 1; SELECT 2", "again 1");
    check("SELECT 1; BEGIN; SET a.b = 1; SELECT 1; COMMIT", "2: an open transaction");
    check("SET a.b = 1; DISCARD ALL; SET a.c = 2; SELECT 1; SELECT 2", "again 3");
}

#[test]
fn a_lock_is_lost_until_it_is_given_back() {
    let rest = "SELECT 1; SELECT 2";
    let lock = "SELECT pg_advisory_lock(1)";
    let check = |script: &str, expected| check(Dialect::Postgres, 3, script, expected);
    check(&format!("{lock}; SELECT 0; {rest}"), "1: a lock");
    check(&format!("{lock}; SELECT pg_advisory_unlock(1); {rest}"), "again");
    check(&format!("{lock}; SELECT pg_advisory_unlock(2); {rest}"), "1: a lock");
    check(&format!("{lock}; SELECT pg_advisory_unlock_all(); {rest}"), "again");
}

#[test]
fn a_variable_that_was_read_matters_to_what_reads_it() {
    let read = "SET @a = (SELECT MAX(id) FROM t)";
    let lost = "1: a value that was read in `@a`";
    let check = |done, rest: &str, expected| {
        check(Dialect::MySql, done, &format!("{read}; {rest}"), expected);
    };
    check(1, "INSERT INTO u VALUES (@a)", lost);
    check(2, "INSERT INTO u VALUES (@a); SELECT 1", "again");
    check(2, "INSERT INTO u VALUES (@a); SET @a = 1; SELECT @a", "again");
    check(2, "INSERT INTO u VALUES (@a); SET @a = @a + 1", lost);
    check(2, "SET @b = @a + 1; SELECT @b", "2: a value that was read in `@b`");
    check(2, "SET @a = 5; SELECT @a", "again 2");
    // Something that can't be seen reads it: a trigger, a routine.
    check(1, "INSERT INTO u VALUES (1)", lost);
}

#[test]
fn code_is_an_obstacle_only_if_it_sets_something() {
    let check = |script, expected| check(Dialect::MySql, 3, script, expected);
    check("CREATE PROCEDURE p() DELETE FROM t; CALL p(); SELECT 1; SELECT 2", "again");
    check("SELECT 1; CALL unseen(); SELECT 1; SELECT 2", "2: whatever its code has set");
    let sets = "CREATE PROCEDURE p() SET sql_mode = ''; CALL p(); SELECT 1; SELECT 2";
    check(sets, "2: whatever its code has set");
    check("SELECT 1; CALL p(@n); SELECT 1; SELECT @n", "2: whatever its code has set");
}

#[test]
fn code_is_never_run_again_for_what_it_has_set() {
    let check = |done, script: &str, expected| check(Dialect::MySql, done, script, expected);
    check(2, "UPDATE t SET a = (@x := a); SET @x = 1; SELECT @x", "again 2");
    let make = "CREATE FUNCTION f() RETURNS INT BEGIN SET @z = 1; RETURN @z; END";
    check(3, &format!("{make}; DO f(); SET @z = 2; SELECT @z"), "again 3");
    check(2, &format!("{make}; SET @a = f(), @b = 1; SELECT @b"), "2: whatever its code has set");
}

#[test]
fn what_the_code_of_the_database_has_set_matters_to_what_reads_it() {
    let dialect = Dialect::MySql;
    let hidden = |rows: &[(&str, &str, Option<&str>)]| {
        let mut res = Hidden::default();
        for (kind, name, text) in rows {
            res.take(kind, name, *text, dialect);
        }
        res
    };
    let known = hidden(&[
        ("name", "f", Some("() BEGIN SET @z = 1; RETURN 2; END")),
        ("name", "g", Some("(n) BEGIN SET n = 1; RETURN n; END")),
        ("name", "v", Some("select f() AS a")),
        ("change", "t", Some("INSERT INTO log VALUES (f())")),
        ("change", "r", Some("SET NEW.a = @z")),
        ("change", "s", Some("BEGIN SET @z = 3; SET NEW.a = @z; END")),
    ]);
    let lost = "1: what its code has set in `@z`";
    let check = |script: &str, expected| check_with(&known, dialect, 1, script, expected);
    for done in ["SELECT f()", "DO f()", "SET @x = f()", "SELECT * FROM v", "DELETE FROM t"] {
        check(&format!("{done}; SELECT 1; SELECT @z"), lost);
        check(&format!("{done}; UPDATE r SET a = 1; SELECT @x"), lost);
    }
    check("SELECT f(); SELECT 1", "again");
    check("SELECT f(); SET @z = 1; SELECT @z", "again");
    check("SELECT f(); INSERT INTO s VALUES (1)", "again");
    check("SELECT g(1); SELECT @z", "again");
    check("SELECT * FROM t; SELECT @z", "again");
    check("CREATE INDEX i ON t (a); SELECT @z", "again");
    check("DROP FUNCTION f; SELECT @z", "again");
    check("CALL f(); SELECT 1", "again");
    check("CALL nobody(); SELECT 1", "1: whatever its code has set");
    let known = hidden(&[
        ("name", "ex", Some("(q) EXECUTE IMMEDIATE q")),
        ("name", "other.f", Some("() SET @z = 1 /* other */")),
        ("name", "s", Some("() BEGIN SELECT 1 INTO @z FROM t; RETURN @z; END")),
    ]);
    let check = |script: &str, expected| check_with(&known, dialect, 1, script, expected);
    check("CALL ex('SET @z = 1'); SELECT @z", lost);
    check("CALL other.f(); SELECT @z", lost);
    check_with(&known, dialect, 2, "USE other; SELECT f(); SELECT @z", &lost.replace('1', "2"));
    check("SELECT f(); SELECT @z", "again");
    check("SELECT s(); SELECT s()", "again");
    let secret = hidden(&[("name", "f", None)]);
    check_with(&secret, dialect, 1, "SELECT f(); SELECT 1", "1: whatever its code has set");
}

#[test]
fn the_name_of_a_setting_that_is_read_may_be_computed() {
    let mut hidden = Hidden::default();
    let body = "AS $$ BEGIN PERFORM set_config('app.a', '1', false); END $$";
    hidden.take("name", "f", Some(body), Dialect::Postgres);
    let check = |rest: &str, expected| {
        check_with(&hidden, Dialect::Postgres, 1, &format!("SELECT f(); {rest}"), expected);
    };
    let lost = "1: what its code has set in `app.a`";
    check("SELECT current_setting('app.a', true)", lost);
    check("SELECT current_setting('app.' || x) FROM t", lost);
    check("SELECT * FROM pg_settings", lost);
    check("SELECT current_setting('app.b', true), current_setting('a.b'::text)", "again");
    check("SET app.a = 2; SELECT current_setting('app.a')", "again");
}

#[test]
fn rows_that_triggers_put_into_temporary_tables_are_lost() {
    let made = "CREATE TEMP TABLE log (x); CREATE TEMP TRIGGER seen AFTER INSERT ON t \
                BEGIN INSERT INTO log VALUES (NEW.x); END";
    let check = |rest: &str, expected| {
        let hidden = Hidden::default();
        check_with(&hidden, Dialect::Sqlite, 3, &format!("{made}; {rest}"), expected);
    };
    let lost = "1: rows in the temporary object `log`";
    check("INSERT INTO t VALUES (1); INSERT INTO u SELECT x FROM log", lost);
    check("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)", "again 1 2");
    check("SELECT * FROM t; INSERT INTO u SELECT x FROM log", "again 1 2");
}
