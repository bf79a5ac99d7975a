//! Leases whose owners are gone, or asleep for longer than they are good for.

use std::thread;
use std::time::{Duration, Instant};

use crate::project::Run;
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::server::sessions::{assert_goes_on, sleeper};
use crate::signals::send;
use crate::trial::Way;
use crate::{is_long, skip, tell};

const LEASE: &str = "lock = \"lease\"";

/// Kills an owner, and returns the scene once the server has noticed.
fn orphan(engine: Engine) -> Option<Scene> {
    let scene = sleeper(engine, "data", LEASE)?;
    let mut owner = scene.project.spawn(&["upgrade"]);
    let session = scene.wait_for_session("leep(60)");
    let status = scene.project.done(&["lock", "status"]);
    assert!(status.stdout.contains(&owner.id().to_string()), "{status:?}");
    owner.kill().unwrap();
    owner.wait().unwrap();
    // Nobody tells a server that sleeps that its client has died.
    let end = engine.pick("SELECT pg_terminate_backend(?)", "KILL ?").replace('?', &session);
    scene.database.execute(&end);
    Some(scene)
}

#[test]
fn a_lease_can_be_taken_from_who_has_died() {
    for engine in ENGINES {
        let Some(scene) = orphan(engine) else { continue };
        let waits = scene.project.run(&["--json", "--lock-timeout", "1s", "upgrade"]);
        assert_eq!(waits.code, Some(1), "{waits:?}");
        assert_eq!(waits.json()["error"]["kind"], "locked", "{waits:?}");
        let status = scene.project.done(&["lock", "status"]);
        assert!(status.stdout.starts_with("Held by "), "{status:?}");
        scene.project.done(&["lock", "release", "--yes"]);
        let status = scene.project.done(&["lock", "status"]);
        assert!(status.stdout.starts_with("Nobody holds"), "{status:?}");
        let start = Instant::now();
        assert_goes_on(&scene, "data", false);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}

#[test]
fn a_lease_runs_out_when_its_owner_has_died() {
    if !is_long() {
        return skip("leases that run out");
    }
    thread::scope(|scope| {
        for engine in ENGINES {
            scope.spawn(move || {
                let Some(scene) = orphan(engine) else { return };
                let start = Instant::now();
                assert_goes_on(&scene, "data", false);
                let waited = start.elapsed();
                assert!((10..45).contains(&waited.as_secs()), "{engine:?}: {waited:?}");
                tell(&format!("a dead owner's lease was taken after {waited:?}, {engine:?}"));
            });
        }
    });
}

/// Makes a project of which one revision of some kind sleeps after its first statement.
fn slow(engine: Engine, kind: &str) -> Option<Scene> {
    let graph = "r0; b1<r0 data; c1<b1; d1<c1 none; e1<d1 data";
    let scene = Scene::new(engine, graph, LEASE)?;
    let slow = match kind {
        "data" => "b1",
        "ddl" => "c1",
        _ => "d1",
    };
    let path = format!("versions/{slow}.up.sql");
    let text = std::fs::read_to_string(scene.project.path(&path)).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let (first, rest) = body.split_once('\n').unwrap();
    let head = format!("{head}\n-- Lock Timeout: 1s");
    let text = format!("{head}\n\n{first}\n{};\n{rest}", engine.sleep(3));
    scene.project.write(&path, text);
    Some(scene)
}

#[test]
fn an_owner_whose_lease_was_taken_away_writes_nothing_more() {
    let trial = |engine: Engine, kind: &str| {
        let Some(scene) = slow(engine, kind) else { return };
        let owner = scene.project.spawn(&["--json", "upgrade"]);
        scene.wait_for_session("leep(3)");
        let before = scene.look_now();
        scene.project.done(&["lock", "release", "--yes"]);
        let run = Run::from(owner.wait_with_output().unwrap());
        let here = || format!("{engine:?} {kind}: {run:?}");
        assert_eq!(run.code, Some(1), "{}", here());
        assert_eq!(run.json()["error"]["kind"], "locked", "{}", here());
        // A transaction of PostgreSQL was on its way as a whole: others wait for it.
        if engine == Engine::Mariadb || kind == "none" {
            assert_eq!(scene.look_now(), before, "{}", here());
        }
        assert!(!scene.look().applied.contains("e1"), "{}", here());
        scene.finish(Way::Up);
    };
    thread::scope(|scope| {
        for kind in ["data", "ddl", "none"] {
            scope.spawn(move || ENGINES.into_iter().for_each(|engine| trial(engine, kind)));
        }
    });
}

/// An owner that sleeps past the end of its lease, and wakes up.
fn late_owner(engine: Engine, kind: &str) {
    let Some(scene) = slow(engine, kind) else { return };
    let owner = scene.project.spawn(&["--json", "upgrade"]);
    scene.wait_for_session("leep(3)");
    send(&owner, "STOP");
    thread::sleep(Duration::from_secs(32));
    let level = scene.look_now();
    let other = scene.project.run(&["--json", "--lock-timeout", "3s", "upgrade"]);
    let between = scene.look_now();
    send(&owner, "CONT");
    let run = Run::from(owner.wait_with_output().unwrap());
    let here = || format!("{engine:?} {kind}: {level:?} {between:?} {other:?} {run:?}");
    assert_eq!(run.code, Some(1), "{}", here());
    assert_eq!(run.json()["error"]["kind"], "locked", "{}", here());
    assert_eq!(scene.look_now(), between, "it wrote: {}", here());
    scene.look();
    if other.code == Some(0) {
        let mut steps = [run.steps(), other.steps()].concat();
        steps.sort();
        assert_eq!(steps, ["b1", "c1", "d1", "e1", "r0"], "{}", here());
    } else {
        // What the owner holds on the server, or seems to be at work on, stands in the way.
        let kind = other.json()["error"]["kind"].clone();
        assert!(kind == "locked" || kind == "sql", "{}", here());
    }
    scene.finish(Way::Up);
    tell(&format!("a late owner wrote nothing, {engine:?} {kind}"));
}

#[test]
fn an_owner_that_slept_past_the_end_of_its_lease_writes_nothing() {
    if !is_long() {
        return skip("owners that sleep past a lease");
    }
    thread::scope(|scope| {
        for engine in ENGINES {
            for kind in ["data", "ddl", "none"] {
                scope.spawn(move || late_owner(engine, kind));
            }
        }
    });
}
