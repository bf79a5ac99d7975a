//! A plan as a flat list of actions: executed, printed by `--sql`, or listed by `--dry-run`.
//!
//! All three take the same value, so they can't differ. Everything that can be found out from
//! files alone is found out here, before the first action runs.

mod again;
mod block;
mod code;
mod compile;
mod error;
mod hidden;
mod journal;
mod large;
mod lasting;
mod left;
mod own;
pub(crate) mod print;
mod set_again;
mod source;
mod source_text;
mod spans;
mod statement;
pub(crate) mod stream;
mod transactions;
mod variables;

use std::borrow::Cow;
use std::sync::Arc;

use crate::config::Timeouts;
use crate::ledger::{Entry, Running};
use crate::plan::Operation;
use crate::revision::{ForeignKeys, Ids, RevisionId, Wrapping};
use crate::sql::{Splitter, TableLocks};

pub use code::{Step, StepError, Steps, Transaction};
pub use compile::{Compiler, Grouping, Programs};
pub use error::ScriptError;
pub use hidden::Hidden;
pub use journal::Resumed;
pub use lasting::Lasting;
pub use print::write_tables;
pub use set_again::SetAgain;
pub use source_text::{SourceText, Text, Undeclared};

/// What is to be done, in order.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The revisions' shares.
    pub units: Vec<Unit>,
    /// The actions, over all units.
    pub actions: Vec<Action>,
    /// The revisions that it records and whose down scripts nobody has written yet.
    pub unwritten: Vec<RevisionId>,
}

/// One revision's share of a script.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the script")]
pub struct Unit {
    /// The revision.
    pub revision: RevisionId,
    /// What is done with it.
    pub operation: Operation,
    /// Whether it runs in a transaction; a script that commits by itself doesn't.
    pub wrapping: Wrapping,
    /// The revisions that must be applied for the step: what it builds on, or takes back.
    pub needs: Ids,
    /// The revisions that must not be applied: itself, or what builds on what is taken back.
    pub absent: Ids,
    /// Whether a statement may leave something behind in the session.
    pub leaves_traces: bool,
    /// How long its statements may wait and run.
    pub timeouts: Timeouts,
    /// Whether a statement attaches another SQLite database.
    pub attaches: bool,
    /// Whether SQLite looks for broken foreign keys once its statements have run.
    pub checks_foreign_keys: bool,
    /// Whether psql must not go on after an error: a statement goes back to a savepoint, or has data.
    pub needs_stop: bool,
    /// Whether a statement says in which database the following ones work (MySQL's USE).
    pub changes_database: bool,
    /// Whether a statement locks whole tables (MySQL's LOCK TABLES).
    pub locks_tables: bool,
    /// Its message.
    pub message: Arc<str>,
    /// Where the step comes from: the parents, or the revision itself on the way down.
    pub from: Ids,
    /// Where the step leads to.
    pub to: Ids,
    /// The text that is run.
    pub source: SourceText,
    /// Its statements; none of a large script that is read piece by piece.
    spans: Box<[Span]>,
    /// How many of them have run before, in a run that was cut off.
    pub done: usize,
}

/// Where a statement stands in its text: small, for a script can have hundreds of thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the statement")]
pub struct Span {
    /// The first byte.
    pub offset: u32,
    /// The length in bytes.
    pub len: u32,
    /// Whether the statement may leave something behind in the session.
    pub leaves_traces: bool,
    /// Whether the statement attaches another SQLite database.
    pub attaches: bool,
    /// Whether the engine commits around the statement, whatever transaction is open.
    pub commits: bool,
    /// Whether the statement changes rows that can't be rolled back: of a table without transactions.
    pub lasts: bool,
    /// Whether the statement changes nothing but its session.
    pub sets_session: bool,
    /// What the statement does to the locks of whole tables.
    pub locks: TableLocks,
    /// Whether the statement takes such locks, or runs under them.
    pub is_locked: bool,
    /// Whether the statement asks the session what the one before it did, outside a transaction of ours.
    pub asks_last: bool,
}

/// One thing to do.
#[derive(Debug, Clone)]
pub enum Action {
    /// Make the bookkeeping tables, or bring them up to date.
    EnsureTables,
    /// Say whether SQLite enforces foreign keys; only outside a transaction.
    ForeignKeys(ForeignKeys),
    /// Compare the version table with what the plan rests on.
    Compare,
    /// Open a transaction, and compare inside it.
    Begin,
    /// Begin a unit.
    Start(usize),
    /// Run statements of a unit that follow each other.
    Execute {
        /// The unit.
        unit: u32,
        /// The first statement, counted from none.
        first: u32,
        /// How many there are; one by one where the script stands in no transaction.
        count: u32,
    },
    /// Run statements of a unit again that are done, for what they set in the session.
    SetAgain {
        /// The unit.
        unit: usize,
        /// The statements, counted from none.
        statements: Box<[usize]>,
    },
    /// Call the program's code of a unit.
    Call(usize),
    /// See that no foreign key was broken.
    CheckForeignKeys,
    /// Undo what a script set for its session, before anything of ours is written (on servers).
    Tidy(usize),
    /// Change the bookkeeping.
    Keep(Keep),
    /// Commit a note and what came before it within a revision: what it announces can't be rolled back.
    CommitNotes,
    /// End a unit.
    Finish(usize),
    /// Commit the transaction, or leave it to the runner when.
    Commit,
    /// Get rid of what a script left behind in the session.
    ResetSession,
}

/// One change of the bookkeeping.
#[derive(Debug, Clone)]
pub enum Keep {
    /// Record a revision as applied.
    Record(Box<Entry>),
    /// Record an applied revision's files anew.
    Accept(Box<Entry>),
    /// Strike a revision from the record.
    Erase(RevisionId),
    /// Strike every revision from the record.
    EraseAll,
    /// Say that a revision without a transaction begins, or goes on.
    BeginRunning {
        /// Where it was left before, if it was.
        before: Option<Box<Running>>,
        /// Where it is now.
        note: Box<Note>,
    },
    /// Say how far it is.
    NoteRunning(Box<Note>),
    /// Forget how far a revision is.
    EndRunning(RevisionId),
    /// Forget how far any revision is.
    EndAllRunning,
}

/// How far a revision without a transaction is.
#[derive(Debug, Clone)]
pub struct Note {
    /// Where it is now.
    pub now: Running,
    /// The expression for what the catalog holds of its next statement's objects.
    pub catalog: Option<String>,
}

impl Action {
    /// Runs statements of a unit; nothing where there are none.
    fn execute(unit: usize, first: usize, count: usize) -> Option<Self> {
        // No list is longer than the text, and that is no longer than its places can say.
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (unit, first, count) = (number(unit), number(first), number(count));
        (count > 0).then_some(Self::Execute { unit, first, count })
    }
}

impl Span {
    /// Takes where a statement stands, of which nothing else is known.
    pub(crate) fn new(offset: usize, text: &str) -> Self {
        // Longer texts are refused.
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { offset: number(offset), len: number(text.len()), ..Self::default() }
    }

    /// Returns the bytes of its text that it takes.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let start = self.offset as usize;
        start..start + self.len as usize
    }
}

impl Unit {
    /// Returns the statements that are to run; the text is the unit's.
    pub fn statements(&self, text: &Text<'_>) -> Cow<'_, [Span]> {
        self.statements_of(text, self.done, usize::MAX)
    }

    /// Returns so many statements from one on; the text is the unit's.
    pub(crate) fn statements_of(
        &self,
        text: &Text<'_>,
        first: usize,
        count: usize,
    ) -> Cow<'_, [Span]> {
        if self.source.is_streamed() {
            let found = Splitter::new(text.as_str(), text.dialect()).map_while(Result::ok);
            let spans = found.map(|it| Span::new(it.offset, it.text));
            return spans.skip(first).take(count).collect();
        }
        let rest = self.spans.get(first..).unwrap_or_default();
        Cow::Borrowed(rest.get(..count).unwrap_or(rest))
    }

    /// Returns the statements of an [`Action::Execute`]; none of a text that is read piece by piece.
    pub(crate) fn spans_of(&self, first: u32, count: u32) -> &[Span] {
        let first = first as usize;
        self.spans.get(first..first + count as usize).unwrap_or_default()
    }

    /// Returns one statement, counted from none.
    pub(crate) fn span(&self, number: usize) -> Option<Span> {
        self.spans.get(number).copied()
    }

    /// Tells whether no statement comes after those of an [`Action::Execute`].
    pub(crate) fn ends_with(&self, first: u32, count: u32) -> bool {
        first as usize + count as usize == self.spans.len()
    }

    /// Returns the arrow that Alembic shows, `a, b -> c`.
    pub fn arrow(&self) -> String {
        let list = |ids: &Ids| ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ");
        format!("{} -> {}", list(&self.from), list(&self.to))
    }
}

impl Script {
    /// Returns what looks like a variable within quotes and stays text, for nobody declared it.
    pub fn undeclared(&self) -> Vec<Undeclared> {
        self.units.iter().flat_map(|unit| unit.source.undeclared.iter().cloned()).collect()
    }

    /// Tells whether a statement says in which database the following ones work (MySQL's USE).
    pub fn changes_database(&self) -> bool {
        self.units.iter().any(|unit| unit.changes_database)
    }
}
