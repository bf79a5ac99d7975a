use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

#[test]
fn the_applied_heads_are_listed() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1; d1<c1");
    sandbox.done("ensure-version");
    assert_eq!(sandbox.migrate("current"), "exit 0\n");
    sandbox.done("upgrade b1");
    sandbox.done("upgrade c1");
    assert_snapshot!(sandbox.migrate("current"), @"
    exit 0
    --- stdout
    b1 (head)
    c1
    ");
}

#[test]
fn a_head_that_is_implied_by_a_dependency_is_listed_as_effective() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1 +b1");
    sandbox.done("upgrade heads");
    assert_snapshot!(sandbox.migrate("current"), @"
    exit 0
    --- stdout
    b1 (effective head)
    c1 (head)
    ");
    assert_eq!(sandbox.json("current")["heads"], json!(["c1"]));
}

#[test]
fn all_about_them_is_shown_when_asked() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let text = sandbox.migrate("current -v").replace(rusqlite::version(), "[VERSION]");
    assert_snapshot!(text, @"
    exit 0
    --- stdout
    Current revision(s) for sqlite:[ROOT]/app.db:
    Rev: a1 (head)
    Parent: <base>
    Path: versions/a1.up.sql
    Down: versions/a1.down.sql

        make a1

        Revision ID: a1
        Revises:
        Create Date: 2026-01-01T00:00:00Z

    Database: SQLite [VERSION]
    Version table: migrate_version
    Heads: a1
    Pending: 0
    Modified: 0, missing: 0
    Lock: nobody holds it
    ");
}

#[test]
fn being_at_the_heads_is_checked_when_asked() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1 +b1");
    sandbox.done("upgrade c1");
    assert_eq!(sandbox.run("current --check-heads").code, 0);
    sandbox.add("d1<c1");
    assert_snapshot!(sandbox.migrate("current --check-heads"), @"
    exit 3
    --- stdout
    b1 (effective head)
    c1
    --- stderr
    Not at the heads: 1 pending, 0 unknown.
    ");
    let run = sandbox.run("--json current --check-heads");
    assert_eq!((run.code, run.stdout.lines().count()), (3, 1));
}

#[test]
fn an_empty_database_is_not_at_the_heads_and_stays_away() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.run("current --check-heads").code, 3);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

#[test]
fn what_no_file_has_is_named() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    assert_snapshot!(sandbox.migrate("current"), @"
    exit 0
    --- stdout
    b1 (head) (file missing)
    ");
    assert_eq!(sandbox.json("current"), json!({"heads": ["b1"], "pending": 0, "unknown": ["b1"]}));
    assert_eq!(sandbox.run("current --check-heads").code, 3);
}

#[test]
fn the_document_counts_what_is_pending() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    let document = json!({"heads": [], "pending": 3, "unknown": [], "database_exists": false});
    assert_eq!(sandbox.json("current"), document);
    sandbox.done("ensure-version");
    assert_eq!(sandbox.json("current"), json!({"heads": [], "pending": 3, "unknown": []}));
    sandbox.done("upgrade +2");
    assert_eq!(sandbox.json("current"), json!({"heads": ["b1"], "pending": 1, "unknown": []}));
}
