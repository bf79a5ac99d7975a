//! Several processes at once on one database.

use std::collections::BTreeSet;

use crate::look::look;
use crate::project::{Project, Run};
use crate::trial::{Bench, MODES, Mode, WAYS, Way};
use crate::{short_or_long, tell};

/// Revisions that lock the database, and others, between whose statements nothing is locked.
const GRAPHS: [&str; 2] = [
    "r0; a1<r0; a2<a1; a3<a2; b1<r0; b2<b1; m1<a3,b2; c1<m1; c2<c1; c3<c2",
    "r0; a1<r0 none; a2<a1; b1<r0 none; m1<a2,b1; c1<m1 none; c2<c1",
];

const RACERS: usize = 8;

fn rounds() -> usize {
    short_or_long(2, 20)
}

fn benches() -> impl Iterator<Item = (&'static str, Mode)> {
    GRAPHS.into_iter().flat_map(|graph| MODES.map(|mode| (graph, mode)))
}

/// Runs several processes at once, and returns how each ended.
fn race(project: &Project, ways: &[Way]) -> Vec<Run> {
    let arguments = |way: &Way| [&["--json"], way.arguments()].concat();
    let children: Vec<_> = ways.iter().map(|way| project.spawn(&arguments(way))).collect();
    children.into_iter().map(|child| child.wait_with_output().unwrap().into()).collect()
}

fn each_once(bench: &Bench, mode: Mode, way: Way) {
    for round in 0..rounds() {
        bench.reset(way);
        let runs = race(&bench.project, &[way; RACERS]);
        let here = || format!("{mode:?} {way:?}, round {round}: {runs:?}");
        assert!(runs.iter().all(|run| run.code == Some(0)), "{}", here());
        let steps: Vec<String> = runs.iter().flat_map(Run::steps).collect();
        let distinct: BTreeSet<String> = steps.iter().cloned().collect();
        assert_eq!((steps.len(), &distinct), (distinct.len(), &bench.all()), "{}", here());
        bench.finish(way);
    }
}

#[test]
fn eight_at_once_do_each_revision_once() {
    for (graph, mode) in benches() {
        let bench = Bench::new(graph, mode);
        for way in WAYS {
            each_once(&bench, mode, way);
        }
    }
    tell(&format!("races of {RACERS} in one direction: {} rounds", 16 * rounds()));
}

#[test]
fn up_against_down_ends_whole() {
    let mut both = [Way::Up, Way::Down].repeat(RACERS / 2);
    for (graph, mode) in benches() {
        let bench = Bench::new(graph, mode);
        for _ in 0..rounds() {
            bench.reset(both[0]);
            let runs = race(&bench.project, &both);
            assert!(runs.iter().all(|run| run.code == Some(0)), "{mode:?}: {runs:?}");
            // Whoever ended last saw his work done.
            let found = look(&bench.project).applied;
            assert!(found.is_empty() || found == bench.all(), "{mode:?}: {found:?}, {runs:?}");
            bench.finish(if found.is_empty() { Way::Up } else { Way::Down });
            both.rotate_left(1);
        }
    }
    tell(&format!("races of up against down: {} rounds", 8 * rounds()));
}
