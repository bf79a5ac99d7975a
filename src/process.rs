//! Processes: their identity, and whether they are alive.
//!
//! It queries the system's process table, and never sends a signal.

use std::fs;
use std::path::Path;

/// A process, told apart from all others on its host, also from later ones of the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    host: String,
    number: u32,
    started: String,
}

impl Process {
    pub fn current() -> Self {
        let number = std::process::id();
        Self { host: host(), number, started: started(number).unwrap_or_default() }
    }

    /// Parses the recorded form of a process; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let (number, started, host) = (parts.next()?, parts.next()?, parts.next()?);
        let (host, started) = (host.to_owned(), started.trim_matches('-').to_owned());
        Some(Self { host, number: number.parse().ok()?, started })
    }

    pub fn name(&self) -> String {
        if self.host == host() {
            name(self.number)
        } else {
            format!("process {} on {}", self.number, self.host)
        }
    }

    /// Tells whether the process is alive; the current one counts as ended, since it does one thing
    /// at a time.
    pub fn life(&self) -> Life {
        if self.host != host() {
            return Life::Unknown;
        }
        if self.number == std::process::id() {
            return Life::Ended;
        }
        let lives = match started(self.number) {
            Some(started) => started == self.started,
            None if fs::exists("/proc/self/stat").unwrap_or(false) => false,
            None => answers(self.number),
        };
        if lives { Life::Goes } else { Life::Ended }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// The process is running.
    Goes,
    Ended,
    /// The process ran on another host, or on this one under another name.
    Unknown,
}

/// Finds the process that holds a write lock on a file in the system's table of locks.
///
/// Only Linux has one (proc(5)), and only for its own processes.
#[cfg(unix)]
fn holder_of(file: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;
    let inode = fs::metadata(file).ok()?.ino().to_string();
    let locks = fs::read_to_string("/proc/locks").ok()?;
    let numbers = locks.lines().filter_map(|line| {
        // `1: POSIX ADVISORY WRITE 1234 08:01:5678 128 128`; `->` before the kind is a waiter.
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, kind, _, "WRITE", number, id, ..] = fields.as_slice() else { return None };
        let is_meant = *kind == "POSIX" && id.rsplit(':').next() == Some(inode.as_str());
        number.parse().ok().filter(|number| is_meant && *number != std::process::id())
    });
    numbers.map(name).next()
}

/// Finds the process that writes to an SQLite database, or blocks writers.
pub fn writer_of(database: &Path) -> Option<String> {
    let database = fs::canonicalize(database).ok()?;
    let mut shared = database.clone().into_os_string();
    // With a write-ahead log the locks are on the file beside.
    shared.push("-shm");
    holder_of(&database).or_else(|| holder_of(Path::new(&shared)))
}

/// Locks can't be looked up on this system.
#[cfg(not(unix))]
fn holder_of(_file: &Path) -> Option<String> {
    None
}

/// Returns the name of a process for people.
fn name(number: u32) -> String {
    match fs::read_to_string(format!("/proc/{number}/comm")) {
        Ok(name) => format!("process {number} ({})", name.trim()),
        Err(_) => format!("process {number}"),
    }
}

impl std::fmt::Display for Process {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let started = if self.started.is_empty() { "-" } else { &self.started };
        write!(formatter, "{} {started} {}", self.number, self.host)
    }
}

fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// Returns the start time of a process in ticks since boot (proc(5), field 22).
fn started(number: u32) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The name in parentheses may contain anything; field 3 follows it.
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    // A zombie has ended, and only waits to be reaped.
    let is_dead = matches!(fields.next()?, "Z" | "X");
    fields.nth(18).filter(|_| !is_dead).map(str::to_owned)
}

/// Tells whether a process of that number exists, whichever user owns it.
#[cfg(unix)]
fn answers(number: u32) -> bool {
    use rustix::process::{Pid, test_kill_process};
    let process = i32::try_from(number).ok().and_then(Pid::from_raw);
    process.is_some_and(|it| test_kill_process(it) != Err(rustix::io::Errno::SRCH))
}

/// Processes can't be looked up on this system.
#[cfg(not(unix))]
fn answers(_number: u32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_written_and_read() {
        let current = Process::current();
        assert_eq!(Process::parse(&current.to_string()), Some(current.clone()));
        assert_eq!(current.life(), Life::Ended);
        assert_eq!(Process::parse(""), None);
        assert_eq!(Process::parse("x 1 h"), None);
    }

    #[test]
    fn another_process_lives_until_it_ends() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let number = child.id();
        let process =
            Process { host: host(), number, started: started(number).unwrap_or_default() };
        assert_eq!(process.life(), Life::Goes);
        #[cfg(unix)]
        assert!(answers(number));
        child.kill().unwrap();
        // Until it is reaped it is a zombie, which counts as ended.
        while process.life() == Life::Goes {
            std::thread::yield_now();
        }
        child.wait().unwrap();
        assert_eq!(process.life(), Life::Ended);
        assert!(!answers(number));
        let elsewhere = Process { host: "elsewhere".to_owned(), ..process };
        assert_eq!(elsewhere.life(), Life::Unknown);
    }
}
