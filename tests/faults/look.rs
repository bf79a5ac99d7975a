//! What a client of its own finds in the database, and what must hold of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use rusqlite::Connection;

use crate::project::{Project, ROWS, Revision, STATEMENTS};

/// What stands in the database.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    /// The recorded revisions.
    pub(crate) applied: BTreeSet<String>,
    /// The revision that stopped partway.
    pub(crate) running: Option<Running>,
}

/// A revision that stopped partway, as recorded and as found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) revision: String,
    pub(crate) is_down: bool,
    pub(crate) begun: i64,
    pub(crate) done: i64,
    /// How many statements really took effect.
    pub(crate) effects: i64,
}

impl Running {
    /// Tells whether nobody has noted what became of the last statement.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.done < self.begun
    }
}

/// Looks at the database, and asserts what must hold whenever nothing runs.
///
/// It looks at a copy, so that what a run left half written is for the program to recover.
#[track_caller]
pub(crate) fn look(project: &Project) -> State {
    let folder = tempfile::tempdir().unwrap();
    for path in project.database_files() {
        // What is shared by processes that are gone says nothing.
        if path.extension().is_some_and(|it| it != "db-shm") {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    if !folder.path().join("app.db").exists() {
        return State::default();
    }
    let connection = Connection::open(folder.path().join("app.db")).unwrap();
    state(&connection, &project.revisions)
}

/// Reads and checks what a connection leads to.
#[track_caller]
pub(crate) fn state(connection: &Connection, revisions: &[Revision]) -> State {
    assert_eq!(texts(connection, "PRAGMA integrity_check"), ["ok"]);
    let made = texts(
        connection,
        "SELECT name FROM sqlite_schema WHERE name LIKE 'migrate\\_%' ESCAPE '\\' AND type = 'table' ORDER BY name",
    );
    if made.is_empty() {
        assert!(texts(connection, "SELECT name FROM sqlite_schema").is_empty());
        return State::default();
    }
    // They are made together.
    assert_eq!(made, ["migrate_version", "migrate_version_running", "migrate_version_schema"]);
    assert_eq!(texts(connection, "SELECT version FROM migrate_version_schema"), ["1", "2"]);
    let recorded = texts(connection, "SELECT revision FROM migrate_version ORDER BY position");
    let audited = audited(connection, revisions);
    in_order(&recorded, revisions);
    let applied: BTreeSet<String> = recorded.into_iter().collect();
    let mut running = running(connection);
    for revision in revisions {
        let id = &revision.id;
        let level = level(connection, id, audited.contains(id));
        match running.as_mut().filter(|it| it.revision == *id) {
            Some(running) => {
                assert!(revision.is_bare, "{running:?}");
                assert_eq!(applied.contains(id), running.is_down, "{running:?}");
                running.effects = if running.is_down { STATEMENTS - level } else { level };
                let noted = running.done..=running.begun;
                assert!(noted.contains(&running.effects), "{running:?}");
                assert!(running.begun - running.done <= 1, "{running:?}");
            }
            None if applied.contains(id) => assert_eq!(level, STATEMENTS, "{id} is recorded"),
            None => assert_eq!(level, 0, "{id} is not recorded"),
        }
    }
    State { applied, running }
}

/// Returns how many statements of an up script have left their traces; they must be the first.
#[track_caller]
fn level(connection: &Connection, id: &str, is_audited: bool) -> i64 {
    let exists = |name: &str| {
        let query = format!("SELECT name FROM sqlite_schema WHERE name = '{name}'");
        !texts(connection, &query).is_empty()
    };
    let has_table = exists(&format!("t_{id}"));
    let rows = if has_table {
        texts(connection, &format!("SELECT count(*) FROM t_{id}"))[0].parse().unwrap()
    } else {
        0
    };
    assert!(rows == 0 || rows == ROWS, "{rows} rows of {id}");
    let traces = [has_table, rows == ROWS, is_audited, exists(&format!("i_{id}"))];
    let level = traces.iter().take_while(|it| **it).count();
    assert!(!traces[level..].contains(&true), "{id} is there in part: {traces:?}");
    i64::try_from(level).unwrap()
}

/// Goes through the audit: nothing ran twice, nothing before its parents, none was taken from
/// below another.
#[track_caller]
fn audited(connection: &Connection, revisions: &[Revision]) -> BTreeSet<String> {
    if texts(connection, "SELECT name FROM sqlite_schema WHERE name = 'audit'").is_empty() {
        return BTreeSet::new();
    }
    let trail = texts(connection, "SELECT revision || ' ' || way FROM audit ORDER BY rowid");
    replay(&trail, revisions)
}

/// Goes through lines of audit, each a revision and a way, and returns what is there at the end.
#[track_caller]
pub(crate) fn replay(trail: &[String], revisions: &[Revision]) -> BTreeSet<String> {
    let mut res = BTreeSet::new();
    let by_id: BTreeMap<&str, &Revision> =
        revisions.iter().map(|it| (it.id.as_str(), it)).collect();
    for entry in trail {
        let (id, way) = entry.split_once(' ').unwrap();
        let revision = by_id[id];
        if way == "1" {
            assert!(
                revision.parents.iter().all(|it| res.contains(it)),
                "{id} too early: {trail:?}"
            );
            assert!(res.insert(id.to_owned()), "{id} ran twice: {trail:?}");
        } else {
            assert!(res.remove(id), "{id} was undone twice: {trail:?}");
            let is_child = |it: &&&Revision| it.parents.iter().any(|parent| parent == id);
            let mut children = by_id.values().filter(is_child);
            assert!(!children.any(|it| res.contains(&it.id)), "{id} undone too early: {trail:?}");
        }
    }
    res
}

/// Asserts that parents are recorded before their children.
#[track_caller]
pub(crate) fn in_order(recorded: &[String], revisions: &[Revision]) {
    for (at, id) in recorded.iter().enumerate() {
        let revision = revisions.iter().find(|it| it.id == *id).unwrap();
        for parent in &revision.parents {
            assert!(recorded[..at].contains(parent), "{id} is recorded before {parent}");
        }
    }
}

#[track_caller]
fn running(connection: &Connection) -> Option<Running> {
    let query = "SELECT revision, operation, begun, done FROM migrate_version_running";
    let mut statement = connection.prepare(query).unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        let is_down = row.get::<_, String>(1)? == "downgrade";
        let (revision, begun, done) = (row.get(0)?, row.get(2)?, row.get(3)?);
        Ok(Running { revision, is_down, begun, done, effects: 0 })
    };
    let mut rows: Vec<Running> =
        statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(rows.len() <= 1, "{rows:?}");
    rows.pop()
}

/// Returns the first column of a query's rows.
#[track_caller]
pub(crate) fn texts(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let text = |row: &rusqlite::Row<'_>| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Integer(number) => number.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        })
    };
    statement.query_map([], text).unwrap().collect::<Result<_, _>>().unwrap()
}
