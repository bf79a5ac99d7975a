//! The reasons why the configuration cannot be used. No variant keeps the value of a URL or of a
//! variable.

use std::io;
use std::path::PathBuf;

use crate::config::{FileTemplateError, KEYS, Origin, TOP_LEVEL, VersionTableError};
use crate::near::nearest;
use crate::place::Place;
use crate::url::UrlError;

/// Why the configuration cannot be used.
///
/// A message says what is wrong; [`ConfigError::place`] says where, for the printer to put in
/// front and to draw a caret under. The excerpt of a place is empty where it may hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum ConfigError {
    /// The process has no working folder that can be named.
    #[error("the working folder cannot be determined")]
    WorkingFolder { source: io::Error },
    /// There is no `migrate.toml` here, nor in a parent folder.
    #[error("no `migrate.toml` in `{}` or its parent folders", searched_from.display())]
    NotFound { searched_from: PathBuf },
    /// The configuration file that was named does not exist.
    #[error("there is no file `{}`", file.display())]
    Missing { file: PathBuf },
    /// A folder stands where the configuration file should.
    #[error("`{}` is a folder, not a file", file.display())]
    IsFolder { file: PathBuf },
    /// A file cannot be read.
    #[error("`{}` cannot be read", file.display())]
    Read { file: PathBuf, source: io::Error },
    /// A file is not UTF-8.
    #[error("`{}` is not UTF-8", place.file.display())]
    NotUtf8 { place: Box<Place> },
    /// The configuration file is not TOML.
    #[error("{message}")]
    Syntax { place: Box<Place>, message: String },
    /// A line of the `.env` file is not `NAME=VALUE`.
    #[error("`{}` has a line that is not NAME=VALUE", file.display())]
    DotEnv {
        /// The path of the `.env` file.
        file: PathBuf,
        place: Option<Box<Place>>,
    },
    /// A key of the configuration file is unknown.
    #[error("unknown key `{key}` in {table}")]
    UnknownKey {
        place: Box<Place>,
        key: String,
        /// The table, such as `[env.production]`.
        table: String,
        nearest: Option<&'static str>,
    },
    /// A required key is missing.
    #[error("`{key}` is missing in {table}")]
    MissingKey {
        place: Box<Place>,
        key: &'static str,
        /// The table, such as `[[hooks.post_write]]`.
        table: String,
    },
    /// A value has the wrong type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType { place: Box<Place>, key: String, expected: &'static str, found: &'static str },
    /// A text or list that must not be empty is.
    #[error("`{key}` is empty")]
    Empty { place: Box<Place>, key: String },
    /// A value is none of those allowed.
    #[error("`{key}` is `{value}`, but must be {}", one_of(allowed))]
    NotOneOf { place: Box<Place>, key: String, value: String, allowed: &'static [&'static str] },
    /// A number is out of range.
    #[error("`{key}` must be from {minimum} to {maximum}")]
    OutOfRange { place: Box<Place>, key: String, minimum: usize, maximum: usize },
    /// A lock timeout is not a duration.
    #[error(
        "the lock timeout `{value}`{} is not a duration: write `60s`, `500ms` or `2m`",
        of(origin)
    )]
    LockTimeout { origin: Origin, value: String },
    /// Another setting is not a duration.
    #[error("`{key}` is `{value}`, but must be a duration such as `500ms`, `5s` or `10min`")]
    NoDuration {
        origin: Origin,
        /// The key or the flag of the setting.
        key: String,
        value: String,
    },
    /// The version table's name is unusable.
    #[error("`version_table` cannot be used")]
    VersionTable { place: Box<Place>, source: VersionTableError },
    /// The template of file names is unusable.
    #[error("`file_template` cannot be used")]
    FileTemplate { place: Box<Place>, source: FileTemplateError },
    /// The minimum version of `SQLite` is not a version number.
    #[error("`sqlite_min_version` is not a version: write it like `3.35` or `3.35.0`")]
    SqliteVersion { place: Box<Place> },
    /// `migrate.toml` has no environment of this name.
    #[error("no environment `{name}` (from {origin}): {}", environments(known))]
    UnknownEnvironment { name: String, origin: Origin, known: Vec<String> },
    /// An environment variable that a value needs is not set.
    #[error("`{key}` needs the environment variable `{variable}`, which is not set")]
    UnsetVariable { place: Box<Place>, key: String, variable: String },
    /// The value of an environment variable is not Unicode.
    #[error("the environment variable `{variable}` is not UTF-8")]
    VariableNotUtf8 { variable: String },
    /// A `${` that does not begin `${NAME}` or `${NAME:-default}`.
    #[error(
        "`{key}` contains a `${{` that begins neither `${{NAME}}` nor `${{NAME:-default}}`: \
         write `$${{` for the characters themselves"
    )]
    Placeholder { place: Box<Place>, key: String },
    /// An argument of `-x` is not `KEY=VALUE`; it is not kept, as it may be a secret.
    #[error("argument {position} of `-x` is not KEY=VALUE")]
    VariableArgument {
        /// The number of the `-x`, counted from 1.
        position: usize,
    },
    /// `-x` gives a variable that no header declares, and whose name resembles a declared one.
    #[error("no header declares the variable `{name}` of `-x`")]
    UndeclaredVariable { name: String, near: String },
    /// A password file can be read by other users.
    #[error("the password file `{}` can be read by other users: its mode must be 0600", file.display())]
    OpenPasswordFile { file: PathBuf },
    /// A program gives an unusable name for the version table.
    #[error("the version table can't be named `{name}`")]
    GivenVersionTable { name: String, source: VersionTableError },
    /// No database URL is configured.
    #[error("no database url is configured")]
    NoUrl,
    /// A MySQL URL names no database.
    #[error("the database url `{url}` names no database")]
    NoDatabase { url: String },
    /// A database URL cannot be parsed.
    #[error("the database url{} cannot be used", of(origin))]
    Url { origin: Origin, source: UrlError },
    /// A connection setting in an environment variable is invalid.
    #[error("the variable {origin} cannot be used")]
    ConnectionVariable { origin: Origin, source: UrlError },
}

impl ConfigError {
    /// Returns the position in a file at which the error occurred, if there is one.
    #[expect(clippy::wildcard_enum_match_arm, reason = "many errors have no place")]
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::NotUtf8 { place }
            | Self::Syntax { place, .. }
            | Self::UnknownKey { place, .. }
            | Self::MissingKey { place, .. }
            | Self::WrongType { place, .. }
            | Self::Empty { place, .. }
            | Self::NotOneOf { place, .. }
            | Self::OutOfRange { place, .. }
            | Self::VersionTable { place, .. }
            | Self::FileTemplate { place, .. }
            | Self::SqliteVersion { place }
            | Self::UnsetVariable { place, .. }
            | Self::Placeholder { place, .. } => Some(place),
            Self::DotEnv { place, .. } => place.as_deref(),
            Self::LockTimeout { origin, .. }
            | Self::NoDuration { origin, .. }
            | Self::UnknownEnvironment { origin, .. }
            | Self::ConnectionVariable { origin, .. }
            | Self::Url { origin, .. } => match origin {
                Origin::File(place) => Some(place),
                Origin::Flag(_) | Origin::Variable(_) | Origin::DotEnv(_) | Origin::Program => None,
            },
            _ => None,
        }
    }

    /// Returns a suggestion: the most similar known name as a question, or where the value belongs.
    pub fn hint(&self) -> Option<String> {
        let name = if let Self::UnknownKey { nearest, key, table, .. } = self {
            if table == TOP_LEVEL && KEYS.contains(&key.as_str()) {
                return Some(format!("`{key}` belongs below a line `[migrate]`"));
            }
            *nearest
        } else if let Self::UndeclaredVariable { near, .. } = self {
            Some(near.as_str())
        } else if let Self::NotOneOf { value, allowed, .. } = self {
            nearest(value, allowed.iter().copied())
        } else if let Self::Url { source: UrlError::UnknownParameter { key, known, .. }, .. } = self
        {
            nearest(key, known.iter().copied())
        } else if let Self::UnknownEnvironment { name, known, .. } = self {
            nearest(name, known.iter().map(String::as_str))
        } else {
            None
        };
        name.map(|name| format!("did you mean `{name}`?"))
    }
}

/// Names the source of a value, unless it is a place: the printer puts places in front.
fn of(origin: &Origin) -> String {
    match origin {
        Origin::File(_) | Origin::Program => String::new(),
        Origin::Flag(_) | Origin::Variable(_) | Origin::DotEnv(_) => format!(" of {origin}"),
    }
}

fn one_of(allowed: &[&str]) -> String {
    let allowed: Vec<String> = allowed.iter().map(|value| format!("`{value}`")).collect();
    allowed.join(" or ")
}

fn environments(known: &[String]) -> String {
    if known.is_empty() {
        return "`migrate.toml` has none".to_owned();
    }
    let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    format!("known are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_stays_small() {
        assert!(size_of::<ConfigError>() < 128);
    }
}
