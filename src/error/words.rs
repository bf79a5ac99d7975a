//! Parts of sentences that several errors share.

use crate::ledger::Running;
use crate::revision::RevisionId;

pub(super) fn doubt(running: &Running, took_effect: Option<bool>) -> String {
    let begun = running.begun;
    match (running.is_in_doubt(), took_effect) {
        (false, _) => String::new(),
        (true, Some(true)) => {
            format!(", and statement {begun} took effect: the catalog has changed since")
        }
        (true, Some(false)) => {
            format!(", and statement {begun} did not take effect, as the catalog shows")
        }
        (true, None) if begun > running.done + 1 => format!(
            ", and how many of the statements {} to {begun} took effect is not known: nothing could be \
             noted between them",
            running.done + 1
        ),
        (true, None) => format!(
            ", and whether statement {begun} took effect is not known: it was begun, its end was \
             never noted, and the catalog doesn't show it"
        ),
    }
}

pub(super) fn names(revisions: &[RevisionId]) -> String {
    let names: Vec<String> = revisions.iter().map(|id| format!("`{id}`")).collect();
    names.join(", ")
}

pub(super) fn were(revisions: &[RevisionId]) -> &'static str {
    if revisions.len() == 1 { "a revision was" } else { "revisions were" }
}

pub(super) fn are(revisions: &[RevisionId]) -> String {
    let verb = if revisions.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", names(revisions))
}
