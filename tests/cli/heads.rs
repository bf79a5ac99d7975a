use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const GRAPH: &str = "a1; b1<a1 west; c1<a1 east; d1<c1 +b1";

#[test]
fn heads_are_those_that_nothing_builds_on() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("heads"), @"
    exit 0
    --- stdout
    b1 (west) (effective head)
    d1 (east) (head)
    ");
}

#[test]
fn dependencies_are_counted_when_asked() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("heads --resolve-dependencies"), @"
    exit 0
    --- stdout
    d1 (east) (head)
    ");
}

#[test]
fn all_about_them_is_shown_when_asked() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("heads -v"), @"
    exit 0
    --- stdout
    Rev: b1 (head)
    Parent: a1
    Branch names: west
    Path: versions/b1.up.sql
    Down: versions/b1.down.sql

        make b1

        Revision ID: b1
        Revises: a1
        Create Date: 2026-01-01T00:00:00Z
        Branch Labels: west

    Rev: d1 (head)
    Parent: c1
    Also depends on: b1
    Branch names: east
    Path: versions/d1.up.sql
    Down: versions/d1.down.sql

        make d1

        Revision ID: d1
        Revises: c1
        Create Date: 2026-01-01T00:00:00Z
        Depends On: b1
    ");
}

#[test]
fn a_project_without_revisions_has_none() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.migrate("heads"), "exit 0\n");
    assert_eq!(sandbox.json("heads"), json!({"heads": []}));
}

#[test]
fn the_document_holds_objects() {
    let document = Sandbox::with(GRAPH).json("heads");
    assert_eq!(document["heads"][0]["revision"], "b1");
    assert_eq!(document["heads"][0]["branch_labels"], json!(["west"]));
    assert_eq!(document["heads"][1]["revision"], "d1");
    assert_eq!(document["heads"][1]["depends_on"], json!(["b1"]));
    assert_eq!(document["heads"][1]["is_head"], true);
}

#[test]
fn no_database_is_needed() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", "");
    assert_eq!(sandbox.migrate("heads"), "exit 0\n--- stdout\na1 (head)\n");
}
