//! The promises.

use std::thread;

use limbeck::database::Access;
use limbeck::ops::{self, Direction, Observed, Purge, Report, Request, StampRequest};
use limbeck::ops::{Consent, Verdict};
use limbeck::runner::Failure;
use limbeck::sql::split;
use limbeck::{Error, ErrorKind};

use crate::bench::{Bench, each};
use crate::driver::Base;

const UP: Direction = Direction::Upgrade;
const DOWN: Direction = Direction::Downgrade;

fn revisions(report: &Report) -> Vec<String> {
    report.steps.iter().map(|step| step.revision.to_string()).collect()
}

#[test]
fn a_revision_and_its_row_come_and_go_together() {
    each(|bench| {
        bench.line(&["a1", "b1", "c1"]);
        assert_eq!(revisions(&bench.run(UP, "head").unwrap()), ["a1", "b1", "c1"]);
        assert_eq!((bench.tables().len(), bench.applied().len()), (3, 3));
        let row = bench.query(
            "SELECT parents, message, operation, applied_by, substr(checksum, 1, 7), down_script \
             FROM migrate_version WHERE revision = 'b1'",
        );
        // Clients show the end of a line in their own ways.
        let row = row.concat().replace("\\n", "");
        assert_eq!(row.trim_end(), "a1|make b1|upgrade|me|sha256:|DROP TABLE t_b1;");
        assert_eq!(revisions(&bench.run(DOWN, "a1").unwrap()), ["c1", "b1"]);
        assert_eq!((bench.tables(), bench.applied()), (vec!["t_a1".into()], vec!["a1".into()]));
        assert!(bench.run(UP, "a1").unwrap().steps.is_empty());
    });
}

#[test]
fn a_failure_undoes_its_revision_and_keeps_the_others() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        let up = "CREATE TABLE t_c1 (id INTEGER PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);";
        bench.revision("c1", "b1", "", up, "");
        let Err(Error::Run(error)) = bench.run(UP, "head") else {
            panic!("{}: no failure", bench.driver.name);
        };
        let Failure::Statement { place, .. } = &error.failure else {
            panic!("{}: {error}", bench.driver.name);
        };
        assert_eq!((place.line, error.done.len()), (7, 2), "{}", bench.driver.name);
        assert_eq!(bench.applied(), ["a1", "b1"]);
        if bench.driver.has_transactional_ddl {
            assert_eq!(bench.tables(), ["t_a1", "t_b1"]);
        }
    });
}

#[test]
fn a_lost_file_is_taken_back_from_the_stored_script() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        bench.run(UP, "head").unwrap();
        bench.forget("b1");
        assert!(matches!(bench.run(UP, "head"), Err(Error::Unknown { .. })));
        assert_eq!(revisions(&bench.run(DOWN, "a1").unwrap()), ["b1"]);
        assert_eq!((bench.tables(), bench.applied()), (vec!["t_a1".into()], vec!["a1".into()]));
    });
}

#[test]
fn an_edited_script_stops_an_upgrade_until_it_is_accepted() {
    each(|bench| {
        bench.line(&["a1"]);
        bench.run(UP, "head").unwrap();
        bench.revision("a1", "", "", "CREATE TABLE t_a1 (id INTEGER);", "DROP TABLE t_a1;");
        bench.revision("b1", "a1", "", "CREATE TABLE t_b1 (id INTEGER);", "DROP TABLE t_b1;");
        assert!(matches!(bench.run(UP, "head"), Err(Error::Modified { .. })));
        assert_eq!(bench.applied(), ["a1"]);
        let project = bench.project();
        let mut connection = ops::open_to_write(&project).unwrap();
        ops::accept(&project, &mut *connection, &["a1".to_owned()]).unwrap();
        assert_eq!(revisions(&bench.run(UP, "head").unwrap()), ["b1"]);
    });
}

#[test]
fn without_a_transaction_each_statement_runs_once() {
    each(|bench| {
        let up = |table: &str| {
            format!("CREATE TABLE t_a1 (x INTEGER);\nINSERT INTO {table} VALUES (1);\n")
        };
        let keys = "-- Transaction: none\n";
        bench.revision("a1", "", keys, &up("nowhere"), "DROP TABLE t_a1;");
        assert!(matches!(bench.run(UP, "head"), Err(Error::Run(_))));
        assert!(matches!(bench.run(UP, "head"), Err(Error::HalfDone { .. })));
        bench.revision("a1", "", keys, &up("t_a1"), "DROP TABLE t_a1;");
        assert_eq!(revisions(&bench.resume("head").unwrap()), ["a1"]);
        assert_eq!(bench.query("SELECT count(*) FROM t_a1"), ["1"]);
        assert_eq!(bench.query("SELECT count(*) FROM migrate_version_running"), ["0"]);
        let project = bench.project();
        let mut connection = ops::open_to_write(&project).unwrap();
        let settled = ops::settle(&project, &mut *connection, "a1", Verdict::Done);
        assert!(matches!(settled, Err(Error::NotHalfDone { .. })));
    });
}

#[test]
fn a_transaction_of_a_script_s_own_stands_or_falls_as_one() {
    each(|bench| {
        let keys = "-- Transaction: none\n";
        let up = |table: &str| {
            format!(
                "CREATE TABLE t_a1 (x INTEGER);\nBEGIN;\nINSERT INTO t_a1 VALUES (1);\n\
                 INSERT INTO {table} VALUES (2);\nCOMMIT;\nINSERT INTO t_a1 VALUES (3);"
            )
        };
        bench.revision("a1", "", keys, &up("nowhere"), "DROP TABLE t_a1;");
        let Err(Error::Run(error)) = bench.run(UP, "head") else {
            panic!("{}: no failure", bench.driver.name);
        };
        // What was begun and not committed is to be done again, from where it began.
        assert_eq!(error.progress, Some((1, 6)), "{}", bench.driver.name);
        assert_eq!(bench.query("SELECT count(*) FROM t_a1"), ["0"], "{}", bench.driver.name);
        bench.revision("a1", "", keys, &up("t_a1"), "DROP TABLE t_a1;");
        bench.resume("head").unwrap();
        let rows = bench.query("SELECT x FROM t_a1 ORDER BY x");
        assert_eq!(rows, ["1", "2", "3"], "{}", bench.driver.name);
    });
}

#[test]
fn what_failed_first_is_told_and_the_next_run_goes_on_there() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        bench.revision("c1", "b1", "", "INSERT INTO t_a1 VALUES (1), (1);", "DELETE FROM t_a1;");
        let Err(Error::Run(error)) = bench.run(UP, "head") else {
            panic!("{}: no failure", bench.driver.name);
        };
        let failed = error.failed.as_ref().map(|unit| unit.revision.to_string());
        assert_eq!((failed.as_deref(), error.rolled_back), (Some("c1"), true));
        assert_eq!(bench.query("SELECT count(*) FROM t_a1"), ["0"], "{}", bench.driver.name);
        bench.revision("c1", "b1", "", "INSERT INTO t_a1 VALUES (1);", "DELETE FROM t_a1;");
        assert_eq!(revisions(&bench.run(UP, "head").unwrap()), ["c1"]);
        assert_eq!(bench.query("SELECT id FROM t_a1"), ["1"], "{}", bench.driver.name);
    });
}

#[test]
fn racers_run_each_revision_once() {
    each(|bench| {
        bench.line(&["a1", "b1", "c1", "d1", "e1"]);
        let racer = || revisions(&bench.run(UP, "head").unwrap());
        let mut ran: Vec<String> = thread::scope(|scope| {
            let racers: Vec<_> = (0..4).map(|_| scope.spawn(racer)).collect();
            racers.into_iter().flat_map(|racer| racer.join().unwrap()).collect()
        });
        ran.sort();
        assert_eq!(ran, ["a1", "b1", "c1", "d1", "e1"], "{}", bench.driver.name);
        assert_eq!(bench.applied(), ["a1", "b1", "c1", "d1", "e1"]);
    });
}

#[test]
fn a_stamp_changes_the_record_alone() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        let project = bench.project();
        let mut connection = ops::open_to_write(&project).unwrap();
        let mut stamp = |target: &str, purge| {
            let targets = [target.to_owned()];
            let consent = Consent::Missing;
            let request = StampRequest { targets: &targets, tag: None, purge, consent };
            ops::stamp(&project, &mut *connection, &request, &mut |_| {})
        };
        stamp("head", Purge::Nothing).unwrap();
        assert_eq!((bench.applied().len(), bench.tables().len()), (2, 0));
        assert!(stamp("nosuch", Purge::All).is_err());
        assert_eq!(bench.applied().len(), 2);
        stamp("a1", Purge::All).unwrap();
        assert_eq!(bench.applied(), ["a1"]);
    });
}

#[test]
fn an_interrupt_stops_before_the_next_statement() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        let project = bench.project();
        let mut connection = ops::open_to_write(&project).unwrap();
        connection.interrupter().interrupt();
        let stopped =
            ops::migrate(&project, &mut *connection, &Request::upgrade("head"), &mut |_| {});
        // A server may hear of it while the version table is still being read.
        let Err(error) = stopped else { panic!("{}: went on", bench.driver.name) };
        assert_eq!(error.kind(), ErrorKind::Interrupted, "{}: {error}", bench.driver.name);
        assert!(bench.tables().is_empty());
    });
}

#[test]
fn looking_creates_nothing() {
    each(|bench| {
        bench.line(&["a1"]);
        let project = bench.project();
        let mut connection = ops::open(&project, Access::Read).unwrap();
        let observed = Observed::read(&project, connection.as_deref_mut()).unwrap();
        assert_eq!((ops::current(&observed).pending, observed.order.len()), (1, 0));
        let request = Request::upgrade("head");
        let report = ops::preview(&project, connection.as_deref_mut(), &request).unwrap();
        assert_eq!(revisions(&report), ["a1"]);
        assert!(bench.query(bench.driver.tables).is_empty());
    });
}

#[test]
fn what_is_printed_does_what_is_executed() {
    each(|bench| {
        bench.line(&["a1", "b1"]);
        let columns = "SELECT revision, position, parents, message, options, checksum, down_script, \
                       operation FROM migrate_version ORDER BY position";
        bench.run(UP, "head").unwrap();
        let executed = (bench.query(columns), bench.tables());
        each_printed(bench, columns, &executed);
    });
}

/// Runs the printed script of the same project on a new database.
fn each_printed(bench: &Bench, columns: &str, executed: &(Vec<String>, Vec<String>)) {
    let project = bench.project();
    let offline = ops::migrate_offline(&project, &Request::upgrade("head")).unwrap();
    let mut text = String::new();
    let dialect = project.dialect().unwrap();
    offline
        .script
        .write_sql(&mut text, &project.printed_ledger(dialect), &offline.tables, "me")
        .unwrap();
    each(|other| {
        if other.driver.name != bench.driver.name {
            return;
        }
        match &other.base {
            // It is written for the server's own client.
            Base::Server(database) => database.execute(&text),
            Base::Sqlite(_) => {
                let mut connection = ops::open_to_write(&other.project()).unwrap();
                for statement in split(&text, dialect).unwrap() {
                    connection.execute(statement.text).unwrap();
                }
            }
        }
        assert_eq!((other.query(columns), other.tables()), *executed, "{}", bench.driver.name);
    });
}
