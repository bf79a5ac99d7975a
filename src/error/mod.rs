//! Every way in which an operation can fail.

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

/// The sum of what the layers can say.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A script file.
    #[error(transparent)]
    Revision(#[from] RevisionError),
    /// The graph of revisions.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// What was asked for, seen on the graph.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A plan that can't be run.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The version table.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A run that stopped half way.
    #[error(transparent)]
    Run(Box<RunError>),
    /// A revision can't be generated, or a schema not be read.
    #[error(transparent)]
    Autogenerate(Box<AutogenerateError>),
    /// Statements that a user gave.
    #[error(transparent)]
    Query(Box<QueryError>),
    /// Applied scripts were edited.
    #[error("{} applied and edited since: {}", were(revisions), names(revisions))]
    Modified {
        /// The revisions.
        revisions: Vec<RevisionId>,
        /// Their up scripts.
        files: Vec<PathBuf>,
    },
    /// Revisions are applied and no file has them.
    #[error("{} applied that no file has: {}", were(revisions), names(revisions))]
    Unknown {
        /// The revisions.
        revisions: Vec<RevisionId>,
    },
    /// A revision has run in part, without a transaction.
    #[error(
        "{} of revision `{}` stopped half way: {} of {} statements are done{}",
        running.operation,
        running.revision,
        running.done,
        running.statements,
        doubt(running, *took_effect)
    )]
    HalfDone {
        /// How far it is.
        running: Box<Running>,
        /// Whether the statement in doubt took effect, if the catalog can tell.
        took_effect: Option<bool>,
        /// Where the first statement stands that isn't known to be done.
        place: Option<Box<Place>>,
        /// How it is settled by hand.
        by_hand: Box<ByHand>,
    },
    /// A verdict is given on a statement of which more is known.
    #[error(
        "there is nothing to settle in revision `{}`: statement {statement} of {} is known {}to have \
         taken effect",
        running.revision,
        running.statements,
        if *took_effect { "" } else { "not " }
    )]
    Settled {
        /// How far the revision is.
        running: Box<Running>,
        /// The statement, from 1.
        statement: usize,
        /// Whether it took effect.
        took_effect: bool,
        /// How the revision is settled by hand.
        by_hand: Box<ByHand>,
    },
    /// A revision that has run in part can't go on.
    #[error("{error}")]
    Stuck {
        /// Why.
        error: Box<ScriptError>,
        /// How it is settled by hand.
        by_hand: Box<ByHand>,
    },
    /// A revision is to be settled that hasn't run in part.
    #[error("revision `{revision}` is not half done")]
    NotHalfDone {
        /// What was given.
        revision: String,
    },
    /// A revision is to be accepted that isn't applied from a file.
    #[error("revision `{revision}` is not applied, or no file has it")]
    NothingToAccept {
        /// The revision.
        revision: RevisionId,
    },
    /// What is asked for takes things away from a protected database.
    #[error("the environment is protected, and `{operation}` takes something away from it")]
    Protected {
        /// The command.
        operation: &'static str,
    },
    /// Code was given for a revision that isn't there, or is a script.
    #[error("no revision `{revision}` has a head that says `Run By: program`")]
    NoProgramStep {
        /// What was given.
        revision: String,
    },
    /// A lent connection's lock has to be a lease, which another connection keeps.
    #[error(
        "the lock on {engine} is a lease, which a second connection keeps: the migrator has to be told \
         the URL, too"
    )]
    LeaseNeedsUrl {
        /// The kind of server.
        engine: &'static str,
    },
    /// A range was given, and nothing is printed.
    #[error("range `{range}` is only allowed with --sql")]
    RangeOnline {
        /// The range.
        range: String,
    },
    /// A downgrade is to be printed, and where it starts is not said.
    #[error("downgrade with --sql needs a range FROM:TO")]
    RangeNeeded,
    /// What is to be printed leads the other way than it is to.
    #[error(
        "range `{start}:{target}` doesn't lead {}",
        if *downwards { format!("down: `{start}` doesn't build on `{target}`") }
        else { format!("up: `{start}` builds on `{target}`") }
    )]
    RangeBackwards {
        /// Where it starts.
        start: String,
        /// Where it ends.
        target: String,
        /// Whether it was to lead down.
        downwards: bool,
        /// Whether the other way round it leads where it is to.
        turns_round: bool,
    },
    /// A text to be printed starts from several revisions.
    #[error("--sql starts from one revision, and `{start}` names several")]
    SeveralStarts {
        /// The start.
        start: String,
    },
    /// `stamp --purge --sql`.
    #[error("--purge can't be used with --sql")]
    PurgeOffline,
    /// A new revision's id or label can't be used.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A new revision's id or label is in use.
    #[error("`{name}` is taken by revision `{revision}`")]
    Taken {
        /// The id or label.
        name: String,
        /// The revision that has it.
        revision: RevisionId,
    },
    /// A dependency names no single revision.
    #[error("`{name}` names no revision to depend on")]
    NoDependency {
        /// What was given.
        name: String,
    },
    /// Several versions folders, and nothing says which one.
    #[error("several versions folders are configured, and none is chosen")]
    WhichFolder {
        /// The folders.
        folders: Vec<PathBuf>,
    },
    /// A folder that isn't one of the configured.
    #[error("`{}` is not one of the configured versions folders", path.display())]
    NotAFolder {
        /// What was given.
        path: PathBuf,
    },
    /// A file can't be written or a folder made.
    #[error("can't write `{}`", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `init` would replace something.
    #[error("`{}` already exists", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// A backup would replace something.
    #[error("`{}` already exists", path.display())]
    BackupExists {
        /// The path.
        path: PathBuf,
    },
    /// What was agreed to was less than what there is to do by now.
    #[error("the database has moved since: {} would be taken back as well", names(revisions))]
    NotAgreed {
        /// What nobody agreed to.
        revisions: Vec<RevisionId>,
    },
    /// `init` would fill a folder that is in use.
    #[error("folder `{}` already exists and is not empty", path.display())]
    NotEmpty {
        /// The path.
        path: PathBuf,
        /// What the folder holds.
        holds: Holds,
    },
    /// A template that isn't there.
    #[error("no such template: `{name}`")]
    NoTemplate {
        /// What was given.
        name: String,
    },
    /// A post-write hook failed; the files are written.
    #[error("post-write hook `{hook}` failed: {reason}")]
    Hook {
        /// The hook.
        hook: String,
        /// How.
        reason: String,
        /// The file that it was run on.
        file: PathBuf,
    },
    /// The system has no random numbers.
    #[error("no random numbers for a revision id: {reason}")]
    Random {
        /// What the system says.
        reason: String,
    },
    /// The database is to be compared, and isn't where the files are.
    #[error("the database is behind the files: {} not applied", are(pending))]
    Behind {
        /// The revisions that are not applied.
        pending: Vec<RevisionId>,
    },
    /// Something that is not built yet.
    #[error("{feature} is not available yet for {database}")]
    NotYet {
        /// What was asked for.
        feature: &'static str,
        /// The kind of database.
        database: &'static str,
    },
    /// A run on a copy stopped; the database itself is as it was.
    #[error("{error}")]
    Rehearsed {
        /// What stopped it.
        error: Box<Error>,
    },
    /// What an operation did before it failed stands.
    #[error("{error}")]
    Partly {
        /// What was done.
        done: Vec<Done>,
        /// What failed then.
        error: Box<Error>,
    },
    /// The database moves faster than plans can be made.
    #[error("other processes keep moving the database; gave up after {tries} plans")]
    KeepsMoving {
        /// How often a plan was made.
        tries: usize,
    },
    /// A revision changes the record itself, by something that no text tells.
    #[error("the record changes whenever revision `{revision}` runs; gave up after {tries} tries")]
    RecordChanges {
        /// The revision.
        revision: RevisionId,
        /// How often it was tried.
        tries: usize,
    },
}

/// What a folder holds that `init` would fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Revisions.
    Revisions,
    /// Migrations of another tool.
    Tool(&'static str),
    /// Something else.
    Others,
}

impl Error {
    /// Returns what failed, whatever was done before.
    pub fn failure(&self) -> &Self {
        if let Self::Partly { error, .. } | Self::Rehearsed { error } = self {
            error.failure()
        } else {
            self
        }
    }

    /// Returns the place that the error is about, if it is one.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Self::Config(error) => error.place(),
            Self::Revision(error) => error.place(),
            Self::Graph(error) => error.place(),
            Self::Script(error) => error.place(),
            Self::Stuck { error, .. } => error.place(),
            Self::Query(error) => error.place(),
            Self::Run(error) => error.failure.place(),
            Self::Partly { error, .. } | Self::Rehearsed { error } => error.place(),
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

    /// Returns what was done and stands although the operation failed.
    pub fn done(&self) -> &[Done] {
        if let Self::Run(error) = self {
            &error.done
        } else if let Self::Partly { done, .. } = self {
            done
        } else if let Self::Rehearsed { error } = self {
            error.done()
        } else {
            &[]
        }
    }
}
