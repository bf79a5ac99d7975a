//! What a run is told, and what it tells.

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

/// What happens while a script runs.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// So many revisions are about to have their turns.
    Planned(usize),
    /// Another process holds the database.
    Waiting(&'a Waiting),
    /// The version table was dropped, and with it the record of what is applied; it is made again, empty.
    RecordLost(&'a Ledger),
    /// Applied revisions were edited, and it goes on all the same.
    Edited(&'a [RevisionId]),
    /// Revisions are about to be applied whose down scripts nobody has written yet.
    Unwritten(&'a [RevisionId]),
    /// Something looks like a variable within quotes and stays text, for nobody declared it.
    Undeclared(&'a Undeclared),
    /// A revision attaches a database, and a crash can commit to one and not to the other
    /// (`sqlite.org/lang_attach.html`).
    NotAtomic(&'a Unit),
    /// SQLite passes over a statement without a word: it does nothing inside a transaction.
    Ignored {
        /// The revision.
        unit: &'a Unit,
        /// Where the statement stands.
        place: &'a Place,
        /// The statement as it is written.
        statement: &'a str,
    },
    /// The server says something beside its answer.
    Notice(&'a Notice),
    /// What may well succeed on another try is tried again.
    Again {
        /// The revision.
        unit: &'a Unit,
        /// The try that is about to begin, from 2.
        attempt: u32,
        /// Why the last one was in vain.
        cause: &'a DatabaseError,
    },
    /// A revision goes on, and a statement of it that is done runs again: it only sets something in the
    /// session, which is another than before.
    SetAgain {
        /// The revision.
        unit: &'a Unit,
        /// Where the statement stands.
        place: &'a Place,
        /// The statement as it is written.
        statement: &'a str,
    },
    /// A build of an index failed, and what it had left of the index, invalid, was dropped.
    Cleared {
        /// The index, with its schema.
        index: &'a str,
    },
    /// A build of an index was interrupted, and what it had left of the index, invalid, could not be
    /// dropped.
    Left {
        /// The index, with its schema.
        index: &'a str,
    },
    /// A revision's turn begins.
    Started(&'a Unit),
    /// So many bytes of a large script have run: told every 64 KiB or so, and at its end. On servers
    /// some of them may be on their way still; where it is tried again, it begins anew.
    Progress {
        /// The revision.
        unit: &'a Unit,
        /// The bytes of its script up to where it has run.
        bytes: u64,
        /// The bytes of the whole script.
        total: u64,
    },
    /// A revision is done; it stands once its transaction is committed.
    Finished(&'a Unit, Duration),
}

/// What was done with one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Done {
    /// The revision.
    pub revision: RevisionId,
    /// What was done.
    pub operation: Operation,
    /// The revision's message.
    pub message: Arc<str>,
    /// How long its statements ran.
    pub duration: Duration,
}

/// How a run ended, if nothing failed.
#[derive(Debug)]
pub enum Outcome {
    /// Everything was done.
    Complete(Vec<Done>),
    /// Another process has moved the database; what was done before stands.
    Moved(Vec<Done>),
    /// A revision failed and took others of its group along; what was committed before stands.
    /// Another run that commits each revision by itself finds the culprit and spares the others.
    Lost(Box<RunError>),
}

/// What a run needs beside the script.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// The version table.
    pub ledger: &'a Ledger,
    /// Where times come from.
    pub clock: Clock,
    /// Who is recorded as having applied a revision.
    pub applied_by: &'a str,
    /// When revisions are committed; on servers each by itself.
    pub pacing: Pacing,
    /// The lock that makes others wait, on servers.
    pub lock: Option<&'a Lock>,
    /// How long others are waited for.
    pub wait: Duration,
    /// The database, as messages call it.
    pub url: String,
    /// The code of the program for revisions that are no scripts.
    pub steps: &'a Steps,
}

impl<'a> Setting<'a> {
    /// Takes what a run on a scratch database needs, which nobody else has.
    pub(crate) fn on_scratch(ledger: &'a Ledger, steps: &'a Steps, clock: Clock) -> Self {
        let (applied_by, pacing, wait) = ("", Pacing::USUAL, Duration::ZERO);
        let url = "a scratch database".to_owned();
        Self { ledger, clock, applied_by, pacing, lock: None, wait, url, steps }
    }
}

/// Returns a duration in whole milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
