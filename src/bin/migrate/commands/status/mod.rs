//! The command `migrate status`.

mod watch;

use limbeck::database::Access;
use limbeck::ops;

use crate::context::Context;
use crate::output::{json, table};
use crate::{Exit, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Refresh every half second, or e.g. `=5s`, until Ctrl-C
    #[arg(long, value_name = "TIME", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "500ms", conflicts_with_all = ["json", "quiet"])]
    #[arg(value_parser = watch::interval)]
    watch: Option<std::time::Duration>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    if let Some(every) = args.watch {
        let readable = context.readable()?;
        context.tell_missing(&readable.project)?;
        return watch::run(readable, every, context.output);
    }
    let readable = context.readable()?;
    let project = &readable.project;
    let mut connection = ops::open(project, Access::Read)?;
    let observed = readable.observe(connection.as_deref_mut())?;
    let rows = ops::rows(project, connection.as_deref_mut())?;
    let database_exists = match connection {
        Some(_) => None,
        // Something else has to be said first.
        None if project.graph.is_empty() => ops::is_missing(project)?.then_some(false),
        None => context.tell_missing(project)?,
    };
    let lines = ops::status(&observed, &rows)?;
    let output = &mut *context.output;
    output.tell_lost(observed.is_record_lost, project);
    if lines.is_empty() {
        let name = program::name();
        output.message(&format!(
            "There are no revisions yet: `{name} revision -m …` writes the first."
        ));
    } else {
        output.line(&table::status(&observed, &lines, output).join("\n"))?;
        output.line(&table::summary(&lines))?;
        for sentence in table::running(&observed, &lines) {
            output.line(&sentence)?;
        }
    }
    let revisions = lines.iter().map(|it| json::StatusLine::new(&observed.graph, it)).collect();
    let problems = json::problems(&readable.faults, output);
    output.document(&json::Status { revisions, problems, database_exists })?;
    Ok(Exit::Done)
}
