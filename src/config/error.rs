//! Why the configuration cannot be used. No variant keeps the value of a URL or of a variable.

use std::io;
use std::path::PathBuf;

use crate::config::section::KEYS;
use crate::config::table::TOP_LEVEL;
use crate::config::{FileTemplateError, Origin, VersionTableError};
use crate::near::nearest;
use crate::place::Place;
use crate::url::UrlError;

/// Why the configuration cannot be used.
///
/// A message says what is wrong; [`ConfigError::place`] says where, for the printer to put in
/// front and to draw a caret under. The excerpt of a place is empty where it may hold a secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The process has no working folder that can be named.
    #[error("the working folder cannot be determined")]
    WorkingFolder {
        /// What the system says.
        source: io::Error,
    },
    /// There is no `migrate.toml` here, nor in a parent folder.
    #[error("no `migrate.toml` in `{}` or its parent folders", searched_from.display())]
    NotFound {
        /// The folder where the search began.
        searched_from: PathBuf,
    },
    /// The configuration file that was named does not exist.
    #[error("there is no file `{}`", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
    },
    /// A folder stands where the configuration file should.
    #[error("`{}` is a folder, not a file", file.display())]
    IsFolder {
        /// The folder.
        file: PathBuf,
    },
    /// A file cannot be read.
    #[error("`{}` cannot be read", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not UTF-8.
    #[error("`{}` is not UTF-8", place.file.display())]
    NotUtf8 {
        /// The first byte that is not.
        place: Box<Place>,
    },
    /// The configuration file is not TOML.
    #[error("{message}")]
    Syntax {
        /// Where.
        place: Box<Place>,
        /// What the TOML parser says.
        message: String,
    },
    /// A line of the `.env` file is not `NAME=VALUE`.
    #[error("`{}` has a line that is not NAME=VALUE", file.display())]
    DotEnv {
        /// The file.
        file: PathBuf,
        /// The line, where it can be told.
        place: Option<Box<Place>>,
    },
    /// A key that is not known.
    #[error("unknown key `{key}` in {table}")]
    UnknownKey {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// The table, such as `[env.production]`.
        table: String,
        /// The known key that is most like it.
        nearest: Option<&'static str>,
    },
    /// A key that must be there is not.
    #[error("`{key}` is missing in {table}")]
    MissingKey {
        /// The table.
        place: Box<Place>,
        /// The key.
        key: &'static str,
        /// The table, such as `[[hooks.post_write]]`.
        table: String,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// What is wanted.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// A text or list that must not be empty.
    #[error("`{key}` is empty")]
    Empty {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
    },
    /// A value that is none of those allowed.
    #[error("`{key}` is `{value}`, but must be {}", one_of(allowed))]
    NotOneOf {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// The value.
        value: String,
        /// The values allowed.
        allowed: &'static [&'static str],
    },
    /// A number beyond its bounds.
    #[error("`{key}` must be from {minimum} to {maximum}")]
    OutOfRange {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// The least allowed.
        minimum: usize,
        /// The most allowed.
        maximum: usize,
    },
    /// A lock timeout that is no duration.
    #[error(
        "the lock timeout `{value}`{} is no duration: write `60s`, `500ms` or `2m`",
        of(origin)
    )]
    LockTimeout {
        /// Where it came from.
        origin: Origin,
        /// The text.
        value: String,
    },
    /// Another duration that is none.
    #[error("`{key}` is `{value}`, but must be a duration such as `500ms`, `5s` or `10min`")]
    NoDuration {
        /// Where it came from.
        origin: Origin,
        /// The key, or the flag.
        key: String,
        /// The text.
        value: String,
    },
    /// A version table with an unusable name.
    #[error("`version_table` cannot be used")]
    VersionTable {
        /// Where.
        place: Box<Place>,
        /// Why.
        source: VersionTableError,
    },
    /// An unusable template of file names.
    #[error("`file_template` cannot be used")]
    FileTemplate {
        /// Where.
        place: Box<Place>,
        /// Why.
        source: FileTemplateError,
    },
    /// An `SQLite` version that is none.
    #[error("`sqlite_min_version` is no version: write it like `3.35` or `3.35.0`")]
    SqliteVersion {
        /// Where.
        place: Box<Place>,
    },
    /// An environment that `migrate.toml` does not have.
    #[error("no environment `{name}` (from {origin}): {}", environments(known))]
    UnknownEnvironment {
        /// The name asked for.
        name: String,
        /// Where it came from.
        origin: Origin,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A variable that a value needs is not set.
    #[error("`{key}` needs the environment variable `{variable}`, which is not set")]
    UnsetVariable {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// The variable.
        variable: String,
    },
    /// A variable whose value is not Unicode.
    #[error("the environment variable `{variable}` is not UTF-8")]
    VariableNotUtf8 {
        /// The variable.
        variable: String,
    },
    /// A `${` that does not begin `${NAME}` or `${NAME:-default}`.
    #[error(
        "`{key}` holds a `${{` that begins neither `${{NAME}}` nor `${{NAME:-default}}`: \
         write `$${{` for the characters themselves"
    )]
    Placeholder {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
    },
    /// An argument of `-x` that is not `KEY=VALUE`; it is not kept, as it may be a secret.
    #[error("argument {position} of `-x` is not KEY=VALUE")]
    VariableArgument {
        /// The how manieth `-x`, from 1.
        position: usize,
    },
    /// `-x` gives a variable that no head declares, and that looks like one that is declared.
    #[error("no head declares the variable `{name}` of `-x`")]
    UndeclaredVariable {
        /// The variable.
        name: String,
        /// The one that may be meant.
        near: String,
    },
    /// A password file that other users can read.
    #[error("the password file `{}` can be read by others: its mode must be 0600", file.display())]
    OpenPasswordFile {
        /// The file.
        file: PathBuf,
    },
    /// A program gives a name for the version table that it can't have.
    #[error("the version table can't be named `{name}`")]
    GivenVersionTable {
        /// The name.
        name: String,
        /// Why.
        source: VersionTableError,
    },
    /// No database URL is configured.
    #[error("no database url is configured")]
    NoUrl,
    /// A URL of MySQL that names no database.
    #[error("the database url `{url}` names no database")]
    NoDatabase {
        /// The URL, without its password.
        url: String,
    },
    /// A database URL that does not parse.
    #[error("the database url{} cannot be used", of(origin))]
    Url {
        /// Where it came from.
        origin: Origin,
        /// Why.
        source: UrlError,
    },
    /// A variable of the environment that says how to connect, and can't.
    #[error("the variable {origin} cannot be used")]
    ConnectionVariable {
        /// The variable.
        origin: Origin,
        /// Why.
        source: UrlError,
    },
}

impl ConfigError {
    /// Returns the place that the error is about, if it is in a file.
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
            Self::WorkingFolder { .. }
            | Self::NotFound { .. }
            | Self::Missing { .. }
            | Self::IsFolder { .. }
            | Self::Read { .. }
            | Self::VariableNotUtf8 { .. }
            | Self::VariableArgument { .. }
            | Self::UndeclaredVariable { .. }
            | Self::OpenPasswordFile { .. }
            | Self::GivenVersionTable { .. }
            | Self::NoDatabase { .. }
            | Self::NoUrl => None,
        }
    }

    /// Returns the known name that the wrong one is most like, as a question, or where it belongs.
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

/// Names where a value came from, unless it is a place: the printer puts places in front.
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
