//! PostgreSQL's protocol where it is rarely met: much said from both sides at once, the data of a COPY,
//! every kind of login, and nonsense.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use servers::{Postgres, postgres, proxy};

use crate::{Bench, fault, open, refusal};

/// A connection in each of the ways that bytes go.
fn each(work: impl Fn(&mut Bench)) {
    let Some(server) = postgres() else { return };
    for mode in ["disable", "require"] {
        let database = server.database();
        let connection = open(&database.url_with(&format!("sslmode={mode}"))).unwrap();
        work(&mut Bench { connection, database });
    }
}

#[test]
fn messages_are_answered_in_turn_however_much_is_on_the_way() {
    each(|connection| {
        let pipeline = connection.pipeline().unwrap();
        let filler = "x".repeat(300_000);
        for at in 0..64 {
            let last = if at == 63 { "nowhere" } else { "1" };
            let much = format!("SELECT repeat('y', 300000) /* {filler} */");
            pipeline.post(vec!["BEGIN".to_owned(), much, format!("SELECT {last}")]);
        }
        for _ in 0..63 {
            pipeline.receive().unwrap().unwrap();
        }
        let stopped = pipeline.receive().unwrap().unwrap_err();
        assert_eq!((stopped.at, fault(stopped.cause).offset), (2, Some(7)));
        assert!(pipeline.receive().is_none());
    });
}

#[test]
fn a_server_is_heard_while_it_is_sent_data() {
    each(|connection| {
        connection.execute("CREATE TABLE t (a text)").unwrap();
        let says = "CREATE FUNCTION says() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                    RAISE NOTICE '%', repeat('n', 1000); RETURN new; END $$";
        connection.execute(says).unwrap();
        let each = "CREATE TRIGGER says BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION says()";
        connection.execute(each).unwrap();
        let row = "x".repeat(400) + "\n";
        connection.execute(&format!("COPY t FROM STDIN;\n{}\\.", row.repeat(20_000))).unwrap();
        assert_eq!(connection.take_notices().len(), 20_000);
        let count = connection.query("SELECT count(*) FROM t").unwrap();
        assert_eq!(count, [[Some("20000".to_owned())]]);
    });
}

#[test]
fn data_that_are_refused_are_not_sent_to_their_end() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let gate = proxy(server.address(), Duration::ZERO);
    let mut connection = open(&database.url_at(gate.address())).unwrap();
    connection.execute("CREATE TABLE t (a int)").unwrap();
    let copy = format!("COPY t FROM STDIN;\n1\nx\n{}\\.", "2\n".repeat(32 << 20));
    let error = fault(connection.execute(&copy).unwrap_err());
    assert_eq!(error.offset, copy.find("x\n"));
    assert!(gate.sent_bytes() < 32 << 20, "{}", gate.sent_bytes());
    assert_eq!(connection.query("SELECT 1").unwrap(), [[Some("1".to_owned())]]);
}

/// Starts a server that asks each of its roles for another kind of login.
fn gatekeeper() -> Option<(Postgres, Bench)> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hba");
    let rules = [
        "local all all trust",
        "host all digest 127.0.0.1/32 md5",
        "host all clear 127.0.0.1/32 password",
        "host all nobody 127.0.0.1/32 trust",
        "host all all 127.0.0.1/32 scram-sha-256\n",
    ];
    std::fs::write(&file, rules.join("\n")).unwrap();
    let setting = format!("hba_file={}", file.display());
    let server = Postgres::start_with(&[&setting])?;
    let database = server.database();
    for (role, kind) in [("digest", "md5"), ("clear", "scram-sha-256"), ("nobody", "md5")] {
        database.execute_as_admin(&format!(
            "SET password_encryption = '{kind}'; CREATE ROLE {role} LOGIN PASSWORD 'pä ss'"
        ));
    }
    Some((server, Bench::on(database)))
}

#[test]
fn every_login_is_known_and_bound_to_the_channel_where_that_is_asked_for() {
    let Some((_server, bench)) = gatekeeper() else { return };
    let url = |role: &str, password: &str, parameters: &str| {
        let url = bench.database.url_as(role, password);
        let (url, _) = url.split_once('?').unwrap_or((&url, ""));
        format!("{url}?{parameters}")
    };
    for mode in ["disable", "require"] {
        for role in ["digest", "clear", "nobody"] {
            let with = |more: &str| format!("sslmode={mode}{more}");
            open(&url(role, "pä ss", &with(""))).unwrap();
            let bound = refusal(&url(role, "pä ss", &with("&channel_binding=require")));
            assert!(bound.contains("did not use channel binding"), "{role} {mode}: {bound}");
            if role != "nobody" {
                let wrong = refusal(&url(role, "wrong", &with("")));
                assert!(wrong.contains("28P01"), "{role} {mode}: {wrong}");
            }
        }
    }
    let own = |parameters: &str| url(servers::USER, servers::PASSWORD, parameters);
    for binding in ["disable", "prefer", "require"] {
        open(&own(&format!("sslmode=require&channel_binding={binding}"))).unwrap();
    }
    let bound = refusal(&own("sslmode=disable&channel_binding=require"));
    assert!(bound.contains("did not use channel binding"), "{bound}");
    let place = own("").split_once('@').unwrap().1.to_owned();
    let missing = refusal(&format!("postgres://digest@{place}"));
    assert!(missing.contains("the server wants a password"), "{missing}");
}

/// A login without a password, and an answer to a query, as a server sends them.
const LOGIN: &[u8] = b"R\0\0\0\x08\0\0\0\0S\0\0\0\x16server_version\x0015\0\
                       K\0\0\0\x0c\0\0\0\x07\0\0\0\x09Z\0\0\0\x05I";
const ANSWER: &[u8] =
    b"N\0\0\0\x14SNOTICE\0C00000\0\0T\0\0\0\x1b\0\x01id\0\0\0\0\0\0\0\0\0\0\x17\0\x04\
                        \xff\xff\xff\xff\0\0D\0\0\0\x0b\0\x01\0\0\0\x017C\0\0\0\x0dSELECT 1\0\
                        Z\0\0\0\x05I";

/// Says the same to everybody, and hangs up when they do.
fn parrot(said: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // Who has heard enough may be gone.
        let _result = stream.write_all(&said);
        let _result = stream.shutdown(std::net::Shutdown::Write);
        let _result = stream.read_to_end(&mut Vec::new());
    });
    address
}

#[test]
fn whatever_a_server_says_is_an_answer_or_an_error() {
    let said = [LOGIN, ANSWER].concat();
    let try_out = |said: Vec<u8>| {
        let url = format!("postgres://u@{}/d?sslmode=disable&connect_timeout=5", parrot(said));
        open(&url).and_then(|mut connection| connection.answers("SELECT 1"))
    };
    let answers = try_out(said.clone()).unwrap();
    assert_eq!(answers[0].columns[0].type_name, "int4");
    assert_eq!(answers[0].rows.len(), 1);
    for at in 0..said.len() {
        drop(try_out(said[..at].to_vec()).unwrap_err());
        for byte in [0, b'E', 0x7f, 0xff] {
            let mut spoiled = said.clone();
            spoiled[at] = byte;
            // Some can be read all the same.
            drop(try_out(spoiled));
        }
    }
}
