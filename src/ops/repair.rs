//! Repairs of the record; the schema is not changed.

use crate::database::Connection;
use crate::error::Error;
use crate::ledger::Running;
use crate::ops::half_done::{known_effect, refuse_known};
use crate::ops::wait::refuse_live;
use crate::ops::{Observed, compiler, locked};
use crate::plan::{self, Operation, Target};
use crate::project::Project;
use crate::revision::{Node, RevisionId};
use crate::runner::{self, Outcome, Pacing, Setting};
use crate::script::{Action, Keep, Note, Script};
use crate::sql::quote_literal;

/// The user's verdict on a statement whose outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The statement took effect.
    Done,
    /// The statement did nothing, and is to run again.
    NotDone,
}

/// Accepts edited scripts: records the files of applied revisions anew.
pub fn accept(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    names: &[String],
) -> Result<Vec<RevisionId>, Error> {
    loop {
        let observed = Observed::read(project, Some(connection))?;
        let mut nodes: Vec<Node> = Vec::new();
        for name in names {
            nodes.extend(plan::locate(&observed.graph, &observed.state, &Target::parse(name))?);
        }
        let compiler = compiler(project, &observed.graph, connection.engine())?;
        let mut actions = vec![Action::EnsureTables, Action::Begin];
        for node in &nodes {
            let revision = observed.graph.revision(*node);
            if !revision.has_up() || !observed.state.applied.contains(*node) {
                let revision = revision.id().clone();
                return Err(Error::NothingToAccept { revision });
            }
            actions.push(Action::Keep(Keep::Accept(compiler.entry(*node, Operation::Upgrade)?)));
        }
        actions.push(Action::Commit);
        if run(project, connection, actions, &observed)? {
            return Ok(observed.graph.ids(&nodes));
        }
    }
}

/// Settles the outcome of the statement at which a run was cut off.
pub fn settle(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    name: &str,
    verdict: Verdict,
) -> Result<Running, Error> {
    loop {
        let observed = Observed::read(project, Some(connection))?;
        let nodes = plan::locate(&observed.graph, &observed.state, &Target::parse(name))?;
        let is_meant = |running: &&Running| {
            nodes.iter().any(|node| *observed.graph.id(*node) == running.revision)
        };
        let found = observed.running.iter().find(is_meant).cloned();
        let mut running = found.ok_or_else(|| Error::NotHalfDone { revision: name.to_owned() })?;
        refuse_live(project, &running)?;
        let took_effect = known_effect(project, &observed, connection, &running)?;
        refuse_known(&observed, &running, took_effect, verdict)?;
        match verdict {
            Verdict::Done => running.set_done(),
            Verdict::NotDone => running.set_undone(),
        }
        // Indexes that were invalid before a repeated statement must still be told from its own
        // remains.
        let catalog = running.catalog.as_ref().filter(|_| verdict == Verdict::NotDone);
        let catalog = catalog.map(|it| quote_literal(it, connection.dialect()));
        let note =
            Action::Keep(Keep::NoteRunning(Box::new(Note { now: running.clone(), catalog })));
        let actions = vec![Action::EnsureTables, Action::Begin, note, Action::Commit];
        if run(project, connection, actions, &observed)? {
            return Ok(running);
        }
    }
}

/// Runs actions; tells whether the database was still as observed.
fn run(
    project: &Project,
    connection: &mut (dyn Connection + '_),
    actions: Vec<Action>,
    observed: &Observed<'_>,
) -> Result<bool, Error> {
    let script = Script { actions, ..Script::default() };
    let outcome = locked(project, connection, &mut |_| {}, |connection, setting, observe| {
        let setting = Setting { pacing: Pacing::Each, ..setting.clone() };
        Ok(runner::run(connection, &script, observed.applied_ids(), &setting, observe)?)
    })?;
    Ok(matches!(outcome, Outcome::Complete(_)))
}
