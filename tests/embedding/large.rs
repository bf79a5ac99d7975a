//! Large texts: some are in memory once they were checked, some are read piece by piece.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use limbeck::ops::Report;
use limbeck::runner::Event;
use limbeck::{Error, ErrorKind, Migrator, Versions};

use crate::{heads, steps};

/// How many lines of comments make a text that stays in memory, and one that is read piece by piece.
const LINES: [usize; 2] = [10_000, 11_000];

/// Writes three revisions of a table each, with much text.
fn project(folder: &Path, lines: usize) {
    fs::create_dir(folder.join("versions")).unwrap();
    fs::write(folder.join("migrate.toml"), "[migrate]\nurl = 'sqlite:a.db'\n").unwrap();
    for (number, before) in [(1, ""), (2, " r1"), (3, " r2")] {
        let head = format!("-- m\n-- Revision ID: r{number}\n-- Revises:{before}\n\n");
        write(
            folder,
            &format!("{number}_m.up.sql"),
            &head,
            &format!("CREATE TABLE t{number} (id)"),
            lines,
        );
        write(folder, &format!("{number}_m.down.sql"), "", &format!("DROP TABLE t{number}"), lines);
    }
}

fn write(folder: &Path, name: &str, head: &str, statement: &str, lines: usize) {
    let rest = format!("-- {}\n", "x".repeat(99)).repeat(lines);
    let text = format!("{head}{rest}{statement};\n");
    fs::write(folder.join("versions").join(name), text).unwrap();
}

#[test]
fn large_texts_run_and_are_recorded_whole() {
    for lines in LINES {
        let folder = tempfile::tempdir().unwrap();
        project(folder.path(), lines);
        let mut session = Migrator::open(folder.path()).unwrap().connect().unwrap();
        assert_eq!(steps(&session.upgrade("head").unwrap()), ["r1", "r2", "r3"]);
        let query = "SELECT down_script FROM migrate_version ORDER BY position";
        for (number, row) in (1..).zip(session.connection().query(query).unwrap()) {
            let file = folder.path().join(format!("versions/{number}_m.down.sql"));
            assert_eq!(row, [Some(fs::read_to_string(file).unwrap())]);
        }
        assert_eq!(steps(&session.downgrade("base").unwrap()), ["r3", "r2", "r1"]);
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name LIKE 't_'";
        assert_eq!(session.connection().query(tables).unwrap(), [[Some("0".to_owned())]]);
    }
}

/// Upgrades while the last revision's file is edited once the first revision is there.
fn upgrade_during_edit(
    folder: &Path,
    (name, head): (&'static str, &'static str),
    lines: usize,
) -> Result<Report, Error> {
    project(folder, lines);
    let path = folder.to_owned();
    let migrator = Migrator::open(folder).unwrap().on_event(move |event| {
        if let Event::Finished(..) = event {
            write(&path, name, head, "CREATE TABLE t4 (id)", lines);
        }
    });
    migrator.upgrade("head")
}

fn tables(folder: &Path) -> String {
    let tables = "SELECT group_concat(name) FROM sqlite_schema WHERE name LIKE 't_'";
    let mut session = Migrator::open(folder).unwrap().connect().unwrap();
    session.connection().query(tables).unwrap().remove(0).remove(0).unwrap()
}

const UP: (&str, &str) = ("3_m.up.sql", "-- m\n-- Revision ID: r3\n-- Revises: r2\n\n");
const DOWN: (&str, &str) = ("3_m.down.sql", "");

#[test]
fn a_file_that_is_edited_in_the_middle_of_a_run_is_run_and_recorded_as_it_was_checked() {
    for (file, lines) in [(UP, LINES[0]), (DOWN, LINES[0]), (DOWN, LINES[1])] {
        let folder = tempfile::tempdir().unwrap();
        let report = upgrade_during_edit(folder.path(), file, lines).unwrap();
        assert_eq!(steps(&report), ["r1", "r2", "r3"]);
        assert_eq!(tables(folder.path()), "t1,t2,t3");
        let mut session = Migrator::open(folder.path()).unwrap().connect().unwrap();
        let query = "SELECT down_script FROM migrate_version WHERE revision = 'r3'";
        let rows = session.connection().query(query).unwrap();
        assert!(rows[0][0].as_ref().unwrap().ends_with("DROP TABLE t3;\n"));
    }
}

#[test]
fn a_large_file_that_is_edited_in_the_middle_of_a_run_is_found_before_anything_of_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let error = upgrade_during_edit(folder.path(), UP, LINES[1]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Revision);
    let wanted = "was edited while it was about to run";
    let text = error.to_string();
    assert!(text.contains(UP.0) && text.contains(wanted), "{text}");
    let Error::Run(run) = error else { panic!("{text}") };
    assert_eq!(run.failed.unwrap().revision.as_str(), "r3");
    // What came before stands, and the next run takes the file as it is now.
    let migrator = Migrator::open(folder.path()).unwrap();
    assert_eq!(migrator.current().unwrap().pending, 1);
    assert_eq!(tables(folder.path()), "t1,t2");
    assert_eq!(heads(&migrator.upgrade("head").unwrap()), ["r3"]);
}

/// Writes a script of 2 MB, and another of the same length that differs somewhere in its second half.
fn two_megabytes(path: &Path) -> (String, String) {
    let rows = "INSERT INTO big VALUES ('a row of many; each of them alike');\n".repeat(35_000);
    let text = format!("-- m\n-- Revision ID: r1\n-- Revises:\n\nCREATE TABLE big (a);\n{rows}");
    let at = text.len() * 3 / 4;
    let at = at + text[at..].find("many").unwrap();
    let edited = [&text[..at], "MANY", &text[at + 4..]].concat();
    fs::write(path, &text).unwrap();
    (text, edited)
}

#[test]
fn an_edit_of_a_large_script_while_it_runs_is_found_and_nothing_of_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("versions")).unwrap();
    fs::write(folder.path().join("migrate.toml"), "[migrate]\nurl = 'sqlite:a.db'\n").unwrap();
    let path = folder.path().join("versions/1_m.up.sql");
    let (text, edited) = two_megabytes(&path);
    let commits = edited.replace(
        "INSERT INTO big VALUES ('a row of MANY;",
        "COMMIT; SELECT         ('a row of MANY;",
    );
    assert_eq!(commits.len(), text.len());
    for other in [edited, commits, text[..text.len() - 1].to_owned(), format!("{text}SELECT 1;")] {
        fs::write(&path, &text).unwrap();
        let file = path.clone();
        let migrator = Migrator::open(folder.path()).unwrap().on_event(move |event| {
            if let Event::Progress { .. } = event {
                fs::write(&file, &other).unwrap();
            }
        });
        let error = migrator.upgrade("head").unwrap_err();
        assert!(error.to_string().contains("1_m.up.sql` was edited while it was about to run"));
        let Error::Run(run) = error else { panic!("{error}") };
        assert!(run.done.is_empty() && run.rolled_back);
        let mut session = Migrator::open(folder.path()).unwrap().connect().unwrap();
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'big'";
        assert_eq!(session.connection().query(tables).unwrap(), [[Some("0".to_owned())]]);
    }
    fs::write(&path, &text).unwrap();
    let report = Migrator::open(folder.path()).unwrap().upgrade("head").unwrap();
    assert_eq!(heads(&report), ["r1"]);
}

#[test]
fn how_far_a_large_script_is_is_told_by_bytes() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("versions")).unwrap();
    fs::write(folder.path().join("migrate.toml"), "[migrate]\nurl = 'sqlite:a.db'\n").unwrap();
    let path = folder.path().join("versions/1_m.up.sql");
    let (text, _) = two_megabytes(&path);
    let length = text.len() as u64;
    // As a file, and as a text that is in memory anyway.
    let embedded = Versions::of([("1_m.up.sql", text)]);
    for migrator in [
        Migrator::open(folder.path()).unwrap(),
        Migrator::embedded(&embedded).unwrap().url("sqlite::memory:").unwrap(),
    ] {
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&told);
        let migrator = migrator.on_event(move |event| {
            if let Event::Progress { unit, bytes, total } = event {
                assert_eq!((unit.revision.as_str(), *total), ("r1", length));
                listener.lock().unwrap().push(*bytes);
            }
        });
        migrator.upgrade("head").unwrap();
        let told = told.lock().unwrap();
        assert!(told.is_sorted() && told.last() == Some(&length), "{told:?}");
        assert!((20..60).contains(&told.len()), "{}", told.len());
    }
}

#[cfg(all(unix, feature = "postgres", feature = "mysql"))]
#[test]
fn servers_tell_how_far_a_large_script_is_once_it_has_begun() {
    let row = format!("INSERT INTO big VALUES ('{}');\n", "x".repeat(2000));
    let text = format!(
        "-- m\n-- Revision ID: r2\n-- Revises: r1\n\nCREATE TABLE big (a text);\n{}",
        row.repeat(700)
    );
    let length = text.len() as u64;
    let first = "-- m\n-- Revision ID: r1\n-- Revises:\n\nCREATE TABLE small (a text);\n";
    let versions = Versions::of([("1_m.up.sql", first.to_owned()), ("2_m.up.sql", text)]);
    let postgres = servers::postgres().map(|it| it.database());
    let mariadb = servers::mariadb().map(|it| it.database());
    for database in [postgres, mariadb].into_iter().flatten() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let listener = Arc::clone(&told);
        let migrator = Migrator::embedded(&versions).unwrap().url(&database.url()).unwrap();
        let migrator = migrator.on_event(move |event| match event {
            Event::Started(unit) => listener.lock().unwrap().push((unit.revision.to_string(), 0)),
            Event::Progress { unit, bytes, total } => {
                assert_eq!(*total, length);
                listener.lock().unwrap().push((unit.revision.to_string(), *bytes));
            }
            _ => {}
        });
        migrator.upgrade("head").unwrap();
        let told = told.lock().unwrap();
        assert_eq!(told[..2], [("r1".to_owned(), 0), ("r2".to_owned(), 0)]);
        assert!(told[2..].iter().all(|(revision, bytes)| revision == "r2" && *bytes > 0));
        assert!(told.is_sorted() && told.last().unwrap().1 == length, "{told:?}");
    }
}
