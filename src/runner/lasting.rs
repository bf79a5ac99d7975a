//! Changes that no rollback undoes: in MySQL's tables without transactions, and by statements that
//! keep part of their changes when they fail.

use crate::database::{Connection, DatabaseError, Engine};
use crate::ledger::Running;
use crate::revision::Checksum;
use crate::runner::{Noted, Run, Standing};
use crate::script::{Lasting, Unit};
use crate::sql::{Dialect, Lexer, Splitter};

/// Reads the server's tables without transactions; none where all have them.
pub fn read_lasting(
    connection: &mut (dyn Connection + '_),
) -> Result<Option<Lasting>, DatabaseError> {
    if !connection.engine().has_tables_without_rollback() {
        return Ok(None);
    }
    let rows = match connection.query(Lasting::TABLES) {
        Ok(rows) => rows,
        // Compatible servers may lack these tables; then nothing is known.
        Err(DatabaseError::Sql(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let pairs = rows.iter().filter_map(|row| match row.as_slice() {
        [Some(kind), Some(name)] => Some((kind.as_str(), name.as_str())),
        _ => None,
    });
    let mut res = Lasting::new(pairs);
    if !res.is_empty() {
        let ways = connection.query(Lasting::WAYS)?;
        let ways = ways.into_iter().filter_map(|row| match <[Option<String>; 3]>::try_from(row) {
            Ok([Some(kind), Some(name), Some(text)]) => Some([kind, name, text]),
            Ok(_) | Err(_) => None,
        });
        res.follow(&ways.collect::<Vec<_>>());
    }
    Ok(Some(res))
}

impl Noted {
    /// Runs a statement in a transaction of its own, so that nothing of it stands if it fails,
    /// unless the server warns that something does.
    pub(super) fn run_undivided(
        &mut self,
        run: &mut Run<'_>,
        text: &str,
    ) -> Result<(), DatabaseError> {
        if run.connection.in_transaction() {
            return run.connection.execute(text);
        }
        run.connection.begin(&mut |_| {})?;
        match run.connection.execute(text) {
            Ok(()) => run.connection.commit(),
            Err(error) => {
                self.lasts |= run.connection.take_back();
                Err(error)
            }
        }
    }

    /// Notes the statements in doubt after an incomplete rollback: all since the last note.
    pub(super) fn note_lasting(&mut self, run: &mut Run<'_>, unit: &Unit) -> Standing {
        if self.notes.is_unknown() {
            return Standing::Unknown;
        }
        let Some(now) = running_of(unit, self.notes.done(), run.turn.statement + 1) else {
            return Standing::Unknown;
        };
        let (ledger, condition) = (run.setting.ledger, run.lock_condition());
        let text = if self.notes.row().is_some() {
            ledger.note_running(&now, None, condition.as_deref())
        } else {
            let begun_at = run.setting.clock.timestamp();
            let leftover = self.notes.take_leftover();
            ledger.take_running(&now, leftover.as_deref(), &begun_at, None, None)
        };
        // An error here would stop any other remedy too; the original one is reported.
        let _result = run.undisturbed(|connection| connection.execute(&text));
        self.notes.advance(&now, false);
        Standing::Part
    }
}

/// Tells whether a statement outside a transaction may keep part of its changes when it fails:
/// SQLite's `OR FAIL` does, and `RAISE(FAIL)`.
pub(super) fn may_stop_midway(run: &Run<'_>, text: &str) -> bool {
    // `FAIL` is a word of SQLite's alone.
    run.engine() == Engine::Sqlite
        && Lexer::new(text, Dialect::Sqlite).next().is_some_and(|first| {
            let verbs = ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
            first.is_ok_and(|first| first.is_one_of(&verbs))
        })
}

/// Tells whether changes that couldn't be rolled back are limited to the session: rows of a
/// temporary table.
pub(super) fn lasts_in_session(unit: &Unit) -> bool {
    let Ok(text) = unit.source.open() else { return false };
    unit.leaves_traces
        && unit.statements_of(&text, 0, usize::MAX).iter().any(|span| {
            let text = text.statement(*span);
            let statement = Splitter::new(&text, Dialect::MySql).next();
            statement.and_then(Result::ok).is_some_and(|statement| {
                let mut words = statement.leading_words().take(4);
                words.any(|word| word == "TEMPORARY")
            })
        })
}

/// Returns the checksums of a unit's prefixes, from that of no statement on; none if its text can't
/// be read any more.
pub(super) fn beginnings(unit: &Unit) -> Option<Vec<Checksum>> {
    let text = unit.source.open().ok()?;
    let spans = unit.statements_of(&text, 0, usize::MAX);
    let texts: Vec<_> = spans.iter().map(|span| text.statement(*span)).collect();
    Some(Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref)))
}

/// Returns the note of a unit with these numbers of finished and begun statements.
fn running_of(unit: &Unit, done: usize, begun: usize) -> Option<Running> {
    let digests = beginnings(unit)?;
    Some(Running {
        revision: unit.revision.clone(),
        operation: unit.operation,
        statements: digests.len() - 1,
        begun,
        done,
        begun_digest: digests.get(begun)?.clone(),
        done_digest: digests.get(done)?.clone(),
        process: String::new(),
        catalog: None,
    })
}
