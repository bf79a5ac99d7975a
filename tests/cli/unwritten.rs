//! Down scripts that nobody has written yet, and revisions that can't be taken back on purpose.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const DOWN: &str = "versions/20260101_000000_a1_create_users.down.sql";
const UP: &str = "versions/20260101_000000_a1_create_users.up.sql";

/// Makes a project whose only revision has the up half written, as everybody's first one.
fn half_written() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.done("revision --rev-id a1 -m 'create users'");
    let head = sandbox.read(UP);
    sandbox.write(UP, format!("{head}CREATE TABLE users (id INTEGER);\n"));
    sandbox
}

#[test]
fn a_down_script_that_nobody_wrote_takes_nothing_back() {
    let sandbox = half_written();
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 0
    --- stderr
    warning: the down script of a1 is not written yet: a downgrade will be refused until then
    Running upgrade  -> a1, create users
    1 revision in N ms; migrate_version is at a1.
    ");
    assert_snapshot!(sandbox.refused("downgrade -1"), @"
    exit 1
    --- stderr
    error: the down script of revision `a1` is not written yet
     --> versions/20260101_000000_a1_create_users.down.sql:2:1
      |
    2 | -- Not written yet: put what undoes the up script below, or `-- Nothing to undo` here
      | ^
    hint: nothing was changed; write below it what undoes the up script, or `-- Nothing to undo` in its place; if it can't be undone, say `-- Irreversible: REASON` in the header of the up script, or delete the down script
    ");
    for arguments in
        ["downgrade -1 --dry-run", "downgrade a1:base --sql", "downgrade base --rehearse"]
    {
        let text = sandbox.refused(arguments);
        assert!(text.contains("the down script of revision `a1` is not written yet"), "{text}");
    }
    let document = sandbox.json("downgrade -1");
    assert_eq!(document["error"]["kind"], "revision");
    assert_eq!((&document["error"]["file"], &document["error"]["line"]), (&json!(DOWN), &json!(2)));
    assert_eq!(sandbox.json("current")["heads"], json!(["a1"]));
}

#[test]
fn a_marker_that_was_moved_among_the_comments_counts_as_before() {
    let sandbox = half_written();
    sandbox.done("upgrade");
    let line = "-- Not written yet: put what undoes the up script below";
    for (text, place) in [
        (format!("\n\n{line}\n"), "3:1"),
        (format!("\u{feff}{line}\r\n"), "1:1"),
        (format!("-- a (down)\r\n-- Transaction: none\r\n\r\n{line}\r\n"), "4:1"),
        ("/*\n Not written yet: later\n*/\n".to_owned(), "2:1"),
    ] {
        sandbox.write(DOWN, &text);
        let run = sandbox.run("downgrade -1");
        assert_eq!(run.code, 1, "{text:?}");
        assert!(run.stderr.contains(&format!("create_users.down.sql:{place}")), "{}", run.text());
        assert_eq!(sandbox.run("check").code, 3, "{text:?}");
    }
    sandbox.write(DOWN, format!("{line}\n\n-- Nothing to undo: it stays\n"));
    sandbox.done("check");
    sandbox.done("downgrade -1");
    assert_eq!(sandbox.tables(), "users");
}

#[test]
fn one_that_was_not_written_keeps_all_others_from_being_taken_back() {
    let sandbox = half_written();
    sandbox.add("b1<a1; c1<b1");
    sandbox.done("upgrade");
    sandbox.refused("downgrade base");
    assert_eq!(sandbox.json("current")["heads"], json!(["c1"]));
    sandbox.done("downgrade a1");
}

#[test]
fn check_names_what_is_not_written_whether_it_is_applied_or_not() {
    let sandbox = half_written();
    let before = sandbox.json("check");
    assert_eq!((&before["pending"], &before["unwritten"]), (&json!(["a1"]), &json!(["a1"])));
    sandbox.done("upgrade");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Down script not written yet: a1, create users
    ");
    sandbox.write(DOWN, "DROP TABLE users;\n");
    let document = sandbox.json("check");
    assert_eq!((&document["clean"], &document["unwritten"]), (&json!(true), &json!([])));
}

/// What somebody does to a project.
type Deed = fn(&Sandbox);

#[test]
fn every_way_out_that_the_refusal_names_is_one() {
    let ways: [(&str, Deed); 3] = [
        ("a statement below the line", |it| {
            it.write(DOWN, it.read(DOWN) + "DROP TABLE users;\n");
        }),
        ("nothing to undo", |it| it.write(DOWN, "-- Nothing to undo\n")),
        ("no line at all", |it| it.write(DOWN, "")),
    ];
    for (way, go) in ways {
        let sandbox = half_written();
        sandbox.done("upgrade");
        sandbox.refused("downgrade base");
        go(&sandbox);
        assert_eq!(sandbox.run("check").code, 0, "{way}");
        sandbox.done("downgrade base");
        assert_eq!(sandbox.json("current")["heads"], json!([]), "{way}");
    }
}

#[test]
fn a_reason_in_the_head_is_quoted_and_no_down_script_is_asked_for() {
    let sandbox = half_written();
    sandbox.done("upgrade");
    sandbox.replace(UP, "-- Revises:", "-- Irreversible: the old names are gone\n-- Revises:");
    assert_eq!(sandbox.run("check").code, 0);
    assert_snapshot!(sandbox.refused("downgrade base"), @"
    exit 1
    --- stderr
    error: revision `a1` is irreversible: the old names are gone
    hint: nothing was changed; stop above it, or bring back a copy of the database from before it
    ");
    sandbox.remove(DOWN);
    assert!(
        sandbox.refused("downgrade -1").contains("`a1` is irreversible: the old names are gone")
    );
    assert_eq!(sandbox.run("check").code, 0);
}

#[test]
fn a_reason_is_kept_in_the_database_with_the_revision() {
    let sandbox = half_written();
    sandbox.replace(UP, "-- Revises:", "-- Irreversible: the old names are gone\n-- Revises:");
    sandbox.remove(DOWN);
    assert_eq!(sandbox.migrate("upgrade -q"), "exit 0\n");
    sandbox.remove(UP);
    assert!(sandbox.refused("downgrade base").contains("irreversible: the old names are gone"));
}

#[test]
fn an_irreversible_revision_has_a_reason() {
    let sandbox = half_written();
    sandbox.replace(UP, "-- Revises:", "-- Irreversible:\n-- Revises:");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: `Irreversible` can't be ``; it is the reason, in a few words
     --> versions/20260101_000000_a1_create_users.up.sql:4:17
      |
    4 | -- Irreversible:
      |                 ^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
}

#[test]
fn the_stored_script_of_a_lost_file_is_not_written_either() {
    let sandbox = half_written();
    sandbox.done("upgrade");
    let up = sandbox.read(UP);
    sandbox.remove(UP);
    sandbox.remove(DOWN);
    assert_snapshot!(sandbox.refused("downgrade base"), @"
    exit 1
    --- stderr
    error: the down script of revision `a1` is not written yet
     --> a1 (stored down script):2:1
      |
    2 | -- Not written yet: put what undoes the up script below, or `-- Nothing to undo` here
      | ^
    hint: nothing was changed; its files are gone: restore them and write the script there, or undo it by hand; `migrate repair` tells how to record that
    ");
    assert_eq!(sandbox.json("check")["unwritten"], json!(["a1"]));
    sandbox.write(UP, up);
    sandbox.write(DOWN, "DROP TABLE users;\n");
    sandbox.done("repair --accept a1");
    sandbox.remove(UP);
    sandbox.remove(DOWN);
    sandbox.done("downgrade base");
}

#[test]
fn a_pair_that_nobody_touched_has_nothing_to_undo() {
    let sandbox = Sandbox::new();
    sandbox.done("revision --rev-id a1 -m one");
    sandbox.done("revision --rev-id b1 -m two");
    let run = sandbox.run("upgrade");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
    assert_eq!(sandbox.run("check").code, 0);
    sandbox.done("downgrade -1");
    sandbox.remove("versions/20260101_000000_a1_one.up.sql");
    sandbox.remove("versions/20260101_000000_a1_one.down.sql");
    sandbox.remove("versions/20260101_000000_b1_two.up.sql");
    sandbox.remove("versions/20260101_000000_b1_two.down.sql");
    sandbox.done("downgrade base");
}

#[test]
fn a_merge_has_nothing_to_undo() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    sandbox.done("merge b1 c1 --rev-id m1 -m both");
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("check").code, 0);
    assert!(
        sandbox.read("versions/20260101_000000_m1_both.down.sql").contains("-- Nothing to undo\n")
    );
    sandbox.done("downgrade base");
}

#[test]
fn a_plan_and_a_printed_script_tell_what_is_not_written() {
    let sandbox = half_written();
    for arguments in ["upgrade --dry-run", "upgrade --sql", "upgrade --rehearse"] {
        let run = sandbox.run(arguments);
        assert_eq!(
            run.stderr.matches("the down script of a1 is not written yet").count(),
            1,
            "{arguments}"
        );
    }
}
