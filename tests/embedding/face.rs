//! `Migrator` on a URL.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use limbeck::ops::{Request, Standing};
use limbeck::runner::Event;
use limbeck::{Error, ErrorKind, Migrator, Versions};

use crate::{heads, steps, versions};

fn on_file(versions: &Versions, folder: &tempfile::TempDir) -> Migrator {
    let url = format!("sqlite:{}", folder.path().join("app.db").display());
    Migrator::embedded(versions).unwrap().url(&url).unwrap()
}

#[test]
fn a_database_is_made_upgraded_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let migrator = on_file(&versions(), &folder);
    assert_eq!(migrator.current().unwrap().pending, 2);
    assert_eq!(steps(&migrator.plan(&Request::upgrade("head")).unwrap()), ["aa11", "bb22"]);
    assert!(!folder.path().join("app.db").exists(), "a plan makes nothing");
    let report = migrator.upgrade("+1").unwrap();
    assert_eq!((steps(&report), heads(&report)), (vec!["aa11"], vec!["aa11"]));
    assert_eq!(steps(&migrator.upgrade("head").unwrap()), ["bb22"]);
    assert!(migrator.check().unwrap().is_clean());
    assert_eq!(steps(&migrator.downgrade("base").unwrap()), ["bb22", "aa11"]);
    assert_eq!(migrator.check().unwrap().pending.len(), 2);
}

#[test]
fn a_stamp_records_what_it_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let migrator = on_file(&versions(), &folder);
    let standings = || -> Vec<_> {
        let status = migrator.status().unwrap();
        status.iter().map(|it| (it.revision.to_string(), it.standing)).collect()
    };
    let line = |id: &str, standing| (id.to_owned(), standing);
    let (applied, pending) = (Standing::Applied, Standing::Pending);
    assert_eq!(standings(), [line("aa11", pending), line("bb22", pending)]);
    assert_eq!(migrator.stamp("nosuch").unwrap_err().kind(), ErrorKind::Graph);
    assert!(!folder.path().join("app.db").exists(), "neither makes a database");
    assert_eq!(heads(&migrator.stamp("aa11").unwrap()), ["aa11"]);
    assert_eq!(standings(), [line("aa11", applied), line("bb22", pending)]);
    let failure = migrator.upgrade("head").unwrap_err().to_string();
    assert!(failure.contains("no such table: t"), "aa11 was not run: {failure}");
    migrator.stamp("base").unwrap();
    assert_eq!(migrator.current().unwrap().pending, 2);
}

#[test]
fn what_happens_is_told_to_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let migrator = on_file(&versions(), &folder).on_event(move |event| {
        let mut told = listener.lock().unwrap();
        match event {
            Event::Planned(count) => told.push(format!("planned {count}")),
            Event::Started(unit) => told.push(format!("started {}", unit.revision)),
            Event::Finished(unit, _) => told.push(format!("finished {}", unit.message)),
            _ => {}
        }
    });
    migrator.upgrade("head").unwrap();
    let wanted =
        ["planned 2", "started aa11", "finished create t", "started bb22", "finished fill t"];
    assert_eq!(*told.lock().unwrap(), wanted);
}

#[test]
fn several_threads_share_one_and_one_of_them_upgrades() {
    let folder = tempfile::tempdir().unwrap();
    let migrator = on_file(&versions(), &folder).lock_timeout(Duration::from_mins(1));
    let done: usize = std::thread::scope(|scope| {
        let run = || migrator.upgrade("head").unwrap().steps.len();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(done, 2);
}

#[test]
fn settings_reach_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let text = "-- m\n-- Revision ID: aa11\n-- Revises:\n-- Variables: name\n\n\
                CREATE TABLE t AS SELECT ${name:literal} AS name;\n";
    let migrator = on_file(&Versions::of([("1.up.sql", text)]), &folder);
    let migrator = migrator.variable("name", "o'hara").applied_by("the app");
    let mut session = migrator.version_table("moves").unwrap().connect().unwrap();
    session.upgrade("head").unwrap();
    let rows = session.connection().query("SELECT name, applied_by FROM t, moves").unwrap();
    assert_eq!(rows, [[Some("o'hara".to_owned()), Some("the app".to_owned())]]);
}

#[test]
fn faults_are_found_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let broken = Versions::of([(
        "v/1.up.sql",
        "-- m\n-- Revision ID: aa11\n-- Revises:\n\nSELECT 1;\n  SELEC 2;\n",
    )]);
    let error = on_file(&broken, &folder).upgrade("head").unwrap_err();
    let place = error.place().unwrap();
    assert_eq!((place.file.to_str().unwrap(), place.line, place.column), ("v/1.up.sql", 6, 3));
    assert_eq!(error.kind(), ErrorKind::Sql);

    let orphan = Versions::of([("1.up.sql", "-- m\n-- Revision ID: b\n-- Revises: a\n")]);
    assert_eq!(Migrator::embedded(&orphan).unwrap_err().kind(), ErrorKind::Graph);

    let migrator = Migrator::embedded(&versions()).unwrap();
    let error = migrator.upgrade("head").unwrap_err();
    assert_eq!(error.to_string(), "no database url is configured");
    let error = migrator.clone().url("mysql://u:s3cr3t@h:no/d").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("s3cr3t"));
    let error = migrator.version_table("a b").unwrap_err();
    assert_eq!(error.to_string(), "the version table can't be named `a b`");
}

#[test]
fn a_project_is_opened_in_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("versions")).unwrap();
    std::fs::write(folder.path().join("migrate.toml"), "[migrate]\nurl = 'sqlite:a.db'\n").unwrap();
    let script = "-- m\n-- Revision ID: aa11\n-- Revises:\n\nCREATE TABLE t (id);\n";
    std::fs::write(folder.path().join("versions/1_m.up.sql"), script).unwrap();
    let migrator = Migrator::open(folder.path()).unwrap();
    assert_eq!(heads(&migrator.upgrade("head").unwrap()), ["aa11"]);
    assert!(folder.path().join("a.db").exists());
    let error = migrator.downgrade("base").unwrap_err();
    assert!(matches!(error, Error::Script(_)), "{error}");
    assert!(Migrator::open(folder.path().join("nowhere")).is_err());
}
