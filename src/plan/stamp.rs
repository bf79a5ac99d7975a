//! Plans a stamp.

use std::collections::BTreeSet;

use crate::plan::downgrade::destination;
use crate::plan::resolve::{AtTheEnd, branch, many, one};
use crate::plan::upgrade::targets;
use crate::plan::{Operation, PlanError, State, Step, Target};
use crate::revision::{Follow, Graph, Node};

/// The plan of a stamp: nothing is run, the record is changed in one transaction.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// One step for each target in order; none where the target is `base`.
    pub steps: Vec<Step>,
    pub state: State,
}

/// Plans a stamp (Alembic's `_stamp_revs`).
///
/// Each applied head that shares lineage with a target, dependencies included, is replaced by it.
/// Each target is seen against the heads at the start, and what they make of them is put together:
/// so neither their order counts, nor where the database stood on their lines. Alembic takes one
/// after the other, and can forget a target, or fail half way, depending on both.
pub fn stamp(graph: &Graph, state: &State, names: &[Target]) -> Result<Stamp, PlanError> {
    let start: BTreeSet<Node> = state.heads.iter().copied().collect();
    let mut kept = start.clone();
    let mut wanted: Vec<Node> = Vec::new();
    for name in names {
        let targets = locate(graph, state, name)?;
        let left = left_by(graph, &start, &related(graph, state, name)?, &targets);
        kept.retain(|head| left.contains(head));
        wanted.extend(targets.iter().filter(|node| !wanted.contains(node)).collect::<Vec<_>>());
    }
    let heads: Vec<Node> = kept.into_iter().chain(wanted.iter().copied()).collect();
    let operation = Operation::Stamp;
    Ok(Stamp {
        steps: wanted.into_iter().map(|node| Step { node, operation }).collect(),
        state: State::of_heads(graph, &heads),
    })
}

/// Returns the heads that a target leaves unchanged, given those related to it.
fn left_by(
    graph: &Graph,
    heads: &BTreeSet<Node>,
    related: &[Node],
    targets: &[Node],
) -> BTreeSet<Node> {
    let follow = Follow::ParentsAndDependencies;
    // A target that is not in line with any related head, on a branch that forks, is a new head.
    let replaces = |node: &Node| {
        !related.contains(node)
            && related.iter().any(|head| graph.share_lineage(*node, *head, follow))
    };
    if targets.is_empty() || targets.iter().any(replaces) {
        return heads.iter().copied().filter(|head| !related.contains(head)).collect();
    }
    heads.clone()
}

/// Finds the revisions that a target refers to; relative forms work as in upgrades and downgrades.
pub fn locate(graph: &Graph, state: &State, name: &Target) -> Result<Vec<Node>, PlanError> {
    match (name.offset, name.symbol.as_deref()) {
        (None, symbol) => many(graph, symbol.unwrap_or_default(), branch(graph, name)?),
        (Some(1..), _) => targets(graph, &state.heads, name, AtTheEnd::Fail),
        // Nothing is below the base, which is also the head of an empty graph.
        (Some(_), Some(symbol)) if one(graph, symbol, branch(graph, name)?)?.is_none() => {
            Err(PlanError::WalkedTooFar { target: name.text.clone() })
        }
        (Some(_), _) => {
            let to = destination(graph, &state.heads, name, AtTheEnd::Fail)?;
            Ok(to.node.into_iter().collect())
        }
    }
}

/// Finds the heads that share lineage with a target: with its branch, or with its revisions.
fn related(graph: &Graph, state: &State, name: &Target) -> Result<Vec<Node>, PlanError> {
    let mut with: Vec<Node> = branch(graph, name)?.iter().map(|it| it.node).collect();
    with.extend(locate(graph, state, name)?);
    if with.is_empty() {
        return Ok(state.heads.clone());
    }
    let follow = Follow::ParentsAndDependencies;
    let mut shares = graph.ancestors(&with, follow);
    shares.extend(graph.descendants(&with, follow).iter());
    Ok(state.heads.iter().copied().filter(|node| shares.contains(*node)).collect())
}
