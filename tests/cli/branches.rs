use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const GRAPH: &str = "a1; b1<a1 west; c1<a1 east; d1<c1";

#[test]
fn branch_points_are_listed_with_their_children() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("branches"), @"
    exit 0
    --- stdout
    a1 (branchpoint)
       -> b1 (west) (head)
       -> c1 (east)
    ");
}

#[test]
fn all_about_them_is_shown_when_asked() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("branches -v"), @"
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

       -> b1 (west) (head), make b1
       -> c1 (east), make c1
    ");
}

#[test]
fn a_line_has_none() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_eq!(sandbox.migrate("branches"), "exit 0\n");
    assert_eq!(sandbox.json("branches"), json!({"branches": []}));
}

#[test]
fn the_document_names_the_children() {
    let document = Sandbox::with(GRAPH).json("branches");
    assert_eq!(document["branches"][0]["revision"], "a1");
    assert_eq!(document["branches"][0]["children"], json!(["b1", "c1"]));
    assert_eq!(document["branches"][0]["is_branch_point"], true);
}
