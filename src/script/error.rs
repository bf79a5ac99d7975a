//! The reasons why a plan can't be compiled.

use thiserror::Error;

use crate::place::Place;
use crate::revision::{Operation, RevisionError, RevisionId};

/// The reason why a plan can't be compiled; nothing has run then.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum ScriptError {
    /// A script can't be read.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The script can't be formatted as text.
    #[error("can't write the script")]
    Write(#[from] std::fmt::Error),
    /// A script can't be split into statements.
    #[error("{problem}")]
    Split { place: Box<Place>, problem: crate::sql::SplitError },
    /// A script exceeds the limit for the offsets of statements.
    #[error("the script `{}` is longer than 4 GiB", file.display())]
    TooLong { file: std::path::PathBuf },
    /// A revision to be taken back has no down script.
    #[error("revision `{revision}` is irreversible: it has no down script")]
    Irreversible {
        revision: RevisionId,
        /// The expected path of the down script, if the revision has files.
        expected: Option<std::path::PathBuf>,
    },
    /// A revision to be taken back is irreversible according to its header.
    #[error("revision `{revision}` is irreversible: {reason}")]
    OneWay { revision: RevisionId, reason: String },
    /// The down script of a revision to be taken back is not written yet.
    #[error("the down script of revision `{revision}` is not written yet")]
    Unwritten { place: Box<Place>, revision: RevisionId, is_stored: bool },
    /// A script that runs in a transaction contains a transaction statement.
    #[error("`{keyword}` in a script that runs in a transaction")]
    TransactionControl { place: Box<Place>, keyword: &'static str },
    /// A script creates, changes, drops or writes a bookkeeping table.
    #[error("`{table}` records the applied revisions, and no script may change it")]
    OwnTable { place: Box<Place>, table: String },
    /// A script without a transaction opens one and doesn't end it.
    #[error("the transaction that `{keyword}` opens isn't ended by the script")]
    LeftOpen { place: Box<Place>, keyword: &'static str },
    /// A script uses a variable that has no value.
    #[error("variable `{name}` has no value")]
    NoValue { place: Box<Place>, name: String },
    /// The finished part of a revision that has run in part was edited.
    #[error("revision `{revision}` was edited in its first {}", have_run(*done))]
    ResumedChanged { revision: RevisionId, done: usize },
    /// A revision that has run in part may depend on session state that is lost.
    #[error(
        "revision `{revision}` can't go on: its statement {statement}, which is done, left {what} in a \
         session that is gone"
    )]
    NotResumable {
        place: Option<Box<Place>>,
        revision: RevisionId,
        /// The number of the statement, from 1.
        statement: usize,
        what: String,
    },
    /// A revision is a program's code, and this program has none for it.
    #[error(
        "revision `{revision}` is code of a program, and there is none for its {operation} here"
    )]
    NoCode {
        /// The place in its header, if it has a file.
        place: Option<Box<Place>>,
        revision: RevisionId,
        operation: Operation,
    },
    /// The header of a revision in code has a key that doesn't apply.
    #[error("revision `{revision}` is code of a program, and {problem}")]
    CodeAnd { place: Box<Place>, revision: RevisionId, problem: &'static str },
    /// A run in one transaction includes statements that commit implicitly.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: {engine} commits \
         around one of its statements"
    )]
    CommitsByItself { place: Box<Place>, revision: RevisionId, engine: &'static str },
    /// A run in one transaction includes changes that can't be rolled back.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: this statement changes a \
         table without transactions"
    )]
    Lasts { place: Box<Place>, revision: RevisionId },
    /// A run in one transaction includes a revision whose header rules that out.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: its header says `{option}`"
    )]
    NotInOneTransaction { revision: RevisionId, option: &'static str },
}

impl ScriptError {
    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Revision(error) => error.place(),
            Self::Split { place, .. }
            | Self::TransactionControl { place, .. }
            | Self::OwnTable { place, .. }
            | Self::LeftOpen { place, .. }
            | Self::CommitsByItself { place, .. }
            | Self::Lasts { place, .. }
            | Self::CodeAnd { place, .. }
            | Self::Unwritten { place, .. }
            | Self::NoValue { place, .. } => Some(place),
            Self::NoCode { place, .. } | Self::NotResumable { place, .. } => place.as_deref(),
            Self::Write(_)
            | Self::TooLong { .. }
            | Self::Irreversible { .. }
            | Self::OneWay { .. }
            | Self::ResumedChanged { .. }
            | Self::NotInOneTransaction { .. } => None,
        }
    }
}

/// Completes a sentence after "first" about the number of statements that have run.
fn have_run(count: usize) -> String {
    match count {
        1 => "statement, which has run".to_owned(),
        _ => format!("{count} statements, which have run"),
    }
}
