//! Plans a downgrade.

use std::iter::{once, successors};

use crate::plan::order::order_all;
use crate::plan::resolve::{AtTheEnd, Branch, Position, branch, lineage, one, walk};
use crate::plan::{Operation, Plan, PlanError, State, Target};
use crate::revision::{Follow, Graph, Node, NodeSet};

/// The end of a downgrade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination {
    /// The revision to stop at; none for `base`.
    pub(super) node: Option<Node>,
    /// The revision whose branch alone is downgraded, where several branches start.
    pub(super) branch: Option<Node>,
}

/// Plans a downgrade: all that builds on the target or depends on revisions taken back.
pub fn downgrade(graph: &Graph, state: &State, target: &Target) -> Result<Plan, PlanError> {
    let to = destination(graph, &state.heads, target, AtTheEnd::Fail)?;
    let roots = roots(graph, to, target)?;
    let set = applied_above(graph, state, &roots);
    if set.is_empty() && to.node.is_some_and(|node| !state.heads.contains(&node)) {
        let heads = graph.ids(&state.heads);
        return Err(PlanError::NotApplied { target: target.text.clone(), heads });
    }
    let plan = Plan::new(Operation::Downgrade, order_all(graph, &set, &state.heads));
    match branch(graph, target)? {
        Some(branch) if !set.is_empty() && !touches(graph, &set, branch) => {
            let (target, name) = (target.text.clone(), branch.name.to_owned());
            Err(if touches(graph, &state.applied, branch) {
                PlanError::BranchHasNoPart { target, branch: name }
            } else {
                let revisions = graph.ids(&plan.nodes());
                let instead = instead(graph, state, to, &set);
                PlanError::BesideBranch { target, branch: name, revisions, instead }
            })
        }
        _ => Ok(plan),
    }
}

/// Returns the applied ones among some revisions and all that build on or depend on them.
fn applied_above(graph: &Graph, state: &State, roots: &[Node]) -> NodeSet {
    let mut res = graph.descendants(roots, Follow::ParentsAndDependencies);
    res.intersect(&state.applied);
    res
}

/// Tells whether any of some revisions is on a branch: on the line that leads to the named
/// revision, or above.
///
/// Revisions below the start of the branch lead to other branches as well.
fn touches(graph: &Graph, set: &NodeSet, branch: Branch<'_>) -> bool {
    let below = |node: &Node| match graph.parents(*node) {
        [only] if graph.dependents(*only).len() == 1 => Some(*only),
        _ => None,
    };
    let mut on = graph.descendants(&[branch.node], Follow::Parents);
    on.extend(successors(Some(branch.node), below));
    set.iter().any(|node| on.contains(node))
}

/// Finds an equivalent target that names the same revisions explicitly.
fn instead(graph: &Graph, state: &State, to: Destination, set: &NodeSet) -> Option<String> {
    let end = to.node.map_or("base", |node| graph.id(node).as_str());
    let lowest = set.iter().filter(|node| !graph.needs(*node).any(|need| set.contains(need)));
    let forms = lowest.map(|node| format!("{}@{end}", graph.id(node)));
    once(end.to_owned()).chain(forms).find(|text| {
        let target = Target::parse(text);
        let roots = destination(graph, &state.heads, &target, AtTheEnd::Fail)
            .and_then(|to| roots(graph, to, &target));
        roots.is_ok_and(|roots| applied_above(graph, state, &roots) == *set)
    })
}

/// Finds the end of a downgrade (Alembic's `_parse_downgrade_target`).
pub(super) fn destination(
    graph: &Graph,
    current: &[Node],
    target: &Target,
    at_the_end: AtTheEnd,
) -> Result<Destination, PlanError> {
    let branch = branch(graph, target)?;
    let branch_node = branch.map(|it| it.node);
    let symbol = target.symbol.as_deref();
    let too_far = || PlanError::WalkedTooFar { target: target.text.clone() };
    let (end, branch_node) = match (target.offset, symbol) {
        (None, symbol) => {
            let node = absolute(graph, symbol.unwrap_or_default(), branch)?;
            return Ok(Destination { node, branch: branch_node });
        }
        (Some(relative @ 0..), None) => {
            return Err(PlanError::WrongWay { target: target.text.clone(), relative });
        }
        (Some(relative), None) => {
            let start = start_of(graph, current, target, branch, relative)?;
            let end = walk(graph, Position::At(start), relative, None, at_the_end)?;
            (end.ok_or(PlanError::TooFar { relative })?, Some(branch_node.unwrap_or(start)))
        }
        (Some(relative @ 0..), Some(symbol)) => {
            let start = one(graph, symbol, None)?.into();
            let end = walk(graph, start, relative, branch_node, at_the_end)?;
            (end.filter(|it| *it != Position::Nowhere).ok_or_else(too_far)?, branch_node)
        }
        (Some(relative), Some(symbol)) => {
            let start = one(graph, symbol, branch)?.into();
            let end = walk(graph, start, relative, None, at_the_end)?;
            (end.ok_or_else(too_far)?, branch_node)
        }
    };
    let node = match end {
        Position::At(node) => Some(node),
        Position::Nowhere | Position::BelowBase => None,
    };
    Ok(Destination { node, branch: branch_node })
}

/// Resolves a destination by name.
///
/// Alembic looks `head` and `heads` up without regard to the branch; so several heads stay an
/// error. It also runs `BRANCH@REV` for a revision that isn't on the branch; that is refused.
fn absolute(
    graph: &Graph,
    symbol: &str,
    branch: Option<Branch<'_>>,
) -> Result<Option<Node>, PlanError> {
    match symbol {
        "head" | "heads" => one(graph, symbol, None),
        name => one(graph, name, branch),
    }
}

/// Finds the revision from which `-N` counts down.
fn start_of(
    graph: &Graph,
    current: &[Node],
    target: &Target,
    branch: Option<Branch<'_>>,
    relative: i64,
) -> Result<Node, PlanError> {
    let mut starts = current.to_vec();
    if let Some(branch) = branch {
        starts = lineage(graph, starts, branch.node);
        if starts.is_empty() {
            // The branch's own head may be hidden below another that depends on it.
            starts = lineage(graph, effective_heads(graph, current), branch.node);
        }
        if starts.is_empty() {
            return Err(PlanError::BranchNotApplied { branch: branch.name.to_owned() });
        }
    }
    match starts.as_slice() {
        [] => Err(PlanError::TooFar { relative }),
        [only] => Ok(*only),
        several => Err(PlanError::SeveralCurrent {
            target: target.text.clone(),
            heads: graph.ids(several),
        }),
    }
}

/// Returns the applied revisions that no applied revision builds on; dependencies don't count.
fn effective_heads(graph: &Graph, current: &[Node]) -> Vec<Node> {
    let below = graph.ancestors(current, Follow::ParentsAndDependencies);
    let is_tip = |node: &Node| !graph.children(*node).iter().any(|it| below.contains(*it));
    below.iter().filter(is_tip).collect()
}

/// Finds the lowest revisions that are taken back.
fn roots(graph: &Graph, to: Destination, target: &Target) -> Result<Vec<Node>, PlanError> {
    let mut roots = match to.node {
        None => graph.bases(),
        Some(node) => graph.children(node).to_vec(),
    };
    if let Some(branch) = to.branch
        && roots.len() > 1
    {
        let below = graph.ancestors(&[branch], Follow::Parents);
        roots.retain(|node| below.contains(*node));
        if roots.is_empty() {
            return Err(PlanError::BranchHasNoPart {
                target: target.text.clone(),
                branch: graph.id(branch).to_string(),
            });
        }
    }
    Ok(roots)
}
