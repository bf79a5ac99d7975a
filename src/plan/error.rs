//! The reasons why a target can't be planned for.

use thiserror::Error;

use crate::revision::RevisionId;

/// The reason why a target can't be planned for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No revision, label or symbol matches.
    #[error("no revision matches `{name}`")]
    NotFound {
        name: String,
        /// A known name with a similar spelling.
        near: Option<String>,
    },
    /// No branch label or revision matches the part before `@`.
    #[error("no such branch: `{name}`")]
    NoSuchBranch {
        name: String,
        /// A known name with a similar spelling.
        near: Option<String>,
    },
    /// Several revisions or labels start with the given text.
    #[error("`{name}` is ambiguous: {} begin with it", list(candidates))]
    Ambiguous {
        name: String,
        /// The names that match.
        candidates: Vec<String>,
    },
    /// A branch label was abbreviated; labels must be spelled out.
    #[error("no revision matches `{name}`: branch label `{label}` begins with it")]
    PartialLabel { name: String, label: String },
    /// A revision doesn't share lineage with the branch before `@`.
    #[error("revision `{revision}` is not on branch `{branch}`")]
    OffBranch { revision: RevisionId, branch: String },
    /// `head` is ambiguous.
    #[error("`{argument}` is ambiguous: there are several heads, {}", ids(heads))]
    MultipleHeads { argument: String, heads: Vec<RevisionId> },
    /// A relative target leads out of the graph.
    #[error("relative revision {relative:+} leads past the end of the graph")]
    TooFar {
        /// The offset, negative for downward.
        relative: i64,
    },
    /// A relative target that starts at a revision leads out of the graph.
    #[error("`{target}` leads past the end of the graph")]
    WalkedTooFar { target: String },
    /// A walk meets a fork (upward) or a merge (downward).
    #[error("the way is ambiguous: it branches to {}", ids(candidates))]
    AmbiguousWalk { candidates: Vec<RevisionId> },
    /// A relative target has no start, and several heads are applied.
    #[error("`{target}` is ambiguous: several heads are applied, {}", ids(heads))]
    SeveralCurrent { target: String, heads: Vec<RevisionId> },
    /// `LABEL@-N` was given, and the branch isn't applied.
    #[error("no revision of branch `{branch}` is applied")]
    BranchNotApplied { branch: String },
    /// The offset points in the wrong direction: `upgrade -N` or `downgrade +N`.
    #[error("`{target}` leads {}", if *relative == 0 { "nowhere" } else { "the wrong way" })]
    WrongWay {
        target: String,
        /// The offset, negative for downward.
        relative: i64,
    },
    /// The target of a downgrade isn't applied.
    #[error("`{target}` is not a valid downgrade target from the current heads")]
    NotApplied { target: String, heads: Vec<RevisionId> },
    /// The branch of a target is unrelated to the revisions that would be taken back.
    #[error("`{target}` is not a valid downgrade target: it is unrelated to branch `{branch}`")]
    BranchHasNoPart { target: String, branch: String },
    /// No revision of the branch is applied, and a downgrade would take others back.
    #[error(
        "no revision of branch `{branch}` is applied, and `{target}` would take back {}",
        some(revisions)
    )]
    BesideBranch {
        target: String,
        branch: String,
        /// The revisions that would be taken back, in order.
        revisions: Vec<RevisionId>,
        /// An equivalent target that names the same revisions explicitly.
        instead: Option<String>,
    },
    /// One of two targets needs the other.
    #[error("revision `{revision}` overlaps with `{other}`, which needs it")]
    Overlap { revision: RevisionId, other: RevisionId },
    /// The ends of a range aren't ancestor and descendant.
    #[error("range `{lower}:{upper}` does not lead from an ancestor to a descendant on one branch")]
    NotARange { lower: String, upper: String },
    /// The dependencies of a range join branches so that some revisions can't be reached.
    #[error(
        "range `{lower}:{upper}` is cut through by dependencies: {} can't be reached",
        ids(left)
    )]
    BrokenRange {
        lower: String,
        upper: String,
        /// The revisions of the range that can't be reached from its upper end.
        left: Vec<RevisionId>,
    },
    /// A text is not a range.
    #[error("`{text}` is not a range: write START:END, START: or :END")]
    RangeSyntax { text: String },
    /// The parent of a new revision isn't a head.
    #[error("revision `{revision}` is not a head")]
    NotAHead { revision: RevisionId },
    /// A new revision has the same parent twice.
    #[error("revision `{revision}` is given twice")]
    DuplicateHeads { revision: RevisionId },
    /// A merge has fewer than two parents.
    #[error("there is nothing to merge: {} {}", list(names), alone(names, revisions))]
    NothingToMerge {
        names: Vec<String>,
        /// The revisions that they name: one at most.
        revisions: Vec<RevisionId>,
    },
    /// A symbol that names no revision stands where one is needed.
    #[error("`{name}` names no revision")]
    NamesNothing { name: String },
}

fn ids(ids: &[RevisionId]) -> String {
    list(ids)
}

/// Explains what the names of a merge with too few parents refer to.
fn alone(names: &[String], revisions: &[RevisionId]) -> String {
    match (names, revisions) {
        (_, []) => "means no revision".to_owned(),
        ([name], [only]) if name == only.as_str() => "is one revision".to_owned(),
        (_, revisions) => format!("means {} alone", ids(revisions)),
    }
}

/// Lists the first of possibly many ids.
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
