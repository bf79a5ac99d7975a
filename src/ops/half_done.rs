//! Revisions that have run in part: what became of the statement that a run was cut off at.

use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ledger::{self, Running};
use crate::ops::wait::refuse_live;
use crate::ops::{Observed, Request, Resume};
use crate::plan::{Operation, Plan, Step};
use crate::project::Project;
use crate::script::{Compiler, Grouping, Programs, Resumed};

/// Finds the revision that has run in part and goes on in this plan; any other stands in the way.
pub(super) fn half_done<'a>(
    project: &Project,
    observed: &'a Observed<'_>,
    connection: Option<&mut (dyn Connection + '_)>,
    request: &Request<'_>,
    plan: &Plan,
) -> Result<Option<Resumed<'a>>, Error> {
    let Some(running) = observed.running.first() else {
        return Ok(None);
    };
    refuse_live(project, running)?;
    let operation = match running.operation.as_str() {
        "downgrade" => Operation::Downgrade,
        _ => Operation::Upgrade,
    };
    let engine = match connection.as_deref() {
        Some(connection) => connection.engine(),
        None => Engine::usual(project.dialect()?),
    };
    let variables = project.config.variables()?;
    let compiler = Compiler {
        graph: &observed.graph,
        engine,
        grouping: Grouping::EachRevision,
        variables: &variables,
        tag: None,
        timeouts: project.timeouts(engine.dialect()),
        programs: Programs::LeftOut,
        resume: None,
        lasting: None,
    };
    let step = observed.graph.find(running.revision.as_str()).map(|node| Step { node, operation });
    let took_effect = match (step, connection) {
        (Some(step), Some(connection)) if running.is_in_doubt() => {
            took_effect(connection, &compiler, step, running)?
        }
        _ => None,
    };
    let known = !running.is_in_doubt() || took_effect.is_some();
    // Where nothing was begun there is nothing to decide.
    let goes_on = request.resume == Resume::GoOn || (running.begun == 0 && running.done == 0);
    if goes_on && known && step.is_some_and(|it| plan.steps.contains(&it)) {
        let done = if took_effect == Some(true) { running.begun } else { running.done };
        return Ok(Some(Resumed { noted: running, done }));
    }
    let place = step.and_then(|step| compiler.place_of(step, running.done + 1));
    let (running, place) = (Box::new(running.clone()), place.map(Box::new));
    Err(Error::HalfDone { running, place, took_effect })
}

/// Finds whether the statement that a run was cut off at took effect, if the catalog can tell: it
/// holds something else of the statement's objects than before.
fn took_effect(
    connection: &mut dyn Connection,
    compiler: &Compiler<'_>,
    step: Step,
    running: &Running,
) -> Result<Option<bool>, Error> {
    // What several statements have done together is seen in no catalog.
    let is_one = running.begun == running.done + 1;
    if let Some(outcome) = compiler.outcome_of(step, running.begun).filter(|_| is_one) {
        return Ok(Some(outcome));
    }
    let digest = compiler.catalog_of(step, running.begun).filter(|_| is_one);
    let (Some(before), Some(digest)) = (&running.catalog, digest) else {
        return Ok(None);
    };
    let rows = connection.query(&format!("SELECT {digest}"))?;
    let now = rows.into_iter().flatten().flatten().next();
    Ok(now.and_then(|now| ledger::took_effect(before, &now)))
}
