//! The inputs and outputs of a run: settings, events, results.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::database::{DatabaseError, Notice, Waiting};
use crate::ledger::Ledger;
use crate::place::Place;
use crate::plan::Operation;
use crate::revision::RevisionId;
use crate::runner::{Lock, Pacing, RunError};
use crate::script::{Steps, Undeclared, Unit};

/// An event during a run.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The number of revisions that are about to run.
    Planned(usize),
    /// Another process holds the database.
    Waiting(&'a Waiting),
    /// The version table was dropped, and with it the record of applied revisions; it is created
    /// again, empty.
    RecordLost(&'a Ledger),
    /// Applied revisions were edited, and the run goes on all the same.
    Edited(&'a [RevisionId]),
    /// The down scripts of revisions about to be applied are not written yet.
    Unwritten(&'a [RevisionId]),
    /// Text within quotes resembles a variable that isn't declared, and is not replaced.
    Undeclared(&'a Undeclared),
    /// A revision attaches a database, and a crash can commit to one and not to the other
    /// (`sqlite.org/lang_attach.html`).
    NotAtomic(&'a Unit),
    /// SQLite silently ignores a statement, which has no effect inside a transaction.
    Ignored {
        /// The revision with the statement.
        unit: &'a Unit,
        /// The place of the statement.
        place: &'a Place,
        /// The statement as it is written.
        statement: &'a str,
    },
    /// A message of the server beside its answer.
    Notice(&'a Notice),
    /// A revision is retried after a temporary failure.
    Again {
        /// The revision that is retried.
        unit: &'a Unit,
        /// The number of the try about to begin, from 2.
        attempt: u32,
        /// The reason why the last try failed.
        cause: &'a DatabaseError,
    },
    /// A finished statement of a resumed revision runs again to restore its setting in the new
    /// session.
    SetAgain {
        /// The revision with the statement.
        unit: &'a Unit,
        /// The place of the statement.
        place: &'a Place,
        /// The statement as it is written.
        statement: &'a str,
    },
    /// A build of an index failed, and the invalid index it had left was dropped.
    Cleared {
        /// The index, qualified by its schema.
        index: &'a str,
    },
    /// A build of an index was interrupted, and the invalid index it had left could not be dropped.
    Left {
        /// The index, qualified by its schema.
        index: &'a str,
    },
    /// A revision is about to run.
    Started(&'a Unit),
    /// A part of a large script has run: reported every 64 KiB or so, and at its end. On servers
    /// some of it may be in flight still; a retry starts over.
    Progress {
        /// The revision with the script.
        unit: &'a Unit,
        /// The bytes of the script that have run.
        bytes: u64,
        /// The length of the script in bytes.
        total: u64,
    },
    /// A revision is done; it stands once its transaction is committed.
    Finished(&'a Unit, Duration),
}

/// A finished step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// The id of the revision.
    pub revision: RevisionId,
    /// The operation performed on it.
    pub operation: Operation,
    /// The message of the revision.
    pub message: Arc<str>,
    /// The run time of the statements.
    pub duration: Duration,
}

/// The outcome of a run without failures.
#[derive(Debug)]
pub enum Outcome {
    /// Everything was done.
    Complete(Vec<Done>),
    /// Another process changed the version table; the finished steps stand.
    Moved(Vec<Done>),
    /// A revision failed and took others of its group along; committed steps stand. A run with a
    /// commit for each revision finds the culprit and spares the others.
    Lost(Box<RunError>),
}

/// The parameters of a run beside the script.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// The version table to record in.
    pub ledger: &'a Ledger,
    /// The source of the current time.
    pub clock: Clock,
    /// The name recorded as having applied revisions.
    pub applied_by: &'a str,
    /// The grouping of commits; servers commit each revision by itself.
    pub pacing: Pacing,
    /// The lock that keeps others out, on servers.
    pub lock: Option<&'a Lock>,
    /// How long to wait for other processes.
    pub wait: Duration,
    /// The name of the database in messages.
    pub url: String,
    /// The program's code for revisions that are no scripts.
    pub steps: &'a Steps,
}

impl<'a> Setting<'a> {
    /// Makes the setting of a run on a scratch database, which no other process uses.
    pub(crate) fn on_scratch(ledger: &'a Ledger, steps: &'a Steps, clock: Clock) -> Self {
        let (applied_by, pacing, wait) = ("", Pacing::USUAL, Duration::ZERO);
        let url = "a scratch database".to_owned();
        Self { ledger, clock, applied_by, pacing, lock: None, wait, url, steps }
    }
}

/// Converts a duration to whole milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
