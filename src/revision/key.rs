//! The keys of a header: their spelling, their values, and their errors.
//!
//! It handles a line at a time; `header` reads the block.

use std::time::Duration;

use thiserror::Error;

use crate::duration;
use crate::revision::id::{NameError, check_name};

/// The keys of a script's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The key `Revision ID`.
    RevisionId,
    /// The key `Revises`: parents.
    Revises,
    /// The key `Create Date`.
    CreateDate,
    /// The key `Branch Labels`.
    BranchLabels,
    /// The key `Depends On`.
    DependsOn,
    /// The key `Transaction`.
    Transaction,
    /// The key `Foreign Keys`.
    ForeignKeys,
    /// The key `Variables`.
    Variables,
    /// The key `Lock Timeout`.
    LockTimeout,
    /// The key `Statement Timeout`.
    StatementTimeout,
    /// The key `Run By`: a script or a program.
    RunBy,
    /// The key `Irreversible`.
    Irreversible,
}

/// Every key with its spelling, in the order of writing.
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

/// A fault in a header, with its line and column.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}")]
pub struct HeaderError {
    /// The line number, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The kind of fault, with its data.
    pub problem: HeaderProblem,
}

/// The kind of fault in a header.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum HeaderProblem {
    /// The file doesn't begin with comments that include a `Revision ID`.
    #[error("the header has no `Revision ID`")]
    NoRevisionId,
    /// The first line is a key instead of the message.
    #[error("the header begins with `{key}`; its first line is the message")]
    NoMessage { key: &'static str },
    /// A key resembles a known one.
    #[error("unknown key `{found}` in the header; `{meant}` is one")]
    UnknownKey { found: String, meant: &'static str },
    /// A key is given twice.
    #[error("`{key}` is given twice in the header")]
    Twice { key: &'static str },
    /// An id or label has a character that is not allowed.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A list has the same name twice.
    #[error("`{name}` is named twice")]
    NamedTwice { name: String },
    /// The value of a key is not allowed.
    #[error("`{key}` can't be `{value}`; it is {allowed}")]
    Value { key: &'static str, value: String, allowed: &'static str },
    /// Git left a conflict marker in the header.
    #[error("an unresolved merge conflict")]
    ConflictMarker,
}

/// Whether a script shares a transaction with its row in the version table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wrapping {
    /// Script and row are in one transaction.
    #[default]
    Transaction,
    /// Each statement stands alone: `-- Transaction: none`.
    None,
}

/// Whether SQLite enforces foreign keys while a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ForeignKeys {
    /// Foreign keys are off, and checked at the end: the way that table rebuilds need.
    #[default]
    Checked,
    /// Foreign keys are enforced: `-- Foreign Keys: on`.
    Enforced,
}

/// The executor of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunBy {
    /// The scripts of the revision, as SQL.
    #[default]
    Script,
    /// Code of the program that embeds the project: `-- Run By: program`.
    Program,
}

/// Splits the `Key: value` after `--`.
pub(crate) fn split_key(comment: &str) -> Option<(Key, &str)> {
    // Much quicker than a search for a character where the text is so short.
    let colon = comment.bytes().position(|byte| byte == b':')?;
    let (name, value) = (comment.get(..colon)?.trim(), comment.get(colon + 1..)?);
    let (key, _) = KEYS.iter().find(|(_, known)| known.eq_ignore_ascii_case(name))?;
    Some((*key, value.trim()))
}

/// Returns the column at which the value of `Key: value` begins, from 1.
pub(crate) fn value_column(comment: &str) -> usize {
    let (name, value) = comment.split_once(':').unwrap_or_default();
    name.chars().count() + 4 + blanks(value.trim_end())
}

/// Counts leading blanks.
pub(crate) fn blanks(text: &str) -> usize {
    text.chars().take_while(|c| c.is_whitespace()).count()
}

/// Refuses a comment whose key is a probable typo of a known one.
///
/// `-- Revise: 1975ea83b712` read as a comment would make a base of the revision.
pub(crate) fn near_key(comment: &str) -> Result<(), HeaderProblem> {
    let Some((name, _)) = comment.split_once(':') else { return Ok(()) };
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

/// Splits a comma-separated list; an empty text is an empty list.
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

/// Parses the reason for irreversibility, which must be given.
pub(crate) fn reason(value: &str) -> Result<String, HeaderProblem> {
    if value.is_empty() {
        return Err(other(Key::Irreversible, value, "the reason, in a few words"));
    }
    Ok(value.to_owned())
}

/// Parses a timeout; `0` is forever, whatever the configuration says.
pub(crate) fn timeout(key: Key, value: &str) -> Result<Duration, HeaderProblem> {
    let allowed = "a duration such as `500ms`, `5s` or `10min`";
    duration::parse(value).ok_or_else(|| other(key, value, allowed))
}
