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
    /// Whether something of the transaction that is open was sent already, or is to be by itself.
    was_sent: bool,
    /// Whole revisions that wait for others to be sent with.
    travelers: Vec<Traveler>,
    /// The bytes of the statements of those revisions.
    waiting: usize,
}

/// A whole revision, from its BEGIN to its COMMIT.
pub(super) struct Traveler {
    pub(super) unit: usize,
    /// The action that opened its transaction, and the one that commits it.
    pub(super) actions: (usize, usize),
    pub(super) texts: Vec<String>,
    /// Where each statement comes from.
    pub(super) origins: Vec<Origin>,
}

/// Where a statement comes from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin {
    /// A script: the number of its unit, and its place there.
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
    /// How many commits had been sent with it: its revision's, and those of revisions behind it.
    pub(super) commits: u32,
}

impl<'a> Batch<'a> {
    pub(super) fn new(connection: &'a mut dyn Connection, gathers: bool) -> Self {
        Self {
            connection,
            gathers,
            queue: Vec::new(),
            size: 0,
            was_sent: false,
            travelers: Vec::new(),
            waiting: 0,
        }
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
            let commits = u32::from(matches!(origin, Origin::Commit));
            let result = self.connection.execute(text);
            return result.map_err(|cause| Halt { origin, cause, commits });
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
        result.map_err(|cause| Halt { origin, cause, commits: 0 })
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
            let has_commit = queue.iter().any(|(_, origin)| matches!(origin, Origin::Commit));
            let commits = u32::from(has_commit);
            Halt { origin, cause, commits }
        })
    }

    /// Says that what is gathered is not to be put aside.
    pub(super) fn stay_alone(&mut self) {
        self.was_sent = true;
    }

    /// Puts the revision that was gathered aside, for it is to be sent with others.
    pub(super) fn put_aside(&mut self, unit: usize, actions: (usize, usize)) {
        self.waiting += std::mem::take(&mut self.size);
        let (texts, origins) = self.queue.drain(..).unzip();
        self.travelers.push(Traveler { unit, actions, texts, origins });
    }

    /// Returns how many revisions were put aside.
    pub(super) fn aside(&self) -> usize {
        self.travelers.len()
    }

    /// Returns the bytes of what is gathered, the revisions that were put aside included.
    pub(super) fn bytes(&self) -> usize {
        self.size + self.waiting
    }

    /// Returns the revisions that were put aside, for they are about to be sent.
    pub(super) fn take_travelers(&mut self) -> Vec<Traveler> {
        self.waiting = 0;
        std::mem::take(&mut self.travelers)
    }

    /// Forgets what was gathered and not sent.
    pub(super) fn forget(&mut self) {
        self.take_travelers();
        self.queue.clear();
        self.size = 0;
        self.was_sent = false;
    }

    /// Says that a transaction has come to its end.
    pub(super) fn begin_anew(&mut self) {
        self.was_sent = false;
    }
}
