//! `OceanBase`, which speaks MySQL's protocol and keeps none of its locks.

use crate::on_servers::{Remote, holds, on_oceanbase};

/// Lists what is there beside our tables; the catalog has no events.
fn tables(remote: &Remote) -> Vec<String> {
    let query = "SELECT table_name FROM information_schema.tables WHERE table_schema = database() \
                 AND table_name NOT LIKE 'migrate_version%'";
    remote.database.query(query)
}

#[test]
fn the_sample_project_goes_up_and_down_on_oceanbase() {
    let Some(remote) = on_oceanbase() else { return };
    remote.remove("migrate.toml");
    remote.done(&format!("init -t jwt-auth --url {}", remote.database.url()));
    remote.configure(&remote.database.url(), "");
    remote.done("upgrade");
    let insert = "INSERT INTO users (email, password_hash) VALUES ('{}', \
                  '$argon2id$v=19$m=1,t=1,p=1$aa$bb')";
    remote.database.execute(&insert.replace("{}", "Ann@example.org"));
    let twice = remote.database.try_query(&insert.replace("{}", "ann@EXAMPLE.org"));
    assert!(twice.is_err_and(|error| error.contains("users_email_key")));
    remote.done("check");
    remote.done("downgrade base");
    assert_eq!((tables(&remote), remote.applied()), (Vec::new(), String::new()));
}

#[test]
fn oceanbase_is_named_and_has_a_row_as_its_lock() {
    let Some(remote) = on_oceanbase() else { return };
    remote.revision("a1", "CREATE TABLE t (a INT);", "DROP TABLE t;");
    remote.done("upgrade");
    holds(&remote.migrate("current -v"), &["Database: OceanBase ", "Lock: nobody holds it"]);
    let left = "SELECT owner IS NULL FROM migrate_version_lock";
    assert_eq!(remote.database.query(left), ["1"]);

    let taken = "UPDATE migrate_version_lock SET owner = 'process 7 on elsewhere', acquired_at = \
                 UTC_TIMESTAMP(6), expires_at = UTC_TIMESTAMP(6) + INTERVAL 30 SECOND";
    remote.database.execute(taken);
    holds(&remote.run("lock status").stdout, &["Held by process 7 on elsewhere"]);
    holds(&remote.migrate("current -v"), &["Lock: held by process 7 on elsewhere"]);
    let error = remote.error("--lock-timeout 0s downgrade base");
    assert_eq!(error["kind"], "locked");
    holds(&error["message"].to_string(), &["process 7 on elsewhere"]);
    remote.done("lock release --yes");
    remote.done("downgrade base");
}

#[test]
fn a_lock_that_outlives_its_session_is_refused_on_oceanbase() {
    let Some(remote) = on_oceanbase() else { return };
    remote.revision("a1", "CREATE TABLE t (a INT);", "");
    remote.configure(&remote.database.url(), "lock = 'session'");
    let error = remote.error("upgrade");
    assert_eq!(error["kind"], "config");
    holds(&error["message"].to_string(), &["OceanBase"]);
    assert_eq!(tables(&remote), Vec::<String>::new());
}

#[test]
fn a_statement_timeout_is_the_limit_of_oceanbase() {
    let Some(remote) = on_oceanbase() else { return };
    let table = "CREATE TABLE t (a BIGINT);\n";
    let asks = "INSERT INTO t SELECT @@ob_query_timeout;";
    remote.revision("a1", &format!("{table}{asks}"), "");
    remote.revision("b1<a1", asks, "");
    remote.revision("c1<b1", "INSERT INTO t SELECT SLEEP(5);", "");
    remote.replace(
        "versions/b1.up.sql",
        "-- Revises: a1\n",
        "-- Revises: a1\n-- Statement Timeout: 20min\n",
    );
    remote.replace(
        "versions/c1.up.sql",
        "-- Revises: b1\n",
        "-- Revises: b1\n-- Statement Timeout: 1s\n",
    );
    let error = remote.error("upgrade");
    assert_eq!(
        (error["kind"].as_str(), error["file"].as_str()),
        (Some("sql"), Some("versions/c1.up.sql"))
    );
    holds(&error["code"].to_string(), &["4012"]);
    holds(&error["hint"].to_string(), &["ends what takes longer", "-- Statement Timeout: "]);
    assert_eq!(remote.database.query("SELECT a FROM t ORDER BY a"), ["10000000", "1200000000"]);
}

#[test]
fn schemas_of_oceanbase_are_refused_by_name() {
    let Some(remote) = on_oceanbase() else { return };
    remote.revision("a1", "CREATE TABLE t (a INT);", "DROP TABLE t;");
    remote.write("schema.sql", "CREATE TABLE t (a INT, b INT);");
    remote.done("upgrade");
    for command in ["revision --autogenerate -m x", "diff", "dump", "diagram --schema"] {
        let error = remote.error(command);
        assert_eq!(error["kind"], "unsupported", "{command}: {error}");
        holds(&error["message"].to_string(), &["schemas of OceanBase can't be read yet"]);
    }
    // What doesn't need them is compared.
    remote.done("check");
}
