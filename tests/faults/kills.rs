//! `kill -9` at random moments.

use std::thread;
use std::time::{Duration, Instant};

use crate::trial::{Bench, MODES, Mode, WAYS, Way};
use crate::{Random, short_or_long, tell};

/// Plain revisions and such without a transaction, a branch and a merge.
const GRAPH: &str = "r0; a1<r0; a2<a1; a3<a2 none; b1<r0 none; b2<b1; b3<b2; m1<a3,b3; c1<m1 none; \
                     c2<c1 none; d1<c2; d2<d1; d3<d2; d4<d3; d5<d4; d6<d5; d7<d6; d8<d7";

fn kill_at_random(mode: Mode, salt: u64) {
    let bench = Bench::new(GRAPH, mode);
    let mut random = Random::new(salt);
    let (mut cut, mut half, mut doubt) = (0, 0, 0);
    let rounds = short_or_long(3, 60);
    for way in WAYS {
        let usual = usual(&bench, way);
        for _ in 0..rounds {
            bench.reset(way);
            let mut child = bench.project.spawn(way.arguments());
            thread::sleep(Duration::from_micros(random.below(usual)));
            child.kill().unwrap();
            let killed = child.wait().unwrap();
            let found = bench.finish(way);
            cut += i32::from(killed.code().is_none() && bench.changed(way, &found) != bench.all());
            half += i32::from(found.running.is_some());
            doubt += i32::from(found.running.is_some_and(|it| it.is_in_doubt()));
        }
    }
    let trials = 2 * rounds;
    tell(&format!(
        "kill -9, {mode:?}: {trials} trials, {cut} before the end, {half} within a revision \
         without a transaction, {doubt} within or just after its statement"
    ));
}

/// Returns how many microseconds a way takes that nobody disturbs, and a little more.
fn usual(bench: &Bench, way: Way) -> u64 {
    bench.reset(way);
    let start = Instant::now();
    bench.project.done(way.arguments());
    u64::try_from(start.elapsed().as_micros()).unwrap() * 11 / 10
}

#[test]
fn killed_with_a_rollback_journal_and_grouped_commits() {
    kill_at_random(MODES[0], 1);
}

#[test]
fn killed_with_a_rollback_journal_and_a_commit_each() {
    kill_at_random(MODES[1], 2);
}

#[test]
fn killed_with_a_log_and_grouped_commits() {
    kill_at_random(MODES[2], 3);
}

#[test]
fn killed_with_a_log_and_a_commit_each() {
    kill_at_random(MODES[3], 4);
}
