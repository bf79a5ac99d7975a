//! The sources of a generated revision: schema files, revisions and the database, and faults in them.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::autogenerate::{BEFORE, project, there_and_back, wanted};
use crate::support::{CONFIG, Sandbox};

#[test]
fn what_is_not_proven_is_not_written_and_the_difference_shown() {
    // A view on a table that is left out, and isn't there.
    let sandbox =
        project(&format!("{BEFORE} CREATE TABLE t (a); CREATE VIEW v AS SELECT a FROM t;"));
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x --exclude t"), @"
    exit 1
    --- stderr
    error: no script could be found that is proven to work; the up script leaves this to be done: change view v
    hint: nothing was written; bring the schema there in smaller steps, or write this one by hand: `migrate revision` without --autogenerate
    ");
    let exclude = "[autogenerate]\nexclude = [\"t\"]\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{exclude}"));
    let document = sandbox.json("check");
    assert_eq!(
        document["changes"],
        json!([{
            "kind": "create", "type": "view", "object": "v", "destructive": false,
            "may_fail": false, "check": null, "sql": ""
        }])
    );
}

#[test]
fn a_fault_in_the_schema_is_told_with_its_place() {
    let sandbox = project(&format!("{BEFORE}\nCREATE INDEX i ON users (nam);\n"));
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x"), @"
    exit 1
    --- stderr
    error: no such column: nam
     --> schema.sql:2:26
      |
    2 | CREATE INDEX i ON users (nam);
      |                          ^^^
      code: SQLITE_ERROR (1)
    hint: nothing was written; correct the schema
    ");
    let document = sandbox.json("revision --autogenerate -m x");
    assert_eq!(document["error"]["file"], "schema.sql");
    assert_eq!(document["error"]["line"], 2);
}

#[test]
fn a_schema_that_is_missing_is_an_error() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x"), @"
    exit 1
    --- stderr
    error: can't read the schema `schema.sql`: No such file or directory (os error 2)
    hint: write what the database should have to it, or set `schema` in migrate.toml; `migrate dump -o FILE` writes what it has
    ");
}

#[test]
fn a_revision_that_fails_is_told_with_its_place() {
    let sandbox = project(BEFORE);
    sandbox.revision("b1<a1", "CREATE TABLE b (id);\nDROP TABLE nothing;", "");
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x"), @r#"
    exit 1
    --- stderr
    error: near "nothing": syntax error
     --> versions/b1.up.sql:8:12
      |
    8 | DROP TABLE nothing;
      |            ^^^^^^^
      code: SQLITE_ERROR (1)
      it was a scratch database: the database is as it was
    hint: the revisions are replayed on an empty database: correct this one so that it runs on what those before it make, and on nothing else
    "#);
}

#[test]
fn the_graph_is_checked_before_anything_is_compared() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    sandbox.write("schema.sql", "this is no SQL");
    let text = sandbox.refused("revision --autogenerate -m x");
    assert!(text.contains("is ambiguous: there are several heads"), "{text}");
    let text = sandbox.refused("revision --autogenerate -m x --head b1 --rev-id c1");
    assert!(text.contains("`c1` is taken"), "{text}");
}

#[test]
fn a_branch_builds_on_its_head_with_what_all_heads_make() {
    let sandbox = Sandbox::with("a1; b1<a1 west; c1<a1 east");
    let table = |id: &str| format!("CREATE TABLE t_{id} (id INTEGER PRIMARY KEY);\n");
    sandbox.write("schema.sql", ["a1", "b1", "c1", "d1"].map(table).concat());
    let document = sandbox.json("revision --autogenerate -m x --head west@head --rev-id d1");
    assert_eq!(document["changes"].as_array().unwrap().len(), 1, "{document}");
    let shown = sandbox.json("show d1");
    assert_eq!(shown["revisions"][0]["revises"], json!(["b1"]));
    sandbox.done("upgrade heads");
    sandbox.done("check");
}

#[test]
fn the_database_is_compared_if_it_is_asked_for() {
    let sandbox = project(&wanted("name TEXT, age INTEGER, email TEXT"));
    sandbox.execute("ALTER TABLE users ADD COLUMN nick TEXT");
    let objects = |document: &Value| {
        let changes = document["changes"].as_array().unwrap().clone();
        changes.iter().map(|it| it["object"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let arguments = "revision --autogenerate -m x --dry-run";
    assert_eq!(objects(&sandbox.json(arguments)), ["users.email"]);
    let document = sandbox.json(&format!("{arguments} --from-database"));
    assert_eq!(objects(&document), ["users.email", "users.nick"]);
}

#[test]
fn a_database_that_is_behind_is_not_compared() {
    let sandbox = project(BEFORE);
    sandbox.add("b1<a1");
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x --from-database"), @"
    exit 1
    --- stderr
    error: the database is behind the files: `b1` is not applied
    hint: run `migrate upgrade` first, or leave out --from-database
    ");
    sandbox.remove("app.db");
    let text = sandbox.refused("revision --autogenerate -m x --from-database");
    assert!(text.contains("`a1`, `b1` are not applied"), "{text}");
}

#[test]
fn a_database_without_revisions_is_adopted() {
    for (schema, option) in [(None, ""), (None, "--from-database"), (Some(BEFORE), "")] {
        let sandbox = Sandbox::new();
        sandbox.execute(BEFORE);
        sandbox.execute("INSERT INTO users VALUES (1, 'Ann', 40)");
        if let Some(schema) = schema {
            sandbox.write("schema.sql", schema);
        }
        let run = sandbox.run(&format!("revision --autogenerate -m base --rev-id a1 {option}"));
        let advice = "The database has all of it already: `migrate stamp a1` records that.";
        assert!(run.code == 0 && run.stderr.contains(advice), "{}", run.text());
        let advice = "There is no schema.sql yet: `migrate dump -o schema.sql` writes";
        assert_eq!(run.stderr.contains(advice), schema.is_none(), "{}", run.text());
        sandbox.done("stamp a1");
        sandbox.done("dump -o schema.sql");
        sandbox.done("check");
        assert_eq!(sandbox.query("SELECT name FROM users"), "Ann");
        sandbox.done("upgrade --url sqlite:new.db");
        sandbox.done("diff --exit-code --url sqlite:new.db");
    }
}

#[test]
fn a_schema_that_is_not_the_databases_is_said_to_be_another() {
    let sandbox = Sandbox::new();
    sandbox.execute(BEFORE);
    sandbox.write("schema.sql", wanted("name TEXT"));
    let run = sandbox.run("revision --autogenerate -m base --rev-id a1");
    assert!(run.stderr.contains("with --from-database"), "{}", run.text());
    let sandbox = Sandbox::new();
    sandbox.execute(BEFORE);
    sandbox.write("schema.sql", wanted("name TEXT"));
    sandbox.done("revision --autogenerate -m base --rev-id a1 --from-database");
    sandbox.done("stamp a1");
    there_and_back(&sandbox, "");
}

#[test]
fn a_first_revision_needs_no_database() {
    let sandbox = Sandbox::new();
    sandbox.write("schema.sql", BEFORE);
    there_and_back(&sandbox, "");
    assert_eq!(sandbox.tables(), "users");
}
