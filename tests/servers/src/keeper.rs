//! Keeps a server and its folder no longer than the test process lives, however that ends.
//!
//! Between the two stands a small shell, in a process group of its own, so that no Ctrl-C reaches
//! it. It does what it reads from a pipe whose other end only the test process holds; so at the
//! latest when the kernel closes that end, it ends the server and removes the folder.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::system::{children, is_running, place, text, wait_for};

/// `$1` is the folder, `$2` the signal that ends the server. A killed `PostgreSQL` can't remove
/// its segment of shared memory, whose id is in line 7 of its file.
const SCRIPT: &str = r#"
trap : HUP INT TERM
server=
while read -r word others; do
    case $word in
    start) sh "$1/start" >>"$1/log" 2>&1 </dev/null & server=$!; echo "$server" ;;
    kill) kill -9 "$server" $others; wait "$server"; server=; echo killed ;;
    esac
done
if [ -n "$server" ]; then
    kill "-$2" "$server"
    { sleep 5; kill -9 "$server"; } &
    wait "$server"
fi
if [ -f "$1/data/postmaster.pid" ]; then
    segment=$(sed -n 7p "$1/data/postmaster.pid")
    ipcrm -m "${segment##* }"
fi
rm -rf "$1"
kill -9 0
"#;

/// A folder and the server in it.
pub(crate) struct Keeper {
    folder: PathBuf,
    shell: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    server: Option<u32>,
}

impl Keeper {
    /// Makes a folder, and promises to end what is started in it by this signal.
    pub(crate) fn new(signal: &str) -> Self {
        let folder =
            tempfile::Builder::new().prefix("limbeck-").tempdir_in(place()).unwrap().keep();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "keeper", &text(&folder), signal])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()) // or a pipe of the test runner's would stay open
            .process_group(0)
            .spawn()
            .unwrap();
        let answers = BufReader::new(shell.stdout.take().unwrap());
        let orders = shell.stdin.take();
        Self { folder, shell, orders, answers, server: None }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts the server.
    pub(crate) fn start(&mut self, command: &[String]) {
        assert!(self.server.is_none(), "the server runs already");
        let quoted: Vec<String> =
            command.iter().map(|it| format!("'{}'", it.replace('\'', r"'\''"))).collect();
        fs::write(self.folder.join("start"), format!("exec {}\n", quoted.join(" "))).unwrap();
        self.server = Some(self.order("start").parse().unwrap());
    }

    /// Kills the server and its children, as a power cut would, and waits until it is gone.
    pub(crate) fn kill9(&mut self) {
        let Some(server) = self.server.take() else { return };
        let children = children(server);
        let others: Vec<String> = children.iter().map(u32::to_string).collect();
        self.order(&format!("kill {}", others.join(" ")));
        // Grandchildren of ours are buried by another process.
        let are_gone = || !children.iter().any(|&it| is_running(it));
        wait_for("killing", Duration::from_secs(10), are_gone);
    }

    /// Returns the process id of the server.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.server
    }

    /// Tells whether the server lives.
    pub(crate) fn is_alive(&self) -> bool {
        self.server.is_some_and(is_running)
    }

    /// Returns what the server has written so far.
    pub(crate) fn log(&self) -> String {
        let bytes = fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns the last lines of the log, for a panic.
    pub(crate) fn end_of_log(&self) -> String {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn order(&mut self, text: &str) -> String {
        let orders = self.orders.as_mut().unwrap();
        orders.write_all(format!("{text}\n").as_bytes()).unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.shell.wait();
    }
}
