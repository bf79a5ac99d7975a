//! Script files that can't be used: named with their place, before a connection is made.

use insta::assert_snapshot;

use crate::support::{CONFIG, Sandbox};

/// Lets two commands refuse a project, one that connects and one that does not.
#[track_caller]
fn refused(sandbox: &Sandbox) -> String {
    let text = sandbox.refused("upgrade");
    assert_eq!(sandbox.refused("heads"), text);
    assert!(!sandbox.path("app.db").exists());
    text
}

#[test]
fn one_id_in_two_files_names_both() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/copy.up.sql", sandbox.read("versions/a1.up.sql"));
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: revision `a1` is in two files, `versions/a1.up.sql` and `versions/copy.up.sql`
    hint: give one of them another `Revision ID`
    ");
    assert_eq!(sandbox.json("heads")["error"]["kind"], "graph");
}

#[test]
fn a_cycle_is_named() {
    assert_snapshot!(refused(&Sandbox::with("a1<c1; b1<a1; c1<b1")), @"
    exit 1
    --- stderr
    error: the revisions form a cycle: a1 -> c1 -> b1 -> a1 (in `versions/a1.up.sql`, `versions/c1.up.sql`, `versions/b1.up.sql`)
    hint: correct `Revises` or `Depends On` of one of them
    ");
}

#[test]
fn a_cycle_between_a_base_and_a_head_is_named() {
    assert_snapshot!(refused(&Sandbox::with("a1; b1<a1,d1; c1<b1; d1<c1; e1<d1")), @"
    exit 1
    --- stderr
    error: the revisions form a cycle: b1 -> d1 -> c1 -> b1 (in `versions/b1.up.sql`, `versions/d1.up.sql`, `versions/c1.up.sql`)
    hint: correct `Revises` or `Depends On` of one of them
    ");
}

#[test]
fn a_revision_that_needs_itself_is_named() {
    assert_snapshot!(refused(&Sandbox::with("a1; b1<b1")), @"
    exit 1
    --- stderr
    error: the revisions form a cycle: b1 -> b1 (in `versions/b1.up.sql`)
    hint: correct `Revises` or `Depends On` of one of them
    ");
    assert_snapshot!(refused(&Sandbox::with("a1; b1<a1 +b1")), @"
    exit 1
    --- stderr
    error: the revisions form a cycle: b1 -> b1 (in `versions/b1.up.sql`)
    hint: correct `Revises` or `Depends On` of one of them
    ");
}

#[test]
fn a_cycle_of_dependencies_is_named() {
    assert_snapshot!(refused(&Sandbox::with("a1 +b1; b1 +a1")), @"
    exit 1
    --- stderr
    error: the revisions form a cycle: a1 -> b1 -> a1 (in `versions/a1.up.sql`, `versions/b1.up.sql`)
    hint: correct `Revises` or `Depends On` of one of them
    ");
}

#[test]
fn a_missing_parent_is_told_with_its_place() {
    let sandbox = Sandbox::with("a1; b1<a1,gone");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: revision `b1` revises `gone`, which doesn't exist
     --> versions/b1.up.sql:4:17
      |
    4 | -- Revises: a1, gone
      |                 ^^^^
    hint: restore the file that is missing, or correct this line of the header
    ");
    let error = &sandbox.json("heads")["error"];
    assert_eq!(
        (error["file"].as_str(), error["line"].as_u64()),
        (Some("versions/b1.up.sql"), Some(4))
    );
}

#[test]
fn a_missing_dependency_is_told_with_its_place() {
    assert_snapshot!(refused(&Sandbox::with("a1; b1<a1 +gone")), @"
    exit 1
    --- stderr
    error: revision `b1` depends on `gone`, which doesn't exist
     --> versions/b1.up.sql:6:16
      |
    6 | -- Depends On: gone
      |                ^^^^
    hint: restore the file that is missing, or correct this line of the header
    ");
}

#[test]
fn a_label_in_two_files_is_told_with_its_place() {
    assert_snapshot!(refused(&Sandbox::with("a1 west; b1<a1 west")), @"
    exit 1
    --- stderr
    error: branch label `west` of revision `b1` is taken by revision `a1`
     --> versions/b1.up.sql:6:19
      |
    6 | -- Branch Labels: west
      |                   ^^^^
    hint: choose another branch label
    ");
    assert_snapshot!(refused(&Sandbox::with("a1; b1<a1 a1")), @"
    exit 1
    --- stderr
    error: branch label `a1` of revision `b1` is taken by revision `a1`
     --> versions/b1.up.sql:6:19
      |
    6 | -- Branch Labels: a1
      |                   ^^
    hint: choose another branch label
    ");
}

#[test]
fn a_head_without_an_id_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/b1.up.sql", "CREATE TABLE t (a);\n");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the header has no `Revision ID`
     --> versions/b1.up.sql:1:1
      |
    1 | CREATE TABLE t (a);
      | ^^^^^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    sandbox.write("versions/b1.up.sql", "-- message\n-- Revises: a1\n\nCREATE TABLE t (a);\n");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the header has no `Revision ID`
     --> versions/b1.up.sql:1:1
      |
    1 | -- message
      | ^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    sandbox.write("versions/b1.up.sql", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the header has no `Revision ID`
      --> versions/b1.up.sql:1:1
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    assert_eq!(sandbox.json("heads")["error"]["kind"], "revision");
}

#[test]
fn a_key_that_is_nearly_one_is_told() {
    let sandbox = Sandbox::with("a1");
    for (key, value) in [("Revision_ID", "b1"), ("Revise", "a1"), ("Depend On", "a1")] {
        let head = format!("-- m\n-- Revision ID: b1\n-- {key}: {value}\n");
        sandbox.write("versions/b1.up.sql", head);
        let text = refused(&sandbox);
        assert!(text.contains("versions/b1.up.sql:3:4"), "{text}");
    }
    sandbox.revision("b1<a1 | Transactions: none", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: unknown key `Transactions` in the header; `Transaction` is one
     --> versions/b1.up.sql:6:4
      |
    6 | -- Transactions: none
      |    ^^^^^^^^^^^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
}

#[test]
fn other_comments_in_the_head_are_left_alone() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Author: Ann | see: https://example.org/x", "SELECT 1;", "");
    sandbox.done("upgrade");
}

#[test]
fn keys_are_matched_without_regard_to_case() {
    let sandbox = Sandbox::with("a1");
    let head = "-- m\n-- REVISION ID: b1\n-- revises: a1\n-- transaction: NONE\n\nVACUUM;\n";
    sandbox.write("versions/b1.up.sql", head);
    sandbox.done("upgrade");
}

#[test]
fn a_value_that_can_not_be_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Transaction: never", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `Transaction` can't be `never`; it is `none` or left out
     --> versions/b1.up.sql:6:17
      |
    6 | -- Transaction: never
      |                 ^^^^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    sandbox.revision("b1<a1 | Foreign Keys: maybe", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `Foreign Keys` can't be `maybe`; it is `on` or `off`
     --> versions/b1.up.sql:6:18
      |
    6 | -- Foreign Keys: maybe
      |                  ^^^^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
}

#[test]
fn a_list_that_can_not_be_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1,a1", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `a1` is named twice
     --> versions/b1.up.sql:4:13
      |
    4 | -- Revises: a1, a1
      |             ^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    sandbox.revision("b1<a1 | Revises: a1", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `Revises` is given twice in the header
     --> versions/b1.up.sql:6:4
      |
    6 | -- Revises: a1
      |    ^^^^^^^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
    sandbox.revision("b1<a-1", "", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: character '-' is not allowed in the name `a-1`
     --> versions/b1.up.sql:4:13
      |
    4 | -- Revises: a-1
      |             ^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
}

#[test]
fn a_conflict_that_git_left_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/b1.up.sql", "-- m\n-- Revision ID: b1\n<<<<<<< ours\n-- Revises: a1\n");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: an unresolved merge conflict
     --> versions/b1.up.sql:3:1
      |
    3 | <<<<<<< ours
      | ^
    hint: an up script begins with a message, then `-- Revision ID: …` and `-- Revises: …`, all of it comments
    ");
}

#[test]
fn a_file_that_is_no_utf_8_is_told_with_its_place() {
    let sandbox = Sandbox::with("a1");
    let mut text = sandbox.read("versions/a1.up.sql").into_bytes();
    text.extend(b"-- caf\xe9\n");
    sandbox.write("versions/a1.up.sql", text);
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the file is not UTF-8
     --> versions/a1.up.sql:8:7
      |
    8 | -- caf�
      |       ^
    hint: save the file as UTF-8
    ");
}

#[test]
fn a_down_script_that_is_no_utf_8_is_told_when_it_is_needed() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/a1.down.sql", b"DROP TABLE t_a1; -- caf\xe9\n");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: the file is not UTF-8
     --> versions/a1.down.sql:1:24
      |
    1 | DROP TABLE t_a1; -- caf�
      |                        ^
    hint: save the file as UTF-8
    ");
}

#[test]
fn a_versions_folder_that_is_not_there_is_told() {
    let sandbox = Sandbox::empty();
    sandbox.write("migrate.toml", CONFIG);
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the versions folder `versions` does not exist
    hint: create it, or correct `versions` in migrate.toml; `migrate init` starts a project
    ");
}

#[test]
fn a_versions_folder_that_is_a_file_is_told() {
    let sandbox = Sandbox::empty();
    sandbox.write("migrate.toml", CONFIG);
    sandbox.write("versions", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: can't read `versions`: Not a directory (os error 20)
    ");
}

#[test]
fn a_link_to_nowhere_is_told() {
    let sandbox = Sandbox::with("a1");
    std::os::unix::fs::symlink("nowhere", sandbox.path("versions/b1.up.sql")).unwrap();
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `versions/b1.up.sql` is a link to `nowhere`, which doesn't exist
    hint: restore the target of the link, or remove the link
    ");
    let sandbox = Sandbox::empty();
    sandbox.write("migrate.toml", CONFIG);
    std::os::unix::fs::symlink("nowhere", sandbox.path("versions")).unwrap();
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: the versions folder `versions` does not exist
    hint: create it, or correct `versions` in migrate.toml; `migrate init` starts a project
    ");
}

#[test]
fn a_folder_named_like_a_script_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/b1.up.sql/x", "");
    assert_snapshot!(refused(&sandbox), @"
    exit 1
    --- stderr
    error: `versions/b1.up.sql` has the name of a script but is not a file
    hint: rename it, or move it out of the versions folder
    ");
}

#[test]
fn a_down_script_alone_is_warned_of() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/b1.down.sql", "");
    assert_snapshot!(sandbox.migrate("heads"), @"
    exit 0
    --- stdout
    a1 (head)
    --- stderr
    warning: `versions/b1.down.sql` has no up script beside it
    ");
    assert_eq!(sandbox.run("-q heads").stderr, "");
}

#[test]
fn other_files_are_left_alone() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("versions/README.md", b"\xff\xfe");
    sandbox.write("versions/notes.sql", "BEGIN;");
    sandbox.write("versions/.b1.up.sql.swp", b"\xff");
    sandbox.write("versions/sub/b1.up.sql", "CREATE TABLE t (a);");
    sandbox.done("upgrade");
}

#[test]
fn what_a_script_says_can_not_steer_the_terminal() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "SELECT nope_\u{1b}[31m;", "");
    let text = sandbox.migrate("upgrade");
    assert!(!text.contains('\u{1b}'), "{text:?}");
    let up = sandbox.read("versions/a1.up.sql").replace("-- make a1", "-- \u{1b}[2Jboo");
    sandbox.write("versions/a1.up.sql", up);
    for arguments in ["history", "show a1", "status", "upgrade --dry-run", "upgrade"] {
        let text = sandbox.migrate(arguments);
        assert!(!text.contains('\u{1b}'), "{arguments}: {text:?}");
    }
}
