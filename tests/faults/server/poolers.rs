//! `PgBouncer` between the program and its database, with two connections for all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use servers::Pgbouncer;

use crate::server::races::{assert_each_once, race};
use crate::server::scene::{Engine, Scene};
use crate::trial::{WAYS, Way};
use crate::{short_or_long, tell};

const GRAPH: &str = "r0; a1<r0; a2<a1 data; a3<a2; b1<r0; b2<b1 data; m1<a3,b2; c1<m1; c2<c1";

/// Makes a project whose database is reached through a pooler; a pooler ends before its scene.
fn pooled(mode: &str, graph: &str, settings: &str) -> Option<(Pgbouncer, Scene)> {
    let mut scene = Scene::new(Engine::Postgres, graph, settings)?;
    let pooler = servers::pgbouncer(servers::postgres()?, mode)?;
    let url = format!("{}?sslmode=disable", pooler.url(&scene.database));
    scene.project.set("MIGRATE_URL", &url);
    Some((pooler, scene))
}

#[test]
fn a_pooler_of_transactions_takes_the_lock_away_and_nothing_else() {
    let (mut trials, mut lost) = (0, 0);
    for _ in 0..short_or_long(2, 20) {
        let Some((pooler, mut scene)) = pooled("transaction", GRAPH, "lock_timeout = \"3s\"")
        else {
            return;
        };
        let is_over = AtomicBool::new(false);
        let runs = thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    while !is_over.load(Ordering::Relaxed) {
                        scene.project.run(&["status"]);
                    }
                });
            }
            let runs = race(&scene, &[Way::Up; 3]);
            is_over.store(true, Ordering::Relaxed);
            runs
        });
        let mut steps = 0;
        for run in &runs {
            trials += 1;
            if run.code == Some(0) {
                steps += run.steps().len();
                continue;
            }
            run.assert_told();
            let error = run.json()["error"].clone();
            assert_eq!(error["kind"], "locked", "{run:?}");
            let message = error["message"].as_str().unwrap();
            let is_named = message.contains("proxy") || message.contains("is locked by");
            assert!(is_named, "{run:?}");
            lost += 1;
            steps += run.steps().len();
        }
        // With it go the sessions that hold locks for nobody.
        drop(pooler);
        scene.project.set("MIGRATE_URL", &scene.database.socket_url());
        let found = scene.finish(Way::Up);
        assert_eq!(found.applied.len(), steps, "{runs:?}");
    }
    tell(&format!("deployers behind a pooler of transactions: {trials}, {lost} told so"));
}

#[test]
fn locks_of_transactions_work_behind_a_pooler_of_transactions() {
    for _ in 0..short_or_long(1, 10) {
        let Some((_pooler, scene)) = pooled("transaction", GRAPH, "lock = \"transaction\"") else {
            return;
        };
        for way in WAYS {
            assert_each_once(&scene, &race(&scene, &[way; 6]));
        }
    }
}

#[test]
fn a_pooler_of_sessions_changes_nothing() {
    for _ in 0..short_or_long(1, 10) {
        let Some((_pooler, scene)) = pooled("session", crate::server::kills::GRAPH, "") else {
            return;
        };
        for way in WAYS {
            assert_each_once(&scene, &race(&scene, &[way; 4]));
        }
    }
}
