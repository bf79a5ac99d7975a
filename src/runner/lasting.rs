//! Changes that no rollback takes back: of MySQL's tables without transactions, and of statements that keep
//! what they did before they failed.

use crate::database::{Connection, DatabaseError, Engine};
use crate::ledger::Running;
use crate::revision::Checksum;
use crate::runner::Standing;
use crate::runner::noted::Noted;
use crate::runner::run::Run;
use crate::script::{Lasting, Unit};
use crate::sql::{Dialect, Lexer, Splitter};

/// Asks a server which of its tables have no transactions; none where there are no such.
pub fn read_lasting(
    connection: &mut (dyn Connection + '_),
) -> Result<Option<Lasting>, DatabaseError> {
    if connection.dialect() != Dialect::MySql {
        return Ok(None);
    }
    let rows = match connection.query(Lasting::TABLES) {
        Ok(rows) => rows,
        // What speaks the protocol alone may not know these tables; then nothing is known.
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
    /// Runs a statement in a transaction of its own, so that nothing of it stands if it fails, or the
    /// server tells that something does.
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

    /// Notes what is in doubt where a rollback left something: all that ran since the last note.
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
        // What stops this stops whatever else could be done; the error that led here is told.
        let _result = run.undisturbed(|connection| connection.execute(&text));
        self.notes.advance(&now, false);
        Standing::Part
    }
}

/// Tells whether a statement that stands alone may keep a part of what it did when it fails: SQLite's
/// `OR FAIL` does, and `RAISE(FAIL)`.
pub(super) fn may_stop_midway(run: &Run<'_>, text: &str) -> bool {
    run.engine() == Engine::Sqlite
        && Lexer::new(text, Dialect::Sqlite).next().is_some_and(|first| {
            let verbs = ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"];
            first.is_ok_and(|first| first.is_one_of(&verbs))
        })
}

/// Tells whether what couldn't be rolled back is of the session alone: rows of a temporary table.
pub(super) fn lasts_in_session(unit: &Unit) -> bool {
    let Ok(text) = unit.source.open() else {
        return false;
    };
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

/// Returns the checksums of a unit's beginnings, from that of no statement on; none if its text can't be read
/// any more.
pub(super) fn beginnings(unit: &Unit) -> Option<Vec<Checksum>> {
    let text = unit.source.open().ok()?;
    let spans = unit.statements_of(&text, 0, usize::MAX);
    let texts: Vec<_> = spans.iter().map(|span| text.statement(*span)).collect();
    Some(Checksum::of_each_beginning(texts.iter().map(AsRef::as_ref)))
}

/// Returns the note of a unit of which so many statements are done and so many were begun.
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
