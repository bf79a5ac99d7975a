//! A database of a test's own, and foreign eyes to look at it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::system::{need, text};
use crate::url::Url;

/// The ways to a server.
#[derive(Clone)]
pub(crate) struct Ways {
    /// As the tests' user, by TCP.
    pub(crate) tcp: Url,
    /// As the tests' user, by the socket if there is one.
    pub(crate) near: Url,
    /// As one who may make databases.
    pub(crate) admin: Url,
    /// The database that is always there.
    pub(crate) home: &'static str,
}

impl Ways {
    /// Returns the ways to a server that was given by its URL.
    pub(crate) fn given(url: Url, home: &'static str) -> Self {
        Self { tcp: url.clone(), near: url.clone(), admin: url, home }
    }
}

/// A database that is dropped with this value.
pub struct Database {
    name: String,
    ways: Ways,
}

impl Database {
    pub(crate) fn new(ways: &Ways) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        static PROCESS: OnceLock<u64> = OnceLock::new();
        let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{:08x}_{number}", process & 0xffff_ffff);
        let create = if ways.tcp.is_postgres() {
            format!("CREATE DATABASE {name} OWNER \"{}\" TEMPLATE template0", ways.tcp.user)
        } else {
            format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")
        };
        client(&ways.admin, ways.home, &create).unwrap_or_else(|error| panic!("{error}"));
        Self { name, ways: ways.clone() }
    }

    /// Returns the name, which needs no quotes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the URL by TCP, with a password.
    pub fn url(&self) -> String {
        self.url_with("")
    }

    /// Returns the URL by TCP with parameters, such as `sslmode=require&connect_timeout=1`.
    pub fn url_with(&self, parameters: &str) -> String {
        self.ways.tcp.of(&self.name, parameters)
    }

    /// Returns the URL by TCP through what listens at another address.
    pub fn url_at(&self, address: SocketAddr) -> String {
        self.ways.tcp.at(address).of(&self.name, "")
    }

    /// Returns the URL by TCP with another name for the host, e.g. `localhost`.
    pub fn url_on(&self, host: &str, parameters: &str) -> String {
        Url { host: host.to_owned(), ..self.ways.tcp.clone() }.of(&self.name, parameters)
    }

    /// Returns the URL by TCP as another user.
    pub fn url_as(&self, user: &str, password: &str) -> String {
        let (user, password) = (user.to_owned(), Some(password.to_owned()));
        Url { user, password, ..self.ways.tcp.clone() }.of(&self.name, "")
    }

    /// Returns the URL by the unix socket; of a server that was given by its URL, that one.
    pub fn socket_url(&self) -> String {
        self.ways.near.of(&self.name, "")
    }

    /// Returns the URL as the superuser, by the unix socket; of a server that was given by its
    /// URL, that one.
    pub fn admin_url(&self) -> String {
        self.ways.admin.of(&self.name, "")
    }

    /// Returns the rows of queries, the values joined by `|`, null as `NULL`. From `MariaDB` a
    /// line end, tabulator or backslash of a value comes as `\n`, `\t`, `\\`; from `PostgreSQL` as
    /// it is.
    #[track_caller]
    pub fn query(&self, sql: &str) -> Vec<String> {
        self.try_query(sql).unwrap_or_else(|error| panic!("{sql}\n{error}"))
    }

    /// Returns the same, or what the client complains of.
    pub fn try_query(&self, sql: &str) -> Result<Vec<String>, String> {
        client(&self.ways.near, &self.name, sql)
    }

    /// Runs statements, each in a transaction of its own, up to the first that fails.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        self.query(sql);
    }

    /// Hands a text to the client as anybody would: in its defaults, with a few options.
    #[track_caller]
    pub fn pipe(&self, sql: &str, options: &[&str]) {
        let mut command = if self.ways.near.is_postgres() {
            let mut psql = Command::new(need("psql", "postgresql"));
            psql.args(["-X", "-q"]).arg(self.ways.near.of(&self.name, ""));
            psql
        } else {
            mariadb_in_defaults(&self.ways.near, &self.name)
        };
        hand_over(command.args(options), sql).unwrap();
    }

    /// Empties the database.
    #[track_caller]
    pub fn clear(&self) {
        let name = &self.name;
        if self.ways.near.is_postgres() {
            self.execute("DROP OWNED BY CURRENT_USER CASCADE");
        } else {
            let text =
                format!("DROP DATABASE {name}; CREATE DATABASE {name} CHARACTER SET utf8mb4");
            client(&self.ways.admin, self.ways.home, &text)
                .unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// Runs statements as the superuser, in this database.
    #[track_caller]
    pub fn execute_as_admin(&self, sql: &str) {
        client(&self.ways.admin, &self.name, sql).unwrap_or_else(|error| panic!("{sql}\n{error}"));
    }
}

impl Database {
    /// Has everything done as the superuser, by the unix socket.
    #[must_use]
    pub fn of_admin(mut self) -> Self {
        self.ways.near = self.ways.admin.clone();
        self
    }

    /// Returns the rows of queries of the superuser in this database, or what the client complains of.
    pub fn try_query_as_admin(&self, sql: &str) -> Result<Vec<String>, String> {
        client(&self.ways.admin, &self.name, sql)
    }
}

impl Database {
    /// Returns what `pg_dump` writes of the database, but for limbeck's own tables.
    #[track_caller]
    pub fn pg_dump(&self, options: &[&str]) -> String {
        let mut command = Command::new(need("pg_dump", "postgresql"));
        command.args(options).args(["--exclude-table=migrate_version*", "-d"]);
        let output = command.arg(self.ways.near.of(&self.name, "")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Returns what `mariadb-dump` or `mysqldump` writes of the database, but for limbeck's own tables.
    #[track_caller]
    pub fn dump(&self, program: &str) -> String {
        self.dump_with(program, &[])
    }

    /// Returns the same with options of the program.
    #[track_caller]
    pub fn dump_with(&self, program: &str, options: &[&str]) -> String {
        let mut command = Command::new(need(program, "mariadb-server"));
        command.args(["--no-defaults", "-u", &self.ways.admin.user]).args(options);
        if let Some(password) = &self.ways.admin.password {
            command.env("MYSQL_PWD", password);
        }
        if let Some(socket) = &self.ways.admin.socket {
            command.args(["-S", &text(socket)]);
        } else {
            let port = self.ways.admin.port.to_string();
            command.args(["-h", &self.ways.admin.host, "-P", &port]);
        }
        for table in ["", "_schema", "_running", "_lock"] {
            command.arg(format!("--ignore-table={}.migrate_version{table}", self.name));
        }
        let output = command.arg(&self.name).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Database {
    /// Drops the database with its sessions, if the server still lives.
    fn drop(&mut self) {
        let force = if self.ways.tcp.is_postgres() { " WITH (FORCE)" } else { "" };
        let drop = format!("DROP DATABASE IF EXISTS {}{force}", self.name);
        let _ = client(&self.ways.admin, self.ways.home, &drop);
    }
}

/// Runs statements by the command-line client of the database, up to the first that fails.
pub(crate) fn client(url: &Url, database: &str, sql: &str) -> Result<Vec<String>, String> {
    let mut command = if url.is_postgres() { psql(url, database) } else { mariadb(url, database) };
    let out = hand_over(&mut command, sql)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !out.status.success() {
        return Err(text(&out.stderr).trim_end().to_owned());
    }
    let tab = if url.is_postgres() { "\t" } else { "|" };
    Ok(text(&out.stdout).lines().map(|line| line.replace('\t', tab)).collect())
}

/// Runs a client with a text as its input.
fn hand_over(command: &mut Command, sql: &str) -> Result<Output, String> {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    // A client that could not connect reads nothing; it says so itself.
    let mut input = child.stdin.take().unwrap();
    let text = sql.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).is_ok());
    let out = child.wait_with_output().map_err(|error| error.to_string());
    let _ = writer.join();
    out
}

/// Tells whether libpq connects by a URL.
pub fn psql_reaches(url: &str) -> bool {
    let mut psql = psql_at(url);
    psql.args(["-c", "SELECT 1"]).stdin(Stdio::null()).output().unwrap().status.success()
}

fn psql(url: &Url, database: &str) -> Command {
    psql_at(&url.of(database, ""))
}

fn psql_at(url: &str) -> Command {
    let mut res = Command::new(need("psql", "postgresql"));
    res.args(["-XAtq", "-F", "|", "-P", "null=NULL", "-v", "ON_ERROR_STOP=1"])
        .arg(url)
        .env("PGCLIENTENCODING", "UTF8")
        .env("PGCONNECT_TIMEOUT", "10");
    res
}

fn mariadb(url: &Url, database: &str) -> Command {
    let mut res = mariadb_in_defaults(url, database);
    res.args(["-N", "-B", "--default-character-set=utf8mb4", "--connect-timeout=10"]);
    res
}

fn mariadb_in_defaults(url: &Url, database: &str) -> Command {
    let mut res = Command::new(need("mariadb", "mariadb-server"));
    res.args(["--no-defaults", "-u", &url.user]);
    if let Some(password) = &url.password {
        res.env("MYSQL_PWD", password);
    }
    match &url.socket {
        Some(socket) => res.args(["-S", &text(socket)]),
        None => res.args(["-h", &url.host, "-P", &url.port.to_string()]),
    };
    res.arg(database);
    res
}
