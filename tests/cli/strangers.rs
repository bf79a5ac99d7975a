//! Files in the versions folders that no revision owns.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

/// Makes a project whose only revision is applied.
fn applied() -> Sandbox {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox
}

#[test]
fn scripts_of_other_tools_are_named_with_what_they_look_like() {
    let sandbox = applied();
    sandbox.write("versions/20240101_b.sql", "-- migrate:up\nCREATE TABLE b (id INTEGER);\n");
    sandbox.write("versions/V1__create_c.sql", "CREATE TABLE c (id INTEGER);\n");
    sandbox.write("versions/d.UP.SQL", "CREATE TABLE d (id INTEGER);\n");
    sandbox.write("versions/2024-01-01-000000_e/up.sql", "CREATE TABLE e (id INTEGER);\n");
    sandbox.write("versions/f.py", "down_revision = None\n");
    sandbox.write("versions/g.sql", "-- g\n-- Revision ID: g1\n-- Revises: a1\n");
    assert_snapshot!(sandbox.migrate("upgrade"), @r#"
    exit 0
    --- stderr
    warning: `versions/20240101_b.sql` is not read, and looks like a migration of dbmate: `migrate revision -m "b"` writes a pair to move its statements into
    warning: `versions/V1__create_c.sql` is not read, and looks like a migration of Flyway: `migrate revision -m "create c"` writes a pair to move its statements into
    warning: `versions/d.UP.SQL` is not read, and looks like a script of a revision: rename it to `d.up.sql`
    warning: `versions/f.py` is not read, and looks like a migration of Alembic: `migrate revision -m "f"` writes a pair to move its statements into
    warning: `versions/g.sql` is not read, and looks like a script of a revision: rename it to `g.up.sql`
    warning: `versions/2024-01-01-000000_e` is not read, and looks like a migration of Diesel: `migrate revision -m "e"` writes a pair to move its statements into
    Nothing to do; migrate_version is at a1.
    "#);
    assert_snapshot!(sandbox.migrate("check"), @r#"
    exit 3
    --- stdout
    No revision: `versions/20240101_b.sql` is not read, and looks like a migration of dbmate: `migrate revision -m "b"` writes a pair to move its statements into
    No revision: `versions/V1__create_c.sql` is not read, and looks like a migration of Flyway: `migrate revision -m "create c"` writes a pair to move its statements into
    No revision: `versions/d.UP.SQL` is not read, and looks like a script of a revision: rename it to `d.up.sql`
    No revision: `versions/f.py` is not read, and looks like a migration of Alembic: `migrate revision -m "f"` writes a pair to move its statements into
    No revision: `versions/g.sql` is not read, and looks like a script of a revision: rename it to `g.up.sql`
    No revision: `versions/2024-01-01-000000_e` is not read, and looks like a migration of Diesel: `migrate revision -m "e"` writes a pair to move its statements into
    "#);
    let document = sandbox.json("check");
    assert_eq!((&document["clean"], &document["pending"]), (&json!(false), &json!([])));
    assert_eq!(document["strangers"].as_array().unwrap().len(), 6);
    assert_eq!(
        document["strangers"][1],
        json!({
            "file": "versions/V1__create_c.sql",
            "looks_like": "a migration of Flyway",
            "hint": "`migrate revision -m \"create c\"` writes a pair to move its statements into",
        })
    );
}

#[test]
fn what_is_no_script_is_no_stranger() {
    let sandbox = applied();
    for name in
        ["README.md", "LICENSE", ".keep", ".gitkeep", "notes.txt", "__pycache__/a.pyc", "env.py"]
    {
        sandbox.write(&format!("versions/{name}"), b"\xff-- migrate:up");
    }
    assert_eq!(sandbox.run("check").code, 0);
    let run = sandbox.run("upgrade");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn what_editors_and_merges_leave_is_never_looked_at() {
    let sandbox = applied();
    for name in [
        "._a1.up.sql",
        ".a1.up.sql",
        "#a1.up.sql#",
        "a1.up.sql~",
        "a1.up.sql.orig",
        "a1.up.sql.rej",
        "a1.up.sql.bak",
        ".a1.up.sql.swp",
        ".hidden/b1.up.sql",
        "old~/b1.up.sql",
    ] {
        sandbox.write(&format!("versions/{name}"), b"\xff\xfe");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("me@host.1:2", sandbox.path("versions/.#a1.up.sql")).unwrap();
    for recursive in ["", "recursive_version_locations = true\n"] {
        sandbox.write("migrate.toml", format!("{CONFIG}{recursive}"));
        for command in ["check", "upgrade", "current", "history", "downgrade base", "upgrade"] {
            let run = sandbox.run(command);
            assert_eq!((run.code, run.stderr.contains("warning")), (0, false), "{}", run.text());
        }
    }
}

#[test]
fn a_folder_of_scripts_that_is_not_read_is_named() {
    let sandbox = applied();
    sandbox.write("versions/sub/b1.up.sql", "-- b\n-- Revision ID: b1\n-- Revises: a1\n");
    sandbox.write("versions/docs/plan.md", "");
    let found = sandbox.json("check")["strangers"].clone();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["file"]), (1, &json!("versions/sub")));
    sandbox.write("migrate.toml", format!("{CONFIG}recursive_version_locations = true\n"));
    assert_eq!(sandbox.json("check")["pending"], json!(["b1"]));
    sandbox.write("migrate.toml", format!("{CONFIG}versions = [\"versions\", \"versions/sub\"]\n"));
    let document = sandbox.json("check");
    assert_eq!((&document["pending"], &document["strangers"]), (&json!(["b1"]), &json!([])));
}

#[test]
fn a_down_script_alone_is_told_by_check() {
    let sandbox = applied();
    sandbox.write("versions/b1.down.sql", "");
    assert_snapshot!(sandbox.migrate("check"), @"
    exit 3
    --- stdout
    No revision: `versions/b1.down.sql` has no up script beside it: restore its up script, or delete it
    --- stderr
    warning: `versions/b1.down.sql` has no up script beside it
    ");
}

#[test]
fn of_many_a_few_are_named_by_an_upgrade_and_all_by_check() {
    let sandbox = applied();
    for number in 10..30 {
        sandbox.write(&format!("versions/V{number}__x.sql"), "");
    }
    let run = sandbox.run("upgrade");
    assert_eq!(run.stderr.matches("a migration of Flyway").count(), 10, "{}", run.stderr);
    assert!(run.stderr.contains("10 more files are not read: `migrate check` names them all"));
    assert_eq!(sandbox.json("check")["strangers"].as_array().unwrap().len(), 20);
    for number in 11..20 {
        sandbox.remove(&format!("versions/V{number}__x.sql"));
    }
    let run = sandbox.run("upgrade");
    assert!(
        run.stderr.contains("1 more file is not read: `migrate check` names it"),
        "{}",
        run.stderr
    );
}

#[test]
fn new_revisions_never_get_a_name_that_is_passed_over() {
    let sandbox = applied();
    for template in [".{rev}", "#{rev}", "{year}/.{rev}"] {
        let text =
            format!("{CONFIG}recursive_version_locations = true\nfile_template = \"{template}\"\n");
        sandbox.write("migrate.toml", text);
        assert!(sandbox.refused("revision -m x").contains("is never read"), "{template}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_waits_for_a_pipe_that_is_named_like_a_script() {
    let sandbox = applied();
    for name in ["V1__x.sql", "x.sql"] {
        let pipe = sandbox.path(&format!("versions/{name}"));
        assert!(std::process::Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    let run = sandbox.run("upgrade");
    assert_eq!(run.code, 0, "{}", run.text());
    assert!(run.stderr.contains("`versions/V1__x.sql` is not read"), "{}", run.stderr);
    assert_eq!(sandbox.run("check").code, 3);
}
