//! The actions of a script without a transaction: each statement is noted before it runs.
//!
//! What a run that was cut off has done already is left out, if the script still says the same.

use crate::ledger::{Extent, Running, catalog_digest};
use crate::plan::Operation;
use crate::process::Process;
use crate::revision::{Checksum, RevisionId, Wrapping};
use crate::script::again::again;
use crate::script::{Action, Keep, Note, ScriptError, Span, Text};
use crate::sql::{Dialect, Splitter, named_objects};

/// A revision that has run in part and goes on.
#[derive(Debug, Clone, Copy)]
pub struct Resumed<'a> {
    /// What is noted of it.
    pub noted: &'a Running,
    /// How many of its statements are done, now that it is known what became of the last.
    pub done: usize,
}

impl Resumed<'_> {
    /// Tells whether it is a step that goes on.
    pub(super) fn is_of(&self, revision: &RevisionId, operation: Operation) -> bool {
        self.noted.revision == *revision && self.noted.operation == word(operation)
    }
}

/// Returns the word by which notes call an operation.
fn word(operation: Operation) -> &'static str {
    if operation == Operation::Downgrade { "downgrade" } else { "upgrade" }
}

/// What the notes of one script are made of.
pub(super) struct Journal<'a> {
    unit: usize,
    source: &'a Text<'a>,
    spans: &'a [Span],
    resumed: Option<Resumed<'a>>,
    digests: Vec<Checksum>,
    /// The statements that are done and run again, for what they set in the session.
    again: Vec<usize>,
    /// The note of nothing done.
    blank: Running,
}

impl<'a> Journal<'a> {
    /// Takes a script; one that goes on must read as before as far as it has run.
    pub(super) fn new(
        unit: usize,
        revision: &RevisionId,
        operation: Operation,
        source: &'a Text<'a>,
        spans: &'a [Span],
        resumed: Option<Resumed<'a>>,
    ) -> Result<Self, ScriptError> {
        let texts: Vec<_> = spans.iter().map(|span| source.statement(*span)).collect();
        let digests = Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref));
        let resumed = resumed.filter(|it| it.is_of(revision, operation));
        if let Some(Resumed { noted, done }) = resumed {
            let digest = if done == noted.done { &noted.done_digest } else { &noted.begun_digest };
            if digests.get(done) != Some(digest) {
                return Err(ScriptError::ResumedChanged { revision: revision.clone(), done });
            }
        }
        let done = resumed.map_or(0, |it| it.done);
        let again = again(&texts, done, source.dialect()).map_err(|obstacle| {
            let place = spans.get(obstacle.at).map(|span| Box::new(source.place(*span, None)));
            let (revision, what) = (revision.clone(), obstacle.what);
            ScriptError::NotResumable { place, revision, statement: obstacle.at + 1, what }
        })?;
        let blank = Running {
            revision: revision.clone(),
            operation: word(operation).to_owned(),
            statements: spans.len(),
            begun: 0,
            done: 0,
            begun_digest: Checksum::of(""),
            done_digest: Checksum::of(""),
            process: Process::current().to_string(),
            catalog: None,
        };
        Ok(Self { unit, source, spans, resumed, digests, again, blank })
    }

    /// Returns the actions, up to where the revision is recorded; `asked` is what its head says.
    pub(super) fn actions(&self, asked: Wrapping) -> Vec<Action> {
        match (asked, self.source.dialect()) {
            (Wrapping::Transaction, Dialect::MySql) => self.around_commits(),
            (Wrapping::None, _) | (_, Dialect::Sqlite | Dialect::Postgres) => self.one_by_one(),
        }
    }

    /// Each statement stands by itself; the record and the end of the notes are one transaction.
    fn one_by_one(&self) -> Vec<Action> {
        let done = self.done();
        let first = (done + 1).min(self.spans.len());
        let mut res = vec![self.begin(first)];
        res.extend(self.set_again());
        for at in done..self.spans.len() {
            if at > done {
                res.push(self.note(at));
            }
            res.extend(self.execute(at));
        }
        res.extend([Action::Tidy(self.unit), Action::Begin, self.end()]);
        res
    }

    /// Where only some statements commit, the others stay in a transaction with the next note.
    ///
    /// A note in an open transaction is committed by the statement that it announces, before that
    /// runs; what follows the last of them is one transaction with the record. A statement whose changes
    /// can't be rolled back commits nothing by itself: it has a transaction of its own, and notes before
    /// and after it.
    fn around_commits(&self) -> Vec<Action> {
        let done = self.done();
        let stands = |at: usize| self.spans.get(at).is_some_and(|it| it.commits || it.lasts);
        let mut res = vec![self.begin(done + usize::from(stands(done)))];
        res.extend(self.set_again());
        let mut is_open = false;
        for (at, span) in self.spans.iter().enumerate().skip(done) {
            if stands(at) {
                res.extend((at > done).then(|| self.note(at)));
                res.extend((is_open && span.lasts).then_some(Action::CommitNotes));
                is_open = false;
            } else if !is_open {
                res.push(Action::Begin);
                is_open = true;
            }
            res.extend(self.execute(at));
            let is_noted = !span.lasts || stands(at + 1);
            res.extend((!is_noted).then(|| self.note_done(at + 1)));
        }
        res.extend([Action::Tidy(self.unit), self.end()]);
        res
    }

    /// Returns how many statements have run before.
    pub(super) fn done(&self) -> usize {
        self.resumed.map_or(0, |it| it.done)
    }

    fn begin(&self, begun: usize) -> Action {
        let done = self.done();
        Action::Keep(Keep::BeginRunning {
            before: self.resumed.map(|it| Box::new(it.noted.clone())),
            note: self.note_of(begun, done),
        })
    }

    /// Notes that the statement after so many begins.
    fn note(&self, done: usize) -> Action {
        Action::Keep(Keep::NoteRunning(self.note_of(done + 1, done)))
    }

    /// Notes that so many statements are done.
    fn note_done(&self, done: usize) -> Action {
        Action::Keep(Keep::NoteRunning(self.note_of(done, done)))
    }

    /// Gives the session what the statements that are done have set in another.
    fn set_again(&self) -> Option<Action> {
        let statements = self.again.clone().into_boxed_slice();
        (!statements.is_empty()).then_some(Action::SetAgain { unit: self.unit, statements })
    }

    fn execute(&self, at: usize) -> Option<Action> {
        Action::execute(self.unit, at, 1)
    }

    fn end(&self) -> Action {
        Action::Keep(Keep::EndRunning(self.blank.revision.clone()))
    }

    fn note_of(&self, begun: usize, done: usize) -> Box<Note> {
        let digest = |count| self.digests.get(count).cloned().unwrap_or_else(|| Checksum::of(""));
        let (begun_digest, done_digest) = (digest(begun), digest(done));
        let now = Running { begun, done, begun_digest, done_digest, ..self.blank.clone() };
        Box::new(Note { now, catalog: self.catalog_before(begun, done) })
    }

    fn catalog_before(&self, begun: usize, done: usize) -> Option<String> {
        let span = self.spans.get(done).filter(|_| begun > done)?;
        catalog(self.source, *span)
    }
}

/// Returns the expression for what the catalog holds of the objects that a statement changes.
pub(super) fn catalog(source: &Text<'_>, span: Span) -> Option<String> {
    let text = source.statement(span);
    let statement = Splitter::new(&text, source.dialect()).next()?.ok()?;
    let words: Vec<String> = statement.leading_words().collect();
    let extent = match words.first().map(String::as_str) {
        Some("CREATE" | "DROP") if words.iter().any(|word| word == "INDEX") => Extent::Indexes,
        Some("CREATE" | "DROP" | "RENAME") => Extent::Presence,
        // Two tables of one shape change their rows.
        Some("ALTER") if statement.code().any(|token| token.is_word("EXCHANGE")) => return None,
        Some("ALTER") => Extent::Shape,
        // What empties a table, or changes rights, is seen in no catalog.
        _ => return None,
    };
    catalog_digest(source.dialect(), extent, &named_objects(&statement))
}
