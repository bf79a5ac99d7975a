//! Keeps a browser and its profile no longer than the test process lives, however that ends.
//!
//! Between the two stands a small shell, in a process group of its own, so that no Ctrl-C reaches
//! it. It reads from a pipe whose other end only the test process holds; so at the latest when the
//! kernel closes that end, it kills the browser with all that it has started.
//!
//! The browser is spoken to through pipes as well, not at a port: nobody else can reach it there, and
//! no port is taken. <https://chromedevtools.github.io/devtools-protocol/>

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// `$1` is the folder, the rest the command. The browser leads a session, so that all its
/// processes can be killed at once; it reads descriptor 3 and writes descriptor 4.
const SCRIPT: &str = r#"
trap : HUP INT TERM
folder=$1
shift
export HOME="$folder"
mkfifo "$folder/in"
setsid "$@" 3<"$folder/in" 4>&1 >>"$folder/log" 2>&1 </dev/null &
browser=$!
exec >&-
echo "$browser" >"$folder/pid.new"
mv "$folder/pid.new" "$folder/pid"
read -r _
kill -9 "-$browser"
wait "$browser"
rm -rf "$folder"
kill -9 0
"#;

/// How the browser is started. It may not load anything that no test asks for.
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    "--mute-audio",
    "--password-store=basic",
    "--remote-debugging-pipe",
];

/// A browser, its folder, and the shell that ends both.
pub(crate) struct Process {
    folder: PathBuf,
    shell: Child,
    /// Closed to end the browser.
    life: Option<ChildStdin>,
}

impl Process {
    pub(crate) fn start(program: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("limbeck-browser-").tempdir().unwrap().keep();
        let profile = format!("--user-data-dir={}", folder.join("profile").display());
        let mut shell = Command::new("sh")
            .args(["-c", SCRIPT, "browser"])
            .arg(&folder)
            .arg(program)
            .args(FLAGS)
            .arg(profile)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null()) // or a pipe of the test runner's would stay open
            .process_group(0)
            .spawn()
            .unwrap();
        let life = shell.stdin.take();
        Self { folder, shell, life }
    }

    /// Returns where the browser listens, and where it answers.
    pub(crate) fn pipes(&mut self) -> (File, BufReader<ChildStdout>) {
        let file = self.folder.join("in");
        wait(|| file.exists());
        // Opening it waits for the browser's side.
        let to = File::options().write(true).open(file).unwrap();
        (to, BufReader::new(self.shell.stdout.take().unwrap()))
    }

    /// Returns the process id of the browser.
    pub(crate) fn browser(&self) -> u32 {
        let file = self.folder.join("pid");
        wait(|| file.exists());
        fs::read_to_string(file).unwrap().trim().parse().unwrap()
    }

    /// Returns the last lines of what the browser has complained of.
    pub(crate) fn log(&self) -> String {
        let file = File::open(self.folder.join("log"));
        let lines: Vec<String> = file
            .map(|it| BufReader::new(it).lines().map_while(Result::ok).collect())
            .unwrap_or_default();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.life.take());
        let _ = self.shell.wait();
    }
}

/// Waits for what takes the shell a moment.
fn wait(mut is_there: impl FnMut() -> bool) {
    let start = std::time::Instant::now();
    while !is_there() {
        assert!(start.elapsed().as_secs() < 30, "the browser doesn't start");
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}
