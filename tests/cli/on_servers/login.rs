//! Who logs in, and over what: the variables of the servers' own clients, and encryption.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::on_servers::{Kind, Remote, each, holds, on_mariadb, on_postgres};

fn authorities(remote: &Remote) -> Option<(PathBuf, PathBuf)> {
    match remote.kind {
        Kind::Postgres => servers::postgres().and_then(|it| Some((it.ca()?, it.wrong_ca()?))),
        Kind::Mariadb => servers::mariadb().and_then(|it| Some((it.ca()?, it.wrong_ca()?))),
    }
}

#[test]
fn the_server_s_certificate_is_verified() {
    each(|remote| {
        let Some((right, wrong)) = authorities(remote) else { return };
        remote.add("a1");
        let (strict, authority, none) = match remote.kind {
            Kind::Postgres => ("sslmode=verify-full", "sslrootcert", "sslmode=disable"),
            Kind::Mariadb => ("ssl-mode=verify_identity", "ssl-ca", "ssl-mode=disabled"),
        };
        let strict = |authority_at: &PathBuf| {
            remote.configure(
                &remote
                    .database
                    .url_with(&format!("{strict}&{authority}={}", authority_at.display())),
                "",
            );
        };
        strict(&right);
        remote.done("upgrade");
        let text = remote.migrate("current -v");
        holds(&text, &[", TLS 1.3 verified\n"]);
        assert!(!text.contains("not encrypted"), "{text}");
        strict(&wrong);
        assert_eq!(remote.error("current")["kind"], "unreachable");
        remote.configure(&remote.database.url_with(none), "");
        let text = remote.migrate("current -v");
        holds(&text, &["not encrypted"]);
        assert!(!text.contains("warning"), "{text}");
    });
}

#[test]
fn a_wrong_password_and_a_missing_database_are_not_waited_for() {
    each(|remote| {
        let since = Instant::now();
        remote.configure(&remote.database.url_as(servers::USER, "wrong-p@ss"), "");
        let error = remote.error("current --wait=60");
        assert_eq!(error["kind"], "unreachable", "{error}");
        let url = remote.database.url().replace(remote.database.name(), "nowhere");
        let error = remote.error(&format!("current --wait=60 --url {url}"));
        assert_eq!(error["kind"], "unreachable", "{error}");
        holds(error["message"].as_str().unwrap(), &["nowhere"]);
        assert!(since.elapsed() < Duration::from_secs(30));
    });
}

/// Takes host, port and the rest out of the URL of a database: `(scheme, host, port)`.
fn address(remote: &Remote) -> (String, String) {
    let url = remote.database.url();
    let place = url.rsplit_once('@').unwrap().1.split('/').next().unwrap();
    let (host, port) = place.split_once(':').unwrap();
    (host.to_owned(), port.to_owned())
}

#[test]
fn the_variables_of_libpq_complete_a_url() {
    let Some(mut remote) = on_postgres() else { return };
    let (host, port) = address(&remote);
    remote.configure("postgres://", "");
    let name = remote.database.name().to_owned();
    for (variable, value) in [
        ("PGHOST", host.as_str()),
        ("PGPORT", &port),
        ("PGUSER", servers::USER),
        ("PGDATABASE", &name),
        ("PGPASSWORD", servers::PASSWORD),
    ] {
        remote.sandbox.set(variable, value);
    }
    remote.add("a1");
    remote.done("upgrade");
    assert_eq!(remote.applied(), "a1");
    remote.sandbox.set("PGSSLMODE", "disable");
    holds(&remote.migrate("current -v"), &["not encrypted"]);
    remote.sandbox.set("PGPASSWORD", "wrong");
    assert_eq!(remote.error("current")["kind"], "unreachable");
}

#[test]
fn a_password_file_is_read_where_it_is_closed_to_others() {
    let Some(mut remote) = on_postgres() else { return };
    let (host, port) = address(&remote);
    let url = format!("postgres://{}@{host}:{port}/{}", servers::USER, remote.database.name());
    remote.configure(&url, "");
    assert_eq!(remote.error("current")["kind"], "unreachable");

    let password = servers::PASSWORD.replace('\\', "\\\\").replace(':', "\\:");
    let line =
        format!("# passwords\nelsewhere:*:*:*:no\n{host}:{port}:*:{}:{password}\n", servers::USER);
    remote.write("home/.pgpass", &line);
    let close = |below: &str, mode: u32| {
        fs::set_permissions(remote.path(below), fs::Permissions::from_mode(mode)).unwrap();
    };
    close("home/.pgpass", 0o600);
    let home = remote.path("home").to_str().unwrap().to_owned();
    remote.sandbox.set("HOME", &home);
    remote.done("ensure-version");

    remote.write("passwords", &line);
    remote.sandbox.set("PGPASSFILE", "passwords");
    fs::set_permissions(remote.path("passwords"), fs::Permissions::from_mode(0o644)).unwrap();
    let error = remote.error("current");
    assert_eq!(error["kind"], "config", "{error}");
    fs::set_permissions(remote.path("passwords"), fs::Permissions::from_mode(0o600)).unwrap();
    remote.done("current");
}

#[test]
fn mysql_s_variable_gives_the_password() {
    let Some(mut remote) = on_mariadb() else { return };
    let (host, port) = address(&remote);
    let url = format!("mariadb://{}@{host}:{port}/{}", servers::USER, remote.database.name());
    remote.configure(&url, "");
    assert_eq!(remote.error("current")["kind"], "unreachable");
    remote.sandbox.set("MYSQL_PWD", servers::PASSWORD);
    remote.done("ensure-version");
}

#[test]
fn a_socket_is_a_way_too() {
    each(|remote| {
        remote.configure(&remote.database.socket_url(), "");
        remote.add("a1");
        remote.done("upgrade");
        assert_eq!(remote.applied(), "a1");
    });
}
