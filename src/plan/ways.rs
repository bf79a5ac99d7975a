//! The ways to a record: what a stamp or a downgrade has to be given so that it leads there, and
//! nowhere else.

use crate::plan::{self, Operation, State, Step, Target};
use crate::revision::{Graph, Node, NodeSet, RevisionId};

/// What a stamp is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StampTo {
    /// The revisions, or `base`.
    pub targets: Vec<String>,
    /// Whether every row has to go first: the record can't be reached otherwise.
    pub is_purge: bool,
}

/// How a revision that has run in part is settled by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByHand {
    /// What an upgrade or a downgrade is given so that it goes on; none where it needs nothing.
    pub target: Option<String>,
    /// How it is recorded that the rest was done.
    pub finished: Option<StampTo>,
    /// How it is recorded that what was done was undone.
    pub undone: Option<StampTo>,
    /// Whether no file has the revision, so that it can neither go on nor be recorded.
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

/// Finds the stamp that strikes some revisions from the record and leaves all others.
pub fn stamp_without(graph: &Graph, state: &State, nodes: &[Node]) -> Option<StampTo> {
    let mut applied = state.applied.clone();
    applied.subtract(&NodeSet::of(graph.len(), nodes));
    stamp_to(graph, state, &applied)
}

/// Finds what a downgrade is given so that it takes back one revision and nothing else.
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

/// Finds how a revision that has run in part, up or down, is settled by hand.
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

/// Finds how a revision that has run in part is settled by hand while no file has it.
pub fn by_hand_without_files(graph: &Graph, state: &State, id: &RevisionId) -> ByHand {
    let undone = stamp_to(graph, state, &state.applied);
    ByHand { target: Some(id.to_string()), finished: None, undone, is_lost: true }
}
