use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

#[test]
fn all_is_well_when_everything_is_applied() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    assert_eq!(sandbox.migrate("check"), "exit 0\n--- stdout\nNo pending or modified revisions.\n");
    let document = sandbox.json("check");
    assert_eq!(document["clean"], true);
    for list in ["pending", "modified", "unknown", "changes"] {
        assert_eq!(document[list], json!([]), "{list}");
    }
}

#[test]
fn pending_revisions_are_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade a1");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Pending: b1, make b1
    Pending: c1, make c1
    ");
    let document = sandbox.json("check");
    assert_eq!(document["clean"], false);
    assert_eq!(document["pending"], json!(["b1", "c1"]));
}

#[test]
fn an_edited_script_is_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", "t_a1", "t_a2");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Modified since it was applied: a1, make a1
    ");
    assert_eq!(sandbox.json("check")["modified"], json!(["a1"]));
}

#[test]
fn a_revision_without_a_file_is_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade");
    sandbox.remove("versions/b1.up.sql");
    sandbox.remove("versions/b1.down.sql");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Applied, but its file is missing: b1, make b1
    ");
    assert_eq!(sandbox.json("check")["unknown"], json!(["b1"]));
}

#[test]
fn other_parents_are_told_as_just_that() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    sandbox.done("upgrade heads");
    sandbox.replace("versions/c1.up.sql", "Revises: a1", "Revises: b1");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Parents changed since it was applied: c1, make c1
    ");
    assert_eq!(sandbox.json("check")["modified"], json!([]));
}

#[test]
fn line_ends_a_byte_order_mark_and_the_head_are_no_edit() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade");
    let text = sandbox.read("versions/a1.up.sql");
    sandbox.write("versions/a1.up.sql", text.replace('\n', "\r\n"));
    let text = sandbox.read("versions/b1.up.sql");
    sandbox.write("versions/b1.up.sql", format!("\u{feff}{text}"));
    sandbox.replace("versions/c1.up.sql", "2026-01-01T", "2027-02-03T");
    sandbox.replace("versions/c1.up.sql", "-- make c1", "-- another message");
    sandbox.replace("versions/c1.up.sql", "-- Create", "-- Branch Labels: late\n-- Create");
    assert_eq!(sandbox.run("check").code, 0);
    assert_eq!(sandbox.run("upgrade late@head").code, 0);
}

#[test]
fn any_other_byte_is_an_edit() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.replace("versions/a1.up.sql", ");\n", ");\n\n");
    assert_eq!(sandbox.run("check").code, 3);
}

#[test]
fn no_database_is_made() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.run("check").code, 3);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

/// Makes an applied revision and the schema that it makes.
fn with_schema() -> Sandbox {
    let sandbox = Sandbox::with("a1");
    sandbox.write("schema.sql", "CREATE TABLE t_a1 (id INTEGER PRIMARY KEY);\n");
    sandbox.done("upgrade");
    sandbox
}

#[test]
fn all_is_well_when_schema_revisions_and_database_agree() {
    let sandbox = with_schema();
    let run = sandbox.run("check");
    let expected = "No pending or modified revisions; schema, revisions and database agree.\n";
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, expected, ""));
    let document = sandbox.json("check");
    assert_eq!(document["clean"], true);
    assert_eq!((&document["changes"], &document["drift"]), (&json!([]), &json!([])));
}

#[test]
fn a_change_that_no_revision_has_is_told_from_a_drift_of_the_database() {
    let sandbox = with_schema();
    sandbox.replace("schema.sql", "KEY", "KEY, name TEXT");
    sandbox.execute("CREATE INDEX rogue ON t_a1 (id)");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Not in a revision yet: add column t_a1.name
    Changed in the database by no revision: create index rogue
    ");
    let document = sandbox.json("check");
    assert_eq!(document["clean"], false);
    let change = |kind: &str, object_type: &str, object: &str, sql: &str| {
        json!([{
            "kind": kind,
            "type": object_type,
            "object": object,
            "destructive": false, "may_fail": false, "check": null,
            "sql": sql,
        }])
    };
    let sql = "ALTER TABLE t_a1 ADD COLUMN name TEXT;";
    assert_eq!(document["changes"], change("create", "column", "t_a1.name", sql));
    let sql = "CREATE INDEX rogue ON t_a1 (id);";
    assert_eq!(document["drift"], change("create", "index", "rogue", sql));
    sandbox.execute("DROP INDEX rogue");
    sandbox.done("revision --autogenerate -m name --rev-id b1");
    let document = sandbox.json("check");
    assert_eq!(document["pending"], json!(["b1"]));
    assert_eq!((&document["changes"], &document["drift"]), (&json!([]), &json!([])));
}

#[test]
fn only_what_is_applied_is_compared_with_the_database() {
    let sandbox = with_schema();
    sandbox.add("b1<a1; c1<a1");
    sandbox.done("upgrade b1");
    let document = sandbox.json("check");
    assert_eq!((&document["pending"], &document["drift"]), (&json!(["c1"]), &json!([])));
    sandbox.execute("DROP TABLE t_b1");
    let drift = sandbox.json("check")["drift"].clone();
    assert_eq!((&drift[0]["kind"], &drift[0]["object"]), (&json!("drop"), &json!("t_b1")));
}

#[test]
fn what_ran_is_not_known_where_scripts_were_edited() {
    let sandbox = with_schema();
    sandbox.replace("versions/a1.up.sql", "KEY", "KEY, name TEXT");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Modified since it was applied: a1, make a1
    Not in a revision yet: drop column t_a1.name
    --- stderr
    The database was not compared: not all that is applied is as it was when it ran.
    ");
    assert_eq!(sandbox.json("check")["drift"], json!([]));
}

#[test]
fn what_is_left_out_is_no_drift() {
    let sandbox = with_schema();
    sandbox.write("migrate.toml", format!("{CONFIG}[autogenerate]\nexclude = [\"tmp*\"]\n"));
    sandbox.execute("CREATE TABLE tmp1 (id)");
    sandbox.done("check");
}

#[test]
fn a_schema_that_is_configured_has_to_be_there() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.write("migrate.toml", format!("{CONFIG}schema = \"wanted.sql\"\n"));
    let text = sandbox.refused("check");
    assert!(text.contains("can't read the schema `wanted.sql`"), "{text}");
}

#[test]
fn heads_that_nothing_tells_apart_are_named_with_exit_code_3() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    sandbox.done("upgrade heads");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    Heads without distinct branch labels: b1, c1; `migrate merge b1 c1 -m …` joins them
    ");
    let document = sandbox.json("check");
    assert_eq!((&document["clean"], &document["heads"]), (&json!(false), &json!(["b1", "c1"])));
    sandbox.done("merge b1 c1 --rev-id m1 -m both");
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("check").code, 0);
}

#[test]
fn branches_with_labels_of_their_own_are_there_on_purpose() {
    for graph in
        ["a1; b1<a1; c1<a1 west", "a1 east; b1<a1; w1 west; x1<w1", "a1; b1<a1; w1; x1<w1 +b1"]
    {
        let sandbox = Sandbox::with(graph);
        sandbox.done("upgrade heads");
        assert_eq!(sandbox.run("check").code, 0, "{graph}");
    }
    for graph in ["a1 east; b1<a1; c1<a1", "a1; w1", "a1 east; b1; c1"] {
        let sandbox = Sandbox::with(graph);
        sandbox.done("upgrade heads");
        assert_eq!(sandbox.run("check").code, 3, "{graph}");
    }
}

#[test]
fn a_replay_that_fails_speaks_of_the_scratch_database() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.execute("CREATE TABLE old (a); DROP TABLE t_a1");
    sandbox.write("schema.sql", "CREATE TABLE old (a, b);");
    sandbox.revision("b1<a1", "CREATE TABLE t_a1 (id INTEGER);", "DROP TABLE t_a1;");
    sandbox.done("upgrade");
    let hint = "hint: the revisions are replayed on an empty database: correct this one so that it runs on \
                what those before it make, and on nothing else";
    let text = sandbox.refused("check");
    for part in ["table t_a1 already exists", "it was a scratch database: the database is", hint] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("stamp"), "{text}");
    sandbox.write("versions/b1.up.sql", sandbox.read("versions/b1.up.sql").replace("t_a1", "t_b1"));
    sandbox.revision("c1<b1", "ALTER TABLE old ADD COLUMN b;", "ALTER TABLE old DROP COLUMN b;");
    let text = sandbox.refused("revision --autogenerate -m x");
    assert!(text.contains("no such table: old") && text.contains(hint), "{text}");
}
