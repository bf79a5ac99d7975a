//! Commands that can do without scripts, and without a project.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

/// Makes a project of which one script's header was broken after it was applied.
fn broken() -> Sandbox {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade");
    sandbox.replace("versions/b1.up.sql", "-- Revises:", "-- Revise:");
    sandbox
}

#[test]
fn what_asks_the_database_alone_reads_no_script() {
    let sandbox = broken();
    for command in [
        "sql 'SELECT count(*) FROM t_a1'",
        "dump",
        "diagram",
        "diagram -o page.html",
        "lock status",
        "ensure-version",
        "completions bash",
        "completions powershell",
        "list-templates",
        "man",
    ] {
        let run = sandbox.run(command);
        assert_eq!(run.code, 0, "{command}: {}", run.text());
    }
    for command in
        ["upgrade", "history", "heads", "dump --versions", "check", "current --check-heads"]
    {
        let text = sandbox.refused(command);
        assert!(text.contains("unknown key `Revise` in the header"), "{command}: {text}");
    }
}

#[test]
fn what_is_applied_is_shown_and_the_broken_script_is_warned_of() {
    let sandbox = broken();
    assert_snapshot!(sandbox.migrate("current"), @"
    exit 0
    --- stdout
    c1 (head)
    --- stderr
    warning: versions/b1.up.sql:4:4: unknown key `Revise` in the header; `Revises` is one
    ");
    assert_snapshot!(sandbox.migrate("status"), @"
    exit 0
    --- stdout
    State    Revision  Message  Applied at                Took
    applied  a1        make a1  2026-01-01T00:00:00.000Z  N ms
    applied  b1        make b1  2026-01-01T00:00:00.000Z  N ms
    applied  c1        make c1  2026-01-01T00:00:00.000Z  N ms
    3 applied.
    --- stderr
    warning: versions/b1.up.sql:4:4: unknown key `Revise` in the header; `Revises` is one
    ");
    let document = sandbox.json("current");
    assert_eq!(document["heads"], json!(["c1"]));
    assert_eq!(
        document["problems"],
        json!([{
            "message": "unknown key `Revise` in the header; `Revises` is one",
            "file": "versions/b1.up.sql", "line": 4, "column": 4,
        }])
    );
    assert_eq!(sandbox.json("status")["problems"].as_array().unwrap().len(), 1);
}

/// What somebody does to a project.
type Deed = fn(&Sandbox);

#[test]
fn every_fault_of_the_files_is_told_and_none_hides_the_database() {
    let faults: [(&str, Deed); 5] = [
        ("is not UTF-8", |it| it.write("versions/b1.up.sql", b"-- \xff")),
        ("is in two files", |it| it.write("versions/d1.up.sql", it.read("versions/a1.up.sql"))),
        ("which doesn't exist", |it| it.remove("versions/a1.up.sql")),
        ("cycle", |it| it.replace("versions/a1.up.sql", "-- Revises:", "-- Revises: c1")),
        ("does not exist", |it| std::fs::remove_dir_all(it.path("versions")).unwrap()),
    ];
    for (words, make) in faults {
        let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
        sandbox.done("upgrade");
        make(&sandbox);
        for command in ["current", "current -v", "status", "sql 'SELECT 1'", "dump", "diagram"] {
            let run = sandbox.run(command);
            assert_eq!(run.code, 0, "{words}, {command}: {}", run.text());
        }
        let run = sandbox.run("current");
        assert!(run.stdout.contains("c1"), "{words}: {}", run.text());
        assert!(run.stderr.contains(words), "{words}: {}", run.text());
        assert_eq!(sandbox.run("upgrade").code, 1, "{words}");
    }
}

#[test]
fn problems_name_their_files_as_everything_else_does() {
    for (old, new, message, file) in [
        ("Revision ID: b1", "Revision ID: a1", "revision `a1` is in two files, `versions/", "b1"),
        ("Revises: a1", "Revises: c1", "the revisions form a cycle", "b1"),
        ("Revises: a1", "Revises: nope", "revision `b1` revises `nope`, which doesn't exist", "b1"),
    ] {
        let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
        sandbox.done("upgrade");
        sandbox.replace("versions/b1.up.sql", old, new);
        let problem = sandbox.json("current")["problems"][0].clone();
        let said = problem["message"].as_str().unwrap();
        assert!(said.starts_with(message) && !said.contains("`/"), "{problem}");
        assert_eq!(problem["file"], format!("versions/{file}.up.sql"), "{problem}");
    }
}

#[test]
fn with_a_url_there_needs_to_be_no_project() {
    let mut sandbox = Sandbox::empty();
    assert_eq!(sandbox.run("sql 'SELECT 1'").code, 1);
    sandbox.done("sql --url sqlite:app.db 'CREATE TABLE t (id INTEGER PRIMARY KEY)'");
    for command in ["sql 'SELECT * FROM t'", "dump", "diagram", "diagram -f dot", "lock status"] {
        let run = sandbox.run(&format!("{command} --url sqlite:app.db"));
        assert_eq!(run.code, 0, "{command}: {}", run.text());
    }
    sandbox.set("DATABASE_URL", "sqlite:app.db");
    assert!(sandbox.migrate("dump").contains("CREATE TABLE t"));
    assert!(sandbox.refused("upgrade").contains("no `migrate.toml` in"));
    assert!(sandbox.refused("dump -c other.toml").contains("other.toml"));
    sandbox.set("DATABASE_URL", "nonsense:app.db");
    assert!(sandbox.refused("dump").contains("DATABASE_URL"));
}

#[test]
fn without_a_project_and_a_url_the_way_to_both_is_told() {
    let sandbox = Sandbox::empty();
    assert_snapshot!(sandbox.refused("dump"), @"
    exit 1
    --- stderr
    error: no `migrate.toml` in `[ROOT]` or its parent folders
    hint: `migrate init` starts a project here; `-c FILE` names another configuration
    ");
}
