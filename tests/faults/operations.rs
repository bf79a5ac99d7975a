//! Every operation on the database's files in turn: killed at, torn, failed.
//!
//! This is how SQLite tests itself (sqlite.org/testing.html): act at the N-th operation, for
//! N = 1, 2, 3 …, until a run ends before its N-th.

use crate::shim::{Kind, run_with_fault};
use crate::trial::{Bench, MODES, Mode, WAYS, Way};
use crate::{short_or_long, tell};

/// A branch and a merge, with and without a transaction.
const GRAPH: &str = "r0; a1<r0 none; b1<r0; b2<b1; m1<a1,b2; c1<m1 none";

fn at_every_operation(mode: Mode) {
    let bench = Bench::new(GRAPH, mode);
    for way in WAYS {
        for kind in Kind::ALL {
            at_every(&bench, mode, way, kind);
        }
    }
}

fn at_every(bench: &Bench, mode: Mode, way: Way, kind: Kind) {
    let (mut trials, mut told, mut half, mut unsaid) = (0, 0, 0, 0);
    let mut number = 1;
    loop {
        bench.reset(way);
        let mut arguments = way.arguments().to_vec();
        // Both forms are to be told well.
        let is_json = number % 3 != 0;
        arguments.extend(is_json.then_some("--json"));
        let Some(run) = run_with_fault(&bench.project, kind, number, &arguments) else { break };
        let found = bench.finish(way);
        trials += 1;
        half += i32::from(found.running.is_some());
        let changed = bench.changed(way, &found);
        if matches!(kind, Kind::Kill | Kind::Torn) {
            assert_eq!(run.signal, Some(9), "{mode:?} {way:?} {kind:?} {number}: {run:?}");
        } else if run.code == Some(0) {
            // What failed didn't matter, or was tried again.
            assert_eq!(changed, bench.all(), "{mode:?} {way:?} {kind:?} {number}: {run:?}");
        } else {
            run.assert_told();
            told += 1;
            if is_json {
                // What is said to be done is done.
                let said = run.steps();
                let here = || format!("{mode:?} {way:?} {kind:?} {number}: {found:?} {run:?}");
                assert!(said.iter().all(|it| changed.contains(it)), "{}", here());
                unsaid += i32::from(said.len() < changed.len());
            }
        }
        number += stride(number, kind);
    }
    tell(&format!(
        "{kind:?} at every operation, {mode:?} {way:?}: {trials} trials, {number} operations, \
         {told} told, {half} half way, {unsaid} did more than they said"
    ));
}

/// The short run leaves most out, and others for each kind.
fn stride(number: u32, kind: Kind) -> u32 {
    short_or_long(71 + number % 13 + 11 * kind.number(), 1)
}

#[test]
fn with_a_rollback_journal_and_grouped_commits() {
    at_every_operation(MODES[0]);
}

#[test]
fn with_a_rollback_journal_and_a_commit_each() {
    at_every_operation(MODES[1]);
}

#[test]
fn with_a_log_and_grouped_commits() {
    at_every_operation(MODES[2]);
}

#[test]
fn with_a_log_and_a_commit_each() {
    at_every_operation(MODES[3]);
}
