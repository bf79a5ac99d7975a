//! How often program and server take turns: what a slow line costs.

use std::fmt::Write as _;
use std::time::Duration;

use crate::on_servers::{Kind, Remote, on_mariadb, on_postgres};

/// Writes revisions in a line, of two statements each.
fn fill(remote: &Remote, count: usize) {
    let mut parent = String::new();
    for at in 0..count {
        let (mut up, id) = (String::new(), format!("r{at:04}"));
        writeln!(up, "CREATE TABLE t{at} (id INTEGER PRIMARY KEY, a INTEGER NOT NULL);").unwrap();
        write!(up, "CREATE INDEX i{at} ON t{at} (a);").unwrap();
        remote.revision(&format!("{id}<{parent}"), &up, &format!("DROP TABLE t{at};"));
        parent = id;
    }
}

/// Runs a command through a proxy; returns how many round trips it took.
fn count(remote: &Remote, arguments: &str) -> u64 {
    let address = match remote.kind {
        Kind::Postgres => servers::postgres().unwrap().address(),
        Kind::Mariadb => servers::mariadb().unwrap().address(),
    };
    let proxy = servers::proxy(address, Duration::ZERO);
    remote.done(&format!("{arguments} --url {}", remote.database.url_at(proxy.address())));
    proxy.round_trips()
}

#[test]
fn revisions_travel_together_on_postgresql() {
    let Some(remote) = on_postgres() else { return };
    fill(&remote, 200);
    let trips = count(&remote, "upgrade head");
    assert!(trips < 100, "{trips}");
    let trips = count(&remote, "upgrade head");
    assert!(trips <= 12, "{trips}");
    let trips = count(&remote, "downgrade base");
    assert!(trips < 100, "{trips}");
}

#[test]
fn a_revision_is_little_more_than_its_statements_on_mariadb() {
    let Some(remote) = on_mariadb() else { return };
    fill(&remote, 200);
    let trips = count(&remote, "upgrade head");
    // What is beside them: login, lock, what the server has and is set to, and the making of the tables.
    assert!(trips <= 200 * (2 + 3) + 60, "{trips}");
    let trips = count(&remote, "upgrade head");
    assert!(trips <= 16, "{trips}");
}
