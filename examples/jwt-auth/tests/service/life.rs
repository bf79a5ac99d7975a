//! From the start to the end.

use std::fs;
use std::io::{BufRead as _, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::thread;

use crate::support::{Answer, PASSWORD, SECRET, Service, on_each, program};

/// Runs what ends by itself; returns its code and what it complained of.
fn fail(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn without_a_good_key_it_does_not_start_and_says_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = fail(program(folder.path()).env_remove("SECRET_KEY"));
    assert_eq!(code, Some(1));
    assert!(text.contains("SECRET_KEY is not set"), "{text}");
    assert!(text.contains("export SECRET_KEY=$(openssl rand -hex 32)"), "{text}");
    for key in ["", "short-and-secret", &SECRET[..31]] {
        let (code, text) = fail(program(folder.path()).env("SECRET_KEY", key));
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("openssl rand -hex 32"), "{text}");
        assert!(key.is_empty() || !text.contains(key), "{text}");
    }
    assert!(!folder.path().join("auth.db").exists(), "nothing was begun");
}

#[test]
fn a_bad_database_is_an_error_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("mysql://ada:hunter2@localhost/x", "SQLite and PostgreSQL only"),
        ("postgres://ada:hunter2@127.0.0.1:1/x", "127.0.0.1:1"),
        ("postgres://ada:hunter2@local host/x", "DATABASE_URL"),
        ("hunter2", "DATABASE_URL"),
        ("sqlite::memory:", "not in memory"),
        ("sqlite:/nowhere/at/all.db", "/nowhere/at"),
    ];
    for (url, expected) in cases {
        let (code, text) = fail(program(folder.path()).env("DATABASE_URL", url));
        assert_eq!(code, Some(1), "{url}: {text}");
        assert!(text.contains(expected), "{url}: {text}");
        assert!(!text.contains("hunter2"), "{url}: {text}");
        let (_, text) = fail(program(folder.path()).args(["--database", url]));
        assert!(!text.contains("hunter2"), "{url}: {text}");
    }
    let help = program(folder.path()).arg("--help").env("DATABASE_URL", cases[0].0).output();
    let help = String::from_utf8(help.unwrap().stdout).unwrap();
    assert!(help.contains("--database") && !help.contains("hunter2"), "{help}");
    assert!(!help.contains(SECRET), "{help}");
}

#[test]
fn a_server_is_spoken_to_in_cipher_if_the_url_says_so() {
    let Some(server) = servers::postgres() else { return };
    let Some(authority) = server.ca() else { return };
    let database = server.database();
    let mode = format!("sslmode=verify-full&sslrootcert={}", authority.display());
    let url = database.url_on("localhost", &mode);
    let service = Service::on(database, &url);
    service.register("ada@example.org").is(201);
    let sessions = "SELECT DISTINCT ssl FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) \
                    WHERE application_name = 'jwt-auth'";
    assert_eq!(service.query(sessions), ["t"]);
}

#[test]
fn a_second_start_finds_nothing_to_do_and_tokens_are_still_good() {
    let service = Service::start();
    assert_eq!(service.greeting.iter().filter(|it| it.starts_with("upgraded to ")).count(), 8);
    service.register("ada@example.org").is(201);
    let pair = service.sign_in("ada@example.org");
    let service = service.restart();
    assert_eq!(service.greeting.len(), 2, "{:?}", service.greeting);
    assert!(service.greeting[0].ends_with(" is at bb4ce9ecd7f7"), "{:?}", service.greeting);
    service.get("/users/me", &pair.access).is(200);
    service.refresh(&pair.refresh).is(200);
    assert_eq!(service.query("SELECT DISTINCT applied_by FROM migrate_version"), ["jwt-auth"]);
}

#[test]
fn an_older_program_leaves_a_newer_database_alone() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../versions");
    let mut scripts: Vec<(String, String)> = Vec::new();
    for entry in fs::read_dir(sample).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        scripts.push((name, fs::read_to_string(path).unwrap()));
    }
    let up = "-- add names\n--\n-- Revision ID: 5d1f0a7c3b92\n-- Revises: bb4ce9ecd7f7\n\n\
              ALTER TABLE users ADD COLUMN display_name TEXT;\n";
    scripts.push(("9_names.up.sql".to_owned(), up.to_owned()));
    let url = format!("sqlite:{}", folder.path().join("auth.db").display());
    let migrator = limbeck::Migrator::embedded(&limbeck::Versions::of(scripts)).unwrap();
    migrator.url(&url).unwrap().upgrade("head").unwrap();
    let (code, text) = fail(&mut program(folder.path()));
    assert_eq!(code, Some(1));
    assert!(text.contains("upgraded by a newer jwt-auth"), "{text}");
    assert!(text.contains("5d1f0a7c3b92"), "{text}");
}

#[test]
fn several_that_start_at_once_upgrade_once() {
    let database = servers::postgres().map(|it| it.database());
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", folder.path().join("auth.db").display());
    for url in [Some(sqlite), database.as_ref().map(servers::Database::url)].into_iter().flatten() {
        let one = || {
            let (folder, url) = (folder.path(), url.as_str());
            // Each does its upgrade, then finds that there is nobody to grant anything to.
            move || {
                program(folder).args(["grant", "a@b", "admin"]).env("DATABASE_URL", url).output()
            }
        };
        let outputs: Vec<_> = thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(one())).collect();
            all.into_iter().map(|it| it.join().unwrap().unwrap()).collect()
        });
        let text: String =
            outputs.iter().map(|it| String::from_utf8_lossy(&it.stdout).into_owned()).collect();
        assert_eq!(text.matches("upgraded to ").count(), 8, "{text} {outputs:?}");
        assert_eq!(text.matches(" is at bb4ce9ecd7f7").count(), 4, "{text} {outputs:?}");
    }
}

#[test]
fn on_a_signal_a_request_in_flight_is_finished_and_no_other_begun() {
    for signal in ["TERM", "INT"] {
        let mut service = Service::start();
        let body = format!(r#"{{"email":"ada@example.org","password":"{PASSWORD}"}}"#);
        let mut stream = service.connect();
        let head = format!(
            "POST /register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        // It is in flight once the service asks for the body.
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).unwrap();
        assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        service.signal(signal);
        let mut line = String::new();
        service.out.read_line(&mut line).unwrap();
        assert!(line.starts_with("shutting down"), "{line}");
        while TcpStream::connect(service.address).is_ok() {
            thread::yield_now();
        }
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let answer = Answer::read(&answer).unwrap().is(201);
        assert_eq!(answer.json()["email"], "ada@example.org");
        assert!(service.wait().success());
        assert_eq!(service.query("SELECT email FROM users"), ["ada@example.org"]);
    }
}

#[test]
fn a_database_that_fails_is_503_and_told_to_whoever_runs_the_service() {
    on_each(|service| {
        service.register("ada@example.org").is(201);
        let pair = service.sign_in("ada@example.org");
        assert_eq!(service.request("GET", "/health", &[], b"").is(200).text, r#"{"status":"ok"}"#);
        service.query("ALTER TABLE users RENAME TO lost");
        let answer = service.request("GET", "/health", &[], b"").is(503);
        assert_eq!(answer.header("retry-after"), Some("5"));
        service.get("/users/me", &pair.access).is(503);
        service.token("ada@example.org", PASSWORD).is(503);
        assert!(service.log().contains("jwt-auth: the database failed: "), "{}", service.log());
        service.query("ALTER TABLE lost RENAME TO users");
        service.get("/users/me", &pair.access).is(200);
    });
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let service = Service::start();
    let folder = tempfile::tempdir().unwrap();
    let port = service.address.port().to_string();
    let (code, text) = fail(program(folder.path()).args(["--port", &port]));
    assert_eq!(code, Some(1));
    assert!(text.contains(&format!("127.0.0.1:{port}")), "{text}");
}
