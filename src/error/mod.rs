//! The errors of all operations.

mod from;
mod kind;
mod query;
mod words;

use std::path::PathBuf;

use thiserror::Error;

use crate::autogenerate::AutogenerateError;
use crate::config::ConfigError;
use crate::database::DatabaseError;
use crate::ledger::{LedgerError, Running};
use crate::place::Place;
use crate::plan::{ByHand, PlanError};
use crate::revision::{GraphError, NameError, RevisionError, RevisionId};
use crate::runner::{Done, RunError};
use crate::script::ScriptError;

use words::{are, doubt, names, were};

pub use kind::ErrorKind;
pub use query::QueryError;

/// The sum of the errors of all layers.
#[derive(Debug, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum Error {
    /// The configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A script file is invalid.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The graph of revisions is invalid.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// A target cannot be resolved or planned for.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A plan cannot be compiled to a script.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// The database did not do what it was asked.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The version table can't be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A run failed or was stopped before its end.
    #[error(transparent)]
    Run(Box<RunError>),
    /// A revision can't be generated, or a schema can't be read.
    #[error(transparent)]
    Autogenerate(Box<AutogenerateError>),
    /// Statements given by the user could not be run.
    #[error(transparent)]
    Query(Box<QueryError>),
    /// Applied scripts were edited.
    #[error("{} applied and edited since: {}", were(revisions), names(revisions))]
    Modified { revisions: Vec<RevisionId>, files: Vec<PathBuf> },
    /// Applied revisions have no file.
    #[error("{} applied whose files are missing: {}", were(revisions), names(revisions))]
    Unknown { revisions: Vec<RevisionId> },
    /// A revision has run in part, without a transaction.
    #[error(
        "{} of revision `{}` stopped partway: {} of {} statements are done{}",
        running.operation,
        running.revision,
        running.done,
        running.statements,
        doubt(running, *took_effect)
    )]
    HalfDone {
        running: Box<Running>,
        /// Whether the statement in doubt took effect, if the catalog shows it.
        took_effect: Option<bool>,
        place: Option<Box<Place>>,
        by_hand: Box<ByHand>,
    },
    /// A verdict is given on a statement whose outcome is known.
    #[error(
        "there is nothing to settle in revision `{}`: statement {statement} of {} is known {}to have \
         taken effect",
        running.revision,
        running.statements,
        if *took_effect { "" } else { "not " }
    )]
    Settled {
        running: Box<Running>,
        /// The number of the statement, from 1.
        statement: usize,
        took_effect: bool,
        by_hand: Box<ByHand>,
    },
    /// A revision that has run in part can't be resumed.
    #[error("{error}")]
    Stuck { error: Box<ScriptError>, by_hand: Box<ByHand> },
    /// The revision to settle has not run in part.
    #[error("revision `{revision}` has not run in part")]
    NotHalfDone { revision: String },
    /// The revision to accept isn't applied from a file.
    #[error("revision `{revision}` is not applied, or no file has it")]
    NothingToAccept { revision: RevisionId },
    /// The operation removes things from a protected database.
    #[error("the environment is protected, and `{operation}` would remove something from it")]
    Protected { operation: &'static str },
    /// Code was given for a revision that doesn't exist or is a script.
    #[error("no revision `{revision}` has the header `Run By: program`")]
    NoProgramStep { revision: String },
    /// A lent connection can be locked by a lease only, which takes a connection of its own.
    #[error(
        "the lock on {engine} is a lease, which a second connection renews: give the migrator \
         the URL too"
    )]
    LeaseNeedsUrl { engine: &'static str },
    /// A range was given for a run; ranges are for printed SQL.
    #[error("range `{range}` is only allowed with --sql")]
    RangeOnline { range: String },
    /// A downgrade is to be printed without a start.
    #[error("downgrade with --sql needs a range FROM:TO")]
    RangeNeeded,
    /// A range to print leads in the other direction.
    #[error(
        "range `{start}:{target}` doesn't lead {}",
        if *downwards { format!("down: `{start}` doesn't build on `{target}`") }
        else { format!("up: `{start}` builds on `{target}`") }
    )]
    RangeBackwards { start: String, target: String, downwards: bool, turns_round: bool },
    /// SQL to print can't start from several revisions.
    #[error("--sql starts from one revision, and `{start}` names several")]
    SeveralStarts { start: String },
    /// `stamp --purge` can't be printed as SQL.
    #[error("--purge can't be used with --sql")]
    PurgeOffline,
    /// A new revision's id or label is unusable.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A new revision's id or label is taken.
    #[error("`{name}` is taken by revision `{revision}`")]
    Taken {
        /// The id or the label.
        name: String,
        revision: RevisionId,
    },
    /// A dependency does not name exactly one revision.
    #[error("`{name}` names no revision to depend on")]
    NoDependency { name: String },
    /// There are several versions folders, and none was chosen.
    #[error("several versions folders are configured, and none is chosen")]
    WhichFolder { folders: Vec<PathBuf> },
    /// The folder isn't one of those configured.
    #[error("`{}` is not one of the configured versions folders", path.display())]
    NotAFolder { path: PathBuf },
    /// A file can't be written, or a folder can't be made.
    #[error("can't write `{}`", path.display())]
    Write {
        /// The path of the file or folder.
        path: PathBuf,
        source: std::io::Error,
    },
    /// `init` would overwrite a file.
    #[error("`{}` already exists", path.display())]
    Exists { path: PathBuf },
    /// A backup would overwrite a file.
    #[error("`{}` already exists", path.display())]
    BackupExists { path: PathBuf },
    /// The database changed, and more would now be done than was confirmed.
    #[error("the database has changed since: {} would be taken back as well", names(revisions))]
    NotAgreed { revisions: Vec<RevisionId> },
    /// `init` would write into a folder that is in use.
    #[error("folder `{}` already exists and is not empty", path.display())]
    NotEmpty { path: PathBuf, holds: Holds },
    /// There is no template of this name.
    #[error("no such template: `{name}`")]
    NoTemplate { name: String },
    /// A post-write hook failed; the files are written.
    #[error("post-write hook `{hook}` failed: {reason}")]
    Hook { hook: String, reason: String, file: PathBuf },
    /// The system provides no random numbers.
    #[error("no random numbers for a revision id: {reason}")]
    Random { reason: String },
    /// The database to compare is not at the heads of the files.
    #[error("the database is behind the files: {} not applied", are(pending))]
    Behind { pending: Vec<RevisionId> },
    /// A feature is not available on this kind of database.
    #[error("{feature} is not available yet for {database}")]
    NotYet { feature: &'static str, database: &'static str },
    /// A rehearsal on a copy failed; the database itself is unchanged.
    #[error("{error}")]
    Rehearsed { error: Box<Error> },
    /// A replay of revisions on a scratch database failed; the database itself is unchanged.
    #[error("{error}")]
    Replayed { error: Box<Error> },
    /// An operation failed after steps that stand.
    #[error("{error}")]
    Partly { done: Vec<Done>, error: Box<Error> },
    /// The database changed again and again while plans were made.
    #[error("other processes keep changing the database; gave up after {tries} plans")]
    KeepsMoving { tries: usize },
    /// A script changes the version table in a way that its text doesn't show.
    #[error("the record changes whenever revision `{revision}` runs; gave up after {tries} tries")]
    RecordChanges { revision: RevisionId, tries: usize },
}

/// The contents of a folder that `init` would fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Revisions of this program.
    Revisions,
    /// Migrations of another tool, by its name.
    Tool(&'static str),
    /// Files of another kind.
    Others,
}

impl Error {
    /// Returns the underlying failure, without the steps that were done before.
    pub fn failure(&self) -> &Self {
        if let Self::Partly { error, .. } | Self::Rehearsed { error } | Self::Replayed { error } =
            self
        {
            error.failure()
        } else {
            self
        }
    }

    /// Tells whether scripts failed elsewhere than on the project's database.
    pub fn is_aside(&self) -> bool {
        matches!(self, Self::Rehearsed { .. } | Self::Replayed { .. })
    }

    /// Returns the position in a file at which the error occurred, if there is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Config(error) => error.place(),
            Self::Revision(error) => error.place(),
            Self::Graph(error) => error.place(),
            Self::Script(error) => error.place(),
            Self::Stuck { error, .. } => error.place(),
            Self::Query(error) => error.place(),
            Self::Run(error) => error.failure.place(),
            Self::Partly { error, .. } | Self::Rehearsed { error } | Self::Replayed { error } => {
                error.place()
            }
            Self::Autogenerate(error) => error.place(),
            Self::HalfDone { place, .. } => place.as_deref(),
            Self::Plan(_)
            | Self::Database(_)
            | Self::Ledger(_)
            | Self::Modified { .. }
            | Self::Unknown { .. }
            | Self::NotHalfDone { .. }
            | Self::Settled { .. }
            | Self::NothingToAccept { .. }
            | Self::Protected { .. }
            | Self::NotAgreed { .. }
            | Self::BackupExists { .. }
            | Self::RangeOnline { .. }
            | Self::RangeNeeded
            | Self::RangeBackwards { .. }
            | Self::LeaseNeedsUrl { .. }
            | Self::NoProgramStep { .. }
            | Self::SeveralStarts { .. }
            | Self::PurgeOffline
            | Self::Name(_)
            | Self::Taken { .. }
            | Self::NoDependency { .. }
            | Self::WhichFolder { .. }
            | Self::NotAFolder { .. }
            | Self::Write { .. }
            | Self::Exists { .. }
            | Self::NotEmpty { .. }
            | Self::NoTemplate { .. }
            | Self::Hook { .. }
            | Self::Random { .. }
            | Self::NotYet { .. }
            | Self::Behind { .. }
            | Self::RecordChanges { .. }
            | Self::KeepsMoving { .. } => None,
        }
    }

    /// Returns the steps that stand although the operation failed.
    pub fn done(&self) -> &[Done] {
        if let Self::Run(error) = self {
            &error.done
        } else if let Self::Partly { done, .. } = self {
            done
        } else if let Self::Rehearsed { error } | Self::Replayed { error } = self {
            error.done()
        } else {
            &[]
        }
    }
}
