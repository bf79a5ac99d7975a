//! What a run does where another process is at work on a revision without a transaction.

use std::sync::Mutex;

use limbeck::runner::Event;
use limbeck::{ErrorKind, Migrator};
use rusqlite::Connection;

use crate::versions;

#[test]
fn a_revision_that_another_process_has_begun_since_the_plan_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.db");
    let url = format!("sqlite:{}", file.display());
    let migrator = Migrator::embedded(&versions()).unwrap().url(&url).unwrap();
    migrator.upgrade("aa11").unwrap();
    // The plan is made while somebody holds the database; before he lets go of it, a downgrade of the
    // revision that it builds on has begun, whose row stays until that is done.
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let other = Mutex::new(Some(other));
    let migrator = migrator.on_event(move |event| {
        if !matches!(event, Event::Waiting(_)) {
            return;
        }
        if let Some(other) = other.lock().unwrap().take() {
            let row = "INSERT INTO migrate_version_running VALUES \
                       ('aa11', 'downgrade', 2, 1, 1, 'sha256:0', 'sha256:0', '', '', NULL)";
            other.execute_batch(row).unwrap();
            other.execute_batch("COMMIT").unwrap();
        }
    });
    let error = migrator.upgrade("head").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HalfDone, "{error}");
    let rows: i64 = Connection::open(&file)
        .unwrap()
        .query_row("SELECT count(*) FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
}
