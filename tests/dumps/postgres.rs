//! `pg_dump`, as it writes by default and with rows as INSERT.

use std::process::{Command, Stdio};

use servers::Database;

use crate::project::Project;

/// Awkward names and values, and one of most kinds of object that a dump holds.
const ODD: &str = r#"
    CREATE TYPE mood AS ENUM ('so, so', 'it''s');
    CREATE SCHEMA "other;schema";
    CREATE DOMAIN positive AS int CHECK (VALUE > 0);
    CREATE TABLE "odd"";name" (a int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t text, d timestamptz,
        n numeric(5, 2), b bytea, j jsonb, l text[], m mood, p positive, g int GENERATED ALWAYS AS (1) STORED);
    INSERT INTO "odd"";name" (t, d, n, b, j, l, m, p) VALUES
        (E'it''s; \\ "ä🦀"\t\n\\. $$ /* --', '2026-01-01 00:00:00Z', 1.50, '\x00ff', '{"a": ";"}',
         ARRAY['a,b', NULL, E'\\'], 'it''s', 1), (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
        ('', NULL, 'NaN', '', 'null', '{}', 'so, so', 2), (E'\\.', NULL, NULL, NULL, NULL, NULL, NULL, 3),
        (E'\\N\nBEGIN;\nCOMMIT;\n\\q', NULL, NULL, NULL, NULL, NULL, NULL, 4);
    CREATE TABLE "other;schema".empty (a serial PRIMARY KEY, b int REFERENCES "odd"";name", UNIQUE (b));
    CREATE TABLE whole (a int, b int) PARTITION BY RANGE (a);
    CREATE TABLE part PARTITION OF whole FOR VALUES FROM (1) TO (10);
    INSERT INTO whole VALUES (1, 2), (3, 4);
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.b := NEW.b; RETURN NEW; END $body$;
    CREATE FUNCTION g(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE WHEN n > 0 THEN n END; END;
    CREATE TRIGGER filled BEFORE INSERT ON part FOR EACH ROW EXECUTE FUNCTION f();
    CREATE VIEW seen AS SELECT a FROM whole WHERE b > 1;
    CREATE MATERIALIZED VIEW kept AS SELECT a FROM whole;
    CREATE INDEX found ON whole (b) WHERE a > 1;
    COMMENT ON TABLE whole IS 'a; b';
    SELECT setval('"other;schema".empty_a_seq', 41);"#;

/// The ways to write rows.
const WAYS: [&[&str]; 4] = [
    &[],
    &["--inserts"],
    &["--column-inserts", "--rows-per-insert=2"],
    &["--no-owner", "--no-acl"],
];

/// Makes the sample's tables and a few more, with rows in them.
fn filled() -> Option<Database> {
    let database = servers::postgres()?.database();
    Project::sample(&database.url()).done(&["upgrade", "heads"]);
    for name in ["ada", "bob", "eve"] {
        let hash = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA";
        database.execute(&format!(
            "INSERT INTO users (email, password_hash) VALUES ('{name}@example.com', '{hash}')"
        ));
    }
    database.execute(ODD);
    Some(database)
}

/// Returns what is written of a database, without the lines that differ each time.
fn content(database: &Database, options: &[&str]) -> String {
    let dump = database.pg_dump(options);
    let is_random =
        |line: &&str| line.starts_with(r"\restrict") || line.starts_with(r"\unrestrict");
    dump.lines().filter(|line| !is_random(line)).map(|line| line.to_owned() + "\n").collect()
}

#[test]
fn a_dump_runs_as_a_revision_and_leaves_the_same_database() {
    let Some(database) = filled() else { return };
    for options in WAYS {
        let copy = servers::postgres().unwrap().database();
        let project = Project::new(&copy.url());
        project.write(&database.pg_dump(options), "");
        project.done(&["upgrade"]);
        assert_eq!(content(&copy, options), content(&database, options), "{options:?}");
        assert_eq!(copy.query("SELECT revision FROM migrate_version"), ["d1"]);
        assert_eq!(copy.query("SELECT * FROM migrate_version_running"), [""; 0]);
    }
}

#[test]
fn a_dump_without_a_transaction_leaves_the_same_database() {
    let Some(database) = filled() else { return };
    let copy = servers::postgres().unwrap().database();
    let project = Project::new(&copy.url());
    project.write_with("-- Transaction: none\n", &database.pg_dump(&[]), "");
    project.done(&["upgrade"]);
    assert_eq!(content(&copy, &[]), content(&database, &[]));
}

#[test]
fn a_dump_is_printed_for_psql_with_its_data() {
    let Some(database) = filled() else { return };
    let copy = servers::postgres().unwrap().database();
    let project = Project::new(&copy.url());
    project.write(&database.pg_dump(&[]), "");
    let printed = String::from_utf8(project.run(&["upgrade", "--sql"]).stdout).unwrap();
    copy.execute(&printed);
    assert_eq!(content(&copy, &[]), content(&database, &[]));
    project.done(&["check"]);
}

#[test]
fn a_dump_runs_over_an_encrypted_connection() {
    let Some(database) = filled() else { return };
    let copy = servers::postgres().unwrap().database();
    let project = Project::new(&copy.url_with("sslmode=require"));
    project.write(&database.pg_dump(&[]), "");
    project.done(&["upgrade"]);
    assert_eq!(content(&copy, &[]), content(&database, &[]));
}

#[test]
fn data_that_do_not_fit_are_told_with_their_line_and_undone() {
    let Some(server) = servers::postgres() else { return };
    let database = server.database();
    let project = Project::new(&database.url());
    let body = "CREATE TABLE t (a int, b text);\nCOPY t (a, b) FROM stdin;\n1\tone\ntwo\t2\n\\.\nSELECT 1;\n";
    project.write(body, "");
    let error = project.error(&["upgrade"]);
    assert_eq!((&error["line"], &error["column"]), (&10.into(), &1.into()), "{error}");
    assert!(error["message"].as_str().unwrap().contains("\"two\""), "{error}");
    assert_eq!(database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'"), [""; 0]);
    project.write(&body.replace("two\t2", "2\ttwo"), "");
    project.done(&["upgrade"]);
    assert_eq!(database.query("SELECT * FROM t ORDER BY a"), ["1|one", "2|two"]);
}

#[test]
fn many_data_go_in_one_statement_and_an_error_in_their_middle_leaves_the_connection() {
    let Some(server) = servers::postgres() else { return };
    let database = server.database();
    let project = Project::new(&database.url());
    let mut rows: Vec<String> = (0..60_000).map(|n| format!("{n}\t{}", "x".repeat(90))).collect();
    let body = |rows: &[String]| {
        format!("CREATE TABLE t (a int, b text);\nCOPY t FROM stdin;\n{}\n\\.\n", rows.join("\n"))
    };
    rows[1000] = "no number\tx".to_owned();
    project.write(&body(&rows), "");
    let error = project.error(&["upgrade"]);
    assert_eq!(error["line"], 1009, "{error}");
    assert_eq!(error["kind"], "sql", "{error}");
    rows[1000] = "1000\tx".to_owned();
    project.write(&body(&rows), "");
    project.done(&["upgrade"]);
    assert_eq!(database.query("SELECT count(*), sum(a) FROM t"), ["60000|1799970000"]);
}

#[test]
fn a_run_killed_within_the_data_leaves_nothing_of_them() {
    let Some(server) = servers::postgres() else { return };
    let database = server.database();
    let project = Project::new(&database.url());
    // The server waits for the lock when the data are on their way.
    project.write("COPY t FROM stdin;\n1\n\\.\nSELECT 1;\n", "");
    database.execute("CREATE TABLE t (a int)");
    let mut holder = Command::new("psql")
        .args(["-XAtq", &database.url()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let input = holder.stdin.as_mut().unwrap();
    std::io::Write::write_all(input, b"BEGIN; LOCK TABLE t; SELECT pg_notify('x', 'y');\n")
        .unwrap();
    let waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 't'::regclass";
    let holds = "SELECT count(*) FROM pg_locks WHERE granted AND relation = 't'::regclass \
                 AND mode = 'AccessExclusiveLock'";
    while database.query(holds) != ["1"] {}
    let mut child = project.spawn(&["upgrade"]);
    while database.query(waits) != ["1"] {}
    child.kill().unwrap();
    child.wait().unwrap();
    drop(holder.stdin.take());
    holder.wait().unwrap();
    project.done(&["upgrade"]);
    assert_eq!(database.query("SELECT * FROM t"), ["1"]);
}
