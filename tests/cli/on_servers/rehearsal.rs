//! `--rehearse` on PostgreSQL: the schema is copied beside the database, rows are made up, and nothing
//! is changed but there.

use insta::assert_snapshot;

use crate::on_servers::{Kind, Remote, another, holds, on_mariadb, on_postgres};

const USERS: &str = "CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email LIKE '%@%'),
    feels mood NOT NULL DEFAULT 'ok'
);";

fn project() -> Option<Remote> {
    let remote = on_postgres()?;
    remote.revision("a1<", USERS, "DROP TABLE users;\nDROP TYPE mood;");
    remote.done("upgrade");
    remote.database.execute("INSERT INTO users (email) VALUES ('a@b')");
    Some(remote)
}

/// Returns everything that a rehearsal must leave alone.
fn state(remote: &Remote) -> (String, Vec<String>, Vec<String>) {
    let rows = "SELECT revision, checksum, applied_at FROM migrate_version ORDER BY 1";
    (remote.objects(), remote.database.query("SELECT * FROM users"), remote.database.query(rows))
}

#[test]
fn a_rehearsal_runs_everything_and_changes_nothing() {
    let Some(remote) = project() else { return };
    remote.revision(
        "b1<a1",
        "ALTER TABLE users ADD COLUMN age int;\nUPDATE users SET age = 7;\nDO $$ BEGIN IF (SELECT count(*) \
         FROM users) = 0 THEN RAISE 'there are no rows'; END IF; END $$;",
        "ALTER TABLE users DROP COLUMN age;",
    );
    remote.revision(
        "c1<b1 | Transaction: none",
        "CREATE INDEX CONCURRENTLY users_feel ON users (feels);",
        "-- Transaction: none\nDROP INDEX CONCURRENTLY users_feel;",
    );
    let before = state(&remote);
    assert_snapshot!(remote.migrate("upgrade --rehearse"), @r"
    exit 0
    --- stderr
    Running upgrade a1 -> b1, make b1
    Running upgrade b1 -> c1, make c1
    2 revisions in N ms; migrate_version is at c1.
    That was a copy of the schema, with rows made up: the database is as it was.
    ");
    assert_eq!(remote.json("downgrade base --rehearse")["steps"][0]["revision"], "a1");
    assert!(state(&remote) == before);
    remote.done("upgrade");
    assert_snapshot!(remote.migrate("downgrade base --rehearse"), @r"
    exit 0
    --- stderr
    Running downgrade c1 -> b1, make c1
    Running downgrade b1 -> a1, make b1
    Running downgrade a1 -> , make a1
    3 revisions in N ms; migrate_version is at base.
    That was a copy of the schema, with rows made up: the database is as it was.
    ");
    assert_eq!(remote.applied(), "a1 b1 c1");
    assert_snapshot!(remote.migrate("upgrade --rehearse"), @r"
    exit 0
    --- stderr
    Nothing to do; migrate_version is at c1.
    ");
}

#[test]
fn a_rehearsal_finds_what_would_fail() {
    let Some(remote) = project() else { return };
    remote.revision("b1<a1", "ALTER TABLE users ADD COLUMN feels int;", "");
    let before = state(&remote);
    assert_snapshot!(remote.refused("upgrade --rehearse"), @r#"
    exit 1
    --- stderr
    Running upgrade a1 -> b1, make b1
    error: column "feels" of relation "users" already exists
     --> versions/b1.up.sql:7:1
      |
    7 | ALTER TABLE users ADD COLUMN feels int;
      | ^^^^^
      code: 42701
      it was a copy: the database is as it was
    hint: correct the script and rehearse it again
    "#);
    assert_eq!(remote.error("upgrade --rehearse")["revision"], "b1");
    assert!(state(&remote) == before);
}

#[test]
fn what_fails_on_rows_that_were_made_up_is_tried_without() {
    let Some(remote) = project() else { return };
    remote.revision(
        "b1<a1",
        "ALTER TABLE users ADD COLUMN name text NOT NULL;",
        "ALTER TABLE users DROP COLUMN name;",
    );
    assert_snapshot!(remote.migrate("upgrade --rehearse"), @r#"
    exit 0
    --- stderr
    Running upgrade a1 -> b1, make b1
    warning: on rows that were made up it fails: column "name" of relation "users" contains null values (versions/b1.up.sql:7); once more without rows. See that those of the database fit
    Running upgrade a1 -> b1, make b1
    1 revision in N ms; migrate_version is at b1.
    That was a copy of the schema, without rows: the database is as it was.
    "#);
    // What fails without rows too, fails.
    remote.write("versions/b1.up.sql", remote.read("versions/b1.up.sql") + "SELECT 1 / 0;\n");
    let text = remote.refused("upgrade --rehearse");
    holds(&text, &["division by zero", "b1.up.sql:", "the database is as it was"]);
}

#[test]
fn nothing_is_felt_beyond_the_copy() {
    let Some(remote) = project() else { return };
    let role = format!("{}_new", remote.database.name());
    remote.revision(
        "b1<a1",
        &format!("CREATE ROLE {role};\nGRANT SELECT ON users TO {role};\nCREATE TABLE t (a int);"),
        "DROP TABLE t;",
    );
    remote.done("upgrade --rehearse");
    let roles = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    assert_eq!(remote.database.query(&roles), ["0"]);
    remote.revision("c1<b1 | Transaction: none", "CREATE DATABASE other;", "DROP DATABASE other;");
    let error = remote.error("upgrade --rehearse");
    holds(error["message"].as_str().unwrap(), &["revision `c1` creates a database"]);
}

#[test]
fn a_plan_that_fails_makes_no_copy() {
    let Some(remote) = project() else { return };
    // Nobody could make a scratch database there.
    remote.configure(&remote.database.url(), &format!("scratch = '{}'", remote.database.url()));
    holds(&remote.refused("upgrade nowhere --rehearse"), &["no revision matches `nowhere`"]);
    assert_snapshot!(remote.migrate("upgrade --rehearse"), @r"
    exit 0
    --- stderr
    Nothing to do; migrate_version is at a1.
    ");
    remote.revision("b1<a1", "SELECT 1;", "");
    let error = remote.error("upgrade --rehearse");
    holds(error["message"].as_str().unwrap(), &["`scratch` is the database of the project itself"]);
}

#[test]
fn the_record_is_copied_wherever_it_is() {
    let Some(remote) = on_postgres() else { return };
    remote.configure(&remote.database.url(), "version_table = \"ops.migrate_version\"");
    // The file is gone, so its down script comes from the record; and nothing is recorded yet.
    holds(&remote.migrate("upgrade --rehearse"), &["exit 0"]);
    remote.revision("a1<", "CREATE TABLE \"it's\" (a int);", "DROP TABLE \"it's\"; -- 'gone'");
    remote.done("upgrade --rehearse");
    assert_eq!(remote.objects(), "");
    remote.done("upgrade");
    remote.remove("versions/a1.up.sql");
    remote.remove("versions/a1.down.sql");
    remote.done("downgrade base --rehearse");
    assert_eq!(remote.objects(), "it's");
}

#[test]
fn a_revision_that_stopped_is_resumed_on_the_copy() {
    let Some(remote) = project() else { return };
    remote.revision(
        "b1<a1 | Transaction: none",
        "CREATE TABLE one (a int);\nCREATE TABLE two (a int);\nCREATE TABLE users (a int);",
        "DROP TABLE two;\nDROP TABLE one;",
    );
    holds(&remote.refused("upgrade"), &["already exists"]);
    holds(&remote.refused("upgrade --rehearse --resume"), &["already exists"]);
    remote.replace("versions/b1.up.sql", "CREATE TABLE users", "CREATE TABLE three");
    remote.done("upgrade --rehearse --resume");
    assert_eq!(remote.objects().split(' ').filter(|it| *it == "three").count(), 0);
    remote.done("upgrade --resume");
}

#[test]
fn a_role_without_the_right_is_told_both_ways_out() {
    let Some(remote) = project() else { return };
    let role = format!("{}_poor", remote.database.name());
    remote.database.execute_as_admin(&format!("CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'x'"));
    remote.database.execute_as_admin(&format!("ALTER ROLE {role} NOSUPERUSER NOCREATEDB"));
    remote.database.execute(&format!("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"));
    remote.configure(&remote.database.url_as(&role, "x"), "");
    remote.revision("b1<a1", "SELECT 1;", "");
    let text = remote.refused("upgrade --rehearse");
    holds(&text, &["may not create databases", "CREATEDB", "`scratch = \"URL\"`"]);
    let elsewhere = another(Kind::Postgres);
    remote.configure(
        &remote.database.url_as(&role, "x"),
        &format!("scratch = '{}'", elsewhere.url()),
    );
    remote.done("upgrade --rehearse");
    remote.database.execute_as_admin(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn on_mariadb_it_is_not_there_yet() {
    let Some(remote) = on_mariadb() else { return };
    let text = remote.refused("upgrade --rehearse");
    holds(
        &text,
        &["--rehearse is not available yet", "it works with SQLite and PostgreSQL so far"],
    );
}

#[test]
fn tables_that_get_no_rows_are_named_on_demand() {
    let Some(remote) = on_postgres() else { return };
    let riddle = "CREATE TABLE riddle (a text NOT NULL CHECK (md5(a) = repeat('0', 32)));";
    remote.revision("a1<", &format!("CREATE TABLE t (a int);\n{riddle}"), "DROP TABLE riddle, t;");
    remote.done("upgrade");
    remote.write("schema.sql", format!("CREATE TABLE t (a int, b int NOT NULL);\n{riddle}\n"));
    let told = [
        "Without rows: table riddle: no row was found that keeps its rules",
        "Without rows: table t: a new column needs a value that nobody has told",
    ];
    let run = remote.run("revision --autogenerate -m x --rev-id b1 --verbose");
    assert_eq!(run.code, 0, "{}", run.text());
    holds(&run.stderr, &told);
    let run = remote.run("upgrade --rehearse --verbose");
    holds(&run.stderr, &told[..1]);
    assert!(!remote.run("upgrade --rehearse").stderr.contains("Without rows"));
}
