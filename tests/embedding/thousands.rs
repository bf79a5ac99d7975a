//! Plans of thousands of revisions.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use limbeck::runner::Event;
use limbeck::{Error, Migrator};

use crate::steps;

/// How many revisions the project has.
const COUNT: usize = 2101;

/// Writes a project in which each revision inserts its number.
fn project(folder: &Path) {
    let versions = folder.join("versions");
    fs::create_dir(&versions).unwrap();
    fs::write(folder.join("migrate.toml"), "[migrate]\nurl = 'sqlite:a.db'\n").unwrap();
    for number in 1..=COUNT {
        fs::write(up(folder, number), script(number)).unwrap();
        let down = match number {
            1 => "DROP TABLE t;\n".to_owned(),
            _ => format!("DELETE FROM t WHERE id = {number};\n"),
        };
        fs::write(versions.join(format!("{number:04}_m.down.sql")), down).unwrap();
    }
}

fn up(folder: &Path, number: usize) -> std::path::PathBuf {
    folder.join(format!("versions/{number:04}_m.up.sql"))
}

fn script(number: usize) -> String {
    let parent = if number == 1 { String::new() } else { format!(" r{:04}", number - 1) };
    let body = match number {
        1 => "CREATE TABLE t (id integer PRIMARY KEY);\nINSERT INTO t VALUES (1);\n".to_owned(),
        _ => format!("INSERT INTO t VALUES ({number});\n"),
    };
    format!("-- m\n--\n-- Revision ID: r{number:04}\n-- Revises:{parent}\n\n{body}")
}

fn rows(folder: &Path) -> Vec<(i64, String)> {
    let database = rusqlite::Connection::open(folder.join("a.db")).unwrap();
    let query = "SELECT id, revision FROM t JOIN migrate_version ON position = id ORDER BY id";
    let mut statement = database.prepare(query).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn wanted(count: usize) -> Vec<(i64, String)> {
    (1..=count).map(|it| (i64::try_from(it).unwrap(), format!("r{it:04}"))).collect()
}

#[test]
fn thousands_of_revisions_are_one_plan() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    let planned = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&planned);
    let migrator = Migrator::open(folder.path()).unwrap().on_event(move |event| {
        if let Event::Planned(count) = event {
            listener.lock().unwrap().push(*count);
        }
    });
    let report = migrator.upgrade("head").unwrap();
    let ids: Vec<String> = (1..=COUNT).map(|it| format!("r{it:04}")).collect();
    assert_eq!(steps(&report), ids);
    assert_eq!(*planned.lock().unwrap(), [COUNT]);
    assert_eq!(rows(folder.path()), wanted(COUNT));
    assert!(migrator.check().unwrap().is_clean());
    let report = migrator.downgrade("base").unwrap();
    assert!(steps(&report).into_iter().rev().eq(&ids));
    assert_eq!(migrator.check().unwrap().pending.len(), COUNT);
}

#[test]
fn what_is_wrong_far_behind_is_found_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    fs::write(up(folder.path(), COUNT), script(COUNT) + "SELECT 'never closed;\n").unwrap();
    let error = Migrator::open(folder.path()).unwrap().upgrade("head").unwrap_err();
    assert_eq!(error.place().unwrap().line, 7, "{error}");
    let database = rusqlite::Connection::open(folder.path().join("a.db")).unwrap();
    let tables = database.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0));
    assert_eq!(tables, Ok(0));
}

#[test]
fn nothing_runs_but_what_was_checked_though_its_file_is_edited_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    let last = up(folder.path(), COUNT);
    let migrator = Migrator::open(folder.path()).unwrap().on_event(move |event| {
        if matches!(event, Event::Finished(unit, _) if unit.revision.as_str() == "r0001") {
            fs::write(&last, script(COUNT) + "DELETE FROM t;\n").unwrap();
        }
    });
    migrator.upgrade("head").unwrap();
    assert_eq!(rows(folder.path()), wanted(COUNT));
    let check = Migrator::open(folder.path()).unwrap().check().unwrap();
    assert_eq!(check.modified.iter().map(ToString::to_string).collect::<Vec<_>>(), ["r2101"]);
}

#[test]
fn a_statement_that_fails_far_behind_leaves_what_came_before() {
    let folder = tempfile::tempdir().unwrap();
    project(folder.path());
    fs::write(up(folder.path(), 1300), script(1300) + "INSERT INTO t VALUES (7);\n").unwrap();
    let error = Migrator::open(folder.path()).unwrap().upgrade("head").unwrap_err();
    assert_eq!(error.place().unwrap().line, 7, "{error}");
    let Error::Run(error) = error else { panic!("{error}") };
    let failed = error.failed.as_ref().unwrap();
    assert_eq!((failed.revision.as_str(), error.done.len()), ("r1300", 1299));
    assert_eq!(rows(folder.path()), wanted(1299));
}
