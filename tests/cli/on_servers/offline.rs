//! `--sql`: what is printed, piped into the server's own client, does what a run does.

use std::process::{Command, Stdio};

use serde_json::{Value, json};
use servers::Database;

use crate::on_servers::{Kind, Remote, another, each, on_mariadb};
use crate::support::Sandbox;

/// The message of a revision that tries every quote.
const MESSAGE: &str = "it's \"quoted\" `so` \\ back\\\\slash; äöü 🦀 -- $$ /* ${x} //";

/// Rows of the version table, times, names and durations aside.
const ROWS: &str = "SELECT revision, position, parents, depends_on, branch_labels, message, options, \
                    checksum, down_script, operation, coalesce(tag, '-') FROM migrate_version \
                    ORDER BY position";

/// Writes revisions: message, up and down are as awkward as the dialect allows.
fn fill(sandbox: &Sandbox, scripts: &[(&str, &str)]) {
    let mut parent = String::new();
    for (at, (up, down)) in scripts.iter().enumerate() {
        let id = format!("s{at}");
        let head = format!(
            "-- {MESSAGE}\n--\n-- Revision ID: {id}\n-- Revises: {parent}\n\
             -- Create Date: 2026-01-01T00:00:00Z\n-- Branch Labels: l{at}\n"
        );
        sandbox.write(&format!("versions/{id}.up.sql"), format!("{head}\n{up}\n"));
        sandbox.write(&format!("versions/{id}.down.sql"), format!("-- {MESSAGE}\n{down}\n"));
        parent = id;
    }
}

const POSTGRES: &[(&str, &str)] = &[
    (
        "CREATE TABLE t (a int PRIMARY KEY, b text);\nINSERT INTO t VALUES (1, 'it''s \\ 🦀; --'), \
         (2, E'a\\'b\\\\c;\\n'), (3, $x$a;'b$$c$x$);",
        "DROP TABLE t;",
    ),
    (
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$\nBEGIN\n  -- it's; $$\n  \
         NEW.b := NEW.b || ';';\n  RETURN NEW;\nEND;\n$body$;\nCREATE TRIGGER g BEFORE INSERT ON t FOR \
         EACH ROW EXECUTE FUNCTION f();\nINSERT INTO t VALUES (4, 'x');",
        "DROP TRIGGER g ON t;\nDROP FUNCTION f;",
    ),
    (
        "CREATE FUNCTION h(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN n \
         > 0 THEN n END; END;\nSET search_path = pg_catalog;",
        "DROP FUNCTION h;",
    ),
    ("COMMENT ON TABLE t IS 'a; b';\nDO $$ BEGIN PERFORM 1; END $$;", ""),
];

/// No comment is in a body: the client takes it out, unless it is told `--comments`.
const MARIADB: &[(&str, &str)] = &[
    (
        "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(99));\nINSERT INTO t VALUES (1, 'it''s \\\\ \
         🦀; --'), (2, \"a\\\"b\\\\c;\\n\"), (3, 'a;''b$$c//');",
        "DROP TABLE t;",
    ),
    (
        "DELIMITER //\nCREATE PROCEDURE p(n INT)\nBEGIN\n  INSERT INTO t VALUES (n, \
         ';$$');\nEND//\nDELIMITER ;\nCALL p(5);",
        "DROP PROCEDURE p;\nDELETE FROM t WHERE a = 5;",
    ),
    (
        "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW\nBEGIN\n  SET NEW.b = CONCAT(NEW.b, ';');\n\
         END;\nINSERT INTO t VALUES (4, 'x');",
        "DROP TRIGGER g;\nDELETE FROM t WHERE a = 4;",
    ),
    (
        "CREATE VIEW v AS SELECT ';' AS a; # the end\nINSERT INTO t VALUES (7, '# no comment');",
        "DROP VIEW v;\nDELETE FROM t WHERE a = 7;",
    ),
];

const SQLITE: &[(&str, &str)] = &[
    (
        "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);\nINSERT INTO t VALUES (1, 'it''s \\ 🦀; --');",
        "DROP TABLE t;",
    ),
    (
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN\n  UPDATE t SET b = b || ';' WHERE a = NEW.a;\n  \
         SELECT CASE WHEN 1 THEN 'end' END;\nEND;\nINSERT INTO t VALUES (4, 'x');",
        "DROP TRIGGER g;",
    ),
    ("CREATE VIEW [v;] AS SELECT ';' AS \"a;\";", "DROP VIEW [v;];"),
];

/// Returns what a database holds: rows of our tables and of the scripts', and all definitions.
fn contents(kind: Kind, database: &Database) -> Vec<String> {
    let has_table = |name: &str| {
        let query = format!(
            "SELECT 1 FROM information_schema.tables WHERE table_name = '{name}' \
                             AND table_schema IN ('public', '{}')",
            database.name()
        );
        !database.query(&query).is_empty()
    };
    let mut res = database.query(ROWS);
    if has_table("t") {
        res.extend(database.query("SELECT * FROM t ORDER BY a"));
    }
    res.extend(database.query("SELECT version, name FROM migrate_version_schema ORDER BY 1"));
    res.extend(database.query("SELECT * FROM migrate_version_running"));
    let definitions = match kind {
        Kind::Postgres => {
            "SELECT table_name, column_name, data_type, is_nullable, column_default FROM \
             information_schema.columns WHERE table_schema = 'public' ORDER BY 1, ordinal_position; \
             SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
             ORDER BY proname; SELECT pg_get_triggerdef(oid) FROM pg_trigger ORDER BY tgname; \
             SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1; \
             SELECT obj_description(oid) FROM pg_class WHERE relname = 't'"
        }
        Kind::Mariadb => {
            "SELECT table_name, column_name, column_type, is_nullable, column_default, \
             collation_name, column_key FROM information_schema.columns \
             WHERE table_schema = database() ORDER BY 1, ordinal_position; \
             SELECT routine_name, routine_definition, sql_mode FROM information_schema.routines \
             WHERE routine_schema = database(); \
             SELECT trigger_name, action_statement FROM information_schema.triggers \
             WHERE trigger_schema = database(); SELECT table_name, engine FROM \
             information_schema.tables WHERE table_schema = database() ORDER BY 1"
        }
    };
    res.extend(database.query(definitions));
    res
}

/// Returns a script, which needs no connection.
fn printed(sandbox: &Sandbox, arguments: &str) -> String {
    let run = sandbox.run(&format!("{arguments} --sql"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.text());
    run.stdout
}

/// Has the project's commands run, and what they print piped into another database.
fn compare(remote: &Remote, steps: &[(&str, &str)]) {
    let nowhere = if remote.kind == Kind::Postgres { "postgres" } else { "mariadb" };
    let other = another(remote.kind);
    for (online, offline) in steps {
        remote.done(online);
        other.execute(&printed(remote, &format!("{offline} --url {nowhere}://127.0.0.1:1/x")));
        let (found, expected) =
            (contents(remote.kind, &other), contents(remote.kind, &remote.database));
        assert_eq!(found, expected, "{offline}");
    }
}

#[test]
fn what_is_printed_does_what_a_run_does() {
    each(|remote| {
        fill(remote, if remote.kind == Kind::Postgres { POSTGRES } else { MARIADB });
        let steps = [
            ("upgrade s1 --tag it's", "upgrade s1 --tag it's"),
            ("upgrade head", "upgrade s1:head"),
            ("downgrade s1", "downgrade s3:s1"),
            ("upgrade +1", "upgrade s1:s2"),
            ("downgrade base", "downgrade s2:base"),
        ];
        let steps =
            steps.map(|(online, offline)| (online.replace('\'', "’"), offline.replace('\'', "’")));
        let steps: Vec<(&str, &str)> =
            steps.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        compare(remote, &steps);
        // What was made offline goes on online, and the other way round.
        remote.done("upgrade head");
        assert_eq!(remote.json("check")["clean"], true);
    });
}

#[test]
fn a_printed_stamp_and_a_printed_table_are_as_those_of_a_run() {
    each(|remote| {
        fill(remote, if remote.kind == Kind::Postgres { POSTGRES } else { MARIADB });
        compare(remote, &[("ensure-version", "ensure-version")]);
    });
    each(|remote| {
        fill(remote, if remote.kind == Kind::Postgres { POSTGRES } else { MARIADB });
        compare(
            remote,
            &[("stamp s1", "stamp s1"), ("stamp s3", "stamp s1:s3"), ("stamp s0", "stamp s3:s0")],
        );
    });
}

#[test]
fn what_sqlite_s_own_shell_is_given_does_what_a_run_does() {
    let (online, offline) = (Sandbox::new(), Sandbox::new());
    fill(&online, SQLITE);
    fill(&offline, SQLITE);
    let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";
    let steps = [
        ("upgrade s1", "upgrade s1"),
        ("upgrade head", "upgrade s1:head"),
        ("downgrade s1", "downgrade s2:s1"),
        ("downgrade base", "downgrade s1:base"),
        ("stamp s1", "stamp base:s1"),
    ];
    for (run, print) in steps {
        online.done(run);
        let text = printed(&offline, print);
        // A stamp that begins at the base makes the tables, which are there.
        let start = if print == "stamp base:s1" { text.find("BEGIN").unwrap() } else { 0 };
        pipe(&offline, &text[start..]);
        for query in [ROWS, schema] {
            assert_eq!(offline.query(query), online.query(query), "{print}");
            assert_eq!(offline.query_in("python.db", query), online.query(query), "{print}");
        }
    }
}

#[test]
fn what_the_shell_of_sqlite_takes_for_the_end_of_a_statement_ends_none_that_is_printed() {
    let sandbox = Sandbox::new();
    sandbox.up_only(
        "a1",
        "CREATE TABLE go (n TEXT);\nINSERT INTO\ngo\nVALUES (4\n/\n2), ('a\ngo\n/\n');\n\
         INSERT INTO go SELECT 1 AS\n  Go -- why not\n;\nCREATE TRIGGER t AFTER INSERT ON\nGO\nBEGIN\n  \
         SELECT 4\n/ /* why not */\n2;\nEND;",
    );
    sandbox.up_only("b1<a1", "INSERT INTO go VALUES ('next');");
    pipe(&sandbox, &printed(&sandbox, "upgrade"));
    let rows = sandbox.query("SELECT group_concat(n, '|') FROM go");
    assert_eq!(rows, "2|a\ngo\n/\n|1|next");
    assert_eq!(sandbox.query("SELECT group_concat(revision) FROM migrate_version"), "a1,b1");
}

#[test]
fn what_is_printed_is_read_as_utf_8_by_a_client_that_takes_it_for_something_else() {
    each(|remote| {
        let (first, clue) = match remote.kind {
            Kind::Postgres => ("SET search_path = public", "SET client_encoding = 'LATIN1'"),
            Kind::Mariadb => ("SET @owner = 'me'", "SET NAMES latin1"),
        };
        // What a script leaves in its session is undone; that takes the encoding along.
        remote.up_only("a1", &format!("{first};\nCREATE TABLE t (a VARCHAR(9));"));
        remote.up_only("b1<a1", "INSERT INTO t VALUES ('é🦀');");
        let other = another(remote.kind);
        other.pipe(&format!("{clue};\n{}", printed(remote, "upgrade")), &[]);
        assert_eq!(other.query("SELECT a FROM t"), ["é🦀"]);
    });
}

#[test]
fn what_a_printed_script_has_set_on_mariadb_is_undone_before_the_next() {
    let Some(remote) = on_mariadb() else { return };
    remote.up_only(
        "a1",
        "CREATE TABLE p (id INT PRIMARY KEY);\n\
         CREATE TABLE c (id INT REFERENCES p (id));\n\
         SET foreign_key_checks = 0, unique_checks = 0, sql_mode = '', time_zone = '+05:00';",
    );
    remote.up_only("b1<a1", "INSERT INTO c VALUES (9);");
    for set in ["@@sql_mode", "@@time_zone", "@@unique_checks", "@@foreign_key_checks"] {
        let text = printed(&remote, "upgrade base:a1");
        let other = another(remote.kind);
        other.pipe(&format!("{text}\nCREATE TABLE found SELECT {set} AS it;"), &[]);
        assert_eq!(other.query("SELECT it FROM found"), other.query(&format!("SELECT {set}")));
    }
    assert_eq!(remote.run("upgrade").code, 1);
    let other = another(remote.kind);
    other.pipe(&printed(&remote, "upgrade"), &[]);
    assert_eq!(other.query("SELECT count(*) FROM c"), ["0"]);
    assert_eq!(other.query("SELECT revision FROM migrate_version"), ["a1"]);
}

/// Hands a script to the sqlite3 shell, and to Python's SQLite for a second database.
fn pipe(sandbox: &Sandbox, text: &str) {
    let program = "import sqlite3, sys\n\
                   db = sqlite3.connect('python.db', isolation_level=None)\n\
                   db.executescript(sys.stdin.buffer.read().decode())\n";
    sandbox.write("text.sql", text);
    for command in [vec!["sqlite3", "app.db"], vec!["python3", "-c", program]] {
        let output = Command::new(command[0])
            .args(&command[1..])
            .current_dir(sandbox.path(""))
            .stdin(std::fs::File::open(sandbox.path("text.sql")).unwrap())
            .stdout(Stdio::null())
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && complaint.is_empty(), "{complaint}\n{text}");
    }
}

#[test]
fn the_statements_of_a_range_are_listed_without_a_connection() {
    let cases = [
        ("postgres://127.0.0.1:1/x", POSTGRES, vec![(8, 1), (9, 1)]),
        ("mysql://127.0.0.1:1/x", MARIADB, vec![(8, 1), (9, 1)]),
        ("sqlite:nowhere/x.db", SQLITE, vec![(8, 1), (9, 1)]),
    ];
    for (url, scripts, places) in cases {
        let sandbox = Sandbox::new();
        fill(&sandbox, scripts);
        let document = sandbox.json(&format!("upgrade base:head --sql --url {url}"));
        let steps = document["steps"].as_array().unwrap();
        assert_eq!(steps.len(), scripts.len(), "{url}");
        for (at, step) in steps.iter().enumerate() {
            assert_eq!(step["file"], format!("versions/s{at}.up.sql"));
            let text = sandbox.read(&format!("versions/s{at}.up.sql"));
            for statement in step["statements"].as_array().unwrap() {
                stands_there(&text, statement);
            }
        }
        let found: Vec<(u64, u64)> =
            steps[0]["statements"].as_array().unwrap().iter().map(place).collect();
        assert_eq!(found, places, "{url}");
        assert_eq!(steps[0]["operation"], json!("upgrade"));
        let down = sandbox.json(&format!("downgrade head:base --sql --url {url}"));
        assert_eq!(down["steps"][0]["file"], format!("versions/s{}.down.sql", scripts.len() - 1));
    }
}

fn place(statement: &Value) -> (u64, u64) {
    (statement["line"].as_u64().unwrap(), statement["column"].as_u64().unwrap())
}

/// Fails unless a statement begins at its place in the file.
fn stands_there(text: &str, statement: &Value) {
    let (line, column) = place(statement);
    let mut lines = text.split_inclusive('\n');
    let before: String = lines.by_ref().take(usize::try_from(line).unwrap() - 1).collect();
    let skipped: String =
        lines.next().unwrap().chars().take(usize::try_from(column).unwrap() - 1).collect();
    let sql = statement["sql"].as_str().unwrap();
    assert!(text[before.len() + skipped.len()..].starts_with(sql), "{statement}");
    assert!(!sql.trim_end().ends_with(';') || sql.ends_with("END;"), "{statement}");
}
