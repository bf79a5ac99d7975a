//! The parents of a new revision.

use crate::plan::resolve::{Position, below_heads, find};
use crate::plan::{PlanError, Target};
use crate::revision::{Follow, Graph, Node};

/// Whether a new revision may build on one that has children.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Splice {
    /// The parents must be heads.
    Refuse,
    /// Any revision can be a parent: a new branch begins.
    Allow,
}

/// Finds the parents of a new revision; none makes a base, several a merge.
pub fn parents_of_new(
    graph: &Graph,
    names: &[Target],
    splice: Splice,
) -> Result<Vec<Node>, PlanError> {
    let mut res: Vec<Node> = Vec::new();
    for name in names {
        for node in named(graph, name)? {
            if res.contains(&node) {
                return Err(PlanError::DuplicateHeads { revision: graph.id(node).clone() });
            }
            res.push(node);
        }
    }
    match res.iter().find(|node| !graph.is_head(**node, Follow::Parents)) {
        Some(node) if splice == Splice::Refuse => {
            Err(PlanError::NotAHead { revision: graph.id(*node).clone() })
        }
        _ => Ok(res),
    }
}

/// Finds the parents of a merge, of which there must be several.
pub fn parents_of_merge(
    graph: &Graph,
    names: &[Target],
    splice: Splice,
) -> Result<Vec<Node>, PlanError> {
    let res = parents_of_new(graph, names, splice)?;
    if res.len() < 2 {
        let names = names.iter().map(|name| name.text.clone()).collect();
        return Err(PlanError::NothingToMerge { names, revisions: graph.ids(&res) });
    }
    Ok(res)
}

/// Resolves a name; `-N` is N below every head, since no database is involved.
fn named(graph: &Graph, name: &Target) -> Result<Vec<Node>, PlanError> {
    let (Some(steps @ ..0), None) = (name.offset, &name.symbol) else { return find(graph, name) };
    let node = |position| match position {
        Some(Position::At(node)) => Ok(node),
        Some(Position::Nowhere | Position::BelowBase) | None => {
            Err(PlanError::WalkedTooFar { target: name.text.clone() })
        }
    };
    below_heads(graph, name, steps)?.into_iter().map(node).collect()
}
