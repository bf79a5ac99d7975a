//! Scripts that would change the record of what is applied.

use crate::on_servers::{Kind, each, holds, on_mariadb};
use crate::support::Sandbox;

/// Has a revision refused for one statement, with nothing changed.
#[track_caller]
fn refused(sandbox: &Sandbox, body: &str) {
    sandbox.up_only("b1<a1", &format!("CREATE TABLE k (n INTEGER);\n{body};"));
    for command in ["upgrade", "upgrade --sql", "upgrade --dry-run"] {
        let run = sandbox.run(command);
        assert_eq!(run.code, 1, "{command}: {body}");
        assert!(run.stderr.contains("b1.up.sql:8:1"), "{}", run.text());
        assert!(run.stderr.contains("hint: nothing was changed"), "{}", run.text());
    }
    assert_eq!(sandbox.run("current").stdout.trim(), "a1", "{body}");
}

#[track_caller]
fn allowed(sandbox: &Sandbox, bodies: &[&str]) {
    sandbox.up_only("b1<a1", &format!("{};", bodies.join(";\n")));
    sandbox.done("upgrade");
}

#[test]
fn no_script_makes_drops_or_empties_a_table_of_the_record() {
    let sandbox = Sandbox::new();
    sandbox.up_only("a1", "CREATE TABLE a (n INTEGER);");
    sandbox.done("upgrade");
    refused(&sandbox, "DROP TABLE IF EXISTS \"migrate_version\"");
    refused(&sandbox, "CREATE TABLE IF NOT EXISTS main.migrate_version_running (a)");
    allowed(
        &sandbox,
        &[
            "CREATE TEMP TABLE migrate_version (a)",
            "DROP TABLE temp.migrate_version",
            "CREATE TABLE migrate_versions (a TEXT DEFAULT 'migrate_version')",
            "CREATE INDEX i ON migrate_version (tag)",
            "CREATE TABLE seen AS SELECT * FROM migrate_version",
            "INSERT INTO seen SELECT * FROM migrate_version",
            "DELETE FROM a WHERE n IN (SELECT position FROM migrate_version)",
        ],
    );
    each(|remote| {
        remote.up_only("a1", "CREATE TABLE a (n INTEGER);");
        remote.done("upgrade");
        // A dump of the whole database begins so.
        match remote.kind {
            Kind::Mariadb => refused(&remote.sandbox, "DROP TABLE IF EXISTS `migrate_version`"),
            Kind::Postgres => {
                refused(&remote.sandbox, "CREATE TABLE public.migrate_version (n INT)");
            }
        }
        refused(&remote.sandbox, "DROP TABLE a, migrate_version_schema");
        refused(&remote.sandbox, "TRUNCATE migrate_version");
        let other = match remote.kind {
            Kind::Mariadb => {
                // It would hide ours, also from us.
                refused(&remote.sandbox, "CREATE TEMPORARY TABLE migrate_version (n INT)");
                "CREATE TABLE a_migrate_version (n INT)"
            }
            Kind::Postgres => {
                "CREATE TEMP TABLE migrate_version (n INT);\nDROP TABLE pg_temp.migrate_version;\n\
                 CREATE SCHEMA ops;\nCREATE TABLE ops.migrate_version (n INT)"
            }
        };
        let reads = "CREATE TABLE seen AS SELECT * FROM migrate_version";
        allowed(&remote.sandbox, &[other, reads, "CREATE TABLE migrate_versions (n INT)"]);
    });
}

#[test]
fn no_script_writes_to_a_table_of_the_record() {
    let sandbox = Sandbox::new();
    sandbox.up_only("a1", "CREATE TABLE a (n INTEGER);");
    sandbox.done("upgrade");
    for statement in [
        "DELETE FROM migrate_version",
        "delete from main.[Migrate_Version] WHERE revision = 'a1'",
        "UPDATE OR IGNORE \"migrate_version\" SET tag = 'x'",
        "INSERT INTO migrate_version (revision) VALUES ('x')",
        "REPLACE INTO migrate_version_running (slot) VALUES (1)",
        "WITH x AS (SELECT 1) DELETE FROM migrate_version_schema",
        "ALTER TABLE migrate_version ADD COLUMN x",
    ] {
        refused(&sandbox, statement);
    }
    each(|remote| {
        remote.up_only("a1", "CREATE TABLE a (n INTEGER);");
        remote.done("upgrade");
        let both = ["DELETE FROM migrate_version", "ALTER TABLE migrate_version ADD x INT"];
        let of_it: &[&str] = match remote.kind {
            Kind::Mariadb => &[
                "INSERT INTO `migrate_version` VALUES ('x')",
                "REPLACE migrate_version_schema VALUES (1)",
                "UPDATE a JOIN migrate_version v SET v.tag = 'x'",
                "DELETE v FROM migrate_version v JOIN a",
                "LOAD DATA INFILE 'x' INTO TABLE migrate_version",
                "/*!40000 ALTER TABLE `migrate_version` DISABLE KEYS */",
                "BEGIN NOT ATOMIC DELETE FROM migrate_version; END",
            ],
            Kind::Postgres => &[
                "UPDATE ONLY public.migrate_version AS v SET tag = 'x'",
                "WITH d AS (DELETE FROM migrate_version RETURNING 1) SELECT * FROM d",
                "MERGE INTO migrate_version USING a ON false WHEN MATCHED THEN DELETE",
                "COPY public.migrate_version (revision) FROM STDIN;\nx\n\\.\n",
                "DO $$ BEGIN DELETE FROM migrate_version; END $$",
                "DROP SCHEMA public CASCADE",
            ],
        };
        for statement in both.iter().chain(of_it) {
            refused(&remote.sandbox, statement);
        }
        if remote.kind == Kind::Mariadb {
            let name = &remote.database.query("SELECT DATABASE()")[0];
            refused(&remote.sandbox, &format!("DELETE FROM `{name}`.`migrate_version`"));
            allowed(&remote.sandbox, &["UPDATE a JOIN migrate_version v SET a.n = v.position"]);
        }
    });
}

#[test]
fn a_table_by_another_name_is_spared_as_well() {
    let sandbox = Sandbox::new();
    sandbox.replace("migrate.toml", "[migrate]", "[migrate]\nversion_table = \"applied\"");
    sandbox.up_only("a1", "CREATE TABLE a (n INTEGER);");
    sandbox.done("upgrade");
    refused(&sandbox, "DELETE FROM applied");
    refused(&sandbox, "UPDATE applied_running SET done = 1");
    allowed(&sandbox, &["CREATE TABLE migrate_version (n)", "DELETE FROM migrate_version"]);
}

#[test]
fn a_large_script_is_refused_before_it_runs_as_well() {
    let sandbox = Sandbox::new();
    sandbox.up_only("a1", "CREATE TABLE a (n INTEGER);");
    let rows = "INSERT INTO a VALUES (1234567890);\n".repeat(40_000);
    let reads = "INSERT INTO a SELECT count(*) FROM migrate_version;";
    sandbox.up_only("b1<a1", &format!("{rows}{reads}"));
    sandbox.done("upgrade");
    sandbox.up_only("c1<b1", &format!("{rows}DELETE FROM Migrate_Version;\n{rows}"));
    let text = sandbox.refused("upgrade");
    assert!(text.contains("c1.up.sql:40007:1"), "{text}");
    assert_eq!(sandbox.query("SELECT count(*) FROM a"), "40001");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn what_changes_the_record_unseen_is_told_as_what_it_is() {
    let Some(remote) = on_mariadb() else { return };
    remote.up_only("a1", "CREATE TABLE a (n INTEGER);");
    remote.done("upgrade");
    remote.database.execute("CREATE PROCEDURE wipe() DELETE FROM migrate_version");
    remote.up_only("b1<a1", "INSERT INTO a VALUES (1);\nCALL wipe();");
    let run = remote.sandbox.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(&run.stderr, &["the record changes whenever revision `b1` runs; gave up after 5 tries"]);
    assert_eq!(remote.database.query("SELECT count(*) FROM a"), ["0"]);
    assert_eq!(remote.database.query("SELECT revision FROM migrate_version"), ["a1"]);
}

#[test]
fn a_table_of_the_same_name_in_another_schema_is_told_apart_by_its_schema() {
    let sandbox = Sandbox::new();
    let attached = "ATTACH ':memory:' AS other;\nCREATE TABLE migrate_version (n);";
    sandbox.up_only("a1 | Transaction: none", attached);
    let text = sandbox.refused("upgrade");
    holds(&text, &["hint: nothing was changed; leave it out, or name its schema if another table"]);
    sandbox.replace("versions/a1.up.sql", "TABLE m", "TABLE other.m");
    sandbox.done("upgrade");
}
