//! A script of many megabytes.

use std::fmt::Write as _;
use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::look::look;
use crate::project::{Project, Run};
use crate::{short_or_long, tell};

/// What a script of any size may take.
const LONGEST: Duration = Duration::from_mins(2);
const MOST_MEMORY: u64 = 1024;

/// Returns a script of so many megabytes, and its number of lines.
fn script(megabytes: usize) -> (String, usize) {
    let mut res = String::from("CREATE TABLE big (a INTEGER, b TEXT);\n");
    let mut lines = 1;
    while res.len() < megabytes << 20 {
        writeln!(res, "INSERT INTO big VALUES ({lines}, '{:-^60}');", " it''s -- no ; comment ")
            .unwrap();
        lines += 1;
    }
    (res, lines)
}

/// Waits for a process; returns how it ended, how long it took, and its most memory in megabytes.
fn measure(mut child: Child, start: Instant) -> (Run, Duration, u64) {
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        most = line.trim().trim_end_matches(" kB").parse().unwrap_or(0).max(most);
        thread::sleep(Duration::from_millis(5));
    }
    let took = start.elapsed();
    (child.wait_with_output().unwrap().into(), took, most / 1024)
}

#[test]
fn many_megabytes_are_run_or_undone_whole() {
    let megabytes = short_or_long(5, 50);
    let project = Project::new_in(&std::env::temp_dir(), "r0", "");
    project.done(&["upgrade"]);
    let before = fs::read(project.path("app.db")).unwrap();
    let (script, lines) = script(megabytes);
    let wrong = format!("{script}INSERT INTO nowhere VALUES (1);\n");
    for (text, passes) in [(&wrong, false), (&script, true)] {
        project.script("big", "r0", "", text);
        project.write("versions/big.down.sql", "DROP TABLE big;\n");
        let start = Instant::now();
        let (run, took, memory) = measure(project.spawn(&["--json", "upgrade"]), start);
        tell(&format!(
            "a script of {megabytes} MB, {lines} statements, passes {passes}: {took:?}, {memory} MB"
        ));
        assert!(took < LONGEST && memory < MOST_MEMORY, "{took:?}, {memory} MB");
        if passes {
            assert_eq!(run.code, Some(0), "{run:?}");
        } else {
            run.assert_told();
            let error = &run.json()["error"];
            // The head has six lines.
            assert_eq!(error["line"], 6 + lines + 1, "{error}");
            assert_eq!(error["file"], "versions/big.up.sql");
            let left = crate::look::texts(
                &rusqlite::Connection::open(project.path("app.db")).unwrap(),
                "SELECT name FROM sqlite_schema WHERE name = 'big'",
            );
            assert!(left.is_empty());
            assert!(look(&project).applied.contains("r0"));
            assert_eq!(look(&project).applied.len(), 1);
        }
    }
    let start = Instant::now();
    project.done(&["check"]);
    project.done(&["downgrade", "r0"]);
    tell(&format!("and check and downgrade: {:?}", start.elapsed()));
    assert!(before.len() < fs::read(project.path("app.db")).unwrap().len());
}

#[test]
fn a_larger_script_takes_no_more_memory() {
    let peak = |megabytes| {
        let project = Project::new_in(&std::env::temp_dir(), "r0", "");
        project.script("big", "r0", "", &script(megabytes).0);
        let (run, took, memory) = measure(project.spawn(&["upgrade"]), Instant::now());
        tell(&format!("a script of {megabytes} MB: {took:?}, {memory} MB"));
        assert_eq!(run.code, Some(0), "{run:?}");
        memory
    };
    // Enough to fill SQLite's cache.
    let small = peak(4);
    let large = peak(short_or_long(16, 100));
    assert!(large <= small + 2, "{small} MB, {large} MB");
}

#[test]
fn one_large_statement_is_run() {
    let megabytes = short_or_long(2, 50);
    let project = Project::new_in(&std::env::temp_dir(), "r0", "");
    let text = "x ; -- ".repeat((megabytes << 20) / 7);
    project.script(
        "big",
        "r0",
        "",
        &format!("CREATE TABLE big (a);\nINSERT INTO big VALUES ('{text}');"),
    );
    let start = Instant::now();
    let (run, took, memory) = measure(project.spawn(&["upgrade"]), start);
    tell(&format!("a statement of {megabytes} MB: {took:?}, {memory} MB"));
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(took < LONGEST && memory < MOST_MEMORY, "{took:?}, {memory} MB");
}
