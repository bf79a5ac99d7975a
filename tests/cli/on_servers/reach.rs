//! Servers that aren't there, or not yet.

use std::time::{Duration, Instant};

use servers::{Mariadb, Postgres};

use crate::on_servers::{each, holds};
use crate::support::Sandbox;

#[test]
fn a_server_that_is_not_there_is_told_at_once() {
    each(|remote| {
        let mut proxy = servers::proxy("127.0.0.1:1".parse().unwrap(), Duration::ZERO);
        proxy.refuse(true);
        remote.configure(&remote.database.url_at(proxy.address()), "");
        remote.add("a1");
        let since = Instant::now();
        for command in ["current", "upgrade", "lock status"] {
            let error = remote.error(command);
            assert_eq!(error["kind"], "unreachable", "{error}");
            holds(error["message"].as_str().unwrap(), &["127.0.0.1", "refused"]);
        }
        assert!(since.elapsed() < Duration::from_secs(10));
    });
}

/// Runs an upgrade that begins while the server is down, and has the server come up meanwhile.
fn waits_for(url: &str, come_up: impl FnOnce()) {
    let sandbox = Sandbox::with("a1");
    let early = sandbox.run(&format!("current --url {url}"));
    assert_eq!(early.code, 1, "{}", early.text());
    let child = sandbox.command(&format!("upgrade --wait=60 --url {url}")).spawn().unwrap();
    come_up();
    let run = sandbox.seen(&child.wait_with_output().unwrap());
    assert_eq!(run.code, 0, "{}", run.text());
}

#[test]
fn a_server_that_starts_is_waited_for() {
    if let Some(mut server) = Postgres::start() {
        let database = server.database();
        server.kill9();
        waits_for(&database.url(), || server.restart());
        assert_eq!(database.query("SELECT revision FROM migrate_version"), ["a1"]);
    }
    if let Some(mut server) = Mariadb::start() {
        let database = server.database();
        server.kill9();
        waits_for(&database.url(), || server.restart());
        assert_eq!(database.query("SELECT revision FROM migrate_version"), ["a1"]);
    }
}
