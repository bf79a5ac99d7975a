//! `kill -9` of the client and of the server, at random moments.

use std::thread;
use std::time::{Duration, Instant};

use crate::project::Run;
use crate::server::scene::{Engine, Scene};
use crate::server::sessions::{assert_goes_on, sleeper};
use crate::trial::{WAYS, Way};
use crate::{Random, short_or_long, tell};

/// Plain revisions, such that change only rows, such without a transaction, a branch, a merge.
pub(crate) const GRAPH: &str = "r0; a1<r0; a2<a1 data; a3<a2 none; b1<r0; b2<b1 data; m1<a3,b2; \
                                c1<m1; c2<c1 none; d1<c2; d2<d1; d3<d2 data";

/// Revisions of which PostgreSQL is sent many before it has answered the first.
pub(crate) const LINE: &str = "r0; r1<r0; r2<r1 data; r3<r2; r4<r3; r5<r4 data; r6<r5; r7<r6; \
                               r8<r7; r9<r8 data; s0<r9; s1<s0";

fn killed_client(engine: Engine, graph: &str, salt: u64) {
    let Some(mut scene) = Scene::new(engine, graph, "") else { return };
    let mut random = Random::new(salt);
    let (mut trials, mut cut, mut half, mut doubt) = (0, 0, 0, 0);
    for way in WAYS {
        let usual = scene.usual(way);
        scene.reset(way);
        for round in 0..short_or_long(4, 120) {
            // Now and then the tables are made, too.
            if way == Way::Up && round % 3 == 0 {
                scene.afresh();
            }
            let mut child = scene.project.spawn(way.arguments());
            thread::sleep(Duration::from_micros(random.below(usual)));
            child.kill().unwrap();
            let killed = child.wait().unwrap();
            let found = scene.finish(way);
            trials += 1;
            cut += i32::from(killed.code().is_none() && scene.changed(way, &found) != scene.all());
            half += i32::from(found.running.is_some());
            doubt += i32::from(found.running.is_some_and(|it| it.is_in_doubt()));
        }
    }
    tell(&format!(
        "kill -9 of the client, {engine:?}: {trials} trials, {cut} before the end, {half} within \
         a revision that is not taken back, {doubt} within or just after its statement"
    ));
}

#[test]
fn a_client_of_postgres_is_killed() {
    killed_client(Engine::Postgres, GRAPH, 11);
}

#[test]
fn a_client_of_postgres_is_killed_while_revisions_travel_together() {
    killed_client(Engine::Postgres, LINE, 13);
}

#[test]
fn a_client_of_mariadb_is_killed() {
    killed_client(Engine::Mariadb, GRAPH, 12);
}

#[test]
fn a_client_of_oceanbase_is_killed() {
    killed_client(Engine::Oceanbase, "r0; a1<r0; a2<a1 data; b1<r0 none; m1<a2,b1", 15);
}

/// Nobody but the clock gives the lock back that a killed client had.
#[test]
fn the_next_upgrade_on_oceanbase_goes_on_when_the_lease_of_a_killed_one_has_run_out() {
    let Some(scene) = sleeper(Engine::Oceanbase, "data", "") else { return };
    let mut owner = scene.project.spawn(&["upgrade"]);
    let session = scene.wait_for_session("leep(60)");
    let status = scene.project.done(&["lock", "status"]);
    assert!(status.stdout.contains(&owner.id().to_string()), "{status:?}");
    owner.kill().unwrap();
    owner.wait().unwrap();
    // The server may have found by itself that nobody is there any more.
    if let Err(said) = scene.database.try_query(&format!("KILL {session}")) {
        assert!(said.contains("Unknown thread"), "{said}");
    }
    let waits = scene.project.run(&["--json", "--lock-timeout", "1s", "upgrade"]);
    assert_eq!(waits.json()["error"]["kind"], "locked", "{waits:?}");
    let said = waits.json()["error"]["message"].to_string();
    assert!(said.contains(&owner.id().to_string()), "{said}");
    let killed = Instant::now();
    assert_goes_on(&scene, "data", false);
    assert!((10..50).contains(&killed.elapsed().as_secs()), "{:?}", killed.elapsed());
    let status = scene.project.done(&["lock", "status"]);
    assert!(status.stdout.starts_with("Nobody holds"), "{status:?}");
}

fn killed_server(engine: Engine, salt: u64) {
    let Some(mut server) = engine.start() else { return };
    let scene = Scene::on(engine, server.database(), GRAPH, "");
    let mut random = Random::new(salt);
    let (mut trials, mut lost, mut half) = (0, 0, 0);
    let rounds = if engine == Engine::Oceanbase { 1 } else { 2 };
    for way in WAYS {
        let usual = scene.usual(way);
        scene.reset(way);
        for _ in 0..short_or_long(rounds, 20) {
            let arguments = [&["--json"], way.arguments()].concat();
            let child = scene.project.spawn(&arguments);
            thread::sleep(Duration::from_micros(random.below(usual)));
            server.kill9();
            let killed = Instant::now();
            let run = Run::from(child.wait_with_output().unwrap());
            assert!(killed.elapsed() < Duration::from_secs(10), "{:?}", killed.elapsed());
            server.restart();
            if run.code != Some(0) {
                run.assert_told();
                assert_eq!(run.json()["error"]["kind"], "unreachable", "{run:?}");
                lost += 1;
            }
            let found = scene.finish(way);
            crate::server::cuts::assert_truth(&scene, way, &run, &found);
            trials += 1;
            half += i32::from(found.running.is_some());
        }
    }
    tell(&format!(
        "kill -9 of the server, {engine:?}: {trials} trials, {lost} before the end, {half} within \
         a revision that is not taken back"
    ));
}

#[test]
fn a_postgres_is_killed() {
    killed_server(Engine::Postgres, 13);
}

#[test]
fn a_mariadb_is_killed() {
    killed_server(Engine::Mariadb, 14);
}

#[test]
fn an_oceanbase_is_killed() {
    killed_server(Engine::Oceanbase, 16);
}
