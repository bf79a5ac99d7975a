//! Whose fault a failure is: a script's that is found out at its end, a statement's that is passed over,
//! the database's own.

use crate::support::Sandbox;

const CHILD: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY);\n\
    CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);";

#[test]
fn broken_foreign_keys_name_the_script_and_the_only_statement_that_can_have_done_it() {
    for key in ["", " | Foreign Keys: on"] {
        let sandbox = Sandbox::new();
        sandbox.revision("a1", CHILD, "");
        let up = "CREATE TABLE x (y);\nINSERT INTO c VALUES (1, 7);\nINSERT INTO p VALUES (1);";
        sandbox.revision(&format!("b1<a1{key}"), up, "");
        let error = sandbox.json("upgrade")["error"].clone();
        assert_eq!(error["revision"], "b1", "{error}");
        assert_eq!(error["file"], "versions/b1.up.sql", "{error}");
        let text = sandbox.migrate("upgrade");
        assert!(text.contains("row 1 of `c` refers to no row of `p`"), "{text}");
        assert!(text.contains("b1: rolled back"), "{text}");
        assert_eq!(sandbox.tables(), "c p");
    }
    let sandbox = Sandbox::new();
    sandbox.revision("a1", CHILD, "");
    sandbox.revision("b1<a1 | Foreign Keys: on", "SELECT 1;\nINSERT INTO c VALUES (1, 7);", "");
    let error = sandbox.json("upgrade")["error"].clone();
    assert_eq!((&error["line"], &error["column"]), (&9.into(), &1.into()), "{error}");
    let text = sandbox.migrate("upgrade");
    assert!(text.contains("the commit of revision `b1` failed"), "{text}");
    assert!(text.contains("versions/b1.up.sql:9:1"), "{text}");
}

#[test]
fn several_statements_that_can_have_done_it_leave_the_file() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", CHILD, "");
    let up = "INSERT INTO c VALUES (1, 7);\nINSERT INTO c VALUES (2, 8);";
    sandbox.revision("b1<a1", up, "");
    let error = sandbox.json("upgrade")["error"].clone();
    assert_eq!((&error["file"], error["line"].is_null()), (&"versions/b1.up.sql".into(), true));
    let text = sandbox.migrate("upgrade");
    assert!(text.contains("\n --> versions/b1.up.sql\n"), "{text}");
}

#[test]
fn what_can_not_be_in_a_transaction_is_hinted_at() {
    for statement in ["PRAGMA journal_mode = WAL;", "VACUUM;", "PRAGMA synchronous = OFF;"] {
        let sandbox = Sandbox::with("a1");
        sandbox.done("upgrade");
        sandbox.revision("b1<a1", statement, "");
        let text = sandbox.migrate("upgrade");
        assert!(text.contains("put `-- Transaction: none` into the header"), "{statement}: {text}");
    }
}

#[test]
fn a_pragma_that_is_passed_over_is_warned_of() {
    let warning =
        "versions/b1.up.sql:7:1: `PRAGMA foreign_keys = ON` does nothing inside a transaction";
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "PRAGMA foreign_keys = ON;\nCREATE TABLE b (x);", "");
    let run = sandbox.run("upgrade");
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains(warning), "{}", run.stderr);
    // SQLite refuses a write-ahead log inside a transaction, but for a new file, where it says nothing.
    let sandbox = Sandbox::new();
    sandbox.revision("b1", "PRAGMA journal_mode = WAL;", "");
    let run = sandbox.run("upgrade");
    assert!(run.stderr.contains("`PRAGMA journal_mode = WAL` does nothing"), "{}", run.text());
    for (key, statement) in [
        ("", "PRAGMA foreign_keys = OFF;"),
        ("", "PRAGMA journal_mode = DELETE;"),
        ("", "PRAGMA foreign_keys;"),
        (" | Foreign Keys: on", "PRAGMA foreign_keys = 1;"),
        (" | Transaction: none", "PRAGMA foreign_keys = ON;"),
    ] {
        let sandbox = Sandbox::with("a1");
        sandbox.revision(&format!("b1<a1{key}"), statement, "");
        let run = sandbox.run("upgrade");
        assert!(!run.stderr.contains("does nothing"), "{key} {statement}: {}", run.stderr);
    }
}

#[test]
fn a_transaction_that_is_left_open_is_refused_before_anything_runs() {
    let refused = |up: &str, place: &str| {
        let sandbox = Sandbox::with("a1");
        sandbox.revision("b1<a1 | Transaction: none", up, "");
        let text = sandbox.refused("upgrade");
        assert!(text.contains("isn't ended by the script"), "{text}");
        assert!(text.contains(place), "{text}");
    };
    refused("CREATE TABLE b (x);\nBEGIN;\nINSERT INTO b VALUES (1);", "versions/b1.up.sql:9:1");
    refused("BEGIN;\nCOMMIT;\nBEGIN IMMEDIATE;\nROLLBACK TO x;", "versions/b1.up.sql:10:1");
    refused("CREATE TABLE b (x);\nSAVEPOINT x;\nROLLBACK TO x;", "versions/b1.up.sql:9:1");
    refused("SAVEPOINT x;\nSAVEPOINT y;\nRELEASE y;", "versions/b1.up.sql:8:1");
    refused("BEGIN;\nSAVEPOINT x;\nRELEASE x;", "versions/b1.up.sql:8:1");
    for up in [
        "BEGIN;\nCREATE TABLE b (x);\nEND;",
        "SAVEPOINT x;\nSAVEPOINT y;\nCREATE TABLE b (x);\nRELEASE SAVEPOINT \"X\";",
        "SAVEPOINT x;\nCREATE TABLE b (x);\nCOMMIT;",
    ] {
        let sandbox = Sandbox::with("a1");
        sandbox.revision("b1<a1 | Transaction: none", up, "");
        sandbox.done("upgrade");
    }
}

#[test]
fn a_trigger_that_is_never_ended_is_found_in_its_file() {
    let sandbox = Sandbox::with("a1");
    let trigger = "CREATE TRIGGER t AFTER INSERT ON t_a1 BEGIN\n  SELECT 1;\nCREATE TABLE b (x);";
    sandbox.revision("b1<a1", &format!("CREATE TABLE c (x);\n{trigger}"), "");
    let text = sandbox.refused("upgrade");
    assert!(text.contains("a body is opened with BEGIN and never closed"), "{text}");
    assert!(text.contains("versions/b1.up.sql:8:39"), "{text}");
    assert!(text.contains("hint: nothing was changed; end it with `END`"), "{text}");
    assert!(!sandbox.path("app.db").exists());
}

#[test]
fn a_rehearsal_that_fails_speaks_of_the_copy() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    for key in ["c1<b1", "c1<b1 | Transaction: none"] {
        sandbox.revision(key, "CREATE TABLE c (x);\nINSERT INTO nowhere VALUES (1);", "");
        let text = sandbox.refused("upgrade --rehearse");
        assert!(text.contains("it was a copy: the database is as it was"), "{text}");
        assert!(text.contains("correct the script and rehearse it again"), "{text}");
        for wrong in ["rolled back", "nothing was changed", "kept", "--resume", "stands"] {
            assert!(!text.contains(wrong), "{wrong}: {text}");
        }
        assert_eq!(sandbox.json("upgrade --rehearse")["error"]["revision"], "c1");
        assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1".into(), "a1".into()));
    }
}
