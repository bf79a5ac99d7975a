//! Helpers of this module's tests: a temporary folder, reading it, and the text of errors.

use std::error::Error;
use std::path::{Path, PathBuf};

use crate::config::table::{TomlTable, parse};
use crate::config::{Config, ConfigError, Document, Environment, Overrides};
use tempfile::TempDir;

/// A temporary folder, removed when dropped.
pub(crate) struct Folder {
    path: PathBuf,
    _folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().canonicalize().unwrap(), _folder: folder }
    }

    pub(crate) fn of(text: &str) -> Self {
        let res = Self::new();
        res.write("migrate.toml", text);
        res
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Loads the configuration in a folder below.
    pub(crate) fn load(
        &self,
        below: &str,
        overrides: &Overrides,
        variables: &[(&str, &str)],
    ) -> Result<Config, ConfigError> {
        let env = Environment::new(self.path.join(below), variables.iter().copied());
        Config::load(overrides, &env)
    }
}

/// Reads a part of a file.
pub(crate) fn read<T>(
    text: &str,
    read: impl FnOnce(&TomlTable<'_>) -> Result<T, ConfigError>,
) -> Result<T, ConfigError> {
    let document = Document { file: "migrate.toml".into(), text: text.to_owned() };
    let root = parse(&document)?;
    read(&TomlTable::root(&document, &root))
}

/// Tells where an error is and what it says, as a message does.
pub(crate) fn told(error: &ConfigError) -> String {
    let place = error.place().unwrap();
    format!("{}:{}: {error}", place.line, place.column)
}

/// Checks that nothing of an error holds what must not be shown.
#[track_caller]
pub(crate) fn keeps_secrets(error: &ConfigError) {
    let source = error.source().map(|source| format!("{source} {source:?}"));
    let shown = format!("{error} {error:?} {source:?} {:?}", error.hint());
    for secret in ["3cr3", "hunter2"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
