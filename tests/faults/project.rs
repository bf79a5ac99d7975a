//! A project whose revisions leave traces: a table, rows, a line of audit and an index each.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How many rows a revision's table holds once it is there.
pub(crate) const ROWS: i64 = 20;

/// How many statements a revision's script has; the audit table's own is not counted.
pub(crate) const STATEMENTS: i64 = 4;

/// The base, which makes the audit table too.
pub(crate) const BASE: &str = "r0";

/// A revision of the project.
#[derive(Debug, Clone)]
pub(crate) struct Revision {
    pub(crate) id: String,
    pub(crate) parents: Vec<String>,
    /// Whether it runs without a transaction.
    pub(crate) is_bare: bool,
    /// Whether it changes rows and no tables.
    pub(crate) is_data: bool,
}

impl Revision {
    /// Reads a graph: `b1<r0 none` is one upon `r0` that runs without a transaction, and
    /// `b1<r0 data` one that only changes rows.
    pub(crate) fn of_graph(graph: &str) -> Vec<Self> {
        let lines = graph.split(';').map(str::trim).filter(|it| !it.is_empty());
        let parse = |line: &str| {
            let mut words = line.split_whitespace();
            let first = words.next().unwrap();
            let (id, parents) = first.split_once('<').unwrap_or((first, ""));
            let parents = parents.split(',').filter(|it| !it.is_empty()).map(str::to_owned);
            let (id, parents, kind) = (id.to_owned(), parents.collect(), words.next());
            Self { id, parents, is_bare: kind == Some("none"), is_data: kind == Some("data") }
        };
        lines.map(parse).collect()
    }

    /// Returns the line of the head that asks for no transaction, if there is to be none.
    pub(crate) fn option(&self) -> &'static str {
        if self.is_bare { "-- Transaction: none\n" } else { "" }
    }
}

/// A folder with a project, and an environment that holds nothing else.
pub(crate) struct Project {
    folder: TempDir,
    pub(crate) revisions: Vec<Revision>,
    variables: BTreeMap<String, String>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; none if it was killed.
    pub(crate) code: Option<i32>,
    /// The signal that killed it.
    pub(crate) signal: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// Makes a project; `b1<r0 none` is a revision upon `r0` that runs without a transaction.
    pub(crate) fn new(graph: &str, settings: &str) -> Self {
        // Thousands of runs wait for a disk; whoever is killed leaves the same in memory.
        let memory = Path::new("/dev/shm");
        let disk = std::env::temp_dir();
        Self::new_in(if memory.is_dir() { memory } else { &disk }, graph, settings)
    }

    /// Makes a project in a folder below another.
    pub(crate) fn new_in(above: &Path, graph: &str, settings: &str) -> Self {
        let mut project = Self::empty(above);
        project.write("migrate.toml", format!("[migrate]\nurl = \"sqlite:app.db\"\n{settings}\n"));
        for revision in Revision::of_graph(graph) {
            project.add(revision);
        }
        project
    }

    /// Makes a folder with one for revisions.
    pub(crate) fn empty(above: &Path) -> Self {
        // The folder's name matches too where operations on `.db` are counted, and its fsync.
        let folder = tempfile::Builder::new().prefix("faults.db-").tempdir_in(above).unwrap();
        let project = Self { folder, revisions: Vec::new(), variables: BTreeMap::new() };
        fs::create_dir(project.path("versions")).unwrap();
        project
    }

    fn add(&mut self, revision: Revision) {
        let (id, option) = (&revision.id, revision.option());
        let audit = "CREATE TABLE IF NOT EXISTS audit (revision TEXT, way INTEGER);\n";
        let audit = if id == BASE { audit } else { "" };
        let up = format!(
            "{audit}CREATE TABLE t_{id} (a INTEGER, b BLOB);\n\
             INSERT INTO t_{id} WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n \
             WHERE x < {ROWS}) SELECT x, zeroblob(100) FROM n;\n\
             INSERT INTO audit VALUES ('{id}', 1);\n\
             CREATE INDEX i_{id} ON t_{id} (a);\n"
        );
        let down = format!(
            "{option}DROP INDEX i_{id};\nINSERT INTO audit VALUES ('{id}', -1);\n\
             DELETE FROM t_{id};\nDROP TABLE t_{id};\n"
        );
        self.script(id, &revision.parents.join(", "), option, &up);
        self.write(&format!("versions/{id}.down.sql"), down);
        self.revisions.push(revision);
    }

    /// Writes an up script; its first statement is in line 7, or 8 after an option.
    pub(crate) fn script(&self, id: &str, parents: &str, option: &str, up: &str) {
        let head = format!("-- make {id}\n--\n-- Revision ID: {id}\n-- Revises: {parents}\n");
        let head = head.replace(": \n", ":\n");
        let text = format!("{head}-- Create Date: 2026-01-01T00:00:00Z\n{option}\n{up}");
        self.write(&format!("versions/{id}.up.sql"), text);
    }

    /// Returns a path inside the folder.
    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Writes a file.
    pub(crate) fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(below), text).unwrap();
    }

    /// Sets a variable of the environment.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Takes a variable out of the environment.
    pub(crate) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Returns the database's files: its own, the journal, the log.
    pub(crate) fn database_files(&self) -> Vec<PathBuf> {
        let paths = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_ours = |path: &Path| {
            path.file_name().and_then(|it| it.to_str()).is_some_and(|it| it.starts_with("app.db"))
        };
        paths.filter(|path| is_ours(path)).collect()
    }

    /// Puts a database there, or none.
    pub(crate) fn reset(&self, database: Option<&[u8]>) {
        for path in self.database_files() {
            fs::remove_file(path).unwrap();
        }
        if let Some(bytes) = database {
            self.write("app.db", bytes);
        }
    }

    /// Prepares a run of the program.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.prepare(Command::new(env!("CARGO_BIN_EXE_migrate")), arguments)
    }

    /// Prepares a run of the program below a shell's commands, which end in `exec "$0" "$@"`.
    pub(crate) fn command_below(&self, shell: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", shell, env!("CARGO_BIN_EXE_migrate")]);
        self.prepare(command, arguments)
    }

    fn prepare(&self, mut command: Command, arguments: &[&str]) -> Command {
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts the program.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.command(arguments).output().unwrap().into()
    }

    /// Runs the program, which must succeed.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:?}");
        run
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// Returns the document of a run with `--json`.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the revisions that a document's steps name.
    #[track_caller]
    pub(crate) fn steps(&self) -> Vec<String> {
        let name = |step: &Value| step["revision"].as_str().unwrap().to_owned();
        self.json()["steps"].as_array().unwrap().iter().map(name).collect()
    }

    /// Asserts that an ordinary failure was told: once, and by no panic.
    #[track_caller]
    pub(crate) fn assert_told(&self) {
        assert_eq!(self.code, Some(1), "{self:?}");
        assert!(!self.stderr.contains("panicked"), "{self:?}");
        if self.stdout.starts_with('{') {
            let message = self.json()["error"]["message"].as_str().unwrap().to_owned();
            assert!(!message.is_empty(), "{self:?}");
        } else {
            let errors = self.stderr.lines().filter(|line| line.starts_with("error: ")).count();
            assert_eq!((errors, self.stdout.as_str()), (1, ""), "{self:?}");
        }
    }
}
