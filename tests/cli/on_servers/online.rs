//! Revisions that change tables in use: what locks is said, and what takes its time is done apart.

use serde_json::Value;

use crate::on_servers::{Remote, holds, on_postgres};

/// Makes a project whose role may make databases, with a table that is in use.
fn project(keys: &str) -> Option<Remote> {
    let mut remote = on_postgres()?;
    remote.database = remote.database.of_admin();
    remote.configure(&remote.database.admin_url(), &format!("[autogenerate]\n{keys}"));
    remote.write(
        "schema.sql",
        "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int, a int);\n",
    );
    remote.done("revision --autogenerate -m first --rev-id a1");
    remote.done("upgrade");
    remote.database.execute("INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, NULL)");
    remote.write(
        "schema.sql",
        "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int UNIQUE, a int NOT NULL DEFAULT 1 \
         REFERENCES p, b text);\nCREATE INDEX t_b ON t (b);\n",
    );
    Some(remote)
}

fn document(remote: &Remote, arguments: &str) -> Value {
    let run = remote.run(&format!("--json {arguments}"));
    assert_eq!(run.code, 0, "{arguments}: {}", run.text());
    serde_json::from_str(&run.stdout).unwrap()
}

/// Returns the script of a revision of a document.
fn script(remote: &Remote, document: &Value, key: &str) -> String {
    remote.read(document[key].as_str().unwrap())
}

#[test]
fn a_table_stays_in_use_by_a_second_revision() {
    let Some(remote) = project("online = true\nconcurrent_indexes = true") else { return };
    let first = document(&remote, "revision --autogenerate -m more --rev-id b2");
    let next = &first["next"][0];
    assert_eq!((&first["revision"], &next["revision"]), (&"b2".into(), &"b2_2".into()));
    assert_eq!(first["next"].as_array().unwrap().len(), 1);
    let (up, more) = (script(&remote, &first, "up"), script(&remote, next, "up"));
    holds(
        &up,
        &[
            "ADD COLUMN b text",
            "REFERENCES public.p(id) NOT VALID",
            "CHECK ((a IS NOT NULL)) NOT VALID",
        ],
    );
    assert!(!up.contains("Transaction: none") && !up.contains("locks"), "{up}");
    holds(
        &more,
        &[
            "-- more: indexes, unique constraints, NOT NULL, validation of constraints while tables are in use\n",
            "-- Revises: b2\n",
            "-- Transaction: none\n",
            "CREATE INDEX CONCURRENTLY t_b ON public.t",
            "UNIQUE USING INDEX t_id_key",
            "UPDATE public.t SET a = 1 WHERE a IS NULL",
            "SET NOT NULL, DROP CONSTRAINT t_a_set_not_null",
            "VALIDATE CONSTRAINT t_a_fkey",
        ],
    );
    holds(
        &script(&remote, next, "down"),
        &["-- Transaction: none\n", "DROP INDEX CONCURRENTLY IF EXISTS public.t_b"],
    );
    remote.done("upgrade");
    assert_eq!(remote.applied(), "a1 b2 b2_2");
    assert_eq!(remote.database.query("SELECT id, a FROM t ORDER BY 1"), ["1|1", "2|1"]);
    holds(&remote.run("check").text(), &["schema, revisions and database agree"]);
    // Each of them alone, too.
    remote.done("downgrade -1");
    remote.done("upgrade");
    remote.done("downgrade a1");
    remote.done("upgrade");
    remote.done("check");
}

#[test]
fn what_locks_out_is_said_where_it_is_not_spared() {
    let Some(remote) = project("") else { return };
    let written = document(&remote, "revision --autogenerate -m more --rev-id b2");
    assert!(written.get("next").is_none(), "{written}");
    holds(
        &script(&remote, &written, "up"),
        &[
            "--   locks p, t against writes while all of",
            "--   locks t against reads and writes while all of it is read",
            "--   locks t against writes while all of it is read\nCREATE INDEX t_b",
        ],
    );
}

#[test]
fn a_revision_of_indexes_alone_runs_outside_a_transaction() {
    let Some(remote) = project("concurrent_indexes = true") else { return };
    remote.write(
        "schema.sql",
        "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int, a int);\nCREATE INDEX t_a ON t (a);\n",
    );
    let shown = remote.run("revision --autogenerate --dry-run").stdout;
    holds(&shown, &["-- outside a transaction: indexes while tables are in use\n\n-- up\n"]);
    holds(
        &remote.run("diff").stdout,
        &["-- Outside a transaction: indexes", "CREATE INDEX CONCURRENTLY t_a"],
    );
    let written = document(&remote, "revision --autogenerate -m indexes --rev-id b2");
    assert!(written.get("next").is_none(), "{written}");
    holds(&script(&remote, &written, "up"), &["-- indexes\n", "-- Transaction: none\n"]);
    remote.done("upgrade");
    remote.done("check");
    remote.done("downgrade -1");
}

#[test]
fn a_build_that_fails_is_taken_up_again() {
    let Some(remote) = project("concurrent_indexes = true") else { return };
    remote.database.execute("DELETE FROM t; INSERT INTO t VALUES (1, 1), (1, 1)");
    remote.write(
        "schema.sql",
        "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (id int, a int);\nCREATE INDEX t_a ON t (a);\n\
         CREATE UNIQUE INDEX t_id ON t (id);\n",
    );
    let written = document(&remote, "revision --autogenerate -m indexes --rev-id b2");
    holds(
        &script(&remote, &written, "up"),
        &["-- Fails if rows don't fit: index t_id of t is UNIQUE"],
    );
    assert_eq!(remote.run("upgrade").code, 1);
    remote.database.execute("DELETE FROM t");
    remote.done("upgrade --resume");
    remote.done("check");
}
