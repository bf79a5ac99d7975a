//! Tables of MariaDB without transactions: what stands is said to stand, and nothing is done twice.

use crate::on_servers::{Remote, holds, on_mariadb};

/// Makes a project whose revision `a1` is applied; it makes the table `old`, which has no transactions,
/// and `new`, which has.
fn with_old_and_new() -> Option<Remote> {
    let remote = on_mariadb()?;
    let up = "CREATE TABLE old (n INT PRIMARY KEY) ENGINE=MyISAM;\nCREATE TABLE new (n INT PRIMARY KEY);";
    remote.revision("a1", up, "DROP TABLE old;\nDROP TABLE new;");
    remote.done("upgrade");
    Some(remote)
}

fn rows(remote: &Remote, table: &str) -> String {
    remote.database.query(&format!("SELECT n FROM {table} ORDER BY n")).join(" ")
}

/// Returns what is noted of a revision that stopped: how many statements are done, and were begun.
fn noted(remote: &Remote) -> Vec<String> {
    remote.database.query("SELECT revision, done, begun FROM migrate_version_running")
}

#[test]
fn a_row_that_cannot_be_rolled_back_is_said_to_stand_and_comes_once() {
    let Some(remote) = with_old_and_new() else { return };
    remote.revision("b1<a1", "INSERT INTO old VALUES (1);\nINSERT INTO nope VALUES (1);", "");
    let run = remote.run("upgrade");
    assert_eq!(run.code, 1, "{}", run.text());
    holds(
        &run.stderr,
        &["b1: not recorded, but what its script did stands", "1 of its 2 statements", "--resume"],
    );
    assert!(!run.stderr.contains("nothing was changed"), "{}", run.stderr);
    assert_eq!((rows(&remote, "old"), noted(&remote)), ("1".into(), vec!["b1|1|1".into()]));
    remote.replace("versions/b1.up.sql", "nope", "new");
    remote.done("upgrade --resume");
    assert_eq!((rows(&remote, "old"), rows(&remote, "new")), ("1".into(), "1".into()));
    assert_eq!((remote.applied(), noted(&remote)), ("a1 b1".into(), vec![]));
}

#[test]
fn it_is_known_of_tables_made_on_the_way_and_of_what_leads_to_them() {
    for before in [
        "CREATE TABLE t (n INT) ENGINE=MEMORY",
        "CREATE TABLE t (n INT) ENGINE = Aria TRANSACTIONAL = 1",
        "CREATE TABLE t LIKE old",
        "CREATE TABLE t (n INT); ALTER TABLE t ENGINE MyISAM",
        "CREATE TABLE s LIKE old; RENAME TABLE s TO t",
        "SET default_storage_engine = MyISAM; CREATE TABLE t (n INT)",
        "CREATE VIEW t AS SELECT n FROM old",
        "CREATE VIEW s AS SELECT n FROM old; CREATE VIEW t AS SELECT n FROM s",
        "CREATE TABLE t (n INT); CREATE TRIGGER x AFTER INSERT ON t FOR EACH ROW INSERT INTO old VALUES (NEW.n)",
    ] {
        // In the same script, in the same run, and in a run before.
        for way in 0..3 {
            let Some(remote) = with_old_and_new() else { return };
            let insert = "INSERT INTO t VALUES (7);\nINSERT INTO nope VALUES (1);";
            if way == 0 {
                remote.revision("b1<a1", &format!("{before};\n{insert}"), "");
            } else {
                remote.revision("m1<a1", &format!("{before};"), "");
                remote.revision("b1<m1", insert, "");
            }
            if way == 2 {
                remote.done("upgrade m1");
            }
            let run = remote.run("upgrade");
            holds(&run.text(), &["exit 1", "b1: not recorded, but what its script did stands"]);
            remote.replace("versions/b1.up.sql", "nope", "new");
            remote.done("upgrade --resume");
            assert_eq!(rows(&remote, "t"), "7", "{before}: {way}");
        }
    }
}

#[test]
fn what_only_reads_such_a_table_is_rolled_back_whole() {
    let Some(remote) = with_old_and_new() else { return };
    let up = "INSERT INTO new VALUES (1);\nINSERT INTO new SELECT n + 1 FROM old;\nINSERT INTO nope VALUES (1);";
    remote.revision("b1<a1", up, "");
    remote.database.execute("INSERT INTO old VALUES (1)");
    let run = remote.run("upgrade");
    holds(&run.text(), &["exit 1", "b1: rolled back", "nothing was changed"]);
    assert_eq!((rows(&remote, "new"), noted(&remote)), (String::new(), vec![]));
}

#[test]
fn a_statement_that_failed_half_way_is_in_doubt_and_settled_either_way() {
    for (verdict, then) in [("done", "1 3 4 5"), ("again", "1 3 4 5 6")] {
        let Some(remote) = with_old_and_new() else { return };
        remote.database.execute("INSERT INTO old VALUES (5)");
        let up = "INSERT INTO old VALUES (1);\nINSERT INTO old VALUES (3), (4), (5), (6);\nINSERT INTO new VALUES (1);";
        remote.revision("b1<a1", up, "");
        let run = remote.run("upgrade");
        holds(
            &run.text(),
            &[
                "exit 1",
                "can't be rolled back",
                "1 of its 3 statements",
                "in doubt: statement 2",
                "repair --done b1",
            ],
        );
        assert_eq!(
            (rows(&remote, "old"), noted(&remote)),
            ("1 3 4 5".into(), vec!["b1|1|2".into()])
        );
        remote.refused("upgrade --resume");
        remote.done(&format!("repair --{verdict} b1"));
        if verdict == "again" {
            remote.replace("versions/b1.up.sql", "(3), (4), (5), (6)", "(6)");
        }
        remote.done("upgrade --resume");
        assert_eq!((rows(&remote, "old"), rows(&remote, "new")), (then.into(), "1".into()));
    }
}

#[test]
fn a_statement_that_failed_and_left_nothing_is_not_in_doubt() {
    for key in ["b1<a1", "b1<a1 | Transaction: none"] {
        let Some(remote) = with_old_and_new() else { return };
        remote.revision(key, "INSERT INTO old VALUES (1);\nINSERT INTO old VALUES (1);", "");
        let run = remote.run("upgrade");
        holds(&run.text(), &["exit 1", "1 of its 2 statements"]);
        assert!(!run.stderr.contains("in doubt"), "{}", run.stderr);
        assert_eq!(noted(&remote), ["b1|1|1"]);
        remote.replace(
            "versions/b1.up.sql",
            "VALUES (1);\nINSERT INTO old VALUES (1)",
            "VALUES (1);\nINSERT INTO old VALUES (2)",
        );
        remote.done("upgrade --resume");
        assert_eq!(rows(&remote, "old"), "1 2");
    }
}

/// A trigger on `new` that loses against others, as the server calls it, as often as there is a row in
/// `losses`, whose rows go with their transaction.
const LOSES: &str = "CREATE TABLE losses (n INT AUTO_INCREMENT PRIMARY KEY) ENGINE=MyISAM;\n\
    CREATE TRIGGER loses BEFORE INSERT ON new FOR EACH ROW BEGIN\n\
    DECLARE seen INT; SET seen = (SELECT n FROM losses);\n\
    IF seen > 0 THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205, MESSAGE_TEXT = 'lost'; END IF;\nEND;";

#[test]
fn no_other_try_goes_over_what_stands() {
    let Some(remote) = with_old_and_new() else { return };
    remote.revision("l1<a1", LOSES, "");
    let up = "INSERT INTO old VALUES (1);\nINSERT INTO new VALUES (1);";
    remote.revision("b1<l1", up, "");
    remote.done("upgrade l1");
    remote.database.execute("INSERT INTO losses VALUES (1)");
    let run = remote.run("upgrade");
    // Only the statement that lost is tried again: the row before it is noted, and comes once.
    holds(
        &run.text(),
        &[
            "exit 1",
            "b1: lost; trying again (2)",
            "1 of its 2 statements",
            "--resume when they are done",
        ],
    );
    assert_eq!((rows(&remote, "old"), noted(&remote)), ("1".into(), vec!["b1|1|1".into()]));
    remote.database.execute("DELETE FROM losses");
    remote.done("upgrade --resume");
    assert_eq!((rows(&remote, "old"), rows(&remote, "new")), ("1".into(), "1".into()));
}

#[test]
fn what_nobody_could_foresee_is_told_by_the_server_and_stops_the_tries() {
    let Some(remote) = with_old_and_new() else { return };
    let function = "CREATE FUNCTION f(x INT) RETURNS INT MODIFIES SQL DATA BEGIN INSERT INTO old VALUES (x); RETURN x; END;";
    remote.revision("l1<a1", &format!("{function}\n{LOSES}"), "");
    remote.done("upgrade");
    remote.database.execute("INSERT INTO losses VALUES (1)");
    let up = "SELECT f(7);\nINSERT INTO new VALUES (1);\nINSERT INTO new VALUES (2);";
    remote.revision("b1<l1", up, "");
    let run = remote.run("upgrade");
    holds(
        &run.text(),
        &[
            "exit 1",
            "can't be rolled back",
            "0 of its 3 statements",
            "in doubt: statements 1 to 2",
            "repair --again b1",
        ],
    );
    assert!(!run.stderr.contains("trying again"), "{}", run.stderr);
    assert_eq!((rows(&remote, "old"), noted(&remote)), ("7".into(), vec!["b1|0|2".into()]));
    assert_eq!(remote.json("status")["revisions"][2]["state"], "failed");
    remote.refused("upgrade");
    remote.database.execute("DELETE FROM losses; DELETE FROM old");
    remote.done("repair --again b1");
    remote.done("upgrade --resume");
    assert_eq!((rows(&remote, "old"), rows(&remote, "new")), ("7".into(), "1 2".into()));
    assert_eq!(noted(&remote), Vec::<String>::new());
}

#[test]
fn one_transaction_for_all_is_refused_before_anything_runs() {
    let Some(remote) = with_old_and_new() else { return };
    remote.revision("b1<a1", "INSERT INTO new VALUES (1);\nINSERT INTO old VALUES (1);", "");
    let text = remote.refused("upgrade --transaction all");
    holds(
        &text,
        &["versions/b1.up.sql:8:1", "changes a table without transactions", "--transaction all"],
    );
    assert_eq!(rows(&remote, "new"), "");
}

#[test]
fn a_downgrade_over_such_a_table_goes_on_where_it_stopped() {
    let Some(remote) = with_old_and_new() else { return };
    let down = "INSERT INTO old VALUES (8);\nDELETE FROM nope;\nDELETE FROM new;";
    remote.revision("b1<a1", "INSERT INTO new VALUES (1);", down);
    remote.done("upgrade");
    let run = remote.run("downgrade a1");
    holds(&run.text(), &["exit 1", "b1: still recorded, but what its script did stands"]);
    remote.replace("versions/b1.down.sql", "nope", "new");
    remote.done("downgrade a1 --resume");
    assert_eq!((rows(&remote, "old"), rows(&remote, "new")), ("8".into(), String::new()));
    assert_eq!(remote.applied(), "a1");
}
