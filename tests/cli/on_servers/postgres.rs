//! What only PostgreSQL has: every kind of statement, and sessions that leave nothing behind.

use crate::on_servers::{Remote, holds, on_postgres};

/// Revisions of every kind, in a line: id, further lines of the head, up, down.
const KINDS: &[(&str, &str, &str, &str)] = &[
    (
        "k1",
        "",
        "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE p (m mood);",
        "DROP TABLE p;\nDROP TYPE mood;",
    ),
    ("k2", "", "ALTER TYPE mood ADD VALUE 'ok';", ""),
    ("k3", "", "INSERT INTO p VALUES ('ok');", "DELETE FROM p;"),
    (
        "k4",
        " | Transaction: none",
        "CREATE INDEX CONCURRENTLY p_m ON p (m);",
        "-- Transaction: none\n\nDROP INDEX CONCURRENTLY p_m;",
    ),
    ("k5", " | Transaction: none", "VACUUM p;\nVACUUM (ANALYZE) p;", ""),
    (
        "k6",
        "",
        "DO $$\nBEGIN\n  EXECUTE 'CREATE TABLE made (a int)';\nEND;\n$$;",
        "DROP TABLE made;",
    ),
    (
        "k7",
        "",
        "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $f$\nBEGIN\n  -- it's; fine\n  \
         RETURN 2 * n;\nEND;\n$f$;",
        "DROP FUNCTION twice(int);",
    ),
    (
        "k8",
        "",
        "CREATE FUNCTION sum_up(n int) RETURNS int LANGUAGE sql BEGIN ATOMIC\n  SELECT 1;\n  SELECT \
         CASE WHEN n > 0 THEN twice(n) ELSE 0 END;\nEND;\nCOMMENT ON FUNCTION sum_up(int) IS 'a; b';",
        "DROP FUNCTION sum_up(int);",
    ),
    (
        "k9",
        "",
        "CREATE VIEW v1 AS SELECT m FROM p;\nCREATE VIEW v2 AS SELECT m FROM v1;\nCOMMENT ON VIEW \
         v2 IS E'it\\'s; \\\\ 🦀';",
        "DROP VIEW v2;\nDROP VIEW v1;",
    ),
];

fn line(remote: &Remote, kinds: &[(&str, &str, &str, &str)]) {
    let mut parent = "";
    for (id, keys, up, down) in kinds {
        remote.revision(&format!("{id}<{parent}{keys}"), up, down);
        parent = id;
    }
}

#[test]
fn every_kind_of_statement_is_applied_and_taken_back() {
    let Some(remote) = on_postgres() else { return };
    line(&remote, KINDS);
    for _ in 0..2 {
        remote.done("upgrade head");
        let query = "SELECT m FROM v2; SELECT sum_up(21); SELECT indisvalid FROM pg_index WHERE \
                     indexrelid = 'p_m'::regclass; SELECT obj_description('v2'::regclass)";
        assert_eq!(remote.database.query(query), ["ok", "42", "t", "it's; \\ 🦀"]);
        assert_eq!(remote.objects(), "made mood p sum_up twice v1 v2");
        remote.done("downgrade base");
        assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()));
    }
}

#[test]
fn a_new_value_of_an_enum_is_used_by_the_next_revision() {
    let Some(remote) = on_postgres() else { return };
    line(&remote, &KINDS[..1]);
    remote.done("upgrade");
    let up = "ALTER TYPE mood ADD VALUE 'ok';\nINSERT INTO p VALUES ('ok');";
    remote.revision("k2<k1", up, "");
    let error = remote.error("upgrade");
    assert_eq!((&error["code"], &error["line"]), (&"55P04".into(), &8.into()));
    holds(error["hint"].as_str().unwrap(), &["put its use into the next revision"]);
    assert_eq!(remote.database.query("SELECT enum_range(null::mood)"), ["{sad}"]);
}

#[test]
fn what_can_t_run_in_a_transaction_is_told_how() {
    let Some(remote) = on_postgres() else { return };
    remote.revision("a1", "CREATE TABLE t (a int);\nVACUUM t;", "");
    let error = remote.error("upgrade");
    assert_eq!((&error["code"], &error["line"]), (&"25001".into(), &8.into()));
    holds(error["hint"].as_str().unwrap(), &["put `-- Transaction: none` into the header"]);
    remote.revision("a1", "CREATE TABLE t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);", "");
    assert_eq!(remote.error("upgrade")["code"], "25001");
    assert_eq!(remote.objects(), "");
}

#[test]
fn what_a_script_sets_ends_with_it() {
    let Some(remote) = on_postgres() else { return };
    let role = format!("role_{}", remote.database.name());
    let grant = format!("CREATE ROLE {role}; GRANT {role} TO {}", servers::USER);
    remote.database.execute_as_admin(&grant);
    remote.revision("a1", "CREATE SCHEMA other;", "DROP SCHEMA other;");
    let up = "SET search_path = other;\nCREATE TABLE there (a int);";
    remote.revision("b1<a1", up, "SET search_path TO other;\nDROP TABLE there;");
    remote.revision(
        "c1<b1",
        &format!("CREATE TABLE here (a int);\nSET ROLE {role};"),
        "DROP TABLE here;",
    );
    let up = "SELECT pg_catalog.set_config('search_path', '', false);\nSET statement_timeout = 0;\n\
              CREATE TABLE public.dumped (a int);";
    remote.revision("d1<c1", up, "DROP TABLE dumped;");
    remote.revision("e1<d1", "CREATE TABLE last (a int);", "DROP TABLE last;");
    remote.done("upgrade head");
    let places = "SELECT schemaname, tablename, tableowner FROM pg_tables WHERE schemaname IN \
                  ('public', 'other') ORDER BY tablename";
    let expected = [
        "public|dumped|app",
        "public|here|app",
        "public|last|app",
        "public|migrate_version|app",
        "public|migrate_version_running|app",
        "public|migrate_version_schema|app",
        "other|there|app",
    ];
    assert_eq!(remote.database.query(places), expected);
    assert_eq!(remote.applied(), "a1 b1 c1 d1 e1");
    remote.done("downgrade base");
    assert_eq!((remote.objects(), remote.applied()), (String::new(), String::new()));
    remote.database.execute_as_admin(&format!("DROP ROLE {role}"));
}

#[test]
fn what_the_server_says_beside_its_answers_is_shown() {
    let Some(remote) = on_postgres() else { return };
    let up = "DO $$ BEGIN RAISE NOTICE 'hello %', 1; RAISE WARNING 'mind %', 2; END $$;\n\
              CREATE TABLE IF NOT EXISTS t (a int);\nCREATE TABLE IF NOT EXISTS t (a int);";
    remote.revision("a1", up, "DROP TABLE t;");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &["hello 1", "mind 2", "relation \"t\" already exists, skipping"]);
    remote.done("downgrade base");
    let run = remote.run("--json upgrade");
    holds(&run.stderr, &["hello 1"]);
    assert!(!run.stdout.contains("hello"), "{}", run.text());
}

#[test]
fn the_version_table_can_have_a_schema_of_its_own() {
    let Some(remote) = on_postgres() else { return };
    remote.configure(&remote.database.url(), "version_table = \"ops.migrate_version\"");
    remote.add("a1; b1<a1");
    assert_eq!(remote.json("current")["pending"], 2);
    assert_eq!(remote.database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'ops'"), [""; 0]);
    remote.done("upgrade");
    let rows = remote.database.query("SELECT revision FROM ops.migrate_version ORDER BY position");
    assert_eq!(rows, ["a1", "b1"]);
    let strays =
        "SELECT tablename FROM pg_tables WHERE tablename LIKE 'migrate%' AND schemaname <> 'ops'";
    assert_eq!(remote.database.query(strays), [""; 0]);
    remote.done("downgrade base");
    assert_eq!(remote.database.query("SELECT count(*) FROM ops.migrate_version"), ["0"]);
}

#[test]
fn an_index_that_a_failed_build_left_is_not_passed_over() {
    let Some(remote) = on_postgres() else { return };
    remote.revision(
        "a1",
        "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1), (1);",
        "DROP TABLE t;",
    );
    let up =
        "SELECT 1;\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_a\n  ON t (a);\nSELECT 2;";
    remote.revision("b1<a1 | Transaction: none", up, "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(
        &run.stderr,
        &["versions/b1.up.sql:9:1", "23505", "1 of its 3 statements were committed"],
    );
    // What the try left is dropped, and so in nobody's way.
    holds(
        &run.stderr,
        &[
            "warning: the build of index public.t_a failed and left it invalid; the index was dropped",
        ],
    );
    let validity = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('t_a')";
    assert_eq!(
        (remote.database.query(validity), remote.applied()),
        (Vec::<String>::new(), "a1".into())
    );

    // One that others have left is not.
    let failed = remote.database.try_query("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)");
    holds(&failed.unwrap_err(), &["could not create unique index"]);
    remote.database.execute("DELETE FROM t");
    let error = remote.error("upgrade --resume");
    assert_eq!(error["message"], "the index `public.t_a` is there, but invalid");
    assert_eq!((&error["line"], &error["column"]), (&9.into(), &1.into()));
    holds(error["detail"].as_str().unwrap(), &["DROP INDEX CONCURRENTLY public.t_a"]);
    assert_eq!(remote.applied(), "a1");
    // Nor does another try get past it.
    assert_eq!(remote.run("upgrade").code, 1);
    assert_eq!(remote.error("upgrade --resume")["kind"], "sql");
    remote.replace("versions/b1.up.sql", "IF NOT EXISTS ", "");
    let error = remote.error("upgrade --resume");
    assert_eq!(error["code"], "42P07");
    holds(
        error["detail"].as_str().unwrap(),
        &["it is invalid", "DROP INDEX CONCURRENTLY public.t_a"],
    );
    assert_eq!(remote.database.query(validity), ["f"]);

    remote.database.execute("DROP INDEX CONCURRENTLY t_a");
    remote.done("upgrade --resume");
    assert_eq!(
        (remote.database.query(validity), remote.applied()),
        (vec!["t".into()], "a1 b1".into())
    );
}

#[test]
fn an_invalid_index_of_others_is_no_fault_of_a_script() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE TABLE t (a int, b int);\nINSERT INTO t VALUES (1, 1), (1, 2);\n\
              CREATE TABLE parted (a int) PARTITION BY LIST (a);\n\
              CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);";
    remote.revision("a1", up, "");
    remote.done("upgrade");
    let failed = remote.database.try_query("CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a)");
    holds(&failed.unwrap_err(), &["could not create unique index"]);
    let up = "CREATE INDEX CONCURRENTLY t_b ON t (b);\nCREATE INDEX parted_a ON ONLY parted (a);\n\
              CREATE INDEX CONCURRENTLY ON part (a);\nREINDEX INDEX CONCURRENTLY t_b;";
    remote.revision("b1<a1 | Transaction: none", up, "");
    remote.done("upgrade");
    assert_eq!(remote.applied(), "a1 b1");
    remote.revision("c1<b1 | Transaction: none", "DROP INDEX CONCURRENTLY t_a;", "");
    remote.done("upgrade");
}

#[test]
fn a_transaction_of_a_script_s_own_stands_or_falls_as_one() {
    let Some(remote) = on_postgres() else { return };
    let up = "CREATE TABLE t (a int);\nBEGIN;\nINSERT INTO t VALUES (1);\nINSERT INTO nowhere \
              VALUES (2);\nCOMMIT;\nINSERT INTO t VALUES (3);";
    remote.revision("a1 | Transaction: none", up, "");
    let run = remote.run("upgrade");
    holds(&run.stderr, &["versions/a1.up.sql:11:13", "1 of its 6 statements were committed"]);
    assert_eq!(remote.database.query("SELECT a FROM t"), [""; 0]);
    remote.replace("versions/a1.up.sql", "nowhere", "t");
    remote.done("upgrade --resume");
    assert_eq!(remote.database.query("SELECT a FROM t ORDER BY a"), ["1", "2", "3"]);
}

#[test]
fn what_a_script_sets_does_not_reach_its_record() {
    let Some(remote) = on_postgres() else { return };
    let down = "-- a \\ and 'ä' and \\' 🦀\nDROP TABLE t;";
    let sets = "SET standard_conforming_strings = off;\nSET client_min_messages = error;\n\
                SET search_path = '';\nSET default_transaction_read_only = on;";
    remote.revision("a1", &format!("CREATE TABLE t (a int);\n{sets}"), down);
    remote.revision("b1<a1 | Transaction: none", sets, down);
    remote.done("upgrade");
    let rows = remote.database.query("SELECT DISTINCT down_script FROM migrate_version");
    assert_eq!(rows.join("\n").trim_end(), down);
}

#[test]
fn a_role_that_may_not_read_our_tables_is_told_what_to_grant() {
    let Some(remote) = on_postgres() else { return };
    remote.add("a1");
    remote.done("upgrade");
    let role = format!("role_{}", remote.database.name());
    remote.database.execute_as_admin(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'"));
    remote.configure(&remote.database.url_as(&role, "x"), "");
    for command in ["current", "upgrade", "stamp base"] {
        let error = remote.error(command);
        holds(error["message"].as_str().unwrap(), &["permission denied for table migrate_version"]);
        let tables = "ON migrate_version, migrate_version_running, migrate_version_schema TO USER";
        holds(error["hint"].as_str().unwrap(), &["is a table of this program", tables]);
    }
    remote.database.execute_as_admin(&format!("DROP ROLE {role}"));
}

#[test]
fn a_session_that_is_ended_before_the_commit_has_committed_nothing() {
    let Some(remote) = on_postgres() else { return };
    let end = "SELECT pg_terminate_backend(pg_backend_pid());";
    for up in [end.to_owned(), format!("SELECT 1;\n{end}\nSELECT 2;")] {
        remote.up_only("a1", &format!("CREATE TABLE t (a INT);\n{up}"));
        let run = remote.run("upgrade");
        assert_eq!(run.code, 1, "{}", run.text());
        holds(&run.stderr, &["terminating connection", "a1: rolled back", "nothing was changed"]);
        assert!(!run.stderr.contains("commit was sent"), "{}", run.text());
        assert_eq!(remote.objects(), "");
    }
}

#[test]
fn a_role_that_may_not_make_the_version_table_is_told_where_it_could_be() {
    let Some(remote) = on_postgres() else { return };
    let role = format!("role_{}", remote.database.name());
    remote.database.execute_as_admin(&format!(
        "CREATE ROLE {role} LOGIN PASSWORD 'x'; REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    ));
    remote.configure(&remote.database.url_as(&role, "x"), "");
    remote.add("a1");
    for command in ["upgrade", "ensure-version", "stamp a1"] {
        let error = remote.error(command);
        holds(error["message"].as_str().unwrap(), &["permission denied"]);
        holds(error["hint"].as_str().unwrap(), &["version table", "version_table = \"ops."]);
    }
    remote.database.execute_as_admin(&format!("DROP ROLE {role}"));
}
