use insta::assert_snapshot;
use limbeck::revision::Checksum;
use serde_json::json;

use crate::support::Sandbox;

/// A project whose second revision stopped at its second statement, outside a transaction.
fn half_done() -> Sandbox {
    let sandbox = Sandbox::with("a1");
    let up = "CREATE TABLE t (a);\nINSERT INTO t VALUES (nope);\nCREATE TABLE u (a);";
    sandbox.revision("b1<a1 | Transaction: none", up, "DROP TABLE u;\nDROP TABLE t;");
    assert_eq!(sandbox.run("upgrade").code, 1);
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t t_a1".to_owned(), "a1".to_owned()));
    sandbox
}

/// The same, as a killed process leaves it: nobody knows what became of the statement.
fn in_doubt() -> Sandbox {
    let sandbox = half_done();
    let begun = ["CREATE TABLE t (a)", "INSERT INTO t VALUES (nope)"];
    let digests = Checksum::of_each_beginning(begun.into_iter());
    let digest = &digests.last().unwrap().to_string();
    sandbox.execute(&format!(
        "UPDATE migrate_version_running SET begun = 2, begun_digest = '{digest}'"
    ));
    sandbox
}

#[test]
fn there_is_nothing_to_repair_where_all_is_well() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.migrate("repair"), "exit 0\n--- stdout\nNothing to repair.\n");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.done("upgrade");
    let empty = json!([]);
    let document = sandbox.json("repair");
    assert_eq!((&document["modified"], &document["failed"]), (&empty, &empty));
}

#[test]
fn an_edited_script_is_accepted() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", "t_a1 (id", "t_a1 (  id");
    sandbox.write("versions/a1.down.sql", "DROP TABLE IF EXISTS t_a1;\n");
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Modified since it was applied: a1, make a1
        migrate repair --accept a1  # records its scripts as they are
    ");
    assert_snapshot!(sandbox.migrate("repair --accept a1"), @"
    exit 0
    --- stdout
    Accepted a1 as its scripts are now
    ");
    assert_eq!(sandbox.run("check").code, 0);
    let stored = "SELECT down_script FROM migrate_version WHERE revision = 'a1'";
    assert_eq!(sandbox.query(stored), "DROP TABLE IF EXISTS t_a1;\n");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn what_is_not_applied_or_has_no_file_can_not_be_accepted() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade b1");
    sandbox.remove("versions/c1.up.sql");
    sandbox.remove("versions/c1.down.sql");
    sandbox.add("d1<a1");
    assert_snapshot!(sandbox.refused("repair --accept d1"), @"
    exit 1
    --- stderr
    error: revision `d1` is not applied, or no file has it
    hint: `migrate repair` lists what there is to repair
    ");
    assert_snapshot!(sandbox.refused("repair --accept nope"), @"
    exit 1
    --- stderr
    error: no revision matches `nope`
    hint: `migrate history` lists the revisions and branch labels
    ");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    assert_snapshot!(sandbox.refused("repair --accept b1"), @"
    exit 1
    --- stderr
    error: revision `b1` is not applied, or no file has it
    hint: `migrate repair` lists what there is to repair
    ");
}

#[test]
fn a_revision_that_stopped_half_way_is_named_everywhere() {
    let sandbox = half_done();
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    error: upgrade of revision `b1` stopped partway: 1 of 3 statements are done
     --> versions/b1.up.sql:9:1
      |
    9 | INSERT INTO t VALUES (nope);
      | ^^^^^^
    hint: `migrate upgrade --resume` continues with this statement; `migrate stamp b1` settles it if you finish it by hand, `migrate stamp a1` if you undo it
    ");
    assert_snapshot!(sandbox.migrate("status"), @"
    exit 0
    --- stdout
    State    Revision  Message  Applied at                Took
    applied  a1        make a1  2026-01-01T00:00:00.000Z  N ms
    failed   b1        make b1
    1 applied, 1 failed.
    ");
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1, make b1
        migrate upgrade --resume  # continues from there
        migrate stamp b1          # if you have finished it by hand
        migrate stamp a1          # if you have undone it by hand
    ");
    assert_eq!(sandbox.json("status")["revisions"][1]["state"], "failed");
    assert_eq!(sandbox.json("repair")["failed"], json!(["b1"]));
    assert_eq!(sandbox.run("check").code, 3);
}

#[test]
fn a_revision_that_stopped_half_way_is_gone_on_with() {
    let sandbox = half_done();
    assert_eq!(sandbox.run("upgrade --resume").code, 1);
    sandbox.replace("versions/b1.up.sql", "nope", "7");
    sandbox.done("upgrade --resume");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t t_a1 u".to_owned(), "a1 b1".to_owned()));
    assert_eq!(sandbox.query("SELECT a FROM t"), "7");
    assert_eq!(sandbox.query("SELECT count(*) FROM migrate_version_running"), "0");
    assert_eq!(sandbox.run("check").code, 0);
    sandbox.done("downgrade a1");
    assert_eq!(sandbox.tables(), "t_a1");
}

#[test]
fn a_statement_in_doubt_asks_what_became_of_it() {
    let sandbox = in_doubt();
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: upgrade of revision `b1` stopped partway: 1 of 3 statements are done, and whether statement 2 took effect is not known: it was begun, its end was never noted, and the catalog doesn't show it
     --> versions/b1.up.sql:9:1
      |
    9 | INSERT INTO t VALUES (nope);
      | ^^^^^^
    hint: check whether statement 2 took effect, then record it with `migrate repair --done b1` or `migrate repair --again b1`, and continue with `migrate upgrade --resume`
    ");
    assert_snapshot!(sandbox.refused("upgrade --resume"), @"
    exit 1
    --- stderr
    error: upgrade of revision `b1` stopped partway: 1 of 3 statements are done, and whether statement 2 took effect is not known: it was begun, its end was never noted, and the catalog doesn't show it
     --> versions/b1.up.sql:9:1
      |
    9 | INSERT INTO t VALUES (nope);
      | ^^^^^^
    hint: check whether statement 2 took effect, then record it with `migrate repair --done b1` or `migrate repair --again b1`, and continue with `migrate upgrade --resume`
    ");
    assert_snapshot!(sandbox.migrate("repair"), @"
    exit 3
    --- stdout
    Stopped partway (upgrade, 1 of 3 statements are done): b1, make b1
        migrate repair --done b1   # if statement 2 took effect
        migrate repair --again b1  # if it did nothing
        migrate stamp b1           # if you have finished it by hand
        migrate stamp a1           # if you have undone it by hand
    ");
}

#[test]
fn a_statement_that_took_effect_is_passed_over() {
    let sandbox = in_doubt();
    assert_snapshot!(sandbox.migrate("repair --done b1"), @"
    exit 0
    --- stdout
    Settled b1; continue with --resume
    Stopped partway (upgrade, 2 of 3 statements are done): b1, make b1
        migrate upgrade --resume  # continues from there
        migrate stamp b1          # if you have finished it by hand
        migrate stamp a1          # if you have undone it by hand
    ");
    sandbox.done("upgrade --resume");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t t_a1 u".to_owned(), "a1 b1".to_owned()));
    assert_eq!(sandbox.query("SELECT count(*) FROM t"), "0");
}

#[test]
fn a_statement_that_did_nothing_runs_again() {
    let sandbox = in_doubt();
    sandbox.done("repair --again b1");
    sandbox.replace("versions/b1.up.sql", "nope", "7");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT a FROM t"), "7");
}

#[test]
fn a_stamp_settles_it_too() {
    let sandbox = in_doubt();
    sandbox.execute("CREATE TABLE u (a)");
    sandbox.done("stamp b1");
    assert_eq!(sandbox.run("check").code, 0);
    let sandbox = in_doubt();
    sandbox.execute("DROP TABLE t");
    sandbox.done("stamp a1");
    sandbox.replace("versions/b1.up.sql", "nope", "7");
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn what_did_not_stop_half_way_can_not_be_settled() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    assert_snapshot!(sandbox.refused("repair --done a1"), @"
    exit 1
    --- stderr
    error: revision `a1` has not run in part
    hint: `migrate repair` lists what there is to repair
    ");
    assert_eq!(sandbox.run("repair --done a1 --again a1").code, 2);
}
