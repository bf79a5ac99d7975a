//! The ways to a server: encryption, sockets, proxies, servers that start late, and refusals.

use std::path::Path;
use std::time::Duration;

use servers::{Mariadb, Postgres, mariadb, pgbouncer, postgres, proxy};

use crate::postgres::is_stopped;
use crate::{Bench, fault, is_lost, open, reach, refusal};

/// Writes a path as a part of a URL.
fn part(path: &Path) -> String {
    path.to_str().unwrap().replace('/', "%2F")
}

#[test]
fn postgres_certificates_are_verified_as_far_as_the_mode_asks() {
    let Some(server) = postgres() else { return };
    let (Some(ca), Some(wrong)) = (server.ca(), server.wrong_ca()) else { return };
    let database = server.database();
    let with = |mode: &str, ca: &Path| {
        database.url_with(&format!("sslmode={mode}&sslrootcert={}", part(ca)))
    };
    let told = |url: &str| open(url).unwrap().describe();
    assert!(told(&database.url_with("sslmode=disable")).ends_with(", not encrypted"));
    for mode in ["prefer", "require"] {
        let description = told(&database.url_with(&format!("sslmode={mode}")));
        assert!(description.ends_with(", TLS 1.3 not verified"), "{description}");
    }
    assert!(told(&with("verify-full", &ca)).ends_with(", TLS 1.3 verified"));
    for mode in ["require", "verify-ca", "verify-full"] {
        open(&with(mode, &ca)).unwrap();
        refusal(&with(mode, &wrong));
    }
    let unknown = refusal(&database.url_with("sslmode=verify-full"));
    assert!(unknown.contains("authority"), "{unknown}");
    let missing = refusal(&with("verify-full", Path::new("/no/where.pem")));
    assert!(missing.contains("/no/where.pem"), "{missing}");
}

#[test]
fn mysql_certificates_are_verified_as_far_as_the_mode_asks() {
    let Some(server) = mariadb() else { return };
    let (Some(ca), Some(wrong)) = (server.ca(), server.wrong_ca()) else { return };
    let database = server.database();
    let with =
        |mode: &str, ca: &Path| database.url_with(&format!("ssl-mode={mode}&ssl-ca={}", part(ca)));
    let told = |url: &str| open(url).unwrap().describe();
    assert!(told(&database.url_with("ssl-mode=disabled")).ends_with(", not encrypted"));
    for mode in ["preferred", "required"] {
        let description = told(&database.url_with(&format!("ssl-mode={mode}")));
        assert!(description.ends_with(", TLS 1.3 not verified"), "{description}");
    }
    assert!(told(&with("verify_identity", &ca)).ends_with(", TLS 1.3 verified"));
    for mode in ["verify_ca", "verify_identity"] {
        open(&with(mode, &ca)).unwrap();
        refusal(&with(mode, &wrong));
    }
}

#[test]
fn a_certificate_for_another_host_has_an_authority_and_not_the_name() {
    let Some(server) = postgres() else { return };
    let Some(ca) = server.ca() else { return };
    let database = server.database();
    let with = |mode: &str| {
        let parameters = format!("sslmode={mode}&hostaddr=127.0.0.1&sslrootcert={}", part(&ca));
        database.url_on("db.example", &parameters)
    };
    assert!(open(&with("verify-ca")).unwrap().describe().ends_with(", TLS 1.3 authority verified"));
    let reason = refusal(&with("verify-full"));
    assert!(reason.contains("db.example"), "{reason}");
}

#[test]
fn a_server_without_encryption_is_refused_by_all_modes_but_two() {
    let Some(server) = Postgres::start_with(&["ssl=off"]) else { return };
    let database = server.database();
    for mode in ["disable", "prefer"] {
        let mut connection = open(&database.url_with(&format!("sslmode={mode}"))).unwrap();
        // The password was proved and not sent, so there is nothing to warn of.
        assert_eq!(connection.take_notices(), []);
    }
    for mode in ["require", "verify-ca", "verify-full"] {
        let reason = refusal(&database.url_with(&format!("sslmode={mode}")));
        let wish = format!("offers no TLS, and `sslmode={mode}` asks for it");
        assert!(reason.contains(&wish) && reason.contains("`ssl = on`"), "{reason}");
    }
    assert!(refusal(&database.url_with("ssl=true")).contains("`sslmode=require`"));
    // An interrupt goes the same way.
    is_stopped(&mut Bench::on(database));
}

#[test]
fn a_mysql_server_without_encryption_is_refused_by_all_modes_but_two() {
    let Some(server) = Mariadb::start_with(&["skip-ssl"]) else { return };
    let database = server.database();
    for mode in ["disabled", "preferred"] {
        open(&database.url_with(&format!("ssl-mode={mode}"))).unwrap();
    }
    for wish in ["ssl-mode=required", "ssl_mode=VERIFY_CA", "sslmode=verify-full"] {
        let reason = refusal(&database.url_with(wish));
        let wish = format!("offers no TLS, and `{wish}` asks for it");
        assert!(reason.contains(&wish) && reason.contains("`ssl-mode=preferred`"), "{reason}");
    }
}

#[test]
fn sockets_need_no_password() {
    if let Some(server) = postgres() {
        let database = server.database();
        let description = open(&database.socket_url()).unwrap().describe();
        assert!(description.ends_with(", by a unix socket"), "{description}");
    }
    // A server that was given by its URL is only known to be there.
    if let Some(server) = mariadb().filter(|it| it.pid().is_some()) {
        let database = server.database();
        let description = open(&database.socket_url()).unwrap().describe();
        assert!(description.ends_with(", by a unix socket"), "{description}");
    }
}

#[test]
fn what_a_server_says_no_to_is_told_without_the_password() {
    if let Some(server) = postgres() {
        let database = server.database();
        let reason = refusal(&database.url_as(servers::USER, "wr0ng"));
        assert!(reason.contains("28P01") && !reason.contains("wr0ng"), "{reason}");
        let missing = database.url().replace(database.name(), "never_made");
        assert!(refusal(&missing).contains("3D000"));
    }
    if let Some(server) = mariadb() {
        let database = server.database();
        let reason = refusal(&database.url_as(servers::USER, "wr0ng"));
        assert!(reason.contains("1045") && !reason.contains("wr0ng"), "{reason}");
        let missing = database.url().replace(database.name(), "never_made");
        assert!(refusal(&missing).contains("1049"));
    }
}

#[test]
fn a_server_that_speaks_another_protocol_is_told_of() {
    let (Some(postgres), Some(mysql)) = (postgres(), mariadb()) else { return };
    let user = |at: std::net::SocketAddr| format!("{at}/d?connect_timeout=1");
    let reason = refusal(&format!("postgres://u:p@{}", user(mysql.address())));
    assert!(reason.contains("is a MySQL server"), "{reason}");
    let reason = refusal(&format!("mysql://u:p@{}/d", postgres.address()));
    assert!(reason.contains("is a PostgreSQL server"), "{reason}");
    let reason = refusal(&format!("mysql://u:p@{}/d?connect-timeout=1", postgres.address()));
    assert!(reason.contains("no word of a MySQL server came within 1 s"), "{reason}");
}

/// Connects while a server can't be reached, which it can a moment later.
fn reach_late(address: std::net::SocketAddr, to: impl Fn(std::net::SocketAddr) -> String) {
    let mut gate = proxy(address, Duration::ZERO);
    gate.refuse(true);
    let late = to(gate.address());
    assert!(refusal(&late).contains("no server answers"));
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| reach(&late, Duration::from_secs(30)).map(|it| it.describe()));
        gate.refuse(false);
        waits.join().unwrap().unwrap();
    });
}

#[test]
fn a_server_that_starts_late_is_waited_for() {
    if let Some(server) = postgres() {
        let database = server.database();
        reach_late(server.address(), |at| database.url_at(at));
    }
    if let Some(server) = mariadb() {
        let database = server.database();
        reach_late(server.address(), |at| database.url_at(at));
    }
}

#[test]
fn a_killed_server_is_a_lost_connection() {
    if let Some(mut server) = Postgres::start() {
        let mut connection = open(&server.url()).unwrap();
        server.kill9();
        is_lost(connection.execute("SELECT 1"));
        assert!(!connection.in_transaction());
    }
    if let Some(mut server) = Mariadb::start() {
        let mut connection = open(&server.url()).unwrap();
        server.kill9();
        is_lost(connection.execute("SELECT 1"));
        assert!(!connection.in_transaction());
    }
}

#[test]
fn a_connection_cut_at_the_commit_is_lost_and_not_made_again() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    database.execute("CREATE TABLE t (a int)");
    let gate = proxy(server.address(), Duration::ZERO);
    // Encrypted, the proxy could not read along.
    let url = format!("{}?sslmode=disable", database.url_at(gate.address()));
    let mut connection = open(&url).unwrap();
    connection.execute_all(&["BEGIN", "INSERT INTO t VALUES (1)"]).unwrap();
    gate.cut_after("COMMIT");
    is_lost(connection.commit());
    is_lost(connection.execute("INSERT INTO t VALUES (2)"));
    assert_eq!(database.query("SELECT a FROM t"), ["1"]);
}

#[test]
fn a_list_of_statements_is_one_round_trip() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let gate = proxy(server.address(), Duration::ZERO);
    let mut connection = open(&database.url_at(gate.address())).unwrap();
    let before = gate.round_trips();
    connection.execute_all(&["BEGIN", "SELECT 1", "SELECT 2", "COMMIT"]).unwrap();
    assert_eq!(gate.round_trips() - before, 1);
}

#[test]
fn transactions_pass_a_proxy_that_pools_them() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let Some(pool) = pgbouncer(server, "transaction") else { return };
    let mut connections: Vec<_> = (0..6).map(|_| open(&pool.url(&database)).unwrap()).collect();
    for connection in &mut connections {
        connection.execute_all(&["BEGIN", "SELECT 'ü'", "COMMIT"]).unwrap();
        connection.query("SELECT 1").unwrap();
        let error = connection.execute_all(&["BEGIN", "SELECT 1", "SELECT nowhere"]).unwrap_err();
        assert_eq!((error.at, fault(error.cause).offset), (2, Some(7)));
        connection.rollback().unwrap();
    }
}

#[test]
fn the_rules_that_scripts_are_read_by_hold_whatever_the_server_is_set_to() {
    if let Some(server) = postgres() {
        let database = server.database();
        let name = database.name();
        database.execute(&format!("ALTER DATABASE {name} SET standard_conforming_strings = off"));
        let mut bench = Bench::on(database);
        for _ in 0..2 {
            assert_eq!(bench.query("SELECT 'a\\'").unwrap(), [[Some("a\\".to_owned())]]);
            bench.reset().unwrap();
        }
    }
    let Some(server) = Mariadb::start() else { return };
    let database = server.database();
    database.execute_as_admin("SET GLOBAL sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'");
    let mut bench = Bench::on(database);
    for _ in 0..2 {
        let rows = bench.query("SELECT \"it\\'s\"").unwrap();
        assert_eq!(rows, [[Some("it's".to_owned())]]);
        bench.reset().unwrap();
    }
}
