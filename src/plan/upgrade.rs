//! Plans an upgrade.

use crate::plan::order::order_all;
use crate::plan::resolve::{AtTheEnd, Branch, Position, branch, lineage, many, one, walk};
use crate::plan::{Operation, Plan, PlanError, State, Target};
use crate::revision::{Follow, Graph, Node};

/// Plans an upgrade: all pending revisions that the targets need, dependencies included.
pub fn upgrade(graph: &Graph, state: &State, target: &Target) -> Result<Plan, PlanError> {
    let targets = targets(graph, &state.heads, target, AtTheEnd::Fail)?;
    refuse_overlap(graph, &targets, Follow::ParentsAndDependencies)?;
    let mut set = graph.ancestors(&targets, Follow::ParentsAndDependencies);
    set.subtract(&state.applied);
    let order = order_all(graph, &set, &targets);
    Ok(Plan::new(Operation::Upgrade, order.into_iter().rev()))
}

/// Finds the revisions to reach (Alembic's `_parse_upgrade_target`).
pub(super) fn targets(
    graph: &Graph,
    current: &[Node],
    target: &Target,
    at_the_end: AtTheEnd,
) -> Result<Vec<Node>, PlanError> {
    let branch = branch(graph, target)?;
    let symbol = target.symbol.as_deref();
    let too_far = || PlanError::WalkedTooFar { target: target.text.clone() };
    let end = match (target.offset, symbol) {
        (None, symbol) => return many(graph, symbol.unwrap_or_default(), branch),
        (Some(relative @ 1..), None) => {
            let start = start_of(graph, current, target, branch)?;
            let end = walk(graph, start, relative, branch.map(|it| it.node), at_the_end)?;
            Some(end.ok_or(PlanError::TooFar { relative })?)
        }
        (Some(relative), None) => {
            return Err(PlanError::WrongWay { target: target.text.clone(), relative });
        }
        (Some(relative @ 1..), Some(symbol)) => {
            let start = one(graph, symbol, None)?.into();
            walk(graph, start, relative, branch.map(|it| it.node), at_the_end)?
        }
        (Some(relative), Some(symbol)) => {
            let start = one(graph, symbol, branch)?.into();
            walk(graph, start, relative, None, at_the_end)?
        }
    };
    match end {
        Some(Position::At(node)) => Ok(vec![node]),
        Some(Position::Nowhere | Position::BelowBase) | None => Err(too_far()),
    }
}

/// Finds the start of `+N`: the single current revision, or where the branch departs from the
/// applied revisions.
fn start_of(
    graph: &Graph,
    current: &[Node],
    target: &Target,
    branch: Option<Branch<'_>>,
) -> Result<Position, PlanError> {
    let mut starts = current.to_vec();
    if let Some(branch) = branch {
        starts = lineage(graph, starts, branch.node);
        if starts.is_empty() {
            let below = graph.ancestors(current, Follow::ParentsAndDependencies);
            let active = lineage(graph, below.iter().collect(), branch.node);
            let needed: Vec<Node> = active.iter().flat_map(|node| graph.needs(*node)).collect();
            starts = active.into_iter().filter(|node| !needed.contains(node)).collect();
        }
    }
    match starts.as_slice() {
        [] => Ok(Position::Nowhere),
        [only] => Ok(Position::At(*only)),
        several => Err(PlanError::SeveralCurrent {
            target: target.text.clone(),
            heads: graph.ids(several),
        }),
    }
}

/// Refuses targets of which one needs another.
pub(super) fn refuse_overlap(
    graph: &Graph,
    nodes: &[Node],
    follow: Follow,
) -> Result<(), PlanError> {
    if nodes.len() < 2 {
        return Ok(());
    }
    for node in nodes {
        let below = graph.ancestors(&[*node], follow);
        if let Some(other) = nodes.iter().find(|other| *other != node && below.contains(**other)) {
            return Err(PlanError::Overlap {
                revision: graph.id(*other).clone(),
                other: graph.id(*node).clone(),
            });
        }
    }
    Ok(())
}
