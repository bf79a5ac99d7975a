//! Runs scripts like real ones: compiled as those of a revision, and executed by the runner.

use crate::clock::Clock;
use crate::database::Connection;
use crate::ledger::Ledger;
use crate::plan::{Operation, Step};
use crate::revision::{Embedded, Graph, embedded};
use crate::runner::{self, Failure, Outcome, RunError, Setting};
use crate::script::{Compiler, Steps};
use crate::sql::Dialect;

/// Returns the version table of scratch databases.
pub(crate) fn ledger(dialect: Dialect) -> Ledger {
    Ledger::new("_migrate_trial", dialect)
}

/// The scripts of the revision that is tried.
pub(crate) struct Trial<'a> {
    pub(crate) up: &'a str,
    /// The down script, once there is one.
    pub(crate) down: Option<&'a str>,
}

impl Trial<'_> {
    /// Applies the revision, or takes it back; returns the fault of the script if that fails, in
    /// which case nothing of it stands.
    pub(crate) fn run(
        &self,
        connection: &mut dyn Connection,
        operation: Operation,
    ) -> Result<(), String> {
        let graph = self.graph()?;
        let ledger = ledger(connection.dialect());
        let compiler = Compiler::new(&graph, connection.engine());
        let compiler = Compiler { record: Some(ledger.clone()), ..compiler };
        let steps: Vec<Step> = graph.nodes().map(|node| Step { node, operation }).collect();
        let script = compiler.compile(&steps).map_err(|error| format!("can't be run: {error}"))?;
        let ids = graph.revisions().iter().map(|it| it.id().clone());
        let applied = ids.filter(|_| operation == Operation::Downgrade).collect();
        let code = Steps::default();
        let setting = Setting::on_scratch(&ledger, &code, Clock::System);
        match runner::run(connection, &script, applied, &setting, &mut |_| {}) {
            Ok(Outcome::Complete(_)) => Ok(()),
            Ok(Outcome::Moved(_)) => Err("changes the record of what is applied".to_owned()),
            Ok(Outcome::Lost(error)) | Err(error) => Err(told(&error)),
        }
    }

    fn graph(&self) -> Result<Graph, String> {
        let up = format!("-- Trial\n-- Revision ID: trial\n-- Revises:\n\n{}", self.up);
        let down = self.down.map(|down| ("trial.down.sql", format!("-- Trial (down)\n\n{down}")));
        let scripts = [("trial.up.sql", up)].into_iter().chain(down);
        let scripts = scripts.map(|(name, text)| Embedded { path: name.into(), text: text.into() });
        let read = embedded::read(scripts).map_err(|error| error.to_string())?;
        Graph::new(read.revisions).map_err(|error| error.to_string())
    }
}

fn told(error: &RunError) -> String {
    let failure = &error.failure;
    if let Failure::Statement { cause, statement, .. } = failure {
        return format!("fails: {cause}, in `{statement}`");
    }
    format!("fails: {failure}")
}
