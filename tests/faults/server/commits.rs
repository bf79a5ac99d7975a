//! Commits that fail: what is noted of a revision goes with its record, and not before.

use std::thread;
use std::time::Duration;

use servers::{Database, Mariadb};

use crate::project::Run;
use crate::server::scene::{Engine, Scene};
use crate::signals::{send, wait};

/// Makes a server of its own, for what stops all commits stops those of other tests, too.
fn scene(engine: Engine) -> Option<(crate::server::scene::Server, Scene)> {
    let server = engine.start()?;
    let scene = Scene::on(engine, server.database(), "", "");
    scene.database.execute("CREATE TABLE log (n INTEGER)");
    Some((server, scene))
}

/// Ends a session by its number.
fn end(database: &Database, session: &str) {
    database.execute_as_admin(&format!("KILL {session}"));
}

/// Waits until nobody runs a statement with a text in it any more.
#[track_caller]
fn wait_until_over(scene: &Scene, text: &str) {
    for _ in 0..2000 {
        if scene.sessions(text).is_empty() {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("somebody still runs `{text}`");
}

/// Has a revision come to its commit while a backup lets nobody commit, and sends it a signal there.
fn stopped_at_commit(scene: &Scene, arguments: &[&str]) -> Run {
    let database = &scene.database;
    thread::scope(|scope| {
        let hold = |sql: String| {
            scope.spawn(move || drop(database.try_query_as_admin(&sql)));
        };
        hold("SELECT GET_LOCK('gate', 9); DO SLEEP(301)".to_owned());
        let gate = scene.wait_for_session("SLEEP(301)");
        let mut child = scene.project.spawn(&[&["--json"], arguments].concat());
        scene.wait_for_session("GET_LOCK(''gate''");
        hold(
            "BACKUP STAGE START; BACKUP STAGE FLUSH; BACKUP STAGE BLOCK_DDL; \
             BACKUP STAGE BLOCK_COMMIT; DO SLEEP(302)"
                .to_owned(),
        );
        let backup = scene.wait_for_session("SLEEP(302)");
        end(database, &gate);
        scene.wait_for_session("COMMIT");
        send(&child, "INT");
        wait_until_over(scene, "COMMIT");
        end(database, &backup);
        wait(&mut child);
        Run::from(child.wait_with_output().unwrap())
    })
}

const UP: &str = "INSERT INTO log VALUES (1);\nCREATE TABLE IF NOT EXISTS t (id INT);\n\
                  DO GET_LOCK('gate', 60);\n";

#[test]
fn a_commit_that_fails_after_ddl_keeps_the_note_of_its_revision() {
    let Some((_server, scene)) = scene(Engine::Mariadb) else { return };
    let project = &scene.project;
    project.script("a1", "", "", UP);
    project.write(
        "versions/a1.down.sql",
        "INSERT INTO log VALUES (-1);\nDROP TABLE IF EXISTS t;\nDO GET_LOCK('gate', 60);\n",
    );
    for (arguments, rows) in [(&["upgrade"][..], "1"), (&["downgrade", "base"], "1,-1")] {
        let run = stopped_at_commit(&scene, arguments);
        assert_eq!(run.code, Some(130), "{run:?}");
        let noted = scene.database.query("SELECT begun, done FROM migrate_version_running");
        assert_eq!(noted, ["2|2"], "{run:?}");
        let refused = project.run(&[&["--json"], arguments].concat());
        assert_eq!(refused.json()["error"]["kind"], "half_done", "{refused:?}");
        project.done(&[arguments, &["--resume"]].concat());
        let log = scene.database.query("SELECT group_concat(n ORDER BY n DESC) FROM log");
        assert_eq!(log, [rows], "{arguments:?}");
        assert_eq!(scene.database.query("SELECT * FROM migrate_version_running"), [""; 0]);
    }
}

#[test]
fn a_record_that_can_not_be_committed_leaves_a_revision_without_a_transaction_to_be_resumed() {
    let Some((_server, scene)) = scene(Engine::Postgres) else { return };
    let project = &scene.project;
    project.script("r0", "", "", "CREATE TABLE first (a int);");
    project.done(&["upgrade"]);
    let up = "INSERT INTO log VALUES (1);\nCREATE TABLE t (a int);";
    project.script("a1", "r0", "-- Transaction: none\n", up);
    let down = "-- Transaction: none\nINSERT INTO log VALUES (-1);\nDROP TABLE t;";
    project.write("versions/a1.down.sql", down);
    scene.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN RAISE EXCEPTION ''not now''; END'",
    );
    for (arguments, rows) in [(&["upgrade"][..], "1"), (&["downgrade", "r0"], "1,-1")] {
        scene.database.execute(
            "CREATE CONSTRAINT TRIGGER refuse AFTER INSERT OR DELETE ON migrate_version \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
        );
        let run = project.run(&[&["--json"], arguments].concat());
        run.assert_told();
        assert!(run.stdout.contains("not now"), "{run:?}");
        scene.database.execute("DROP TRIGGER refuse ON migrate_version");
        let noted = scene.database.query("SELECT begun, done FROM migrate_version_running");
        assert_eq!(noted, ["2|2"], "{run:?}");
        let refused = project.run(&[&["--json"], arguments].concat());
        assert_eq!(refused.json()["error"]["kind"], "half_done", "{refused:?}");
        project.done(&[arguments, &["--resume"]].concat());
        let log = scene.database.query("SELECT string_agg(n::text, ',' ORDER BY n DESC) FROM log");
        assert_eq!(log, [rows], "{arguments:?}");
    }
}

/// Each of the two that go wrong on the way from a statement that failed to its note.
#[test]
fn a_signal_that_comes_once_more_while_a_failure_is_noted_loses_nothing() {
    let Some(server) = Mariadb::start() else { return };
    let scene = Scene::on(Engine::Mariadb, server.database(), "", "");
    scene.database.execute("CREATE TABLE log (n INTEGER)");
    let up = "INSERT INTO log VALUES (1);\nCREATE TABLE t (id INT);\nINSERT INTO log VALUES (2);\n\
              CREATE TABLE u AS SELECT SLEEP(60) AS a;\n";
    scene.project.script("a1", "", "", up);
    let mut child = scene.project.spawn(&["--json", "upgrade"]);
    scene.wait_for_session("SLEEP(60)");
    for _ in 0..20 {
        send(&child, "INT");
        if child.try_wait().unwrap().is_some() {
            break;
        }
    }
    wait(&mut child);
    let up = up.replace("SLEEP(60)", "1");
    scene.project.script("a1", "", "", &up);
    scene.project.done(&["upgrade", "--resume"]);
    assert_eq!(scene.database.query("SELECT n FROM log ORDER BY n"), ["1", "2"]);
}
