//! What a script leaves in the session does not reach the next one; variables reach the text.

use crate::support::Sandbox;

#[test]
fn temporary_objects_and_settings_do_not_leak() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1", "CREATE TEMP TABLE t (x);\nPRAGMA recursive_triggers = on;", "");
    let check = "CREATE TABLE seen AS SELECT recursive_triggers AS triggers,\n    \
                 (SELECT count(*) FROM sqlite_temp_schema) AS temporary\n\
                 FROM pragma_recursive_triggers;";
    sandbox.revision("c1<b1", check, "DROP TABLE seen;");
    sandbox.done("upgrade");
    assert_eq!(sandbox.query("SELECT * FROM seen"), "0|0");
}

#[test]
fn an_attached_database_does_not_leak() {
    let sandbox = Sandbox::with("a1");
    let attach = "ATTACH 'other.db' AS other;\nCREATE TABLE other.t (x);";
    sandbox.revision("b1<a1 | Transaction: none", attach, "");
    sandbox.revision("c1<b1", "INSERT INTO other.t VALUES (1);", "");
    let document = sandbox.json("upgrade");
    assert_eq!(document["error"]["revision"], "c1");
    assert_eq!(document["error"]["message"], "no such table: other.t");
    assert_eq!(sandbox.applied(), "a1 b1");
}

#[test]
fn variables_are_quoted_on_request() {
    let sandbox = Sandbox::new();
    let up = "CREATE TABLE ${name:ident} (x TEXT);\n\
              INSERT INTO ${name:ident} VALUES (${text:literal}), ('${text:other}');";
    sandbox.revision("a1 | Variables: name, text", up, "DROP TABLE ${name:ident};");
    sandbox.done("upgrade -x 'name=my table' -x text=\"o'neil\"");
    assert_eq!(sandbox.tables(), "my table");
    sandbox.done("downgrade base -x 'name=my table' -x text=");
    assert_eq!(sandbox.tables(), "");
}

#[test]
fn a_transaction_over_two_files_is_warned_of_where_it_is_none() {
    let sandbox = Sandbox::with("a1");
    sandbox.done("upgrade");
    let attach = "ATTACH 'other.db' AS other;\nCREATE TABLE other.t (x);";
    sandbox.revision("b1<a1", attach, "");
    assert!(!sandbox.run("upgrade --rehearse").stderr.contains("warning"));
    sandbox.remove("other.db");
    sandbox.execute("PRAGMA journal_mode = wal");
    let run = sandbox.run("upgrade");
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("warning: b1 attaches a database"), "{}", run.stderr);
}

#[test]
fn no_setting_of_a_script_is_in_the_way_of_its_notes_or_its_record() {
    let settings = [
        "PRAGMA query_only = ON",
        "PRAGMA count_changes = ON",
        "PRAGMA case_sensitive_like = ON",
        "PRAGMA foreign_keys = ON",
        "PRAGMA recursive_triggers = ON",
        "CREATE TEMP TABLE migrate_version (a);\nCREATE TEMP TABLE migrate_version_running (a)",
    ];
    for option in ["", " | Transaction: none"] {
        for setting in settings {
            let sandbox = Sandbox::with("r1");
            let up = format!("CREATE TABLE t (a);\n{setting};\nSELECT 1;\nSELECT 2;");
            let down =
                format!("{}\nDROP TABLE t;\n{setting};\nSELECT 1;", option.replace(" | ", "-- "));
            sandbox.revision(&format!("a1<r1{option}"), &up, &down);
            sandbox.add("b1<a1");
            sandbox.done("upgrade");
            assert_eq!(sandbox.applied(), "r1 a1 b1", "{setting}");
            assert_eq!(sandbox.query("SELECT count(*) FROM migrate_version_running"), "0");
            sandbox.done("downgrade r1");
            assert_eq!((sandbox.tables(), sandbox.applied()), ("t_r1".into(), "r1".into()));
        }
    }
}
