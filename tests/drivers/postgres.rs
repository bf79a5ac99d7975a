//! PostgreSQL.

use std::time::{Duration, Instant};

use limbeck::database::{DatabaseError, Engine};

use crate::{Bench, fault, is_lost, open};

fn postgres() -> Option<Bench> {
    servers::postgres().map(|server| Bench::on(server.database()))
}

#[test]
fn values_are_texts() {
    let Some(mut connection) = postgres() else { return };
    assert_eq!(connection.engine(), Engine::Postgres);
    assert!(connection.describe().starts_with("PostgreSQL "), "{}", connection.describe());
    let rows = connection.query("SELECT NULL, 1, 1.50, 'ä', '\\x00ff'::bytea, true").unwrap();
    let text = |value: &str| Some(value.to_owned());
    let wanted = [None, text("1"), text("1.50"), text("ä"), text("\\x00ff"), text("t")];
    assert_eq!(rows, [wanted]);
}

#[test]
fn the_statement_of_a_list_that_failed_is_named_with_its_place() {
    let Some(mut connection) = postgres() else { return };
    let list = [
        "BEGIN",
        "CREATE TEMP TABLE t (a int) -- a comment",
        "INSERT INTO t VALUES (1)",
        "SELECT 'äöü€🦀', nowhere",
        "SELECT 5",
    ];
    let stopped = connection.execute_all(&list).unwrap_err();
    let error = fault(stopped.cause);
    assert_eq!((stopped.at, error.offset), (3, list[3].find("nowhere")));
    assert_eq!(error.code.as_deref(), Some("42703"));
    assert!(connection.in_transaction());
    connection.rollback().unwrap();
    assert!(!connection.in_transaction());

    let list = ["BEGIN", "SELECT '🦀'", "SELECT 1/0", "SELECT 4", "COMMIT"];
    let stopped = connection.execute_all(&list).unwrap_err();
    assert_eq!((stopped.at, fault(stopped.cause).code.as_deref()), (2, Some("22012")));
    connection.rollback().unwrap();

    let list = ["BEGIN", "SELECT 'ß'", "SELECT 3", "  SELEC 4"];
    let stopped = connection.execute_all(&list).unwrap_err();
    let error = fault(stopped.cause);
    assert_eq!((stopped.at, error.offset), (3, Some(2)));
    connection.rollback().unwrap();
}

#[test]
fn outside_a_transaction_each_statement_of_a_list_stands_for_itself() {
    let Some(mut connection) = postgres() else { return };
    let list = ["CREATE TEMP TABLE t (a int)", "INSERT INTO t VALUES (1)", "SELECT 1/0"];
    assert_eq!(connection.execute_all(&list).unwrap_err().at, 2);
    assert!(!connection.in_transaction());
    assert_eq!(connection.query("SELECT a FROM t").unwrap(), [[Some("1".to_owned())]]);
    assert_eq!(connection.change("UPDATE t SET a = a").unwrap(), 1);
    assert_eq!(connection.change("UPDATE t SET a = 1 WHERE a = 2").unwrap(), 0);
}

#[test]
fn a_deferred_constraint_fails_at_the_commit() {
    let Some(mut connection) = postgres() else { return };
    let list = [
        "BEGIN",
        "CREATE TEMP TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO t VALUES (1), (1)",
        "COMMIT",
    ];
    let stopped = connection.execute_all(&list).unwrap_err();
    assert_eq!((stopped.at, fault(stopped.cause).code.as_deref()), (3, Some("23505")));
    assert!(!connection.in_transaction());
}

#[test]
fn a_place_inside_of_a_function_is_no_place_in_the_script() {
    let Some(mut connection) = postgres() else { return };
    let run = "DO $$ BEGIN EXECUTE 'SELECT nowhere'; END $$";
    let error = fault(connection.execute(run).unwrap_err());
    assert_eq!(error.offset, None);
    let error = fault(connection.execute("SELECT (1").unwrap_err());
    assert_eq!(error.offset, Some(9));
    assert!(error.hint.is_none());
    connection.execute("CREATE TEMP TABLE t (a int PRIMARY KEY)").unwrap();
    let error = fault(connection.execute("INSERT INTO t VALUES (7), (7)").unwrap_err());
    assert_eq!(error.detail.as_deref(), Some("Key (a)=(7) already exists."));
}

#[test]
fn notices_are_kept_in_their_order() {
    let Some(mut connection) = postgres() else { return };
    connection.execute("DO $$ BEGIN RAISE NOTICE 'one'; RAISE WARNING 'two'; END $$").unwrap();
    connection.execute("DROP TABLE IF EXISTS never_there").unwrap();
    let notices = connection.take_notices();
    let told: Vec<_> = notices.iter().map(|it| (&*it.severity, &*it.message)).collect();
    let missing = "table \"never_there\" does not exist, skipping";
    assert_eq!(told, [("NOTICE", "one"), ("WARNING", "two"), ("NOTICE", missing)]);
    assert!(connection.take_notices().is_empty());
}

#[test]
fn another_thread_stops_a_statement() {
    let Some(mut connection) = postgres() else { return };
    is_stopped(&mut connection);
}

/// Stops a statement once the server runs it.
pub(crate) fn is_stopped(connection: &mut Bench) {
    let interrupter = connection.interrupter();
    let url = connection.database.url();
    let thread = std::thread::spawn(move || {
        let mut other = open(&url).unwrap();
        let runs = "SELECT 1 FROM pg_stat_activity \
                    WHERE state = 'active' AND query = 'SELECT pg_sleep(59.25)'";
        while other.query(runs).unwrap().is_empty() {}
        interrupter.interrupt();
    });
    let start = Instant::now();
    let error = connection.execute("SELECT pg_sleep(59.25)").unwrap_err();
    thread.join().unwrap();
    assert_eq!(error, DatabaseError::Interrupted);
    assert!(start.elapsed() < Duration::from_secs(30));
    connection.execute("SELECT 1").unwrap();
}

#[test]
fn a_second_statement_in_one_is_an_error() {
    let Some(mut connection) = postgres() else { return };
    connection.begin(&mut |_| {}).unwrap();
    fault(connection.execute("SELECT 1; SELECT 2").unwrap_err());
    connection.execute("SELECT 1; -- and a comment").unwrap();
    connection.rollback().unwrap();
}

#[test]
fn a_killed_connection_is_lost_with_its_reason() {
    let Some(mut connection) = postgres() else { return };
    let mut other = connection.other();
    connection.begin(&mut |_| {}).unwrap();
    let pid = connection.query("SELECT pg_backend_pid()").unwrap().remove(0).remove(0).unwrap();
    other.query(&format!("SELECT pg_terminate_backend({pid}, 5000)")).unwrap();
    let reason = is_lost(connection.execute("SELECT 1"));
    assert!(reason.contains("terminating connection"), "{reason}");
    assert!(!connection.in_transaction());
    is_lost(connection.execute("SELECT 1"));
    connection.rollback().unwrap();
}

#[test]
fn a_statement_that_kills_its_own_connection_is_told_as_lost() {
    let Some(mut connection) = postgres() else { return };
    is_lost(connection.execute("SELECT pg_terminate_backend(pg_backend_pid())"));
}

#[test]
fn a_copy_ends_in_an_error_and_not_in_waiting() {
    let Some(mut connection) = postgres() else { return };
    let error = fault(connection.execute("COPY (SELECT 1) TO STDOUT").unwrap_err());
    assert!(error.message.contains("COPY"));
    connection.execute("CREATE TEMP TABLE t (a int)").unwrap();
    let error = fault(connection.execute("COPY t FROM STDIN").unwrap_err());
    assert!(error.message.contains("COPY"));
    is_lost(connection.execute("SELECT 1"));
}

#[test]
fn the_state_of_the_transaction_is_the_servers() {
    let Some(mut connection) = postgres() else { return };
    connection.execute("/* hidden */ BEGIN").unwrap();
    assert!(connection.in_transaction());
    connection.execute("SELECT 1/0").unwrap_err();
    assert!(connection.in_transaction());
    connection.execute("COMMIT").unwrap();
    assert!(!connection.in_transaction());
}

#[test]
fn a_reset_keeps_the_locks_of_the_session_and_nothing_else() {
    let Some(mut connection) = postgres() else { return };
    connection.query("SELECT pg_advisory_lock(987654321)").unwrap();
    connection.execute("SET work_mem = '1MB'").unwrap();
    connection.execute("CREATE TEMP TABLE left_behind (a int)").unwrap();
    connection.reset().unwrap();
    assert!(connection.keeps_locks());
    let locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
                 AND pid = pg_backend_pid()";
    assert_eq!(connection.query(locks).unwrap(), [[Some("1".to_owned())]]);
    assert_ne!(connection.query("SHOW work_mem").unwrap(), [[Some("1MB".to_owned())]]);
    connection.execute("SELECT * FROM left_behind").unwrap_err();
}

#[test]
fn a_table_is_found_by_its_exact_name() {
    let Some(mut connection) = postgres() else { return };
    connection.begin(&mut |_| {}).unwrap();
    connection.execute("CREATE SCHEMA \"Odd one\"").unwrap();
    connection.execute("CREATE VIEW \"Odd one\".\"it's\" AS SELECT 1").unwrap();
    assert!(connection.has_table("Odd one.it's").unwrap());
    assert!(!connection.has_table("odd one.it's").unwrap());
    assert!(!connection.has_table("it's").unwrap());
    assert!(connection.has_table("pg_catalog.pg_class").unwrap());
    connection.rollback().unwrap();
}

#[test]
fn large_lists_and_large_rows_pass() {
    let Some(mut connection) = postgres() else { return };
    let statement = format!("SELECT '{}'", "ä".repeat(100_000));
    let mut list = vec!["BEGIN"];
    list.extend(std::iter::repeat_n(&*statement, 50));
    list.push("SELECT nowhere");
    assert_eq!(connection.execute_all(&list).unwrap_err().at, 51);
    connection.rollback().unwrap();
    let rows = connection.query("SELECT repeat('x', 5000000) FROM generate_series(1, 3)").unwrap();
    assert_eq!(rows[2][0].as_ref().unwrap().len(), 5_000_000);
    let error = connection.execute("SELECT 'a\0b'").unwrap_err();
    fault(error);
    connection.execute("SELECT 1").unwrap();
}
