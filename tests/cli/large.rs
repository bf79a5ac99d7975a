//! Scripts so large that they are read piece by piece: what is told of small ones holds of them.

use std::fmt::Write as _;

use limbeck::revision::Checksum;
use terminal::Terminal;

use crate::support::Sandbox;

/// How many rows make a script of some 1.5 MB.
const ROWS: usize = 15_000;

/// Returns INSERTs that try whoever cuts a text anywhere.
fn rows() -> String {
    let mut res = String::new();
    for row in 0..ROWS {
        let text = "ä;''日本—😀 -- ; /* ".repeat(3);
        writeln!(res, "INSERT INTO big (id, text) VALUES ({row}, '{text}');").unwrap();
    }
    res
}

/// Makes a project of `a1` and a large `b1` on it, with something at the end.
fn project(end: &str) -> Sandbox {
    let sandbox = Sandbox::with("a1");
    large(&sandbox, "b1<a1", end);
    sandbox
}

fn large(sandbox: &Sandbox, head: &str, end: &str) {
    let trigger = "CREATE TRIGGER t AFTER INSERT ON big BEGIN SELECT 1; SELECT ';'; END;";
    let table = "CREATE TABLE big (id INTEGER PRIMARY KEY, text TEXT);";
    sandbox.revision(head, &format!("{table}\n{trigger}\n{}{end}", rows()), "DROP TABLE big;");
}

/// The line after the rows: a head of six lines with an empty one, a table, a trigger.
const LAST: usize = 6 + 2 + ROWS + 1;

#[test]
fn it_runs_whole_and_is_recorded_with_the_same_checksum_as_ever() {
    let sandbox = project("SELECT 'no delimiter'");
    sandbox.add("c1<b1");
    sandbox.done("upgrade");
    assert_eq!(sandbox.applied(), "a1 b1 c1");
    let found = "SELECT count(*), sum(id), min(text) = max(text), min(text) FROM big";
    let (sum, text) = (ROWS * (ROWS - 1) / 2, "ä;'日本—😀 -- ; /* ".repeat(3));
    assert_eq!(sandbox.query(found), format!("{ROWS}|{sum}|1|{text}"));
    let script = sandbox.read("versions/b1.up.sql");
    let body = &script[script.find("\n\n").unwrap() + 1..];
    let checksum = sandbox.query("SELECT checksum FROM migrate_version WHERE revision = 'b1'");
    assert_eq!(checksum, Checksum::of(body).to_string());
    // Git's line ends are no edit of a large script either.
    let crlf = format!("\u{feff}{}", script.replace('\n', "\r\n"));
    sandbox.write("versions/b1.up.sql", crlf);
    sandbox.done("check");
    sandbox.replace("versions/b1.up.sql", "no delimiter", "an edit");
    assert_eq!(sandbox.run("check").code, 3);
    sandbox.done("downgrade a1");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("t_a1".into(), "a1".into()));
}

#[test]
fn a_fault_at_its_end_is_told_with_its_place_before_anything_runs() {
    for (end, column, message) in [
        ("SELECT 'é;", 8, "a quote is opened with ' and never closed"),
        (" COMMIT;", 2, "`COMMIT`"),
        ("ä\0;", 2, "the script contains a NUL character"),
        ("é\u{fffd}", 2, "the file is not UTF-8"),
    ] {
        let sandbox = project(end);
        if message.ends_with("UTF-8") {
            let mut bytes = sandbox.read("versions/b1.up.sql").into_bytes();
            let at = bytes.iter().rposition(|byte| *byte == 0xef).unwrap();
            bytes[at] = 0xff;
            sandbox.write("versions/b1.up.sql", bytes);
        }
        let text = sandbox.refused("upgrade");
        assert!(!sandbox.path("app.db").exists());
        let place = format!("versions/b1.up.sql:{LAST}:{column}");
        assert!(text.contains(message) && text.contains(&place), "{text}");
        let error = &sandbox.json("upgrade")["error"];
        assert_eq!((&error["line"], &error["column"]), (&LAST.into(), &column.into()), "{error}");
        assert_eq!(error["file"], "versions/b1.up.sql");
    }
}

#[test]
fn faults_of_its_head_are_told_as_ever() {
    let sandbox = project("");
    sandbox.replace("versions/b1.up.sql", "-- Revises: a1", "-- Revise: a1");
    assert!(sandbox.refused("heads").contains("versions/b1.up.sql:4:4"));
}

#[test]
fn a_statement_that_fails_late_is_told_with_its_place_and_leaves_nothing_of_it() {
    for transaction in ["", "--transaction all "] {
        let sandbox = project("SELECT 1; INSERT INTO big SELECT nothing;");
        let document = sandbox.json(&format!("upgrade {transaction}head"));
        let error = &document["error"];
        assert_eq!((&error["line"], &error["column"]), (&LAST.into(), &34.into()), "{error}");
        assert_eq!(error["statement"], "INSERT INTO big SELECT nothing");
        assert_eq!(error["revision"], "b1");
        let stands = if transaction.is_empty() { ("t_a1", "a1") } else { ("", "") };
        assert_eq!((sandbox.tables().as_str(), sandbox.applied().as_str()), stands);
    }
}

#[test]
fn what_it_leaves_in_the_session_is_gone_for_the_next() {
    let sandbox = project("CREATE TEMP TABLE mine (x);");
    sandbox.revision("c1<b1", "CREATE TABLE found AS SELECT name FROM temp.sqlite_schema;", "");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT count(*) FROM found"), "0");
}

#[test]
fn a_large_down_script_takes_it_back() {
    let sandbox = project("");
    let rows = rows().replace("INSERT INTO", "INSERT OR IGNORE INTO");
    let down = |end: &str| {
        sandbox.write("versions/b1.down.sql", format!("-- down\n{rows}DROP TABLE big;\n{end}"));
    };
    down("");
    sandbox.done("upgrade");
    down("SELECT nothing;");
    let error = &sandbox.json("downgrade a1")["error"];
    assert_eq!((&error["line"], &error["column"]), (&(ROWS + 3).into(), &8.into()), "{error}");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("big t_a1".into(), "a1 b1".into()));
    down("");
    sandbox.done("downgrade base");
    assert_eq!((sandbox.tables(), sandbox.applied()), (String::new(), String::new()));
}

#[test]
fn one_without_a_transaction_keeps_what_it_did() {
    let sandbox = Sandbox::with("a1");
    let comments = "-- a comment; and more of it\n".repeat(50_000);
    let up = format!("CREATE TABLE one (x);\n{comments}SELECT nothing;");
    sandbox.revision("b1<a1 | Transaction: none", &up, "DROP TABLE one;");
    let error = &sandbox.json("upgrade")["error"];
    assert_eq!((&error["line"], &error["column"]), (&50_009.into(), &8.into()), "{error}");
    assert_eq!((sandbox.tables(), sandbox.applied()), ("one t_a1".into(), "a1".into()));
}

#[test]
fn sql_and_dry_run_show_each_of_its_statements() {
    let sandbox = project("SELECT 'the last';");
    let printed = sandbox.run("upgrade --sql").stdout;
    assert_eq!(printed.matches("INSERT INTO big (id, text) VALUES (").count(), ROWS);
    assert!(printed.contains("\n*/ SELECT 'the last'; /*\n"));
    let document = sandbox.json("upgrade --sql");
    let statements = document["steps"][1]["statements"].as_array().unwrap();
    assert_eq!(statements.len(), ROWS + 3);
    let last = statements.last().unwrap();
    assert_eq!((&last["line"], &last["sql"]), (&LAST.into(), &"SELECT 'the last'".into()));
    sandbox.done("upgrade --dry-run");
    assert!(!sandbox.path("app.db").exists());
}

#[test]
fn one_statement_may_be_larger_than_all_else() {
    let sandbox = Sandbox::with("a1");
    let text = "é;--".repeat(500_000);
    let up = format!("CREATE TABLE one AS SELECT '{text}' AS text;\nCREATE TABLE two (x)");
    sandbox.revision("b1<a1", &up, "DROP TABLE one; DROP TABLE two;");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT length(text) FROM one"), "2000000");
    sandbox.done("downgrade base");
}

#[test]
fn variables_are_put_into_it() {
    let sandbox = Sandbox::with("a1");
    large(&sandbox, "b1<a1 | Variables: name", "CREATE TABLE ${name:ident} (x);");
    let text = sandbox.refused("upgrade");
    assert!(text.contains(&format!("versions/b1.up.sql:{}:14", LAST + 1)), "{text}");
    sandbox.done("upgrade -x name=other");
    assert_eq!(sandbox.tables(), "big other t_a1");
}

#[test]
fn a_terminal_shows_how_many_bytes_have_run() {
    let endless =
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c;";
    let sandbox = project(endless);
    let command = [env!("CARGO_BIN_EXE_migrate"), "upgrade"];
    let Some(terminal) = Terminal::start(80, 12, &sandbox.path(""), &[], &command) else { return };
    terminal.wait_for(" MiB  make b1");
    terminal.press("C-c");
    assert_eq!(terminal.wait_for_end(), 130);
    assert!(!sandbox.tables().contains("big"));
}
