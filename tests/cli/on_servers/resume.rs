//! A revision that goes on has the session that the statements before have set.

use crate::on_servers::{Remote, holds, on_mariadb, on_postgres};

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
    let text = remote.run("upgrade heads --resume").text();
    holds(&text, &["stopped half way: 1 of 2", "`migrate upgrade b1 --resume` goes on"]);
    for command in ["upgrade b1 --resume", "upgrade heads"] {
        let run = remote.run(command);
        assert_eq!(run.code, 0, "{command}: {}", run.text());
    }
    assert_eq!(remote.database.query("SELECT count(*) FROM b"), ["1"]);
}
