//! The command `migrate check`.

use limbeck::ops;
use limbeck::revision::RevisionId;

use crate::Exit;
use crate::context::{self, Context};
use crate::output::json;

/// Exit with 3 if revisions are pending, or applied ones were edited
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    let observed = context::observe(&project)?;
    let check = ops::check(&observed);
    let output = &mut *context.output;
    if check.is_clean() {
        output.line("No pending or modified revisions.")?;
    }
    let lists: [(&str, &[RevisionId]); 5] = [
        ("Pending", &check.pending),
        ("Modified since it was applied", &check.modified),
        ("Applied, and no file has it", &check.unknown),
        ("Given other parents since it was applied", &check.reparented),
        ("Stopped half way", &check.failed),
    ];
    for (title, ids) in lists {
        for id in ids {
            let message = observed.graph.find(id.as_str()).map(|it| observed.graph.revision(it));
            let message = message.map(|it| it.header.message.as_str()).unwrap_or_default();
            output.line(&format!("{title}: {id}, {message}"))?;
        }
    }
    output.document(&json::Check {
        clean: check.is_clean(),
        pending: json::ids(&check.pending),
        modified: json::ids(&check.modified),
        unknown: json::ids(&check.unknown),
        reparented: json::ids(&check.reparented),
        failed: json::ids(&check.failed),
        changes: [],
    })?;
    Ok(if check.is_clean() { Exit::Done } else { Exit::Unmet })
}
