use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

/// A project with an editor that notes what it was given.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with("a1; b1<a1");
    sandbox.write("editor.sh", "echo \"$1 $2\" >> opened.txt\n");
    sandbox.set("VISUAL", "sh editor.sh --wait");
    sandbox
}

#[test]
fn the_up_script_is_opened_in_the_editor() {
    let sandbox = sandbox();
    assert_eq!(sandbox.migrate("edit head"), "exit 0\n");
    let opened = sandbox.read("opened.txt");
    assert!(opened.starts_with("--wait ") && opened.ends_with("/versions/b1.up.sql\n"), "{opened}");
    assert_eq!(sandbox.json("edit a1"), json!({"files": ["versions/a1.up.sql"]}));
}

#[test]
fn the_second_variable_counts_if_the_first_is_not_set() {
    let mut sandbox = Sandbox::with("a1");
    sandbox.write("editor.sh", "echo \"$1\" >> opened.txt\n");
    sandbox.set("EDITOR", "sh editor.sh");
    sandbox.done("edit a1");
    assert!(sandbox.path("opened.txt").exists());
}

#[test]
fn a_symbol_without_a_file_is_refused() {
    let sandbox = sandbox();
    assert_snapshot!(sandbox.refused("edit base"), @"
    exit 1
    --- stderr
    error: no revision files indicated by symbol `base`
    ");
    assert_snapshot!(sandbox.refused("edit current"), @"
    exit 1
    --- stderr
    error: no current revisions
    ");
    assert_snapshot!(sandbox.refused("edit nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
}

#[test]
fn an_editor_that_fails_is_told() {
    let mut sandbox = sandbox();
    sandbox.set("VISUAL", "false");
    assert_snapshot!(sandbox.refused("edit a1"), @"
    exit 1
    --- stderr
    error: error executing editor `false`: exit status: 1
    ");
    sandbox.set("VISUAL", "no-such-editor");
    assert_snapshot!(sandbox.refused("edit a1"), @"
    exit 1
    --- stderr
    error: error executing editor `no-such-editor`: No such file or directory (os error 2)
    ");
}

#[test]
fn a_script_that_can_not_be_used_is_opened_by_its_id_or_its_file() {
    let sandbox = sandbox();
    sandbox.replace("versions/b1.up.sql", "-- Revises:", "-- Revise:");
    for name in ["b1", "b", "versions/b1.up.sql", "b1.up.sql", "a1"] {
        sandbox.write("opened.txt", "");
        let run = sandbox.run(&format!("edit {name}"));
        assert_eq!(run.code, 0, "{name}: {}", run.text());
        let end = if name == "a1" { "/versions/a1.up.sql\n" } else { "/versions/b1.up.sql\n" };
        assert!(sandbox.read("opened.txt").ends_with(end), "{name}");
    }
    // What a symbol means can't be told.
    let text = sandbox.refused("edit head");
    assert!(text.contains("unknown key `Revise` in the header"), "{text}");
    sandbox.write("versions/b2.up.sql", b"-- Revision ID: b2\n-- \xff");
    let text = sandbox.refused("edit b");
    assert!(text.contains("`b` fits more than one file, `versions/b1.up.sql` and"), "{text}");
    assert_eq!(sandbox.json("edit b2"), json!({"files": ["versions/b2.up.sql"]}));
}
