//! Limits how often a plan is remade.

use crate::error::Error;
use crate::plan::Plan;
use crate::revision::{Graph, RevisionId};
use crate::runner::Done;

/// How often a plan is remade before another process is considered too fast.
const MOST_PLANS: usize = 1000;

/// How often a run may find another record than it began with although the next plan begins with the
/// same: others leave something behind, so it is the revision itself that changes the record, and
/// rolling it back undoes that.
const MOST_ALIKE: usize = 5;

/// The plans made so far.
#[derive(Debug, Default)]
pub(super) struct Replans {
    plans: usize,
    start: Option<Start>,
    alike: usize,
}

/// The state that a plan starts from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start {
    applied: Vec<RevisionId>,
    first: Option<RevisionId>,
}

impl Start {
    pub(super) fn new(applied: Vec<RevisionId>, graph: &Graph, plan: &Plan) -> Self {
        let first = plan.steps.first().map(|step| graph.id(step.node).clone());
        Self { applied, first }
    }
}

impl Replans {
    /// Counts a plan that has to be remade.
    pub(super) fn planned(&mut self) -> Result<(), Error> {
        self.plans += 1;
        if self.plans < MOST_PLANS { Ok(()) } else { Err(Error::KeepsMoving { tries: self.plans }) }
    }

    /// Counts a plan whose run found another version table than it began with.
    pub(super) fn moved(&mut self, done: &[Done], start: Start) -> Result<(), Error> {
        let is_alike = done.is_empty() && self.start.as_ref() == Some(&start);
        self.alike = if is_alike { self.alike + 1 } else { 1 };
        if let Some(revision) = start.first.clone().filter(|_| self.alike == MOST_ALIKE) {
            return Err(Error::RecordChanges { revision, tries: MOST_ALIKE });
        }
        self.start = Some(start);
        self.planned()
    }
}
