use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const GRAPH: &str = "a1; b1<a1 west; c1<a1 east; m1<b1,c1";

#[test]
fn all_about_a_revision_is_shown() {
    let sandbox = Sandbox::with(GRAPH);
    assert_snapshot!(sandbox.migrate("show a1"), @"
    exit 0
    --- stdout
    Rev: a1 (branchpoint)
    Parent: <base>
    Branches into: b1, c1
    Path: versions/a1.up.sql
    Down: versions/a1.down.sql

        make a1

        Revision ID: a1
        Revises:
        Create Date: 2026-01-01T00:00:00Z
    ");
    assert_snapshot!(sandbox.migrate("show head"), @"
    exit 0
    --- stdout
    Rev: m1 (head) (mergepoint)
    Merges: b1, c1
    Branch names: east, west
    Path: versions/m1.up.sql
    Down: versions/m1.down.sql

        make m1

        Revision ID: m1
        Revises: b1, c1
        Create Date: 2026-01-01T00:00:00Z
    ");
}

#[test]
fn what_is_applied_is_shown_by_its_symbol() {
    let sandbox = Sandbox::with(GRAPH);
    sandbox.done("upgrade b1");
    assert_eq!(sandbox.json("show current")["revisions"][0]["revision"], "b1");
    assert_eq!(sandbox.json("show -1")["revisions"][0]["revision"], "a1");
}

#[test]
fn no_revision_is_shown_for_the_base() {
    let sandbox = Sandbox::with(GRAPH);
    assert_eq!(sandbox.migrate("show base"), "exit 0\n");
    assert_eq!(sandbox.json("show base"), json!({"revisions": []}));
}

#[test]
fn an_unknown_revision_is_refused() {
    assert_snapshot!(Sandbox::with(GRAPH).refused("show wst"), @"
    exit 1
    --- stderr
    error: no revision matches `wst`
    hint: did you mean `west`? `migrate history` lists the revisions
    ");
}

#[test]
fn the_document_is_that_of_history() {
    let document = Sandbox::with(GRAPH).json("show m1");
    assert_eq!(
        document["revisions"][0],
        json!({
            "revision": "m1",
            "revises": ["b1", "c1"],
            "branch_labels": [],
            "depends_on": [],
            "message": "make m1",
            "create_date": "2026-01-01T00:00:00Z",
            "applied": null,
            "is_head": true,
            "is_base": false,
            "is_branch_point": false,
            "is_merge_point": true,
            "up": "versions/m1.up.sql",
            "down": "versions/m1.down.sql",
        })
    );
}
