//! Finds the arguments of a stamp or a downgrade that lead to a given record, and to no other.

use crate::plan::{self, Operation, State, Step, Target};
use crate::revision::{Graph, Node, NodeSet, RevisionId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampTo {
    /// The revisions, or `base`.
    pub targets: Vec<String>,
    /// Whether `--purge` is needed to reach the record.
    pub is_purge: bool,
}

/// Ways to settle a revision that has run in part by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByHand {
    /// The argument of the upgrade or downgrade that resumes the revision; none if it needs none.
    pub target: Option<String>,
    /// The stamp that records the rest as done.
    pub finished: Option<StampTo>,
    /// The stamp that records the revision as undone.
    pub undone: Option<StampTo>,
    /// Whether the revision has no file, so that it can be neither resumed nor recorded.
    pub is_lost: bool,
}

/// Finds the stamp after which exactly these revisions are recorded; none if there is none.
pub fn stamp_to(graph: &Graph, state: &State, applied: &NodeSet) -> Option<StampTo> {
    let heads = State::new(graph, applied.clone()).heads;
    let mut targets: Vec<String> = graph.ids(&heads).iter().map(ToString::to_string).collect();
    if targets.is_empty() {
        targets.push("base".to_owned());
    }
    let names: Vec<Target> = targets.iter().map(|it| Target::parse(it)).collect();
    let leads = |from: &State| {
        let stamp = plan::stamp(graph, from, &names);
        stamp.is_ok_and(|stamp| stamp.state.applied.iter().eq(applied.iter()))
    };
    let is_purge = !leads(state);
    let is_way = !is_purge || leads(&State::of_heads(graph, &[]));
    is_way.then_some(StampTo { targets, is_purge })
}

/// Finds the stamp that removes some revisions from the record and keeps all others.
pub fn stamp_without(graph: &Graph, state: &State, nodes: &[Node]) -> Option<StampTo> {
    let mut applied = state.applied.clone();
    applied.subtract(&NodeSet::of(graph.len(), nodes));
    stamp_to(graph, state, &applied)
}

/// Finds the downgrade that takes back exactly one revision.
pub fn take_back(graph: &Graph, state: &State, node: Node) -> Option<String> {
    let wanted = [Step { node, operation: Operation::Downgrade }];
    let parents = graph.parents(node).iter().map(|it| graph.id(*it).to_string());
    let others = ["base".to_owned(), "-1".to_owned(), format!("{}@-1", graph.id(node))];
    let takes_it = |target: &String| {
        let plan = plan::downgrade(graph, state, &Target::parse(target));
        plan.is_ok_and(|plan| plan.steps == wanted)
    };
    parents.chain(others).find(takes_it)
}

/// Finds the ways to settle a revision that has run in part, up or down.
pub fn by_hand(graph: &Graph, state: &State, step: Step) -> ByHand {
    let undone = stamp_to(graph, state, &state.applied);
    if step.operation == Operation::Downgrade {
        let finished = stamp_without(graph, state, &[step.node]);
        return ByHand {
            target: take_back(graph, state, step.node),
            finished,
            undone,
            is_lost: false,
        };
    }
    let mut applied = state.applied.clone();
    applied.insert(step.node);
    let usual = plan::upgrade(graph, state, &Target::name("head"));
    let is_usual = usual.is_ok_and(|plan| plan.steps.contains(&step));
    let target = (!is_usual).then(|| graph.id(step.node).to_string());
    ByHand { target, finished: stamp_to(graph, state, &applied), undone, is_lost: false }
}

/// Finds the ways to settle a revision that has run in part and has no file.
pub fn by_hand_without_files(graph: &Graph, state: &State, id: &RevisionId) -> ByHand {
    let undone = stamp_to(graph, state, &state.applied);
    ByHand { target: Some(id.to_string()), finished: None, undone, is_lost: true }
}
