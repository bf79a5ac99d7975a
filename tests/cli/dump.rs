use insta::assert_snapshot;

use crate::support::Sandbox;

/// Objects in an order that their names don't have, and names that need quotes.
const SCHEMA: &str = "
    CREATE TABLE \"the order\" (id INTEGER PRIMARY KEY, who REFERENCES people (id));
    create table people (id integer primary key, name text not null default 'x; y');
    CREATE UNIQUE INDEX by_name ON people (name) WHERE name <> '';
    CREATE VIEW b AS SELECT * FROM a; CREATE VIEW a AS SELECT name FROM people;
    CREATE TRIGGER note AFTER INSERT ON people BEGIN UPDATE people SET name = 'y'; END;
";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("schema.sql", SCHEMA);
    sandbox.done("revision --autogenerate -m all --rev-id a1");
    sandbox.done("upgrade");
    sandbox
}

#[test]
fn the_schema_of_the_database_is_printed() {
    assert_snapshot!(project().migrate("dump"), @r#"
    exit 0
    --- stdout
    CREATE TABLE people (
        id integer PRIMARY KEY,
        name text NOT NULL DEFAULT 'x; y'
    );

    CREATE UNIQUE INDEX by_name ON people (name) WHERE name <> '';

    CREATE TABLE "the order" (
        id INTEGER PRIMARY KEY,
        who REFERENCES people (id)
    );

    CREATE VIEW a AS SELECT name FROM people;

    CREATE VIEW b AS SELECT * FROM a;

    CREATE TRIGGER note AFTER INSERT ON people BEGIN UPDATE people SET name = 'y'; END;
    "#);
}

#[test]
fn a_dump_that_is_loaded_is_dumped_the_same() {
    let sandbox = project();
    let dump = sandbox.run("dump").stdout;
    sandbox.write("schema.sql", &dump);
    sandbox.done("diff --exit-code");
    sandbox.remove("app.db");
    sandbox.execute(&dump);
    assert_eq!(sandbox.run("dump").stdout, dump);
}

#[test]
fn what_the_revisions_make_is_printed_without_a_database() {
    let sandbox = project();
    let dump = sandbox.run("dump").stdout;
    sandbox.remove("app.db");
    assert_eq!(sandbox.run("dump --versions").stdout, dump);
    assert!(!sandbox.path("app.db").exists());
}

#[test]
fn it_is_written_to_a_file() {
    let sandbox = project();
    let dump = sandbox.run("dump").stdout;
    let run = sandbox.run("dump -o schema.sql");
    assert_eq!(run.text(), "exit 0\n--- stderr\nWrote the schema to schema.sql.\n");
    assert_eq!(sandbox.read("schema.sql"), dump);
    let document = sandbox.json("dump --output schema.sql");
    assert_eq!((&document["file"], &document["sql"]), (&"schema.sql".into(), &dump.into()));
    assert_eq!(sandbox.names(""), ["app.db", "migrate.toml", "schema.sql", "versions"]);
    let text = sandbox.refused("dump -o nowhere/schema.sql");
    assert!(text.contains("can't write `nowhere/schema.sql`"), "{text}");
}

#[test]
fn a_document_holds_the_text() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let expected = serde_json::json!({
        "file": null,
        "sql": "CREATE TABLE t_a1 (\n    id INTEGER PRIMARY KEY\n);\n",
    });
    assert_eq!(sandbox.json("dump"), expected);
}

#[test]
fn a_database_that_is_not_there_is_an_error() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.refused("dump"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: there is no such database
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
}
