//! What has another name or another schema, as hints and --rename tell.

use crate::on_servers::{Remote, holds, on_postgres};

/// Makes a project whose database has a schema and rows, and whose schema file wants another one.
fn between(before: &str, rows: &str, after: &str) -> Option<Remote> {
    let remote = on_postgres()?;
    remote.write("schema.sql", before);
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    remote.database.execute(rows);
    remote.write("schema.sql", after);
    Some(remote)
}

const BEFORE: &str =
    "CREATE SCHEMA a;\nCREATE SCHEMA b;\nCREATE TABLE a.t (id serial PRIMARY KEY, n int);\n";
const AFTER: &str =
    "CREATE SCHEMA a;\nCREATE SCHEMA b;\nCREATE TABLE b.t (id serial PRIMARY KEY, n int);\n";
const ROWS: &str = "INSERT INTO a.t (n) VALUES (5), (6)";

#[test]
fn a_move_to_another_schema_is_suggested_and_keeps_rows() {
    let Some(remote) = between(BEFORE, ROWS, AFTER) else { return };
    let run = remote.run("diff");
    holds(&run.stdout, &["DROP TABLE a.t;", "CREATE TABLE b.t"]);
    let hint = "if table `b.t` is the old `a.t`, put `-- renamed from: a.t` on its line of the \
                schema, or add `--rename a.t=b.t`";
    holds(&run.stderr, &[hint]);
    for hint in ["--rename a.t=b.t", ""] {
        if hint.is_empty() {
            let hinted = AFTER.replace("CREATE TABLE", "-- renamed from: a.t\nCREATE TABLE");
            remote.write("schema.sql", hinted);
        }
        let arguments = format!("revision --autogenerate -m two --rev-id b2 {hint}");
        let document = remote.json(&arguments);
        assert_eq!(document["changes"].as_array().map(Vec::len), Some(1), "{document}");
        assert_eq!(document["changes"][0]["kind"], "rename", "{document}");
        let up = document["up"].as_str().unwrap();
        holds(&remote.read(up), &["ALTER TABLE a.t SET SCHEMA b;"]);
        remote.done("upgrade");
        remote.done("check");
        assert_eq!(remote.database.query("SELECT id, n FROM b.t ORDER BY 1"), ["1|5", "2|6"]);
        remote.done("downgrade -1");
        assert_eq!(remote.database.query("SELECT id, n FROM a.t ORDER BY 1"), ["1|5", "2|6"]);
        remote.remove(up);
        remote.remove(document["down"].as_str().unwrap());
    }
}

#[test]
fn a_hint_without_the_schema_is_refused() {
    let hinted = AFTER.replace("CREATE TABLE", "-- renamed from: t\nCREATE TABLE");
    let Some(remote) = between(BEFORE, ROWS, &hinted) else { return };
    let run = remote.run("revision --autogenerate -m two");
    holds(&run.stderr, &["`t` can't be renamed to `t`: it has that name already"]);
    remote.write("schema.sql", AFTER);
    for option in ["a.t=t", "t=b.t", "a.u=b.t", "b.t=a.t"] {
        let run = remote.run(&format!("revision --autogenerate -m two --rename {option}"));
        holds(&run.stderr, &["can't be renamed to"]);
    }
}

#[test]
fn names_with_capital_letters_are_in_quotes() {
    let before = "CREATE TABLE \"Users\" (\"firstName\" text);\n";
    let after = "CREATE TABLE users (first_name text);\n";
    let rows = "INSERT INTO \"Users\" VALUES ('Ada')";
    let Some(remote) = between(before, rows, after) else { return };
    for option in ["Users=users", "\"Users\"=users --rename Users.firstName=first_name"] {
        let run = remote.run(&format!("revision --autogenerate -m two --rename {option}"));
        holds(&run.stderr, &["neither is there; one with capital letters has to be in quotes"]);
    }
    let told = "--rename \"Users\"=USERS --rename \"Users\".\"firstName\"=first_name";
    remote.done(&format!("revision --autogenerate -m two {told}"));
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query("SELECT first_name FROM users"), ["Ada"]);
}

#[test]
fn a_value_of_an_enum_is_renamed_in_rows() {
    let schema = |values: &str| {
        format!("CREATE TYPE state AS ENUM (\n{values}\n);\nCREATE TABLE t (x state);\n")
    };
    let after = schema("'sent', -- renamed from: open\n'paid'");
    let rows = "INSERT INTO t VALUES ('open'), ('paid')";
    let Some(remote) = between(&schema("'open', 'paid'"), rows, &after) else { return };
    let run = remote.run("revision --autogenerate -m two");
    holds(&run.stderr, &["Detected: rename value open of enum state to sent"]);
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query("SELECT x FROM t ORDER BY 1"), ["sent", "paid"]);
    remote.done("downgrade -1");
    assert_eq!(remote.database.query("SELECT x FROM t ORDER BY 1"), ["open", "paid"]);
}
