//! Revisions that are sent before earlier ones are answered (PostgreSQL).
//!
//! Each is a message of its own, a transaction with its guard and its row. So only the connection
//! is shared: an error or an interrupt undoes its own revision, and those behind it do nothing. If
//! the failed transaction is still open the server refuses them, and otherwise their guards miss
//! its row.

use std::time::Instant;

use crate::database::{Engine, Stopped};
use crate::revision::Wrapping;
use crate::runner::{Course, Lock, Messages, Origin, Run, Stop, Tries};
use crate::script::Action;

/// How many revisions are in flight at most: as many can be undecided if the connection is lost.
const MOST: usize = 64;

/// How many bytes of statements wait for others at most.
const MOST_BYTES: usize = 256 << 10;

/// A whole revision, from its BEGIN to its COMMIT.
pub(super) struct Pipelined {
    unit: usize,
    /// The action that opened its transaction, and the one that commits it.
    actions: (usize, usize),
    texts: Vec<String>,
    /// Where each statement comes from.
    origins: Vec<Origin>,
}

impl Messages {
    /// Tells whether the revision that has come to its commit is sent with others: with those that
    /// wait already, or with the next.
    pub(super) fn is_pipelined(&self, run: &mut Run<'_>, unit: usize) -> bool {
        self.is_whole()
            && can_be_pipelined(run, unit)
            && (self.is_behind() || is_next_pipelined(run))
            && run.connection.pipeline().is_some()
    }

    /// Lets the revision that has come to its commit wait for others, and sends all that wait if it is
    /// time.
    pub(super) fn enqueue(&mut self, run: &mut Run<'_>, unit: usize) -> Result<(), Stop> {
        self.statement(run, "COMMIT", Origin::Commit)?;
        self.finishing = None;
        self.waiting += std::mem::take(&mut self.size);
        let (texts, origins) = self.queue.drain(..).unzip();
        let actions = (run.start_at, run.at);
        self.pipelined.push(Pipelined { unit, actions, texts, origins });
        run.basis.known.end_transaction();
        run.transaction.set_ended();
        let is_full = self.pipelined.len() >= MOST || self.waiting >= MOST_BYTES;
        if is_full || !is_next_pipelined(run) { self.send_pipelined(run) } else { Ok(()) }
    }

    /// Sends the revisions that wait before they are too large together with what comes next.
    pub(super) fn make_room(&mut self, run: &mut Run<'_>, bytes: usize) -> Result<(), Stop> {
        let is_full = self.is_behind() && self.size + self.waiting + bytes > MOST_BYTES;
        if is_full { self.send_pipelined(run) } else { Ok(()) }
    }

    /// Sends the revisions that wait, and takes their answers one by one.
    pub(super) fn send_pipelined(&mut self, run: &mut Run<'_>) -> Result<(), Stop> {
        let mut pipelined = std::mem::take(&mut self.pipelined);
        self.waiting = 0;
        if pipelined.is_empty() {
            return Ok(());
        }
        for revision in &mut pipelined {
            if let Some(pipeline) = run.connection.pipeline() {
                pipeline.post(std::mem::take(&mut revision.texts));
            }
        }
        let mut commits = u32::try_from(pipelined.len()).unwrap_or(u32::MAX);
        for revision in pipelined {
            run.tell_started(revision.unit);
            run.turn.started = Instant::now();
            let answer = receive(run);
            run.tell_notices();
            match answer {
                Some(Ok(())) => complete(run, revision.unit),
                Some(Err(stopped)) => return Err(self.fail(run, &revision, commits, stopped)),
                None => {}
            }
            commits -= 1;
            if run.interrupter.is_interrupted() {
                // What was stopped may have been what has just ended, and not what runs by now.
                run.interrupter.interrupt();
            }
        }
        if run.transaction.is_open() {
            run.tell_started(run.done.len());
            run.turn.started = Instant::now();
        }
        Ok(())
    }

    /// Returns to a revision that failed in flight, given the number of commits in flight.
    fn fail(
        &mut self,
        run: &mut Run<'_>,
        revision: &Pipelined,
        commits: u32,
        stopped: Stopped,
    ) -> Stop {
        let mut has_passed = false;
        while let Some(answer) = receive(run) {
            has_passed |= answer.is_ok();
        }
        self.forget();
        (run.start_at, run.at) = revision.actions;
        run.turn.unit = revision.unit;
        run.is_closing = false;
        run.transaction.set_open();
        if has_passed {
            // Its guard has found the row of this one: another process has applied it meanwhile.
            return Stop::Moved;
        }
        let origin = revision.origins.get(stopped.at).copied().unwrap_or(Origin::Own);
        run.stop(origin, stopped.cause, commits)
    }
}

/// Tells whether a unit can be sent with others: one message in a transaction, and nothing to
/// be asked, called or reset around it. The lock has to be one that lasts: between transactions
/// that take it each for themselves, others have their turn.
fn can_be_pipelined(run: &Run<'_>, unit: usize) -> bool {
    run.engine() == Engine::Postgres
        && run.setting.lock.is_some_and(Lock::is_of_session)
        && run.is_guarded()
        && run.unit(unit).is_some_and(|unit| {
            unit.wrapping == Wrapping::Transaction
                && !unit.leaves_traces
                && run.setting.steps.get(&unit.revision).is_none()
        })
}

/// Tells whether the revision after the one that has come to its commit can be sent with it.
fn is_next_pipelined(run: &Run<'_>) -> bool {
    let next = run.script.actions.get(run.at + 1..).unwrap_or_default();
    matches!(next, [Action::Begin, Action::Start(unit), ..] if can_be_pipelined(run, *unit))
}

fn receive(run: &mut Run<'_>) -> Option<Result<(), Stopped>> {
    run.connection.pipeline()?.receive()
}

/// Takes in that a revision is committed.
fn complete(run: &mut Run<'_>, unit: usize) {
    run.tell_finished(unit);
    run.closed = run.done.len();
    run.committed = run.closed;
    run.is_closing = false;
    run.basis.known.settle_oldest();
    run.tries = Tries::default();
}
