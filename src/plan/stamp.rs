//! What a stamp makes of the version table.

use std::collections::BTreeSet;

use crate::plan::downgrade::destination;
use crate::plan::resolve::{AtTheEnd, branch, many};
use crate::plan::upgrade::targets;
use crate::plan::{Operation, PlanError, State, Step, Target};
use crate::revision::{Follow, Graph, Node, NodeSet};

/// The outcome of a stamp: nothing is run, the record is changed in one transaction.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// One step for each target in turn; none where the target is `base`.
    pub steps: Vec<Step>,
    /// What is to be recorded afterwards.
    pub state: State,
}

/// Plans a stamp (Alembic's `_stamp_revs`).
///
/// Each applied head that shares lineage with a target, dependencies included, is replaced by it.
/// All targets are seen against the heads at the start, as Alembic does; where two of them would
/// replace the same head, Alembic fails half way and we refuse before.
pub fn stamp(graph: &Graph, state: &State, names: &[Target]) -> Result<Stamp, PlanError> {
    let related: Vec<Node> = {
        let mut shares = NodeSet::new(graph.len());
        for name in names {
            add_related(graph, state, name, &mut shares)?;
        }
        state.heads.iter().copied().filter(|node| shares.contains(*node)).collect()
    };
    let mut wanted = Vec::new();
    for name in names {
        wanted.extend(locate(graph, state, name)?);
    }
    let mut heads: BTreeSet<Node> = state.heads.iter().copied().collect();
    if wanted.is_empty() {
        heads.retain(|node| !related.contains(node));
    }
    let conflict = || PlanError::StampConflict {
        targets: names.iter().map(|name| name.text.clone()).collect(),
    };
    for node in &wanted {
        if !related.contains(node) {
            replace(graph, &mut heads, &related, *node).ok_or_else(conflict)?;
        }
    }
    // Alembic forgets a target that was a head already where another target replaces a head.
    let follow = Follow::ParentsAndDependencies;
    let stands_apart = |node: &&Node| {
        wanted.iter().all(|it| it == *node || !graph.share_lineage(*it, **node, follow))
    };
    heads.extend(wanted.iter().filter(stands_apart));
    let heads: Vec<Node> = heads.into_iter().collect();
    let operation = Operation::Stamp;
    Ok(Stamp {
        steps: wanted.into_iter().map(|node| Step { node, operation }).collect(),
        state: State::of_heads(graph, &heads),
    })
}

/// Puts a target in the place of the related heads; `None` where Alembic would fail.
fn replace(graph: &Graph, heads: &mut BTreeSet<Node>, related: &[Node], node: Node) -> Option<()> {
    let reaches = |set: &NodeSet| related.iter().any(|head| set.contains(*head));
    let follow = Follow::ParentsAndDependencies;
    let down = reaches(&graph.descendants(&[node], follow));
    let up = reaches(&graph.ancestors(&[node], follow));
    if down && up {
        return None;
    }
    let gone = related.iter().any(|head| !heads.contains(head));
    if !down && (!up || gone) {
        return heads.insert(node).then_some(());
    }
    for head in related {
        heads.remove(head).then_some(())?;
    }
    heads.insert(node).then_some(())
}

/// Finds the revisions that a target means; relative forms as in upgrades and downgrades.
pub fn locate(graph: &Graph, state: &State, name: &Target) -> Result<Vec<Node>, PlanError> {
    match (name.offset, name.symbol.as_deref()) {
        (None, symbol) => many(graph, symbol.unwrap_or_default(), branch(graph, name)?),
        (Some(1..), _) => targets(graph, &state.heads, name, AtTheEnd::Fail),
        (Some(_), _) => {
            let to = destination(graph, &state.heads, name, AtTheEnd::Fail)?;
            Ok(to.node.into_iter().collect())
        }
    }
}

/// Adds what shares lineage with a target: with its branch, or with what it means.
fn add_related(
    graph: &Graph,
    state: &State,
    name: &Target,
    shares: &mut NodeSet,
) -> Result<(), PlanError> {
    let mut with: Vec<Node> = branch(graph, name)?.iter().map(|it| it.node).collect();
    with.extend(locate(graph, state, name)?);
    if name.offset.is_some() && with.is_empty() {
        with.clone_from(&state.heads);
    }
    if with.is_empty() {
        shares.extend(graph.nodes());
    }
    let follow = Follow::ParentsAndDependencies;
    for set in [graph.ancestors(&with, follow), graph.descendants(&with, follow)] {
        shares.extend(set.iter());
    }
    Ok(())
}
