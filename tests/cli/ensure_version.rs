use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

const COLUMNS: &str = "SELECT name, type, pk FROM pragma_table_info('migrate_version')";

#[test]
fn the_version_table_is_made_once() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.migrate("ensure-version"), "exit 0\n");
    let columns = sandbox.query(COLUMNS);
    for column in ["revision|TEXT|1", "checksum|TEXT|0", "applied_at|TEXT|0"] {
        assert!(columns.lines().any(|line| line == column), "{column} is not in {columns}");
    }
    assert_eq!(sandbox.applied(), "");
    let before = sandbox.files();
    assert_eq!(sandbox.migrate("ensure_version"), "exit 0\n");
    assert!(sandbox.files() == before);
}

#[test]
fn the_statements_are_printed_when_asked() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("ensure-version --sql");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.execute(&run.stdout);
    let printed = sandbox.query("SELECT name, sql FROM sqlite_schema ORDER BY name");
    sandbox.remove("app.db");
    sandbox.done("ensure-version");
    assert_eq!(sandbox.query("SELECT name, sql FROM sqlite_schema ORDER BY name"), printed);
}

#[test]
fn what_was_printed_and_run_by_hand_is_taken_as_ours() {
    let sandbox = Sandbox::with("a1");
    sandbox.execute(&sandbox.run("ensure-version --sql").stdout);
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1");
}

#[test]
fn another_name_is_used_for_all_of_them() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", format!("{CONFIG}version_table = \"schema_log\"\n"));
    sandbox.done("upgrade");
    let others = "SELECT name FROM sqlite_schema WHERE type = 'table' \
                  AND name <> 'schema_log' AND name NOT LIKE 'schema\\_log\\_%' ESCAPE '\\'";
    assert_eq!(sandbox.query(others), "t_a1");
    assert_eq!(sandbox.query("SELECT revision FROM schema_log"), "a1");
    assert_eq!(sandbox.json("current")["heads"], json!(["a1"]));
    sandbox.done("downgrade base");
    assert_eq!(sandbox.query("SELECT count(*) FROM schema_log"), "0");
}

#[test]
fn a_table_of_others_with_that_name_is_left_alone() {
    let sandbox = Sandbox::with("a1");
    sandbox.execute("CREATE TABLE migrate_version (version_num VARCHAR(32))");
    assert_snapshot!(sandbox.refused("ensure-version"), @r#"
    exit 1
    --- stderr
    error: table `migrate_version` is not a version table of this program: Alembic names a column `version_num`
    hint: nothing was changed; choose another name, e.g. `version_table = "migrations"` below `[migrate]` in migrate.toml
    "#);
    assert_snapshot!(sandbox.refused("upgrade"), @r#"
    exit 1
    --- stderr
    error: table `migrate_version` is not a version table of this program: Alembic names a column `version_num`
    hint: nothing was changed; choose another name, e.g. `version_table = "migrations"` below `[migrate]` in migrate.toml
    "#);
    assert_snapshot!(sandbox.refused("current"), @r#"
    exit 1
    --- stderr
    error: table `migrate_version` is not a version table of this program: Alembic names a column `version_num`
    hint: nothing was changed; choose another name, e.g. `version_table = "migrations"` below `[migrate]` in migrate.toml
    "#);
}

#[test]
fn a_table_of_a_newer_version_is_left_alone() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("ensure-version");
    sandbox.execute("UPDATE migrate_version_schema SET version = version + 99");
    for arguments in ["upgrade", "status", "ensure-version"] {
        let text = sandbox.refused(arguments);
        assert!(text.contains("error: table `migrate_version` is of version 10"), "{text}");
        assert!(text.contains("hint: use a newer release of this program"), "{text}");
    }
}

#[test]
fn the_document_names_the_table() {
    assert_eq!(Sandbox::new().json("ensure-version"), json!({"table": "migrate_version"}));
}
