//! Runs scripts like real ones: compiled as those of a revision, and executed by the runner.

use crate::clock::Clock;
use crate::database::{Connection, DatabaseError};
use crate::ledger::Ledger;
use crate::plan::{Operation, Step};
use crate::revision::{Embedded, Graph, Wrapping, embedded};
use crate::runner::{self, Failure, Outcome, RunError, Setting};
use crate::script::{Compiler, Steps};
use crate::sql::Dialect;

/// Returns the version table of scratch databases.
pub(crate) fn ledger(dialect: Dialect) -> Ledger {
    Ledger::new("_migrate_trial", dialect)
}

/// The scripts of a revision that is tried.
#[derive(Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub(crate) up: &'a str,
    /// The down script, once there is one.
    pub(crate) down: Option<&'a str>,
    pub(crate) wrapping: Wrapping,
}

impl<'a> Pair<'a> {
    /// Makes the pair of a revision that runs in a transaction.
    pub(crate) fn new(up: &'a str, down: Option<&'a str>) -> Self {
        Self { up, down, wrapping: Wrapping::Transaction }
    }
}

/// The reason why a trial failed.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) problem: String,
    /// The statement that the database refused, if there is one.
    pub(crate) refused: Option<Refused>,
}

/// A statement that the database refused.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) statement: String,
    /// The place in the statement that the database reports, in bytes.
    pub(crate) offset: Option<usize>,
    /// The message of the database.
    pub(crate) reason: String,
}

impl From<String> for Failed {
    fn from(problem: String) -> Self {
        Self { problem, refused: None }
    }
}

/// Revisions that follow each other, and the number of that which is tried.
pub(crate) struct Trial<'a> {
    pub(crate) pairs: &'a [Pair<'a>],
    pub(crate) at: usize,
}

impl Trial<'_> {
    /// Applies the revision, or takes it back; returns the fault of the script if that fails, in
    /// which case nothing of it stands if it runs in a transaction.
    pub(crate) fn run(
        &self,
        connection: &mut dyn Connection,
        operation: Operation,
    ) -> Result<(), Failed> {
        let graph = self.graph()?;
        let ledger = ledger(connection.dialect());
        let compiler = Compiler::new(&graph, connection.engine());
        let compiler = Compiler { record: Some(ledger.clone()), ..compiler };
        let node = graph.find(&id(self.at));
        let steps: Vec<Step> = node.into_iter().map(|node| Step { node, operation }).collect();
        let script = compiler.compile(&steps).map_err(|error| format!("can't be run: {error}"))?;
        let count = self.at + usize::from(operation == Operation::Downgrade);
        let nodes = (0..count).filter_map(|at| graph.find(&id(at)));
        let applied = nodes.map(|node| graph.id(node).clone()).collect();
        let code = Steps::default();
        let setting = Setting::on_scratch(&ledger, &code, Clock::System);
        match runner::run(connection, &script, applied, &setting, &mut |_| {}) {
            Ok(Outcome::Complete(_)) => Ok(()),
            Ok(Outcome::Moved(_)) => Err("changes the record of what is applied".to_owned().into()),
            Ok(Outcome::Lost(error)) | Err(error) => Err(told(&error)),
        }
    }

    fn graph(&self) -> Result<Graph, String> {
        let scripts = self.pairs.iter().enumerate().flat_map(|(at, pair)| {
            let (id, revises) = (id(at), at.checked_sub(1).map(id).unwrap_or_default());
            let none = if pair.wrapping == Wrapping::None { "-- Transaction: none\n" } else { "" };
            let head = format!("-- Trial\n-- Revision ID: {id}\n-- Revises: {revises}\n{none}");
            let up = (format!("{id}.up.sql"), format!("{head}\n{}", pair.up));
            let down =
                |text| (format!("{id}.down.sql"), format!("-- Trial (down)\n{none}\n{text}"));
            [up].into_iter().chain(pair.down.map(down))
        });
        let scripts = scripts.map(|(name, text)| Embedded { path: name.into(), text: text.into() });
        let read = embedded::read(scripts).map_err(|error| error.to_string())?;
        Graph::new(read.revisions).map_err(|error| error.to_string())
    }
}

/// Returns the id of a revision by its number.
fn id(at: usize) -> String {
    format!("trial{at}")
}

fn told(error: &RunError) -> Failed {
    let failure = &error.failure;
    if let Failure::Statement { cause, statement, .. } = failure {
        let fault = if let DatabaseError::Sql(fault) = cause { Some(fault) } else { None };
        let hint = fault.and_then(|it| it.hint.as_ref());
        let hint = hint.map(|it| format!(" ({it})")).unwrap_or_default();
        let (reason, statement) = (format!("{cause}{hint}"), statement.clone());
        let problem = format!("fails: {reason}, in `{statement}`");
        let offset = fault.and_then(|it| it.offset);
        return Failed { problem, refused: Some(Refused { statement, offset, reason }) };
    }
    format!("fails: {failure}").into()
}
