//! The keys of a head: their spelling, what they may say, and what is wrong otherwise.
//!
//! It knows one line at a time; `header` reads the block.

use std::time::Duration;

use thiserror::Error;

use crate::duration;
use crate::revision::id::{NameError, check_name};

/// The keys of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// `Revision ID`
    RevisionId,
    /// `Revises`
    Revises,
    /// `Create Date`
    CreateDate,
    /// `Branch Labels`
    BranchLabels,
    /// `Depends On`
    DependsOn,
    /// `Transaction`
    Transaction,
    /// `Foreign Keys`
    ForeignKeys,
    /// `Variables`
    Variables,
    /// `Lock Timeout`
    LockTimeout,
    /// `Statement Timeout`
    StatementTimeout,
    /// `Run By`
    RunBy,
    /// `Irreversible`
    Irreversible,
}

/// Every key with its spelling, in the order in which they are written.
const KEYS: [(Key, &str); 12] = [
    (Key::RevisionId, "Revision ID"),
    (Key::Revises, "Revises"),
    (Key::CreateDate, "Create Date"),
    (Key::BranchLabels, "Branch Labels"),
    (Key::DependsOn, "Depends On"),
    (Key::Transaction, "Transaction"),
    (Key::ForeignKeys, "Foreign Keys"),
    (Key::Variables, "Variables"),
    (Key::LockTimeout, "Lock Timeout"),
    (Key::StatementTimeout, "Statement Timeout"),
    (Key::RunBy, "Run By"),
    (Key::Irreversible, "Irreversible"),
];

/// A head that can't be used, and on which line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct HeaderError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: HeaderProblem,
}

/// What is wrong with a head.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeaderProblem {
    /// The file doesn't open with comments that hold a `Revision ID`.
    #[error("the head has no `Revision ID`")]
    NoRevisionId,
    /// A key stands in the first line, which is the message.
    #[error("the head begins with `{key}`; its first line is the message")]
    NoMessage {
        /// The key.
        key: &'static str,
    },
    /// A key looks like a known one.
    #[error("unknown key `{found}` in the head; `{meant}` is one")]
    UnknownKey {
        /// What stands there.
        found: String,
        /// The nearest known key.
        meant: &'static str,
    },
    /// A key stands there twice.
    #[error("`{key}` stands twice in the head")]
    Twice {
        /// The key.
        key: &'static str,
    },
    /// An id or a label holds a character that it can't.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A list names something twice.
    #[error("`{name}` is named twice")]
    NamedTwice {
        /// The name.
        name: String,
    },
    /// A key has a value that it can't have.
    #[error("`{key}` can't be `{value}`; it is {allowed}")]
    Value {
        /// The key.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// Git left a conflict in the head.
    #[error("an unresolved merge conflict")]
    ConflictMarker,
}

/// Whether a script runs inside a transaction with its version row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrapping {
    /// In one transaction with its row.
    #[default]
    Transaction,
    /// Statement by statement, `-- Transaction: none`.
    None,
}

/// Whether SQLite enforces foreign keys while a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForeignKeys {
    /// Not enforced, and checked at the end: the way that table rebuilds need.
    #[default]
    Checked,
    /// Enforced, `-- Foreign Keys: on`.
    Enforced,
}

/// Who runs a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunBy {
    /// We do: its scripts are SQL.
    #[default]
    Script,
    /// Code of the program that embeds the project, `-- Run By: program`.
    Program,
}

/// Splits `Key: value`, what follows `--`.
pub(crate) fn split_key(comment: &str) -> Option<(Key, &str)> {
    // Much quicker than a search for a character where the text is so short.
    let colon = comment.bytes().position(|byte| byte == b':')?;
    let (name, value) = (comment.get(..colon)?.trim(), comment.get(colon + 1..)?);
    let (key, _) = KEYS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name))?;
    Some((*key, value.trim()))
}

/// Returns the column in its line at which the value of `Key: value` stands, from 1.
pub(crate) fn value_column(comment: &str) -> usize {
    let (name, value) = comment.split_once(':').unwrap_or_default();
    name.chars().count() + 4 + blanks(value.trim_end())
}

/// Counts the blanks that a text begins with.
pub(crate) fn blanks(text: &str) -> usize {
    text.chars().take_while(|c| c.is_whitespace()).count()
}

/// Refuses a comment whose key is a slip of the pen away from a known one.
///
/// `-- Revise: 1975ea83b712` read as a comment would make a base of the revision.
pub(crate) fn near_key(comment: &str) -> Result<(), HeaderProblem> {
    let Some((name, _)) = comment.split_once(':') else {
        return Ok(());
    };
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    let near = KEYS.iter().find(|(_, known)| {
        let known = known.to_ascii_lowercase();
        let squeezed: String = lower.replace(['_', '-', ' '], "");
        squeezed == known.replace(' ', "") || strsim::damerau_levenshtein(&lower, &known) <= 2
    });
    match near {
        Some((_, meant)) => Err(HeaderProblem::UnknownKey { found: name.to_owned(), meant }),
        None => Ok(()),
    }
}

pub(crate) fn spelling(key: Key) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, text)| text)
}

/// Splits a comma separated list; an empty text is an empty list.
pub(crate) fn list(value: &str) -> Result<Vec<&str>, HeaderProblem> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    let res: Vec<&str> = value.split(',').map(str::trim).collect();
    for (at, name) in res.iter().enumerate() {
        if res.iter().take(at).any(|known| known == name) {
            return Err(HeaderProblem::NamedTwice { name: (*name).to_owned() });
        }
    }
    Ok(res)
}

pub(crate) fn names(value: &str) -> Result<Vec<String>, HeaderProblem> {
    let res = list(value)?;
    for name in &res {
        check_name(name)?;
    }
    Ok(res.into_iter().map(str::to_owned).collect())
}

pub(crate) fn wrapping(value: &str) -> Result<Wrapping, HeaderProblem> {
    word(Key::Transaction, value, &[("none", Wrapping::None)], "`none` or left out")
}

pub(crate) fn foreign_keys(value: &str) -> Result<ForeignKeys, HeaderProblem> {
    let words = [("on", ForeignKeys::Enforced), ("off", ForeignKeys::Checked)];
    word(Key::ForeignKeys, value, &words, "`on` or `off`")
}

pub(crate) fn run_by(value: &str) -> Result<RunBy, HeaderProblem> {
    word(Key::RunBy, value, &[("program", RunBy::Program)], "`program` or left out")
}

fn word<T: Copy>(
    key: Key,
    value: &str,
    words: &[(&str, T)],
    allowed: &'static str,
) -> Result<T, HeaderProblem> {
    let found = words.iter().find(|(word, _)| value.eq_ignore_ascii_case(word));
    found.map(|(_, meaning)| *meaning).ok_or_else(|| other(key, value, allowed))
}

/// Refuses a value that a key can't have.
fn other(key: Key, value: &str, allowed: &'static str) -> HeaderProblem {
    HeaderProblem::Value { key: spelling(key), value: value.to_owned(), allowed }
}

/// Reads why a revision can't be taken back, which has to be said.
pub(crate) fn reason(value: &str) -> Result<String, HeaderProblem> {
    if value.is_empty() {
        return Err(other(Key::Irreversible, value, "the reason, in a few words"));
    }
    Ok(value.to_owned())
}

/// Reads how long something may take; `0` is for ever, whatever the configuration says.
pub(crate) fn timeout(key: Key, value: &str) -> Result<Duration, HeaderProblem> {
    let allowed = "a duration such as `500ms`, `5s` or `10min`";
    duration::parse(value).ok_or_else(|| other(key, value, allowed))
}
