use insta::assert_snapshot;
use rusqlite::Connection;
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

#[test]
fn a_database_that_a_killed_process_left_half_written_is_looked_at_all_the_same() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let writer = Connection::open(sandbox.path("app.db")).unwrap();
    let spilled = "PRAGMA cache_size = 5; BEGIN; CREATE TABLE torn (a); \
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) \
        INSERT INTO torn SELECT hex(randomblob(200)) FROM n";
    writer.execute_batch(spilled).unwrap();
    // A copy has no lock on it, as if the writer had died.
    let copy = |from: &str, to: &str| {
        for end in ["", "-journal"] {
            let [from, to] = [from, to].map(|name| sandbox.path(&format!("{name}{end}")));
            std::fs::copy(from, to).unwrap();
        }
    };
    copy("app.db", "torn.db");
    drop(writer);
    let looks = [
        "current -v",
        "status",
        "check",
        "history -i",
        "repair",
        "dump",
        "diagram",
        "lock status",
        "upgrade --dry-run",
        "sql --read-only 'select * from migrate_version'",
    ];
    for arguments in looks {
        copy("torn.db", "app.db");
        let run = sandbox.run(arguments);
        assert!(matches!(run.code, 0 | 3), "{arguments}: {}", run.text());
        assert!(!sandbox.path("app.db-journal").exists(), "{arguments}");
    }
    assert_eq!(sandbox.json("current")["heads"], json!(["a1"]));
}
