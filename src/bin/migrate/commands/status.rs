//! The command `migrate status`.

use limbeck::database::Access;
use limbeck::ops;

use crate::Exit;
use crate::context::Context;
use crate::output::{json, table};

/// Show every revision and whether it is applied
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    let mut connection = ops::open(project, Access::Read)?;
    let observed = ops::Observed::read(project, connection.as_deref_mut())?;
    let rows = ops::rows(project, connection.as_deref_mut())?;
    let lines = ops::status(&observed, &rows)?;
    let output = &mut *context.output;
    if lines.is_empty() {
        output.message("There are no revisions yet: `migrate revision -m …` writes the first.");
    } else {
        output.line(&table::status(&observed.graph, &lines))?;
    }
    let revisions = lines.iter().map(|it| json::StatusLine::new(&observed.graph, it)).collect();
    output.document(&json::Status { revisions })?;
    Ok(Exit::Done)
}
