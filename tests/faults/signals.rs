//! SIGINT and SIGTERM: what runs is stopped and undone, and what stands is said.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::look::look;
use crate::project::{Project, Run};
use crate::trial::{Bench, MODES, WAYS};
use crate::{Random, short_or_long, tell};

/// What a signal is called, and how the program ends after it.
pub(crate) const SIGNALS: [(&str, i32); 2] = [("INT", 130), ("TERM", 143)];

/// A statement that ends only when somebody stops it.
const FOREVER: &str = "CREATE TABLE first (a);\nCREATE TABLE forever AS WITH RECURSIVE n(x) AS \
                       (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n;\n";

/// Sends a signal to a process.
pub(crate) fn send(child: &Child, signal: &str) {
    let pid = child.id().to_string();
    let status = Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
    assert!(status.success());
}

/// Waits until a process that was sent a signal has ended; it may take ten seconds.
pub(crate) fn wait(child: &mut Child) {
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if start.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            panic!("it doesn't heed the signal");
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Starts an upgrade, sends a signal soon after a text is seen, and returns how it ended.
fn interrupted(project: &Project, arguments: &[&str], seen: &str, signal: &str) -> Run {
    let mut child = project.spawn(arguments);
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut stderr = String::new();
    while !stderr.contains(seen) {
        assert!(told.read_line(&mut stderr).unwrap() > 0, "{stderr}");
    }
    thread::sleep(Duration::from_millis(60));
    send(&child, signal);
    wait(&mut child);
    told.read_to_string(&mut stderr).unwrap();
    let mut run = Run::from(child.wait_with_output().unwrap());
    run.stderr = stderr;
    run
}

#[test]
fn a_long_statement_is_stopped_and_undone() {
    for settings in ["", "group_commit = false"] {
        for (signal, code) in SIGNALS {
            let mut project = Project::new("r0; a1<r0; b1<r0 none", settings);
            project.revisions.truncate(3);
            project.script("z1", "a1, b1", "", FOREVER);
            let run = interrupted(&project, &["--json", "upgrade"], "make z1", signal);
            assert_eq!(run.code, Some(code), "{run:?}");
            assert_eq!(run.json()["error"]["kind"], "interrupted", "{run:?}");
            // No script is to blame.
            assert_eq!(run.json()["error"]["hint"], "run the command again to continue from there");
            let found = look(&project);
            let mut said = run.steps();
            said.sort();
            assert_eq!(said, found.applied.iter().cloned().collect::<Vec<_>>());
            // SQLite takes the open transaction back too, and with it what shared it.
            assert!(said.len() >= 2, "{said:?}");
            let connection = Connection::open(project.path("app.db")).unwrap();
            assert!(connection.prepare("SELECT * FROM first").is_err(), "undone");
            drop(connection);
            project.script("z1", "a1, b1", "", "CREATE TABLE first (a);");
            project.done(&["upgrade"]);
        }
    }
}

#[test]
fn a_long_statement_without_a_transaction_is_stopped_and_known_to_have_done_nothing() {
    for (signal, code) in SIGNALS {
        let project = Project::new("r0", "");
        let option = "-- Transaction: none\n";
        project.script("z1", "r0", option, FOREVER);
        let run = interrupted(&project, &["upgrade"], "make z1", signal);
        assert_eq!(run.code, Some(code), "{run:?}");
        assert!(run.stderr.contains("z1: not recorded"), "{run:?}");
        assert!(run.stderr.contains("done before, and kept: r0"), "{run:?}");
        let document = project.run(&["--json", "repair"]).json();
        assert_eq!(document["failed"], serde_json::json!(["z1"]));
        assert_eq!(project.run(&["upgrade"]).code, Some(1));
        project.script("z1", "r0", option, "CREATE TABLE first (a);\nCREATE TABLE last (a);");
        project.done(&["upgrade", "--resume"]);
    }
}

#[test]
fn waiting_for_a_lock_ends_with_a_signal() {
    for (signal, code) in SIGNALS {
        let project = Project::new("r0", "");
        let other = Connection::open(project.path("app.db")).unwrap();
        other.execute_batch("CREATE TABLE x (a); DROP TABLE x; BEGIN IMMEDIATE").unwrap();
        let mut child = project.spawn(&["upgrade"]);
        thread::sleep(Duration::from_millis(400));
        send(&child, signal);
        wait(&mut child);
        let run = Run::from(child.wait_with_output().unwrap());
        assert_eq!(run.code, Some(code), "{run:?}");
        other.execute_batch("ROLLBACK").unwrap();
        drop(other);
        project.done(&["upgrade"]);
        assert_eq!(look(&project).applied.len(), 1);
    }
}

#[test]
fn a_signal_at_any_moment_leaves_everything_whole() {
    let rounds = short_or_long(3, 25);
    let mut random = Random::new(9);
    let mut stopped = 0;
    for mode in MODES {
        let bench = Bench::new("r0; a1<r0 none; a2<a1; b1<r0; m1<a2,b1; c1<m1 none; d1<c1", mode);
        for way in WAYS {
            for round in 0..rounds {
                let (signal, code) = SIGNALS[round % 2];
                bench.reset(way);
                let arguments = [&["--json"], way.arguments()].concat();
                let mut child = bench.project.spawn(&arguments);
                thread::sleep(Duration::from_micros(random.below(short_or_long(60_000, 12_000))));
                if child.try_wait().unwrap().is_none() {
                    send(&child, signal);
                }
                let run = Run::from(child.wait_with_output().unwrap());
                let found = bench.finish(way);
                // Before it listens it is killed, and has done nothing.
                if run.signal.is_some() {
                    continue;
                }
                assert!(run.code == Some(0) || run.code == Some(code), "{run:?}");
                stopped += i32::from(run.code == Some(code));
                assert!(!run.stderr.contains("panicked"), "{run:?}");
                let changed: Vec<String> = bench.changed(way, &found).into_iter().collect();
                let mut said = run.steps();
                said.sort();
                assert_eq!(said, changed, "{mode:?} {way:?}: {found:?} {run:?}");
            }
        }
    }
    tell(&format!("signals at any moment: {} trials, {stopped} stopped", 8 * rounds));
}
