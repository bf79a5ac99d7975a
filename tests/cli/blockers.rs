//! What `repair` lists, and that the commands it names settle it.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Sandbox;

/// Returns the commands of the way at this position, of everything that is listed.
fn commands(sandbox: &Sandbox) -> Vec<String> {
    let document = sandbox.json("repair");
    let ways = |item: &Value| item["ways"].as_array().unwrap().clone();
    let repairs = document["repairs"].as_array().unwrap().iter().flat_map(ways);
    let command = |way: Value| way["command"].as_str().map(str::to_owned);
    repairs.filter_map(command).map(|it| it.strip_prefix("migrate ").unwrap().to_owned()).collect()
}

/// Runs one command of those that are listed; then there is nothing left to repair.
#[track_caller]
fn settles(make: impl Fn() -> Sandbox, number: usize, expected: &str) -> Sandbox {
    let sandbox = make();
    assert_eq!(sandbox.run("repair").code, 3);
    let command = commands(&sandbox)[number].clone();
    assert_eq!(command, expected);
    sandbox.done(&command.replace('"', "'"));
    assert_eq!(sandbox.migrate("repair"), "exit 0\n--- stdout\nNothing to repair.\n", "{command}");
    sandbox
}

fn lost(graph: &str, ids: &[&str]) -> Sandbox {
    let sandbox = Sandbox::with(graph);
    sandbox.done("upgrade heads");
    for id in ids {
        sandbox.remove(&format!("versions/{id}.up.sql"));
        sandbox.remove(&format!("versions/{id}.down.sql"));
    }
    sandbox
}

fn half_done() -> Sandbox {
    let sandbox = Sandbox::with("a1; c1<a1 west");
    let up = "CREATE TABLE t (a);\nINSERT INTO t VALUES (nope);\nCREATE TABLE u (a);";
    sandbox.revision("b1<a1 | Transaction: none", up, "DROP TABLE u;\nDROP TABLE t;");
    sandbox.done("upgrade west@head");
    assert_eq!(sandbox.run("upgrade b1").code, 1);
    sandbox
}

fn half_downgraded() -> Sandbox {
    let sandbox = Sandbox::with("a1; c1<a1 west");
    let down = "-- Transaction: none\nDROP TABLE u;\nDROP TABLE nope;\nDROP TABLE t;";
    let up = "CREATE TABLE t (a);\nCREATE TABLE u (a);";
    sandbox.revision("b1<a1", up, down);
    sandbox.done("upgrade heads");
    assert_eq!(sandbox.run("downgrade b1@-1").code, 1);
    sandbox
}

#[test]
fn everything_that_blocks_is_listed_with_what_settles_it() {
    let sandbox = lost("a1; b1<a1; c1<b1; x1<c1", &["x1"]);
    sandbox.replace("versions/a1.up.sql", "t_a1 (id", "t_a1 (  id");
    sandbox.replace("versions/c1.up.sql", "Revises: b1", "Revises: a1");
    sandbox.write("versions/c1.down.sql", "-- Not written yet: later\n");
    sandbox.write("versions/V2__more.sql", "");
    assert_snapshot!(sandbox.migrate("repair"), @r#"
    exit 3
    --- stdout
    Applied, but its file is missing: x1, make x1
        # restore its files; another git branch may have them
        migrate downgrade c1  # takes it back
        migrate stamp b1 c1   # only deletes it from the record
    Modified since it was applied: a1, make a1
        migrate repair --accept a1  # records its scripts as they are
    Parents changed since it was applied: c1, make c1
        migrate repair --accept c1  # records the new parents
    Down script not written yet: c1, make c1
        # write what undoes it into versions/c1.down.sql, or `-- Irreversible: REASON` into the header of its up script
    Heads without distinct branch labels: b1, c1
        migrate merge b1 c1 -m "merge b1 and c1"  # joins them
    No revision: `versions/V2__more.sql` is not read, and looks like a migration of Flyway
        # `migrate revision -m "more"` writes a pair to move its statements into
    "#);
    let document = sandbox.json("repair");
    for (list, ids) in [
        ("modified", json!(["a1"])),
        ("unknown", json!(["x1"])),
        ("reparented", json!(["c1"])),
        ("unwritten", json!(["c1"])),
        ("heads", json!(["b1", "c1"])),
    ] {
        assert_eq!(document[list], ids, "{list}");
    }
    assert_eq!(document["strangers"][0]["file"], "versions/V2__more.sql");
}

#[test]
fn a_lost_file_is_taken_back_or_struck() {
    let one = || lost("a1; b1<a1", &["b1"]);
    assert_eq!(settles(one, 0, "downgrade a1").tables(), "t_a1");
    assert_eq!(settles(one, 1, "stamp a1").tables(), "t_a1 t_b1");
    let base = || lost("a1; w1 west", &["w1"]);
    assert_eq!(settles(base, 0, "downgrade w1@-1").tables(), "t_a1");
    let beside = || lost("a1; b1<a1; c1<a1 west", &["c1"]);
    assert_eq!(settles(beside, 0, "downgrade c1@-1").tables(), "t_a1 t_b1");
    let sandbox = settles(beside, 1, "stamp --purge b1");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn of_several_lost_files_the_last_one_comes_first() {
    let sandbox = lost("a1; b1<a1; c1<b1", &["b1", "c1"]);
    let commands = commands(&sandbox);
    assert_eq!(commands, ["downgrade b1", "stamp b1", "downgrade a1", "stamp a1"]);
    sandbox.done(&commands[0]);
    sandbox.done(&commands[2]);
    assert_eq!(sandbox.run("repair").code, 0);
    assert_eq!(sandbox.tables(), "t_a1");
}

#[test]
fn a_lost_file_without_a_way_back_can_only_be_struck() {
    let make = || {
        let sandbox = Sandbox::with("a1");
        sandbox.up_only("b1<a1", "CREATE TABLE t_b1 (id INTEGER);");
        sandbox.done("upgrade");
        sandbox.remove("versions/b1.up.sql");
        sandbox
    };
    settles(make, 0, "stamp a1");
}

#[test]
fn other_parents_are_accepted() {
    let make = || {
        let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
        sandbox.done("upgrade");
        sandbox.add("n1<b1");
        sandbox.replace("versions/c1.up.sql", "Revises: b1", "Revises: n1");
        sandbox
    };
    let sandbox = settles(make, 0, "repair --accept c1");
    assert_eq!(sandbox.json("check")["pending"], json!(["n1"]));
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("check").code, 0);
    sandbox.done("downgrade base");
}

#[test]
fn what_stopped_half_way_is_gone_on_with_or_settled_by_hand() {
    let sandbox = half_done();
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1, make b1
        migrate upgrade b1 --resume  # continues from there
        migrate stamp b1 c1          # if you have finished it by hand
        migrate stamp c1             # if you have undone it by hand
    ");
    let sandbox = settles(half_done, 1, "stamp b1 c1");
    assert_eq!(sandbox.applied(), "a1 c1 b1");
    let sandbox = settles(half_done, 2, "stamp c1");
    assert_eq!(sandbox.applied(), "a1 c1");
    let sandbox = half_done();
    sandbox.replace("versions/b1.up.sql", "nope", "7");
    assert_eq!(commands(&sandbox)[0], "upgrade b1 --resume");
    sandbox.done("upgrade b1 --resume");
    assert_eq!(sandbox.run("repair").code, 0);
}

#[test]
fn what_stopped_half_way_and_lost_its_files_is_restored_or_undone_by_hand() {
    let make = || {
        let sandbox = half_done();
        sandbox.remove("versions/b1.up.sql");
        sandbox.remove("versions/b1.down.sql");
        sandbox
    };
    let sandbox = make();
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1
        # restore its files; another git branch may have them
        migrate upgrade b1 --resume  # continues from there
        migrate stamp c1             # if you have undone it by hand
    ");
    assert_snapshot!(sandbox.refused("upgrade heads --resume"), @"
    exit 1
    --- stderr
    error: upgrade of revision `b1` stopped partway: 1 of 3 statements are done
    hint: restore its files (another git branch may have them), and continue with `migrate upgrade b1 --resume`; `migrate stamp c1` settles it if you undo it by hand
    ");
    let sandbox = settles(make, 1, "stamp c1");
    assert_eq!(sandbox.applied(), "a1 c1");
}

#[test]
fn what_stopped_half_way_and_can_not_go_on_is_told_why() {
    let sandbox = half_done();
    sandbox.replace("versions/b1.up.sql", "TABLE t", "TABLE tt");
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1, make b1
        # revision `b1` was edited in its first statement, which has run: restore what has run, and check here again
        migrate stamp b1 c1  # if you have finished it by hand
        migrate stamp c1     # if you have undone it by hand
    ");
    let make = || {
        let sandbox = Sandbox::with("a1");
        let up = "CREATE TEMP TABLE t AS SELECT 1 AS a;\nSELECT nope;\nCREATE TABLE u AS SELECT a FROM t;";
        sandbox.revision("b1<a1 | Transaction: none", up, "DROP TABLE u;");
        assert_eq!(sandbox.run("upgrade").code, 1);
        sandbox
    };
    let sandbox = make();
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1, make b1
        # revision `b1` can't go on: its statement 1, which is done, left rows in the temporary object `t` in a session that is gone
        migrate stamp b1  # if you have finished it by hand
        migrate stamp a1  # if you have undone it by hand
    ");
    settles(make, 0, "stamp b1");
}

#[test]
fn a_downgrade_that_stopped_half_way_names_where_it_goes_on_to() {
    let sandbox = half_downgraded();
    assert_snapshot!(sandbox.refused("downgrade b1@-1"), @"
    exit 1
    --- stderr
    error: downgrade of revision `b1` stopped partway: 1 of 3 statements are done
     --> versions/b1.down.sql:3:1
      |
    3 | DROP TABLE nope;
      | ^^^^
    hint: `migrate downgrade b1@-1 --resume` continues with this statement; `migrate stamp --purge c1` settles it if you finish it by hand, `migrate stamp b1 c1` if you undo it
    ");
    assert_eq!(commands(&sandbox), ["downgrade b1@-1 --resume", "stamp --purge c1", "stamp b1 c1"]);
    sandbox.replace("versions/b1.down.sql", "TABLE nope", "TABLE IF EXISTS nope");
    sandbox.done(&commands(&sandbox)[0]);
    assert_eq!(sandbox.applied(), "a1 c1");
    let sandbox = settles(half_downgraded, 1, "stamp --purge c1");
    assert_eq!(sandbox.applied(), "a1 c1");
    let sandbox = settles(half_downgraded, 2, "stamp b1 c1");
    assert_eq!(sandbox.applied(), "a1 c1 b1");
}

#[test]
fn a_verdict_on_what_is_known_is_refused() {
    let sandbox = half_done();
    assert_snapshot!(sandbox.refused("repair --done b1"), @"
    exit 1
    --- stderr
    error: there is nothing to settle in revision `b1`: statement 2 of 3 is known not to have taken effect
    hint: nothing was changed; `migrate upgrade b1 --resume` continues with it, once you have removed from the script what you did by hand; `migrate stamp b1 c1` settles it if you finish it by hand, `migrate stamp c1` if you undo it
    ");
    assert!(sandbox.refused("repair --again b1").contains("is known not to have taken effect"));
    assert_eq!(sandbox.json("repair --done b1")["error"]["kind"], "half_done");
    assert_eq!(sandbox.json("repair")["failed"], json!(["b1"]));
}

#[test]
fn nothing_can_be_settled_in_a_database_that_is_not_there() {
    let sandbox = Sandbox::with("a1");
    for arguments in ["repair --done a1", "repair --again a1", "repair --accept a1"] {
        sandbox.refused(arguments);
    }
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

#[test]
fn heads_are_joined_by_the_command_that_is_listed() {
    let make = || {
        let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
        sandbox.done("upgrade heads");
        sandbox
    };
    settles(make, 0, "merge b1 c1 -m \"merge b1 and c1\"");
}

#[test]
fn a_script_that_cannot_be_used_is_listed() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/b1.up.sql", "-- Revises:", "-- Revise:");
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Can't be used: versions/b1.up.sql:4:4: unknown key `Revise` in the header; `Revises` is one
        # correct the script, and check here again
    --- stderr
    warning: versions/b1.up.sql:4:4: unknown key `Revise` in the header; `Revises` is one
    ");
}
