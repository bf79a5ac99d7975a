//! Revisions that travel together (PostgreSQL).
//!
//! Each is a message of its own, a transaction with its guard and its row, and the next are sent
//! before the first is answered. So nothing is shared but the way: an error or an interrupt undoes
//! its own revision, and those behind it do nothing. Where the transaction that failed is still
//! open the server refuses them, and where it is gone their guards miss its row.

use std::time::Instant;

use crate::database::{Engine, Stopped};
use crate::revision::Wrapping;
use crate::runner::batch::{Halt, Origin, Traveler};
use crate::runner::{Lock, Run, Stop};
use crate::script::Action;
use crate::sql::{Dialect, Lexer};

/// How many revisions travel together at most: as many can be undecided if the connection is lost.
const MOST: usize = 64;

/// How many bytes of statements wait for others at most.
const MOST_BYTES: usize = 256 << 10;

impl Run<'_> {
    /// Tells whether a unit can be sent with others: one message in a transaction, and nothing to
    /// be asked, called or reset around it. The lock has to be one that lasts: between transactions
    /// that take it each for themselves, others have their turn.
    pub(super) fn travels(&self, unit: usize) -> bool {
        self.engine == Engine::Postgres
            && self.setting.lock.is_some_and(Lock::is_of_session)
            && self.is_guarded()
            && self.script.units.get(unit).is_some_and(|unit| {
                unit.wrapping == Wrapping::Transaction
                    && !unit.leaves_traces
                    && self.setting.steps.get(&unit.revision).is_none()
            })
    }

    /// Tells whether the revision that has come to its commit is sent with others: with those that
    /// wait already, or with the next.
    pub(super) fn joins(&mut self) -> bool {
        let Some(unit) = self.finishing else {
            return false;
        };
        self.batch.is_whole()
            && self.travels(unit)
            && (self.batch.aside() > 0 || self.next_travels())
            && self.batch.connection.pipeline().is_some()
    }

    /// Tells whether a statement has to be answered before anything is sent behind it: to copy to the
    /// client is an error to us and none to the server, which would go on to the commit.
    pub(super) fn is_copy(&self, statement: &str) -> bool {
        let first = || Lexer::new(statement, self.engine.dialect()).next();
        self.engine.dialect() == Dialect::Postgres
            && first().is_some_and(|token| token.is_ok_and(|token| token.is_word("COPY")))
    }

    /// Tells whether the revision after the one that has come to its commit can be sent with it.
    fn next_travels(&self) -> bool {
        let next = self.script.actions.get(self.at + 1..).unwrap_or_default();
        matches!(next, [Action::Begin, Action::Start(unit), ..] if self.travels(*unit))
    }

    /// Puts the revision that has come to its commit aside, and sends all that wait if it is time.
    pub(super) fn join(&mut self) -> Result<(), Stop> {
        self.send("COMMIT", Origin::Commit)?;
        if let Some(unit) = self.finishing.take() {
            self.batch.put_aside(unit, (self.start_at, self.at));
        }
        self.basis.known.end_transaction();
        self.group.set_closed();
        let is_full = self.batch.aside() >= MOST || self.batch.bytes() >= MOST_BYTES;
        if is_full || !self.next_travels() { self.deliver() } else { Ok(()) }
    }

    /// Sends the revisions that wait before they are too large together with what comes next.
    pub(super) fn make_room(&mut self, bytes: usize) -> Result<(), Stop> {
        let is_full = self.batch.aside() > 0 && self.batch.bytes() + bytes > MOST_BYTES;
        if is_full { self.deliver() } else { Ok(()) }
    }

    /// Sends the revisions that wait, and takes their answers one by one.
    pub(super) fn deliver(&mut self) -> Result<(), Stop> {
        let mut travelers = self.batch.take_travelers();
        if travelers.is_empty() {
            return Ok(());
        }
        for traveler in &mut travelers {
            let texts = std::mem::take(&mut traveler.texts);
            if let Some(pipeline) = self.batch.connection.pipeline() {
                pipeline.post(texts);
            }
        }
        let mut commits = u32::try_from(travelers.len()).unwrap_or(u32::MAX);
        for traveler in travelers {
            self.tell_started(traveler.unit);
            self.started = Instant::now();
            let answer = self.receive();
            self.tell_notices();
            match answer {
                Some(Ok(())) => self.arrive(traveler.unit),
                Some(Err(stopped)) => return Err(self.strand(&traveler, commits, stopped)),
                None => {}
            }
            commits -= 1;
            if self.interrupter.is_interrupted() {
                // What was stopped may have been what has just ended, and not what runs by now.
                self.interrupter.interrupt();
            }
        }
        if self.group.is_open() {
            self.tell_started(self.done.len());
            self.started = Instant::now();
        }
        Ok(())
    }

    fn receive(&mut self) -> Option<Result<(), Stopped>> {
        self.batch.connection.pipeline()?.receive()
    }

    /// Takes in that a revision is committed.
    fn arrive(&mut self, unit: usize) {
        self.tell_finished(unit);
        self.closed = self.done.len();
        self.committed = self.closed;
        self.is_closing = false;
        self.basis.known.settle_oldest();
        self.tries = 0;
        self.busy_since = None;
    }

    /// Goes back to a revision that failed on its way, with so many commits on their way.
    fn strand(&mut self, traveler: &Traveler, commits: u32, stopped: Stopped) -> Stop {
        let mut has_passed = false;
        while let Some(answer) = self.receive() {
            has_passed |= answer.is_ok();
        }
        self.batch.forget();
        (self.start_at, self.at) = traveler.actions;
        self.finishing = None;
        self.is_closing = false;
        self.group.set_open();
        if has_passed {
            // Its guard has found the row of this one: another process has applied it meanwhile.
            return Stop::Moved;
        }
        let origin = traveler.origins.get(stopped.at).copied().unwrap_or(Origin::Own);
        self.stop(Halt { origin, cause: stopped.cause, commits })
    }
}
