//! Errors are told with place and remedy, and what failed leaves nothing behind.

use insta::assert_snapshot;
use serde_json::json;

use crate::support::{CONFIG, Sandbox};

#[test]
fn a_failed_statement_is_told_with_its_place_and_what_stands() {
    let sandbox = Sandbox::with("a1");
    let up = "CREATE TABLE t (a INTEGER);\n\n-- two rows\nINSERT INTO t (a)\nVALUES (1), (nope);\n\
              CREATE TABLE u (a);";
    sandbox.revision("b1<a1", up, "");
    sandbox.add("c1<b1");
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    Running upgrade  -> a1, make a1
    Running upgrade a1 -> b1, make b1
    error: no such column: nope
      --> versions/b1.up.sql:11:14
       |
    11 | VALUES (1), (nope);
       |              ^^^^
      code: SQLITE_ERROR (1)
      b1: rolled back
      done before, and kept: a1
    hint: correct the script and run the command again
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1".to_owned(), "a1".to_owned()));
    let before = (sandbox.query("SELECT * FROM sqlite_schema"), sandbox.applied());
    let document = sandbox.json("upgrade");
    assert_eq!((sandbox.query("SELECT * FROM sqlite_schema"), sandbox.applied()), before);
    let error = &document["error"];
    assert_eq!(error["kind"], "sql");
    assert_eq!(error["message"], "no such column: nope");
    assert_eq!(error["file"], "versions/b1.up.sql");
    assert_eq!((&error["line"], &error["column"]), (&json!(11), &json!(14)));
    assert_eq!(error["statement"], "INSERT INTO t (a)\nVALUES (1), (nope)");
    assert_eq!(error["code"], "SQLITE_ERROR (1)");
    assert_eq!(error["hint"], "correct the script and run the command again");
    assert_eq!(document["steps"], json!([]));
}

#[test]
fn the_document_tells_what_was_done_before_a_failure() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.revision("c1<b1", "INSERT INTO t_a1 VALUES (1), (1);", "");
    let run = sandbox.run("--json upgrade");
    assert_eq!(run.code, 1);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(document["steps"][0]["revision"], "a1");
    assert_eq!(document["steps"][1]["revision"], "b1");
    assert_eq!(document["steps"].as_array().map(Vec::len), Some(2));
    assert_eq!(document["error"]["code"], "SQLITE_CONSTRAINT_PRIMARYKEY (1555)");
    assert_eq!(document["error"]["revision"], "c1");
}

#[test]
fn columns_count_characters_and_files_may_end_lines_as_they_like() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1", "SELECT 'ünïcödé', nope;", "");
    let text = sandbox.read("versions/a1.up.sql").replace('\n', "\r\n");
    sandbox.write("versions/a1.up.sql", format!("\u{feff}{text}"));
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    Running upgrade  -> a1, make a1
    error: no such column: nope
     --> versions/a1.up.sql:7:19
      |
    7 | SELECT 'ünïcödé', nope;
      |                   ^^^^
      code: SQLITE_ERROR (1)
      a1: rolled back
      nothing was changed
    hint: correct the script and run the command again
    ");
}

#[test]
fn a_failure_outside_a_transaction_says_that_something_stands() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE t (a);\nINSERT INTO nowhere VALUES (1);";
    sandbox.revision("a1 | Transaction: none", up, "");
    let text = sandbox.migrate("upgrade");
    assert!(text.starts_with("exit 1\n"), "{text}");
    for part in ["--> versions/a1.up.sql:9:1", "code: SQLITE_ERROR (1)", "hint: "] {
        assert!(text.contains(part), "{text}");
    }
    for part in ["rolled back", "nothing was changed"] {
        assert!(!text.contains(part), "{text}");
    }
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t".to_owned(), String::new()));
}

#[test]
fn a_transaction_left_open_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.revision("a1 | Transaction: none", "BEGIN;\nCREATE TABLE t (a);", "");
    assert_snapshot!(sandbox.migrate("upgrade"), @"
    exit 1
    --- stderr
    error: the transaction that `BEGIN` opens isn't ended by the script
     --> versions/a1.up.sql:8:1
      |
    8 | BEGIN;
      | ^^^^^
    hint: nothing was changed; end it in the script with `COMMIT` or `ROLLBACK`
    ");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
    sandbox.revision("a1 | Transaction: none", "BEGIN;\nCREATE TABLE t (a);\nCOMMIT;", "");
    sandbox.done("upgrade");
    assert_eq!(sandbox.tables(), "t");
}

#[test]
fn a_statement_that_ends_the_transaction_by_itself_is_told() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE t (a UNIQUE);\nINSERT INTO t VALUES (1);\n\
              INSERT OR ROLLBACK INTO t VALUES (1);";
    sandbox.revision("a1", up, "");
    let text = sandbox.migrate("upgrade");
    assert!(text.contains("versions/a1.up.sql:9:"), "{text}");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
}

#[test]
fn transaction_control_is_refused_before_anything_runs() {
    for statement in ["BEGIN", "commit", "END", "ROLLBACK", "begin immediate"] {
        let sandbox = Sandbox::with("a1");
        sandbox.revision("b1<a1", &format!("SELECT 1;\n  {statement};"), "");
        let text = sandbox.refused("upgrade");
        assert!(text.contains("versions/b1.up.sql:8:3"), "{text}");
        assert!(text.contains("`-- Transaction: none`"), "{text}");
    }
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    sandbox.write("versions/a1.down.sql", "DROP TABLE t_a1;\nCOMMIT;\n");
    assert_snapshot!(sandbox.refused("downgrade base"), @"
    exit 1
    --- stderr
    error: `COMMIT` in a script that runs in a transaction
     --> versions/a1.down.sql:2:1
      |
    2 | COMMIT;
      | ^^^^^^
    hint: nothing was changed; leave it out, since every revision has its own transaction, or put `-- Transaction: none` into the header
    ");
}

#[test]
fn a_savepoint_steers_no_transaction() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE t (a);\nSAVEPOINT s;\nINSERT INTO t VALUES (1);\nROLLBACK TO s;\n\
              RELEASE s;\nINSERT INTO t VALUES (2);";
    sandbox.revision("a1", up, "");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT a FROM t"), "2");
}

#[test]
fn a_trigger_s_begin_and_end_steer_nothing() {
    let sandbox = Sandbox::with("a1");
    let up = "CREATE TRIGGER g AFTER INSERT ON t_a1 BEGIN\n  SELECT CASE WHEN 1 THEN 2 END;\nEND;";
    sandbox.revision("b1<a1", up, "DROP TRIGGER g;");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT name FROM sqlite_schema WHERE type = 'trigger'"), "g");
}

#[test]
fn a_nul_byte_is_refused_with_its_place() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TABLE t (a);\nSELECT '\0';\nDROP TABLE t;", "");
    let text = sandbox.refused("upgrade");
    assert!(text.contains("versions/b1.up.sql:8:"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: the script contains a NUL character
     --> versions/b1.up.sql:8:9
      |
    8 | SELECT '�';
      |         ^
    hint: nothing was changed; remove it; the file may be UTF-16 or not a text at all
    ");
}

#[test]
fn a_text_that_is_never_closed_is_refused_with_its_place() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TABLE t (a);\nSELECT 'open;\n", "");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: a quote is opened with ' and never closed
     --> versions/b1.up.sql:8:8
      |
    8 | SELECT 'open;
      |        ^
    hint: nothing was changed; close the quote, or double it if it is part of the text
    ");
}

#[test]
fn a_folder_is_no_database() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("app.db/x", "");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: it is a folder
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    assert_snapshot!(sandbox.refused("current"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: it is a folder
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    assert_eq!(sandbox.json("current")["error"]["kind"], "unreachable");
}

#[test]
fn a_text_file_is_no_database() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("app.db", "this is my diary, and longer than a database's first words");
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: it is no SQLite database
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    assert_snapshot!(sandbox.refused("status"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/app.db`: it is no SQLite database
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
}

#[test]
fn a_database_in_a_folder_that_is_not_there_is_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("migrate.toml", CONFIG.replace("app.db", "nowhere/app.db"));
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    error: can't open database `sqlite:[ROOT]/nowhere/app.db`: its folder is not there
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    let document = json!({"heads": [], "pending": 1, "unknown": [], "database_exists": false});
    assert_eq!(sandbox.json("current"), document);
}

#[test]
fn looking_leaves_a_database_as_it_is() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let mut permissions = std::fs::metadata(sandbox.path("app.db")).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(sandbox.path("app.db"), permissions).unwrap();
    let before = sandbox.files();
    let looks = [
        "current",
        "current -v",
        "status",
        "check",
        "history -i",
        "show current",
        "heads",
        "branches",
        "upgrade --dry-run",
        "upgrade --sql",
        "downgrade base --dry-run",
        "current --check-heads",
        "history -r :current",
    ];
    for arguments in looks {
        let run = sandbox.run(arguments);
        assert!(matches!(run.code, 0 | 3), "{arguments}: {}", run.text());
        assert!(sandbox.files() == before, "{arguments} changed a file");
    }
}

#[test]
fn a_database_that_can_not_be_written_is_read_and_otherwise_told() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let mut bytes = std::fs::read(sandbox.path("app.db")).unwrap();
    // A write version that is not known makes a file read-only, for root too
    // (sqlite.org/fileformat.html, section 1.3.3).
    bytes[18] = 3;
    sandbox.write("app.db", bytes);
    assert_eq!(sandbox.json("current")["heads"], json!(["a1"]));
    assert_snapshot!(sandbox.refused("upgrade"), @"
    exit 1
    --- stderr
    Running upgrade a1 -> b1, make b1
    error: database `sqlite:[ROOT]/app.db` can't be written to: its file is read-only
      code: SQLITE_READONLY (8)
      b1: rolled back
      nothing was changed
    hint: no script is to blame: check who may write there, or give the url of a database that can be written to
    ");
}

#[test]
fn looking_at_a_database_with_a_write_ahead_log_leaves_it_as_it_is() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    sandbox.execute("PRAGMA journal_mode = WAL;");
    let file = sandbox.path("app.db");
    let before = sandbox.files().remove(&file);
    for arguments in ["current", "status", "check", "upgrade --dry-run"] {
        // SQLite lays the files of its log beside a database that it reads; they hold nothing.
        assert!(matches!(sandbox.run(arguments).code, 0 | 3), "{arguments}");
        assert!(sandbox.files().remove(&file) == before, "{arguments}");
    }
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("PRAGMA journal_mode"), "wal");
}

#[test]
fn another_program_s_lock_is_waited_for_and_told() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("ensure-version");
    let holder = rusqlite::Connection::open(sandbox.path("app.db")).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let text = sandbox.migrate("upgrade --lock-timeout 0");
    // Linux tells who holds a lock; that is this test.
    let process = std::process::id();
    let name =
        if cfg!(target_os = "linux") { format!("process {process} (") } else { "another".into() };
    assert!(text.contains(&format!("error: database `sqlite:[ROOT]/app.db` is locked by {name}")));
    assert!(text.ends_with(
        "  a1: not applied\n  nothing was changed\n\
         hint: wait for it, or allow more time with --lock-timeout\n"
    ));
    assert_eq!(sandbox.json("upgrade --lock-timeout 0")["error"]["kind"], "locked");
    assert_eq!(sandbox.run("current").code, 0);
    holder.execute_batch("ROLLBACK").unwrap();
    sandbox.done("upgrade --lock-timeout 0");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let sandbox = Sandbox::with("a1");
    // Nobody listens at port 1, and only root could.
    let text = sandbox.refused("upgrade --url postgres://ann:s3cret@127.0.0.1:1/app");
    assert!(!text.contains("s3cret"), "{text}");
    assert_snapshot!(text, @"
    exit 1
    --- stderr
    error: can't open database `postgres://ann@127.0.0.1:1/app`: no server answers at 127.0.0.1, port 1: Connection refused (os error 111)
    hint: check the url: it comes from --url, MIGRATE_URL, migrate.toml or DATABASE_URL
    ");
    let text = sandbox.refused("--raiseerr upgrade --url mysql://ann:s3cret@127.0.0.1:1/app");
    assert!(!text.contains("s3cret"), "{text}");
    let document = sandbox.json("current --url mysql://127.0.0.1:1/app");
    assert_eq!(document["error"]["kind"], "unreachable");
}

#[test]
fn the_whole_chain_of_causes_is_shown_when_asked() {
    let sandbox = Sandbox::new();
    sandbox.write("migrate.toml", "[migrate]\nversion_table = \"a b\"\n");
    let short = sandbox.refused("heads");
    let long = sandbox.refused("--raiseerr heads");
    assert!(long.starts_with(short.trim_end()), "{long}");
    assert!(long.contains("Caused by:"), "{long}");
}
