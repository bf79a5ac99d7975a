//! A plan as a flat list of actions: executed, printed by `--sql`, or listed by `--dry-run`.
//!
//! All three use the same value, so they can't differ. Everything that can be checked from files
//! alone is checked here, before the first action runs.

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
pub use compile::{Compiler, Grouping, LeavesOut, Programs};
pub use error::ScriptError;
pub use hidden::Hidden;
pub use journal::Resumed;
pub use lasting::Lasting;
pub use print::write_tables;
pub use set_again::SetAgain;
pub use source_text::{SourceText, Text, Undeclared};

/// The actions of a plan in the order of execution.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// The parts of the script by revision.
    pub units: Vec<Unit>,
    /// The actions over all units.
    pub actions: Vec<Action>,
    /// The recorded revisions whose down scripts are not written yet.
    pub unwritten: Vec<RevisionId>,
}

/// The part of a script that belongs to one revision.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the script")]
pub struct Unit {
    /// The id of the revision.
    pub revision: RevisionId,
    /// The operation performed on it.
    pub operation: Operation,
    /// Whether the part runs in a transaction; not if its statements commit implicitly.
    pub wrapping: Wrapping,
    /// The revisions that must be applied for the step: its parents, or the one taken back.
    pub needs: Ids,
    /// The revisions that must not be applied: itself, or those that build on the one taken back.
    pub absent: Ids,
    /// Whether a statement may leave something behind in the session.
    pub leaves_traces: bool,
    /// The time limits of the statements.
    pub timeouts: Timeouts,
    /// Whether a statement attaches another SQLite database.
    pub attaches: bool,
    /// Whether SQLite checks foreign keys after the statements.
    pub checks_foreign_keys: bool,
    /// Whether psql has to stop at an error: a statement rolls back to a savepoint, or has data.
    pub needs_stop: bool,
    /// Whether a statement changes the current database (MySQL's USE).
    pub changes_database: bool,
    /// Whether a statement locks whole tables (MySQL's LOCK TABLES).
    pub locks_tables: bool,
    /// The message of the revision.
    pub message: Arc<str>,
    /// The revisions before the step: the parents, or the revision itself on the way down.
    pub from: Ids,
    /// The revisions after the step.
    pub to: Ids,
    /// The text of the script.
    pub source: SourceText,
    /// The statements; none for a large script that is read in windows.
    spans: Box<[Span]>,
    /// The number of statements that ran in an earlier, interrupted run.
    pub done: usize,
}

/// The position of a statement in its text: small, since a script can have hundreds of thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the statement")]
pub struct Span {
    /// The offset of the first byte.
    pub offset: u32,
    /// The length in bytes.
    pub len: u32,
    /// Whether the statement may leave something behind in the session.
    pub leaves_traces: bool,
    /// Whether the statement attaches another SQLite database.
    pub attaches: bool,
    /// Whether the engine commits around the statement, even in a transaction.
    pub commits: bool,
    /// Whether the statement changes rows that can't be rolled back: of a table without
    /// transactions.
    pub lasts: bool,
    /// Whether the statement changes nothing but its session.
    pub sets_session: bool,
    /// The effect of the statement on locks of whole tables.
    pub locks: TableLocks,
    /// Whether the statement takes such locks, or runs under them.
    pub is_locked: bool,
    /// Whether the statement asks the session about the previous one, outside of a transaction.
    pub asks_last: bool,
}

/// A single action of a script.
#[derive(Debug, Clone)]
pub enum Action {
    /// Create the bookkeeping tables, or evolve them to the latest version.
    EnsureTables,
    /// Set whether SQLite enforces foreign keys; only outside a transaction.
    ForeignKeys(ForeignKeys),
    /// Compare the version table with the plan's assumptions.
    Compare,
    /// Open a transaction, and compare inside it.
    Begin,
    /// Begin a unit, by its index.
    Start(usize),
    /// Run consecutive statements of a unit.
    Execute {
        /// The index of the unit.
        unit: u32,
        /// The index of the first statement.
        first: u32,
        /// The number of statements; one where the script runs without a transaction.
        count: u32,
    },
    /// Run finished statements of a unit again, for their effect on the session.
    SetAgain {
        /// The index of the unit.
        unit: usize,
        /// The indexes of the statements.
        statements: Box<[usize]>,
    },
    /// Call the program's code of a unit.
    Call(usize),
    /// Check that no foreign key was violated.
    CheckForeignKeys,
    /// Undo a script's changes to its session, before the bookkeeping is written (on servers).
    Tidy(usize),
    /// Change the bookkeeping tables.
    Keep(Keep),
    /// Commit a note and everything before it within a revision: the announced statement can't be
    /// rolled back.
    CommitNotes,
    /// End a unit, by its index.
    Finish(usize),
    /// Commit the transaction, or leave the time to the runner.
    Commit,
    /// Reset the session after a script that changed it.
    ResetSession,
}

/// A change of the bookkeeping tables.
#[derive(Debug, Clone)]
pub enum Keep {
    /// Record a revision as applied.
    Record(Box<Entry>),
    /// Update an applied revision's record from its files.
    Accept(Box<Entry>),
    /// Delete a revision's record.
    Erase(RevisionId),
    /// Delete the records of all revisions.
    EraseAll,
    /// Note that a revision without a transaction begins or resumes.
    BeginRunning {
        /// The progress at which it was left, if it was begun before.
        before: Option<Box<Running>>,
        /// The progress to note.
        note: Box<Note>,
    },
    /// Note the progress of a revision.
    NoteRunning(Box<Note>),
    /// Delete the progress of a revision.
    EndRunning(RevisionId),
    /// Delete the progress of all revisions.
    EndAllRunning,
}

/// The progress of a revision without a transaction.
#[derive(Debug, Clone)]
pub struct Note {
    /// The row of progress to write.
    pub now: Running,
    /// The expression for the catalog's entries on the next statement's objects.
    pub catalog: Option<String>,
}

impl Action {
    /// Makes the action for some statements of a unit; none if there are none.
    fn execute(unit: usize, first: usize, count: usize) -> Option<Self> {
        // No list is longer than the text, whose offsets fit.
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (unit, first, count) = (number(unit), number(first), number(count));
        (count > 0).then_some(Self::Execute { unit, first, count })
    }
}

impl Span {
    /// Makes the span of a statement without any properties.
    pub(crate) fn new(offset: usize, text: &str) -> Self {
        // Longer texts are refused.
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { offset: number(offset), len: number(text.len()), ..Self::default() }
    }

    /// Returns the range of bytes in the text.
    pub(crate) fn range(self) -> std::ops::Range<usize> {
        let start = self.offset as usize;
        start..start + self.len as usize
    }
}

impl Unit {
    /// Returns the statements to run; the text is the unit's.
    pub fn statements(&self, text: &Text<'_>) -> Cow<'_, [Span]> {
        self.statements_of(text, self.done, usize::MAX)
    }

    /// Returns a number of statements; the text is the unit's.
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

    /// Returns the statements of an [`Action::Execute`]; none of a text that is read in windows.
    pub(crate) fn spans_of(&self, first: u32, count: u32) -> &[Span] {
        let first = first as usize;
        self.spans.get(first..first + count as usize).unwrap_or_default()
    }

    /// Returns one statement by its index.
    pub(crate) fn span(&self, number: usize) -> Option<Span> {
        self.spans.get(number).copied()
    }

    /// Tells whether the statements of an [`Action::Execute`] are the last ones.
    pub(crate) fn ends_with(&self, first: u32, count: u32) -> bool {
        first as usize + count as usize == self.spans.len()
    }

    /// Returns the step in Alembic's notation: `a, b -> c`.
    pub fn arrow(&self) -> String {
        let list = |ids: &Ids| ids.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ");
        format!("{} -> {}", list(&self.from), list(&self.to))
    }
}

impl Script {
    /// Returns the text within quotes that resembles an undeclared variable and is not replaced.
    pub fn undeclared(&self) -> Vec<Undeclared> {
        self.units.iter().flat_map(|unit| unit.source.undeclared.iter().cloned()).collect()
    }

    /// Tells whether a statement changes the current database (MySQL's USE).
    pub fn changes_database(&self) -> bool {
        self.units.iter().any(|unit| unit.changes_database)
    }
}
