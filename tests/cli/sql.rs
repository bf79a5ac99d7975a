use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Run, Sandbox};

/// A project whose database has a table and two rows.
fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.execute(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born REAL);
         CREATE INDEX by_name ON users (name);
         INSERT INTO users VALUES (1, 'ada', 1815.5), (2, 'grace', NULL);",
    );
    sandbox
}

/// Runs statements of a file.
pub(crate) fn sql(sandbox: &Sandbox, flags: &str, text: &str) -> Run {
    sandbox.write("given.sql", text);
    sandbox.run(&format!("sql {flags} -f given.sql"))
}

/// Gives statements on standard input.
fn typed(sandbox: &Sandbox, arguments: &str, text: &str) -> String {
    let mut child = sandbox.command(arguments).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    sandbox.seen(&child.wait_with_output().unwrap()).text()
}

#[test]
fn rows_are_a_table_and_changes_are_counted() {
    let sandbox = project();
    assert_snapshot!(sandbox.migrate("sql 'select * from users'"), @"
    exit 0
    --- stdout
    +----+-------+--------+
    | id | name  | born   |
    +----+-------+--------+
    |  1 | ada   | 1815.5 |
    |  2 | grace | NULL   |
    +----+-------+--------+
    ");
    assert_snapshot!(sandbox.migrate("sql 'delete from users where id = 2'"), @"
    exit 0
    --- stderr
    1 row changed
    ");
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "1");
}

#[test]
fn rows_are_csv_or_a_line_a_column() {
    let sandbox = project();
    let text = "select id, name || ', \"x\"' as name, born, '' as empty from users; select 2 as b;";
    assert_snapshot!(sql(&sandbox, "--csv", text).text(), @r#"
    exit 0
    --- stdout
    id,name,born,empty
    1,"ada, ""x""",1815.5,""
    2,"grace, ""x""",,""

    b
    2
    "#);
    assert_snapshot!(sql(&sandbox, "--expanded", text).text(), @r#"
    exit 0
    --- stdout
       id = 1
     name = ada, "x"
     born = 1815.5
    empty =

       id = 2
     name = grace, "x"
     born = NULL
    empty =

    b = 2
    "#);
}

#[test]
fn the_document_has_every_result() {
    let document = project().json("sql 'update users set born = 1.0; select id, born from users'");
    let mut results = document["results"].clone();
    for result in results.as_array_mut().unwrap() {
        assert!(result["duration_ms"].take().is_u64());
    }
    assert_eq!(
        results,
        json!([
            {"columns": [], "rows": [], "changed": 2, "duration_ms": null},
            {
                "columns": [{"name": "id", "type": "INTEGER"}, {"name": "born", "type": "REAL"}],
                "rows": [[1, 1.0], [2, 1.0]], "changed": 0, "duration_ms": null,
            },
        ])
    );
}

#[test]
fn statements_come_from_standard_input() {
    let sandbox = project();
    assert_snapshot!(typed(&sandbox, "sql", "select 1 as a;\nselect 2 as b"), @"
    exit 0
    --- stdout
    +---+
    | a |
    +---+
    | 1 |
    +---+

    +---+
    | b |
    +---+
    | 2 |
    +---+
    ");
    assert_snapshot!(typed(&sandbox, "sql - --csv", "select 3 as c"), @"
    exit 0
    --- stdout
    c
    3
    ");
    assert_eq!(
        typed(&sandbox, "sql -f - --csv", "select 3 as c"),
        typed(&sandbox, "sql - --csv", "select 3 as c")
    );
    assert_snapshot!(typed(&sandbox, "sql", "select 'a\nb"), @"
    exit 1
    --- stderr
    error: a quote is opened with ' and never closed
     --> <stdin>:1:8
      |
    1 | select 'a
      |        ^
    hint: close the quote, or double it if it is part of the text
    ");
}

#[test]
fn an_error_has_its_place_and_says_what_stands() {
    let sandbox = project();
    let text =
        "delete from users where id = 1;\nselect 1 as a;\nselect nme\nfrom users;\nselect 2;\n";
    assert_snapshot!(sql(&sandbox, "", text).text(), @"
    exit 1
    --- stdout
    +---+
    | a |
    +---+
    | 1 |
    +---+
    --- stderr
    1 row changed
    error: no such column: nme
     --> given.sql:3:8
      |
    3 | select nme
      |        ^^^
      code: SQLITE_ERROR (1)
      the 2 statements before it are done, and stand
    ");
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "1");
    let document = sandbox.json("sql 'select 7 as a; selec 1'");
    assert_eq!(document["error"]["file"], "<statement>");
    assert_eq!((&document["error"]["line"], &document["error"]["column"]), (&json!(1), &json!(16)));
    assert_eq!(document["error"]["statement"], "selec 1");
    assert_eq!(document["steps"], json!([]));
    assert_eq!(document["results"][0]["rows"], json!([[7]]));
}

#[test]
fn what_can_not_be_split_runs_nothing() {
    let sandbox = project();
    assert_snapshot!(sandbox.refused("sql 'delete from users; select \"a'"), @r#"
    exit 1
    --- stderr
    error: a quote is opened with " and never closed
     --> <statement>:1:27
      |
    1 | delete from users; select "a
      |                           ^
    hint: close the quote, or double it if it is part of the text
    "#);
}

#[test]
fn transactions_are_those_of_the_text() {
    let sandbox = project();
    let text = "begin; delete from users where id = 1; commit; begin; delete from users;";
    assert_snapshot!(sql(&sandbox, "", text).text(), @"
    exit 0
    --- stderr
    1 row changed
    1 row changed
    warning: a transaction was left open, and was rolled back
    ");
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "1");
    let text = "select 1 as a; begin; delete from users; nonsense;";
    assert_snapshot!(sql(&sandbox, "--csv", text).text(), @r#"
    exit 1
    --- stdout
    a
    1
    --- stderr
    1 row changed
    error: near "nonsense": syntax error
     --> given.sql:1:42
      |
    1 | select 1 as a; begin; delete from users; nonsense;
      |                                          ^^^^^^^^
      code: SQLITE_ERROR (1)
      the open transaction was rolled back
      the statement before it is done, and stands
    "#);
    assert_eq!(sandbox.query("SELECT count(*) FROM users"), "1");
}

#[test]
fn a_protected_environment_asks_unless_it_is_read_only() {
    let sandbox = project();
    sandbox.write("migrate.toml", "[migrate]\nurl = \"sqlite:app.db\"\nprotected = true\n");
    assert_snapshot!(sandbox.refused("sql 'delete from users'"), @"
    exit 1
    --- stderr
    error: the environment is protected, and statements may change its database
    hint: add --yes to confirm, or --read-only to look only
    ");
    sandbox.done("sql --read-only 'select 1'");
    sandbox.done("sql --yes 'delete from users'");
}

#[test]
fn what_steers_a_terminal_is_made_visible() {
    let sandbox = project();
    let text =
        "select 'a\u{1b}[31mb\tc\nd\u{202e}' as \"x\u{1b}[0m\", 'NULL' as word, null as missing";
    assert_snapshot!(sql(&sandbox, "", text).text(), @r"
    exit 0
    --- stdout
    +----------------------------+--------+---------+
    | x\u{1b}[0m                 | word   | missing |
    +----------------------------+--------+---------+
    | a\u{1b}[31mb\tc\nd\u{202e} | 'NULL' | NULL    |
    +----------------------------+--------+---------+
    ");
    // A program gets the text as it is.
    assert!(sql(&sandbox, "--csv", text).stdout.contains("\"a\u{1b}[31mb\tc\nd\u{202e}\""));
}

#[test]
fn a_statement_that_is_interrupted_ends_with_130() {
    let sandbox = project();
    let endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";
    // The first row shows that the statement before is done, and this one about to begin.
    let arguments = format!("sql --csv 'select 1 as a; {endless}'");
    let mut child = sandbox.command(&arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "a\n");
    let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    let run = sandbox.seen(&child.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.text());
    assert!(run.stderr.contains("error: interrupted\n --> <statement>:1:"), "{}", run.stderr);
}

#[test]
fn wide_characters_keep_columns_aligned() {
    let sandbox = project();
    let text = "select 1 as n, '日本語' as word, 'x' as y union all select 22, 'é', 'y'";
    assert_snapshot!(sql(&sandbox, "", text).text(), @"
    exit 0
    --- stdout
    +----+--------+---+
    | n  | word   | y |
    +----+--------+---+
    |  1 | 日本語 | x |
    | 22 | é      | y |
    +----+--------+---+
    ");
}

#[test]
fn a_missing_database_is_not_made_to_be_read() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.refused("sql --read-only 'select 1'"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: there is no such database
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    assert_snapshot!(sandbox.refused("sql -f nowhere.sql"), @"
    exit 1
    --- stderr
    error: can't read `nowhere.sql`: No such file or directory (os error 2)
    hint: check its name and folder
    ");
}

#[test]
fn integers_keep_their_digits_in_the_document() {
    let run =
        project().run("--json sql 'select 9007199254740993 as big, 1.0 as whole, 1e300 as r'");
    assert!(run.stdout.contains("\"rows\":[[9007199254740993,1.0,1.0e300]]"), "{}", run.stdout);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["results"][0]["columns"][0], json!({"name": "big", "type": "integer"}));
}

#[test]
fn what_sqlite_asks_itself_is_no_answer() {
    let sandbox = Sandbox::new();
    sandbox.execute("CREATE TABLE t (a INTEGER)");
    let run = sandbox.run("sql 'alter table t add constraint ck check (a > 0)'");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.text());
    let run = sandbox.run("sql 'insert into t values (1) returning a as given'");
    assert!(run.stdout.contains("given"), "{}", run.text());
    let run = sandbox.run("sql 'pragma journal_mode = delete'");
    assert!(run.stdout.contains("journal_mode"), "{}", run.text());
}
