//! Revisions without a transaction that stopped partway go on, and nothing runs twice.

use limbeck::revision::Checksum;

use crate::support::Sandbox;

/// Three statements, of which the second fails.
fn stopped() -> Sandbox {
    let sandbox = Sandbox::with("a1");
    let up = "CREATE TABLE b (x);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE c (x);";
    sandbox.revision("b1<a1 | Transaction: none", up, "DROP TABLE b;\nDROP TABLE c;");
    assert_eq!(sandbox.run("upgrade").code, 1);
    sandbox
}

/// The same, but as a kill leaves it: nobody knows what became of the second statement.
fn in_doubt() -> Sandbox {
    let sandbox = stopped();
    let texts = ["CREATE TABLE b (x)", "INSERT INTO nowhere VALUES (1)"];
    let begun = &Checksum::of_each_beginning(texts.into_iter())[2];
    sandbox.execute(&format!(
        "UPDATE migrate_version_running SET begun = 2, begun_digest = '{begun}'"
    ));
    sandbox
}

#[test]
fn it_goes_on_after_the_last_statement_that_is_done() {
    let sandbox = stopped();
    sandbox.replace("versions/b1.up.sql", "nowhere", "b");
    sandbox.done("upgrade --resume");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("b c t_a1".into(), "a1 b1".into()));
    assert_eq!(sandbox.query("SELECT count(*) FROM b"), "1");
    assert_eq!(sandbox.query("SELECT count(*) FROM migrate_version_running"), "0");
    sandbox.done("downgrade base");
    assert_eq!(sandbox.tables(), "");
}

#[test]
fn no_statement_is_pointed_at_where_none_is_left() {
    let sandbox = stopped();
    let rest = "INSERT INTO nowhere VALUES (1);\nCREATE TABLE c (x);";
    assert!(sandbox.refused("upgrade").contains("continues with this statement"));
    sandbox.replace("versions/b1.up.sql", rest, "");
    let text = sandbox.refused("upgrade");
    assert!(text.contains("`migrate upgrade --resume` continues from there;"), "{text}");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn what_has_run_must_not_have_been_edited() {
    let sandbox = stopped();
    sandbox.replace("versions/b1.up.sql", "TABLE b (x)", "TABLE b (y)");
    let text = sandbox.refused("upgrade --resume");
    assert!(text.contains("`b1` was edited in its first statement, which has run"), "{text}");
    let ways = "restore the part that has run and continue; `migrate stamp b1` settles it if you finish it by \
                hand, `migrate stamp a1` if you undo it";
    assert!(text.contains(ways), "{text}");
    sandbox.done("stamp b1");
    assert_eq!(sandbox.applied(), "a1 b1");
}

/// A revision without a transaction that failed at its statement about `nowhere`, which is corrected.
fn corrected(up: &str, correction: &str) -> Sandbox {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Transaction: none", up, "");
    let run = sandbox.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    sandbox.replace("versions/b1.up.sql", "INSERT INTO nowhere VALUES (1);", correction);
    sandbox
}

#[test]
fn settings_of_statements_that_are_done_are_made_again_and_told() {
    let up = "CREATE TABLE log (x);\nCREATE TABLE b (x);\nATTACH 'other.db' AS other;\n\
              CREATE TEMP TRIGGER seen AFTER INSERT ON b BEGIN INSERT INTO log VALUES (NEW.x); END;\n\
              PRAGMA recursive_triggers = on;\nINSERT INTO nowhere VALUES (1);\n\
              INSERT INTO b VALUES (7);\nCREATE TABLE other.o (x);\n\
              INSERT INTO b SELECT 100 + recursive_triggers FROM pragma_recursive_triggers;";
    let sandbox = corrected(up, "SELECT 1;");
    let run = sandbox.run("upgrade --resume");
    assert_eq!(run.code, 0, "{}", run.text());
    assert_eq!(sandbox.query("SELECT x FROM log"), "7\n101");
    assert_eq!(sandbox.query_in("other.db", "SELECT count(*) FROM o"), "0");
    for (line, text) in [
        (10, "ATTACH 'other.db' AS other"),
        (
            11,
            "CREATE TEMP TRIGGER seen AFTER INSERT ON b BEGIN INSERT INTO log VALUES (NEW.x); END",
        ),
        (12, "PRAGMA recursive_triggers = on"),
    ] {
        let told = format!("Set again for the session: versions/b1.up.sql:{line}:1: {text}\n");
        assert!(run.stderr.contains(&told), "{told}: {}", run.stderr);
    }
    assert!(!run.stderr.contains("CREATE TABLE log"), "{}", run.stderr);
}

#[test]
fn an_empty_temporary_table_is_made_again_and_one_with_rows_refuses_to_go_on() {
    let up = "CREATE TABLE b (x);\nCREATE TEMP TABLE t (x);\nINSERT INTO nowhere VALUES (1);\n\
              INSERT INTO t VALUES (3);\nINSERT INTO b SELECT x FROM t;";
    let sandbox = corrected(up, "");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT x FROM b"), "3");

    let up = "CREATE TABLE b (x);\nCREATE TEMP TABLE t (x);\nINSERT INTO t VALUES (2);\n\
              INSERT INTO nowhere VALUES (1);\nINSERT INTO b SELECT x FROM t;";
    let sandbox = corrected(up, "");
    let text = sandbox.refused("upgrade --resume");
    assert!(text.contains("versions/b1.up.sql:9:1"), "{text}");
    assert!(text.contains("left rows in the temporary object `t`"), "{text}");
    assert!(text.contains("migrate stamp b1"), "{text}");
    sandbox.refused("upgrade --resume --dry-run");

    // What doesn't name it any more can't depend on it.
    sandbox.replace("versions/b1.up.sql", "SELECT x FROM t", "SELECT 4");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT x FROM b"), "4");
}

#[test]
fn rows_that_a_temporary_trigger_added_refuse_to_go_on_where_they_are_read() {
    let up = "CREATE TABLE b (x);\nCREATE TEMP TABLE log (x);\n\
              CREATE TEMP TRIGGER seen AFTER INSERT ON b BEGIN INSERT INTO log VALUES (NEW.x); END;\n\
              INSERT INTO b VALUES (7);\nINSERT INTO nowhere VALUES (1);\n\
              INSERT INTO b SELECT x + 1 FROM log;";
    let sandbox = corrected(up, "");
    let text = sandbox.refused("upgrade --resume");
    assert!(text.contains("versions/b1.up.sql:9:1"), "{text}");
    assert!(text.contains("left rows in the temporary object `log`"), "{text}");
    assert_eq!(sandbox.query("SELECT x FROM b"), "7");
    sandbox.replace("versions/b1.up.sql", "SELECT x + 1 FROM log", "VALUES (8)");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT x FROM b"), "7\n8");
}

#[test]
fn a_dry_run_lists_what_would_be_set_again() {
    let up =
        "CREATE TABLE b (x);\nPRAGMA recursive_triggers = on;\nINSERT INTO nowhere VALUES (1);";
    let sandbox = corrected(up, "INSERT INTO b VALUES (1);");
    let run = sandbox.run("upgrade --resume --dry-run");
    let told =
        "Would set again for the session: versions/b1.up.sql:9:1: PRAGMA recursive_triggers = on\n";
    assert!(run.stderr.contains(told), "{}", run.text());
    let document = sandbox.json("upgrade --resume --dry-run");
    let again = &document["set_again"];
    assert_eq!(again.as_array().map(Vec::len), Some(1), "{document}");
    assert_eq!(again[0]["sql"], "PRAGMA recursive_triggers = on");
    assert_eq!((&again[0]["file"], &again[0]["line"]), (&"versions/b1.up.sql".into(), &9.into()));
    assert_eq!(sandbox.query("SELECT count(*) FROM b"), "0");
    sandbox.done("upgrade --resume");
    assert!(sandbox.json("upgrade --dry-run").get("set_again").is_none());
}

#[test]
fn the_id_of_a_row_of_the_session_before_refuses_to_go_on() {
    let up = "CREATE TABLE b (x);\nINSERT INTO b VALUES (5);\nINSERT INTO nowhere VALUES (1);\n\
              UPDATE b SET x = last_insert_rowid();";
    let sandbox = corrected(up, "SELECT 1;");
    let error = &sandbox.json("upgrade --resume")["error"];
    assert_eq!((&error["kind"], &error["line"]), (&"revision".into(), &9.into()));
    sandbox.replace("versions/b1.up.sql", "SELECT 1;", "INSERT INTO b VALUES (6);");
    sandbox.done("upgrade --resume");
}

#[test]
fn a_statement_that_failed_left_nothing_of_itself() {
    let up = "CREATE TABLE b (x UNIQUE);\nINSERT OR FAIL INTO b VALUES (1), (2), (2), (3);";
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Transaction: none", up, "");
    assert_eq!(sandbox.run("upgrade").code, 1);
    assert_eq!(sandbox.query("SELECT count(*) FROM b"), "0");
    sandbox.replace("versions/b1.up.sql", "(2), (2)", "(2)");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT x FROM b"), "1\n2\n3");
}

#[test]
fn a_downgrade_that_goes_on_has_its_settings_again() {
    let sandbox = Sandbox::new();
    let down = "-- Transaction: none\nDROP TABLE a;\nCREATE TEMP TABLE c (x);\nDROP TABLE nowhere;\n\
                INSERT INTO c VALUES (1);\nDROP TABLE b;";
    sandbox.revision("a1", "CREATE TABLE a (x);\nCREATE TABLE b (x);", down);
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("downgrade base").code, 1);
    sandbox.replace("versions/a1.down.sql", "nowhere", "IF EXISTS nowhere");
    for (command, verb) in [
        ("downgrade base --resume --dry-run", "Would set again"),
        ("downgrade base --resume", "Set again"),
    ] {
        let run = sandbox.run(command);
        assert_eq!(run.code, 0, "{}", run.text());
        let told = format!("{verb} for the session: versions/a1.down.sql:3:1: CREATE TEMP TABLE c");
        assert!(run.stderr.contains(&told), "{}", run.stderr);
    }
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
}

#[test]
fn a_statement_in_doubt_is_settled_either_way() {
    let sandbox = in_doubt();
    sandbox.refused("upgrade --resume");
    sandbox.done("repair --done b1");
    sandbox.done("upgrade --resume");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("b c t_a1".into(), "a1 b1".into()));

    let sandbox = in_doubt();
    sandbox.done("repair --again b1");
    sandbox.replace("versions/b1.up.sql", "nowhere", "b");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.query("SELECT x FROM b"), "1");
    assert_eq!(sandbox.run("repair --done b1").code, 1);
}

#[test]
fn a_stamp_settles_it_too() {
    let sandbox = in_doubt();
    sandbox.done("stamp b1");
    assert_eq!(sandbox.json("status")["revisions"][1]["state"], "applied");
    let sandbox = in_doubt();
    sandbox.done("stamp a1");
    assert_eq!(sandbox.json("status")["revisions"][1]["state"], "pending");
    assert_eq!(sandbox.run("repair").code, 0);
}

#[test]
fn a_downgrade_that_stopped_goes_on_too() {
    let sandbox = Sandbox::new();
    let down = "-- Transaction: none\nDROP TABLE a;\nDROP TABLE nowhere;\nDROP TABLE b;";
    sandbox.revision("a1", "CREATE TABLE a (x);\nCREATE TABLE b (x);", down);
    sandbox.done("upgrade");
    assert_eq!(sandbox.run("downgrade base").code, 1);
    assert_eq!((sandbox.tables(), sandbox.applied()), ("b".into(), "a1".into()));
    assert_eq!(sandbox.run("upgrade").code, 1);
    sandbox.replace("versions/a1.down.sql", "nowhere", "IF EXISTS nowhere");
    sandbox.done("downgrade base --resume");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
}

#[test]
fn racing_processes_run_it_once() {
    let sandbox = Sandbox::with("a1");
    let slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)\n\
                INSERT INTO audit SELECT count(*) FROM n;";
    let up = format!("CREATE TABLE audit (n);\n{slow}\n{slow}");
    sandbox.revision("b1<a1 | Transaction: none", &up, "DROP TABLE audit;");
    sandbox.add("c1<b1");
    let racers: Vec<_> =
        (0..6).map(|_| sandbox.command("upgrade --json").spawn().unwrap()).collect();
    for racer in racers {
        let output = racer.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(sandbox.query("SELECT count(*) FROM audit"), "2");
    assert_eq!(sandbox.applied(), "a1 b1 c1");
}

#[test]
fn a_process_of_which_nothing_is_known_is_not_waited_for_for_ever() {
    let sandbox = in_doubt();
    sandbox.execute("UPDATE migrate_version_running SET process = '1 1 elsewhere'");
    let document = sandbox.json("upgrade --lock-timeout 200ms");
    assert_eq!(document["error"]["kind"], "half_done");
    assert_eq!(sandbox.json("status")["revisions"][1]["state"], "failed");
    sandbox.done("repair --again b1");
    sandbox.replace("versions/b1.up.sql", "nowhere", "b");
    sandbox.done("upgrade --resume");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn a_statement_is_told_what_the_one_before_it_changed() {
    let up = "CREATE TABLE c (x);\nINSERT INTO c VALUES (1), (2), (3);\nCREATE TABLE n AS SELECT changes() AS n;\n\
              UPDATE c SET x = 0 WHERE x < 3;\nINSERT INTO n SELECT changes();";
    for head in ["a1", "a1 | Transaction: none"] {
        let sandbox = Sandbox::new();
        sandbox.revision(head, up, "");
        sandbox.done("upgrade");
        assert_eq!(sandbox.query("SELECT n FROM n"), "3\n2", "{head}");
    }
    // A failure in between is still that of its statement.
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE c (x);\nINSERT INTO c VALUES (1), (2);\nINSERT INTO nowhere SELECT changes();";
    sandbox.revision("a1 | Transaction: none", up, "");
    let run = sandbox.run("upgrade");
    assert!(run.stderr.contains("versions/a1.up.sql:10:1"), "{}", run.text());
    assert_eq!(sandbox.query("SELECT begun, done FROM migrate_version_running"), "2|2");
    // What it asks for went with its session.
    sandbox.replace("versions/a1.up.sql", "nowhere", "c");
    let text = sandbox.refused("upgrade --resume");
    for part in [
        "its statement 2, which is done, left what the next one asks for in a session that is gone",
        "versions/a1.up.sql:9:1",
        "hint: nothing was changed; it can only be settled by hand; `migrate stamp a1` settles it if you \
         finish it by hand, `migrate stamp base` if you undo it",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
