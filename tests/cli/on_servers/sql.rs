//! `migrate sql` on three databases: the same data is shown as the same text.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::on_servers::{Kind, each, holds, on_mariadb, on_postgres};
use crate::sql::sql;
use crate::support::Sandbox;

/// Makes a table of all types: with the types of a database, and its way to write bytes.
fn fill(sandbox: &Sandbox, [big, real, bytes, at, doc]: [&str; 5], blob: &str) {
    let run = sql(
        sandbox,
        "",
        &format!(
            "CREATE TABLE kinds (id INTEGER PRIMARY KEY, big {big}, ratio {real}, price DECIMAL(10, 2),
             flag BOOLEAN, word TEXT, bytes {bytes}, noted {at}, day DATE, doc {doc});
             INSERT INTO kinds VALUES (1, 9007199254740993, 1.0, 12.25, true, 'naïve 日本', {blob},
             '2026-11-23 10:15:00', '2026-11-23', '{{\"a\": 1}}');
             INSERT INTO kinds VALUES (2, -5, 0.1, -0.25, false, 'a\tb\u{1b}[31m', {blob},
             '2026-11-23 10:15:00.500', '0999-01-01', '[]');
             INSERT INTO kinds VALUES (3, 0, 1e300, 0.01, true, 'NULL', NULL, NULL, NULL, NULL);
             INSERT INTO kinds (id, word) VALUES (4, '');"
        ),
    );
    assert_eq!(run.code, 0, "{}", run.text());
}

/// Makes the table on every database, and returns what each of them shows.
fn everywhere(flags: &str) -> Vec<String> {
    let query = "select * from kinds order by id";
    let local = Sandbox::new();
    fill(&local, ["BIGINT", "DOUBLE", "BLOB", "TIMESTAMP", "JSON"], "x'0aff'");
    let mut res = vec![sql(&local, flags, query).text()];
    each(|remote| {
        match remote.kind {
            Kind::Postgres => {
                let types = ["BIGINT", "DOUBLE PRECISION", "BYTEA", "TIMESTAMP", "JSONB"];
                fill(remote, types, "'\\x0aff'");
            }
            Kind::Mariadb => {
                fill(remote, ["BIGINT", "DOUBLE", "BLOB", "DATETIME(6)", "JSON"], "x'0aff'");
            }
        }
        res.push(sql(remote, flags, query).text());
    });
    res
}

#[test]
fn a_table_of_all_types_is_the_same_everywhere() {
    let shown = everywhere("");
    assert_snapshot!(shown[0], @r#"
    exit 0
    --- stdout
    +----+------------------+---------+-------+-------+----------------+---------+-----------------------+------------+----------+
    | id | big              | ratio   | price | flag  | word           | bytes   | noted                 | day        | doc      |
    +----+------------------+---------+-------+-------+----------------+---------+-----------------------+------------+----------+
    |  1 | 9007199254740993 |     1.0 | 12.25 | true  | naïve 日本     | x'0aff' | 2026-11-23 10:15:00   | 2026-11-23 | {"a": 1} |
    |  2 |               -5 |     0.1 | -0.25 | false | a\tb\u{1b}[31m | x'0aff' | 2026-11-23 10:15:00.5 | 0999-01-01 | []       |
    |  3 |                0 | 1.0e300 |  0.01 | true  | 'NULL'         | NULL    | NULL                  | NULL       | NULL     |
    |  4 | NULL             | NULL    | NULL  | NULL  |                | NULL    | NULL                  | NULL       | NULL     |
    +----+------------------+---------+-------+-------+----------------+---------+-----------------------+------------+----------+
    "#);
    assert!(shown.iter().all(|it| *it == shown[0]), "{}", shown.join("\n"));
}

#[test]
fn the_other_forms_are_the_same_everywhere() {
    for flags in ["--csv", "--expanded"] {
        let shown = everywhere(flags);
        assert!(shown.iter().all(|it| *it == shown[0]), "{}", shown.join("\n"));
    }
    let documents = everywhere("--json");
    let rows = |text: &String| {
        let document = text.split_once("--- stdout").unwrap().1;
        let document: Value = serde_json::from_str(document).unwrap();
        document["results"][0]["rows"].clone()
    };
    for document in &documents {
        assert_eq!(rows(document), rows(&documents[0]), "{document}");
        holds(document, &["9007199254740993,1.0,12.25,true,\"naïve 日本\",\"0aff\""]);
    }
}

#[test]
fn the_types_of_columns_are_told() {
    let types = |run: &str| {
        let document: Value = serde_json::from_str(run).unwrap();
        let columns = document["results"][0]["columns"].as_array().unwrap().clone();
        columns.iter().map(|it| it["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    if let Some(remote) = on_postgres() {
        sql(&remote, "", "create type mood as enum ('ok')");
        let text = "select 1, 2::int8, 1.5::float8, 'a'::varchar, array[1.5], array[array['b\"', null]], \
                    'ok'::mood, array['ok'::mood], now(), 'NaN'::float8, 'NaN'::numeric";
        let run = sql(&remote, "--json", text);
        assert_eq!(
            types(&run.stdout),
            [
                "int4",
                "int8",
                "float8",
                "varchar",
                "numeric[]",
                "text[]",
                "mood",
                "mood[]",
                "timestamptz",
                "float8",
                "numeric"
            ]
        );
        holds(&run.stdout, &[r#""[1.5]","[[\"b\\\"\",null]]","ok","[\"ok\"]""#, r#""NaN","NaN"]"#]);
    }
    if let Some(remote) = on_mariadb() {
        sql(
            &remote,
            "",
            "create table t (a tinyint(1), b int unsigned, c enum('x'), d varbinary(3))",
        );
        let run = sql(&remote, "--json", "select a, b, c, d, 18446744073709551615 from t");
        let unsigned = "bigint unsigned";
        assert_eq!(types(&run.stdout), ["boolean", "int unsigned", "enum", "varbinary", unsigned]);
    }
}

#[test]
fn a_database_that_is_only_to_be_read_refuses_every_write() {
    let write = ["insert into t values (1)", "create table u (a int)", "drop table t"];
    each(|remote| {
        remote.database.execute("create table t (a int)");
        for statement in write {
            let run = sql(remote, "--read-only", statement);
            assert_eq!(run.code, 1, "{}", run.text());
            holds(
                &run.stderr,
                &["--> given.sql:1:1", "hint: with --read-only nothing can be changed"],
            );
        }
        assert_eq!(remote.database.query("select count(*) from t"), ["0"]);
        assert_eq!(sql(remote, "--read-only", "select * from t").code, 0);
    });
}

#[test]
fn errors_have_their_place() {
    each(|remote| {
        let run = sql(
            remote,
            "",
            "create table t (a int);\ninsert into t values (1);\nselect a,\n  b c d from t",
        );
        assert_eq!(run.code, 1);
        holds(
            &run.stderr,
            &["1 row changed", "--> given.sql:4:", "the 2 statements before it are done"],
        );
        let run =
            sql(remote, "", "begin; insert into t values (2); insert into nowhere values (1)");
        holds(&run.stderr, &["the open transaction was rolled back"]);
        assert_eq!(remote.database.query("select count(*) from t"), ["1"]);
    });
}

#[test]
fn types_are_told_behind_a_pooler_of_transactions() {
    let Some(remote) = on_postgres() else { return };
    let Some(server) = servers::postgres() else { return };
    let Some(pooler) = servers::pgbouncer(server, "transaction") else { return };
    sql(&remote, "", "create type mood as enum ('ok')");
    remote.configure(&pooler.url(&remote.database), "");
    for _ in 0..3 {
        let run = sql(&remote, "--json", "select 1 as a, 'ok'::mood as b, array['ok'::mood] as c");
        holds(
            &run.stdout,
            &["\"int4\"", "\"mood\"", "\"mood[]\"", "[[1,\"ok\",\"[\\\"ok\\\"]\"]]"],
        );
    }
}

#[test]
fn procedures_of_mariadb_give_all_their_rows() {
    let Some(remote) = on_mariadb() else { return };
    let text = "delimiter //\ncreate procedure p() begin select 1 as a; select 2 as b; end//\n\
                delimiter ;\ncall p(); create table t (a int); insert into t values (1), (2) returning a;";
    let run = sql(&remote, "--csv", text);
    assert_snapshot!(run.text(), @"
    exit 0
    --- stdout
    a
    1

    b
    2

    a
    1
    2
    --- stderr
    2 rows changed
    ");
    let document = remote.json("sql 'call p()'");
    let rows: Vec<&Value> =
        document["results"].as_array().unwrap().iter().map(|it| &it["rows"]).collect();
    assert_eq!(rows, [&json!([[1]]), &json!([[2]])]);
}
