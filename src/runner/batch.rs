//! Statements on their way to the database: at once, or gathered until there is something to ask.

use crate::database::{Connection, DatabaseError, Stopped};
use crate::script::Span;

/// How many bytes are gathered at most: memory stays small, and a server needn't parse a script of
/// hundreds of megabytes in one piece.
const MOST: usize = 1 << 20;

/// The connection, and what was gathered for it.
pub(super) struct Batch<'a> {
    /// The connection; what was gathered has to be sent before it is used.
    pub(super) connection: &'a mut dyn Connection,
    /// Whether statements are gathered, because a list of them travels in one message.
    gathers: bool,
    queue: Vec<(String, Origin)>,
    size: usize,
    /// Whether something of the transaction that is open was sent already.
    was_sent: bool,
}

/// Where a statement comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// A script.
    Statement(usize, Span),
    /// What fails if another process has moved the database.
    Guard,
    /// What fails if another process holds the transactions' lock.
    Entry,
    /// The record of a revision.
    Record,
    /// The end of the transaction.
    Commit,
    /// Anything else of ours.
    Own,
}

/// A statement that failed.
pub(super) struct Halt {
    pub(super) origin: Origin,
    pub(super) cause: DatabaseError,
    /// Whether the commit had been sent together with it.
    pub(super) with_commit: bool,
}

impl<'a> Batch<'a> {
    pub(super) fn new(connection: &'a mut dyn Connection, gathers: bool) -> Self {
        Self { connection, gathers, queue: Vec::new(), size: 0, was_sent: false }
    }

    /// Tells whether the record will travel in one message with all of its revision.
    pub(super) fn is_whole(&self) -> bool {
        self.gathers && !self.was_sent
    }

    /// Tells whether something waits to be sent.
    pub(super) fn is_waiting(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Runs a statement now, or together with those that follow.
    pub(super) fn run(&mut self, text: &str, origin: Origin) -> Result<(), Halt> {
        if !self.gathers {
            let with_commit = matches!(origin, Origin::Commit);
            let result = self.connection.execute(text);
            return result.map_err(|cause| Halt { origin, cause, with_commit });
        }
        self.size += text.len();
        self.queue.push((text.to_owned(), origin));
        if self.size > MOST {
            self.flush()?;
            self.was_sent = true;
        }
        Ok(())
    }

    /// Sends what was gathered, for somebody else is about to use the connection.
    pub(super) fn expose(&mut self) -> Result<(), Halt> {
        self.flush()?;
        self.was_sent = true;
        Ok(())
    }

    /// Runs a statement by itself, after what was gathered.
    pub(super) fn run_alone(&mut self, text: &str, origin: Origin) -> Result<(), Halt> {
        self.flush()?;
        let result = self.connection.execute(text);
        result.map_err(|cause| Halt { origin, cause, with_commit: false })
    }

    /// Sends what was gathered.
    pub(super) fn flush(&mut self) -> Result<(), Halt> {
        if self.queue.is_empty() {
            return Ok(());
        }
        let queue = std::mem::take(&mut self.queue);
        self.size = 0;
        let texts: Vec<&str> = queue.iter().map(|(text, _)| text.as_str()).collect();
        self.connection.execute_all(&texts).map_err(|Stopped { at, cause }| {
            let origin = queue.get(at).map_or(Origin::Own, |(_, origin)| *origin);
            let with_commit = queue.iter().any(|(_, origin)| matches!(origin, Origin::Commit));
            Halt { origin, cause, with_commit }
        })
    }

    /// Forgets what was gathered and not sent.
    pub(super) fn forget(&mut self) {
        self.queue.clear();
        self.size = 0;
        self.was_sent = false;
    }

    /// Says that a transaction has come to its end.
    pub(super) fn begin_anew(&mut self) {
        self.was_sent = false;
    }
}
