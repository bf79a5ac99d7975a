//! Scratch databases on MariaDB: gone after every end, swept up after a kill, made by a right on a
//! pattern of names alone, and the project's own database is only read.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use servers::Mariadb;

use crate::on_servers::{Kind, Remote, holds, on_mariadb};

/// How many times a run is killed.
const KILLS: u32 = 20;

/// The password of the users that these tests make.
const PASSWORD: &str = "scratch";

const PATTERN: &str = "`migrate\\_scratch\\_%`.*";

/// A project on MariaDB whose URL is that of a user of its own.
struct Maker {
    remote: Remote,
    user: String,
}

impl Maker {
    /// Makes a user that may read its database, and has further rights.
    fn with(remote: Remote, grants: &[&str]) -> Self {
        let user = format!("{}_maker", remote.database.name());
        let name = remote.database.name().to_owned();
        let admin = |sql: &str| remote.database.execute_as_admin(sql);
        admin(&format!("CREATE USER {user}@'%' IDENTIFIED BY '{PASSWORD}'"));
        admin(&format!(
            "GRANT SELECT, SHOW VIEW, TRIGGER, EXECUTE, EVENT ON {name}.* TO {user}@'%'"
        ));
        for grant in grants {
            admin(&format!("GRANT {grant} TO {user}@'%'"));
        }
        remote.configure(&remote.database.url_as(&user, PASSWORD), "");
        Self { remote, user }
    }

    fn usual() -> Option<Self> {
        Some(Self::with(on_mariadb()?, &[&format!("ALL ON {PATTERN}")]))
    }

    fn spawn(&self, arguments: &str) -> Child {
        let mut command = self.remote.command(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    fn admin(&self, sql: &str) -> Vec<String> {
        self.remote.database.try_query_as_admin(sql).unwrap()
    }

    /// Returns the scratch databases in which sessions of the user are.
    fn used(&self) -> Vec<String> {
        self.admin(&format!(
            "SELECT DISTINCT db FROM information_schema.processlist WHERE user = '{}' AND db LIKE \
             'migrate\\_scratch\\_%' AND info LIKE '%sleep(60)%'",
            self.user
        ))
    }

    fn is_there(&self, database: &str) -> bool {
        let query = "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ";
        self.admin(&format!("{query}'{database}'")) == ["1"]
    }

    /// Starts to load a schema that takes a minute, and waits until it is at it.
    fn load_for_long(&self) -> (Child, String) {
        self.remote.write("schema.sql", "CREATE TABLE t (a int);\nDO sleep(60);\n");
        let before = self.used();
        let child = self.spawn("diagram --schema");
        let mut found = Vec::new();
        wait_for(|| {
            found = self.used();
            found.retain(|it| !before.contains(it));
            !found.is_empty()
        });
        (child, found.remove(0))
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        let drop = format!("DROP USER {}@'%'", self.user);
        let result = self.remote.database.try_query_as_admin(&drop);
        assert!(result.is_ok() || thread::panicking(), "{result:?}");
    }
}

#[track_caller]
fn wait_for(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "it never comes to be");
        thread::sleep(Duration::from_millis(10));
    }
}

fn signal(child: &Child, name: &str) {
    let pid = child.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Returns the scratch databases of a server.
fn scratch(remote: &Remote) -> Vec<String> {
    let query = "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE \
                 'migrate\\_scratch\\_%' ORDER BY 1";
    remote.database.try_query_as_admin(query).unwrap()
}

#[test]
fn nothing_of_mysql_is_left_after_an_error_and_after_a_signal() {
    let Some(maker) = Maker::usual() else { return };
    maker
        .remote
        .write("schema.sql", "CREATE TABLE t (a int);\nCREATE VIEW v AS\n  SELECT b FROM t;");
    let run = maker.remote.run("diagram --schema");
    assert_eq!(run.code, 1);
    holds(&run.stderr, &["Unknown column 'b'", "schema.sql:2:1"]);
    for (name, code) in [("-INT", 2), ("-TERM", 15)] {
        let (child, scratch) = maker.load_for_long();
        assert!(maker.is_there(&scratch));
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        let status = std::os::unix::process::ExitStatusExt::signal(&output.status);
        assert_eq!(status, Some(code), "{output:?}");
        assert!(!maker.is_there(&scratch), "{name}");
    }
}

#[test]
fn what_a_killed_run_of_mysql_leaves_is_swept_up_and_nothing_else() {
    let Some(server) = Mariadb::start() else { return };
    let remote = Remote::of(Kind::Mariadb, server.database());
    let maker = Maker::with(remote, &[&format!("ALL ON {PATTERN}")]);
    let (living, scratch_of_living) = maker.load_for_long();
    let (killed, left) = maker.load_for_long();
    signal(&killed, "-KILL");
    killed.wait_with_output().unwrap();
    let foreign = "migrate_scratch_mine";
    maker.admin(&format!("CREATE DATABASE {foreign}"));
    // The server ends the statement of the killed one after a while, and its lock with it.
    let kill = "SELECT concat('KILL ', id) FROM information_schema.processlist WHERE db = ";
    for it in maker.admin(&format!("{kill}'{left}'")) {
        maker.admin(&it);
    }
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    wait_for(|| {
        maker.remote.done("diagram --schema");
        !maker.is_there(&left)
    });
    let mut expected = vec![foreign.to_owned(), scratch_of_living];
    expected.sort();
    let mut found = scratch(&maker.remote);
    found.sort();
    assert_eq!(found, expected);
    signal(&living, "-TERM");
    living.wait_with_output().unwrap();
    maker.admin(&format!("DROP DATABASE {foreign}"));
}

#[test]
fn a_kill_of_mysql_at_any_moment_leaves_nothing_behind_the_next_run() {
    let Some(server) = Mariadb::start() else { return };
    let remote = Remote::of(Kind::Mariadb, server.database());
    let maker = Maker::with(remote, &[&format!("ALL ON {PATTERN}")]);
    maker.remote.write("schema.sql", "CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL);");
    let start = Instant::now();
    maker.remote.done("diff");
    let whole = start.elapsed();
    for at in 0..KILLS {
        let mut child = maker.spawn("diff");
        thread::sleep(whole * at / KILLS);
        // One that has ended by itself can't be killed any more.
        let _result = child.kill();
        child.wait().unwrap();
        // The server may take a moment to see that the client is gone.
        wait_for(|| {
            maker.remote.done("diff");
            scratch(&maker.remote).is_empty()
        });
    }
}

#[test]
fn a_user_of_mysql_without_the_right_is_told_both_ways_out() {
    let Some(remote) = on_mariadb() else { return };
    let maker = Maker::with(remote, &[]);
    maker.remote.write("schema.sql", "CREATE TABLE t (a int);");
    let run = maker.remote.run("diagram --schema");
    assert_eq!(run.code, 1);
    let user = &maker.user;
    holds(
        &run.stderr,
        &[
            &format!("role `{user}@%` may not create databases"),
            &format!("GRANT ALL ON `migrate\\_scratch\\_%`.* TO '{user}'@'%'"),
            "`scratch = \"URL\"`",
            "docker run",
        ],
    );
}

#[test]
fn what_compares_only_reads_the_database_of_mysql() {
    let Some(maker) = Maker::usual() else { return };
    let remote = &maker.remote;
    let up = "CREATE TABLE p (id int AUTO_INCREMENT PRIMARY KEY, n varchar(20));\n\
              CREATE VIEW v AS SELECT n FROM p;\n\
              CREATE TRIGGER g BEFORE INSERT ON p FOR EACH ROW SET NEW.n = 'x';\n";
    let own = remote.database.url();
    remote.configure(&own, "");
    remote.revision("a1<", up, "SELECT 1;");
    remote.write("schema.sql", format!("{up}\nCREATE TABLE added (a int PRIMARY KEY);\n"));
    remote.done("upgrade");
    remote.database.execute("INSERT INTO p (n) VALUES ('books')");
    remote.configure(&remote.database.url_as(&maker.user, PASSWORD), "");
    let dump =
        || remote.database.dump_with("mariadb-dump", &["--skip-comments", "--skip-dump-date"]);
    let before = dump();
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
    assert_eq!(dump(), before);
}
