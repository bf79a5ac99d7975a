//! Why a plan can't be made a script.

use thiserror::Error;

use crate::place::Place;
use crate::revision::{Operation, RevisionError, RevisionId};

/// Why a plan can't be made a script; nothing has run then.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// A script can't be read.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The script can't be written as text.
    #[error("can't write the script")]
    Write(#[from] std::fmt::Error),
    /// A script can't be split into statements.
    #[error("{problem}")]
    Split {
        /// Where.
        place: Box<Place>,
        /// What is wrong.
        problem: crate::sql::SplitError,
    },
    /// A script is longer than what a statement's place can say.
    #[error("the script `{}` is longer than 4 GiB", file.display())]
    TooLong {
        /// The script.
        file: std::path::PathBuf,
    },
    /// A revision is to be taken back and has no down script.
    #[error("revision `{revision}` is irreversible: it has no down script")]
    Irreversible {
        /// The revision.
        revision: RevisionId,
        /// Where the down script would stand, if the revision has files.
        expected: Option<std::path::PathBuf>,
    },
    /// A revision is to be taken back whose head says that it can't be.
    #[error("revision `{revision}` is irreversible: {reason}")]
    OneWay {
        /// The revision.
        revision: RevisionId,
        /// What its head says.
        reason: String,
    },
    /// A revision is to be taken back whose down script nobody has written yet.
    #[error("the down script of revision `{revision}` is not written yet")]
    Unwritten {
        /// Where it says so.
        place: Box<Place>,
        /// The revision.
        revision: RevisionId,
        /// Whether the script is the one that was stored when it was applied: its files are gone.
        is_stored: bool,
    },
    /// A script that runs in a transaction steers transactions itself.
    #[error("`{keyword}` in a script that runs in a transaction")]
    TransactionControl {
        /// Where.
        place: Box<Place>,
        /// The statement's keyword.
        keyword: &'static str,
    },
    /// A script makes, changes or drops a table in which is recorded what is applied, or writes to it.
    #[error("`{table}` is where the applied revisions are recorded, and no script's to change")]
    OwnTable {
        /// Where.
        place: Box<Place>,
        /// The table.
        table: String,
    },
    /// A script without a transaction opens one and doesn't end it.
    #[error("the transaction that `{keyword}` opens isn't ended by the script")]
    LeftOpen {
        /// Where.
        place: Box<Place>,
        /// The statement's keyword.
        keyword: &'static str,
    },
    /// A script uses a variable that has no value.
    #[error("variable `{name}` has no value")]
    NoValue {
        /// Where it is used.
        place: Box<Place>,
        /// The variable.
        name: String,
    },
    /// A revision that has run in part was edited in that part.
    #[error("revision `{revision}` was edited in its first {}", have_run(*done))]
    ResumedChanged {
        /// The revision.
        revision: RevisionId,
        /// How many statements have run.
        done: usize,
    },
    /// A revision has run in part, and what follows may depend on what its session held.
    #[error(
        "revision `{revision}` can't go on: its statement {statement}, which is done, left {what} in a \
         session that is gone"
    )]
    NotResumable {
        /// Where the statement stands.
        place: Option<Box<Place>>,
        /// The revision.
        revision: RevisionId,
        /// The statement, counted from 1.
        statement: usize,
        /// What can't be made again.
        what: String,
    },
    /// A revision is code of a program, and this program has none for it.
    #[error(
        "revision `{revision}` is code of a program, and there is none for its {operation} here"
    )]
    NoCode {
        /// Where its head says so, if it has a file.
        place: Option<Box<Place>>,
        /// The revision.
        revision: RevisionId,
        /// What should be done.
        operation: Operation,
    },
    /// A revision is code of a program, and says something else, too.
    #[error("revision `{revision}` is code of a program, and {problem}")]
    CodeAnd {
        /// Where.
        place: Box<Place>,
        /// The revision.
        revision: RevisionId,
        /// What can't be.
        problem: &'static str,
    },
    /// A run in one transaction meets a revision whose statements commit by themselves.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: {engine} commits \
         around one of its statements"
    )]
    CommitsByItself {
        /// Where.
        place: Box<Place>,
        /// The revision.
        revision: RevisionId,
        /// The kind of server.
        engine: &'static str,
    },
    /// A run in one transaction meets a revision whose changes can't be rolled back.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: this statement changes a \
         table without transactions"
    )]
    Lasts {
        /// Where.
        place: Box<Place>,
        /// The revision.
        revision: RevisionId,
    },
    /// A run in one transaction meets a revision that can't take part.
    #[error(
        "revision `{revision}` can't run inside one transaction with others: its head says `{option}`"
    )]
    NotInOneTransaction {
        /// The revision.
        revision: RevisionId,
        /// What its head says.
        option: &'static str,
    },
}

impl ScriptError {
    /// Returns the place that the error is about, if it is one.
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

/// Writes behind "first" that so many statements have run.
fn have_run(count: usize) -> String {
    match count {
        1 => "statement, which has run".to_owned(),
        _ => format!("{count} statements, which have run"),
    }
}
