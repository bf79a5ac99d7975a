//! The project's own database is only read by commands that compare or draw: a role that may do
//! nothing else can run them, and the server's log has no other statement.

use servers::Postgres;

use crate::on_servers::{Kind, Remote};

const ROLE: &str = "reader";
const PASSWORD: &str = "reads";

/// Beginnings of statements that read, or are about the session.
const READS: &[&str] = &[
    "SELECT ",
    "WITH ",
    "SHOW ",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT ",
    "RELEASE ",
    "SET ",
    "RESET ",
    "DISCARD ",
];

/// Beginnings of statements about scratch databases, which go by the same connection.
const SCRATCH: &[&str] = &[
    "CREATE DATABASE migrate_scratch_",
    "DROP DATABASE IF EXISTS migrate_scratch_",
    "ALTER ROLE SESSION_USER IN DATABASE migrate_scratch_",
];

/// Returns the statements that a database was sent, from a place in the server's log on.
fn statements(log: &str, database: &str) -> Vec<String> {
    let head = format!("{database}> LOG:  ");
    // A line of a statement that isn't its first begins with a tabulator.
    let entries = log.split("\n<").filter_map(|entry| entry.strip_prefix(&head));
    let texts = entries.filter_map(|entry| {
        let is_one = entry.starts_with("statement: ") || entry.starts_with("execute ");
        entry.split_once(": ").filter(|_| is_one).map(|(_, text)| text.trim().to_owned())
    });
    texts.collect()
}

#[test]
fn what_compares_only_reads_the_database() {
    let settings = ["log_statement=all", "log_line_prefix=<%d> ", "log_min_messages=log"];
    let Some(server) = Postgres::start_with(&settings) else { return };
    let remote = Remote::of(Kind::Postgres, server.database());
    let up = include_str!("../../schemas/postgres/shop.sql");
    remote.revision("a1<", up, "SELECT 1;");
    remote.write("schema.sql", format!("{up}\nCREATE TABLE added (a int PRIMARY KEY);\n"));
    remote.done("upgrade");
    let (name, database) = (remote.database.name(), &remote.database);
    database.execute("INSERT INTO category (name) VALUES ('books')");
    database.execute_as_admin(&format!(
        "CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{PASSWORD}'; \
         GRANT USAGE ON SCHEMA public TO {ROLE}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {ROLE}"
    ));
    let refused = format!("SET ROLE {ROLE}; CREATE TABLE t (a int)");
    assert!(database.try_query_as_admin(&refused).is_err(), "the role may write");
    let dump = || {
        let text = database.pg_dump(&[]);
        // A token of each run.
        text.lines().filter(|it| !it.contains("restrict ")).collect::<Vec<_>>().join("\n")
    };
    let (before, logged) = (dump(), server.log().len());
    remote.configure(&database.url_as(ROLE, PASSWORD), "");
    for (arguments, code) in [
        ("diff", 0),
        ("check", 3),
        ("dump", 0),
        ("dump --versions", 0),
        ("diagram", 0),
        ("diagram --schema", 0),
        ("revision --autogenerate -m more", 0),
    ] {
        let run = remote.run(arguments);
        assert_eq!(run.code, code, "{arguments}: {}", run.text());
    }
    let log = server.log();
    let said = statements(&log[logged..], name);
    assert!(said.len() > 100, "{said:?}");
    let is_harmless = |it: &String| READS.iter().chain(SCRATCH).any(|start| it.starts_with(start));
    let others: Vec<_> = said.iter().filter(|it| !is_harmless(it)).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert!(said.iter().any(|it| it.contains("READ ONLY")), "{said:?}");
    assert_eq!(dump(), before);
}
