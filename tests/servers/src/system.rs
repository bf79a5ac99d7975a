//! Programs, users, ports and processes of the machine.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Folders of programs that are not always in `PATH`.
const FOLDERS: &[&str] = &["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/pgsql/bin"];

/// Finds a program: of the version of `PostgreSQL` that a variable asks for; where Debian keeps its
/// versions, the newest first, for its `psql` in `PATH` is a script that takes longer than a query;
/// in `PATH`; in [`FOLDERS`].
#[expect(clippy::disallowed_methods, reason = "PATH, as a shell would read it")]
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path().join("bin"))))
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let newest = versions.into_iter().rev().map(|(_, folder)| folder);
    let folders = fetched().into_iter().chain(newest);
    let folders =
        folders.chain(std::env::split_paths(&path)).chain(FOLDERS.iter().map(PathBuf::from));
    folders.map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Returns the folders of the programs that `tests/servers/fetch-postgres` fetched, if a variable
/// asks for a version.
#[expect(clippy::disallowed_methods, reason = "a variable steers the tests, not the program")]
fn fetched() -> Vec<PathBuf> {
    let Ok(version) = std::env::var("LIMBECK_TEST_POSTGRES_VERSION") else { return Vec::new() };
    let names = [format!("postgres-{version}/bin"), "postgres-client/bin".to_owned()];
    let test = std::env::current_exe().unwrap();
    let folder = test.ancestors().find(|folder| folder.join(&names[0]).is_dir());
    let folder = folder.unwrap_or_else(|| {
        panic!(
            "PostgreSQL {version} is not there. `tests/servers/fetch-postgres` fetches 13 and 18."
        )
    });
    names.iter().map(|name| folder.join(name)).collect()
}

/// Finds a program that must be there.
#[track_caller]
pub(crate) fn need(program: &str, packages: &str) -> PathBuf {
    find(program).unwrap_or_else(|| {
        panic!(
            "`{program}` is not installed. `tests/run` installs it as root; or: apt-get install \
             {packages}. LIMBECK_TEST_SKIP_POSTGRES=1 and LIMBECK_TEST_SKIP_MYSQL=1 leave out \
             what needs a server."
        )
    })
}

/// Returns what a program that must succeed prints.
#[track_caller]
pub(crate) fn run(words: &[String]) -> String {
    let out = Command::new(&words[0])
        .args(&words[1..])
        .current_dir("/")
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", words[0]));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&out.stdout), text(&out.stderr));
    assert!(out.status.success(), "{words:?}: {}\n{stdout}{stderr}", out.status);
    stdout
}

/// Makes owned words of a command.
pub(crate) fn words(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|&it| it.to_owned()).collect()
}

/// Whom a server runs as: itself if the tests don't run as root, since servers refuse root.
#[derive(Clone)]
pub(crate) struct User(Option<String>);

impl User {
    /// Returns the server's own user, or `nobody` where its package has made none.
    pub(crate) fn of(preferred: &str) -> Self {
        static IS_ROOT: OnceLock<bool> = OnceLock::new();
        if !*IS_ROOT.get_or_init(|| run(&words(&["id", "-u"])).trim() == "0") {
            return Self(None);
        }
        let is_there = Command::new("id").args(["-u", preferred]).output().unwrap();
        let name = if is_there.status.success() { preferred } else { "nobody" };
        Self(Some(name.to_owned()))
    }

    /// Returns the words of a command that runs another one as this user.
    pub(crate) fn wrap(&self, command: &[String]) -> Vec<String> {
        let Some(name) = &self.0 else { return command.to_vec() };
        let group = run(&words(&["id", "-g", name]));
        let mut res = words(&["setpriv", "--clear-groups"]);
        res.extend([format!("--reuid={name}"), format!("--regid={}", group.trim())]);
        res.extend_from_slice(command);
        res
    }

    /// Gives a folder and all in it to this user.
    pub(crate) fn own(&self, folder: &Path) {
        if let Some(name) = &self.0 {
            run(&words(&["chown", "-R", name, &text(folder)]));
        }
    }
}

/// Returns a path as text; temporary folders have plain names.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// Returns where servers are kept: in memory if there is room for many, since a slow disk makes
/// statements that flush files twenty times as slow; else in the folder for temporary files.
pub(crate) fn place() -> &'static Path {
    static PLACE: OnceLock<PathBuf> = OnceLock::new();
    PLACE.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        if 2 * 1024 * 1024 < free_kilobytes(memory).unwrap_or(0) {
            return memory.to_owned();
        }
        std::env::temp_dir()
    })
}

fn free_kilobytes(folder: &Path) -> Option<u64> {
    let out = Command::new("df").args(["-Pk", &text(folder)]).output().ok()?;
    let out = String::from_utf8(out.stdout).ok()?;
    out.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// Returns a port of loopback that nobody listens at now.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Asks again and again until the answer is yes.
#[track_caller]
pub(crate) fn wait_for(what: &str, limit: Duration, mut ask: impl FnMut() -> bool) {
    let start = Instant::now();
    while !ask() {
        assert!(start.elapsed() < limit, "{what} took longer than {limit:?}");
        sleep(Duration::from_millis(5));
    }
}

/// Tells whether a process is there and no corpse; where there is no `/proc`, always.
pub(crate) fn is_running(pid: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return true;
    }
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

/// Returns the processes that a process has started and that are still its children.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|it| it.file_name().to_str()?.parse().ok());
    pids.filter(|&pid| stat(pid).is_some_and(|(_, of)| of == parent)).collect()
}

/// Returns the state and the parent of a process.
fn stat(pid: u32) -> Option<(String, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name before the last parenthesis may hold anything.
    let mut rest = text.rsplit_once(')')?.1.split_whitespace();
    Some((rest.next()?.to_owned(), rest.next()?.parse().ok()?))
}
