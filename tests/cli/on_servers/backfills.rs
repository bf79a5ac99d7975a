//! Backfills that the server refuses, or that do something else than fill a column.

use crate::on_servers::{Remote, holds, on_postgres};

const BEFORE: &str = "CREATE TABLE o (id int PRIMARY KEY, c int);\n\
                      CREATE TABLE t (\n    id int PRIMARY KEY,\n    n text\n);\n";

/// Makes a project whose database has a schema.
fn made(before: &str) -> Option<Remote> {
    let remote = on_postgres()?;
    remote.write("schema.sql", before);
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    Some(remote)
}

/// Returns a schema in which the table has another column, on its fifth line.
fn with_column(column: &str) -> String {
    BEFORE.replace("    n text\n", &format!("    n text,\n    {column}\n"))
}

#[test]
fn what_the_server_says_of_a_backfill_is_told_with_the_place_of_the_hint() {
    let Some(remote) = made(BEFORE) else { return };
    for (fill, message) in [
        ("n *", "syntax error at or near"),
        ("(n + )", "syntax error at or near \")\""),
        ("nope", "column \"nope\" does not exist"),
        ("nope(n)", "function nope(text) does not exist"),
        ("n", "column \"k\" is of type integer but expression is of type text"),
        ("'x'", "invalid input syntax for type integer: \"x\""),
        ("(SELECT a FROM gone)", "relation \"gone\" does not exist"),
    ] {
        remote.write("schema.sql", with_column(&format!("k int NOT NULL -- backfill: {fill}")));
        let error = remote.error("revision --autogenerate -m second --rev-id b2");
        let text = error["message"].as_str().unwrap();
        holds(text, &["the statement with the backfill of `t.k` fails: ", message]);
        assert!(!text.contains("aborted"), "{text}");
        assert_eq!(error["kind"], "schema", "{error}");
        assert!(error["file"].as_str().unwrap().ends_with("schema.sql"), "{error}");
        assert_eq!((&error["line"], &error["column"]), (&5.into(), &20.into()), "{error}");
        let hint = error["hint"].as_str().unwrap();
        holds(hint, &["nothing was written; correct the expression behind `-- backfill:`"]);
    }
}

#[test]
fn of_several_backfills_the_one_that_is_refused_is_named() {
    let Some(remote) = made(BEFORE) else { return };
    let column = "k int NOT NULL, -- backfill: 1\n    l int NOT NULL, -- backfill: id + nope\n    \
                  m int NOT NULL -- backfill: id";
    remote.write("schema.sql", with_column(column));
    let error = remote.error("revision --autogenerate -m second --rev-id b2");
    let text = error["message"].as_str().unwrap();
    holds(
        text,
        &["the statement with the backfill of `t.l` fails: column \"nope\" does not exist"],
    );
    assert_eq!(error["line"], 6, "{error}");
}

#[test]
fn a_backfill_that_is_tried_on_no_row_is_warned_of() {
    let Some(remote) = made(BEFORE) else { return };
    // The proof's rows have no such text.
    let check = "CHECK (k < 0)";
    let fill = "CASE WHEN n = 'a name that nobody has' THEN -1 ELSE 1 END";
    remote.write("schema.sql", with_column(&format!("k int NOT NULL {check} -- backfill: {fill}")));
    let warning = "the backfill of `t.k` was tried on no row: none was found that keeps the rules of \
                   its table before and after it";
    let run = remote.run("diff");
    holds(&run.stderr, &[warning]);
    let run = remote.run("--json revision --autogenerate -m second --rev-id b2");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &[warning]);
}

#[test]
fn a_backfill_that_changes_another_table_is_refused() {
    let touch = "CREATE FUNCTION touch(i int) RETURNS int LANGUAGE plpgsql AS \
                 $$ BEGIN UPDATE o SET c = 99; RETURN i; END $$;\n";
    let log = "CREATE FUNCTION log(i int) RETURNS int LANGUAGE sql AS \
               $$ INSERT INTO o VALUES (i + 100000, i) ON CONFLICT DO NOTHING; SELECT i $$;\n";
    for (function, name) in [(touch, "touch"), (log, "log")] {
        let Some(remote) = made(&format!("{BEFORE}{function}")) else { return };
        let column = format!("k int NOT NULL -- backfill: {name}(id)");
        remote.write("schema.sql", with_column(&column) + function);
        let error = remote.error("revision --autogenerate -m second --rev-id b2");
        let text = error["message"].as_str().unwrap();
        holds(text, &["the backfill of `t.k` changes rows of `o` too"]);
        assert_eq!(error["line"], 5, "{error}");
    }
    // One that only reads is no such case, nor is a default that counts.
    let read = "CREATE FUNCTION read(i int) RETURNS int LANGUAGE sql AS $$ SELECT count(*)::int FROM o $$;\n";
    let Some(remote) = made(&format!("{BEFORE}{read}")) else { return };
    remote.write("schema.sql", with_column("k int NOT NULL -- backfill: read(id)") + read);
    remote.done("revision --autogenerate -m second --rev-id b2");
}

#[test]
fn backfills_by_columns_that_come_and_go_are_tried_on_rows() {
    let Some(remote) = made(BEFORE) else { return };
    let after = "CREATE TABLE o (id int PRIMARY KEY, c int);\nCREATE TABLE t (\n    id int PRIMARY KEY,\n\
                 \x20   size int NOT NULL, -- backfill: coalesce(length(n), 0)\n\
                 \x20   twice int NOT NULL, -- backfill: size * 2 + more\n\
                 \x20   more int NOT NULL DEFAULT 5\n);\n";
    remote.write("schema.sql", after);
    let run = remote.run("revision --autogenerate -m second --rev-id b2 --verbose");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(!run.stderr.contains("no row"), "{}", run.stderr);
    assert!(!run.stderr.contains("Without rows"), "{}", run.stderr);
    remote.done("upgrade");
}

#[test]
fn backfills_by_new_functions_and_types_are_tried_on_rows() {
    let Some(remote) = made(BEFORE) else { return };
    let made = "CREATE TYPE mood AS ENUM ('sad', 'glad');\n\
                CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql AS $$ SELECT i * 2 $$;\n";
    let column = "k int NOT NULL, -- backfill: twice(t.id % 100)\n    m mood NOT NULL -- backfill: 'sad'::mood";
    remote.write("schema.sql", format!("{made}{}", with_column(column)));
    let run = remote.run("revision --autogenerate -m second --rev-id b2");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(!run.stderr.contains("no row"), "{}", run.stderr);
    remote.done("upgrade");
}

#[test]
fn backfills_that_wait_for_each_other_are_told_with_the_place_of_one() {
    let Some(remote) = made(BEFORE) else { return };
    let column = "a int NOT NULL, -- backfill: coalesce(b, 1)\n    \
                  b int NOT NULL -- backfill: coalesce(a, 2)";
    remote.write("schema.sql", with_column(column));
    let error = remote.error("revision --autogenerate -m second --rev-id b2");
    let text = error["message"].as_str().unwrap();
    assert_eq!(text, "the backfill of `t.b` names `t.a`, which waits for `t.b` in turn");
    assert_eq!((&error["line"], &error["column"]), (&6.into(), &20.into()), "{error}");
    let view = "CREATE VIEW v AS SELECT k, id FROM t;\n";
    let column = "k int NOT NULL -- backfill: (SELECT max(id) FROM v)";
    remote.write("schema.sql", with_column(column) + view);
    let error = remote.error("revision --autogenerate -m second --rev-id b2");
    let text = error["message"].as_str().unwrap();
    assert_eq!(text, "the backfill of `t.k` names `v`, which waits for `t.k` in turn");
    assert_eq!(error["line"], 5, "{error}");
}

#[test]
fn backfills_by_a_column_that_changes_its_type_are_tried_on_rows() {
    let Some(remote) = made(BEFORE) else { return };
    for (name, fill) in [("k", "coalesce(lower(n), '')"), ("z", "coalesce(n + 1, 0)")] {
        let columns = format!(
            "    n int, -- backfill: length(n)\n    {name} text NOT NULL -- backfill: ({fill})::text\n"
        );
        remote.write("schema.sql", BEFORE.replace("    n text\n", &columns));
        let run = remote.run("diff");
        assert!(!run.stderr.contains("no row"), "{}", run.text());
        holds(&run.stdout, &[fill]);
    }
}

#[test]
fn a_hint_that_stays_leaves_values_to_a_wider_type() {
    let with =
        |column: &str| BEFORE.replace("    n text\n", &format!("    n text,\n    {column}\n"));
    let Some(remote) = made(BEFORE) else { return };
    remote.database.execute("INSERT INTO t VALUES (1, 'one')");
    remote.write("schema.sql", with("k int -- backfill: length(n)"));
    remote.done("revision --autogenerate -m second --rev-id b2");
    remote.done("upgrade");
    remote.database.execute("UPDATE t SET k = 77");
    remote.write("schema.sql", with("k bigint -- backfill: length(n)"));
    let run = remote.run("revision --autogenerate -m third --rev-id c3");
    let idle = "the backfill of `t.k` has no effect (the hint at schema.sql:5:14): the change needs no values";
    holds(&run.stderr, &[idle]);
    remote.done("upgrade");
    assert_eq!(remote.database.query("SELECT k FROM t"), ["77"]);
    remote.write("schema.sql", with("k text -- backfill: length(n) || 'x'"));
    let run = remote.run("revision --autogenerate -m fourth --dry-run");
    let anew = "the backfill of `t.k` replaces all its values by `length(n) || 'x'` (the hint at schema.sql:5:12)";
    holds(&run.stderr, &[anew]);
}
