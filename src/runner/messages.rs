//! PostgreSQL: a revision is one message of the simple protocol, from its BEGIN to its COMMIT.
//!
//! Its statements are gathered until an answer is needed. Whole messages may wait for others, so
//! that several are sent before the first is answered (`pipeline.rs`).

use crate::database::{Engine, Stopped};
use crate::ledger::{Elapsed, Entry};
use crate::plan::Operation;
use crate::revision::Wrapping;
use crate::runner::timeouts::of_transaction;
use crate::runner::{Committed, Course, Flow, Lock, Origin, Pipelined, Run, Stop};
use crate::script::{Action, Unit};
use crate::sql::{Dialect, Lexer};

/// How many bytes are gathered at most: memory stays small, and a server needn't parse a script of
/// hundreds of megabytes in one piece.
const MOST: usize = 1 << 20;

/// The unsent statements, and the whole revisions that wait to be sent together.
#[derive(Default)]
pub(super) struct Messages {
    /// The statements of the revision at hand that weren't sent yet.
    pub(super) queue: Vec<(String, Origin)>,
    /// The bytes of those statements.
    pub(super) size: usize,
    /// Whether something of the transaction that is open was sent already, or is to be by itself.
    was_sent: bool,
    /// The revisions that wait to be sent together.
    pub(super) pipelined: Vec<Pipelined>,
    /// The bytes of those revisions.
    pub(super) waiting: usize,
    /// The revision whose last statement waits for its commit.
    pub(super) finishing: Option<usize>,
}

impl Messages {
    /// Tells whether all of the revision at hand is one message.
    pub(super) fn is_whole(&self) -> bool {
        !self.was_sent
    }

    /// Sends the statements of the revision at hand.
    fn send(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let queue = std::mem::take(&mut self.queue);
        self.size = 0;
        let texts: Vec<&str> = queue.iter().map(|(text, _)| text.as_str()).collect();
        run.connection.execute_all(&texts).map_err(|Stopped { at, cause }| {
            let origin = queue.get(at).map_or(Origin::Own, |(_, origin)| *origin);
            let has_commit = queue.iter().any(|(_, origin)| matches!(origin, Origin::Commit));
            run.stop(origin, cause, u32::from(has_commit))
        })
    }

    /// Returns the duration to record: the server tells itself how long a message has taken.
    fn duration(&self, run: &Run<'_>) -> Elapsed {
        let is_of_message = run.engine() == Engine::Postgres
            && self.is_whole()
            && run.transaction.is_open()
            && run.unit_at_hand().is_some_and(|it| it.wrapping == Wrapping::Transaction)
            && run.connection.sends_together();
        if is_of_message {
            Elapsed::OfThisMessage
        } else {
            Elapsed::Milliseconds(run.turn.milliseconds())
        }
    }
}

impl Course for Messages {
    fn begin(&mut self, run: &mut Run<'_>) -> Result<Flow, Stop> {
        if run.transaction.is_open() {
            return Ok(Flow::On);
        }
        self.statement(run, "BEGIN", Origin::Own)?;
        run.transaction.set_open();
        let ledger = run.setting.ledger;
        if let Some(entry) = run.setting.lock.and_then(Lock::entry) {
            self.statement(run, &ledger.insist(&entry), Origin::Entry)?;
        }
        if !run.is_guarded() {
            self.flush(run)?;
            return run.compare();
        }
        self.statement(run, &ledger.lock_last(), Origin::Own)?;
        // What ran without a transaction is recorded by this one.
        if let Some(unit) = run.unit_at_hand().filter(|it| it.wrapping == Wrapping::None) {
            let lock = run.setting.lock.and_then(Lock::guard);
            let guard = ledger.guard(&run.expected(unit), lock.as_deref());
            self.statement(run, &ledger.insist(&guard.condition), Origin::Guard)?;
        }
        Ok(Flow::On)
    }

    fn start(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        let unit = run
            .unit(unit)
            .filter(|it| it.operation != Operation::Stamp && it.wrapping == Wrapping::Transaction);
        if let Some(unit) = unit {
            let guard = guard_of(run, unit);
            self.statement(run, &guard, Origin::Guard)?;
            for statement in of_transaction(unit.timeouts) {
                self.statement(run, &statement, Origin::Own)?;
            }
        }
        Ok(())
    }

    fn statement(&mut self, run: &mut Run<'_>, text: &str, origin: Origin) -> Result<(), Stop> {
        if matches!(origin, Origin::Statement(..)) && is_copy(text) {
            self.expose(run)?;
            return run.execute(text, origin);
        }
        self.make_room(run, text.len())?;
        self.size += text.len();
        self.queue.push((text.to_owned(), origin));
        if self.size > MOST { self.expose(run) } else { Ok(()) }
    }

    fn record(&mut self, run: &mut Run<'_>, entry: &Entry) -> Result<(), Stop> {
        run.transaction.set_recording();
        let recorded = run.recorded(entry, None, self.duration(run));
        let text = run.setting.ledger.insert(entry, &recorded, None);
        self.statement(run, &text, Origin::Record)
    }

    fn finish(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        if run.transaction.is_open() {
            if matches!(run.script.actions.get(run.at + 1), Some(Action::Commit)) {
                // Told when the message that holds it all has been answered.
                self.finishing = Some(unit);
                return Ok(());
            }
            self.flush(run)?;
        }
        run.finish(unit);
        Ok(())
    }

    fn close(&mut self, run: &mut Run<'_>) -> Result<bool, Stop> {
        match self.finishing.filter(|unit| self.is_pipelined(run, *unit)) {
            Some(unit) => self.enqueue(run, unit).map(|()| false),
            None => Ok(true),
        }
    }

    fn commit(&mut self, run: &mut Run<'_>) -> Result<Committed, Stop> {
        if run.transaction.is_open() {
            self.statement(run, "COMMIT", Origin::Commit)?;
        }
        self.flush(run)?;
        self.was_sent = false;
        if let Some(unit) = self.finishing.take() {
            run.tell_finished(unit);
        }
        Ok(run.transaction.set_committed())
    }

    fn forget(&mut self) {
        *self = Self::default();
    }

    fn flush(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        self.send_pipelined(run)?;
        self.send(run)
    }

    fn expose(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        self.flush(run)?;
        self.was_sent = true;
        Ok(())
    }

    fn is_gathering(&self) -> bool {
        !self.queue.is_empty()
    }

    fn is_behind(&self) -> bool {
        !self.pipelined.is_empty()
    }
}

/// Returns what fails unless the database is as a revision's transaction has to find it, and nobody else
/// can be at work.
fn guard_of(run: &Run<'_>, unit: &Unit) -> String {
    let ledger = run.setting.ledger;
    let lock = run.setting.lock.and_then(Lock::guard);
    let alone: Vec<String> = lock.into_iter().chain([ledger.nothing_runs()]).collect();
    let guard = ledger.guard(&run.expected(unit), Some(&alone.join(" AND ")));
    ledger.insist(&guard.condition)
}

/// Tells whether a statement has to be answered before anything is sent behind it: to copy to the
/// client is an error to us and none to the server, which would go on to the commit.
fn is_copy(statement: &str) -> bool {
    let first = Lexer::new(statement, Dialect::Postgres).next();
    first.is_some_and(|token| token.is_ok_and(|token| token.is_word("COPY")))
}
