//! Upgrades and downgrades as SQL text, from one revision to another, without a database.

use crate::database::Engine;
use crate::error::Error;
use crate::ops::migrate::{CompileInput, compile};
use crate::ops::{Direction, Offline, Request};
use crate::plan::{self, Goal, Plan, PlanError, State, Target};
use crate::project::Project;
use crate::revision::{Graph, Node};
use crate::runner::tables_sql;

/// Compiles the script from one revision to another, without a database.
pub fn migrate_offline(project: &Project, request: &Request<'_>) -> Result<Offline, Error> {
    let (start, target) = match (Goal::parse(request.target), request.direction) {
        (Goal::Range { start, target }, _) => (start, target),
        (Goal::To(target), Direction::Upgrade) => (Target::name("base"), target),
        (Goal::To(_), Direction::Downgrade) => return Err(Error::RangeNeeded),
    };
    let graph = &project.graph;
    let starts = starts(graph, &start)?;
    let plan = planned(graph, &start, &starts, &target, request.direction)?;
    let dialect = project.dialect()?;
    let input = CompileInput { engine: Engine::usual(dialect), resume: None, lasting: None };
    let script = compile(project, graph, request, &plan.steps, &input)?;
    let tables = if starts.is_empty() && request.direction == Direction::Upgrade {
        tables_sql(&project.printed_ledger(dialect), project.clock)?
    } else {
        Vec::new()
    };
    Ok(Offline { script, tables })
}

/// Returns the state at the start of a range: at one revision, or at none.
pub(super) fn starts(graph: &Graph, start: &Target) -> Result<Vec<Node>, Error> {
    let starts = plan::find(graph, start)?;
    if starts.len() > 1 {
        return Err(Error::SeveralStarts { start: start.text.clone() });
    }
    Ok(starts)
}

/// Plans a range; one that leads in the other direction is an error that says so.
fn planned(
    graph: &Graph,
    start: &Target,
    starts: &[Node],
    target: &Target,
    direction: Direction,
) -> Result<Plan, Error> {
    let state = State::of_heads(graph, starts);
    let downwards = direction == Direction::Downgrade;
    let backwards = |turns_round| Error::RangeBackwards {
        start: start.text.clone(),
        target: target.text.clone(),
        downwards,
        turns_round,
    };
    match direction {
        Direction::Upgrade => {
            let plan = plan::upgrade(graph, &state, target)?;
            let leads_down =
                || plan::downgrade(graph, &state, target).is_ok_and(|plan| !plan.steps.is_empty());
            if plan.steps.is_empty() && leads_down() {
                return Err(backwards(true));
            }
            Ok(plan)
        }
        Direction::Downgrade => plan::downgrade(graph, &state, target).map_err(|error| {
            if !matches!(error, PlanError::NotApplied { .. }) {
                return error.into();
            }
            let found = plan::find(graph, target).unwrap_or_default();
            let state = State::of_heads(graph, &found);
            let other_way = plan::downgrade(graph, &state, start);
            backwards(other_way.is_ok_and(|plan| !plan.steps.is_empty()))
        }),
    }
}
