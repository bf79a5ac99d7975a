//! What the surroundings allow: no more room, nothing to be written, somebody else's lock.

use std::process::Child;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::look::look;
use crate::project::{Project, Run};
use crate::shim::run_read_only;
use crate::trial::{Bench, MODES, WAYS, Way};
use crate::{short_or_long, tell};

const GRAPH: &str = "r0; a1<r0 none; b1<r0; m1<a1,b1; c1<m1";

/// Limits the size of files, step by step, until the run has room enough.
fn within_limits(ignored: bool) {
    let mut trials = 0;
    for mode in MODES {
        let bench = Bench::new(GRAPH, mode);
        for way in WAYS {
            let mut blocks = 1;
            loop {
                bench.reset(way);
                let trap = if ignored { "trap '' XFSZ; " } else { "" };
                let shell = format!("{trap}ulimit -f {blocks}; exec \"$0\" \"$@\"");
                let arguments = [&["--json"], way.arguments()].concat();
                let output = bench.project.command_below(&shell, &arguments).output().unwrap();
                let run = Run::from(output);
                let found = bench.finish(way);
                trials += 1;
                if run.code == Some(0) && bench.changed(way, &found) == bench.all() {
                    break;
                }
                // A signal that nobody ignores kills (25 is SIGXFSZ); the error is told otherwise.
                if ignored || run.signal.is_none() {
                    run.assert_told();
                } else {
                    assert_eq!(run.signal, Some(25), "{run:?}");
                }
                blocks += short_or_long(67, 2);
            }
        }
    }
    tell(&format!("size of files limited, SIGXFSZ ignored {ignored}: {trials} trials"));
}

#[test]
fn a_limit_of_the_size_of_files_is_told() {
    within_limits(true);
}

#[test]
fn a_limit_of_the_size_of_files_that_kills_leaves_nothing_half_done() {
    within_limits(false);
}

#[test]
fn what_can_not_be_written_can_be_read() {
    for mode in MODES {
        let bench = Bench::new(GRAPH, mode);
        for way in WAYS {
            bench.reset(way);
            let before = look(&bench.project);
            let run = run_read_only(&bench.project, way.arguments());
            run.assert_told();
            assert_eq!(look(&bench.project), before);
            bench.finish(way);
        }
        if !mode.is_wal {
            bench.reset(Way::Down);
            for arguments in [&["current"][..], &["status"], &["check"], &["history", "-v"]] {
                let run = run_read_only(&bench.project, arguments);
                assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
            }
        }
    }
}

#[test]
fn what_is_no_place_for_a_database_is_told() {
    let project = Project::new("r0", "");
    let places = [
        "/proc/app.db",
        "/proc/version",
        "/dev/full",
        "/dev/null/app.db",
        "/",
        ".",
        "versions",
        "no/such/folder/app.db",
        "versions/r0.up.sql",
        "versions/r0.up.sql/app.db",
    ];
    for place in places {
        for command in [&["upgrade"][..], &["current"], &["downgrade", "base"], &["stamp", "head"]]
        {
            let url = format!("sqlite:{place}");
            let run = project.run(&[&["--url", &url, "--json"], command].concat());
            // What isn't there has nothing applied.
            if command == ["current"] && run.code == Some(0) {
                continue;
            }
            assert!(run.code == Some(1) || command[0] == "downgrade", "{place}: {run:?}");
            assert!(!run.stderr.contains("panicked"), "{run:?}");
        }
    }
    assert!(project.database_files().is_empty());
}

/// Waits for a process and tells how long it took.
fn wait(child: Child, start: Instant) -> (Run, Duration) {
    (child.wait_with_output().unwrap().into(), start.elapsed())
}

/// What another client does meanwhile.
const HOLDS: [&str; 2] = ["BEGIN IMMEDIATE", "BEGIN; SELECT count(*) FROM sqlite_schema"];

#[test]
fn a_lock_is_waited_for_so_long_and_no_longer() {
    for mode in MODES {
        let bench = Bench::new("r0; a1<r0", mode);
        for (way, hold) in WAYS.iter().flat_map(|way| HOLDS.map(|hold| (*way, hold))) {
            if mode.is_wal && hold == HOLDS[1] {
                continue; // Readers of a log keep nobody waiting.
            }
            bench.reset(way);
            let other = Connection::open(bench.project.path("app.db")).unwrap();
            if way == Way::Up {
                other.execute_batch("CREATE TABLE x (a); DROP TABLE x;").unwrap();
            }
            other.execute_batch(hold).unwrap();
            let arguments = [&["--json", "--lock-timeout", "600ms"], way.arguments()].concat();
            let start = Instant::now();
            let (run, took) = wait(bench.project.spawn(&arguments), start);
            run.assert_told();
            assert_eq!(run.json()["error"]["kind"], "locked", "{mode:?} {way:?} {hold}: {run:?}");
            let expected = Duration::from_millis(500)..Duration::from_secs(5);
            assert!(expected.contains(&took), "{mode:?} {way:?} {hold}: {took:?}");
            // The lock ends while somebody waits for it.
            let arguments = [&["--lock-timeout", "30s"], way.arguments()].concat();
            let start = Instant::now();
            let child = bench.project.spawn(&arguments);
            std::thread::sleep(Duration::from_millis(400));
            other.execute_batch("ROLLBACK").unwrap();
            drop(other);
            let (run, took) = wait(child, start);
            assert_eq!(run.code, Some(0), "{mode:?} {way:?} {hold}: {run:?}");
            let expected = Duration::from_millis(400)..Duration::from_secs(5);
            assert!(expected.contains(&took), "{mode:?} {way:?} {hold}: {took:?}");
            bench.finish(way);
        }
    }
}
