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
    let table = project.config.version_table.to_string();
    if args.sql {
        let statements = ops::ensure_version_offline(project)?;
        context.output.tables(project, &statements)?;
    } else {
        let mut connection = ops::open_to_write(project)?;
        let is_lost = ops::is_record_lost(project, &mut *connection)?;
        ops::ensure_version(project, &mut *connection)?;
        context.output.tell_lost(is_lost, project);
    }
    context.output.document(&json::Table { table })?;
    Ok(Exit::Done)
}
