use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const TWO_HEADS: &str = "a1; b1<a1; c1<a1";

#[test]
fn heads_are_joined() {
    let sandbox = Sandbox::with(TWO_HEADS);
    assert_snapshot!(sandbox.migrate("merge heads -m 'join them' --rev-id m1"), @"
    exit 0
    --- stdout
    Generating versions/20260101_000000_m1_join_them.up.sql ...  done
    Generating versions/20260101_000000_m1_join_them.down.sql ...  done
    ");
    assert_snapshot!(sandbox.read("versions/20260101_000000_m1_join_them.up.sql"), @"
    -- join them
    --
    -- Revision ID: m1
    -- Revises: b1, c1
    -- Create Date: 2026-01-01T00:00:00Z
    ");
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 c1 b1 m1");
}

#[test]
fn heads_are_joined_by_name() {
    let sandbox = Sandbox::with(TWO_HEADS);
    let document = sandbox.json("merge b1 c1 --branch-label both --rev-id m1 -m x");
    assert_eq!(document["revision"], "m1");
    assert_eq!(document["up"], "versions/20260101_000000_m1_x.up.sql");
    assert_eq!(document["down"], "versions/20260101_000000_m1_x.down.sql");
    let head = &sandbox.json("heads")["heads"][0];
    assert_eq!(head["revises"], json!(["b1", "c1"]));
    assert_eq!(head["branch_labels"], json!(["both"]));
    assert_eq!(head["is_merge_point"], true);
}

#[test]
fn what_is_no_head_asks_for_splice() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1; d1<c1");
    assert_snapshot!(sandbox.refused("merge b1 c1 -m x"), @"
    exit 1
    --- stderr
    error: revision `c1` is not a head
    hint: add --splice to start a new branch there
    ");
    sandbox.done("merge b1 c1 --splice --rev-id m1 -m x");
    assert_eq!(sandbox.json("heads")["heads"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_revision_given_twice_is_refused() {
    let sandbox = Sandbox::with(TWO_HEADS);
    assert_snapshot!(sandbox.refused("merge b1 b1 -m x"), @"
    exit 1
    --- stderr
    error: revision `b1` is given twice
    hint: name each of them once
    ");
    assert_snapshot!(sandbox.refused("merge heads b1 -m x"), @"
    exit 1
    --- stderr
    error: revision `b1` is given twice
    hint: name each of them once
    ");
}

#[test]
fn one_head_or_none_is_nothing_to_merge() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_snapshot!(sandbox.refused("merge heads -m x"), @"
    exit 1
    --- stderr
    error: there is nothing to merge: `heads` means `b1` alone
    hint: name at least two revisions; `migrate revision --head b1 -m …` writes an empty one
    ");
    assert_snapshot!(sandbox.refused("merge b1 -m x"), @"
    exit 1
    --- stderr
    error: there is nothing to merge: `b1` is one revision
    hint: name at least two revisions; `migrate revision --head b1 -m …` writes an empty one
    ");
    for command in ["merge head", "merge b1 --splice", "merge a1 --splice", "merge -1 --splice"] {
        assert_eq!(sandbox.json(command)["error"]["kind"], "graph", "{command}");
        assert!(sandbox.refused(command).contains("nothing to merge"), "{command}");
    }
    assert_snapshot!(Sandbox::new().refused("merge heads -m x"), @"
    exit 1
    --- stderr
    error: there is nothing to merge: `heads` means no revision
    hint: name at least two revisions; `migrate heads` lists them
    ");
    assert!(Sandbox::new().refused("merge base -m x").contains("nothing to merge"));
}

#[test]
fn an_unknown_revision_is_refused() {
    assert_snapshot!(Sandbox::with(TWO_HEADS).refused("merge b1 nope -m x"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
}

#[test]
fn nothing_to_join_is_bad_usage() {
    let run = Sandbox::with(TWO_HEADS).run("merge");
    assert_eq!(run.code, 2);
    assert_eq!(run.stdout, "");
}
