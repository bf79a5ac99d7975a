//! Servers that aren't there, or not yet.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
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

/// Something that listens, says this to whoever comes, and hears nobody.
fn listener(greeting: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Who has gone by now doesn't listen.
            let _result = stream.write_all(greeting);
            kept.push(stream);
        }
    });
    address
}

/// Tells why a database can't be opened, which takes no more than so many seconds.
fn refusal(url: &str, seconds: u64) -> String {
    let since = Instant::now();
    let run = Sandbox::new().run(&format!("current --url '{url}'"));
    assert_eq!(run.code, 1, "{}", run.text());
    assert!(since.elapsed() < Duration::from_secs(seconds), "{:?}: {url}", since.elapsed());
    run.stderr
}

#[test]
fn a_server_of_another_kind_is_told_soon() {
    let (Some(postgres), Some(mariadb)) = (servers::postgres(), servers::mariadb()) else { return };
    let (postgres, mariadb) = (postgres.database(), mariadb.database());
    let place = |url: &str| {
        let (_, rest) = url.rsplit_once('@').unwrap();
        rest.split('/').next().unwrap().to_owned()
    };
    let at_postgres = format!("mysql://u@{}/d", place(&postgres.url()));
    holds(
        &refusal(&at_postgres, 30),
        &["is a PostgreSQL server: its url begins with `postgres://`"],
    );
    let at_mariadb = format!("postgres://u@{}/d", place(&mariadb.url()));
    holds(&refusal(&at_mariadb, 30), &["is a MySQL server: its url begins with `mysql://`"]);
    holds(&refusal(&format!("{at_mariadb}?sslmode=disable"), 30), &["error: can't open database"]);
}

#[test]
fn what_is_no_server_of_ours_is_told_soon() {
    let (ssh, silent) = (listener(b"SSH-2.0-OpenSSH_9\r\n"), listener(b""));
    holds(&refusal(&format!("mysql://u@{ssh}/d"), 30), &["doesn't speak MySQL's protocol"]);
    holds(&refusal(&format!("postgres://u@{ssh}/d"), 30), &["doesn't speak PostgreSQL's protocol"]);
    for (scheme, name) in [("mysql", "MySQL"), ("postgres", "PostgreSQL")] {
        let url = format!("{scheme}://u@{silent}/d");
        let word = format!("no word of a {name} server came within");
        holds(&refusal(&format!("{url}?connect_timeout=1"), 10), &[&word, "within 1 s"]);
        holds(&refusal(&url, 40), &[&word, "within 10 s", "`connect_timeout`"]);
    }
    let url = format!("postgres://u@{silent}/d?sslmode=disable&connect_timeout=1");
    holds(&refusal(&url, 10), &["no word of a PostgreSQL server came within 1 s"]);
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
