//! The reasons why a target can't be planned for.

use thiserror::Error;

use crate::revision::RevisionId;

/// The reason why a target can't be planned for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    #[error("no revision matches `{name}`")]
    NotFound { name: String, near: Option<String> },
    #[error("no such branch: `{name}`")]
    NoSuchBranch { name: String, near: Option<String> },
    #[error("`{name}` is ambiguous: {} begin with it", list(candidates))]
    Ambiguous { name: String, candidates: Vec<String> },
    #[error("no revision matches `{name}`: branch label `{label}` begins with it")]
    PartialLabel { name: String, label: String },
    #[error("revision `{revision}` is not on branch `{branch}`")]
    OffBranch { revision: RevisionId, branch: String },
    #[error("`{argument}` is ambiguous: there are several heads, {}", ids(heads))]
    MultipleHeads { argument: String, heads: Vec<RevisionId> },
    #[error("relative revision {relative:+} leads past the end of the graph")]
    TooFar { relative: i64 },
    #[error("`{target}` leads past the end of the graph")]
    WalkedTooFar { target: String },
    #[error("the way is ambiguous: it branches to {}", ids(candidates))]
    AmbiguousWalk { candidates: Vec<RevisionId> },
    #[error("`{target}` is ambiguous: several heads are applied, {}", ids(heads))]
    SeveralCurrent { target: String, heads: Vec<RevisionId> },
    #[error("no revision of branch `{branch}` is applied")]
    BranchNotApplied { branch: String },
    #[error("`{target}` leads {}", if *relative == 0 { "nowhere" } else { "the wrong way" })]
    WrongWay { target: String, relative: i64 },
    #[error("`{target}` is not a valid downgrade target from the current heads")]
    NotApplied { target: String, heads: Vec<RevisionId> },
    #[error("`{target}` is not a valid downgrade target: it is unrelated to branch `{branch}`")]
    BranchHasNoPart { target: String, branch: String },
    #[error(
        "no revision of branch `{branch}` is applied, and `{target}` would take back {}",
        some(revisions)
    )]
    BesideBranch {
        target: String,
        branch: String,
        revisions: Vec<RevisionId>,
        instead: Option<String>,
    },
    #[error("revision `{revision}` overlaps with `{other}`, which needs it")]
    Overlap { revision: RevisionId, other: RevisionId },
    #[error("range `{lower}:{upper}` does not lead from an ancestor to a descendant on one branch")]
    NotARange { lower: String, upper: String },
    #[error(
        "range `{lower}:{upper}` is cut through by dependencies: {} can't be reached",
        ids(left)
    )]
    BrokenRange { lower: String, upper: String, left: Vec<RevisionId> },
    #[error("`{text}` is not a range: write START:END, START: or :END")]
    RangeSyntax { text: String },
    #[error("revision `{revision}` is not a head")]
    NotAHead { revision: RevisionId },
    #[error("revision `{revision}` is given twice")]
    DuplicateHeads { revision: RevisionId },
    #[error("there is nothing to merge: {} {}", list(names), alone(names, revisions))]
    NothingToMerge { names: Vec<String>, revisions: Vec<RevisionId> },
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
