//! A revision that goes on has the session that the statements before have set.

use crate::on_servers::{Kind, Remote, each, holds, on_mariadb, on_postgres};

/// Runs a script that fails at its statement about `nope`, corrects that, and goes on.
fn go_on(remote: &Remote, key: &str, up: &str, wrong: &str, right: &str) -> crate::support::Run {
    remote.revision(&format!("a1{key}"), up, "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    remote.replace("versions/a1.up.sql", wrong, right);
    remote.run("upgrade --resume")
}

const BARE: &str = " | Transaction: none";

#[test]
fn settings_of_postgres_are_made_again() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE SCHEMA app;\nSET search_path = app;\nSET TIME ZONE 'Asia/Tokyo';\n\
              SELECT set_config('app.tenant', 'acme', false);\n\
              CREATE INDEX CONCURRENTLY i ON nope (id);\nCREATE TABLE t (id int);\n\
              CREATE TABLE seen AS SELECT current_setting('app.tenant') AS tenant, \
              current_setting('TimeZone') AS zone;";
    let run = go_on(&remote, BARE, up, "CREATE INDEX CONCURRENTLY i ON nope (id);\n", "");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(
        &run.stderr,
        &["Set again for the session: versions/a1.up.sql:9:1: SET search_path = app"],
    );
    assert_eq!(remote.database.query("SELECT tenant, zone FROM app.seen"), ["acme|Asia/Tokyo"]);
    assert_eq!(remote.database.query("SELECT count(*) FROM app.t"), ["0"]);
}

#[test]
fn what_a_session_of_postgres_held_refuses_to_go_on() {
    let Some(_) = on_postgres() else { return };
    for (statement, use_of_it, what) in [
        (
            "CREATE TEMP TABLE tmp AS SELECT 1 AS x",
            "INSERT INTO t SELECT x FROM tmp",
            "rows in the temporary object `tmp`",
        ),
        ("SELECT pg_advisory_lock(7)", "INSERT INTO t VALUES (1)", "a lock"),
        (
            "SELECT set_config('app.max', (SELECT count(*)::text FROM t), false)",
            "INSERT INTO t VALUES (current_setting('app.max')::int)",
            "a value that was read in `app.max`",
        ),
        (
            "DO $$ BEGIN PERFORM set_config('search_path', 'public', false); END $$",
            "INSERT INTO t VALUES (1)",
            "whatever its code has set",
        ),
        (
            "SELECT nextval('s')",
            "INSERT INTO t VALUES (currval('s'))",
            "the id of the row that was inserted last",
        ),
    ] {
        let Some(remote) = on_postgres() else { return };
        let up = format!(
            "CREATE TABLE t (x int);\nCREATE SEQUENCE s;\n{statement};\nDROP TABLE nope;\n{use_of_it};"
        );
        let run = go_on(&remote, BARE, &up, "nope", "IF EXISTS nope");
        assert_eq!(run.code, 1, "{}", run.text());
        holds(&run.stderr, &[what, "versions/a1.up.sql:10:1", "migrate stamp a1"]);
        assert_eq!(remote.applied(), "");
    }
}

#[test]
fn code_and_prepared_statements_that_set_nothing_are_no_obstacle() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE TABLE t (x int);\nPREPARE p AS INSERT INTO t VALUES ($1);\n\
              DO $$ BEGIN IF true THEN UPDATE t SET x = 1; END IF; END $$;\n\
              DROP TABLE nope;\nEXECUTE p (5);";
    let run = go_on(&remote, BARE, up, "nope", "IF EXISTS nope");
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!(remote.database.query("SELECT x FROM t"), ["5"]);
}

#[test]
fn settings_of_mariadb_are_made_again() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE t (v VARCHAR(9), d DATE);\nSET @owner = 'alice';\n\
              SET SESSION sql_mode = '';\nALTER TABLE nope ADD x INT;\n\
              INSERT INTO t VALUES (@owner, '0000-00-00');";
    let run = go_on(&remote, "", up, "ALTER TABLE nope ADD x INT;\n", "");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["versions/a1.up.sql:8:1: SET @owner = 'alice'"]);
    assert_eq!(remote.database.query("SELECT v, d FROM t"), ["alice|0000-00-00"]);
}

#[test]
fn what_a_session_of_mariadb_held_refuses_to_go_on() {
    for (statement, use_of_it, what) in [
        (
            "CREATE TEMPORARY TABLE tmp SELECT 1 AS x",
            "INSERT INTO t SELECT x FROM tmp",
            "rows in the temporary object `tmp`",
        ),
        ("SELECT GET_LOCK('mine', 1)", "INSERT INTO t VALUES (1)", "a lock"),
        (
            "SET @n = (SELECT COUNT(*) FROM t)",
            "INSERT INTO t VALUES (@n)",
            "a value that was read in `@n`",
        ),
        (
            "INSERT INTO ids VALUES (NULL)",
            "INSERT INTO t VALUES (LAST_INSERT_ID())",
            "the id of the row that was inserted last",
        ),
    ] {
        let Some(remote) = on_mariadb() else { return };
        let up = format!(
            "CREATE TABLE t (x INT);\nCREATE TABLE ids (id INT AUTO_INCREMENT PRIMARY KEY);\n\
             {statement};\nALTER TABLE t ADD y INT, DROP nope;\n{use_of_it};"
        );
        let run = go_on(&remote, BARE, &up, "ADD y INT, DROP nope", "COMMENT 'a'");
        assert_eq!(run.code, 1, "{}", run.text());
        holds(&run.stderr, &[what, "versions/a1.up.sql:10:1", "migrate stamp a1"]);
        assert_eq!(remote.applied(), "");
    }
}

/// Stops a script behind a statement that runs code of an earlier revision, and goes on.
fn go_on_behind_code(remote: &Remote, code: &str, done: &str, rest: &str) -> crate::support::Run {
    remote.revision("a1", code, "");
    let up = format!("{done};\nALTER TABLE nope ADD y INT;\n{rest};");
    remote.revision("b1<a1 | Transaction: none", &up, "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    remote.replace("versions/b1.up.sql", "ALTER TABLE nope ADD y INT", "SELECT 1");
    remote.run("upgrade --resume")
}

#[test]
fn what_functions_and_triggers_of_postgres_have_set_refuses_to_go_on_where_it_is_read() {
    let tenant = "what its code has set in `app.tenant`";
    let code = "CREATE TABLE t (x text);\nCREATE TABLE seen (x text);\nCREATE SCHEMA app;\n\
        CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ \
        BEGIN PERFORM set_config('app.tenant', 'acme', false); RETURN 1; END $$;\n\
        CREATE FUNCTION h() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET search_path = app, public; END $$;\n\
        CREATE FUNCTION g() RETURNS text LANGUAGE sql AS $$ SELECT current_setting('app.tenant', true) $$;\n\
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM f(); RETURN NEW; END $$;\n\
        CREATE TRIGGER note AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();\n\
        CREATE VIEW v AS SELECT f() AS x;";
    let read = "INSERT INTO seen VALUES (current_setting('app.tenant', true))";
    for (done, rest, what) in [
        ("SELECT f()", read, Some(tenant)),
        ("SELECT * FROM f()", read, Some(tenant)),
        ("INSERT INTO seen SELECT f()", "INSERT INTO seen VALUES (g())", Some(tenant)),
        ("SELECT x FROM v", read, Some(tenant)),
        ("INSERT INTO t VALUES ('a')", read, Some(tenant)),
        ("SELECT h()", "INSERT INTO seen VALUES ('a')", Some("whatever its code has set")),
        ("SELECT f()", "INSERT INTO seen VALUES ('a')", None),
        ("SELECT upper(x) FROM t", read, None),
        ("CREATE INDEX CONCURRENTLY i ON t (x)", read, None),
        ("SELECT f()", "SET app.tenant = 'b';\nINSERT INTO seen VALUES (g())", None),
    ] {
        let Some(remote) = on_postgres() else { return };
        let run = go_on_behind_code(&remote, code, done, rest);
        assert_eq!(run.code, i32::from(what.is_some()), "{done}: {}", run.text());
        if let Some(what) = what {
            holds(&run.stderr, &[what, "versions/b1.up.sql:8:1", "migrate stamp b1"]);
        }
    }
}

#[test]
fn what_functions_and_triggers_of_mariadb_have_set_refuses_to_go_on_where_it_is_read() {
    let z = "what its code has set in `@z`";
    let code = "CREATE TABLE t (x INT);\nCREATE TABLE seen (x INT);\n\
        CREATE FUNCTION f() RETURNS INT DETERMINISTIC BEGIN SET @z = 5; RETURN 1; END;\n\
        CREATE FUNCTION h(n INT) RETURNS INT DETERMINISTIC BEGIN SET n = n + 1; RETURN n; END;\n\
        CREATE FUNCTION g() RETURNS INT DETERMINISTIC RETURN @z;\n\
        CREATE TRIGGER note AFTER INSERT ON t FOR EACH ROW SET @z = NEW.x;\n\
        CREATE VIEW v AS SELECT f() AS x;";
    let read = "INSERT INTO seen VALUES (@z)";
    for (done, rest, what) in [
        ("SELECT f()", read, Some(z)),
        ("DO f()", read, Some(z)),
        ("SET @x = f()", read, Some(z)),
        ("INSERT INTO seen SELECT f()", "INSERT INTO seen VALUES (g())", Some(z)),
        ("SELECT x FROM v", read, Some(z)),
        ("INSERT INTO t VALUES (1)", read, Some(z)),
        ("DO f()", "INSERT INTO seen VALUES (1)", None),
        ("DO h(1)", read, None),
        ("CREATE INDEX i ON t (x)", read, None),
        ("DO f()", "SET @z = 6;\nINSERT INTO seen VALUES (@z)", None),
    ] {
        let Some(remote) = on_mariadb() else { return };
        let run = go_on_behind_code(&remote, code, done, rest);
        assert_eq!(run.code, i32::from(what.is_some()), "{done}: {}", run.text());
        if let Some(what) = what {
            holds(&run.stderr, &[what, "versions/b1.up.sql:8:1", "migrate stamp b1"]);
        }
    }
}

#[test]
fn rows_that_code_put_into_a_temporary_table_refuse_to_go_on_where_they_are_read() {
    each(|remote| {
        let code = match remote.kind {
            Kind::Postgres => {
                "CREATE TABLE t (x int);\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN \
                 INSERT INTO tmp VALUES (3); RETURN 1; END $$;"
            }
            Kind::Mariadb => {
                "CREATE TABLE t (x INT);\nCREATE FUNCTION f() RETURNS INT DETERMINISTIC BEGIN \
                 INSERT INTO tmp VALUES (3); RETURN 1; END;"
            }
        };
        let done = "CREATE TEMPORARY TABLE tmp (x INT);\nSELECT f()";
        let run = go_on_behind_code(remote, code, done, "INSERT INTO t SELECT x FROM tmp");
        assert_eq!(run.code, 1, "{}", run.text());
        holds(&run.stderr, &["rows in the temporary object `tmp`", "versions/b1.up.sql:8:1"]);
        remote.replace("versions/b1.up.sql", "SELECT x FROM tmp", "VALUES (4)");
        let run = remote.run("upgrade --resume");
        assert_eq!(run.code, 0, "{}", run.text());
        assert_eq!(remote.database.query("SELECT x FROM t"), ["4"]);
    });
}

#[test]
fn the_usual_ways_to_do_something_only_if_it_is_missing_are_no_obstacle() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE t (x INT);\n\
              SET @s = (SELECT IF(COUNT(*) > 0, 'SELECT 1', 'ALTER TABLE t ADD y INT') \
              FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name = 'y');\n\
              PREPARE p FROM @s;\nEXECUTE p;\nDEALLOCATE PREPARE p;\n\
              ALTER TABLE nope ADD x INT;\n\
              SET @s = (SELECT 'INSERT INTO t VALUES (1, 2)');\nPREPARE p FROM @s;\nEXECUTE p;";
    let run = go_on(&remote, "", up, "ALTER TABLE nope ADD x INT;\n", "");
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!(remote.database.query("SELECT x, y FROM t"), ["1|2"]);
}

#[test]
fn on_mariadb_what_is_half_done_comes_before_other_branches() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", "CREATE TABLE a (i INT);", "");
    remote.revision("b1<a1", "CREATE TABLE b (i INT);\nINSERT INTO nope VALUES (1);", "");
    remote.revision("c1<a1", "CREATE TABLE c (i INT);", "");
    assert_eq!(remote.run("upgrade b1").code, 1);
    remote.replace("versions/b1.up.sql", "nope", "b");
    // What is half done stands in the way of what leaves it out.
    let text = remote.run("upgrade c1 --resume").text();
    holds(&text, &["stopped partway: 1 of 2", "`migrate upgrade b1 --resume` continues"]);
    let run = remote.run("upgrade heads --resume");
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!(remote.database.query("SELECT count(*) FROM b"), ["1"]);
    assert_eq!(remote.applied(), "a1 b1 c1");
}

#[test]
fn a_statement_is_told_what_the_one_before_it_changed_on_mariadb() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE s (n int);\nCREATE TABLE r (n int);\nINSERT INTO s VALUES (1), (2), (3);\n\
              INSERT INTO r SELECT ROW_COUNT();\nINSERT INTO s VALUES (1), (2);\nSET @n = ROW_COUNT();\n\
              INSERT INTO r VALUES (@n);\nSELECT SQL_CALC_FOUND_ROWS n FROM s LIMIT 1;\n\
              INSERT INTO r SELECT FOUND_ROWS();\nALTER TABLE s ADD COLUMN m int;\nINSERT INTO r VALUES (-1);";
    remote.revision("a1", up, "DROP TABLE r, s;");
    remote.done("upgrade");
    let counts = ["3", "2", "5", "-1"];
    assert_eq!(remote.database.query("SELECT n FROM r"), counts);
    remote.done("downgrade base");
    remote.revision("a1 | Transaction: none", up, "");
    remote.done("upgrade");
    assert_eq!(remote.database.query("SELECT n FROM r"), counts);
}
