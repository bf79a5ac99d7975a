//! The program, running on a database of its own, and a client that hides nothing.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use rusqlite::types::ValueRef;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The key that signs.
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A password that is good enough.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// How long to wait for what should come at once.
const PATIENCE: Duration = Duration::from_mins(2);

/// Where the rows are.
pub(crate) enum Data {
    Sqlite(PathBuf),
    Postgres(Box<servers::Database>),
}

/// The program, listening. It ends with this value.
pub(crate) struct Service {
    folder: TempDir,
    data: Data,
    child: Child,
    pub(crate) out: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    /// What it said until it listened.
    pub(crate) greeting: Vec<String>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in lower case, and values, without the date.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

/// Two tokens.
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

/// Tells a story on each database.
#[track_caller]
pub(crate) fn on_each(story: impl Fn(&Service)) {
    story(&Service::start());
    if let Some(service) = Service::on_postgres() {
        story(&service);
    }
}

/// Returns the program with nothing in its environment but the key.
pub(crate) fn program(folder: &Path) -> Command {
    let mut res = Command::new(env!("CARGO_BIN_EXE_jwt-auth"));
    res.env_clear().env("SECRET_KEY", SECRET).current_dir(folder).stdin(Stdio::null());
    res
}

impl Service {
    /// Starts on a new `SQLite` file.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// Starts on a new `SQLite` file, with options.
    #[track_caller]
    pub(crate) fn with(options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Sqlite(folder.path().join("auth.db"));
        Self::launch(folder, data, options)
    }

    /// Starts on a new database of a server, if the tests have one.
    #[track_caller]
    pub(crate) fn on_postgres() -> Option<Self> {
        let data = Data::Postgres(Box::new(servers::postgres()?.database()));
        Some(Self::launch(tempfile::tempdir().unwrap(), data, &[]))
    }

    /// Starts on this database, reached by a URL.
    #[track_caller]
    pub(crate) fn on(database: servers::Database, url: &str) -> Self {
        let data = Data::Postgres(Box::new(database));
        Self::launch(tempfile::tempdir().unwrap(), data, &["--database", url])
    }

    #[track_caller]
    fn launch(folder: TempDir, data: Data, options: &[&str]) -> Self {
        let mut command = program(folder.path());
        command.args(["--port", "0"]).args(options).env("DATABASE_URL", url(&data));
        let log = File::options().create(true).append(true).open(folder.path().join("log"));
        let mut child = command.stdout(Stdio::piped()).stderr(log.unwrap()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut greeting = Vec::new();
        let address = loop {
            let mut line = String::new();
            if out.read_line(&mut line).unwrap() == 0 {
                let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
                panic!("it doesn't listen: {greeting:?}\n{log}");
            }
            greeting.push(line.trim_end().to_owned());
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.split(',').next().unwrap().parse().unwrap();
            }
        };
        Self { folder, data, child, out, address, greeting }
    }

    /// Starts anew on the same database, once this one has ended.
    #[track_caller]
    pub(crate) fn restart(mut self) -> Self {
        self.end();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        let data = std::mem::replace(&mut self.data, Data::Sqlite(PathBuf::new()));
        drop(self);
        Self::launch(folder, data, &[])
    }

    /// Runs a command of the program on the same database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        let mut command = program(self.folder.path());
        command.env_remove("SECRET_KEY").env("DATABASE_URL", url(&self.data));
        command.args(arguments).output().unwrap()
    }

    /// Makes a user an admin.
    #[track_caller]
    pub(crate) fn make_admin(&self, email: &str) {
        let output = self.command(&["grant", email, "admin"]);
        assert!(output.status.success(), "{output:?}");
    }

    /// Returns what the program has complained of.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Sends the program a signal, such as `TERM`.
    #[track_caller]
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap().success());
    }

    /// Waits for the end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Has the program end as it should.
    #[track_caller]
    pub(crate) fn end(&mut self) {
        self.signal("TERM");
        let status = self.wait();
        assert!(status.success(), "{status} {}", self.log());
    }

    /// Returns the rows of a query, values joined by `|`.
    #[track_caller]
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        let path = match &self.data {
            Data::Postgres(database) => return database.query(sql),
            Data::Sqlite(path) => path,
        };
        let connection = rusqlite::Connection::open(path).unwrap();
        connection.busy_timeout(PATIENCE).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut res = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let values = (0..count).map(|at| match row.get_ref(at).unwrap() {
                ValueRef::Null => "NULL".to_owned(),
                ValueRef::Integer(it) => it.to_string(),
                ValueRef::Text(it) => String::from_utf8(it.to_vec()).unwrap(),
                other => format!("{other:?}"),
            });
            res.push(values.collect::<Vec<_>>().join("|"));
        }
        res
    }

    /// Writes a time as the tables hold it.
    pub(crate) fn moment(&self, seconds: i64) -> String {
        match self.data {
            Data::Sqlite(_) => seconds.to_string(),
            Data::Postgres(_) => format!("to_timestamp({seconds})"),
        }
    }

    pub(crate) fn get(&self, path: &str, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.request("GET", path, &[("Authorization", &bearer)], b"")
    }

    pub(crate) fn post(&self, path: &str, token: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.request("POST", path, &[("Authorization", &bearer)], b"")
    }

    pub(crate) fn post_json(&self, path: &str, body: &Value) -> Answer {
        let headers = [("Content-Type", "application/json")];
        self.request("POST", path, &headers, body.to_string().as_bytes())
    }

    pub(crate) fn register(&self, email: &str) -> Answer {
        self.post_json("/register", &json!({"email": email, "password": PASSWORD}))
    }

    /// Asks for tokens, as the form has it; the texts need no escapes but for spaces.
    pub(crate) fn token(&self, email: &str, password: &str) -> Answer {
        let escape = |text: &str| text.replace('+', "%2B").replace(' ', "+").replace('@', "%40");
        let body = format!(
            "grant_type=password&username={}&password={}&scope=",
            escape(email),
            escape(password)
        );
        let headers = [("Content-Type", "application/x-www-form-urlencoded")];
        self.request("POST", "/token", &headers, body.as_bytes())
    }

    #[track_caller]
    pub(crate) fn sign_in(&self, email: &str) -> Pair {
        self.token(email, PASSWORD).pair()
    }

    pub(crate) fn refresh(&self, token: &str) -> Answer {
        self.post_json("/refresh", &json!({"refresh_token": token}))
    }

    /// Sends a request on a connection of its own.
    #[track_caller]
    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let length = body.len();
        write!(head, "Content-Length: {length}\r\nConnection: close\r\n\r\n").unwrap();
        let answer = self.exchange(&[head.as_bytes(), body].concat());
        Answer::read(&answer).unwrap_or_else(|| panic!("no answer: {answer}\n{}", self.log()))
    }

    /// Sends bytes and returns all that comes back; a connection that is cut is an end.
    pub(crate) fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // Who is refused early may be cut off while it still writes.
        stream.write_all(bytes).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn url(data: &Data) -> String {
    match data {
        Data::Sqlite(path) => format!("sqlite:{}", path.display()),
        Data::Postgres(database) => database.url(),
    }
}

impl Answer {
    /// Reads an answer whose connection was closed behind it.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (head, text) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned()));
        let headers = headers.filter(|(name, _)| name != "date").collect();
        Some(Self { status, headers, text: text.to_owned() })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Checks that it is of this status, and returns it.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Checks that it asks for a token in this way.
    #[track_caller]
    pub(crate) fn challenges(self, expected: &str) -> Self {
        let this = self.is(401);
        assert_eq!(this.header("www-authenticate"), Some(expected), "{this:?}");
        assert!(this.json()["detail"].is_string(), "{this:?}");
        this
    }

    /// Checks that it refuses one field.
    #[track_caller]
    pub(crate) fn refuses(self, loc: &[&str]) -> Self {
        let this = self.is(422);
        let detail = &this.json()["detail"];
        assert_eq!(detail[0]["loc"], json!(loc), "{this:?}");
        assert!(detail[0]["msg"].is_string() && detail[0]["type"].is_string(), "{this:?}");
        this
    }

    #[track_caller]
    pub(crate) fn pair(self) -> Pair {
        let it = self.is(200).json();
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        Pair { access: text("access_token"), refresh: text("refresh_token") }
    }
}
