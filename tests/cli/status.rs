use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::Sandbox;

fn states(sandbox: &Sandbox) -> Vec<String> {
    let document = sandbox.json("status");
    let state = |it: &Value| {
        format!("{} {}", it["revision"].as_str().unwrap(), it["state"].as_str().unwrap())
    };
    document["revisions"].as_array().unwrap().iter().map(state).collect()
}

#[test]
fn every_revision_is_shown_with_its_state() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.add("x1<b1");
    sandbox.done("upgrade c1");
    sandbox.done("upgrade x1");
    sandbox.remove("versions/x1.up.sql");
    sandbox.replace("versions/b1.up.sql", "t_b1", "t_b2");
    sandbox.add("d1<c1");
    assert_snapshot!(sandbox.migrate("status"), @"
    exit 0
    --- stdout
         State     Revision  Message  Applied at                Took
    @    applied   a1        make a1  2026-01-01T00:00:00.000Z  N ms
    @    modified  b1        make b1  2026-01-01T00:00:00.000Z  N ms
    +-.
    | @  missing   x1        make x1  2026-01-01T00:00:00.000Z  N ms
    @    applied   c1        make c1  2026-01-01T00:00:00.000Z  N ms
    o    pending   d1        make d1
    2 applied, 1 modified, 1 missing, 1 pending.
    --- stderr
    warning: `versions/x1.down.sql` has no up script beside it
    ");
}

#[test]
fn an_applied_revision_that_waits_for_nobody_is_applied() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    assert_eq!(states(&sandbox), ["a1 pending", "b1 pending", "c1 pending"]);
    sandbox.done("upgrade b1");
    assert_eq!(states(&sandbox), ["a1 applied", "b1 applied", "c1 pending"]);
    sandbox.replace("versions/a1.up.sql", "t_a1", "t_a2");
    assert_eq!(states(&sandbox), ["a1 modified", "b1 applied", "c1 pending"]);
    sandbox.remove("versions/c1.up.sql");
    sandbox.remove("versions/b1.up.sql");
    assert_eq!(states(&sandbox), ["a1 modified", "b1 missing"]);
}

#[test]
fn the_document_tells_when_and_how_long() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let document = sandbox.json("status");
    let first = &document["revisions"][0];
    assert_eq!(first["revision"], "a1");
    assert_eq!(first["state"], "applied");
    assert_eq!(first["message"], "make a1");
    assert_eq!(first["applied_at"], "2026-01-01T00:00:00.000Z");
    assert!(first["duration_ms"].is_u64());
    let second = &document["revisions"][1];
    assert_eq!(second["state"], "pending");
    assert_eq!((&second["applied_at"], &second["duration_ms"]), (&json!(null), &json!(null)));
}

#[test]
fn a_tag_is_shown_where_there_is_one() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade a1 --tag 'release 7'");
    sandbox.done("upgrade b1");
    assert_snapshot!(sandbox.migrate("status"), @"
    exit 0
    --- stdout
    State    Revision  Message  Applied at                Took  Tag
    applied  a1        make a1  2026-01-01T00:00:00.000Z  N ms  release 7
    applied  b1        make b1  2026-01-01T00:00:00.000Z  N ms
    pending  c1        make c1
    2 applied, 1 pending.
    ");
    let document = sandbox.json("status");
    let tags: Vec<&Value> =
        document["revisions"].as_array().unwrap().iter().map(|it| &it["tag"]).collect();
    assert_eq!(tags, [&json!("release 7"), &json!(null), &json!(null)]);
}

#[test]
fn an_empty_project_says_how_to_begin() {
    let sandbox = Sandbox::new();
    assert_snapshot!(sandbox.migrate("status"), @"
    exit 0
    --- stderr
    There are no revisions yet: `migrate revision -m …` writes the first.
    ");
    let document = json!({"revisions": [], "database_exists": false});
    assert_eq!(sandbox.json("status"), document);
}

#[test]
fn no_database_and_no_table_is_made() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("status");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.execute("CREATE TABLE mine (a)");
    let before = sandbox.files();
    sandbox.done("status");
    assert!(sandbox.files() == before);
}

#[test]
fn a_database_that_is_not_there_yet_is_told() {
    let sandbox = Sandbox::with("a1");
    let said = "There is no database `sqlite:[ROOT]/typo.db` yet: `migrate upgrade` creates it.\n";
    for command in ["status", "current", "check", "history -i"] {
        let run = sandbox.run(&format!("{command} --url sqlite:typo.db"));
        assert!(run.stderr.ends_with(said), "{command}: {}", run.text());
    }
    for command in ["status", "current", "check"] {
        let document = sandbox.json(&format!("{command} --url sqlite:typo.db"));
        assert_eq!(document["database_exists"], false, "{command}");
    }
    // Nor does a downgrade make a database of which there is nothing to take back.
    let run = sandbox.run("downgrade base --url sqlite:typo.db");
    let nothing = "Nothing to do; migrate_version is at base.\n";
    assert_eq!(run.text(), format!("exit 0\n--- stderr\n{said}{nothing}"));
    assert!(sandbox.refused("downgrade -1 --url sqlite:typo.db").contains("relative revision -1"));
    assert_eq!(sandbox.json("downgrade base --url sqlite:typo.db")["steps"], json!([]));
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.done("upgrade");
    for command in ["status", "current", "check", "current --url sqlite::memory:"] {
        let run = sandbox.run(command);
        assert!(!run.stderr.contains("no database"), "{command}: {}", run.text());
        assert!(sandbox.json(command).get("database_exists").is_none(), "{command}");
    }
}
