use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{CONFIG, Run, Sandbox};

pub(crate) const BEFORE: &str =
    "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER);";

/// Makes a project whose one revision, applied, makes `users`; the schema is to be as given.
pub(crate) fn project(schema: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", BEFORE, "DROP TABLE users;");
    sandbox.write("schema.sql", schema);
    sandbox.done("upgrade");
    sandbox
}

pub(crate) fn wanted(columns: &str) -> String {
    format!("CREATE TABLE users (id INTEGER PRIMARY KEY, {columns});")
}

/// Generates the revision `b1`, and runs it up, down and up.
pub(crate) fn there_and_back(sandbox: &Sandbox, options: &str) {
    sandbox.done(&format!("revision --autogenerate -m x --rev-id b1 {options}"));
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("diff --exit-code").text(), "exit 0\n--- stderr\nNo changes.\n");
    sandbox.done("downgrade -1");
    assert_eq!(sandbox.json("check")["drift"], json!([]));
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("check").code, 0);
}

pub(crate) fn nothing_is_written(sandbox: &Sandbox, arguments: &str) -> Run {
    let before = sandbox.files();
    let run = sandbox.run(arguments);
    assert!(sandbox.files() == before, "{arguments} changed a file: {}", run.text());
    run
}

#[test]
fn the_schema_that_a_database_shows_is_taken_without_the_bookkeeping_tables() {
    let sandbox = project(BEFORE);
    let shown =
        "SELECT group_concat(sql || ';', char(10)) FROM sqlite_schema WHERE sql IS NOT NULL";
    let schema = sandbox.query(shown);
    assert!(schema.contains("migrate_version_running"), "{schema}");
    sandbox.write("schema.sql", schema);
    assert_eq!(sandbox.run("check").code, 0);
    nothing_is_written(&sandbox, "revision --autogenerate -m x");
    assert!(!sandbox.migrate("diagram --schema").contains("migrate_version"));
}

#[test]
fn a_pair_of_scripts_is_written_and_told() {
    let sandbox = project(&wanted("name TEXT, age INTEGER, email TEXT"));
    assert_snapshot!(sandbox.migrate("revision --autogenerate -m email --rev-id b1"), @"
    exit 0
    --- stdout
    Generating versions/20260101_000000_b1_email.up.sql ...  done
    Generating versions/20260101_000000_b1_email.down.sql ...  done
    --- stderr
    Detected: add column users.email
    ");
    assert_snapshot!(sandbox.read("versions/20260101_000000_b1_email.up.sql"), @"
    -- email
    --
    -- Revision ID: b1
    -- Revises: a1
    -- Create Date: 2026-01-01T00:00:00Z

    -- Add column users.email
    ALTER TABLE users ADD COLUMN email TEXT;
    ");
    assert_snapshot!(sandbox.read("versions/20260101_000000_b1_email.down.sql"), @"
    -- email (down)

    -- Drop column users.email
    -- DESTRUCTIVE: drops column users.email with its values
    ALTER TABLE users DROP COLUMN email;
    ");
    sandbox.done("upgrade");
    sandbox.done("check");
    sandbox.done("downgrade base");
}

#[test]
fn a_document_lists_the_changes() {
    let sandbox = project(&wanted("name TEXT, email TEXT NOT NULL DEFAULT ''"));
    let document = sandbox.json("revision --autogenerate -m email --rev-id b1");
    assert_eq!(document["revision"], "b1");
    assert_eq!(document["up"], "versions/20260101_000000_b1_email.up.sql");
    assert_eq!(document["down"], "versions/20260101_000000_b1_email.down.sql");
    let changes = document["changes"].as_array().unwrap();
    let short: Vec<Value> = changes
        .iter()
        .map(|it| json!([it["kind"], it["type"], it["object"], it["destructive"]]))
        .collect();
    assert_eq!(
        json!(short),
        json!([["create", "column", "users.email", false], ["drop", "column", "users.age", true]])
    );
    let up = sandbox.read("versions/20260101_000000_b1_email.up.sql");
    for change in changes {
        let sql = change["sql"].as_str().unwrap();
        assert!(!sql.is_empty() && up.contains(sql), "{sql}");
    }
}

#[test]
fn without_a_change_nothing_is_written() {
    let sandbox = project("CREATE TABLE Users (ID integer primary key, name text, age integer)");
    let run = nothing_is_written(&sandbox, "revision --autogenerate -m x");
    assert_eq!(run.text(), "exit 0\n--- stderr\nNo changes.\n");
    let expected = json!({"revision": null, "up": null, "down": null, "changes": []});
    assert_eq!(sandbox.json("revision --autogenerate -m x"), expected);
    assert_eq!(sandbox.json("revision --autogenerate -m x --dry-run"), expected);
}

#[test]
fn a_dry_run_shows_the_scripts_and_writes_nothing() {
    let sandbox = project(&wanted("name TEXT, age INTEGER, email TEXT"));
    let run = nothing_is_written(&sandbox, "revision --autogenerate -m x --dry-run");
    assert_snapshot!(run.text(), @"
    exit 0
    --- stdout
    -- up

    -- Add column users.email
    ALTER TABLE users ADD COLUMN email TEXT;

    -- down

    -- Drop column users.email
    -- DESTRUCTIVE: drops column users.email with its values
    ALTER TABLE users DROP COLUMN email;
    --- stderr
    Detected: add column users.email
    Nothing was written: this is a dry run.
    ");
    let same = nothing_is_written(&sandbox, "revision --autogenerate -m x --head-only");
    assert_eq!(same.text(), run.text());
    let document = sandbox.json("revision --autogenerate -m x --dry-run");
    assert_eq!(document["revision"], Value::Null);
    assert_eq!(document["changes"][0]["object"], "users.email");
    assert!(document["up_sql"].as_str().unwrap().contains("ADD COLUMN email"));
    assert!(document["down_sql"].as_str().unwrap().contains("DROP COLUMN email"));
    assert_eq!(sandbox.names("versions"), ["a1.down.sql", "a1.up.sql"]);
}

#[test]
fn objects_are_left_out_by_option_and_configuration() {
    let schema = format!("{BEFORE} CREATE TABLE a_log (id); CREATE TABLE tmp (id);");
    let sandbox = project(&schema);
    let found = |options: &str| {
        let document = sandbox.json(&format!("revision --autogenerate -m x --dry-run {options}"));
        let changes = document["changes"].as_array().unwrap().clone();
        changes.iter().map(|it| it["object"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(""), ["a_log", "tmp"]);
    assert_eq!(found("--exclude tmp"), ["a_log"]);
    assert_eq!(found("--include t*"), ["tmp"]);
    assert!(found("--exclude tmp --exclude *_log").is_empty());
    let filter = "[autogenerate]\nexclude = [\"*_log\"]\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{filter}"));
    assert_eq!(found(""), ["tmp"]);
    there_and_back(&sandbox, "");
    assert_eq!(sandbox.tables(), "tmp users");
}

#[test]
fn what_loses_data_is_warned_of_or_refused() {
    let sandbox = project(&wanted("name TEXT"));
    assert_snapshot!(sandbox.migrate("revision --autogenerate -m x --dry-run"), @"
    exit 0
    --- stdout
    -- up

    -- Drop column users.age
    -- DESTRUCTIVE: drops column users.age with its values
    ALTER TABLE users DROP COLUMN age;

    -- down

    -- Add column users.age
    ALTER TABLE users ADD COLUMN age INTEGER;
    --- stderr
    Detected: drop column users.age
    warning: destructive: drops column users.age with its values
    Nothing was written: this is a dry run.
    ");
    let refuse = "[autogenerate]\ndestructive = \"refuse\"\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{refuse}"));
    assert_snapshot!(sandbox.refused("revision --autogenerate -m x"), @r#"
    exit 1
    --- stderr
    error: destructive steps are refused: drops column users.age with its values
    hint: nothing was written; if one is a rename, say so with `-- renamed from: OLD` in the schema or --rename; `destructive = "allow"` in [autogenerate] allows the others
    "#);
    assert_eq!(sandbox.json("revision --autogenerate -m x")["error"]["kind"], "schema");
}

#[test]
fn a_column_that_a_person_has_to_fill_is_warned_of() {
    let sandbox = project(&wanted("name TEXT, age INTEGER, email TEXT NOT NULL"));
    let run = sandbox.run("revision --autogenerate -m x --dry-run");
    assert!(run.stdout.contains("-- FILL IN:"), "{}", run.text());
    assert!(run.stderr.contains("warning: fill in: users.email"), "{}", run.text());
    assert!(!run.stderr.contains("rows don't fit"), "{}", run.text());
    there_and_back(&sandbox, "");
}

/// Upgrades to a revision that was generated for a schema; tells what goes wrong.
fn upgrade_to(columns: &str, options: &str, rows: &str) -> String {
    let sandbox = Sandbox::new();
    sandbox.revision(
        "a1",
        &format!("CREATE TABLE t (id INTEGER PRIMARY KEY, e TEXT){options};"),
        "",
    );
    sandbox.done("upgrade");
    sandbox.execute(&format!("INSERT INTO t VALUES {rows}"));
    sandbox.write("schema.sql", format!("CREATE TABLE t ({columns}){options};"));
    sandbox.done("revision --autogenerate -m x --rev-id b1");
    let run = sandbox.run("upgrade");
    let line =
        |word: &str| run.stderr.lines().find(|it| it.trim().starts_with(word)).map(str::trim);
    [line("error: "), line("detail: ")].map(Option::unwrap_or_default).join("; ")
}

#[test]
fn a_row_that_does_not_fit_is_named_with_the_table_that_people_know() {
    let id = "id INTEGER PRIMARY KEY";
    for (columns, options, rows, expected) in [
        (
            format!("{id}, e TEXT NOT NULL"),
            "",
            "(1, 'x'), (3, NULL)",
            "error: NOT NULL constraint failed: t.e; detail: row 3 of `t` has NULL in `e`",
        ),
        (
            format!("{id}, e TEXT UNIQUE"),
            "",
            "(1, 'x'), (4, 'x')",
            "error: UNIQUE constraint failed: t.e; detail: rows 1 and 4 of `t` have the same `e`",
        ),
        (
            format!("{id}, e TEXT CHECK (e < 'm')"),
            "",
            "(1, 'a'), (2, 'z')",
            "error: CHECK constraint failed: e < 'm'; detail: row 2 of `t` doesn't fit CHECK (e < 'm')",
        ),
        (
            format!("{id}, e INTEGER"),
            " STRICT",
            "(1, '5'), (2, 'z')",
            "error: cannot store TEXT value in INTEGER column t.e; detail: row 2 of `t` doesn't fit",
        ),
        (
            "id INT, e INTEGER PRIMARY KEY".to_owned(),
            "",
            "(1, '5'), (2, 'z')",
            "error: datatype mismatch: t.e takes INTEGER alone; detail: row 2 of `t` doesn't fit",
        ),
        (
            format!("{id}, e TEXT); CREATE UNIQUE INDEX i ON t (lower(e)"),
            "",
            "(1, 'x'), (2, 'X')",
            "error: UNIQUE constraint failed: index 'i'; detail: rows 1 and 2 of `t` have the same \
             `lower(e)`",
        ),
    ] {
        assert_eq!(upgrade_to(&columns, options, rows), expected);
    }
}

#[test]
fn what_becomes_stricter_is_in_the_document() {
    let sandbox = project(&wanted("name TEXT NOT NULL, age INTEGER"));
    let document = sandbox.json("revision --autogenerate -m x --dry-run");
    let change = &document["changes"][0];
    assert_eq!(change["may_fail"], true);
    assert_eq!(change["check"], "SELECT * FROM users WHERE name IS NULL;");
    assert!(
        document["up_sql"].as_str().unwrap().contains("-- Fails if rows don't fit: users.name")
    );
}

#[test]
fn rows_survive_a_rebuild_and_its_return() {
    let sandbox = project(&wanted("name TEXT NOT NULL DEFAULT 'x' CHECK (name <> ''), age TEXT"));
    sandbox.execute("INSERT INTO users VALUES (7, 'Ann', 40), (9, NULL, NULL)");
    there_and_back(&sandbox, "");
    assert_eq!(sandbox.query("SELECT * FROM users"), "7|Ann|40\n9|x|NULL");
}

#[test]
fn hooks_run_on_generated_scripts() {
    let sandbox = project(&wanted("name TEXT, age INTEGER, email TEXT"));
    let hook =
        "[[hooks.post_write]]\ncommand = [\"sh\", \"-c\", \"echo '-- seen' >> $0\", \"{file}\"]\n";
    sandbox.write("migrate.toml", format!("{CONFIG}{hook}"));
    sandbox.done("revision --autogenerate -m x --rev-id b1");
    assert!(sandbox.read("versions/20260101_000000_b1_x.up.sql").ends_with("-- seen\n"));
}

#[test]
fn a_folder_of_files_is_a_schema_too() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", format!("{CONFIG}schema = \"schema\"\n"));
    sandbox.write("schema/1.sql", "CREATE INDEX by_name ON users (name);");
    sandbox.write("schema/2.sql", BEFORE);
    there_and_back(&sandbox, "");
}

#[test]
fn its_options_need_it_and_sql_does_not_go_with_it() {
    let sandbox = project(BEFORE);
    for options in ["--dry-run", "--from-database", "--rename a=b", "--include a", "--exclude a"] {
        assert_eq!(nothing_is_written(&sandbox, &format!("revision {options}")).code, 2);
    }
    assert_eq!(nothing_is_written(&sandbox, "revision --autogenerate --sql").code, 2);
}

#[test]
fn tables_without_rows_are_named_on_demand() {
    let sandbox = project("CREATE TABLE riddle (a TEXT NOT NULL CHECK (hex(a) = 'no'));");
    sandbox.done("revision --autogenerate -m x --rev-id b1");
    sandbox.write(
        "schema.sql",
        "CREATE TABLE riddle (a TEXT NOT NULL CHECK (hex(a) = 'no'), b TEXT);",
    );
    let run = sandbox.run("revision --autogenerate -m y --verbose");
    let told = "Without rows: table riddle: no row was found that keeps its rules";
    assert!(run.code == 0 && run.stderr.contains(told), "{}", run.text());
}
