//! The command `migrate ensure-version`.

use limbeck::ops;

use crate::Exit;
use crate::context::Context;
use crate::output::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the SQL instead of running it; needs no database
    #[arg(long)]
    sql: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.database()?;
    if args.sql {
        context.output.tables(project, &ops::ensure_version_offline(project)?)?;
    } else {
        let mut connection = ops::open_to_write(project)?;
        let is_lost = ops::is_record_lost(project, &mut *connection)?;
        ops::ensure_version(project, &mut *connection)?;
        context.output.tell_lost(is_lost, project);
    }
    context.output.document(&json::only("table", project.config.version_table.to_string()))?;
    Ok(Exit::Done)
}
