use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

const TABLE: &str = "CREATE TABLE t_a1 (id INTEGER PRIMARY KEY);";

fn project() -> Sandbox {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.write("schema.sql", "CREATE TABLE t_a1 (id INTEGER PRIMARY KEY, name TEXT);\n");
    sandbox
}

#[test]
fn the_sql_that_is_printed_brings_the_database_to_the_schema() {
    let sandbox = project();
    assert_snapshot!(sandbox.migrate("diff"), @"
    exit 0
    --- stdout
    -- Add column t_a1.name
    ALTER TABLE t_a1 ADD COLUMN name TEXT;
    ");
    let before = sandbox.files();
    let sql = sandbox.run("diff").stdout;
    assert!(sandbox.files() == before);
    sandbox.execute(&sql);
    assert_eq!(sandbox.migrate("diff"), "exit 0\n--- stderr\nNo changes.\n");
}

#[test]
fn a_difference_is_exit_code_3_only_if_asked_for() {
    let sandbox = project();
    assert_eq!(sandbox.run("diff").code, 0);
    assert_eq!(sandbox.run("diff --exit-code").code, 3);
    assert_eq!(sandbox.run("diff --exit-code --text").code, 3);
    sandbox.write("schema.sql", TABLE);
    assert_eq!(sandbox.run("diff --exit-code").code, 0);
    assert_eq!(sandbox.run("diff --exit-code --text").code, 0);
}

#[test]
fn the_texts_of_both_are_compared() {
    assert_snapshot!(project().migrate("diff --text"), @"
    exit 0
    --- stdout
    --- database
    +++ schema.sql
    @@ -1,3 +1,4 @@
     CREATE TABLE t_a1 (
    -    id INTEGER PRIMARY KEY
    +    id INTEGER PRIMARY KEY,
    +    name TEXT
     );
    ");
}

#[test]
fn the_document_lists_the_changes() {
    let sandbox = project();
    sandbox.add("b1<a1");
    assert_eq!(
        sandbox.json("diff"),
        json!({
            "clean": false,
            "pending": ["b1"],
            "modified": [],
            "changes": [{
                "kind": "create",
                "type": "column",
                "object": "t_a1.name",
                "destructive": false,
                "may_fail": false,
                "check": null,
                "sql": "ALTER TABLE t_a1 ADD COLUMN name TEXT;",
            }],
        })
    );
    sandbox.write("schema.sql", TABLE);
    let document = sandbox.json("diff");
    assert_eq!((&document["clean"], &document["changes"]), (&json!(true), &json!([])));
}

#[test]
fn revisions_are_compared_without_a_database() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.write("schema.sql", TABLE);
    assert_snapshot!(sandbox.migrate("diff --versions"), @"
    exit 0
    --- stdout
    -- Drop table t_b1
    -- DESTRUCTIVE: drops table t_b1 with its rows
    DROP TABLE t_b1;
    --- stderr
    warning: destructive: drops table t_b1 with its rows
    ");
    assert!(!sandbox.path("app.db").exists());
}

#[test]
fn a_database_that_is_not_there_has_nothing() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("schema.sql", TABLE);
    let run = sandbox.run("diff --exit-code");
    assert_eq!((run.code, run.stdout.contains("CREATE TABLE t_a1")), (3, true));
    assert!(!sandbox.path("app.db").exists());
}

#[test]
fn what_loses_data_is_shown_even_if_it_is_refused() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.write("schema.sql", "");
    sandbox.write("migrate.toml", format!("{CONFIG}[autogenerate]\ndestructive = \"refuse\"\n"));
    assert_eq!(sandbox.json("diff")["changes"][0]["destructive"], true);
}

#[test]
fn a_schema_that_is_missing_is_an_error() {
    let sandbox = Sandbox::with("a1");
    for options in ["", "--text", "--versions", "--json"] {
        let text = sandbox.refused(&format!("diff {options}"));
        assert!(text.contains("can't read the schema `schema.sql`"), "{text}");
    }
}

#[test]
fn a_hint_of_a_rename_is_nothing_to_a_new_database() {
    let sandbox = Sandbox::with("a1");
    let schema = "CREATE TABLE t_a1 (\nid INTEGER PRIMARY KEY);\n\
         CREATE TABLE t_b1 (\na, -- renamed from: b\nc);\n";
    sandbox.write("schema.sql", schema);
    assert_eq!(sandbox.run("diff").code, 0);
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("diff").code, 0);
    sandbox.done("revision --autogenerate -m b --rev-id b1");
    sandbox.done("upgrade");
    sandbox.done("check");
}
