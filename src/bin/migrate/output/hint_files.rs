//! Hints on unreadable or unwritable files, and on invalid durations.

use std::io::{Error as IoError, ErrorKind};

use limbeck::Error;
use limbeck::config::ConfigError;
use limbeck::error::QueryError;
use limbeck::revision::{HeaderProblem, RevisionError};
use limbeck::script::ScriptError;

const DURATION: &str =
    "a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds";

/// Returns the hint for an error in a file, or in a duration.
pub(super) fn hint(error: &Error) -> Option<String> {
    let text = match error {
        Error::Write { source, .. } => write(source)?,
        Error::Revision(error) | Error::Script(ScriptError::Revision(error)) => script(error)?,
        Error::Config(ConfigError::Read { source, .. }) => {
            read(source).unwrap_or("put a file of text in its place, or name another")
        }
        Error::Config(ConfigError::IsFolder { .. }) => {
            "`-c FILE` names a configuration, which is a file"
        }
        Error::Config(ConfigError::NoDuration { .. } | ConfigError::LockTimeout { .. }) => DURATION,
        Error::Query(error) => match &**error {
            QueryError::Read { source, .. } => {
                read(source).unwrap_or("`-f` names a file of statements, and `-` is standard input")
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(text.to_owned())
}

fn script(error: &RevisionError) -> Option<&'static str> {
    Some(match error {
        RevisionError::Header { problem: HeaderProblem::Value { key, .. }, .. }
            if key.ends_with("Timeout") =>
        {
            "a duration is a number with `ms`, `s`, `min` or `h`, or a number of seconds, without quotes"
        }
        RevisionError::Read { source, .. } => read(source)?,
        RevisionError::Write { source, .. } => write(source)?,
        RevisionError::DeadLink { .. } => "restore the target of the link, or remove the link",
        _ => return None,
    })
}

fn read(error: &IoError) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::PermissionDenied => "check who may read it",
        ErrorKind::NotFound => "check its name and folder",
        _ => return None,
    })
}

fn write(error: &IoError) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::NotFound => "its folder is not there: make it first, or name another",
        ErrorKind::NotADirectory => "its folder is a file: choose another place",
        ErrorKind::IsADirectory => "it is a folder: name a file",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "check who may write there, or name another place"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room there, or name another place"
        }
        _ => return None,
    })
}
