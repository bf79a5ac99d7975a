//! Several deployers at once.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::project::Run;
use crate::server::scene::{ENGINES, Engine, Scene};
use crate::trial::{WAYS, Way};
use crate::{short_or_long, tell};

/// Revisions of every kind.
const GRAPH: &str = "r0; a1<r0; a2<a1 data; a3<a2; b1<r0 none; b2<b1 data; m1<a3,b2; c1<m1 none";

const RACERS: usize = 8;

/// Runs several processes at once, and returns how each ended.
pub(crate) fn race(scene: &Scene, ways: &[Way]) -> Vec<Run> {
    let arguments = |way: &Way| [&["--json"], way.arguments()].concat();
    let children: Vec<_> = ways.iter().map(|way| scene.project.spawn(&arguments(way))).collect();
    children.into_iter().map(|child| child.wait_with_output().unwrap().into()).collect()
}

/// Asserts that all succeeded, and did each revision once over all of them.
#[track_caller]
pub(crate) fn assert_each_once(scene: &Scene, runs: &[Run]) {
    assert!(runs.iter().all(|run| run.code == Some(0)), "{runs:?}");
    let steps: Vec<String> = runs.iter().flat_map(Run::steps).collect();
    let distinct: BTreeSet<String> = steps.iter().cloned().collect();
    assert_eq!((steps.len(), &distinct), (distinct.len(), &scene.all()), "{runs:?}");
}

fn compete(engine: Engine, settings: &str) {
    // Whose DDL takes long is raced by few.
    let racers = if engine == Engine::Oceanbase { 3 } else { RACERS };
    let Some(mut scene) = Scene::new(engine, GRAPH, settings) else { return };
    let rounds = short_or_long(1, 15);
    for round in 0..rounds {
        for way in WAYS {
            // From nothing: the tables are made by one of them.
            if way == Way::Up && round % 5 == 0 {
                scene.afresh();
            } else {
                scene.reset(way);
            }
            assert_each_once(&scene, &race(&scene, &vec![way; racers]));
            scene.finish(way);
        }
        let mut both = [Way::Up, Way::Down].repeat(racers.div_ceil(2));
        both.rotate_left(round % 2);
        let runs = race(&scene, &both);
        assert!(runs.iter().all(|run| run.code == Some(0)), "{settings}: {runs:?}");
        // Whoever ended last saw his work done.
        let found = scene.look().applied;
        assert!(found.is_empty() || found == scene.all(), "{settings}: {found:?}, {runs:?}");
    }
    tell(&format!("races of {racers}, {engine:?} {settings}: {} rounds", 3 * rounds));
}

#[test]
fn deployers_race_on_postgres() {
    for settings in ["", "lock = \"lease\"", "lock = \"transaction\""] {
        compete(Engine::Postgres, settings);
    }
}

#[test]
fn deployers_race_on_mariadb() {
    for settings in ["", "lock = \"lease\""] {
        compete(Engine::Mariadb, settings);
    }
}

#[test]
fn deployers_race_on_oceanbase() {
    compete(Engine::Oceanbase, "");
}

#[test]
fn deployers_race_over_indexes_that_are_made_concurrently() {
    for settings in ["", "lock = \"lease\"", "lock = \"transaction\""] {
        let Some(mut scene) = Scene::new(Engine::Postgres, "r0; z1<r0; z2<z1", settings) else {
            return;
        };
        for (id, parent) in [("z1", "r0"), ("z2", "z1")] {
            let up = format!(
                "CREATE INDEX CONCURRENTLY x_{id} ON t_r0 (a);\n\
                 CREATE INDEX CONCURRENTLY y_{id} ON t_r0 (n);\n"
            );
            scene.project.script(id, parent, "-- Transaction: none\n", &up);
        }
        for racers in short_or_long(vec![2], vec![2, 5, 2, 5, 2, 5]) {
            scene.afresh();
            let start = Instant::now();
            let runs = race(&scene, &vec![Way::Up; racers]);
            assert!(start.elapsed() < Duration::from_secs(90), "{:?}", start.elapsed());
            assert_each_once(&scene, &runs);
            let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
            assert_eq!(scene.database.query(invalid), ["0"], "{settings}");
        }
    }
}

#[test]
fn deployers_of_other_version_tables_do_not_wait() {
    for engine in ENGINES {
        let Some(mut scene) = Scene::new(engine, "", "") else { continue };
        scene.project.script("z1", "", "", &format!("{};", engine.sleep(20)));
        let mut sleeper = scene.project.spawn(&["upgrade"]);
        scene.wait_for_session("leep(20)");
        let settings = "[migrate]\nversion_table = \"other\"\nlock_timeout = \"2s\"\n";
        scene.project.write("migrate.toml", settings);
        scene.project.set("MIGRATE_URL", &scene.database.socket_url());
        scene.project.script("z1", "", "", "INSERT INTO data VALUES ('z', 1);");
        scene.project.done(&["upgrade"]);
        sleeper.kill().unwrap();
        sleeper.wait().unwrap();
    }
}
