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
fn servers_without_it_are_refused_by_name() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("schema.sql", BEFORE);
    for command in ["revision --autogenerate -m x", "diff", "dump", "dump --versions"] {
        let text = sandbox.refused(&format!("{command} --url mysql://h/d"));
        assert!(text.contains("not available yet for MySQL"), "{text}");
    }
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
