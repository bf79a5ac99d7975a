//! The categories of errors, as words for programs.

use crate::autogenerate::AutogenerateError;
use crate::database::DatabaseError;
use crate::error::Error;
use crate::inspect::InspectError;
use crate::runner::Failure;

/// The category of an error, as a word that is stable for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration is invalid.
    Config,
    /// A script file or its header is invalid.
    Revision,
    /// The graph is invalid, or a target cannot be resolved on it.
    Graph,
    /// The database refused a statement.
    Sql,
    /// Another process holds the lock of the database.
    Locked,
    /// The database can't be reached.
    Unreachable,
    /// Applied scripts were edited.
    Modified,
    /// A revision has run in part, without a transaction.
    HalfDone,
    /// Applied revisions have no file any more.
    Missing,
    /// The environment is protected, and consent is missing.
    Protected,
    /// Something is not available in this build or on this database.
    Unsupported,
    /// The version table can't be used.
    Ledger,
    /// A schema can't be read, or no proven script leads to it.
    Schema,
    /// Code of the program that embeds the project failed.
    Step,
    /// Files or folders can't be read or written.
    Io,
    /// A post-write hook failed.
    Hook,
    /// The user asked to stop.
    Interrupted,
}

impl ErrorKind {
    /// Returns the word for the category.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Revision => "revision",
            Self::Graph => "graph",
            Self::Sql => "sql",
            Self::Locked => "locked",
            Self::Unreachable => "unreachable",
            Self::Modified => "modified",
            Self::HalfDone => "half_done",
            Self::Missing => "missing",
            Self::Protected => "protected",
            Self::Unsupported => "unsupported",
            Self::Ledger => "version_table",
            Self::Schema => "schema",
            Self::Step => "step",
            Self::Io => "io",
            Self::Hook => "hook",
            Self::Interrupted => "interrupted",
        }
    }
}

pub(super) fn database_kind(error: &DatabaseError) -> ErrorKind {
    match error {
        DatabaseError::NoDriver { .. } => ErrorKind::Unsupported,
        DatabaseError::Open { .. } | DatabaseError::Lost { .. } => ErrorKind::Unreachable,
        DatabaseError::Locked { .. } | DatabaseError::LockLost { .. } => ErrorKind::Locked,
        DatabaseError::NoSuchLock { .. } => ErrorKind::Config,
        DatabaseError::Interrupted => ErrorKind::Interrupted,
        DatabaseError::Sql(_) | DatabaseError::ReadOnly { .. } => ErrorKind::Sql,
    }
}

fn autogenerate_kind(error: &AutogenerateError) -> ErrorKind {
    match error {
        AutogenerateError::Database(error) => database_kind(error),
        AutogenerateError::Read { .. } => ErrorKind::Io,
        AutogenerateError::Split { .. } | AutogenerateError::Statement { .. } => ErrorKind::Sql,
        AutogenerateError::Inspect(InspectError::NotYet { .. }) => ErrorKind::Unsupported,
        AutogenerateError::ScratchIsTarget { .. }
        | AutogenerateError::ScratchVersion { .. }
        | AutogenerateError::ScratchKind { .. } => ErrorKind::Config,
        AutogenerateError::Inspect(_)
        | AutogenerateError::NoScratch { .. }
        | AutogenerateError::NotInSchema { .. }
        | AutogenerateError::Hint { .. }
        | AutogenerateError::Backfill { .. }
        | AutogenerateError::Rename { .. }
        | AutogenerateError::Unreplayable { .. }
        | AutogenerateError::Refused { .. }
        | AutogenerateError::Extension { .. }
        | AutogenerateError::Unproven { .. }
        | AutogenerateError::NoRule { .. }
        | AutogenerateError::Circle { .. }
        | AutogenerateError::Destructive { .. } => ErrorKind::Schema,
    }
}

impl Error {
    /// Returns the category of the error.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Partly { error, .. } | Self::Rehearsed { error } | Self::Replayed { error } => {
                error.kind()
            }
            Self::Revision(_)
            | Self::Script(_)
            | Self::Stuck { .. }
            | Self::Name(_)
            | Self::Taken { .. }
            | Self::NothingToAccept { .. }
            | Self::RecordChanges { .. } => ErrorKind::Revision,
            Self::Graph(_)
            | Self::Plan(_)
            | Self::RangeOnline { .. }
            | Self::RangeNeeded
            | Self::RangeBackwards { .. }
            | Self::SeveralStarts { .. }
            | Self::PurgeOffline
            | Self::NoDependency { .. } => ErrorKind::Graph,
            Self::Database(error) => database_kind(error),
            Self::Ledger(_) => ErrorKind::Ledger,
            Self::Autogenerate(error) => autogenerate_kind(error),
            Self::Query(error) => error.kind(),
            Self::Run(error) => failure_kind(&error.failure),
            Self::Modified { .. } => ErrorKind::Modified,
            Self::HalfDone { .. } | Self::NotHalfDone { .. } | Self::Settled { .. } => {
                ErrorKind::HalfDone
            }
            Self::Unknown { .. } => ErrorKind::Missing,
            Self::Behind { .. } => ErrorKind::Schema,
            Self::Protected { .. } | Self::NotAgreed { .. } => ErrorKind::Protected,
            Self::NotYet { .. } => ErrorKind::Unsupported,
            Self::Hook { .. } => ErrorKind::Hook,
            Self::KeepsMoving { .. } => ErrorKind::Locked,
            Self::Config(_)
            | Self::WhichFolder { .. }
            | Self::NotAFolder { .. }
            | Self::NoTemplate { .. }
            | Self::LeaseNeedsUrl { .. }
            | Self::NoProgramStep { .. } => ErrorKind::Config,
            Self::Write { .. }
            | Self::Exists { .. }
            | Self::BackupExists { .. }
            | Self::NotEmpty { .. }
            | Self::Random { .. } => ErrorKind::Io,
        }
    }
}

fn failure_kind(failure: &Failure) -> ErrorKind {
    match failure {
        Failure::Statement { cause, .. }
        | Failure::Commit { cause, .. }
        | Failure::Database(cause) => database_kind(cause),
        Failure::Undecided { .. } => ErrorKind::Unreachable,
        Failure::Step { .. } => ErrorKind::Step,
        Failure::Revision(_) => ErrorKind::Revision,
        Failure::ForeignKeys { .. } => ErrorKind::Sql,
        Failure::Ledger(_) | Failure::Bookkeeping { .. } => ErrorKind::Ledger,
    }
}
