//! Errors of servers: their words, their codes, and the place in the script.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::on_servers::{Remote, each, holds, on_mariadb, on_postgres};

/// Runs a script that must fail; returns the error, its place as text.
fn fail(remote: &Remote, up: &str) -> (String, Value) {
    remote.revision("a1", up, "");
    let error = remote.error("upgrade");
    assert_eq!((&error["kind"], &error["revision"]), (&json!("sql"), &json!("a1")), "{error}");
    assert_eq!(error["file"], "versions/a1.up.sql");
    (format!("{}:{} {}", error["line"], error["column"], error["code"].as_str().unwrap()), error)
}

#[test]
fn postgresql_points_at_the_place() {
    let Some(remote) = on_postgres() else { return };
    // The scripts begin in line 7.
    let cases = [
        ("CREATE TABLE t (a int);\nSELEC 1;", "8:1 42601"),
        ("CREATE TABLE t (a int);\nSELECT 1;\nINSERT INTO\n  nowhere VALUES (1);", "10:3 42P01"),
        ("CREATE TABLE t (a int PRIMARY KEY);\n  INSERT INTO t VALUES (1), (1);", "8:3 23505"),
        (
            "CREATE TABLE t (a text);\n/* ü€🦀 */ INSERT INTO t\n  VALUES ('äöü€🦀'), (nope);",
            "9:22 42703",
        ),
        ("CREATE TABLE \"ü🦀\" (a int); SELECT 'ü🦀', nope;", "7:41 42703"),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN nope;\nEND \
             $$;\n\nSELECT 1, f();",
            "12:1 42703",
        ),
        ("DO $$\nBEGIN\n  PERFORM nope;\nEND $$;", "7:1 42703"),
        ("CREATE TABLE t (a int);\nSELECT 1 FROM t\nWHERE a = 'x';", "9:11 22P02"),
    ];
    for (up, expected) in cases {
        let (place, error) = fail(&remote, up);
        assert_eq!(place, expected, "{error}");
        assert_eq!(remote.objects(), "", "{up}");
    }
}

#[test]
fn mariadb_names_the_statement() {
    let Some(remote) = on_mariadb() else { return };
    let cases = [
        ("INSERT INTO nowhere VALUES (1);", "7:1 1146 (42S02)"),
        ("SELECT 1;\n\n  SELECT 'ü🦀', nope;", "9:3 1054 (42S22)"),
        ("SELECT 1;\nSELECT 2\nFORM t;", "9:6 1064 (42000)"),
        ("SELECT 'ü🦀' AS a\n  SELEC 1;", "8:3 1064 (42000)"),
        ("SELECT f(1);", "7:1 1305 (42000)"),
    ];
    for (up, expected) in cases {
        let (place, error) = fail(&remote, up);
        assert_eq!(place, expected, "{error}");
        assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()), "{up}");
    }
}

#[test]
fn postgresql_s_detail_and_hint_are_shown() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE TABLE t (a int PRIMARY KEY);\nINSERT INTO t VALUES (1), (1);";
    remote.add("z1");
    remote.revision("a1<z1", up, "");
    assert_snapshot!(remote.migrate("upgrade"), @r#"
    exit 1
    --- stderr
    Running upgrade  -> z1, make z1
    Running upgrade z1 -> a1, make a1
    error: duplicate key value violates unique constraint "t_pkey"
     --> versions/a1.up.sql:8:1
      |
    8 | INSERT INTO t VALUES (1), (1);
      | ^^^^^^
      detail: Key (a)=(1) already exists.
      code: 23505
      a1: rolled back
      done before, and kept: z1
    hint: correct the script and run the command again
    "#);
    let error = remote.error("upgrade");
    assert_eq!(
        (&error["code"], &error["detail"]),
        (&json!("23505"), &json!("Key (a)=(1) already exists."))
    );
    assert_eq!(error["statement"], "INSERT INTO t VALUES (1), (1)");
    assert_eq!((remote.objects(), remote.applied()), ("t_z1".to_owned(), "z1".to_owned()));

    remote.revision("a1<z1", "CREATE TABLE t (name text);\nSELECT nam FROM t;", "");
    assert_snapshot!(remote.migrate("upgrade"), @r#"
    exit 1
    --- stderr
    Running upgrade z1 -> a1, make a1
    error: column "nam" does not exist
     --> versions/a1.up.sql:8:8
      |
    8 | SELECT nam FROM t;
      |        ^^^
      the database's hint: Perhaps you meant to reference the column "t.name".
      code: 42703
      a1: rolled back
      nothing was changed
    hint: correct the script and run the command again
    "#);
}

#[test]
fn a_commit_that_fails_is_the_revision_s_failure() {
    let Some(remote) = on_postgres() else { return };
    remote.add("z1");
    let up = "CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED);\n\
              INSERT INTO t VALUES (1), (1);";
    remote.revision("a1<z1", up, "");
    remote.add("b1<a1");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(&run.stderr, &["duplicate key", "a1: rolled back", "done before, and kept: z1"]);
    assert_eq!(remote.error("upgrade")["revision"], "a1");
    assert_eq!((remote.objects(), remote.applied()), ("t_z1".to_owned(), "z1".to_owned()));
}

#[test]
fn mariadb_tells_how_many_statements_stand() {
    let Some(remote) = on_mariadb() else { return };
    remote.add("z1");
    let up = "CREATE TABLE t (a INT);\nCREATE TABLE u (a INT);\nINSERT INTO u VALUES (1);\n\
              INSERT INTO nowhere VALUES (1);\nCREATE TABLE v (a INT);";
    remote.revision("a1<z1", up, "");
    let text = remote.migrate("upgrade").replace(remote.database.name(), "app");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    Running upgrade  -> z1, make z1
    Running upgrade z1 -> a1, make a1
    error: Table 'app.nowhere' doesn't exist
      --> versions/a1.up.sql:10:1
       |
    10 | INSERT INTO nowhere VALUES (1);
       | ^^^^^^
      code: 1146 (42S02)
      a1: not recorded, but what its script did stands
      2 of its 5 statements were committed
      done before, and kept: z1
    hint: it runs outside a transaction: correct the script and continue with --resume; `migrate repair` names the ways to settle it by hand
    ");
    assert_eq!((remote.objects(), remote.applied()), ("t t_z1 u".to_owned(), "z1".to_owned()));
    assert_eq!(remote.database.query("SELECT count(*) FROM u"), ["0"]);
}

#[test]
fn a_variable_that_the_head_does_not_declare_is_told_how_to() {
    each(|remote| {
        remote.revision("a1", "CREATE TABLE ${tenant}_t (a int);", "");
        let error = remote.error("upgrade");
        let hint = error["hint"].as_str().unwrap();
        assert!(hint.contains("`-- Variables: tenant` in the header"), "{error}");
    });
}
