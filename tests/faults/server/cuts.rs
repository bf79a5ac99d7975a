//! Connections that break off, at every byte and at the commit.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use servers::Proxy;

use crate::look::State;
use crate::project::Run;
use crate::server::kills::{GRAPH, LINE};
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::trial::{WAYS, Way};
use crate::{Random, short_or_long, tell};

/// Makes a proxy in front of the shared server, and has the project go through it in clear.
pub(crate) fn behind_proxy(engine: Engine, graph: &str, settings: &str) -> Option<(Scene, Proxy)> {
    let address = match engine {
        Engine::Postgres => servers::postgres()?.address(),
        Engine::Mariadb => servers::mariadb()?.address(),
        Engine::Oceanbase => servers::oceanbase()?.address(),
    };
    let proxy = servers::proxy(address, Duration::ZERO);
    let mut scene = Scene::new(engine, graph, settings)?;
    let url = format!("{}?sslmode=disable", scene.database.url_at(proxy.address()));
    scene.project.set("MIGRATE_URL", &url);
    Some((scene, proxy))
}

/// Asserts that a run that lost its connection says the truth about what it has done.
#[track_caller]
pub(crate) fn assert_truth(scene: &Scene, way: Way, run: &Run, found: &State) {
    let changed = scene.changed(way, found);
    if run.code == Some(0) {
        assert_eq!(changed, scene.all(), "{run:?}");
        return;
    }
    run.assert_told();
    let error = run.json()["error"].clone();
    assert_eq!(error["kind"], "unreachable", "{run:?}");
    let said: BTreeSet<String> = run.steps().into_iter().collect();
    assert!(said.is_subset(&changed), "{said:?}, {changed:?}: {run:?}");
    let unsaid: Vec<&String> = changed.difference(&said).collect();
    let message = error["message"].as_str().unwrap();
    if unsaid.is_empty() {
        return;
    }
    let (id, others) = undecided(message).unwrap_or_else(|| panic!("{unsaid:?}: {run:?}"));
    assert!(unsaid.iter().any(|it| **it == id), "{unsaid:?}: {run:?}");
    assert!(unsaid.len() <= 1 + others, "{unsaid:?}: {run:?}");
}

/// Reads which revision's outcome is not known, and of how many after it.
fn undecided(message: &str) -> Option<(String, usize)> {
    let (_, rest) = message.split_once("the outcome of revision `")?;
    let (id, rest) = rest.split_once("` is not known")?;
    let others = rest.strip_prefix(", nor that of the ").map_or(Some(0), |rest| {
        let (count, _) = rest.split_once(" after it")?;
        count.parse().ok()
    });
    Some((id.to_owned(), others?))
}

/// What became of trials.
#[derive(Debug, Default)]
struct Counts {
    trials: u32,
    lost: u32,
    unknown: u32,
    half: u32,
}

fn trial(scene: &Scene, proxy: &Proxy, way: Way, counts: &mut Counts) {
    let run = scene.project.run(&[&["--json"], way.arguments()].concat());
    proxy.cut_after_bytes(u64::MAX);
    let found = scene.finish(way);
    assert_truth(scene, way, &run, &found);
    counts.trials += 1;
    counts.lost += u32::from(run.code == Some(1));
    counts.unknown += u32::from(run.stdout.contains("is not known"));
    counts.half += u32::from(found.running.is_some());
}

fn cut_after_bytes(engine: Engine, graph: &str, salt: u64) {
    let Some((scene, proxy)) = behind_proxy(engine, graph, "") else { return };
    let mut random = Random::new(salt);
    let mut counts = Counts::default();
    for way in WAYS {
        scene.reset(way);
        let before = proxy.sent_bytes();
        scene.project.done(way.arguments());
        let all = proxy.sent_bytes() - before;
        scene.reset(way);
        let step = short_or_long(all / 4, 79).max(1);
        let mut at = random.below(step);
        while at < all {
            proxy.cut_after_bytes(at);
            trial(&scene, &proxy, way, &mut counts);
            at += 1 + step / 2 + random.below(step);
        }
    }
    tell(&format!("cut after so many bytes, {engine:?}: {counts:?}"));
}

#[test]
fn a_connection_to_postgres_is_cut_after_every_so_many_bytes() {
    cut_after_bytes(Engine::Postgres, GRAPH, 21);
}

#[test]
fn revisions_of_postgres_that_travel_together_are_cut_after_every_so_many_bytes() {
    cut_after_bytes(Engine::Postgres, LINE, 23);
}

/// The answers of some come through, and those of the others don't.
#[test]
fn what_was_answered_before_a_cut_is_told_as_done() {
    let Some((scene, proxy)) = behind_proxy(Engine::Postgres, LINE, "") else { return };
    let text = fs::read_to_string(scene.project.path("versions/r7.up.sql")).unwrap();
    scene.project.write("versions/r7.up.sql", format!("{text}\nSELECT pg_sleep(60);\n"));
    let child = scene.project.spawn(&["--json", "upgrade"]);
    scene.wait_for_session("sleep(60)");
    proxy.cut_all();
    let run = Run::from(child.wait_with_output().unwrap());
    assert_eq!(run.steps(), ["r0", "r1", "r2", "r3", "r4", "r5", "r6"], "{run:?}");
    assert!(run.stdout.contains("`r7` is not known, nor that of the 4 after it"), "{run:?}");
    scene.project.write("versions/r7.up.sql", text);
    let found = scene.finish(Way::Up);
    assert_truth(&scene, Way::Up, &run, &found);
}

#[test]
fn a_connection_to_mariadb_is_cut_after_every_so_many_bytes() {
    cut_after_bytes(Engine::Mariadb, GRAPH, 22);
}

#[test]
fn a_connection_is_cut_around_what_decides() {
    for engine in ENGINES {
        let Some((scene, proxy)) = behind_proxy(engine, GRAPH, "") else { continue };
        let mut counts = Counts::default();
        for way in WAYS {
            scene.reset(way);
            let row = if way == Way::Up { "applied_by" } else { "WHERE revision = 'b2'" };
            let texts = ["COMMIT", row, "i_b1", "migrate_version_running"];
            for text in texts.into_iter().take(short_or_long(3, 4)) {
                for is_passed in [false, true] {
                    if is_passed {
                        proxy.cut_after(text);
                    } else {
                        proxy.cut_before(text);
                    }
                    trial(&scene, &proxy, way, &mut counts);
                }
            }
        }
        assert!(counts.lost >= 11 && counts.unknown >= 2, "{engine:?}: {counts:?}");
        tell(&format!("cut around what decides, {engine:?}: {counts:?}"));
    }
}
