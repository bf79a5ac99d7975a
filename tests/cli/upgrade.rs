use std::process::Child;

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

const LINE: &str = "a1; b1<a1; c1<b1";
const BRANCHES: &str = "a1; b1<a1 west; b2<b1; c1<a1 east; c2<c1";

#[test]
fn everything_is_applied_without_an_argument() {
    let sandbox = Sandbox::with(LINE);
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 0
    --- stderr
    Running upgrade  -> a1, make a1
    Running upgrade a1 -> b1, make b1
    Running upgrade b1 -> c1, make c1
    3 revisions in N ms; migrate_version is at c1.
    ");
    assert_eq!(sandbox.tables(), "t_a1 t_b1 t_c1");
    assert_snapshot!(sandbox.migrate("upgrade head"), @"
    exit 0
    --- stderr
    Nothing to do; migrate_version is at c1.
    ");
}

#[test]
fn what_was_done_is_recorded() {
    let mut sandbox = Sandbox::with("a1 core; x1; b1<a1 +x1");
    sandbox.set("USER", "ann");
    sandbox.done("upgrade heads --tag 'release 7'");
    let rows = "SELECT revision, position, parents, depends_on, branch_labels, message, operation, \
                tag, applied_at, applied_by, typeof(duration_ms), down_script \
                FROM migrate_version ORDER BY position";
    assert_snapshot!(sandbox.query(rows), @"
    x1|1||||make x1|upgrade|release 7|2026-01-01T00:00:00.000Z|ann|integer|DROP TABLE t_x1;

    a1|2|||core|make a1|upgrade|release 7|2026-01-01T00:00:00.000Z|ann|integer|DROP TABLE t_a1;

    b1|3|a1|x1||make b1|upgrade|release 7|2026-01-01T00:00:00.000Z|ann|integer|DROP TABLE t_b1;
    ");
    let checksums = "SELECT DISTINCT substr(checksum, 1, 7), length(checksum) FROM migrate_version";
    assert_eq!(sandbox.query(checksums), "sha256:|71");
}

#[test]
fn a_revision_is_named_whole_or_by_its_beginning() {
    let sandbox = Sandbox::with("1975ea83b712; 3f2a9c81d0e4<1975ea83b712; 3f99<3f2a9c81d0e4");
    sandbox.done("upgrade 3f2");
    assert_eq!(sandbox.applied(), "1975ea83b712 3f2a9c81d0e4");
}

#[test]
fn relative_forms_go_up_from_where_the_database_stands() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1; d1<c1; e1<d1; f1<e1");
    sandbox.done("upgrade +1");
    assert_eq!(sandbox.applied(), "a1");
    sandbox.done("upgrade a1+2");
    assert_eq!(sandbox.applied(), "a1 b1 c1");
    sandbox.done("upgrade +2");
    assert_eq!(sandbox.applied(), "a1 b1 c1 d1 e1");
    sandbox.done("upgrade head-1");
    sandbox.done("upgrade base+6");
    assert_eq!(sandbox.applied(), "a1 b1 c1 d1 e1 f1");
}

#[test]
fn a_branch_is_upgraded_by_its_label() {
    let sandbox = Sandbox::with(BRANCHES);
    sandbox.done("upgrade west@+2");
    assert_eq!(sandbox.applied(), "a1 b1");
    sandbox.done("upgrade east@head");
    assert_eq!(sandbox.applied(), "a1 b1 c1 c2");
    sandbox.done("upgrade heads");
    assert_eq!(sandbox.applied(), "a1 b1 c1 c2 b2");
}

#[test]
fn dependencies_come_first() {
    let sandbox = Sandbox::with("a1; b1<a1 +y1; x1; y1<x1");
    sandbox.done("upgrade b1");
    assert_eq!(sandbox.applied(), "x1 y1 a1 b1");
}

#[test]
fn what_is_applied_or_below_is_nothing_to_do() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("upgrade");
    let before = sandbox.files();
    assert_eq!(sandbox.json("upgrade a1"), json!({"steps": [], "heads": ["c1"]}));
    assert_eq!(sandbox.json("upgrade base"), json!({"steps": [], "heads": ["c1"]}));
    assert!(sandbox.files() == before);
}

#[test]
fn the_document_lists_the_steps() {
    let sandbox = Sandbox::with("a1; b1<a1");
    let document = sandbox.json("upgrade");
    assert_eq!(document["heads"], json!(["b1"]));
    assert_eq!(document["steps"].as_array().map(Vec::len), Some(2));
    let step = &document["steps"][1];
    assert_eq!(step["revision"], "b1");
    assert_eq!(step["operation"], "upgrade");
    assert_eq!(step["message"], "make b1");
    assert!(step["duration_ms"].is_u64());
}

#[test]
fn a_dry_run_shows_the_plan_and_makes_nothing() {
    let sandbox = Sandbox::with(LINE);
    assert_snapshot!(sandbox.migrate("upgrade --dry-run"), @"
    exit 0
    --- stdout
    Step  Operation  Revision  Message
    1     upgrade    a1        make a1
    2     upgrade    b1        make b1
    3     upgrade    c1        make c1
    --- stderr
    Nothing was changed: this is a dry run.
    ");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.done("upgrade a1");
    let before = sandbox.files();
    let document = sandbox.json("upgrade --dry-run");
    assert_eq!(document["heads"], json!(["c1"]));
    assert_eq!(document["steps"][0]["revision"], "b1");
    assert_eq!(document["steps"][0]["operation"], "upgrade");
    assert_eq!(sandbox.migrate("upgrade a1 --dry-run"), "exit 0\n--- stderr\nNothing to do.\n");
    assert!(sandbox.files() == before);
}

#[test]
fn a_dry_run_finds_what_would_be_refused() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "BEGIN;", "");
    assert_snapshot!(sandbox.refused("upgrade --dry-run"), @"
    exit 1
    --- stderr
    error: `BEGIN` in a script that runs in a transaction
     --> versions/b1.up.sql:7:1
      |
    7 | BEGIN;
      | ^^^^^
    hint: nothing was changed; leave it out, since every revision has its own transaction, or put `-- Transaction: none` into the header
    ");
}

#[test]
fn statements_run_outside_a_transaction_where_the_head_says_so() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "VACUUM;", "VACUUM;");
    let text = sandbox.migrate("upgrade");
    assert!(text.contains("cannot VACUUM from within a transaction"), "{text}");
    sandbox.replace("versions/b1.up.sql", "-- Create", "-- Transaction: none\n-- Create");
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 b1");
    let text = sandbox.migrate("downgrade -1");
    assert!(text.contains("cannot VACUUM from within a transaction"), "{text}");
    sandbox.write("versions/b1.down.sql", "-- back\n-- Transaction: none\n\nVACUUM;\n");
    sandbox.done("downgrade -1");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn a_script_outside_a_transaction_may_steer_its_own() {
    let sandbox = Sandbox::new();
    let up = "BEGIN; CREATE TABLE t (a); INSERT INTO t VALUES (1); COMMIT;";
    sandbox.revision("a1 | Transaction: none", up, "DROP TABLE t;");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT a FROM t"), "1");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn a_script_in_one_go_keeps_all_or_nothing_of_the_run() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.revision("c1<b1", "CREATE TABLE t_c1 (id);\nINSERT INTO nowhere VALUES (1);", "");
    assert_snapshot!(sandbox.migrate("upgrade --transaction all"), @"
    exit 1
    --- stderr
    Running upgrade  -> a1, make a1
    Running upgrade a1 -> b1, make b1
    Running upgrade b1 -> c1, make c1
    error: no such table: nowhere
     --> versions/c1.up.sql:8:1
      |
    8 | INSERT INTO nowhere VALUES (1);
      | ^^^^^^
      code: SQLITE_ERROR (1)
      c1: rolled back
      nothing was changed
    hint: correct the script and run the command again
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
    let document = sandbox.json("upgrade --transaction all");
    assert_eq!(document["steps"], json!([]));
    sandbox.replace("versions/c1.up.sql", "nowhere", "t_c1");
    sandbox.done("upgrade --transaction all");
    assert_eq!(sandbox.applied(), "a1 b1 c1");
}

#[test]
fn one_transaction_for_all_can_be_configured() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", format!("{CONFIG}transaction = \"all\"\n"));
    sandbox.revision("b1<a1", "INSERT INTO nowhere VALUES (1);", "");
    assert_eq!(sandbox.run("upgrade").code, 1);
    assert_eq!(sandbox.tables(), "");
    assert_eq!(sandbox.run("upgrade --transaction revision").code, 1);
    assert_eq!(sandbox.tables(), "t_a1");
}

#[test]
fn what_needs_to_stand_alone_is_refused_in_one_transaction() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Transaction: none", "VACUUM;", "");
    assert_snapshot!(sandbox.refused("upgrade --transaction all"), @"
    exit 1
    --- stderr
    error: revision `b1` can't run inside one transaction with others: its header says `Transaction: none`
    hint: leave out --transaction all
    ");
    sandbox.revision("b1<a1 | Foreign Keys: on", "SELECT 1;", "");
    assert_snapshot!(sandbox.refused("upgrade --transaction all"), @"
    exit 1
    --- stderr
    error: revision `b1` can't run inside one transaction with others: its header says `Foreign Keys: on`
    hint: leave out --transaction all
    ");
}

#[test]
fn an_edited_applied_script_stops_an_upgrade_with_exit_code_3() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", "t_a1", "t_a2");
    sandbox.add("b1<a1");
    let before = sandbox.files();
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 3
    --- stderr
    error: a revision was applied and edited since: `a1`
      versions/a1.up.sql
    hint: restore the scripts as they were applied (git log -p shows them), and put the change into a new revision; `migrate repair --accept REVISION` records them as they are
    ");
    let run = sandbox.run("--json upgrade");
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("\"kind\":\"modified\""), "{}", run.stdout);
    assert!(sandbox.files() == before);
}

#[test]
fn an_applied_revision_without_a_file_stops_an_upgrade_by_name() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    sandbox.add("c1<a1");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: a revision was applied whose files are missing: `b1`
    hint: restore the files (another git branch may have them), or take the revisions back with `migrate downgrade`: their down scripts are stored in the database; `migrate stamp --purge REVISION` only corrects the record
    ");
    assert_eq!(sandbox.json("upgrade")["error"]["kind"], "missing");
    sandbox.done("downgrade a1");
    assert_eq!(sandbox.tables(), "t_a1");
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 c1");
}

#[test]
fn racers_take_turns_and_each_revision_runs_once() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1; d1<c1; e1<d1; f1<e1");
    let start = |_| sandbox.command("upgrade head").spawn().unwrap();
    let racers: Vec<Child> = (0..8).map(start).collect();
    for racer in racers {
        let run = sandbox.seen(&racer.wait_with_output().unwrap());
        assert_eq!(run.code, 0, "{}", run.text());
    }
    assert_eq!(sandbox.applied(), "a1 b1 c1 d1 e1 f1");
    assert_eq!(sandbox.tables(), "t_a1 t_b1 t_c1 t_d1 t_e1 t_f1");
    let positions = "SELECT group_concat(position) FROM (SELECT * FROM migrate_version ORDER BY 2)";
    assert_eq!(sandbox.query(positions), "1,2,3,4,5,6");
}

#[test]
fn edited_scripts_are_only_warned_of_on_request() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", "t_a1", "t_a2");
    sandbox.add("b1<a1");
    assert_snapshot!(sandbox.migrate("upgrade --allow-edited"), @"
    exit 0
    --- stderr
    warning: applied and edited since: a1
    Running upgrade a1 -> b1, make b1
    1 revision in N ms; migrate_version is at b1.
    ");
}

#[test]
fn a_revision_of_code_is_shown_and_left_to_its_program() {
    let sandbox = Sandbox::with(LINE);
    let head = "-- fold names\n--\n-- Revision ID: d1\n-- Revises: c1\n-- Run By: program\n";
    sandbox.write("versions/d1_fold.up.sql", head);
    assert_snapshot!(sandbox.migrate("heads"), @"
    exit 0
    --- stdout
    d1 (head)
    ");
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    error: revision `d1` is code of a program, and there is none for its upgrade here
     --> versions/d1_fold.up.sql:5:1
      |
    5 | -- Run By: program
      | ^
    hint: nothing was changed; run the program that brings the code, or do by hand what it does and record it with `migrate stamp d1`
    ");
    assert_eq!(sandbox.tables(), "");
    sandbox.done("upgrade c1");
    sandbox.done("stamp d1");
    assert_snapshot!(sandbox.migrate("downgrade -1"), @"
    exit 1
    --- stderr
    error: revision `d1` is code of a program, and there is none for its downgrade here
     --> versions/d1_fold.up.sql:5:1
      |
    5 | -- Run By: program
      | ^
    hint: nothing was changed; run the program that brings the code, or do by hand what it does and record it with `migrate stamp REVISION`
    ");
    sandbox.done("check");
}

#[test]
fn of_many_that_are_kept_the_first_and_the_last_are_named() {
    let sandbox = Sandbox::new();
    sandbox.add("a1");
    for number in 2..=25 {
        sandbox.add(&format!("a{number}<a{}", number - 1));
    }
    sandbox.revision("b1<a25", "SELECT nope;", "");
    let run = sandbox.migrate("-q upgrade");
    assert!(run.contains("  done before, and kept: a1 to a25, 25 revisions\n"), "{run}");
}
