//! Bookkeeping tables that somebody has dropped, and tables of others in their place.

use crate::on_servers::{each, holds};
use crate::support::Sandbox;

const ALL: [&str; 3] = ["migrate_version", "migrate_version_schema", "migrate_version_running"];

/// Every choice of one or more of the tables.
fn choices() -> impl Iterator<Item = Vec<&'static str>> {
    (1..8_u8).map(|bits| (0..3).filter(|at| bits & (1 << at) != 0).map(|at| ALL[at]).collect())
}

/// What a database is asked with, whichever it is.
type Ask<'a> = &'a dyn Fn(&str) -> Vec<String>;

fn drop_all(execute: Ask<'_>, tables: &[&str]) {
    for table in tables {
        execute(&format!("DROP TABLE {table}"));
    }
}

/// Counts the rows of each table.
fn counts(ask: Ask<'_>) -> Vec<String> {
    ALL.iter().flat_map(|it| ask(&format!("SELECT count(*) FROM {it}"))).collect()
}

/// Drops tables of a project whose only revision is applied, and goes on in every way.
fn goes_on(sandbox: &Sandbox, ask: Ask<'_>, tables: &[&str]) {
    let is_told = tables.contains(&ALL[0]) && tables.len() < 3;
    let has_record = !tables.contains(&ALL[0]);
    let tells = |stderr: &str| {
        let said = stderr.contains("migrate_version` was dropped, and with it the record")
            && stderr.contains("`migrate stamp REVISION`");
        assert_eq!(said, is_told, "{tables:?}: {stderr}");
    };
    let whole = || {
        let rows = if has_record { "1" } else { "0" };
        assert_eq!(counts(ask), [rows, "2", "0"], "{tables:?}");
    };
    drop_all(ask, tables);
    for command in ["current", "status", "check", "repair"] {
        let run = sandbox.run(command);
        let is_unmet = match command {
            "check" => !has_record,
            "repair" => is_told,
            _ => false,
        };
        let code = if is_unmet { 3 } else { 0 };
        assert_eq!(run.code, code, "{tables:?} {command}: {}", run.text());
        tells(&run.stderr);
    }
    let run = sandbox.run("ensure-version");
    assert_eq!(run.code, 0, "{tables:?}: {}", run.text());
    tells(&run.stderr);
    whole();
    assert_eq!(sandbox.run("current").stderr, "");

    drop_all(ask, tables);
    let run = sandbox.run("stamp head --purge");
    assert_eq!(run.code, 0, "{tables:?}: {}", run.text());
    tells(&run.stderr);
    assert_eq!(ask("SELECT revision FROM migrate_version"), ["a1"]);

    drop_all(ask, tables);
    let run = sandbox.run("upgrade");
    // Without its record it runs again, and its table is in the way; nothing but the script tells.
    assert_eq!(run.code, i32::from(!has_record), "{tables:?}: {}", run.text());
    if !has_record {
        tells(&run.stderr);
        assert!(run.stderr.contains("`migrate stamp a1` records it"), "{tables:?}: {}", run.text());
        // The next one doesn't warn any more, for the tables are there.
        let run = sandbox.run("upgrade");
        assert!(run.stderr.contains("`migrate stamp a1` records it"), "{tables:?}: {}", run.text());
        sandbox.done("ensure-version");
        whole();
        sandbox.run("repair --again a1");
        sandbox.done("stamp head");
    }
    sandbox.done("ensure-version");
    assert_eq!(counts(ask)[..2], ["1", "2"], "{tables:?}");
}

#[test]
fn tables_that_were_dropped_are_made_again_on_sqlite() {
    for tables in choices() {
        let sandbox = Sandbox::with("a1");
        sandbox.done("upgrade");
        let ask = |sql: &str| -> Vec<String> {
            if sql.starts_with("SELECT") {
                sandbox.query(sql).lines().map(str::to_owned).collect()
            } else {
                sandbox.execute(sql);
                Vec::new()
            }
        };
        goes_on(&sandbox, &ask, &tables);
    }
}

#[test]
fn tables_that_were_dropped_are_made_again_on_servers() {
    for tables in choices() {
        each(|remote| {
            remote.add("a1");
            remote.done("upgrade");
            goes_on(&remote.sandbox, &|sql| remote.database.query(sql), &tables);
        });
    }
}

const ALEMBIC: &str = "CREATE TABLE migrate_version (version_num VARCHAR(32) NOT NULL)";

fn is_refused(sandbox: &Sandbox) {
    for command in ["current", "status", "check", "upgrade", "stamp head --purge", "ensure-version"]
    {
        let run = sandbox.run(command);
        assert_eq!(run.code, 1, "{command}: {}", run.text());
        holds(
            &run.stderr,
            &[
                "migrate_version` is not a version table of this program: Alembic names a column \
                 `version_num`",
                "nothing was changed",
                "`version_table = ",
            ],
        );
    }
}

#[test]
fn a_table_of_another_tool_is_named_whether_or_not_ours_are_there() {
    let sandbox = Sandbox::with("a1");
    sandbox.execute(ALEMBIC);
    is_refused(&sandbox);
    assert_eq!(sandbox.query("SELECT name FROM sqlite_schema"), "migrate_version");
    sandbox.execute("DROP TABLE migrate_version");
    sandbox.done("upgrade");
    sandbox.execute(&format!("DROP TABLE migrate_version; {ALEMBIC};"));
    is_refused(&sandbox);
    sandbox.execute("DROP TABLE migrate_version_schema");
    is_refused(&sandbox);
    each(|remote| {
        remote.add("a1");
        remote.database.execute(ALEMBIC);
        is_refused(&remote.sandbox);
        assert_eq!(remote.objects(), "");
        remote.database.execute("DROP TABLE migrate_version");
        remote.done("upgrade");
        remote.database.execute(&format!("DROP TABLE migrate_version; {ALEMBIC};"));
        is_refused(&remote.sandbox);
        remote.database.execute("DROP TABLE migrate_version_schema");
        is_refused(&remote.sandbox);
    });
}
