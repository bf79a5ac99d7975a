//! Connections to servers that a program lends.

use limbeck::database::Lend;
use limbeck::url::{DatabaseUrl, Host};
use limbeck::{ErrorKind, Migrator, Versions};
use mysql::prelude::Queryable as _;

use crate::{steps, versions};

fn postgres() -> Option<(servers::Database, postgres::Client)> {
    let database = servers::postgres()?.database();
    let parts = Parts::of(&database);
    let client = postgres::Config::new()
        .host(&parts.host)
        .port(parts.port)
        .user(&parts.user)
        .password(&parts.password)
        .dbname(database.name())
        .connect(postgres::NoTls);
    Some((database, client.unwrap()))
}

fn mariadb() -> Option<(servers::Database, mysql::Conn)> {
    let database = servers::mariadb()?.database();
    let parts = Parts::of(&database);
    let options = mysql::OptsBuilder::new()
        .ip_or_hostname(Some(parts.host))
        .tcp_port(parts.port)
        .user(Some(parts.user))
        .pass(Some(parts.password))
        .db_name(Some(database.name()))
        .prefer_socket(false);
    Some((database, mysql::Conn::new(options).unwrap()))
}

/// What other clients take one by one: they have spellings of their own for URLs.
struct Parts {
    host: String,
    port: u16,
    user: String,
    password: String,
}

impl Parts {
    fn of(database: &servers::Database) -> Self {
        let DatabaseUrl::Server(url) = DatabaseUrl::parse(&database.url()).unwrap() else {
            panic!("it is a server");
        };
        let Some(Host::Name(host)) = url.host.clone() else {
            panic!("it is reached by TCP");
        };
        let password = url.password.as_ref().map(|it| it.expose().to_owned()).unwrap_or_default();
        let user = url.user.clone().unwrap_or_default();
        Self { host, port: url.port_or_default(), user, password }
    }
}

fn goes_up_and_down(connection: &mut impl Lend) {
    let migrator = Migrator::embedded(&versions()).unwrap();
    let mut session = migrator.on(connection).unwrap();
    assert_eq!(steps(&session.upgrade("head").unwrap()), ["aa11", "bb22"]);
    assert_eq!(steps(&session.upgrade("head").unwrap()), [""; 0]);
    assert!(session.check().unwrap().is_clean());
    assert_eq!(steps(&session.downgrade("-1").unwrap()), ["bb22"]);
    assert_eq!(session.current().unwrap().pending, 1);
}

/// A revision fails in its third statement, in the middle of a line.
fn fails_with_its_place(connection: &mut impl Lend) {
    let broken = "-- broken\n-- Revision ID: cc33\n-- Revises: aa11\n\n\
                  INSERT INTO t VALUES (3);\nINSERT INTO t VALUES (4); INSERT INTO nowhere VALUES (1);\n";
    let aa11 = "-- create t\n--\n-- Revision ID: aa11\n-- Revises:\n\nCREATE TABLE t (id integer PRIMARY KEY);\n\
                INSERT INTO t VALUES (1);\n";
    let versions = Versions::of([("1_a.up.sql", aa11), ("3_c.up.sql", broken)]);
    let migrator = Migrator::embedded(&versions).unwrap();
    let error = migrator.on(connection).unwrap().upgrade("head").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sql);
    let place = error.place().unwrap();
    assert_eq!((place.file.to_str().unwrap(), place.line), ("3_c.up.sql", 6), "{error}");
    assert!(place.column >= 27, "{}", place.column);
    assert_eq!(error.done().len(), 0, "what was done before was done by another run");
}

#[test]
fn a_client_of_postgres_is_lent() {
    let Some((database, mut client)) = postgres() else { return };
    goes_up_and_down(&mut client);
    fails_with_its_place(&mut client);
    assert_eq!(database.query("SELECT count(*) FROM t"), ["1"]);
    let rows = client.query("SELECT count(*) FROM t", &[]).unwrap();
    assert_eq!(rows[0].get::<_, i64>(0), 1, "it is usable, and in no transaction");
}

#[test]
fn a_connection_of_mysql_is_lent_and_given_back_as_it_was() {
    let Some((database, mut conn)) = mariadb() else { return };
    conn.query_drop("SET SESSION sql_mode = 'ANSI_QUOTES', SESSION autocommit = 0").unwrap();
    goes_up_and_down(&mut conn);
    fails_with_its_place(&mut conn);
    assert_eq!(database.query("SELECT count(*) FROM t"), ["1"]);
    let session: Vec<(String, u8)> =
        conn.query("SELECT @@SESSION.sql_mode, @@SESSION.autocommit").unwrap();
    assert_eq!(session, [("ANSI_QUOTES".to_owned(), 0)]);
}

#[test]
fn a_client_in_a_transaction_is_refused() {
    let migrator = Migrator::embedded(&versions()).unwrap();
    let expected = "the connection is in a transaction";
    if let Some((_database, mut client)) = postgres() {
        client.batch_execute("BEGIN").unwrap();
        client.batch_execute("CREATE TABLE mine (a int)").unwrap();
        let error = migrator.on(&mut client).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        client.batch_execute("COMMIT").unwrap();
        client.batch_execute("SELECT * FROM mine").unwrap();
    }
    if let Some((_database, mut conn)) = mariadb() {
        conn.query_drop("CREATE TABLE mine (a int)").unwrap();
        conn.query_drop("START TRANSACTION").unwrap();
        conn.query_drop("INSERT INTO mine VALUES (1)").unwrap();
        let error = migrator.on(&mut conn).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        conn.query_drop("ROLLBACK").unwrap();
        let count: Option<u8> = conn.query_first("SELECT count(*) FROM mine").unwrap();
        assert_eq!(count, Some(0), "what it had begun is still its own to undo");
    }
}
