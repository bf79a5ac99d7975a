//! SIGINT and SIGTERM: the statement ends on the server, too.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use crate::project::Run;
use crate::server::kills::LINE;
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::server::sessions::{KINDS, assert_goes_on, sleeper, stays_half};
use crate::signals::{SIGNALS, send, wait};
use crate::trial::WAYS;
use crate::{Random, short_or_long, tell};

#[test]
fn a_signal_stops_a_long_statement_on_the_server() {
    let mut count = 0;
    for engine in ENGINES {
        for kind in KINDS {
            for (signal, code) in SIGNALS.into_iter().take(short_or_long(1, 2)) {
                let Some(scene) = sleeper(engine, kind, "") else { continue };
                let mut child = scene.project.spawn(&["--json", "upgrade"]);
                scene.wait_for_session("leep(60)");
                send(&child, signal);
                wait(&mut child);
                let run = Run::from(child.wait_with_output().unwrap());
                assert_eq!(run.code, Some(code), "{engine:?} {kind}: {run:?}");
                assert_eq!(run.json()["error"]["kind"], "interrupted", "{run:?}");
                assert_eq!(run.steps(), ["r0", "b1"], "{run:?}");
                let hint = run.json()["error"]["hint"].to_string();
                assert_eq!(hint.contains("--resume"), stays_half(engine, kind), "{hint}");
                assert!(!hint.contains("correct the script"), "{hint}");
                assert_goes_on(&scene, kind, stays_half(engine, kind));
                count += 1;
            }
        }
    }
    tell(&format!("signals within a long statement on servers: {count} trials"));
}

#[test]
fn a_signal_ends_revisions_that_travel_together_and_what_stands_is_told() {
    let Some(scene) = Scene::new(Engine::Postgres, LINE, "") else { return };
    let mut random = Random::new(31);
    let mut stopped = 0;
    let trials = short_or_long(12, 120);
    for way in WAYS {
        let usual = scene.usual(way);
        scene.reset(way);
        for _ in 0..trials {
            let mut child = scene.project.spawn(&[&["--json"], way.arguments()].concat());
            thread::sleep(Duration::from_micros(random.below(usual)));
            send(&child, "INT");
            wait(&mut child);
            let run = Run::from(child.wait_with_output().unwrap());
            let found = scene.finish(way);
            // Before the program hears signals itself, one ends it like any other.
            if run.signal.is_none() {
                let said: BTreeSet<String> = run.steps().into_iter().collect();
                assert_eq!(said, scene.changed(way, &found), "{run:?}");
                assert!(matches!(run.code, Some(0 | 130)), "{run:?}");
            }
            stopped += i32::from(run.code == Some(130));
        }
    }
    tell(&format!("signals while revisions travel together: {trials} a way, {stopped} heeded"));
}

#[test]
fn a_signal_ends_waiting_for_the_lock() {
    let mut count = 0;
    for engine in ENGINES {
        let settings = ["", "lock = \"lease\"", "lock = \"transaction\""];
        for setting in settings.into_iter().take(if engine.pick("p", "") == "p" { 3 } else { 2 }) {
            for (signal, code) in SIGNALS {
                let Some(scene) = sleeper(engine, "data", setting) else { continue };
                let mut holder = scene.project.spawn(&["upgrade"]);
                scene.wait_for_session("leep(60)");
                let mut waiter = scene.project.spawn(&["--json", "upgrade"]);
                thread::sleep(Duration::from_millis(400));
                let start = Instant::now();
                send(&waiter, signal);
                wait(&mut waiter);
                let run = Run::from(waiter.wait_with_output().unwrap());
                assert_eq!(run.code, Some(code), "{engine:?} {setting}: {run:?}");
                assert_eq!(run.json()["error"]["kind"], "interrupted", "{run:?}");
                assert_eq!(run.steps(), Vec::<String>::new(), "{run:?}");
                assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
                send(&holder, signal);
                wait(&mut holder);
                assert_goes_on(&scene, "data", false);
                count += 1;
            }
        }
    }
    tell(&format!("signals while waiting for a lock on servers: {count} trials"));
}
