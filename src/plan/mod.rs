//! Planning: from a target and the applied revisions to the steps to run, as Alembic does it.
//!
//! Everything here is a pure function of a [`Graph`] and a [`State`]. It reads no files and uses no
//! database; the rules are those of Alembic 1.20 (`script/revision.py`, `script/base.py`).

mod downgrade;
mod error;
mod extend;
mod order;
mod range;
mod resolve;
mod stamp;
mod target;
mod upgrade;
mod ways;

use crate::revision::{Follow, Graph, Node, NodeSet};

pub use crate::revision::Operation;
pub use downgrade::downgrade;
pub use error::PlanError;
pub use extend::{Splice, parents_of_merge, parents_of_new};
pub use range::{RangeEnd, parse_range, range};
pub use resolve::{find, find_one};
pub use stamp::{Stamp, locate, stamp};
pub use target::{Goal, Target};
pub use upgrade::upgrade;
pub use ways::{
    ByHand, StampTo, by_hand, by_hand_without_files, stamp_to, stamp_without, take_back,
};

/// The applied revisions of a database, seen on a graph.
#[derive(Debug, Clone)]
pub struct State {
    pub applied: NodeSet,
    /// The applied revisions that no applied revision builds on or depends on.
    pub heads: Vec<Node>,
}

impl State {
    pub fn new(graph: &Graph, applied: NodeSet) -> Self {
        let heads = graph.tips(&applied);
        Self { applied, heads }
    }

    /// Makes a state from its heads; all that they need is applied as well.
    pub fn of_heads(graph: &Graph, heads: &[Node]) -> Self {
        Self::new(graph, graph.ancestors(heads, Follow::ParentsAndDependencies))
    }
}

/// One revision of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub node: Node,
    pub operation: Operation,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<Step>,
}

impl Plan {
    fn new(operation: Operation, nodes: impl IntoIterator<Item = Node>) -> Self {
        Self { steps: nodes.into_iter().map(|node| Step { node, operation }).collect() }
    }

    /// Returns the revisions of the steps in order.
    pub fn nodes(&self) -> Vec<Node> {
        self.steps.iter().map(|step| step.node).collect()
    }
}
