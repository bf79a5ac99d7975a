//! A terminal for the tests: a program is typed at, and its screen is looked at.
//!
//! It is a private server of tmux: with a socket in a folder of its own, no configuration of the
//! user's, a fixed size, and gone when it is dropped. Where tmux is missing, starting one is a panic
//! that says how to install it; `LIMBECK_TEST_SKIP_TERMINAL=1` leaves the tests out, and says so.
//!
//! The crate knows nothing of limbeck.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a text is waited for: much longer than a busy machine needs.
const LIMIT: Duration = Duration::from_secs(20);

/// How long between two looks at the screen.
const PAUSE: Duration = Duration::from_millis(15);

/// The type of terminal that programs are told to be in.
const TERM: &str = "screen-256color";

/// The switch that leaves these tests out.
const SKIP: &str = "LIMBECK_TEST_SKIP_TERMINAL";

/// What every server is told: the whole screen for the program, which stays when it has ended.
const CONFIGURATION: &str = "\
set -g default-terminal screen-256color
set -g status off
set -g remain-on-exit on
set -gq remain-on-exit-format ''
set -s escape-time 0
set -g history-limit 1000
";

/// Runs a program, and writes its exit code to the file that is named first.
const NOTED: &str = r#"trap : INT QUIT; "$@"; echo $? > "$0.part"; mv "$0.part" "$0""#;

/// A program in a terminal of its own.
#[derive(Debug)]
pub struct Terminal {
    folder: TempDir,
}

impl Terminal {
    /// Starts a program, given as its words, in a terminal of so many columns and rows.
    ///
    /// Its environment is what is given here, `TERM`, and a character set; `None` if the tests of
    /// terminals are to be left out.
    pub fn start<V: AsRef<OsStr>>(
        columns: u16,
        rows: u16,
        folder: &Path,
        environment: &[(&str, &str)],
        command: &[V],
    ) -> Option<Self> {
        if is_skipped() {
            return None;
        }
        let terminal = Self { folder: tempfile::tempdir().unwrap() };
        let file = terminal.folder.path().join("tmux.conf");
        std::fs::write(&file, CONFIGURATION).unwrap();
        let (columns, rows) = (columns.to_string(), rows.to_string());
        let mut words: Vec<String> =
            ["new-session", "-d", "-x", &columns, "-y", &rows, "-c", &text(folder.as_os_str())]
                .map(str::to_owned)
                .to_vec();
        // A shell around it writes down how it ended: tmux now and then never tells. It lives through
        // Ctrl-C, which is the program's to heed.
        words.extend(["sh", "-c", NOTED, &text(terminal.end().as_os_str())].map(str::to_owned));
        words.extend(["env", "-i", "LANG=C.UTF-8"].map(str::to_owned));
        words.push(format!("TERM={TERM}"));
        words.extend(environment.iter().map(|(name, value)| format!("{name}={value}")));
        words.extend(command.iter().map(|word| text(word.as_ref())));
        terminal.tmux(&words);
        Some(terminal)
    }

    /// Types a text as it is.
    pub fn keys(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Presses a key, as tmux names it: `Enter`, `C-c`, `C-d`, `Tab`, `Up`.
    pub fn press(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    /// Waits until a text is on the screen; a panic shows the screen that hasn't got it.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("`{text}`"), |screen| screen.contains(text));
    }

    /// Waits until the screen is as wanted; `what` says how in the panic.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_wanted: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if is_wanted(&screen) {
                return;
            }
            assert!(start.elapsed() < LIMIT, "no {what} on the screen after {LIMIT:?}:\n{screen}");
            sleep(PAUSE);
        }
    }

    /// Waits until the program has ended, and returns its exit code, as a shell has it.
    #[track_caller]
    pub fn wait_for_end(&self) -> i32 {
        let start = Instant::now();
        loop {
            if let Ok(code) = std::fs::read_to_string(self.end()) {
                return code.trim().parse().unwrap();
            }
            let screen = self.screen();
            assert!(start.elapsed() < LIMIT, "it has not ended after {LIMIT:?}:\n{screen}");
            sleep(PAUSE);
        }
    }

    /// Returns what is on the screen, without the blanks at the ends of lines and of the screen.
    pub fn screen(&self) -> String {
        trimmed(&self.tmux(&["capture-pane", "-p"]))
    }

    /// Returns what is on the screen with the escapes that color it.
    pub fn screen_with_colors(&self) -> String {
        trimmed(&self.tmux(&["capture-pane", "-p", "-e"]))
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        let (columns, rows) = (columns.to_string(), rows.to_string());
        self.tmux(&["resize-window", "-x", &columns, "-y", &rows]);
    }

    /// The file that the exit code is written to.
    fn end(&self) -> PathBuf {
        self.folder.path().join("end")
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Gives the server an order, and returns what it prints.
    #[track_caller]
    fn tmux<W: AsRef<str>>(&self, words: &[W]) -> String {
        let out = self
            .client()
            .args(words.iter().map(|word| escaped(word.as_ref())))
            .output()
            .unwrap_or_else(|error| {
                panic!(
                    "tmux: {error}. `tests/run` installs it as root; or: apt-get install tmux. \
                     {SKIP}=1 leaves out what needs it."
                )
            });
        let (stdout, stderr) =
            (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        assert!(out.status.success(), "tmux {}: {stderr}", words[0].as_ref());
        stdout.into_owned()
    }

    fn client(&self) -> Command {
        let mut command = Command::new("tmux");
        // Without these it would take itself to be in the terminal of whoever runs the tests.
        command.env_remove("TMUX").env_remove("TMUX_PANE").env("LC_ALL", "C.UTF-8");
        command.arg("-u").arg("-S").arg(self.socket());
        command.arg("-f").arg(self.folder.path().join("tmux.conf"));
        command.stdin(Stdio::null());
        command
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let mut command = self.client();
        let _status =
            command.arg("kill-server").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

/// A word that ends in a semicolon would end tmux's order.
fn escaped(word: &str) -> String {
    word.strip_suffix(';').map_or_else(|| word.to_owned(), |before| format!("{before}\\;"))
}

fn trimmed(screen: &str) -> String {
    let lines: Vec<&str> = screen.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn text(word: &OsStr) -> String {
    word.to_str().unwrap().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "the switch of the tests, not of the program")]
fn is_skipped() -> bool {
    static SAID: Once = Once::new();
    let is_skipped = std::env::var(SKIP).is_ok_and(|value| value == "1");
    if is_skipped {
        // Past the test runner's capture.
        SAID.call_once(|| {
            let _written = writeln!(std::io::stderr(), "SKIPPED: {SKIP}=1 is set");
        });
    }
    is_skipped
}
