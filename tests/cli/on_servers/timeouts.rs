//! How long statements may wait and run: what switches a limit off.

use crate::on_servers::{Kind, Remote, each};

/// A script that keeps what its session was told, in its table.
fn telling(kind: Kind, table: &str) -> String {
    match kind {
        Kind::Postgres => format!(
            "CREATE TABLE {table} AS SELECT current_setting('statement_timeout') AS a, \
             current_setting('lock_timeout') AS b;"
        ),
        Kind::Mariadb => format!(
            "CREATE TABLE {table} AS SELECT @@max_statement_time + 0 AS a, @@lock_wait_timeout AS b, \
             @@innodb_lock_wait_timeout AS c;"
        ),
    }
}

/// Gives whoever connects limits of his own, and returns what a script is told then.
fn limit(remote: &Remote) -> &'static str {
    let name = remote.database.name();
    match remote.kind {
        Kind::Postgres => {
            remote.database.execute_as_admin(&format!(
                "ALTER DATABASE {name} SET statement_timeout = '90s'; \
                 ALTER DATABASE {name} SET lock_timeout = '80s'"
            ));
            "90s|80s"
        }
        Kind::Mariadb => {
            remote.database.execute_as_admin(&format!(
                "CREATE USER {name} IDENTIFIED BY 'x' WITH MAX_STATEMENT_TIME 90; \
                 GRANT ALL ON {name}.* TO {name}"
            ));
            "90|86400|50"
        }
    }
}

fn url(remote: &Remote) -> String {
    match remote.kind {
        Kind::Postgres => remote.database.url(),
        Kind::Mariadb => remote.database.url_as(remote.database.name(), "x"),
    }
}

fn off(kind: Kind) -> &'static str {
    if kind == Kind::Postgres { "0|0" } else { "0|31536000|31536000" }
}

#[track_caller]
fn told(remote: &Remote, table: &str, expected: &str) {
    let columns = if remote.kind == Kind::Postgres { "a, b" } else { "round(a), b, c" };
    let query = format!("SELECT {columns} FROM {table}");
    assert_eq!(remote.database.query(&query), [expected], "{table}");
}

#[test]
fn zero_in_a_header_switches_the_limits_of_the_server_off() {
    each(|remote| {
        let limits = limit(remote);
        remote.configure(&url(remote), "");
        let zero = "Statement Timeout: 0 | Lock Timeout: 0s";
        remote.revision("a1", &telling(remote.kind, "a"), "DROP TABLE a;");
        remote.revision(&format!("b1<a1 | {zero}"), &telling(remote.kind, "b"), "DROP TABLE b;");
        let bare = format!("c1<b1 | {zero} | Transaction: none");
        remote.revision(&bare, &telling(remote.kind, "c"), "DROP TABLE c;");
        remote.revision("d1<c1", &telling(remote.kind, "d"), "DROP TABLE d;");
        remote.done("upgrade");
        for (table, expected) in [("a", limits), ("b", off(remote.kind)), ("c", off(remote.kind))] {
            told(remote, table, expected);
        }
        // What one script was told is nothing to the next.
        told(remote, "d", limits);
        forget(remote);
    });
}

#[test]
fn zero_in_the_configuration_switches_the_limits_of_the_server_off() {
    each(|remote| {
        limit(remote);
        let section = if remote.kind == Kind::Postgres { "pg" } else { "mysql" };
        let keys = format!("statement_timeout = 0\n{section}.lock_timeout = '0s'");
        remote.configure(&url(remote), &keys);
        remote.revision("a1", &telling(remote.kind, "a"), "DROP TABLE a;");
        let bare = "b1<a1 | Transaction: none";
        remote.revision(bare, &telling(remote.kind, "b"), "DROP TABLE b;");
        remote.done("upgrade");
        for table in ["a", "b"] {
            told(remote, table, off(remote.kind));
        }
        forget(remote);
    });
}

fn forget(remote: &Remote) {
    if remote.kind == Kind::Mariadb {
        remote.database.execute_as_admin(&format!("DROP USER {}", remote.database.name()));
    }
}
