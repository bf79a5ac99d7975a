//! MySQL and MariaDB.

use std::time::{Duration, Instant};

use limbeck::database::DatabaseError;
use limbeck::sql::Dialect;

use crate::{Bench, fault, is_lost, open};

fn mysql() -> Option<Bench> {
    servers::mariadb().map(|server| Bench::on(server.database()))
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[test]
fn values_are_texts() {
    let Some(mut connection) = mysql() else { return };
    assert_eq!(connection.dialect(), Dialect::MySql);
    let rows = connection.query("SELECT NULL, 1, 1.50, 'ä🦀', x'00ff', ''").unwrap();
    let wanted = [None, text("1"), text("1.50"), text("ä🦀"), text("00ff"), text("")];
    assert_eq!(rows, [wanted]);
}

#[test]
fn a_second_statement_in_one_is_an_error() {
    let Some(mut connection) = mysql() else { return };
    fault(connection.execute("SELECT 1; SELECT 2").unwrap_err());
    connection.execute("SELECT 1; -- and a comment").unwrap();
    connection.execute("/* nothing at all */").unwrap();
    connection.execute("").unwrap();
}

#[test]
fn the_statement_of_a_list_that_failed_is_named_with_its_place() {
    let Some(mut connection) = mysql() else { return };
    let list = ["START TRANSACTION", "SELECT 2", "SELECT 'äöü€🦀' FORM\n x", "SELECT 4"];
    let stopped = connection.execute_all(&list).unwrap_err();
    let error = fault(stopped.cause);
    assert_eq!((stopped.at, error.offset), (2, list[2].find('x')), "{}", error.message);
    assert_eq!(error.code.as_deref(), Some("1064 (42000)"));
    assert!(connection.in_transaction());
    connection.rollback().unwrap();
    assert!(!connection.in_transaction());
    let error = fault(connection.execute("SELECT (1").unwrap_err());
    assert_eq!(error.offset, Some(9));
    let long = format!("SELECT 1 FORM,\n 2 FORM FORM {}", "'ääääääääää', ".repeat(30));
    let error = fault(connection.execute(&long).unwrap_err());
    assert_eq!(error.offset, long.rfind("FORM"), "{}", error.message);
}

#[test]
fn the_state_of_the_transaction_is_the_servers() {
    let Some(mut connection) = mysql() else { return };
    connection.begin(&mut |_| {}).unwrap();
    assert!(connection.in_transaction());
    connection.query("SELECT 1").unwrap();
    assert!(connection.in_transaction());
    connection.execute("CREATE TABLE IF NOT EXISTS commits_by_itself (a int)").unwrap();
    assert!(!connection.in_transaction());
    connection.execute("DROP TABLE commits_by_itself").unwrap();
}

#[test]
fn rows_that_are_found_count_as_changed() {
    let Some(mut connection) = mysql() else { return };
    connection.execute("CREATE TEMPORARY TABLE t (a int)").unwrap();
    assert_eq!(connection.change("INSERT INTO t VALUES (1), (2)").unwrap(), 2);
    assert_eq!(connection.change("UPDATE t SET a = 1 WHERE a = 1").unwrap(), 1);
    assert_eq!(connection.change("UPDATE t SET a = 1 WHERE a = 3").unwrap(), 0);
}

#[test]
fn an_error_behind_a_result_of_a_procedure_is_not_lost() {
    let Some(mut connection) = mysql() else { return };
    connection.execute("DROP PROCEDURE IF EXISTS fails_late").unwrap();
    let body = "BEGIN SELECT 1; SELECT 2; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'late'; END";
    connection.execute(&format!("CREATE PROCEDURE fails_late() {body}")).unwrap();
    let error = fault(connection.execute("CALL fails_late()").unwrap_err());
    assert_eq!(error.message, "late");
    connection.execute("DROP PROCEDURE fails_late").unwrap();
    connection.execute("SELECT 1").unwrap();
}

#[test]
fn warnings_are_kept() {
    let Some(mut connection) = mysql() else { return };
    connection.take_notices();
    connection.execute("DROP TABLE IF EXISTS never_there").unwrap();
    let notices = connection.take_notices();
    assert_eq!(notices.len(), 1);
    assert_eq!((&*notices[0].severity, &*notices[0].code), ("NOTE", "1051"));
    assert!(connection.take_notices().is_empty());
}

#[test]
fn another_thread_stops_a_statement() {
    let Some(mut connection) = mysql() else { return };
    let statement = "SELECT COUNT(*) FROM information_schema.COLLATIONS a, \
                     information_schema.COLLATIONS b, information_schema.COLLATIONS c, \
                     information_schema.COLLATIONS d";
    let interrupter = connection.interrupter();
    let url = connection.database.url();
    let thread = std::thread::spawn(move || {
        let mut other = open(&url).unwrap();
        let runs =
            format!("SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO = '{statement}'");
        while other.query(&runs).unwrap().is_empty() {}
        interrupter.interrupt();
    });
    let start = Instant::now();
    let error = connection.execute(statement).unwrap_err();
    thread.join().unwrap();
    assert_eq!(error, DatabaseError::Interrupted);
    assert!(start.elapsed() < Duration::from_secs(30));
    connection.execute("SELECT 1").unwrap();
}

#[test]
fn a_killed_connection_is_lost() {
    let Some(mut connection) = mysql() else { return };
    let mut other = connection.other();
    connection.begin(&mut |_| {}).unwrap();
    let id = connection.query("SELECT CONNECTION_ID()").unwrap().remove(0).remove(0).unwrap();
    other.execute(&format!("KILL {id}")).unwrap();
    is_lost(connection.execute("SELECT 1"));
    assert!(!connection.in_transaction());
    is_lost(connection.execute("SELECT 1"));
    connection.rollback().unwrap();
}

#[test]
fn a_reset_leaves_nothing_of_the_session() {
    let Some(mut connection) = mysql() else { return };
    connection.query("SELECT GET_LOCK('of_the_session', 0)").unwrap();
    connection.execute("SET @left = 1, SESSION sql_mode = 'ANSI'").unwrap();
    connection.begin(&mut |_| {}).unwrap();
    connection.reset().unwrap();
    assert!(!connection.keeps_locks());
    assert!(!connection.in_transaction());
    let rows = connection.query("SELECT @left, IS_FREE_LOCK('of_the_session'), \"text\"").unwrap();
    assert_eq!(rows, [[None, text("1"), text("text")]]);
}

#[test]
fn a_table_is_found_with_and_without_its_schema() {
    let Some(mut connection) = mysql() else { return };
    connection.execute("CREATE TABLE IF NOT EXISTS `it's here` (a int)").unwrap();
    assert!(connection.has_table("it's here").unwrap());
    assert!(!connection.has_table("it's not").unwrap());
    assert!(connection.has_table("mysql.user").unwrap());
    connection.execute("DROP TABLE `it's here`").unwrap();
}

#[test]
fn files_of_the_client_are_not_read() {
    let Some(mut connection) = mysql() else { return };
    connection.execute("CREATE TEMPORARY TABLE t (a text)").unwrap();
    let load = "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE t";
    fault(connection.execute(load).unwrap_err());
    assert!(connection.query("SELECT * FROM t").unwrap().is_empty());
}

#[test]
fn large_rows_and_large_statements_pass() {
    let Some(mut connection) = mysql() else { return };
    let rows = connection.query("SELECT REPEAT('x', 3000000) UNION ALL SELECT 'y'").unwrap();
    assert_eq!(rows[0][0].as_ref().unwrap().len(), 3_000_000);
    let statement = format!("SELECT LENGTH('{}')", "x".repeat(5_000_000));
    assert_eq!(connection.query(&statement).unwrap(), [[text("5000000")]]);
}

#[test]
fn a_statement_that_is_too_large_is_told_as_such() {
    let Some(mut connection) = mysql() else { return };
    let statement = format!("SELECT LENGTH('{}')", "x".repeat(100_000_000));
    let error = fault(connection.execute(&statement).unwrap_err());
    assert!(error.hint.unwrap().contains("max_allowed_packet"), "{}", error.message);
    connection.execute("SELECT 1").unwrap();
}
