//! Names of revisions that lead nowhere, or to several.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

const BRANCHES: &str = "a1; b1<a1 west; b2<b1; c1<a1 east; c2<c1";

#[test]
fn names_that_mean_nothing_are_refused() {
    let sandbox = Sandbox::with("3f2a9c81d0e4; 3f2b; b1<3f2b west; c1<3f2b");
    assert_snapshot!(sandbox.refused("upgrade nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    assert_snapshot!(sandbox.refused("upgrade 3f2"), @"
    exit 1
    --- stderr
    error: `3f2` is ambiguous: `3f2a9c81d0e4`, `3f2b` begin with it
    hint: give more of its characters
    ");
    assert_snapshot!(sandbox.refused("upgrade wes"), @"
    exit 1
    --- stderr
    error: no revision matches `wes`: branch label `west` begins with it
    hint: branch labels are spelled out: `west`
    ");
    assert_snapshot!(sandbox.refused("upgrade wset"), @"
    exit 1
    --- stderr
    error: no revision matches `wset`
    hint: did you mean `west`? `migrate history` lists the revisions
    ");
    assert_snapshot!(sandbox.refused("upgrade east@head"), @"
    exit 1
    --- stderr
    error: no such branch: `east`
    hint: did you mean `west`? `migrate history` lists the revisions
    ");
    assert_snapshot!(sandbox.refused("upgrade west@c1"), @"
    exit 1
    --- stderr
    error: revision `c1` is not on branch `west`
    hint: `migrate history` shows what builds on what
    ");
    assert_snapshot!(sandbox.refused("upgrade ''"), @"
    exit 1
    --- stderr
    error: no revision matches ``
    hint: the name is empty, as a shell's variable is that isn't set; `migrate history` lists the revisions
    ");
}

#[test]
fn several_heads_are_named() {
    let sandbox = Sandbox::with(BRANCHES);
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: `head` is ambiguous: there are several heads, `b2`, `c2`
    hint: name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with `migrate merge heads -m …`
    ");
    assert_snapshot!(sandbox.refused("show head"), @"
    exit 1
    --- stderr
    error: `head` is ambiguous: there are several heads, `b2`, `c2`
    hint: name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with `migrate merge heads -m …`
    ");
    assert_eq!(sandbox.json("upgrade")["error"]["kind"], "graph");
}

#[test]
fn relative_forms_that_lead_nowhere_are_refused() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade b1");
    assert_snapshot!(sandbox.refused("upgrade +5"), @"
    exit 1
    --- stderr
    error: relative revision +5 leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
    assert_snapshot!(sandbox.refused("upgrade +0"), @"
    exit 1
    --- stderr
    error: `+0` leads nowhere
    hint: go at least one step, e.g. `+1` or `-1`
    ");
    assert_snapshot!(sandbox.refused("upgrade -1"), @"
    exit 1
    --- stderr
    error: `-1` leads the wrong way
    hint: `migrate downgrade` leads down
    ");
    assert_snapshot!(sandbox.refused("downgrade +1"), @"
    exit 1
    --- stderr
    error: `+1` leads the wrong way
    hint: `migrate upgrade` leads up
    ");
    assert_snapshot!(sandbox.refused("downgrade -3"), @"
    exit 1
    --- stderr
    error: relative revision -3 leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
    assert_snapshot!(sandbox.refused("upgrade b1+9"), @"
    exit 1
    --- stderr
    error: `b1+9` leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
    assert_snapshot!(sandbox.refused("downgrade b1-9"), @"
    exit 1
    --- stderr
    error: `b1-9` leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
    assert_snapshot!(sandbox.refused("downgrade east@-1"), @"
    exit 1
    --- stderr
    error: no revision of branch `east` is applied
    hint: `migrate current` shows what is applied
    ");
}

#[test]
fn relative_forms_that_could_mean_several_things_are_refused() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade b1");
    sandbox.done("upgrade c1");
    assert_snapshot!(sandbox.refused("upgrade a1+1"), @"
    exit 1
    --- stderr
    error: the way is ambiguous: it branches to `b1`, `c1`
    hint: name the revision to go to instead
    ");
    sandbox.done("upgrade b1@+1 --dry-run");
    assert_snapshot!(sandbox.refused("upgrade +1"), @"
    exit 1
    --- stderr
    error: `+1` is ambiguous: several heads are applied, `b1`, `c1`
    hint: say on which branch, e.g. `b1@+1` or `c1@+1`
    ");
    assert_snapshot!(sandbox.refused("downgrade -1"), @"
    exit 1
    --- stderr
    error: `-1` is ambiguous: several heads are applied, `b1`, `c1`
    hint: say on which branch, e.g. `b1@-1` or `c1@-1`
    ");
}

#[test]
fn targets_that_are_not_below_are_refused() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade b2");
    assert_snapshot!(sandbox.refused("downgrade c1"), @"
    exit 1
    --- stderr
    error: `c1` is not a valid downgrade target from the current heads
    hint: `migrate current` shows what is applied
    ");
    assert_snapshot!(sandbox.refused("downgrade east@b1"), @"
    exit 1
    --- stderr
    error: revision `b1` is not on branch `east`
    hint: `migrate history` shows what builds on what
    ");
    sandbox.done("upgrade heads");
    assert_snapshot!(sandbox.refused("downgrade heads"), @"
    exit 1
    --- stderr
    error: `heads` is ambiguous: there are several heads, `b2`, `c2`
    hint: name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with `migrate merge heads -m …`
    ");
}

#[test]
fn every_refusal_carries_a_hint() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade b1");
    let refusals = [
        "upgrade nope",
        "upgrade west@c1",
        "upgrade",
        "upgrade +5",
        "upgrade +0",
        "upgrade -1",
        "downgrade +1",
        "downgrade -3",
        "upgrade a1+1",
        "upgrade b1+9",
        "downgrade b1-9",
        "downgrade east@-1",
        "downgrade c1",
        "upgrade a1:b1",
        "downgrade a1 --sql",
        "stamp --purge --sql a1",
        "history -r b1:c1",
        "history -r x",
        "merge b1 c2 -m x",
        "merge b2 b2 -m x",
        "revision -m x",
        "stamp head",
    ];
    for arguments in refusals {
        sandbox.refused(arguments);
        let document = sandbox.json(arguments);
        assert!(document["error"]["hint"].is_string(), "{arguments}: {document}");
        assert_eq!(document["steps"], json!([]), "{arguments}");
    }
}

#[test]
fn a_refusal_makes_no_database() {
    let sandbox = Sandbox::with(BRANCHES);
    for arguments in ["upgrade", "upgrade nope", "upgrade a1:b1", "downgrade -1", "stamp head"] {
        sandbox.refused(arguments);
    }
}
