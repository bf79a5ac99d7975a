//! Whose fault a failure is on servers: a commit's, a read-only server's.

use crate::on_servers::{each, holds, on_mariadb, on_postgres};

#[test]
fn a_commit_that_postgres_refuses_names_the_script() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (id int PRIMARY KEY, \
              p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);";
    remote.revision("a1", up, "");
    remote.revision("b1<a1", "CREATE TABLE x (y int);", "");
    remote.revision("c1<b1", "SELECT 1;\nINSERT INTO c VALUES (1, 7);", "");
    remote.revision("d1<c1", "CREATE TABLE z (y int);", "");
    let run = remote.run("upgrade");
    holds(
        &run.text(),
        &[
            "exit 1",
            "the commit of revision `c1` failed",
            "versions/c1.up.sql:8:1",
            "23503",
            "c1: rolled back",
        ],
    );
    assert_eq!(remote.applied(), "a1 b1");
    remote.revision("c1<b1", "INSERT INTO c VALUES (1, 7);\nINSERT INTO c VALUES (2, 8);", "");
    let error = remote.error("upgrade c1");
    assert_eq!((&error["file"], &error["revision"]), (&"versions/c1.up.sql".into(), &"c1".into()));
    assert!(error["line"].is_null(), "{error}");
}

#[test]
fn a_script_that_is_read_only_by_itself_is_to_blame_itself() {
    each(|remote| {
        remote.revision("a1", "CREATE TABLE t (id int);", "");
        remote.done("upgrade");
        let up = "SET TRANSACTION READ ONLY;\nSTART TRANSACTION;\nDELETE FROM t;\nCOMMIT;";
        remote.revision("b1<a1 | Transaction: none", up, "");
        let run = remote.run("upgrade");
        assert!(!run.stderr.contains("can't be written to"), "{}", run.stderr);
    });
}

#[test]
fn a_database_that_is_read_only_is_blamed_and_named() {
    let Some(remote) = on_postgres() else { return };
    remote.revision("a1", "CREATE TABLE t (id int);", "");
    let name = remote.database.query("SELECT current_database()").concat();
    remote
        .database
        .execute_as_admin(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let run = remote.run("upgrade");
    holds(
        &run.text(),
        &["exit 1", "can't be written to: `default_transaction_read_only` is on", &name],
    );
    assert!(!run.stderr.contains("a1.up.sql"), "{}", run.stderr);
    remote
        .database
        .execute_as_admin(&format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only"));
    remote.done("upgrade");
    remote.revision("b1<a1", "CREATE TABLE u (id int);", "");
    remote
        .database
        .execute_as_admin(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"));
    let error = remote.error("upgrade");
    holds(error["message"].as_str().unwrap(), &["can't be written to", &name]);
    assert!(error["file"].is_null(), "{error}");
    remote
        .database
        .execute_as_admin(&format!("SET default_transaction_read_only = off; ALTER DATABASE {name} RESET default_transaction_read_only"));
}

#[test]
fn a_call_that_commits_is_hinted_at() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;";
    remote.revision("a1", up, "");
    remote.revision("b1<a1", "CALL p();", "");
    let run = remote.run("upgrade");
    holds(&run.text(), &["exit 1", "2D000", "put `-- Transaction: none` into the header"]);
}

#[test]
fn a_transaction_that_is_left_open_is_refused() {
    each(|remote| {
        let up = "CREATE TABLE t (id int);\nSTART TRANSACTION;\nINSERT INTO t VALUES (1);";
        remote.revision("a1 | Transaction: none", up, "");
        let text = remote.refused("upgrade");
        holds(&text, &["`START TRANSACTION` opens isn't ended", "versions/a1.up.sql:9:1"]);
    });
    // What commits by itself ends it.
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1 | Transaction: none", "BEGIN;\nCREATE TABLE t (id int);", "");
    remote.done("upgrade");
}

#[test]
fn commits_that_mariadb_leaves_to_a_script_are_not_made_for_it() {
    let Some(remote) = on_mariadb() else { return };
    remote.revision("a1", "CREATE TABLE t (id int);", "");
    remote.done("upgrade");
    for (up, place) in [
        ("SET autocommit = 0;\nINSERT INTO t VALUES (1);", "versions/b1.up.sql:8:1"),
        (
            "SET autocommit = 0;\nBEGIN;\nCOMMIT;\nDELETE FROM t;\nSET @a = 1;",
            "versions/b1.up.sql:8:1",
        ),
        (
            "INSERT INTO t VALUES (1);\nSET SESSION autocommit=OFF;\nDELETE FROM t;",
            "versions/b1.up.sql:9:1",
        ),
    ] {
        remote.revision("b1<a1 | Transaction: none", up, "");
        let run = remote.run("upgrade");
        assert_eq!(run.code, 1, "{up}: {}", run.text());
        holds(&run.stderr, &["the transaction that `SET autocommit` opens isn't ended", place]);
        assert_eq!(remote.database.query("SELECT count(*) FROM t"), ["0"], "{up}");
    }
    for (number, up) in [
        "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nCOMMIT;",
        "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nSET autocommit = 1;",
        "SET autocommit = 0;\nINSERT INTO t VALUES (1);\nALTER TABLE t ADD COLUMN b int;",
        "SET autocommit = 0;\nSELECT 1;",
        "SET autocommit = 1;\nINSERT INTO t (id) VALUES (1);",
    ]
    .into_iter()
    .enumerate()
    {
        let parent = if number == 0 { "a1".to_owned() } else { format!("c{}", number - 1) };
        if number == 0 {
            remote.remove("versions/b1.up.sql");
            remote.remove("versions/b1.down.sql");
        }
        remote.revision(&format!("c{number}<{parent} | Transaction: none"), up, "");
        remote.done("upgrade");
    }
    assert_eq!(remote.database.query("SELECT count(*) FROM t"), ["4"]);
}

#[test]
fn a_program_that_is_never_ended_is_found_in_its_file() {
    let Some(remote) = on_mariadb() else { return };
    let program =
        "CREATE PROCEDURE p()\nBEGIN\n  IF 1 THEN SELECT 2; END IF;\nCREATE TABLE u (a int);";
    remote.revision("a1", &format!("CREATE TABLE t (id int);\n{program}"), "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(&run.stderr, &["a body is opened with BEGIN and never closed", "versions/a1.up.sql:9:1"]);
    assert_eq!(remote.objects(), "");
}
