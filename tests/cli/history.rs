use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const GRAPH: &str = "a1; b1<a1 west; c1<a1 east; m1<b1,c1; d1<m1 +x1; x1";
const LINE: &str = "a1; b1<a1; c1<b1; d1<c1";

/// Returns the revisions of a range, newest first.
fn range(sandbox: &Sandbox, range: &str) -> String {
    let document = sandbox.json(&format!("history {range}"));
    let revisions = document["revisions"].as_array().unwrap().iter();
    revisions.map(|it| it["revision"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

#[test]
fn revisions_are_listed_newest_first_in_alembics_words() {
    assert_snapshot!(Sandbox::with(GRAPH).migrate("history"), @"
    exit 0
    --- stdout
    m1 (x1) -> d1 (east, west) (head), make d1
    b1, c1 -> m1 (east, west) (mergepoint), make m1
    a1 -> b1 (west), make b1
    a1 -> c1 (east), make c1
    <base> -> x1 (effective head), make x1
    <base> -> a1 (branchpoint), make a1
    ");
}

#[test]
fn where_the_database_stands_is_marked_when_asked() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("upgrade b1");
    assert_snapshot!(sandbox.migrate("history -i"), @"
    exit 0
    --- stdout
    c1 -> d1 (head), make d1
    b1 -> c1, make c1
    a1 -> b1 (current), make b1
    <base> -> a1, make a1
    ");
}

#[test]
fn all_about_them_is_shown_when_asked() {
    assert_snapshot!(Sandbox::with("a1; b1<a1").migrate("history -v"), @"
    exit 0
    --- stdout
    Rev: b1 (head)
    Parent: a1
    Path: versions/b1.up.sql
    Down: versions/b1.down.sql

        make b1

        Revision ID: b1
        Revises: a1
        Create Date: 2026-01-01T00:00:00Z

    Rev: a1
    Parent: <base>
    Path: versions/a1.up.sql
    Down: versions/a1.down.sql

        make a1

        Revision ID: a1
        Revises:
        Create Date: 2026-01-01T00:00:00Z
    ");
}

#[test]
fn a_range_is_inclusive() {
    let sandbox = Sandbox::with(LINE);
    assert_eq!(range(&sandbox, "-r b1:c1"), "c1 b1");
    assert_eq!(range(&sandbox, "-r b1:"), "d1 c1 b1");
    assert_eq!(range(&sandbox, "-r :b1"), "b1 a1");
    assert_eq!(range(&sandbox, "-r base:heads"), "d1 c1 b1 a1");
    assert_eq!(range(&sandbox, "--rev-range=-2:"), "d1 c1 b1");
    assert_eq!(range(&sandbox, "-r b1:+1"), "c1 b1");
}

#[test]
fn a_range_may_end_where_the_database_stands() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("upgrade c1");
    assert_eq!(range(&sandbox, "-r :current"), "c1 b1 a1");
    assert_eq!(range(&sandbox, "-r current:"), "d1 c1");
    sandbox.done("upgrade");
    assert_eq!(range(&sandbox, "-r-2:current"), "d1 c1 b1");
}

#[test]
fn a_range_that_is_none_is_refused() {
    let sandbox = Sandbox::with(GRAPH);
    assert_snapshot!(sandbox.refused("history -r b1"), @"
    exit 1
    --- stderr
    error: `b1` is not a range: write START:END, START: or :END
    hint: e.g. `-r base:head`, `-r -3:current`
    ");
    assert_snapshot!(sandbox.refused("history -r a1:b1:c1"), @"
    exit 1
    --- stderr
    error: `a1:b1:c1` is not a range: write START:END, START: or :END
    hint: e.g. `-r base:head`, `-r -3:current`
    ");
    assert_snapshot!(sandbox.refused("history -r b1:c1"), @"
    exit 1
    --- stderr
    error: range `b1:c1` does not lead from an ancestor to a descendant on one branch
    hint: `migrate history` shows what builds on what
    ");
    assert_snapshot!(sandbox.refused("history -r nope:"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
}

#[test]
fn no_connection_is_made_unless_it_is_needed() {
    let sandbox = Sandbox::with(LINE);
    sandbox.write("app.db", "this is no database at all");
    assert_eq!(sandbox.run("history").code, 0);
    assert_eq!(sandbox.run("history -v").code, 0);
    assert_eq!(sandbox.run("history -i").code, 1);
    assert_eq!(sandbox.json("history")["revisions"][0]["applied"], json!(null));
}

#[test]
fn the_document_tells_what_is_applied_when_asked() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let document = sandbox.json("history -i");
    assert_eq!(
        document["revisions"][0],
        json!({
            "revision": "b1",
            "revises": ["a1"],
            "branch_labels": [],
            "depends_on": [],
            "message": "make b1",
            "create_date": "2026-01-01T00:00:00Z",
            "applied": false,
            "is_head": true,
            "is_base": false,
            "is_branch_point": false,
            "is_merge_point": false,
            "up": "versions/b1.up.sql",
            "down": "versions/b1.down.sql",
        })
    );
    assert_eq!(document["revisions"][1]["applied"], true);
    assert_eq!(sandbox.json("history -v")["revisions"][1]["applied"], true);
}

#[test]
fn marking_makes_no_database() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.json("history -i")["revisions"][0]["applied"], false);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}
