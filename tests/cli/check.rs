use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

#[test]
fn all_is_well_when_everything_is_applied() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    assert_eq!(sandbox.migrate("check"), "exit 0\n--- stdout\nNo pending or modified revisions.\n");
    let document = sandbox.json("check");
    assert_eq!(document["clean"], true);
    for list in ["pending", "modified", "unknown", "changes"] {
        assert_eq!(document[list], json!([]), "{list}");
    }
}

#[test]
fn pending_revisions_are_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade a1");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Pending: b1, make b1
    Pending: c1, make c1
    ");
    let document = sandbox.json("check");
    assert_eq!(document["clean"], false);
    assert_eq!(document["pending"], json!(["b1", "c1"]));
}

#[test]
fn an_edited_script_is_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", "t_a1", "t_a2");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Modified since it was applied: a1, make a1
    ");
    assert_eq!(sandbox.json("check")["modified"], json!(["a1"]));
}

#[test]
fn a_revision_without_a_file_is_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Applied, and no file has it: b1, make b1
    ");
    assert_eq!(sandbox.json("check")["unknown"], json!(["b1"]));
}

#[test]
fn other_parents_are_told_as_just_that() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    sandbox.done("upgrade heads");
    sandbox.replace("versions/c1.up.sql", "Revises: a1", "Revises: b1");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Given other parents since it was applied: c1, make c1
    ");
    assert_eq!(sandbox.json("check")["modified"], json!([]));
}

#[test]
fn line_ends_a_byte_order_mark_and_the_head_are_no_edit() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade");
    let text = sandbox.read("versions/a1.up.sql");
    sandbox.write("versions/a1.up.sql", text.replace('\n', "\r\n"));
    let text = sandbox.read("versions/b1.up.sql");
    sandbox.write("versions/b1.up.sql", format!("\u{feff}{text}"));
    sandbox.replace("versions/c1.up.sql", "2026-01-01T", "2027-02-03T");
    sandbox.replace("versions/c1.up.sql", "-- make c1", "-- another message");
    sandbox.replace("versions/c1.up.sql", "-- Create", "-- Branch Labels: late\n-- Create");
    assert_eq!(sandbox.run("check").code, 0);
    assert_eq!(sandbox.run("upgrade late@head").code, 0);
}

#[test]
fn any_other_byte_is_an_edit() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", ");\n", ");\n\n");
    assert_eq!(sandbox.run("check").code, 3);
}

#[test]
fn no_database_is_made() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.run("check").code, 3);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}
