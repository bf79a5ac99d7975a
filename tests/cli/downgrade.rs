use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

const LINE: &str = "a1; b1<a1; c1<b1";
const BRANCHES: &str = "a1; b1<a1 west; b2<b1; c1<a1 east; c2<c1";

/// A project with everything applied.
fn applied(graph: &str) -> Sandbox {
    let sandbox = Sandbox::with(graph);
    sandbox.done("upgrade heads");
    sandbox
}

#[test]
fn the_last_revision_is_taken_back() {
    let sandbox = applied(LINE);
    assert_snapshot!(sandbox.migrate("downgrade -1"), @"
    exit 0
    --- stderr
    Running downgrade c1 -> b1, make c1
    1 revision in N ms; migrate_version is at b1.
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1 t_b1".to_owned(), "a1 b1".to_owned()));
}

#[test]
fn everything_is_taken_back_and_the_version_table_stays() {
    let sandbox = applied(LINE);
    let document = sandbox.json("downgrade base");
    assert_eq!(document["heads"], json!([]));
    assert_eq!(document["steps"][0]["revision"], "c1");
    assert_eq!(document["steps"][0]["operation"], "downgrade");
    assert_eq!(document["steps"].as_array().map(Vec::len), Some(3));
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
    assert_eq!(sandbox.query("SELECT count(*) FROM migrate_version"), "0");
}

#[test]
fn relative_forms_go_down() {
    let sandbox = applied("a1; b1<a1; c1<b1; d1<c1; e1<d1");
    sandbox.done("downgrade e1-1");
    assert_eq!(sandbox.applied(), "a1 b1 c1 d1");
    sandbox.done("downgrade -2");
    assert_eq!(sandbox.applied(), "a1 b1");
    sandbox.done("downgrade base+1");
    assert_eq!(sandbox.applied(), "a1");
    sandbox.done("downgrade -1");
    assert_eq!(sandbox.applied(), "");
}

#[test]
fn a_branch_is_taken_back_by_its_label() {
    let sandbox = applied(BRANCHES);
    sandbox.done("downgrade west@-1");
    assert_eq!(sandbox.applied(), "a1 c1 c2 b1");
    sandbox.done("downgrade east@a1");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn a_branch_that_is_not_applied_takes_no_other_down() {
    let sandbox = Sandbox::with("users; posts<users; comments<posts; t1<posts tags; t2<t1");
    sandbox.done("upgrade comments");
    assert_snapshot!(sandbox.refused("downgrade tags@base"), @"
    exit 1
    --- stderr
    error: no revision of branch `tags` is applied, and `tags@base` would take back `comments`, `posts`, `users`
    hint: nothing was changed; `migrate downgrade base` takes them back
    ");
    assert_snapshot!(sandbox.refused("downgrade tags@users"), @"
    exit 1
    --- stderr
    error: no revision of branch `tags` is applied, and `tags@users` would take back `comments`, `posts`
    hint: nothing was changed; `migrate downgrade users` takes them back
    ");
    // By a revision of the branch as by its label, whatever the command would do.
    for command in
        ["t2@base", "tags@users --dry-run", "tags@base --yes", "comments:tags@base --sql"]
    {
        let text = sandbox.refused(&format!("downgrade {command}"));
        assert!(text.contains("is applied, and"), "{text}");
    }
    assert_eq!(sandbox.json("downgrade tags@base")["error"]["kind"], "graph");
    sandbox.done("downgrade posts");
    assert_snapshot!(sandbox.refused("downgrade tags@-1"), @"
    exit 1
    --- stderr
    error: no revision of branch `tags` is applied, and `tags@-1` would take back `posts`
    hint: nothing was changed; `migrate downgrade users` takes them back
    ");
    assert_eq!(sandbox.applied(), "users posts");
    sandbox.done("downgrade users");
    assert_eq!(sandbox.applied(), "users");
}

#[test]
fn a_branch_goes_by_its_label_once_some_of_it_is_applied() {
    let graph = "users; posts<users; comments<posts; t1<posts tags; t2<t1";
    let sandbox = applied(graph);
    sandbox.done("downgrade tags@posts");
    assert_eq!(sandbox.applied(), "users posts comments");
    sandbox.done("upgrade tags");
    sandbox.done("downgrade tags@-1");
    assert_eq!(sandbox.applied(), "users posts comments");
    // The line that leads to a label is its branch, too, and nothing of it is no failure.
    let sandbox = Sandbox::with("a1; x1; x2<x1 x; x3<x2; x4<x2");
    sandbox.done("upgrade a1");
    sandbox.done("downgrade x@base");
    sandbox.done("upgrade x1");
    sandbox.done("downgrade x@base");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn several_heads_ask_which_one() {
    assert_snapshot!(applied(BRANCHES).refused("downgrade -1"), @"
    exit 1
    --- stderr
    error: `-1` is ambiguous: several heads are applied, `b2`, `c2`
    hint: say on which branch, e.g. `b2@-1` or `c2@-1`
    ");
}

#[test]
fn a_merge_is_undone_by_naming_a_parent() {
    let sandbox = applied("a1; b1<a1; c1<a1; m1<b1,c1");
    assert_snapshot!(sandbox.refused("downgrade -1"), @"
    exit 1
    --- stderr
    error: the way is ambiguous: it branches to `b1`, `c1`
    hint: name the revision to go to instead
    ");
    sandbox.done("downgrade b1");
    assert_eq!(sandbox.json("current")["heads"], json!(["b1", "c1"]));
}

#[test]
fn what_depends_on_it_goes_too() {
    let sandbox = applied("a1; b1<a1; x1; y1<x1 +b1");
    sandbox.done("downgrade a1");
    assert_eq!(sandbox.tables(), "t_a1 t_x1");
}

#[test]
fn a_revision_that_is_not_applied_is_no_target() {
    let sandbox = Sandbox::with(LINE);
    sandbox.done("upgrade a1");
    assert_snapshot!(sandbox.refused("downgrade c1"), @"
    exit 1
    --- stderr
    error: `c1` is not a valid downgrade target from the current heads
    hint: `migrate current` shows what is applied
    ");
}

#[test]
fn a_revision_without_a_down_script_is_irreversible() {
    let sandbox = Sandbox::with("a1");
    sandbox.up_only("b1<a1", "CREATE TABLE t_b1 (id);");
    sandbox.add("c1<b1");
    sandbox.done("upgrade");
    assert_snapshot!(sandbox.refused("downgrade base"), @"
    exit 1
    --- stderr
    error: revision `b1` is irreversible: it has no down script
    hint: nothing was changed; write its down script (`-- Nothing to undo` will do where there is nothing), or stop above it
    ");
    assert_eq!(sandbox.tables(), "t_a1 t_b1 t_c1");
    sandbox.done("downgrade b1");
    sandbox.write("versions/b1.down.sql", "-- kept as it is\n");
    sandbox.done("downgrade base");
    assert_eq!(sandbox.tables(), "t_b1");
}

#[test]
fn an_irreversible_revision_whose_file_is_gone_is_refused_too() {
    let sandbox = Sandbox::with("a1");
    sandbox.up_only("b1<a1", "CREATE TABLE t_b1 (id);");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    assert_snapshot!(sandbox.refused("downgrade a1"), @"
    exit 1
    --- stderr
    error: revision `b1` is irreversible: it has no down script
    hint: nothing was changed; its files are gone, and none was stored: restore them, or correct the record with `migrate stamp`
    ");
}

#[test]
fn the_stored_script_takes_back_what_has_no_file() {
    let sandbox = applied(LINE);
    for file in ["b1.up.sql", "b1.down.sql", "c1.up.sql", "c1.down.sql"] {
        sandbox.remove(&format!("versions/{file}"));
    }
    assert_snapshot!(sandbox.migrate("downgrade a1"), @"
    exit 0
    --- stderr
    Running downgrade c1 -> b1, make c1
    Running downgrade b1 -> a1, make b1
    2 revisions in N ms; migrate_version is at a1.
    ");
    assert_eq!(sandbox.tables(), "t_a1");
    assert_eq!(sandbox.json("current"), json!({"heads": ["a1"], "pending": 0, "unknown": []}));
}

#[test]
fn a_fault_in_a_stored_script_has_a_place() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TABLE t_b1 (id);", "DROP TABLE t_b1;\nDROP TABLE nowhere;");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    assert_snapshot!(sandbox.migrate("downgrade a1"), @"
    exit 1
    --- stderr
    Running downgrade b1 -> a1, make b1
    error: no such table: nowhere
     --> b1 (stored down script):2:1
      |
    2 | DROP TABLE nowhere;
      | ^^^^
      code: SQLITE_ERROR (1)
      b1: rolled back
      nothing was changed
    hint: correct the script and run the command again
    ");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn the_down_script_in_the_folder_counts_while_it_is_there() {
    let sandbox = applied("a1");
    sandbox.write("versions/a1.down.sql", "ALTER TABLE t_a1 RENAME TO kept;\n");
    sandbox.done("downgrade base");
    assert_eq!(sandbox.tables(), "kept");
}

#[test]
fn an_edited_up_script_does_not_bar_the_way_back() {
    let sandbox = applied("a1");
    sandbox.replace("versions/a1.up.sql", "PRIMARY KEY", "PRIMARY KEY, name TEXT");
    sandbox.done("downgrade base");
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("check").code, 0);
}

#[test]
fn a_protected_environment_asks_for_agreement() {
    let sandbox = applied("a1");
    let production = "[env.production]\nprotected = true\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{production}"));
    assert_snapshot!(sandbox.refused("-n production downgrade base"), @"
    exit 1
    --- stderr
    error: the environment is protected, and `downgrade` would remove something from it
    hint: add --yes to confirm
    ");
    assert_eq!(sandbox.json("-n production downgrade base")["error"]["kind"], "protected");
    assert_eq!(sandbox.run("-n production downgrade base --dry-run").code, 0);
    sandbox.done("-n production upgrade");
    sandbox.done("-n production downgrade base --yes");
    assert_eq!(sandbox.tables(), "");
}

#[test]
fn a_dry_run_shows_the_plan_and_changes_nothing() {
    let sandbox = applied(LINE);
    let before = sandbox.files();
    assert_snapshot!(sandbox.migrate("downgrade a1 --dry-run"), @"
    exit 0
    --- stdout
    Step  Operation  Revision  Message
    1     downgrade  c1        make c1
    2     downgrade  b1        make b1
    --- stderr
    Nothing was changed: this is a dry run.
    ");
    assert_eq!(sandbox.json("downgrade a1 --dry-run")["heads"], json!(["a1"]));
    assert!(sandbox.files() == before);
}

#[test]
fn a_failing_down_script_leaves_its_revision_applied() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TABLE t_b1 (id);", "DROP TABLE t_b1;\nDROP TABLE nowhere;");
    sandbox.add("c1<b1");
    sandbox.done("upgrade");
    assert_snapshot!(sandbox.migrate("downgrade base"), @"
    exit 1
    --- stderr
    Running downgrade c1 -> b1, make c1
    Running downgrade b1 -> a1, make b1
    error: no such table: nowhere
     --> versions/b1.down.sql:2:1
      |
    2 | DROP TABLE nowhere;
      | ^^^^
      code: SQLITE_ERROR (1)
      b1: rolled back
      done before, and kept: c1
    hint: correct the script and run the command again
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1 t_b1".to_owned(), "a1 b1".to_owned()));
}

#[test]
fn a_fresh_database_is_at_the_base_already() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.json("downgrade base"), json!({"steps": [], "heads": []}));
    assert_snapshot!(Sandbox::with("a1").refused("downgrade -1"), @"
    exit 1
    --- stderr
    error: relative revision -1 leads past the end of the graph
    hint: `migrate history -i` shows the current revisions; `base` and `head` are the ends
    ");
}
