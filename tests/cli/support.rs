//! A folder of its own for each test, and the program run in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tempfile::TempDir;

/// The first second of 2026, in UTC.
pub(crate) const NOW: &str = "1767225600";

/// The configuration that most tests have.
pub(crate) const CONFIG: &str = "[migrate]\nurl = \"sqlite:app.db\"\n";

/// A project in a temporary folder, and an environment that holds nothing else.
pub(crate) struct Sandbox {
    _folder: TempDir,
    root: PathBuf,
    variables: BTreeMap<String, String>,
}

/// How a run of the program ended.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Sandbox {
    /// Makes a folder with nothing in it.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let mut variables = BTreeMap::new();
        variables.insert("SOURCE_DATE_EPOCH".to_owned(), NOW.to_owned());
        variables.insert("PATH".to_owned(), search_path());
        Self { _folder: folder, root, variables }
    }

    /// Makes a project without revisions.
    pub(crate) fn new() -> Self {
        let sandbox = Self::empty();
        sandbox.write("migrate.toml", CONFIG);
        fs::create_dir(sandbox.path("versions")).unwrap();
        sandbox
    }

    /// Makes a project of revisions, each of which creates the table `t_ID`.
    ///
    /// `a1; b1<a1 west; m1<b1,c1 +x1` is a base, a child with a branch label, and a merge that
    /// depends on `x1`.
    pub(crate) fn with(graph: &str) -> Self {
        let sandbox = Self::new();
        sandbox.add(graph);
        sandbox
    }

    /// Adds revisions in the same notation.
    pub(crate) fn add(&self, graph: &str) {
        for line in graph.split(';') {
            let mut words = line.split_whitespace();
            let lineage = words.next().unwrap();
            let id = lineage.split('<').next().unwrap();
            let mut head = lineage.to_owned();
            for word in words {
                let key = if word.starts_with('+') { "Depends On" } else { "Branch Labels" };
                head = format!("{head} | {key}: {}", word.trim_start_matches('+'));
            }
            let up = format!("CREATE TABLE t_{id} (id INTEGER PRIMARY KEY);");
            self.revision(&head, &up, &format!("DROP TABLE t_{id};"));
        }
    }

    /// Writes a pair of scripts; the head is `ID<PARENT,PARENT | Key: value | …`.
    pub(crate) fn revision(&self, head: &str, up: &str, down: &str) {
        self.up_only(head, up);
        let id = head.split(['<', '|']).next().unwrap().trim();
        self.write(&format!("versions/{id}.down.sql"), format!("{down}\n"));
    }

    /// Writes an up script without a down script.
    pub(crate) fn up_only(&self, head: &str, up: &str) {
        let mut parts = head.split('|').map(str::trim);
        let lineage = parts.next().unwrap();
        let (id, parents) = lineage.split_once('<').unwrap_or((lineage, ""));
        let mut text = format!("-- make {id}\n--\n-- Revision ID: {id}\n");
        text += format!("-- Revises: {}", parents.replace(',', ", ")).trim_end();
        text += "\n-- Create Date: 2026-01-01T00:00:00Z\n";
        for line in parts {
            writeln!(text, "-- {line}").unwrap();
        }
        self.write(&format!("versions/{id}.up.sql"), format!("{text}\n{up}\n"));
    }

    /// Returns a path inside the folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// Writes a file, and the folders that it needs.
    pub(crate) fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap()
    }

    /// Replaces a text in a file; it must be there.
    pub(crate) fn replace(&self, below: &str, old: &str, new: &str) {
        let text = self.read(below);
        assert!(text.contains(old), "`{old}` is not in {below}");
        self.write(below, text.replace(old, new));
    }

    /// Deletes a file.
    pub(crate) fn remove(&self, below: &str) {
        fs::remove_file(self.path(below)).unwrap();
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Runs the program and returns exit code and streams as one text.
    pub(crate) fn migrate(&self, arguments: &str) -> String {
        self.run(arguments).text()
    }

    /// Runs the program, which must succeed.
    pub(crate) fn done(&self, arguments: &str) {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments}: {}", run.text());
    }

    /// Runs the program, which must fail with 1 and leave every file as it was.
    pub(crate) fn refused(&self, arguments: &str) -> String {
        let before = self.files();
        let run = self.run(arguments);
        assert_eq!(run.code, 1, "{arguments}: {}", run.text());
        assert!(self.files() == before, "{arguments} changed a file: {}", run.text());
        run.text()
    }

    /// Runs the program with `--json`; standard output must be exactly one document.
    pub(crate) fn json(&self, arguments: &str) -> Value {
        let run = self.run(&format!("--json {arguments}"));
        serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.text()))
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.run_in("", arguments)
    }

    /// Runs the program in a folder below.
    pub(crate) fn run_in(&self, folder: &str, arguments: &str) -> Run {
        let output = self.command_in(folder, arguments).output().unwrap();
        self.seen(&output)
    }

    /// Returns the environment of the program, for one that is started otherwise.
    pub(crate) fn environment(&self) -> Vec<(&str, String)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()
    }

    /// Prepares a run of the program.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_in("", arguments)
    }

    fn command_in(&self, folder: &str, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
        let words = words(arguments);
        command.args(words).current_dir(self.path(folder)).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Takes what differs from one run to the next out of an output.
    pub(crate) fn seen(&self, output: &Output) -> Run {
        let root = self.root.to_str().unwrap();
        let text = |bytes: &[u8]| {
            without_times(&String::from_utf8(bytes.to_vec()).unwrap().replace(root, "[ROOT]"))
        };
        let code = output.status.code().unwrap();
        let run = Run { code, stdout: text(&output.stdout), stderr: text(&output.stderr) };
        run.holds_no_password();
        run
    }

    /// Returns every file and link below the folder, with its bytes and its time.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
        let mut res = BTreeMap::new();
        collect(&self.root, &mut res);
        res
    }

    /// Returns the names of the files in a folder, in order.
    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(below)).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        let mut res: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
        res.sort();
        res
    }

    /// Asks the database directly: a line a row, columns separated by `|`.
    pub(crate) fn query(&self, sql: &str) -> String {
        self.query_in("app.db", sql)
    }

    /// Asks a database directly.
    pub(crate) fn query_in(&self, file: &str, sql: &str) -> String {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
        rows(&Connection::open_with_flags(self.path(file), flags).unwrap(), sql).join("\n")
    }

    /// Changes the database directly, with foreign keys left alone.
    pub(crate) fn execute(&self, sql: &str) {
        let connection = Connection::open(self.path("app.db")).unwrap();
        connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {sql}")).unwrap();
    }

    /// Returns the tables that are not ours, in order; empty if there is no database.
    pub(crate) fn tables(&self) -> String {
        self.listed(
            "SELECT name FROM sqlite_schema WHERE type = 'table' \
             AND name NOT LIKE 'migrate_version%' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
    }

    /// Returns the applied revisions in the order in which they were applied.
    pub(crate) fn applied(&self) -> String {
        let table = "SELECT name FROM sqlite_schema WHERE name = 'migrate_version'";
        if self.listed(table).is_empty() {
            return String::new();
        }
        self.listed("SELECT revision FROM migrate_version ORDER BY position")
    }

    fn listed(&self, sql: &str) -> String {
        if !self.path("app.db").exists() {
            return String::new();
        }
        self.query(sql).replace('\n', " ")
    }
}

impl Run {
    /// Fails if any of the password of the tests' servers was printed, plain or encoded.
    fn holds_no_password(&self) {
        for part in ["p@ss", "w:rd", "p%40ss", "w%3Ard", "#%41", "%25%34%31"] {
            let is_shown = self.stdout.contains(part) || self.stderr.contains(part);
            assert!(!is_shown, "a password was printed: {}", self.text());
        }
    }

    /// Returns exit code and streams as one text.
    pub(crate) fn text(&self) -> String {
        let mut res = format!("exit {}\n", self.code);
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                write!(res, "--- {name}\n{stream}").unwrap();
            }
        }
        res
    }
}

/// Returns the rows of a query, columns separated by `|`.
pub(crate) fn rows(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    let width = statement.column_count();
    let line = |row: &rusqlite::Row<'_>| {
        let value = |at| row.get_ref(at).map(text);
        (0..width).map(value).collect::<Result<Vec<_>, _>>().map(|values| values.join("|"))
    };
    statement.query_map([], line).unwrap().collect::<Result<_, _>>().unwrap()
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into(),
    }
}

#[expect(clippy::disallowed_methods, reason = "hooks and editors are looked for in it")]
fn search_path() -> String {
    std::env::var("PATH").unwrap()
}

/// Splits arguments at blanks; single quotes keep blanks.
fn words(arguments: &str) -> Vec<String> {
    let mut res = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for c in arguments.chars() {
        match c {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => res.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    res.extend(word);
    res
}

/// Writes `N ms` for every number of milliseconds, and makes its column as narrow.
fn without_times(text: &str) -> String {
    let mut parts = text.split(" ms");
    let mut res = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let kept = res.trim_end_matches(|c: char| c.is_ascii_digit());
        if kept.len() < res.len() {
            res.truncate(kept.len());
            res.push('N');
        }
        res += " ms";
        res += &narrow(part);
    }
    narrow_after(&res, "Took")
}

/// Leaves two of more leading blanks.
fn narrow(text: &str) -> String {
    let rest = text.trim_start_matches(' ');
    if text.len() - rest.len() > 2 { format!("  {rest}") } else { text.to_owned() }
}

fn narrow_after(text: &str, title: &str) -> String {
    match text.split_once(title) {
        Some((before, after)) => format!("{before}{title}{}", narrow(after)),
        None => text.to_owned(),
    }
}

fn collect(folder: &Path, res: &mut BTreeMap<PathBuf, (Vec<u8>, SystemTime)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let data = fs::symlink_metadata(&path).unwrap();
        if data.is_dir() {
            collect(&path, res);
        } else {
            let bytes = if data.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
            res.insert(path, (bytes, data.modified().unwrap()));
        }
    }
}
