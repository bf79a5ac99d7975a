//! The command `migrate stamp`.

use limbeck::ops::{self, Purge, StampRequest};
use limbeck::project::Project;

use crate::Exit;
use crate::context::{self, Context};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions, e.g. `head`, or `base`; with --sql a range
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// Print the SQL instead of running it; needs no database
    #[arg(long)]
    sql: bool,
    /// Record this text with the revisions
    #[arg(long)]
    tag: Option<String>,
    /// Delete every revision from the record first
    #[arg(long)]
    purge: bool,
    /// Confirm the operation on a protected environment
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let plan = || struck(project, args);
    let request = StampRequest {
        targets: &args.revisions,
        tag: args.tag.as_deref(),
        purge: if args.purge { Purge::All } else { Purge::Nothing },
        consent: context.consent(project, args.yes, plan)?,
    };
    if args.sql {
        context.output.script(project, &ops::stamp_offline(project, &request)?)?;
        return Ok(Exit::Done);
    }
    if ops::is_missing(project)? {
        // A failed plan must leave no empty database behind.
        ops::preview_stamp(project, &request)?;
    }
    let mut connection = ops::open_to_write(project)?;
    let mut progress = context.output.progress();
    let result =
        ops::stamp(project, &mut *connection, &request, &mut |event| progress.hear(&event));
    progress.finish();
    context.output.stamped(project, &result?)?;
    Ok(Exit::Done)
}

/// Describes the record that a purge deletes, if there is any.
fn struck(project: &Project, args: &Args) -> anyhow::Result<Option<String>> {
    if args.sql || !args.purge {
        return Ok(None);
    }
    let count = context::observe(project)?.applied_ids().len();
    let url = project.config.url().map_err(limbeck::Error::from)?;
    let what = if count == 1 { "its only revision".to_owned() } else { format!("all {count}") };
    let strikes = || format!("stamp --purge deletes {what} from the record of {url}");
    Ok((count > 0).then(strikes))
}
