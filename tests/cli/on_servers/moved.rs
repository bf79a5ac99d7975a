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

/// Makes a project whose schema file has hints that swap names, follows them, and then wants one column more:
/// nothing but that is generated.
#[track_caller]
fn follows_once(before: &str, after: &str, rows: &str, query: &str, expected: &[&str]) {
    let more = "CREATE TABLE other (a int);\n";
    let before = format!("{before}{more}");
    let after = format!("{after}{more}");
    let Some(remote) = between(&before, rows, &after) else { return };
    remote.done("revision --autogenerate -m two --rev-id b2");
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query(query), expected);
    remote.write("schema.sql", after.replace("(a int);", "(a int, b int);"));
    let changes = remote.json("revision --autogenerate -m three --rev-id c3")["changes"].clone();
    assert_eq!(changes.as_array().map(Vec::len), Some(1), "{changes}");
    assert_eq!(changes[0]["object"], "other.b", "{changes}");
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query(query), expected);
}

#[test]
fn schemas_are_swapped_once() {
    let before = "CREATE SCHEMA a;\nCREATE SCHEMA b;\n\
                  CREATE TABLE a.t (id int PRIMARY KEY);\nCREATE TABLE b.t (id int PRIMARY KEY);\n\
                  CREATE TABLE a.x (id int);\nCREATE TABLE b.y (id int);\n";
    let after = "CREATE SCHEMA b; -- renamed from: a\nCREATE SCHEMA a; -- renamed from: b\n\
                 CREATE TABLE b.t (id int PRIMARY KEY);\nCREATE TABLE a.t (id int PRIMARY KEY);\n\
                 CREATE TABLE b.x (id int);\nCREATE TABLE a.y (id int);\n";
    let rows = "INSERT INTO a.t VALUES (1); INSERT INTO b.t VALUES (2); INSERT INTO a.x VALUES (3)";
    let query = "SELECT (SELECT id FROM a.t), (SELECT id FROM b.t), (SELECT id FROM b.x)";
    follows_once(before, after, rows, query, &["2|1|3"]);
}

#[test]
fn types_are_swapped_once() {
    let before = "CREATE TYPE a AS ENUM ('x', 'y');\nCREATE TYPE b AS ENUM ('x', 'y');\n\
                  CREATE TYPE c AS (i int);\nCREATE TYPE d AS (i int);\n\
                  CREATE DOMAIN e AS int;\nCREATE DOMAIN f AS int;\n\
                  CREATE TABLE t (p a, q b, r c, s d, u e, v f);\n";
    let after = "CREATE TYPE b AS ENUM ('x', 'y'); -- renamed from: a\n\
                 CREATE TYPE a AS ENUM ('x', 'y'); -- renamed from: b\n\
                 CREATE TYPE d AS (i int); -- renamed from: c\n\
                 CREATE TYPE c AS (i int); -- renamed from: d\n\
                 CREATE DOMAIN f AS int; -- renamed from: e\n\
                 CREATE DOMAIN e AS int; -- renamed from: f\n\
                 CREATE TABLE t (p b, q a, r d, s c, u f, v e);\n";
    let rows = "INSERT INTO t VALUES ('x', 'y', ROW(1), ROW(2), 3, 4)";
    let query = "SELECT pg_typeof(p), p, pg_typeof(q), q, pg_typeof(r), pg_typeof(u), u FROM t";
    follows_once(before, after, rows, query, &["b|x|a|y|d|f|3"]);
}

#[test]
fn tables_alike_change_their_schemas_once() {
    let before = "CREATE SCHEMA a;\nCREATE SCHEMA b;\n\
                  CREATE TABLE a.t (id int PRIMARY KEY);\nCREATE TABLE b.t (id int PRIMARY KEY);\n\
                  CREATE TABLE \"One\" (id int);\nCREATE TABLE two (id int);\n";
    let after = "CREATE SCHEMA a;\nCREATE SCHEMA b;\n\
                 -- renamed from: a.t\nCREATE TABLE b.t (id int PRIMARY KEY);\n\
                 -- renamed from: b.t\nCREATE TABLE a.t (id int PRIMARY KEY);\n\
                 -- renamed from: \"One\"\nCREATE TABLE two (id int);\n\
                 -- renamed from: two\nCREATE TABLE \"One\" (id int);\n";
    let rows = "INSERT INTO a.t VALUES (1); INSERT INTO b.t VALUES (2); INSERT INTO two VALUES (3)";
    let query = "SELECT (SELECT id FROM a.t), (SELECT id FROM b.t), (SELECT id FROM \"One\")";
    follows_once(before, after, rows, query, &["2|1|3"]);
}

#[test]
fn routines_and_parts_are_swapped_once() {
    let before = "CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
                  CREATE FUNCTION g(i int) RETURNS int LANGUAGE sql AS 'SELECT 1';\n\
                  CREATE TABLE t (\na int,\nCONSTRAINT x CHECK (a > 0),\n\
                  CONSTRAINT y CHECK (a > 0)\n);\n\
                  CREATE POLICY x ON t USING (true);\nCREATE POLICY y ON t USING (true);\n";
    let after = "CREATE FUNCTION g(i int) RETURNS int LANGUAGE sql AS 'SELECT 1'; -- renamed from: f\n\
                 CREATE FUNCTION f(i int) RETURNS int LANGUAGE sql AS 'SELECT 1'; -- renamed from: g\n\
                 CREATE TABLE t (\na int,\nCONSTRAINT y CHECK (a > 0), -- renamed from: x\n\
                 CONSTRAINT x CHECK (a > 0) -- renamed from: y\n);\n\
                 CREATE POLICY y ON t USING (true); -- renamed from: x\n\
                 CREATE POLICY x ON t USING (true); -- renamed from: y\n";
    let rows = "INSERT INTO t VALUES (1)";
    follows_once(before, after, rows, "SELECT a FROM t", &["1"]);
}

#[test]
fn a_schema_that_has_swapped_tables_can_be_renamed() {
    let before = "CREATE SCHEMA a;\nCREATE TABLE a.x (id int);\nCREATE TABLE a.y (id int);\n";
    let after = "CREATE SCHEMA a;\n-- renamed from: x\nCREATE TABLE a.y (id int);\n\
                 -- renamed from: y\nCREATE TABLE a.x (id int);\n";
    let Some(remote) = between(before, "INSERT INTO a.x VALUES (1)", after) else { return };
    remote.done("revision --autogenerate -m two --rev-id b2");
    remote.done("upgrade");
    let next = after.replace("a.", "z.").replace("SCHEMA a;", "SCHEMA z; -- renamed from: a");
    remote.write("schema.sql", next);
    remote.done("revision --autogenerate -m three --rev-id c3");
    remote.done("upgrade");
    remote.done("check");
    assert_eq!(remote.database.query("SELECT id FROM z.y"), ["1"]);
}
