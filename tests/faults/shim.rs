//! A library that stands between the program and its files, and fails on demand.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::project::{Project, Run};

/// What happens at an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The process is killed before it.
    Kill,
    /// Half of a write is done, then the process is killed.
    Torn,
    /// It fails with EIO.
    Broken(How),
    /// It fails with ENOSPC.
    Full(How),
}

/// Whether what comes after fails too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Once,
    FromThenOn,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Kill,
        Self::Torn,
        Self::Broken(How::Once),
        Self::Broken(How::FromThenOn),
        Self::Full(How::Once),
        Self::Full(How::FromThenOn),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Torn => "torn",
            Self::Broken(_) => "eio",
            Self::Full(_) => "enospc",
        }
    }

    /// Returns its place among all.
    pub(crate) fn number(self) -> u32 {
        Self::ALL.iter().zip(0..).find(|(kind, _)| **kind == self).map_or(0, |(_, at)| at)
    }

    fn goes_on(self) -> bool {
        matches!(self, Self::Broken(How::FromThenOn) | Self::Full(How::FromThenOn))
    }
}

/// Returns the library, compiled once.
pub(crate) fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_folder, path) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shim.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/shim.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&path).arg(source).arg("-ldl");
        let status = compiler.status().expect("the fault loops need a C compiler, `cc`");
        assert!(status.success(), "shim.c doesn't compile");
        (folder, path)
    });
    path
}

/// Runs the program with a fault at one of its operations; tells whether it came so far.
pub(crate) fn run_with_fault(
    project: &Project,
    kind: Kind,
    number: u32,
    arguments: &[&str],
) -> Option<Run> {
    let mark = project.path("mark");
    let mut command = project.command(arguments);
    command.env("LD_PRELOAD", library()).env("FAULT_PATH", ".db").env("FAULT_MARK", &mark);
    command.env("FAULT_KIND", kind.name()).env("FAULT_AT", number.to_string());
    command.env("FAULT_ON", if kind.goes_on() { "1" } else { "0" });
    let run = Run::from(command.output().unwrap());
    if std::fs::remove_file(mark).is_ok() {
        return Some(run);
    }
    assert_eq!(run.code, Some(0), "no fault, and yet: {run:?}");
    None
}

/// Runs the program where nothing that matches can be opened to be written.
pub(crate) fn run_read_only(project: &Project, arguments: &[&str]) -> Run {
    let mut command = project.command(arguments);
    command.env("LD_PRELOAD", library()).env("FAULT_PATH", "app.db").env("FAULT_KIND", "readonly");
    command.output().unwrap().into()
}
