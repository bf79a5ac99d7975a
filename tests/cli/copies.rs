//! `--rehearse` and `--backup`: copies, and a database that stays as it is.

use insta::assert_snapshot;

use crate::support::Sandbox;

#[test]
fn a_rehearsal_runs_everything_and_changes_nothing() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let before = sandbox.files();
    assert_snapshot!(sandbox.migrate("upgrade --rehearse"), @r"
    exit 0
    --- stderr
    Running upgrade a1 -> b1, make b1
    1 revision in N ms; migrate_version is at b1.
    That was a copy: the database is as it was.
    ");
    assert_eq!(sandbox.json("downgrade base --rehearse")["steps"][0]["revision"], "a1");
    assert!(sandbox.files() == before);
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1".into(), "a1".into()));
}

#[test]
fn a_rehearsal_finds_what_would_fail() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.execute("INSERT INTO t_a1 VALUES (1)");
    sandbox.revision("b1<a1", "INSERT INTO t_a1 VALUES (1);", "");
    let text = sandbox.refused("upgrade --rehearse");
    assert!(text.contains("UNIQUE constraint failed: t_a1.id"), "{text}");
    assert!(text.contains("versions/b1.up.sql:7:1"), "{text}");
}

#[test]
fn a_rehearsal_needs_no_database_and_makes_none() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_eq!(sandbox.json("upgrade --rehearse")["heads"][0], "b1");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

#[test]
fn a_backup_is_the_database_as_it_was() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    sandbox.execute("INSERT INTO t_a1 VALUES (7)");
    assert_snapshot!(sandbox.migrate("upgrade --backup before.db"), @r"
    exit 0
    --- stderr
    Copied the database to before.db.
    Running upgrade a1 -> b1, make b1
    1 revision in N ms; migrate_version is at b1.
    ");
    assert_eq!(sandbox.query_in("before.db", "SELECT id FROM t_a1"), "7");
    assert_eq!(sandbox.query_in("before.db", "SELECT revision FROM migrate_version"), "a1");
    let text = sandbox.refused("downgrade base --backup before.db");
    assert!(text.contains("`before.db` already exists"), "{text}");
    assert!(text.contains("give --backup the name of a new file"), "{text}");
}
