//! Steps that are code of the program that embeds the project.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::database::{Connection, DatabaseError, Row, SqlFault};
use crate::plan::Operation;
use crate::revision::RevisionId;
use crate::sql::{Dialect, Splitter, transaction_control};

/// The error of a step: any error of its code.
pub type StepError = Box<dyn Error + Send + Sync>;

type Work = dyn Fn(&mut Transaction<'_>) -> Result<(), StepError> + Send + Sync;

/// The code of a revision with the header `Run By: program`.
///
/// It runs inside the revision's transaction, together with the revision's row: its changes through
/// the [`Transaction`] are undone if it fails, or if anything else of the revision does. It may be
/// called again then (after a deadlock, say), so it should do nothing that can't be undone.
#[derive(Clone)]
pub struct Step {
    up: Arc<Work>,
    down: Option<Arc<Work>>,
}

impl Step {
    /// Makes a step from the code of an upgrade; without [`Step::reversed_by`] the revision is
    /// irreversible.
    pub fn code(
        up: impl Fn(&mut Transaction<'_>) -> Result<(), StepError> + Send + Sync + 'static,
    ) -> Self {
        Self { up: Arc::new(up), down: None }
    }

    /// Adds the code of the downgrade.
    #[must_use]
    pub fn reversed_by(
        self,
        down: impl Fn(&mut Transaction<'_>) -> Result<(), StepError> + Send + Sync + 'static,
    ) -> Self {
        Self { down: Some(Arc::new(down)), ..self }
    }

    /// Returns the code for an operation, if there is any.
    pub(crate) fn work(&self, operation: Operation) -> Option<&Work> {
        match operation {
            Operation::Upgrade => Some(&*self.up),
            Operation::Downgrade => self.down.as_deref(),
            Operation::Stamp => None,
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_reversible = self.down.is_some();
        f.debug_struct("Step").field("is_reversible", &is_reversible).finish_non_exhaustive()
    }
}

/// The code of a program for its revisions.
#[derive(Debug, Clone, Default)]
pub struct Steps(BTreeMap<RevisionId, Step>);

impl Steps {
    /// Sets the code of a revision.
    pub fn insert(&mut self, revision: RevisionId, step: Step) {
        self.0.insert(revision, step);
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the code of a revision.
    pub fn get(&self, revision: &RevisionId) -> Option<&Step> {
        self.0.get(revision)
    }
}

/// The transaction of a revision, as its step sees it.
pub struct Transaction<'a> {
    connection: &'a mut dyn Connection,
    last: String,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(connection: &'a mut dyn Connection) -> Self {
        Self { connection, last: String::new() }
    }

    pub(crate) fn into_last(self) -> String {
        self.last
    }

    /// Returns the dialect of the database, e.g. to quote a value with
    /// [`quote_literal`](crate::sql::quote_literal).
    pub fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    /// Runs one statement and returns how many rows it changed.
    pub fn execute(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        self.take(statement)?;
        self.connection.change(statement)
    }

    /// Runs one statement and returns its rows with every value as text.
    pub fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        self.take(statement)?;
        self.connection.query(statement)
    }

    /// Returns the underlying SQLite connection, if there is one: for prepared statements with
    /// parameters. The transaction has to stay open.
    #[cfg(feature = "sqlite")]
    pub fn sqlite(&mut self) -> Option<&rusqlite::Connection> {
        self.connection.sqlite()
    }

    /// Refuses statements that would end the transaction.
    fn take(&mut self, statement: &str) -> Result<(), DatabaseError> {
        statement.clone_into(&mut self.last);
        let first = Splitter::new(statement, self.dialect()).next();
        let keyword = first.and_then(Result::ok).and_then(|it| transaction_control(&it));
        match keyword {
            Some(keyword) => {
                let text = format!("`{keyword}` in a step: its transaction isn't its own");
                Err(SqlFault::new(text).into())
            }
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({})", self.connection.describe())
    }
}
