//! A connection of rusqlite that a program lends.

use limbeck::{ErrorKind, Migrator};
use rusqlite::Connection;
use rusqlite::hooks::{AuthContext, Authorization};

use crate::{steps, versions};

#[test]
fn a_lent_connection_is_given_back_as_it_was() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    connection.busy_timeout(std::time::Duration::from_millis(1234)).unwrap();
    let migrator = Migrator::embedded(&versions()).unwrap();
    let mut session = migrator.on(&mut connection).unwrap();
    assert_eq!(steps(&session.upgrade("head").unwrap()), ["aa11", "bb22"]);
    assert_eq!(session.current().unwrap().pending, 0);
    assert_eq!(steps(&session.downgrade("-1").unwrap()), ["bb22"]);
    assert_eq!(session.check().unwrap().pending.len(), 1);
    drop(session);
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    assert_eq!((pragma("foreign_keys"), pragma("busy_timeout")), (Ok(1), Ok(1234)));
    assert!(connection.is_autocommit());
    let count = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0));
    assert_eq!(count, Ok(1));
}

#[test]
fn what_fails_on_a_lent_connection_leaves_it_usable() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("CREATE TABLE t (other TEXT)").unwrap();
    let migrator = Migrator::embedded(&versions()).unwrap();
    let error = migrator.on(&mut connection).unwrap().upgrade("head").unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string()),
        (ErrorKind::Sql, "table t already exists".into())
    );
    assert!(connection.is_autocommit());
    connection.execute_batch("DROP TABLE t").unwrap();
    assert_eq!(migrator.on(&mut connection).unwrap().upgrade("head").unwrap().steps.len(), 2);
}

#[test]
fn a_connection_in_a_transaction_is_refused() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("BEGIN").unwrap();
    let migrator = Migrator::embedded(&versions()).unwrap();
    let error = migrator.on(&mut connection).unwrap_err();
    assert!(error.to_string().starts_with("the connection is in a transaction"), "{error}");
    assert!(!connection.is_autocommit(), "it is still the program's");
}

#[test]
fn the_database_behind_a_lent_connection_is_the_file_that_others_see() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    let mut connection = Connection::open(&path).unwrap();
    let migrator = Migrator::embedded(&versions()).unwrap();
    migrator.on(&mut connection).unwrap().upgrade("head").unwrap();
    let same = migrator.url(&format!("sqlite:{}", path.display())).unwrap();
    assert!(same.check().unwrap().is_clean());
    // Its hook is ours no more: what is forbidden now, the program has forbidden.
    connection.authorizer(Some(|_: AuthContext<'_>| Authorization::Deny)).unwrap();
    assert!(connection.execute_batch("SELECT * FROM t").is_err());
}
