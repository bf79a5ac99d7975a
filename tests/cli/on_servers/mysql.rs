//! What only MariaDB and MySQL have: programs with delimiters, and DDL that commits.

use crate::on_servers::{holds, on_mariadb};

#[test]
fn every_kind_of_statement_is_applied_and_taken_back() {
    let Some(remote) = on_mariadb() else { return };
    let kinds = [
        (
            "k1",
            "CREATE TABLE t (a INT, b VARCHAR(40));\nCREATE TABLE log (a INT);",
            "DROP TABLE log, t;",
        ),
        (
            "k2",
            "DELIMITER //\nCREATE PROCEDURE fill(n INT)\nBEGIN\n  -- it's; fine\n  WHILE n > 0 DO\n    \
             INSERT INTO t VALUES (n, 'ä; \\\\ 🦀');\n    SET n = n - 1;\n  END WHILE;\nEND//\n\
             DELIMITER ;\nCALL fill(3);",
            "DROP PROCEDURE fill;",
        ),
        (
            "k3",
            "CREATE TRIGGER t_log AFTER INSERT ON t FOR EACH ROW\nBEGIN\n  IF NEW.a > 1 THEN\n    \
             INSERT INTO log VALUES (NEW.a);\n  END IF;\nEND;\nINSERT INTO t VALUES (1, 'x'), (9, 'y');",
            "DROP TRIGGER t_log;",
        ),
        (
            "k4",
            "CREATE FUNCTION twice(n INT) RETURNS INT DETERMINISTIC\nBEGIN\n  RETURN 2 * n;\nEND;",
            "DROP FUNCTION twice;",
        ),
        ("k5", "CREATE VIEW v AS SELECT twice(a) AS a FROM log;", "DROP VIEW v;"),
        (
            "k6",
            "CREATE EVENT clean ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM log; DELETE FROM t; END;",
            "DROP EVENT clean;",
        ),
        ("k7", "/*!40101 CREATE TABLE said (a INT) */;\n# a comment; here\n", "DROP TABLE said;"),
    ];
    let mut parent = "";
    for (id, up, down) in kinds {
        remote.revision(&format!("{id}<{parent}"), up, down);
        parent = id;
    }
    for _ in 0..2 {
        remote.done("upgrade head");
        assert_eq!(remote.database.query("SELECT a FROM v; SELECT count(*) FROM t"), ["18", "5"]);
        assert_eq!(remote.objects(), "clean fill log said t twice t_log v");
        remote.done("downgrade base");
        assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()));
    }
}

#[test]
fn what_a_script_sets_ends_with_it() {
    let Some(remote) = on_mariadb() else { return };
    let other = format!("{}_other", remote.database.name());
    remote.database.execute(&format!("CREATE DATABASE {other}"));
    remote.revision("a1", &format!("USE {other};\nCREATE TABLE there (a INT);"), "");
    remote.revision("b1<a1", "SET sql_mode = 'ANSI_QUOTES';\nCREATE TABLE \"here\" (a INT);", "");
    remote.revision("c1<b1", "CREATE TABLE said AS SELECT \"text\" AS a;", "");
    let run = remote.run("upgrade head");
    let there =
        format!("SELECT table_name FROM information_schema.tables WHERE table_schema = '{other}'");
    let there = remote.database.query(&there);
    remote.database.execute(&format!("DROP DATABASE {other}"));
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!((there, remote.objects()), (vec!["there".to_owned()], "here said".to_owned()));
    assert_eq!(remote.applied(), "a1 b1 c1");
}

#[test]
fn warnings_are_shown_on_demand() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", "DROP TABLE IF EXISTS nowhere;", "DROP TABLE IF EXISTS nowhere;");
    let text = remote.migrate("upgrade");
    assert!(!text.contains("Unknown table"), "{text}");
    remote.done("downgrade base");
    holds(&remote.migrate("upgrade -v"), &["exit 0", "Unknown table"]);
}

#[test]
fn a_script_without_ddl_is_rolled_back_whole() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", "CREATE TABLE t (a INT PRIMARY KEY);", "");
    remote.revision("b1<a1", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2), (1);", "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["1062 (23000)", "b1: rolled back", "done before, and kept: a1"]);
    assert_eq!((remote.database.query("SELECT * FROM t"), remote.applied()), (vec![], "a1".into()));
    remote.replace("versions/b1.up.sql", "(2), (1)", "(2)");
    remote.done("upgrade");
    assert_eq!(remote.database.query("SELECT a FROM t"), ["1", "2"]);
}

const HALF: &str = "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\nCREATE TABLE u (a INT);\n\
                    INSERT INTO u VALUES (1);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE v (a INT);";

#[test]
fn a_script_with_ddl_goes_on_where_it_stopped() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", HALF, "DROP TABLE v, u, t;");
    let run = remote.run("upgrade");
    holds(
        &run.stderr,
        &["versions/a1.up.sql:11:1", "1146 (42S02)", "3 of its 6 statements were committed"],
    );
    assert_eq!(remote.objects(), "t u");
    assert_eq!(remote.json("status")["revisions"][0]["state"], "failed");

    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(&run.stderr, &["3 of 6 statements", "versions/a1.up.sql:10:1", "upgrade --resume"]);

    remote.replace("versions/a1.up.sql", "TABLE t (a INT)", "TABLE t (a BIGINT)");
    let run = remote.run("upgrade --resume");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(
        &run.stderr,
        &["restore the part that has run", "`migrate stamp a1`", "`migrate stamp base`"],
    );

    remote.replace("versions/a1.up.sql", "TABLE t (a BIGINT)", "TABLE t (a INT)");
    remote.replace("versions/a1.up.sql", "nowhere", "u");
    remote.done("upgrade --resume");
    assert_eq!((remote.objects(), remote.applied()), ("t u v".to_owned(), "a1".to_owned()));
    let rows = remote.database.query("SELECT count(*) FROM t; SELECT count(*) FROM u");
    assert_eq!(rows, ["1", "2"]);
    remote.done("downgrade base");
    assert_eq!(remote.objects(), "");
}

#[test]
fn a_stamp_settles_what_stopped_half_way() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", HALF, "");
    assert_eq!(remote.run("upgrade").code, 1);
    remote.database.execute("CREATE TABLE v (a INT)");
    remote.done("stamp a1");
    assert_eq!(remote.json("status")["revisions"][0]["state"], "applied");
    remote.add("b1<a1");
    remote.done("upgrade");
    assert_eq!((remote.objects(), remote.applied()), ("t t_b1 u v".to_owned(), "a1 b1".to_owned()));
}

#[test]
fn one_transaction_for_all_is_refused_where_ddl_commits() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", "SELECT 1;\nCREATE TABLE t (a INT);", "");
    let error = remote.error("upgrade --transaction all");
    assert_eq!((&error["file"], &error["line"]), (&"versions/a1.up.sql".into(), &8.into()));
    holds(error["hint"].as_str().unwrap(), &["leave out --transaction all"]);
    assert_eq!(remote.objects(), "");
}

#[test]
fn ddl_that_fails_has_committed_what_came_before() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE t (a INT);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n\
              CREATE TABLE t (a INT);\nINSERT INTO t VALUES (3);";
    remote.revision("a1", up, "");
    let run = remote.run("upgrade");
    holds(
        &run.stderr,
        &["versions/a1.up.sql:10:1", "1050 (42S01)", "3 of its 5 statements were committed"],
    );
    assert_eq!(remote.database.query("SELECT a FROM t"), ["1", "2"]);
    remote.replace("versions/a1.up.sql", "(2);\nCREATE TABLE t", "(2);\nCREATE TABLE u");
    remote.done("upgrade --resume");
    assert_eq!(remote.database.query("SELECT a FROM t"), ["1", "2", "3"]);
}

#[test]
fn a_transaction_of_a_script_s_own_stands_or_falls_as_one() {
    let Some(remote) = on_mariadb() else { return };
    let up = "CREATE TABLE t (a INT);\nBEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO nowhere \
              VALUES (2);\nCOMMIT;\nINSERT INTO t VALUES (3);";
    remote.revision("a1 | Transaction: none", up, "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["versions/a1.up.sql:11:1", "1 of its 6 statements were committed"]);
    assert_eq!(remote.database.query("SELECT a FROM t"), [""; 0]);
    remote.replace("versions/a1.up.sql", "nowhere", "t");
    remote.done("upgrade --resume");
    assert_eq!(remote.database.query("SELECT a FROM t ORDER BY a"), ["1", "2", "3"]);
}

#[test]
fn what_a_script_sets_does_not_reach_its_record() {
    let Some(remote) = on_mariadb() else { return };
    let down = "-- a \\ and 'ä' and \\' 🦀\nDROP TABLE t;";
    let sets = "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\nSET NAMES latin1;";
    remote.revision("a1", &format!("{sets}\nSELECT 1;"), down);
    let up = format!("CREATE TABLE t (a INT);\n{sets}\nINSERT INTO t VALUES (1);");
    remote.revision("b1<a1", &up, down);
    remote.revision("c1<b1 | Transaction: none", sets, down);
    remote.done("upgrade");
    // The client shows the end of a line and a backslash in its own way.
    let expected = format!("{down}\n").replace('\\', "\\\\").replace('\n', "\\n");
    let rows = remote.database.query("SELECT down_script FROM migrate_version");
    assert_eq!(rows, [expected.as_str(); 3]);
}
