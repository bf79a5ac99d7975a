//! `status --watch`: what it shows while others migrate, and that it is in nobody's way.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use insta::assert_snapshot;
use rusqlite::Connection;
use terminal::Terminal;

use crate::on_servers::{Kind, each, holds};
use crate::support::Sandbox;

/// A script whose second statement ends when it is told to.
const ENDLESS: &str = "SELECT 1;\nWITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) \
                       SELECT count(*) FROM c;";

/// How long a line is waited for: much longer than a busy machine needs.
const LIMIT: Duration = Duration::from_mins(1);

/// A watcher whose lines are read as they come.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
}

impl Watcher {
    fn start(sandbox: &Sandbox) -> Self {
        let mut child = sandbox.command("status --watch=50ms").spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || out.lines().map_while(Result::ok).all(|it| sender.send(it).is_ok()));
        Self { child, lines }
    }

    /// Reads lines up to one that begins so, and returns them.
    fn until(&self, beginning: &str) -> Vec<String> {
        let mut res = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(LIMIT) {
            res.push(line);
            if res.last().is_some_and(|line| line.starts_with(beginning)) {
                return res;
            }
        }
        panic!("no line begins with `{beginning}`: {res:?}");
    }

    /// Sends what Ctrl-C does, and returns the exit code.
    fn interrupted(mut self) -> Option<i32> {
        signal("-INT", &self.child);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // One that has ended can't be ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn signal(name: &str, child: &Child) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_pipe_gets_a_line_for_each_change() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    let watcher = Watcher::start(&sandbox);
    assert_eq!(watcher.until("3 pending."), ["3 pending."]);
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.done("upgrade b1");
    let lines = watcher.until("2 applied, 1 pending.");
    assert!(lines.contains(&"a1: applied".to_owned()), "{lines:?}");
    assert!(lines.contains(&"b1: applied".to_owned()), "{lines:?}");
    sandbox.done("downgrade -1");
    assert!(watcher.until("1 applied, 2 pending.").contains(&"b1: pending".to_owned()));
    assert_eq!(watcher.interrupted(), Some(0));
}

#[test]
fn a_script_that_can_not_be_used_does_not_end_the_watch() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<b1");
    sandbox.done("upgrade b1");
    sandbox.replace("versions/c1.up.sql", "-- Revises:", "-- Revise:");
    let watcher = Watcher::start(&sandbox);
    watcher.until("2 applied.");
    watcher.until("Can't be used: versions/c1.up.sql:4:4: unknown key `Revise`");
    assert_eq!(watcher.interrupted(), Some(0));
}

#[test]
fn a_terminal_is_drawn_again_until_ctrl_c_which_leaves_the_last_picture() {
    let sandbox = Sandbox::with("a1; b1<a1; c1<a1; d1<b1,c1");
    let binary = env!("CARGO_BIN_EXE_migrate");
    let script =
        format!("trap : INT; echo before; {binary} status --watch=50ms; echo exit $?; read a");
    let environment = [("SOURCE_DATE_EPOCH", crate::support::NOW)];
    let command = ["sh", "-c", &script];
    let terminal = Terminal::start(70, 14, &sandbox.path(""), &environment, &command);
    let Some(terminal) = terminal else { return };
    terminal.wait_for("4 pending.");
    assert_snapshot!(terminal.screen(), @"
         State    Revision  Message  Applied at  Took
    ○    pending  a1        make a1
    ├─╮
    │ ○  pending  c1        make c1
    ○ │  pending  b1        make b1
    ├─╯
    ○    pending  d1        make d1
    4 pending.
    ");
    sandbox.done("upgrade b1");
    terminal.wait_for("2 applied, 2 pending.");
    sandbox.done("upgrade heads");
    terminal.wait_for("4 applied.");
    assert!(!terminal.screen().contains("before"), "{}", terminal.screen());
    terminal.press("C-c");
    terminal.wait_for("exit");
    let screen = terminal.screen();
    let lines: Vec<&str> = screen.lines().collect();
    assert_eq!(lines.first(), Some(&"before"), "{screen}");
    assert_eq!(lines.last(), Some(&"exit 0"), "{screen}");
    assert!(lines.contains(&"4 applied."), "{screen}");
}

#[test]
fn a_table_that_is_too_long_is_shown_where_it_is_at_work() {
    let line: Vec<String> = (11..60).map(|at| format!("r{at}<r{}", at - 1)).collect();
    let sandbox = Sandbox::with(&format!("r10; {}", line.join("; ")));
    sandbox.done("upgrade r40");
    let command = [env!("CARGO_BIN_EXE_migrate"), "status", "--watch=50ms"];
    let terminal = Terminal::start(70, 8, &sandbox.path(""), &[], &command);
    let Some(terminal) = terminal else { return };
    terminal.wait_for("31 applied, 19 pending.");
    let screen = terminal.screen();
    assert!(screen.starts_with("State"), "{screen}");
    for shown in ["r40", "r41"] {
        assert!(screen.contains(shown), "{screen}");
    }
    assert!(screen.lines().count() <= 8, "{screen}");
}

#[test]
fn a_revision_that_runs_without_a_transaction_is_shown_with_its_statement() {
    let sandbox = Sandbox::with("a1");
    sandbox.revision("b1<a1 | Transaction: none", ENDLESS, "");
    sandbox.done("upgrade a1");
    let watcher = Watcher::start(&sandbox);
    watcher.until("1 applied, 1 pending.");
    let upgrade = sandbox.command("upgrade").spawn().unwrap();
    let lines = watcher.until("b1 runs (upgrade): statement 2 of 2, by process ");
    assert!(lines.contains(&"b1: running, statement 2 of 2".to_owned()), "{lines:?}");
    let running = sandbox.json("status")["revisions"][1]["running"].clone();
    assert_eq!((&running["statement"], &running["statements"]), (&2.into(), &2.into()));
    assert_eq!(sandbox.json("status")["revisions"][1]["state"], "pending");
    signal("-INT", &upgrade);
    let run = sandbox.seen(&upgrade.wait_with_output().unwrap());
    assert_eq!(run.code, 130, "{}", run.text());
    assert!(watcher.until("1 applied, 1 failed.").contains(&"b1: failed".to_owned()));
    assert_eq!(watcher.interrupted(), Some(0));
}

#[test]
fn a_database_that_is_busy_is_waited_for() {
    let sandbox = Sandbox::with("a1; b1<a1");
    sandbox.done("upgrade a1");
    let other = Connection::open(sandbox.path("app.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE; CREATE TABLE mine (a)").unwrap();
    let watcher = Watcher::start(&sandbox);
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(watcher.until("1 applied"), ["1 applied, 1 pending."]);
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(watcher.interrupted(), Some(0));
}

#[test]
fn a_project_without_revisions_is_watched_too() {
    let sandbox = Sandbox::new();
    let watcher = Watcher::start(&sandbox);
    assert_eq!(watcher.until("No"), ["No revisions."]);
    assert_eq!(watcher.interrupted(), Some(0));
}

#[test]
fn the_first_look_fails_as_any_command_does() {
    let sandbox = Sandbox::with("a1");
    sandbox.write("app.db", "this is no database, whatever it is called, and long enough");
    let run = sandbox.run("status --watch");
    assert_eq!(run.code, 1, "{}", run.text());
    assert!(run.stderr.starts_with("error: "), "{}", run.text());
}

#[test]
fn what_can_not_be_watched_is_bad_usage() {
    let sandbox = Sandbox::with("a1");
    for arguments in ["--watch=0", "--watch=soon", "--watch=5ms", "--watch --json", "--watch -q"] {
        let run = sandbox.run(&format!("status {arguments}"));
        assert_eq!(run.code, 2, "{arguments}: {}", run.text());
    }
}

#[test]
fn who_is_at_work_on_a_server_is_named_and_not_kept_waiting() {
    each(|remote| {
        let sleep =
            if remote.kind == Kind::Postgres { "SELECT pg_sleep(60);" } else { "DO SLEEP(60);" };
        remote.revision("a1", sleep, "");
        let watcher = Watcher::start(remote);
        watcher.until("1 pending.");
        let upgrade = remote.command("upgrade").spawn().unwrap();
        watcher.until("At work: session ");
        let run = remote.run("current -v");
        holds(&run.stdout, &["Lock: held by session ", "Version table: ", "Pending: 1"]);
        let document = remote.json("current -v");
        holds(document["database"]["holder"].as_str().unwrap(), &["session "]);
        signal("-INT", &upgrade);
        // MariaDB's SLEEP ends without an error when it is interrupted.
        let run = remote.seen(&upgrade.wait_with_output().unwrap());
        assert!([0, 130].contains(&run.code), "{}", run.text());
        assert_eq!(watcher.interrupted(), Some(0));
    });
}
