//! The actions of a script without a transaction: each statement is noted before it runs.
//!
//! Statements that ran in an interrupted run are left out, if the script is unchanged.

use crate::database::Engine;
use crate::ledger::{Extent, INVALID_INDEXES, Running, Servers, catalog_digest};
use crate::plan::Operation;
use crate::process::Process;
use crate::revision::{Checksum, RevisionId, Wrapping};
use crate::script::again::again;
use crate::script::{Action, Hidden, Keep, Note, ScriptError, Span, Text};
use crate::sql::{Dialect, ObjectKind, Splitter, Statement, TableLocks, named_objects};

/// A revision that has run in part and is resumed.
#[derive(Debug, Clone)]
pub struct Resumed<'a> {
    /// The progress as noted.
    pub noted: &'a Running,
    /// The number of finished statements, with the last one's outcome settled.
    pub done: usize,
    /// The code in the database, which finished statements may have run.
    pub hidden: Hidden,
}

impl Resumed<'_> {
    pub(super) fn is_of(&self, revision: &RevisionId, operation: Operation) -> bool {
        self.noted.revision == *revision && self.noted.operation == operation
    }
}

/// The inputs for the notes of one script.
pub(super) struct Journal<'a> {
    unit: usize,
    engine: Engine,
    source: &'a Text<'a>,
    spans: &'a [Span],
    resumed: Option<&'a Resumed<'a>>,
    digests: Vec<Checksum>,
    /// The finished statements that run again, for their effect on the session.
    again: Vec<usize>,
    /// The note of no statement done.
    blank: Running,
}

impl<'a> Journal<'a> {
    /// Takes a script; the finished part of a resumed one must be unchanged.
    pub(super) fn new(
        unit: usize,
        (revision, operation): (&RevisionId, Operation),
        source: &'a Text<'a>,
        spans: &'a [Span],
        resumed: Option<&'a Resumed<'a>>,
    ) -> Result<Self, ScriptError> {
        let texts: Vec<_> = spans.iter().map(|span| source.statement(*span)).collect();
        let digests = Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref));
        let resumed = resumed.filter(|it| it.is_of(revision, operation));
        if let Some(Resumed { noted, done, .. }) = resumed {
            let done = *done;
            let digest = if done == noted.done { &noted.done_digest } else { &noted.begun_digest };
            if digests.get(done) != Some(digest) {
                return Err(ScriptError::ResumedChanged { revision: revision.clone(), done });
            }
        }
        let done = resumed.map_or(0, |it| it.done);
        let none = Hidden::default();
        let hidden = resumed.map_or(&none, |it| &it.hidden);
        let again = again(&texts, done, source.dialect(), hidden).map_err(|obstacle| {
            let place = spans.get(obstacle.at).map(|span| Box::new(source.place(*span, None)));
            let (revision, what) = (revision.clone(), obstacle.what);
            ScriptError::NotResumable { place, revision, statement: obstacle.at + 1, what }
        })?;
        if spans.get(done).is_some_and(|next| done > 0 && next.asks_last) {
            let place = spans.get(done - 1).map(|span| Box::new(source.place(*span, None)));
            let (revision, what) = (revision.clone(), "what the next one asks for".to_owned());
            return Err(ScriptError::NotResumable { place, revision, statement: done, what });
        }
        let blank = Running {
            revision: revision.clone(),
            operation,
            statements: spans.len(),
            begun: 0,
            done: 0,
            begun_digest: Checksum::of(""),
            done_digest: Checksum::of(""),
            process: Process::current().to_string(),
            catalog: None,
        };
        let engine = Engine::usual(source.dialect());
        Ok(Self { unit, engine, source, spans, resumed, digests, again, blank })
    }

    /// Makes notes that an engine can write.
    pub(super) fn on(self, engine: Engine) -> Self {
        Self { engine, ..self }
    }

    /// Returns the actions up to the record; `asked` is the header's choice.
    pub(super) fn actions(&self, asked: Wrapping) -> Vec<Action> {
        match (asked, self.source.dialect()) {
            (Wrapping::Transaction, Dialect::MySql) => self.around_commits(),
            (Wrapping::None, _) | (_, Dialect::Sqlite | Dialect::Postgres) => self.one_by_one(),
        }
    }

    /// Notes each statement separately; the record and the end of the notes are one transaction.
    fn one_by_one(&self) -> Vec<Action> {
        let mut at = self.done();
        let mut res = vec![self.begin(self.end_from(at))];
        res.extend(self.set_again());
        while at < self.spans.len() {
            let end = self.end_from(at);
            if at > self.done() {
                res.push(self.note(end, at));
            }
            res.extend((at..end).filter_map(|at| self.execute(at)));
            at = end;
        }
        res.extend([Action::Tidy(self.unit), Action::Begin, self.end()]);
        res
    }

    /// Where only some statements commit, the others share a transaction with the next note.
    ///
    /// A note in an open transaction is committed by the statement that it announces, before that
    /// runs; the statements after the last of these share a transaction with the record. Before a
    /// transaction is opened, all earlier statements are noted as done, so that nothing else is in
    /// doubt meanwhile. Settings of the session need no transaction, and some allow none. A
    /// statement whose changes can't be rolled back commits nothing by itself: it has a transaction
    /// of its own, and notes before and after it.
    fn around_commits(&self) -> Vec<Action> {
        let mut at = self.done();
        let begun = if self.stands_alone(at) { self.end_beside(at) } else { at };
        let mut res = vec![self.begin(begun)];
        res.extend(self.set_again());
        let (mut is_open, mut noted) = (false, begun == at);
        while let Some(span) = self.spans.get(at) {
            let end = self.end_beside(at);
            if self.stands_alone(at) {
                res.extend((at > self.done()).then(|| self.note(end, at)));
                // It doesn't commit its note itself.
                res.extend((is_open && !span.commits).then_some(Action::CommitNotes));
                (is_open, noted) = (false, false);
            } else if !is_open && !span.sets_session {
                res.extend((!noted).then(|| self.note(at, at)));
                res.push(Action::Begin);
                (is_open, noted) = (true, true);
            }
            res.extend((at..end).filter_map(|at| self.execute(at)));
            at = end;
        }
        let ends_lasting = !noted && self.spans.last().is_some_and(|it| it.lasts);
        res.extend(ends_lasting.then(|| self.note(at, at)));
        res.extend([Action::Tidy(self.unit), self.end()]);
        res
    }

    /// Tells whether a statement commits, or begins something that can't be in a transaction.
    fn stands_alone(&self, at: usize) -> bool {
        self.spans.get(at).is_some_and(|it| it.commits || it.lasts || it.is_locked)
    }

    /// Returns the end of a statement and of those after it that allow no note in between: a
    /// statement that asks about its predecessor would see the note instead.
    fn end_from(&self, at: usize) -> usize {
        let end = self.end_of_locks(at);
        let asks = self.spans.get(end).is_some_and(|it| it.asks_last);
        if asks { self.end_from(end) } else { end }
    }

    /// Does the same where only some statements commit: before others nothing is noted anyway, and
    /// changes that can't be rolled back are noted separately.
    fn end_beside(&self, at: usize) -> usize {
        let joins = self.spans.get(at).is_some_and(|it| (it.commits || it.is_locked) && !it.lasts);
        if joins { self.end_from(at) } else { self.end_of_locks(at) }
    }

    /// Returns the end of a statement and of those under the same table locks: after LOCK TABLES no
    /// other table can be changed, ours included, until the locks are released.
    fn end_of_locks(&self, at: usize) -> usize {
        if !self.spans.get(at).is_some_and(|it| it.is_locked) {
            return (at + 1).min(self.spans.len());
        }
        let rest = self.spans.get(at..).unwrap_or_default();
        let released = rest.iter().position(|it| it.locks == TableLocks::Released);
        released.map_or(self.spans.len(), |it| at + it + 1)
    }

    /// Returns the number of statements that ran before.
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

    /// Notes the numbers of finished and of begun statements.
    fn note(&self, begun: usize, done: usize) -> Action {
        Action::Keep(Keep::NoteRunning(self.note_of(begun, done)))
    }

    /// Restores the session state of finished statements.
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
        // The catalog doesn't show the combined effect of several statements.
        let span = self.spans.get(done).filter(|_| begun == done + 1)?;
        catalog(self.engine, self.source, *span)
    }
}

/// Returns the expression for the catalog's entries on the objects that a statement changes.
pub(super) fn catalog(engine: Engine, source: &Text<'_>, span: Span) -> Option<String> {
    let text = source.statement(span);
    let statement = Splitter::new(&text, source.dialect()).next()?.ok()?;
    let servers = match engine {
        Engine::MySql | Engine::MariaDb | Engine::Galera => Servers::Own,
        Engine::TiDb | Engine::Vitess | Engine::OceanBase => Servers::Compatible,
        Engine::Postgres | Engine::CockroachDb | Engine::YugabyteDb => return builds(&statement),
        Engine::Sqlite => return None,
    };
    let objects = named_objects(&statement);
    catalog_digest(servers, extent(&statement, objects.first()?.kind)?, &objects)
}

/// Returns the same for a concurrent build on PostgreSQL: other definitions are undone with their
/// transactions.
fn builds(statement: &Statement<'_>) -> Option<String> {
    let builds = ["CREATE", "REINDEX"].iter().any(|word| statement.begins_with(word));
    let leaves = builds && statement.code().any(|token| token.is_word("CONCURRENTLY"));
    leaves.then(|| INVALID_INDEXES.to_owned())
}

/// Tells what of the objects a statement of MySQL changes; none if the catalog doesn't show it.
fn extent(statement: &Statement<'_>, kind: ObjectKind) -> Option<Extent> {
    let words: Vec<String> = statement.leading_words().collect();
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let says = |wanted: &str| statement.code().any(|token| token.is_word(wanted));
    let any = |wanted: &[&str]| wanted.iter().any(|it| says(it));
    match words.first().map(String::as_str) {
        // Its numbers tell nothing, and one that isn't there can't be asked for anything else.
        Some("CREATE") if kind == ObjectKind::Sequence && has("REPLACE") => None,
        Some("ALTER") if kind == ObjectKind::Sequence && any(&["IF", "RESTART"]) => None,
        Some("CREATE" | "DROP") if has("INDEX") => Some(Extent::Indexes),
        Some("CREATE") if has("REPLACE") => Some(Extent::Shape),
        Some("CREATE" | "DROP" | "RENAME") => Some(Extent::Presence),
        // Two tables of one shape change their rows.
        Some("ALTER") if says("EXCHANGE") => None,
        Some("ALTER") => Some(Extent::Shape),
        // The catalog doesn't show the emptying of a table, or a change of privileges.
        _ => None,
    }
}
