//! The servers that the other tests stand on: they answer, verify, count, die, and leave nothing.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use servers::{
    Database, Mariadb, Oceanbase, Postgres, galera, mariadb, oceanbase, pgbouncer, postgres, proxy,
};

const NO_DELAY: Duration = Duration::ZERO;

/// Runs `psql` on a URL: a program that reads it as libpq does.
fn psql(url: &str, sql: &str) -> Result<String, String> {
    let out = Command::new("psql").args(["-XAtq", url, "-c", sql]).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

/// Runs `mariadb` by TCP as the tests' user.
fn mariadb_client(port: u16, options: &[&str], sql: &str) -> Result<String, String> {
    let out = Command::new("mariadb")
        .args(["--no-defaults", "-N", "-B", "-h", "127.0.0.1", "-P", &port.to_string()])
        .args(["-u", servers::USER, "-e", sql])
        .args(options)
        .env("MYSQL_PWD", servers::PASSWORD)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if out.status.success() { Ok(text(&out.stdout)) } else { Err(text(&out.stderr)) }
}

/// Waits until something holds, for at most ten seconds.
#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        sleep(Duration::from_millis(10));
    }
}

fn fill_and_look(database: &Database) {
    database.execute("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, NULL), (2, 'ü');");
    assert_eq!(database.query("SELECT a, b FROM t ORDER BY a"), ["1|NULL", "2|ü"]);
    assert_eq!(database.query("SELECT 1; SELECT 2"), ["1", "2"]);
    let error = database.try_query("SELECT 1; SELECT nonsense").unwrap_err();
    assert!(error.contains("nonsense"), "{error}");
}

#[test]
fn postgres_answers_and_keeps_databases_apart() {
    let Some(server) = postgres() else { return };
    let (one, other) = (server.database(), server.database());
    fill_and_look(&one);
    fill_and_look(&other);
    one.execute_as_admin("CREATE ROLE nobody_else; DROP ROLE nobody_else");
    for url in [one.url(), one.socket_url(), one.url_on("localhost", "application_name=x")] {
        assert_eq!(psql(&url, "SELECT count(*) FROM t").unwrap(), "2");
    }
    let refused = psql(&one.url_as(servers::USER, "wrong"), "SELECT 1").unwrap_err();
    assert!(refused.contains("password"), "{refused}");
}

#[test]
fn mariadb_answers_and_keeps_databases_apart() {
    let Some(server) = mariadb() else { return };
    let (one, other) = (server.database(), server.database());
    fill_and_look(&one);
    fill_and_look(&other);
    one.execute_as_admin("CREATE USER nobody_else; DROP USER nobody_else");
    let sql = format!("SELECT count(*) FROM {}.t", one.name());
    let port = server.address().port();
    assert_eq!(mariadb_client(port, &[], &sql).unwrap(), "2");
}

#[test]
fn oceanbase_answers_and_keeps_databases_apart() {
    let Some(server) = oceanbase() else { return };
    let (one, other) = (server.database(), server.database());
    fill_and_look(&one);
    fill_and_look(&other);
    let version = one.query("SELECT version()").concat();
    assert!(version.contains("OceanBase"), "{version}");
    let sql = format!("SELECT count(*) FROM {}.t", one.name());
    assert_eq!(mariadb_client(server.address().port(), &[], &sql).unwrap(), "2");
}

#[test]
fn a_database_goes_with_its_value() {
    if let Some(server) = postgres() {
        let (one, other) = (server.database(), server.database());
        let count = "SELECT count(*) FROM pg_database WHERE datname = ";
        let count = format!("{count}'{}'", one.name());
        assert_eq!(other.query(&count), ["1"]);
        drop(one);
        assert_eq!(other.query(&count), ["0"]);
    }
    if let Some(server) = mariadb() {
        let (one, other) = (server.database(), server.database());
        let count = "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ";
        let count = format!("{count}'{}'", one.name());
        assert_eq!(other.query(&count), ["1"]);
        drop(one);
        assert_eq!(other.query(&count), ["0"]);
    }
}

#[test]
fn postgres_is_verified_by_its_authority_only() {
    let Some(server) = postgres() else { return };
    let (Some(ca), Some(wrong)) = (server.ca(), server.wrong_ca()) else { return };
    let database = server.database();
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    for host in ["localhost", "127.0.0.1"] {
        let by = |ca: &Path| format!("sslmode=verify-full&sslrootcert={}", ca.display());
        assert_eq!(psql(&database.url_on(host, &by(&ca)), sql).as_deref(), Ok("t"));
        let refused = psql(&database.url_on(host, &by(&wrong)), sql).unwrap_err();
        assert!(refused.contains("certificate verify failed"), "{refused}");
    }
}

#[test]
fn mariadb_is_verified_by_its_authority_only() {
    let Some(server) = mariadb() else { return };
    let (Some(ca), Some(wrong)) = (server.ca(), server.wrong_ca()) else { return };
    let port = server.address().port();
    let by = |ca: &Path| {
        let ca = format!("--ssl-ca={}", ca.display());
        let options = [ca.as_str(), "--ssl-verify-server-cert"];
        mariadb_client(port, &options, "SHOW STATUS LIKE 'Ssl_version'")
    };
    assert!(by(&ca).unwrap().contains("TLS"));
    let refused = by(&wrong).unwrap_err();
    assert!(refused.contains("certificate"), "{refused}");
}

#[test]
fn postgres_keeps_data_through_a_kill() {
    let Some(mut server) = Postgres::start() else { return };
    let database = server.database();
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7)");
    let url = server.url();
    server.kill9();
    assert!(database.try_query("SELECT 1").is_err());
    assert!(TcpStream::connect(server.address()).is_err());
    server.restart();
    assert_eq!(url, server.url());
    assert_eq!(database.query("SELECT a FROM t"), ["7"]);
}

#[test]
fn mariadb_keeps_data_through_a_kill() {
    let Some(mut server) = Mariadb::start() else { return };
    let database = server.database();
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7), (8)");
    let url = server.url();
    server.kill9();
    assert!(database.try_query("SELECT 1").is_err());
    assert!(TcpStream::connect(server.address()).is_err());
    server.restart();
    assert_eq!(url, server.url());
    assert_eq!(database.query("SELECT a FROM t"), ["7", "8"]);
}

#[test]
fn oceanbase_keeps_data_through_a_kill() {
    let Some(mut server) = Oceanbase::start() else { return };
    let database = server.database();
    database.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7), (8)");
    let url = server.url();
    server.kill9();
    assert!(database.try_query("SELECT 1").is_err());
    assert!(TcpStream::connect(server.address()).is_err());
    server.restart();
    assert_eq!(url, server.url());
    assert_eq!(database.query("SELECT a FROM t"), ["7", "8"]);
}

#[test]
fn a_server_takes_settings() {
    if let Some(server) = Postgres::start_with(&["ssl=off"]) {
        let database = server.database();
        let refused = psql(&database.url_with("sslmode=require"), "SELECT 1").unwrap_err();
        assert!(refused.contains("SSL"), "{refused}");
    }
    if let Some(server) = Mariadb::start_with(&["lower-case-table-names=1"]) {
        assert_eq!(server.database().query("SELECT @@lower_case_table_names"), ["1"]);
    }
}

#[test]
fn the_proxy_counts_a_query_as_one_round_trip() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let trips = |queries: usize| {
        let proxy = proxy(server.address(), NO_DELAY);
        let url = database.url_at(proxy.address()) + "?sslmode=disable&gssencmode=disable";
        let sql = ["-c", "SELECT 1"].repeat(queries);
        let out = Command::new("psql").args(["-XAtq", &url]).args(sql).output().unwrap();
        assert!(out.status.success(), "{out:?}");
        assert_eq!(proxy.connections(), 1);
        proxy.round_trips()
    };
    let (one, two, ten) = (trips(1), trips(2), trips(10));
    assert_eq!(two, one + 1);
    assert_eq!(ten, one + 9);
}

#[test]
fn the_proxy_delays_each_round_trip() {
    let Some(server) = mariadb() else { return };
    let delay = Duration::from_millis(40);
    let proxy = proxy(server.address(), delay);
    let start = Instant::now();
    mariadb_client(proxy.address().port(), &[], "SELECT 1").unwrap();
    let trips = u32::try_from(proxy.round_trips()).unwrap();
    assert!(2 <= trips, "{trips}");
    assert!(delay * trips <= start.elapsed(), "{trips} in {:?}", start.elapsed());
}

#[test]
fn the_proxy_cuts_and_refuses() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    database.execute("CREATE TABLE t (a int)");
    let mut proxy = proxy(server.address(), NO_DELAY);
    let url = database.url_at(proxy.address()) + "?sslmode=disable&gssencmode=disable";
    let count = || database.query("SELECT count(*) FROM t")[0].clone();

    proxy.cut_before("INSERT");
    psql(&url, "INSERT INTO t VALUES (1)").unwrap_err();
    assert!(proxy.is_cut());
    assert_eq!(count(), "0");

    proxy.cut_after("INSERT");
    psql(&url, "INSERT INTO t VALUES (1)").unwrap_err();
    eventually("the statement arrives, its answer doesn't", || count() == "1");

    let before = proxy.sent_bytes();
    proxy.cut_after_bytes(20);
    psql(&url, "INSERT INTO t VALUES (1)").unwrap_err();
    assert_eq!((count().as_str(), proxy.sent_bytes() - before), ("1", 20));

    proxy.refuse(true);
    let refused = psql(&url, "SELECT 1").unwrap_err();
    assert!(refused.contains("refused"), "{refused}");
    proxy.refuse(false);
    assert_eq!(psql(&url, "SELECT 1").as_deref(), Ok("1"));
}

#[test]
fn a_pooler_answers_and_strands_a_lock_by_transaction_only() {
    let Some(server) = postgres() else { return };
    for (mode, stranded) in [("session", "0"), ("transaction", "1")] {
        let Some(pooler) = pgbouncer(server, mode) else { return };
        let database = server.database();
        let url = pooler.url(&database);
        assert_eq!(psql(&url, "SELECT current_user").as_deref(), Ok(servers::USER));
        psql(&url, "SELECT pg_advisory_lock(42)").unwrap();
        let count = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = \
                     (SELECT oid FROM pg_database WHERE datname = current_database())";
        eventually(mode, || database.query(count) == [stranded]);
    }
}

#[test]
fn a_cluster_has_one_content_and_as_many_locks_as_nodes() {
    #[expect(clippy::disallowed_methods, reason = "the switch of the tests, not of the program")]
    let is_long = std::env::var("LIMBECK_FAULTS").is_ok_and(|value| value == "long");
    if !is_long {
        let why = "SKIPPED: a cluster, without LIMBECK_FAULTS=long";
        drop(writeln!(std::io::stderr(), "{why}"));
        return;
    }
    let Some(mut cluster) = galera(3) else { return };
    cluster.execute(0, "CREATE TABLE t (a int PRIMARY KEY)");
    cluster.execute(1, "INSERT INTO t VALUES (1)");
    eventually("the row arrives", || cluster.query(2, "SELECT a FROM t") == ["1"]);
    let holds = "SELECT IS_USED_LOCK('a') IS NOT NULL";
    std::thread::scope(|scope| {
        scope.spawn(|| cluster.query(0, "SELECT GET_LOCK('a', 0), SLEEP(2)"));
        eventually("the first node locks", || cluster.query(0, holds) == ["1"]);
        assert_eq!(cluster.query(1, "SELECT GET_LOCK('a', 0)"), ["1"]);
    });
    cluster.kill9(0);
    eventually("two are a majority", || {
        cluster.query(1, "SHOW STATUS LIKE 'wsrep_cluster_size'") == ["wsrep_cluster_size|2"]
    });
    cluster.execute(1, "INSERT INTO t VALUES (2)");
    cluster.restart(0);
    eventually("it caught up", || cluster.query(0, "SELECT count(*) FROM t") == ["2"]);
}

/// Runs one test of this binary again, with other variables; returns what it said on stderr.
fn again(test: &str, variables: &[(&str, &str)]) -> String {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(out.status.success(), "{out:?}");
    String::from_utf8(out.stderr).unwrap()
}

#[test]
fn what_is_left_out_is_told() {
    let names = ["LIMBECK_TEST_SKIP_POSTGRES", "LIMBECK_TEST_SKIP_MYSQL"];
    let said = again("a_database_goes_with_its_value", &names.map(|it| (it, "1")));
    assert_eq!(said, names.map(|it| format!("SKIPPED: {it}=1 is set\n")).concat());
    let name = "LIMBECK_TEST_SKIP_OCEANBASE";
    let said = again("oceanbase_answers_and_keeps_databases_apart", &[(name, "1")]);
    assert_eq!(said, format!("SKIPPED: {name}=1 is set\n"));
}

#[test]
fn a_server_that_is_there_can_be_used_instead() {
    let (Some(one), Some(other)) = (Postgres::start(), Mariadb::start()) else { return };
    let urls = [("LIMBECK_TEST_POSTGRES_URL", one.url()), ("LIMBECK_TEST_MYSQL_URL", other.url())];
    let urls: Vec<(&str, &str)> = urls.iter().map(|(name, url)| (*name, url.as_str())).collect();
    assert_eq!(again("a_database_goes_with_its_value", &urls), "");
    // It is that server: without the right password there is none.
    let wrong = one.url().replace("app:", "app:x");
    let refused = std::panic::catch_unwind(|| {
        again("a_database_goes_with_its_value", &[("LIMBECK_TEST_POSTGRES_URL", &wrong)])
    });
    assert!(refused.is_err());
}

/// Names the variable by which this binary is run again, to be killed.
const VICTIM: &str = "LIMBECK_SERVERS_VICTIM";

#[test]
#[expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a process for the test below")]
fn a_victim_holds_servers_until_it_is_killed() {
    if std::env::var(VICTIM).is_err() {
        return;
    }
    for (pid, folder) in [
        postgres().map(|it| (it.pid().unwrap(), it.ca().unwrap().parent().unwrap().to_owned())),
        mariadb().map(|it| (it.pid().unwrap(), it.ca().unwrap().parent().unwrap().to_owned())),
        oceanbase().map(|it| (it.pid().unwrap(), it.folder().to_owned())),
    ]
    .into_iter()
    .flatten()
    {
        println!("\nvictim {pid} {}", folder.display());
    }
    println!("\nvictim ready");
    sleep(Duration::from_mins(10));
}

#[test]
fn nothing_is_left_of_servers_when_their_process_is_killed() {
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_victim_holds_servers_until_it_is_killed", "--nocapture"])
        .env(VICTIM, "1")
        .env_remove("LIMBECK_TEST_POSTGRES_URL")
        .env_remove("LIMBECK_TEST_MYSQL_URL")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
    let told =
        lines.map_while(Result::ok).filter_map(|it| it.strip_prefix("victim ").map(str::to_owned));
    let told: Vec<String> = told.take_while(|it| it != "ready").collect();
    victim.kill().unwrap();
    victim.wait().unwrap();
    for line in told {
        let (pid, folder) = line.split_once(' ').unwrap();
        eventually(&line, || {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            (stat.is_empty() || stat.contains(") Z ")) && !Path::new(folder).exists()
        });
    }
}
