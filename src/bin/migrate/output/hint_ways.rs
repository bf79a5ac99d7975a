//! The commands that lead out of an unexpected state, as a user types them.

use limbeck::error::Holds;
use limbeck::ledger::Running;
use limbeck::plan::{ByHand, Operation, StampTo};
use limbeck::script::ScriptError;

use crate::output::visible;

/// Writes the stamp that leads to a record.
pub(crate) fn stamp(to: &StampTo) -> String {
    let purge = if to.is_purge { "--purge " } else { "" };
    format!("migrate stamp {purge}{}", to.targets.join(" "))
}

/// Writes the command that resumes a revision that has run in part.
pub(crate) fn resume(running: &Running, by_hand: &ByHand) -> String {
    let target = match &by_hand.target {
        Some(target) => format!(" {target}"),
        None if running.operation == Operation::Downgrade => " -1".to_owned(),
        None => String::new(),
    };
    format!("migrate {}{target} --resume", running.operation)
}

/// Describes how to settle a revision that has run in part; with a place the error shows the next
/// statement.
pub(super) fn half_done(
    running: &Running,
    took_effect: Option<bool>,
    by_hand: &ByHand,
    is_placed: bool,
) -> String {
    let Running { revision, begun, done, .. } = running;
    let resume = resume(running, by_hand);
    if by_hand.is_lost {
        return format!(
            "restore its files (another git branch may have them), and continue with `{resume}`{}",
            stamps(by_hand)
        );
    }
    if *begun > done + 1 {
        let first = done + 1;
        return format!(
            "check what statements {first} to {begun} did: if all took effect, or once you have \
             finished them by hand, record it with `migrate repair --done {revision}`; if none of them stands, \
             with `migrate repair --again {revision}`; then continue with `{resume}`"
        );
    }
    if running.is_in_doubt() && took_effect.is_none() {
        return format!(
            "check whether statement {begun} took effect, then record it with `migrate repair --done \
             {revision}` or `migrate repair --again {revision}`, and continue with `{resume}`"
        );
    }
    let is_shown = is_placed && !running.is_in_doubt();
    let here = if is_shown { "with this statement" } else { "from there" };
    format!("`{resume}` continues {here}{}", stamps(by_hand))
}

/// Describes the next step where there is nothing to settle.
pub(super) fn settled(running: &Running, took_effect: bool, by_hand: &ByHand) -> String {
    let resume = resume(running, by_hand);
    if took_effect {
        return format!("nothing was changed; `{resume}` continues after it");
    }
    format!(
        "nothing was changed; `{resume}` continues with it, once you have removed from the script what you \
         did by hand{}",
        stamps(by_hand)
    )
}

/// Describes how to settle a revision that has run in part and can't be resumed.
pub(super) fn stuck(error: &ScriptError, by_hand: &ByHand) -> String {
    let restore = match error {
        ScriptError::ResumedChanged { .. } => "restore the part that has run and continue",
        _ => "it can only be settled by hand",
    };
    format!("nothing was changed; {restore}{}", stamps(by_hand))
}

/// Describes the same in a line of a list.
pub(crate) fn stuck_at(error: &ScriptError) -> String {
    match error {
        ScriptError::ResumedChanged { .. } => {
            format!("{error}: restore what has run, and check here again")
        }
        _ => visible(&error.to_string()),
    }
}

/// Describes how to start a project next to existing files.
pub(super) fn beside(holds: Holds) -> String {
    match holds {
        Holds::Revisions => {
            "nothing was written; its scripts need a `migrate.toml` beside the folder \
             and nothing else: `[migrate]`, and `url = \"…\"` below it"
                .to_owned()
        }
        Holds::Tool(tool) => format!(
            "nothing was written; leave the scripts of {tool} where they are, and put the new ones \
             elsewhere, e.g. with `migrate init db`; the README describes how to move from other tools"
        ),
        Holds::Others => {
            "nothing was written; put the scripts elsewhere, e.g. with `migrate init db`".to_owned()
        }
    }
}

/// Describes how manual work is recorded.
fn stamps(by_hand: &ByHand) -> String {
    match (&by_hand.finished, &by_hand.undone) {
        (Some(finished), Some(undone)) => format!(
            "; `{}` settles it if you finish it by hand, `{}` if you undo it",
            stamp(finished),
            stamp(undone)
        ),
        (None, Some(undone)) => format!("; `{}` settles it if you undo it by hand", stamp(undone)),
        _ => String::new(),
    }
}
