//! A folder with a project of one revision, and the program run in it.

use std::fs;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: TempDir,
    url: String,
}

impl Project {
    /// Makes a folder with a configuration.
    pub(crate) fn new(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("versions")).unwrap();
        fs::write(folder.path().join("migrate.toml"), "[migrate]\n").unwrap();
        Self { folder, url: url.to_owned() }
    }

    /// Makes a folder with the sample project.
    pub(crate) fn sample(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let res = Self { folder, url: url.to_owned() };
        res.done(&["init", "--template", "jwt-auth", "--url", url]);
        res
    }

    /// Writes the only revision, whose up script has this body.
    pub(crate) fn write(&self, body: &str, down: &str) {
        self.write_with("", body, down);
    }

    /// Writes it with further lines of its header.
    pub(crate) fn write_with(&self, lines: &str, body: &str, down: &str) {
        let head = format!(
            "-- what was there\n--\n-- Revision ID: d1\n-- Revises:\n\
             -- Create Date: 2026-01-01T00:00:00Z\n{lines}\n"
        );
        let versions = self.folder.path().join("versions");
        fs::write(versions.join("d1.up.sql"), format!("{head}{body}")).unwrap();
        fs::write(versions.join("d1.down.sql"), down).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_migrate"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        command.env("MIGRATE_URL", &self.url);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts the program.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs the program, which must succeed.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }

    /// Runs the program, which must fail, and returns its error.
    #[track_caller]
    pub(crate) fn error(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["--json"], arguments].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["error"].clone()
    }
}
