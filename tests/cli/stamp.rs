use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

const LINE: &str = "a1; b1<a1; c1<b1";
const BRANCHES: &str = "a1; b1<a1 west; b2<b1; c1<a1 east; c2<c1";

#[test]
fn everything_below_is_recorded_and_nothing_is_run() {
    let sandbox = Sandbox::with(LINE);
    assert_snapshot!(sandbox.migrate("stamp b1"), @"
    exit 0
    --- stderr
    Running stamp_revision  -> b1, make b1
    1 revision; migrate_version is at b1.
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), "a1 b1".to_owned()));
    let operations = "SELECT DISTINCT operation, duration_ms FROM migrate_version";
    assert_eq!(sandbox.query(operations), "stamp|NULL");
    sandbox.done("upgrade");
    assert_eq!(sandbox.tables(), "t_c1");
}

#[test]
fn a_stamp_goes_down_as_well() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("upgrade");
    let document = sandbox.json("stamp a1");
    assert_eq!(document["heads"], json!(["a1"]));
    assert_eq!(document["steps"].as_array().map(Vec::len), Some(1));
    assert_eq!(document["steps"][0]["operation"], "stamp");
    assert_eq!(document["steps"][0]["revision"], "a1");
    assert_eq!(
        (sandbox.tables(), sandbox.applied()),
        ("t_a1 t_b1 t_c1".to_owned(), "a1".to_owned())
    );
    sandbox.done("stamp base");
    assert_eq!(sandbox.applied(), "");
}

#[test]
fn several_targets_are_stamped_together() {
    let sandbox = Sandbox::with(BRANCHES);
    let document = sandbox.json("stamp b1 c2 --tag moved");
    assert_eq!(document["heads"], json!(["b1", "c2"]));
    assert_eq!(document["steps"].as_array().map(Vec::len), Some(2));
    assert_eq!(sandbox.query("SELECT DISTINCT tag FROM migrate_version"), "moved");
    assert_eq!(sandbox.query("SELECT count(*) FROM migrate_version"), "4");
    sandbox.done("stamp --purge heads");
    assert_eq!(sandbox.json("current")["heads"], json!(["b2", "c2"]));
}

#[test]
fn it_is_all_or_nothing() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade b2");
    assert_snapshot!(sandbox.refused("stamp c1 nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    assert_snapshot!(sandbox.refused("stamp --purge c1 nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    assert_eq!(sandbox.applied(), "a1 b1 b2");
}

#[test]
fn several_targets_end_the_same_wherever_the_database_stood() {
    let orders = [["stamp 2 10", "stamp 10 2"], ["stamp 1 10", "stamp 10 1"]];
    for from in ["base", "1", "2", "10"] {
        for command in orders.into_iter().flatten() {
            let sandbox = Sandbox::with("1; 2<1; 10<2");
            sandbox.done(&format!("stamp {from}"));
            assert_eq!(sandbox.json(command)["heads"], json!(["10"]), "{from}: {command}");
            assert_eq!(sandbox.applied(), "1 2 10");
        }
        let sandbox = Sandbox::with("1; 2<1; 10<2");
        sandbox.done(&format!("stamp {from}"));
        assert_eq!(sandbox.json("stamp 2 1 2")["heads"], json!(["2"]), "{from}");
    }
}

#[test]
fn the_parents_of_an_applied_merge_are_stamped_together() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1; m1<b1,c1");
    sandbox.done("upgrade");
    for command in ["stamp b1 c1", "stamp m1 b1", "stamp c1 b1"] {
        sandbox.done(command);
    }
    assert_eq!(sandbox.json("current")["heads"], json!(["b1", "c1"]));
}

#[test]
fn below_the_base_there_is_nothing_to_stamp() {
    let empty = Sandbox::new();
    for target in ["head-1", "heads-1", "base-1", "head-99", "base-99", "-1", "head+1", "+1"] {
        let text = empty.refused(&format!("stamp {target}"));
        assert!(text.contains("leads past the end of the graph"), "{text}");
        assert_eq!(empty.json(&format!("stamp {target}"))["error"]["kind"], "graph");
    }
    assert_snapshot!(empty.refused("stamp head-1"), @"
    exit 1
    --- stderr
    error: `head-1` leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
    let sandbox = Sandbox::with(LINE);
    assert!(sandbox.refused("stamp base-1").contains("leads past the end of the graph"));
    assert!(sandbox.refused("stamp head-99").contains("leads past the end of the graph"));
}

#[test]
fn the_record_is_purged_of_what_no_file_has() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    sandbox.done("stamp --purge a1");
    assert_eq!(sandbox.json("current"), json!({"heads": ["a1"], "pending": 0, "unknown": []}));
    assert_eq!(sandbox.tables(), "t_a1 t_b1");
}

#[test]
fn a_protected_environment_asks_before_a_purge() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", format!("{CONFIG}protected = true\n"));
    sandbox.done("stamp a1");
    assert_snapshot!(sandbox.refused("stamp --purge a1"), @"
    exit 1
    --- stderr
    error: the environment is protected, and `stamp --purge` would remove something from it
    hint: add --yes to confirm
    ");
    sandbox.done("stamp --purge a1 --yes");
}

#[test]
fn relative_forms_are_understood() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("stamp +1");
    assert_eq!(sandbox.applied(), "a1");
    sandbox.done("stamp a1+2");
    sandbox.done("stamp -1");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn head_is_refused_where_there_are_two() {
    assert_snapshot!(Sandbox::with(BRANCHES).refused("stamp head"), @"
    exit 1
    --- stderr
    error: `head` is ambiguous: there are several heads, `b2`, `c2`
    hint: name one of them, narrow with `LABEL@head`, take all with `heads`, or join them with `migrate merge heads -m …`
    ");
}

#[test]
fn a_stamp_that_is_refused_makes_no_database() {
    let sandbox = Sandbox::with(BRANCHES);
    assert_snapshot!(sandbox.refused("stamp b1:c1"), @"
    exit 1
    --- stderr
    error: range `b1:c1` is only allowed with --sql
    hint: give the revision to reach alone, or add --sql
    ");
    assert_snapshot!(sandbox.refused("stamp nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    assert_snapshot!(sandbox.refused("stamp -1"), @"
    exit 1
    --- stderr
    error: relative revision -1 leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
}

#[test]
fn stamping_again_changes_nothing_else() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.done("stamp a1");
    assert_eq!(sandbox.query("SELECT operation FROM migrate_version"), "upgrade");
}
