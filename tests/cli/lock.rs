//! `migrate lock`: who keeps others from migrating, and how that ends.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::on_servers::{Kind, Remote, each, holds, on_postgres};
use crate::support::Sandbox;

/// Starts an upgrade that takes its time, and waits until it holds the lock.
fn holder(remote: &Remote) -> Child {
    let sleep =
        if remote.kind == Kind::Postgres { "SELECT pg_sleep(60);" } else { "DO SLEEP(60);" };
    remote.revision("a1", sleep, "");
    let child = remote.command("upgrade").spawn().unwrap();
    let since = Instant::now();
    while remote.json("lock status")["holder"] == Value::Null {
        assert!(since.elapsed() < Duration::from_secs(30), "nobody takes the lock");
    }
    child
}

#[test]
fn nobody_holds_a_lock_that_nobody_took() {
    let sandbox = Sandbox::with("a1");
    assert_eq!(sandbox.run("lock status").text(), "exit 0\n--- stdout\nNobody holds the lock.\n");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    each(|remote| {
        remote.add("a1");
        for command in ["lock status", "lock release"] {
            let text = remote.run(command).text();
            assert_eq!(text, "exit 0\n--- stdout\nNobody holds the lock.\n", "{command}");
            assert_eq!(remote.json(command), json!({"holder": null, "released": false}));
        }
    });
}

#[test]
fn who_holds_the_lock_is_named_and_can_be_ended() {
    each(|remote| {
        let child = holder(remote);
        let status = remote.run("lock status");
        assert_eq!(status.code, 0, "{}", status.text());
        let program = if remote.kind == Kind::Postgres { "migrate" } else { "app from 127.0.0.1" };
        holds(&status.stdout, &["Held by session ", program, ", since 2"]);

        let run = remote.run("--json upgrade --lock-timeout 1");
        assert_eq!(run.code, 1, "{}", run.text());
        let error = serde_json::from_str::<Value>(&run.stdout).unwrap()["error"].clone();
        assert_eq!(error["kind"], "locked");
        holds(error["message"].as_str().unwrap(), &["is locked by session "]);
        holds(&run.stderr, &["--lock-timeout"]);

        let release = remote.run("lock release");
        assert_eq!(release.code, 3, "{}", release.text());
        holds(&release.stdout, &["Held by session "]);
        let statement = release.stderr.split('`').nth(1).unwrap();
        remote.database.query(statement);
        let run = remote.seen(&child.wait_with_output().unwrap());
        assert_eq!(run.code, 1, "{}", run.text());

        remote.revision("a1", "SELECT 1;", "");
        let again = remote.run("upgrade --lock-timeout 30 --resume");
        assert_eq!(again.code, 0, "{}", again.text());
    });
}

#[test]
fn who_writes_to_an_sqlite_database_is_named() {
    for mode in ["delete", "wal"] {
        for begin in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
            let sandbox = Sandbox::with("a1");
            sandbox.done("upgrade");
            sandbox.execute(&format!("PRAGMA journal_mode = {mode}"));
            let script = format!(
                "import sqlite3, sys; c = sqlite3.connect('app.db', isolation_level=None); \
                 c.execute('{begin}'); print('held', flush=True); sys.stdin.read()"
            );
            let mut writer = Command::new("python3")
                .args(["-c", &script])
                .current_dir(sandbox.path(""))
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut line = String::new();
            BufReader::new(writer.stdout.take().unwrap()).read_line(&mut line).unwrap();
            let name = format!("process {} (python3", writer.id());
            for command in ["lock status", "lock release"] {
                let run = sandbox.run(command);
                let code = if command == "lock status" { 0 } else { 3 };
                assert_eq!(run.code, code, "{mode} {begin}: {}", run.text());
                assert!(run.stdout.starts_with(&format!("Held by {name}")), "{}", run.text());
            }
            let holder = sandbox.json("lock status")["holder"].to_string();
            assert!(holder.contains(&name), "{holder}");
            let error = sandbox.run("--lock-timeout 1s downgrade base").stderr;
            holds(&error, &[&name, "; waited 1 s for it"]);
            drop(writer.stdin.take());
            writer.wait().unwrap();
            assert_eq!(sandbox.run("lock status").stdout, "Nobody holds the lock.\n");
        }
    }
}

#[test]
fn a_lease_is_taken_from_its_owner() {
    let Some(remote) = on_postgres() else { return };
    let lines = "lock = \"lease\"\nprotected = true";
    remote.configure(&remote.database.url(), lines);
    let child = holder(&remote);
    let status = remote.run("lock status");
    holds(&status.stdout, &["Held by ", " since 2", " s more unless it is kept"]);
    let error = remote.error("lock release");
    assert_eq!(error["kind"], "protected", "{error}");
    let run = remote.run("lock release --yes");
    assert_eq!((run.code, run.stdout.as_str()), (0, "Released.\n"), "{}", run.text());
    assert_eq!(remote.json("lock status")["holder"], Value::Null);
    // Who has lost the lease records nothing.
    let sessions = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE \
                    '%pg_sleep%' AND pid <> pg_backend_pid()";
    remote.database.query(sessions);
    let run = remote.seen(&child.wait_with_output().unwrap());
    assert_eq!(run.code, 1, "{}", run.text());
    assert_eq!(remote.applied(), "");
}
