//! Why something can't be planned.

use thiserror::Error;

use crate::revision::RevisionId;

/// Why a target can't be planned for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No revision, label or symbol matches.
    #[error("can't locate revision identified by `{name}`")]
    NotFound {
        /// What was asked for.
        name: String,
        /// A known name that is spelled like it.
        near: Option<String>,
    },
    /// No branch label or revision matches what stands before `@`.
    #[error("no such branch: `{name}`")]
    NoSuchBranch {
        /// What was asked for.
        name: String,
        /// A known name that is spelled like it.
        near: Option<String>,
    },
    /// Several revisions or labels begin so.
    #[error("can't locate revision identified by `{name}`: {} begin with it", list(candidates))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// The beginning of a branch label was given; labels must be spelled out.
    #[error("can't locate revision identified by `{name}`: branch label `{label}` begins with it")]
    PartialLabel {
        /// What was asked for.
        name: String,
        /// The label.
        label: String,
    },
    /// A revision doesn't share lineage with the branch before `@`.
    #[error("revision `{revision}` is not on branch `{branch}`")]
    OffBranch {
        /// The revision.
        revision: RevisionId,
        /// The branch, as typed.
        branch: String,
    },
    /// `head` means several revisions.
    #[error("multiple head revisions are present for `{argument}`: {}", ids(heads))]
    MultipleHeads {
        /// What was asked for.
        argument: String,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// A relative form leads out of the graph.
    #[error("relative revision {relative:+} didn't produce {} migrations", relative.unsigned_abs())]
    TooFar {
        /// How far it was to go.
        relative: i64,
    },
    /// A relative form that starts at a revision leads out of the graph.
    #[error("`{target}` walks too far: the graph ends before")]
    WalkedTooFar {
        /// What was asked for.
        target: String,
    },
    /// A walk meets a fork (upwards) or a merge (downwards).
    #[error("ambiguous walk: several ways lead on, to {}", ids(candidates))]
    AmbiguousWalk {
        /// The ways.
        candidates: Vec<RevisionId>,
    },
    /// A relative form without a start, and several heads are applied.
    #[error("`{target}` is ambiguous: several heads are applied, {}", ids(heads))]
    SeveralCurrent {
        /// What was asked for.
        target: String,
        /// The heads that are applied.
        heads: Vec<RevisionId>,
    },
    /// `LABEL@-N`, and the branch isn't applied.
    #[error("nothing of branch `{branch}` is applied")]
    BranchNotApplied {
        /// The branch, as typed.
        branch: String,
    },
    /// `upgrade -N` or `downgrade +N`.
    #[error("`{target}` leads the wrong way: relative revision {relative:+} didn't produce {} migrations", relative.unsigned_abs())]
    WrongWay {
        /// What was asked for.
        target: String,
        /// How far it was to go.
        relative: i64,
    },
    /// The target of a downgrade isn't applied.
    #[error("destination `{target}` is not a valid downgrade target from the current heads")]
    NotApplied {
        /// What was asked for.
        target: String,
        /// The heads that are applied.
        heads: Vec<RevisionId>,
    },
    /// A branch was given that has nothing to do with what would go.
    #[error("`{target}` is not a valid downgrade target: branch `{branch}` has no part in it")]
    BranchHasNoPart {
        /// What was asked for.
        target: String,
        /// The branch.
        branch: String,
    },
    /// Nothing of a branch is applied, and a downgrade of it would take others down.
    #[error(
        "nothing of branch `{branch}` is applied, and `{target}` would take down {}",
        some(revisions)
    )]
    BesideBranch {
        /// What was asked for.
        target: String,
        /// The branch, as typed.
        branch: String,
        /// What would go, in order.
        revisions: Vec<RevisionId>,
        /// A target that takes the same revisions, and says so.
        instead: Option<String>,
    },
    /// Two targets of which one needs the other.
    #[error("requested revision `{revision}` overlaps with `{other}`, which needs it")]
    Overlap {
        /// The one that is needed.
        revision: RevisionId,
        /// The one that needs it.
        other: RevisionId,
    },
    /// The ends of a range aren't ancestor and descendant.
    #[error("range `{lower}:{upper}` does not lead from an ancestor to a descendant on one branch")]
    NotARange {
        /// The lower end.
        lower: String,
        /// The upper end.
        upper: String,
    },
    /// A range's dependencies join branches in a way that leaves revisions out of reach.
    #[error(
        "range `{lower}:{upper}` is cut through by dependencies: {} can't be reached",
        ids(left)
    )]
    BrokenRange {
        /// The lower end.
        lower: String,
        /// The upper end.
        upper: String,
        /// What is in the range and can't be reached from its upper end.
        left: Vec<RevisionId>,
    },
    /// A text that is no range.
    #[error("`{text}` is no range: it is START:END, START: or :END")]
    RangeSyntax {
        /// What was given.
        text: String,
    },
    /// A new revision's parent isn't a head.
    #[error("revision `{revision}` is not a head revision")]
    NotAHead {
        /// The revision.
        revision: RevisionId,
    },
    /// A new revision's parents name one revision twice.
    #[error("revision `{revision}` is given twice")]
    DuplicateHeads {
        /// The revision.
        revision: RevisionId,
    },
    /// A merge of one revision, or of none.
    #[error("there is nothing to merge: {} {}", list(names), alone(names, revisions))]
    NothingToMerge {
        /// What was asked for.
        names: Vec<String>,
        /// What that means: one revision at most.
        revisions: Vec<RevisionId>,
    },
    /// A symbol that means no revision stands where one is needed.
    #[error("`{name}` names no revision")]
    NamesNothing {
        /// What was given.
        name: String,
    },
}

fn ids(ids: &[RevisionId]) -> String {
    list(ids)
}

/// Says what the names of a merge that joins nothing mean.
fn alone(names: &[String], revisions: &[RevisionId]) -> String {
    match (names, revisions) {
        (_, []) => "means no revision".to_owned(),
        ([name], [only]) if name == only.as_str() => "is one revision".to_owned(),
        (_, revisions) => format!("means {} alone", ids(revisions)),
    }
}

/// Names the first of what may be many.
fn some(ids: &[RevisionId]) -> String {
    const MOST: usize = 8;
    match ids.len().checked_sub(MOST) {
        None | Some(0) => list(ids),
        Some(others) => format!("{} and {others} more", list(&ids[..MOST])),
    }
}

fn list<T: std::fmt::Display>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
