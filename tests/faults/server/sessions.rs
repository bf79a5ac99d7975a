//! Sessions that are ended, and statements that are cancelled, by somebody on the server.

use std::process::Child;

use crate::project::Run;
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::tell;

/// A project whose last revision sleeps after it has changed something.
pub(crate) fn sleeper(engine: Engine, kind: &str, settings: &str) -> Option<Scene> {
    let scene = Scene::new(engine, "r0; b1<r0", settings)?;
    let first = match kind {
        "data" => "INSERT INTO data VALUES ('z1', 1);",
        _ => "CREATE TABLE first (a INTEGER);",
    };
    let option = if kind == "none" { "-- Transaction: none\n" } else { "" };
    let sleep = engine.sleep(60);
    let up = format!("{first}\n{sleep};\nINSERT INTO data VALUES ('end', 1);\n");
    scene.project.script("z1", "b1", option, &up);
    scene.project.write("versions/z1.down.sql", "");
    Some(scene)
}

/// Writes the sleeper's script anew, the same but for its sleep, and goes on with it.
#[track_caller]
pub(crate) fn assert_goes_on(scene: &Scene, kind: &str, is_half: bool) {
    assert_eq!(scene.sessions("leep(60)"), Vec::<String>::new(), "it still runs");
    let count = |sql: &str| scene.database.query(sql).pop();
    let rows = "SELECT count(*) FROM data";
    assert_eq!(count(rows).as_deref(), Some("0"), "undone");
    let recorded = "SELECT revision FROM migrate_version ORDER BY position";
    assert_eq!(scene.database.query(recorded), ["r0", "b1"]);
    let first = match kind {
        "data" => "INSERT INTO data VALUES ('z1', 1);",
        _ => "CREATE TABLE first (a INTEGER);",
    };
    let option = if kind == "none" { "-- Transaction: none\n" } else { "" };
    let up = format!("{first}\nINSERT INTO data VALUES ('end', 1);\n");
    scene.project.script("z1", "b1", option, &up);
    if is_half {
        let refused = scene.project.run(&["--json", "upgrade"]);
        assert_eq!(refused.json()["error"]["kind"], "half_done", "{refused:?}");
        let message = refused.json()["error"]["message"].to_string();
        if message.contains("is not known") {
            scene.project.done(&["repair", "--again", "z1"]);
        }
        scene.project.done(&["upgrade", "--resume"]);
    } else {
        scene.project.done(&["upgrade"]);
    }
    let expected = if kind == "data" { "2" } else { "1" };
    assert_eq!(count(rows).as_deref(), Some(expected));
}

/// Tells whether what the sleeper has done before it sleeps can't be taken back.
pub(crate) fn stays_half(engine: Engine, kind: &str) -> bool {
    kind == "none" || (engine != Engine::Postgres && kind == "ddl")
}

pub(crate) const KINDS: [&str; 3] = ["ddl", "data", "none"];

fn disturbed(scene: &Scene, order: impl Fn(&str) -> String) -> Run {
    let child: Child = scene.project.spawn(&["--json", "upgrade"]);
    let session = scene.wait_for_session("leep(60)");
    scene.database.execute(&order(&session));
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_session_that_is_ended_by_others_is_told_and_leaves_everything_whole() {
    for engine in ENGINES {
        for kind in KINDS {
            let Some(scene) = sleeper(engine, kind, "") else { continue };
            let run = disturbed(&scene, |session| {
                engine.pick("SELECT pg_terminate_backend(?)", "KILL ?").replace('?', session)
            });
            run.assert_told();
            assert_eq!(run.json()["error"]["kind"], "unreachable", "{engine:?} {kind}: {run:?}");
            assert_eq!(run.steps(), ["r0", "b1"], "{run:?}");
            assert_goes_on(&scene, kind, stays_half(engine, kind));
        }
    }
    tell("sessions ended from outside: 6 trials");
}

#[test]
fn a_statement_that_is_cancelled_by_others_is_an_ordinary_failure() {
    for engine in ENGINES {
        for kind in KINDS {
            let Some(scene) = sleeper(engine, kind, "") else { continue };
            let run = disturbed(&scene, |session| {
                engine.pick("SELECT pg_cancel_backend(?)", "KILL QUERY ?").replace('?', session)
            });
            run.assert_told();
            let error = run.json()["error"].clone();
            assert_eq!(error["kind"], "sql", "{engine:?} {kind}: {run:?}");
            assert_eq!(error["code"], engine.pick("57014", "1317 (70100)"), "{run:?}");
            assert_eq!(error["file"], "versions/z1.up.sql", "{run:?}");
            let line = if kind == "none" { 9 } else { 8 };
            assert_eq!(error["line"], line, "{run:?}");
            assert_eq!(run.steps(), ["r0", "b1"], "{run:?}");
            assert_goes_on(&scene, kind, stays_half(engine, kind));
        }
    }
    tell("statements cancelled from outside: 6 trials");
}
