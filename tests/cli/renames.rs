//! Renames, which `revision --autogenerate` is told of and never guesses.

use insta::assert_snapshot;

use crate::autogenerate::{BEFORE, nothing_is_written, project, there_and_back, wanted};
use crate::support::Sandbox;

#[test]
fn a_likely_rename_is_pointed_out_and_not_guessed() {
    let sandbox = project(&wanted("full_name TEXT, age INTEGER"));
    assert_snapshot!(sandbox.migrate("revision --autogenerate -m x --dry-run"), @"
    exit 0
    --- stdout
    -- up

    -- Drop column users.name
    -- DESTRUCTIVE: drops column users.name with its values
    ALTER TABLE users DROP COLUMN name;

    -- Add column users.full_name
    ALTER TABLE users ADD COLUMN full_name TEXT;

    -- down

    -- Drop column users.full_name
    -- DESTRUCTIVE: drops column users.full_name with its values
    ALTER TABLE users DROP COLUMN full_name;

    -- Add column users.name
    ALTER TABLE users ADD COLUMN name TEXT;
    --- stderr
    Detected: add column users.full_name
    Detected: drop column users.name
    warning: destructive: drops column users.name with its values
    hint: if column `users.full_name` is the old `name`, put `-- renamed from: name` on its line of the schema, or add `--rename users.name=full_name`
    Nothing was written: this is a dry run.
    ");
}

#[test]
fn a_rename_is_said_in_the_schema_or_by_an_option() {
    let plain = wanted("full_name TEXT, age INTEGER");
    let hint = wanted("\nfull_name TEXT, -- renamed from: name\nage INTEGER");
    for (schema, option) in [(&plain, "--rename users.name=full_name"), (&hint, "")] {
        let sandbox = project(schema);
        sandbox.execute("INSERT INTO users VALUES (1, 'Ann', 40)");
        let arguments = format!("revision --autogenerate -m x --dry-run {option}");
        let changes = &sandbox.json(&arguments)["changes"];
        assert_eq!(changes[0]["kind"], "rename", "{changes}");
        assert_eq!(changes.as_array().unwrap().len(), 1, "{changes}");
        there_and_back(&sandbox, option);
        assert_eq!(sandbox.query("SELECT full_name FROM users"), "Ann");
    }
    let sandbox = project(&BEFORE.replace("users", "people"));
    sandbox.execute("INSERT INTO users VALUES (1, 'Ann', 40)");
    there_and_back(&sandbox, "--rename users=people");
    assert_eq!(sandbox.query("SELECT name FROM people"), "Ann");
}

#[test]
fn names_that_hints_have_swapped_stay_swapped() {
    let sandbox = Sandbox::new();
    let before = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);";
    sandbox.revision("a1", before, "DROP TABLE t;");
    sandbox.done("upgrade");
    sandbox.execute("INSERT INTO t VALUES (1, 'was a', 'was b')");
    let schema = "CREATE TABLE t (\nid INTEGER PRIMARY KEY,\na TEXT, -- renamed from: b\n\
                  b TEXT -- renamed from: a\n);\n";
    sandbox.write("schema.sql", schema);
    there_and_back(&sandbox, "");
    assert_eq!(sandbox.query("SELECT a, b FROM t"), "was b|was a");
    sandbox.write("schema.sql", schema.replace("b TEXT --", "c TEXT,\nb TEXT --"));
    let changes = sandbox.json("revision --autogenerate -m x --dry-run")["changes"].clone();
    assert_eq!(changes.as_array().map(Vec::len), Some(1), "{changes}");
    assert_eq!(changes[0]["object"], "t.c");
}

#[test]
fn names_are_swapped_though_one_was_once_renamed_to_the_other() {
    let sandbox = Sandbox::new();
    let column = |name: &str, old: &str| format!("{name} TEXT -- renamed from: {old}\n");
    let schema = |columns: &str| {
        sandbox.write(
            "schema.sql",
            format!("CREATE TABLE t (\nid INTEGER PRIMARY KEY,\n{columns});\n"),
        );
    };
    sandbox.revision("a1", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);", "DROP TABLE t;");
    schema(&column("b", "a"));
    sandbox.done("upgrade");
    sandbox.done("revision --autogenerate -m b --rev-id x1");
    schema(&format!("a TEXT,\n{}", column("b", "a")));
    sandbox.done("upgrade");
    sandbox.done("revision --autogenerate -m a --rev-id y1");
    sandbox.done("upgrade");
    sandbox.execute("INSERT INTO t (id, a, b) VALUES (1, 'was a', 'was b')");
    schema(&format!("a TEXT, -- renamed from: b\n{}", column("b", "a")));
    there_and_back(&sandbox, "");
    assert_eq!(sandbox.query("SELECT a, b FROM t"), "was b|was a");
}

#[test]
fn a_hint_stays_where_its_old_name_comes_back() {
    let hinted = "full_name TEXT, -- renamed from: name\nage INTEGER";
    let sandbox = project(&wanted(&format!("\n{hinted}")));
    there_and_back(&sandbox, "");
    sandbox.write("schema.sql", wanted(&format!("\n{hinted}, name TEXT")));
    sandbox.done("revision --autogenerate -m again --rev-id c1");
    sandbox.done("upgrade");
    for command in ["check", "diff --exit-code", "revision --autogenerate -m x"] {
        assert_eq!(sandbox.run(command).code, 0, "{command}");
    }
}

#[test]
fn a_rename_of_nothing_is_an_error() {
    let sandbox = project(&wanted("full_name TEXT, age INTEGER"));
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x --rename users.nam=full_name"), @"
    exit 1
    --- stderr
    error: `nam` can't be renamed to `full_name`: neither is there
    hint: nothing was written; correct the hint or --rename, or take it out
    ");
    for text in ["users.name", "=name", "name="] {
        let run =
            nothing_is_written(&sandbox, &format!("revision --autogenerate -m x --rename {text}"));
        assert_eq!(run.code, 2, "{text}");
    }
}

#[test]
fn a_rename_that_sqlite_refuses_is_told_with_its_statement() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "CREATE TABLE t (rowid TEXT, a TEXT);", "DROP TABLE t;");
    sandbox.write(
        "schema.sql",
        "CREATE TABLE t (\n    x TEXT, -- renamed from: rowid\n    a TEXT\n);\n",
    );
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x"), @"
    exit 1
    --- stderr
    error: SQLite refuses `ALTER TABLE t RENAME COLUMN rowid TO x`: cannot rename from rowid alias: rowid
    hint: nothing was written; take the hint out, and move the rows by hand in the script that drops the old one and adds the new one
    ");
}
