use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{CONFIG, Sandbox};

const LINE: &str = "a1; b1<a1; c1<b1";

/// Everything but times, which the database's clock gives.
const ROWS: &str = "SELECT revision, position, parents, checksum, down_script, operation \
                    FROM migrate_version ORDER BY position";
const SCHEMA: &str = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name";

fn steps(document: &Value) -> String {
    let step = |it: &Value| {
        format!("{} {}", it["operation"].as_str().unwrap(), it["revision"].as_str().unwrap())
    };
    document["steps"].as_array().unwrap().iter().map(step).collect::<Vec<_>>().join(", ")
}

#[test]
#[expect(clippy::too_many_lines, reason = "the script stands here as a whole")]
fn the_script_of_an_upgrade_is_printed() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.migrate("upgrade --sql"), @r#"
    exit 0
    --- stdout
    -- Behind each statement of a revision but the last a comment stands open. So the sqlite3 shell
    -- leaves the rest out after an error, the commit included.

    CREATE TABLE IF NOT EXISTS "migrate_version_schema"(
                 version int4 PRIMARY KEY,
                 name VARCHAR(255),
                 applied_on VARCHAR(255),
                 checksum VARCHAR(255)); /*

    */ CREATE TABLE "migrate_version" (
        revision TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        parents TEXT NOT NULL,
        depends_on TEXT NOT NULL,
        branch_labels TEXT NOT NULL,
        message TEXT NOT NULL,
        options TEXT NOT NULL,
        checksum TEXT NOT NULL,
        down_script TEXT,
        operation TEXT NOT NULL,
        tag TEXT,
        applied_at TEXT NOT NULL,
        applied_by TEXT NOT NULL,
        duration_ms INTEGER
    ); /*

    */ INSERT INTO "migrate_version_schema" (version, name, applied_on, checksum) VALUES (1, 'version_table', '2026-01-01T00:00:00.000Z', '1085566023191598106'); /*

    */ CREATE TABLE "migrate_version_running" (
        revision TEXT NOT NULL PRIMARY KEY,
        operation TEXT NOT NULL,
        statements INTEGER NOT NULL,
        begun INTEGER NOT NULL,
        done INTEGER NOT NULL,
        begun_digest TEXT NOT NULL,
        done_digest TEXT NOT NULL,
        process TEXT NOT NULL,
        begun_at TEXT NOT NULL,
        catalog TEXT
    ); /*

    */ INSERT INTO "migrate_version_schema" (version, name, applied_on, checksum) VALUES (2, 'running_table', '2026-01-01T00:00:00.000Z', '12569895175859425736');

    PRAGMA foreign_keys = OFF; /*

    */ BEGIN IMMEDIATE; /*

    -- Running upgrade  -> a1
    -- a1 must not be applied
    */ CREATE TEMP TABLE IF NOT EXISTS migrate_guard (
        holds INTEGER CONSTRAINT "what the revision needs" CHECK (holds),
        kept INTEGER
    ); /*

    */ INSERT INTO temp.migrate_guard SELECT NOT EXISTS (SELECT 1 FROM "migrate_version" WHERE revision = 'a1'),
        (SELECT count(*) FROM pragma_foreign_key_check); /*

    */ CREATE TABLE t_a1 (id INTEGER PRIMARY KEY); /*

    */ PRAGMA foreign_key_check; /*

    */ INSERT INTO temp.migrate_guard (holds) SELECT kept >= (SELECT count(*) FROM pragma_foreign_key_check)
        FROM temp.migrate_guard ORDER BY rowid DESC LIMIT 1; /*

    */ INSERT INTO "migrate_version" (revision, position, parents, depends_on, branch_labels, message, options, checksum, down_script, operation, tag, applied_at, applied_by, duration_ms)
    VALUES ('a1', coalesce((SELECT position FROM "migrate_version" ORDER BY rowid DESC LIMIT 1), 0) + 1, '', '', '', 'make a1', '', 'sha256:8d6c065d54d2138e194e3a6615ec17bf2f90a78b5a65a7495a13d9d32fc64460', 'DROP TABLE t_a1;
    ', 'upgrade', NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '', NULL); /*

    */ COMMIT;
    "#);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
}

#[test]
fn the_script_of_a_downgrade_is_printed() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_snapshot!(sandbox.migrate("downgrade b1:a1 --sql"), @r#"
    exit 0
    --- stdout
    -- Behind each statement of a revision but the last a comment stands open. So the sqlite3 shell
    -- leaves the rest out after an error, the commit included.

    PRAGMA foreign_keys = OFF; /*

    */ BEGIN IMMEDIATE; /*

    -- Running downgrade b1 -> a1
    -- b1 must be applied
    */ CREATE TEMP TABLE IF NOT EXISTS migrate_guard (
        holds INTEGER CONSTRAINT "what the revision needs" CHECK (holds),
        kept INTEGER
    ); /*

    */ INSERT INTO temp.migrate_guard SELECT EXISTS (SELECT 1 FROM "migrate_version" WHERE revision = 'b1'),
        (SELECT count(*) FROM pragma_foreign_key_check); /*

    */ DROP TABLE t_b1; /*

    */ PRAGMA foreign_key_check; /*

    */ INSERT INTO temp.migrate_guard (holds) SELECT kept >= (SELECT count(*) FROM pragma_foreign_key_check)
        FROM temp.migrate_guard ORDER BY rowid DESC LIMIT 1; /*

    */ DELETE FROM "migrate_version" WHERE revision = 'b1'; /*

    */ COMMIT;
    "#);
}

#[test]
fn the_script_of_a_stamp_is_printed() {
    let sandbox = Sandbox::with("a1; b1<a1");
    assert_snapshot!(sandbox.migrate("stamp a1:b1 --sql"), @r#"
    exit 0
    --- stdout
    -- Behind each statement of a revision but the last a comment stands open. So the sqlite3 shell
    -- leaves the rest out after an error, the commit included.

    BEGIN IMMEDIATE; /*

    -- Running stamp_revision a1 -> b1
    -- a1 must be applied
    */ CREATE TEMP TABLE IF NOT EXISTS migrate_guard (
        holds INTEGER CONSTRAINT "what the revision needs" CHECK (holds),
        kept INTEGER
    ); /*

    */ INSERT INTO temp.migrate_guard (holds) SELECT EXISTS (SELECT 1 FROM "migrate_version" WHERE revision = 'a1'); /*

    */ INSERT INTO "migrate_version" (revision, position, parents, depends_on, branch_labels, message, options, checksum, down_script, operation, tag, applied_at, applied_by, duration_ms)
    VALUES ('b1', coalesce((SELECT position FROM "migrate_version" ORDER BY rowid DESC LIMIT 1), 0) + 1, 'a1', '', '', 'make b1', '', 'sha256:d8111e1228f85f34426c9c1c6f0ab85df98f57e9df71a8e6fe2867e815b68f0c', 'DROP TABLE t_b1;
    ', 'stamp', NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), '', NULL); /*

    */ COMMIT;
    "#);
}

#[test]
fn what_is_printed_does_what_would_run() {
    let sandbox = Sandbox::with(LINE);
    sandbox.execute(&sandbox.run("upgrade --sql").stdout);
    let printed = (sandbox.query(SCHEMA), sandbox.query(ROWS));
    assert_eq!(sandbox.run("check").code, 0);
    sandbox.remove("app.db");
    sandbox.done("upgrade");
    assert_eq!((sandbox.query(SCHEMA), sandbox.query(ROWS)), printed);
    sandbox.execute(&sandbox.run("downgrade c1:a1 --sql").stdout);
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1".to_owned(), "a1".to_owned()));
    sandbox.execute(&sandbox.run("upgrade a1:c1 --sql").stdout);
    assert_eq!(sandbox.applied(), "a1 b1 c1");
    sandbox.execute(&sandbox.run("stamp c1:b1 --sql").stdout);
    assert_eq!(sandbox.applied(), "a1 b1");
    assert_eq!(sandbox.tables(), "t_a1 t_b1 t_c1");
}

#[test]
fn a_table_rebuild_works_in_print_too() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE p (id INTEGER PRIMARY KEY);\n\
              CREATE TABLE c (p REFERENCES p ON DELETE CASCADE);\n\
              INSERT INTO p VALUES (1);\nINSERT INTO c VALUES (1);";
    sandbox.revision("a1", up, "");
    sandbox.revision("b1<a1", REBUILD, "");
    let script = sandbox.run("upgrade --sql").stdout;
    sandbox.execute(&format!("PRAGMA foreign_keys = ON; {script}"));
    assert_eq!(sandbox.query("SELECT count(*) FROM c"), "1");
}

const REBUILD: &str = "CREATE TABLE q (id INTEGER PRIMARY KEY);\nINSERT INTO q SELECT id FROM p;\n\
                       DROP TABLE p;\nALTER TABLE q RENAME TO p;";

#[test]
fn the_document_places_every_statement() {
    let sandbox = Sandbox::with("a1");
    let up = "-- why\nCREATE TABLE t (a);  INSERT INTO t\n  VALUES (';');\n\nSELECT 1";
    sandbox.revision("b1<a1", up, "DROP TABLE t;");
    let document = sandbox.json("upgrade a1:b1 --sql");
    assert_eq!(
        document,
        json!({"steps": [{
            "revision": "b1",
            "operation": "upgrade",
            "file": "versions/b1.up.sql",
            "statements": [
                {"line": 8, "column": 1, "sql": "CREATE TABLE t (a)"},
                {"line": 8, "column": 22, "sql": "INSERT INTO t\n  VALUES (';')"},
                {"line": 11, "column": 1, "sql": "SELECT 1"},
            ],
        }]})
    );
    let document = sandbox.json("downgrade b1:base --sql");
    assert_eq!(steps(&document), "downgrade b1, downgrade a1");
    assert_eq!(document["steps"][0]["file"], "versions/b1.down.sql");
}

#[test]
fn ranges_lead_from_one_revision_to_another() {
    let sandbox = Sandbox::with(LINE);
    let printed = |arguments: &str| steps(&sandbox.json(&format!("{arguments} --sql")));
    assert_eq!(printed("upgrade b1"), "upgrade a1, upgrade b1");
    assert_eq!(printed("upgrade base:b1"), "upgrade a1, upgrade b1");
    assert_eq!(printed("upgrade a1:head"), "upgrade b1, upgrade c1");
    assert_eq!(printed("upgrade a1:+1"), "upgrade b1");
    assert_eq!(printed("downgrade head:a1"), "downgrade c1, downgrade b1");
    assert_eq!(printed("downgrade c1:-1"), "downgrade c1");
}

#[test]
fn a_range_without_sql_and_the_other_way_round_are_refused() {
    let sandbox = Sandbox::with(LINE);
    assert_snapshot!(sandbox.refused("upgrade a1:b1"), @"
    exit 1
    --- stderr
    error: range `a1:b1` is only allowed with --sql
    hint: give the revision to reach alone, or add --sql
    ");
    assert_snapshot!(sandbox.refused("downgrade b1:a1"), @"
    exit 1
    --- stderr
    error: range `b1:a1` is only allowed with --sql
    hint: give the revision to reach alone, or add --sql
    ");
    assert_snapshot!(sandbox.refused("downgrade a1 --sql"), @"
    exit 1
    --- stderr
    error: downgrade with --sql needs a range FROM:TO
    hint: e.g. `migrate downgrade head:base --sql`
    ");
    assert_snapshot!(sandbox.refused("stamp --purge a1 --sql"), @"
    exit 1
    --- stderr
    error: --purge can't be used with --sql
    hint: `migrate stamp base:REVISION --sql` starts from nothing
    ");
    assert_eq!(sandbox.run("upgrade --sql --dry-run").code, 2);
}

#[test]
fn a_range_that_leads_the_wrong_way_is_told_the_right_one() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1");
    assert_snapshot!(sandbox.refused("downgrade a1:b1 --sql"), @"
    exit 1
    --- stderr
    error: range `a1:b1` doesn't lead down: `a1` doesn't build on `b1`
    hint: turn it around: `migrate downgrade b1:a1 --sql`
    ");
    assert_snapshot!(sandbox.refused("downgrade b1:c1 --sql"), @"
    exit 1
    --- stderr
    error: range `b1:c1` doesn't lead down: `b1` doesn't build on `c1`
    hint: `migrate history` shows what builds on what
    ");
    let run = sandbox.run("downgrade base:a1 --sql");
    assert!(run.stderr.contains("`migrate downgrade a1:base --sql`"), "{}", run.text());
    assert_snapshot!(sandbox.refused("upgrade b1:a1 --sql"), @"
    exit 1
    --- stderr
    error: range `b1:a1` doesn't lead up: `b1` builds on `a1`
    hint: turn it around: `migrate upgrade a1:b1 --sql`
    ");
    let run = sandbox.run("upgrade c1:base --sql");
    assert!(run.stderr.contains("`migrate upgrade base:c1 --sql`"), "{}", run.text());
    // There is nothing to do, which is the right answer.
    sandbox.done("upgrade b1:b1 --sql");
}

#[test]
fn a_range_begins_at_one_revision() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1; m1<b1,c1");
    sandbox.add("x1");
    assert_snapshot!(sandbox.refused("upgrade heads:m1 --sql"), @"
    exit 1
    --- stderr
    error: --sql starts from one revision, and `heads` names several
    hint: name the current revision of the database
    ");
}

#[test]
fn what_can_not_run_is_not_printed() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "COMMIT;", "");
    assert_snapshot!(sandbox.refused("upgrade --sql"), @"
    exit 1
    --- stderr
    error: `COMMIT` in a script that runs in a transaction
     --> versions/b1.up.sql:7:1
      |
    7 | COMMIT;
      | ^^^^^^
    hint: nothing was changed; leave it out, since every revision has its own transaction, or put `-- Transaction: none` into the header
    ");
    let run = sandbox.run("--json upgrade --sql");
    assert_eq!((run.code, run.stdout.lines().count()), (1, 1));
}

#[test]
fn variables_are_put_in() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1 | Variables: name", "CREATE TABLE ${name} (a);", "");
    let document = sandbox.json("upgrade --sql -x name=users");
    assert_eq!(document["steps"][0]["statements"][0]["sql"], "CREATE TABLE users (a)");
}

#[test]
fn no_database_is_needed_nor_asked() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", "");
    assert_eq!(sandbox.run("upgrade --sql").code, 0);
    sandbox.write("migrate.toml", CONFIG);
    sandbox.write("app.db", "this is no database at all");
    assert_eq!(sandbox.run("upgrade --sql").code, 0);
}

#[test]
fn quiet_leaves_the_script_alone() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.run("-q upgrade --sql").stdout, sandbox.run("upgrade --sql").stdout);
}

#[test]
fn a_script_that_changes_the_database_leaves_the_record_where_it_is() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "USE other;\nCREATE TABLE t (id INT);", "");
    sandbox.revision("b1<a1", "CREATE TABLE u (id INT);", "");
    let run = sandbox.run("upgrade --sql --url mysql://app@db/shop");
    assert_eq!(run.code, 0, "{}", run.text());
    let (_, second) = run.stdout.split_once("-- Running upgrade a1 -> b1").unwrap();
    let (first, _) = run.stdout.split_once("-- Running upgrade a1 -> b1").unwrap();
    assert!(first.ends_with("USE `shop`;\n\n//\nDELIMITER ;\n\nDELIMITER //\n\n"), "{first}");
    assert!(second.contains("INSERT INTO `shop`.`migrate_version`"), "{second}");
    sandbox.revision("a1", "CREATE TABLE t (id INT);", "");
    let run = sandbox.run("upgrade --sql --url mysql://app@db/shop");
    assert!(!run.stdout.contains("`shop`"), "{}", run.stdout);
}
