//! Revisions that have run in part, and the outcome of the statement at which a run was cut off.

use crate::database::{Connection, Engine};
use crate::error::Error;
use crate::ledger::{self, Running};
use crate::ops::wait::refuse_live;
use crate::ops::{Observed, Request, Resume, Verdict, compiler};
use crate::plan::{self, ByHand, Operation, Plan, Step};
use crate::project::Project;
use crate::revision::{Follow, Node};
use crate::runner;
use crate::script::{Compiler, Resumed, ScriptError};

/// Finds the revision that has run in part and is resumed by this plan; any other blocks it.
pub(super) fn half_done<'a>(
    project: &Project,
    observed: &'a Observed<'_>,
    mut connection: Option<&mut (dyn Connection + '_)>,
    request: &Request<'_>,
    plan: &Plan,
) -> Result<Option<Resumed<'a>>, Error> {
    let Some(running) = observed.running.first() else { return Ok(None) };
    refuse_live(project, running)?;
    let engine = match connection.as_deref() {
        Some(connection) => connection.engine(),
        None => Engine::usual(project.dialect()?),
    };
    let step = step_of(observed, running);
    let took_effect = match connection.as_deref_mut() {
        Some(connection) => known_effect(project, observed, connection, running)?,
        None => None,
    };
    let known = !running.is_in_doubt() || took_effect.is_some();
    // Without a begun statement there is nothing to decide.
    let goes_on = request.resume == Resume::GoOn || (running.begun == 0 && running.done == 0);
    if goes_on && known && step.is_some() && plan.steps.first() == step.as_ref() {
        let done = if took_effect == Some(true) { running.begun } else { running.done };
        let hidden = connection.map(runner::read_hidden).transpose()?.unwrap_or_default();
        return Ok(Some(Resumed { noted: running, done, hidden }));
    }
    let compiler = compiler(project, &observed.graph, engine)?;
    let place = step.and_then(|step| compiler.place_of(step, running.done + 1));
    let (running, place) = (Box::new(running.clone()), place.map(Box::new));
    let by_hand = Box::new(by_hand(observed, &running));
    Err(Error::HalfDone { running, place, took_effect, by_hand })
}

/// Moves the revision that has run in part to the front, if the plan has it and it needs none of
/// the others: on MySQL there is room for one note.
pub(super) fn half_done_first(observed: &Observed<'_>, mut plan: Plan) -> Plan {
    let step = observed.running.first().and_then(|it| step_of(observed, it));
    let found = step.and_then(|step| plan.steps.iter().position(|it| *it == step));
    let Some((step, before)) = step.zip(found.and_then(|at| plan.steps.get_mut(..=at))) else {
        return plan;
    };
    let needs = |node: Node, other: Node| {
        observed.graph.ancestors(&[node], Follow::ParentsAndDependencies).contains(other)
    };
    let is_bound = |it: &Step| match step.operation {
        Operation::Downgrade => needs(it.node, step.node),
        Operation::Upgrade | Operation::Stamp => needs(step.node, it.node),
    };
    if !before.iter().any(|it| *it != step && is_bound(it)) {
        before.rotate_right(1);
    }
    plan
}

/// Adds instructions for settling the revision by hand to a script's error.
pub(super) fn stuck(observed: &Observed<'_>, error: Error) -> Error {
    match (error, observed.running.first()) {
        (Error::Script(error), Some(running)) if is_obstacle(&error) => {
            let (error, by_hand) = (Box::new(error), Box::new(by_hand(observed, running)));
            Error::Stuck { error, by_hand }
        }
        (error, _) => error,
    }
}

/// Finds how a revision that has run in part is settled by hand.
pub fn by_hand(observed: &Observed<'_>, running: &Running) -> ByHand {
    let (graph, state) = (&observed.graph, &observed.state);
    match step_of(observed, running) {
        Some(step) => plan::by_hand(graph, state, step),
        None => plan::by_hand_without_files(graph, state, &running.revision),
    }
}

/// Determines whether the statement in doubt took effect, if the catalog shows it; none where
/// nothing is in doubt.
pub fn known_effect(
    project: &Project,
    observed: &Observed<'_>,
    connection: &mut (dyn Connection + '_),
    running: &Running,
) -> Result<Option<bool>, Error> {
    let Some(step) = step_of(observed, running).filter(|_| running.is_in_doubt()) else {
        return Ok(None);
    };
    let compiler = compiler(project, &observed.graph, connection.engine())?;
    took_effect(connection, &compiler, step, running)
}

/// Finds why a revision that has run in part can't be resumed: its finished statements were edited,
/// or depended on a session that is gone.
pub fn obstacle(
    project: &Project,
    observed: &Observed<'_>,
    connection: &mut (dyn Connection + '_),
    running: &Running,
) -> Result<Option<ScriptError>, Error> {
    let Some(step) = step_of(observed, running) else { return Ok(None) };
    let took_effect = known_effect(project, observed, connection, running)?;
    let done = if took_effect == Some(true) { running.begun } else { running.done };
    let hidden = runner::read_hidden(connection)?;
    let resume = Some(Resumed { noted: running, done, hidden });
    let compiler = compiler(project, &observed.graph, connection.engine())?;
    Ok(Compiler { resume, ..compiler }.compile(&[step]).err().filter(is_obstacle))
}

fn is_obstacle(error: &ScriptError) -> bool {
    matches!(error, ScriptError::ResumedChanged { .. } | ScriptError::NotResumable { .. })
}

/// Refuses a verdict on a statement whose outcome is known.
pub(super) fn refuse_known(
    observed: &Observed<'_>,
    running: &Running,
    took_effect: Option<bool>,
    verdict: Verdict,
) -> Result<(), Error> {
    let (statement, took_effect) = match took_effect {
        Some(known) if known == (verdict == Verdict::Done) => return Ok(()),
        Some(known) => (running.begun, known),
        None if running.is_in_doubt() => return Ok(()),
        None if running.done < running.statements => (running.done + 1, false),
        None => (running.done, true),
    };
    let by_hand = Box::new(by_hand(observed, running));
    let running = Box::new(running.clone());
    Err(Error::Settled { running, statement, took_effect, by_hand })
}

/// Returns the step that has run in part, if the graph has its revision.
fn step_of(observed: &Observed<'_>, running: &Running) -> Option<Step> {
    let operation = running.operation;
    observed.graph.find(running.revision.as_str()).map(|node| Step { node, operation })
}

/// Returns the invalid indexes that an interrupted statement may have left, without those noted as
/// invalid before.
pub fn invalid_indexes(
    project: &Project,
    observed: &Observed<'_>,
    connection: &mut (dyn Connection + '_),
    running: &Running,
) -> Result<Vec<String>, Error> {
    let Some(step) = step_of(observed, running) else { return Ok(Vec::new()) };
    let compiler = compiler(project, &observed.graph, connection.engine())?;
    left_by_build(connection, &compiler, step, running)
}

fn left_by_build(
    connection: &mut (dyn Connection + '_),
    compiler: &Compiler<'_>,
    step: Step,
    running: &Running,
) -> Result<Vec<String>, Error> {
    if !connection.engine().builds_concurrently() {
        return Ok(Vec::new());
    }
    let Some((source, span)) = compiler.statement(step, running.done + 1) else {
        return Ok(Vec::new());
    };
    let (text, noted) = (source.open()?, running.catalog.as_deref().unwrap_or_default());
    Ok(runner::left_by(connection, &text.statement(span), noted)?)
}

/// Determines whether the statement at which a run was cut off took effect, if the catalog shows
/// it: the entries on its objects have changed.
fn took_effect(
    connection: &mut (dyn Connection + '_),
    compiler: &Compiler<'_>,
    step: Step,
    running: &Running,
) -> Result<Option<bool>, Error> {
    // The catalog doesn't show the combined effect of several statements.
    let is_one = running.begun == running.done + 1;
    if let Some(outcome) = compiler.outcome_of(step, running.begun).filter(|_| is_one) {
        return Ok(Some(outcome));
    }
    if connection.engine().builds_concurrently() {
        // An index that wasn't there before is of a build that came to no end.
        let left = left_by_build(connection, compiler, step, running)?;
        return Ok((is_one && running.catalog.is_some() && !left.is_empty()).then_some(false));
    }
    let digest = compiler.catalog_of(step, running.begun).filter(|_| is_one);
    let (Some(before), Some(digest)) = (&running.catalog, digest) else { return Ok(None) };
    let now = connection.value(&format!("SELECT {digest}"))?;
    let found = now.and_then(|now| ledger::took_effect(before, &now));
    // A job of the server may still be running, though nobody waits for it any more.
    let is_proof = found == Some(true) || !connection.engine().changes_schema_by_jobs();
    Ok(found.filter(|_| is_proof))
}
