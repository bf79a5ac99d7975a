//! The command `migrate current`.

use limbeck::database::{Access, Engine};
use limbeck::ops;

use crate::Exit;
use crate::context::Context;
use crate::output::json;
use crate::output::text::{self, Marks};

/// Show where the database stands
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show all about the revisions
    #[arg(short, long)]
    verbose: bool,
    /// Exit with 3 unless everything is applied
    #[arg(long)]
    check_heads: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    let url = project.config.url().map_err(limbeck::Error::from)?.to_string();
    let mut connection = ops::open(project, Access::Read).map_err(anyhow::Error::from)?;
    let observed = ops::Observed::read(project, connection.as_deref_mut())?;
    let current = ops::current(&observed);
    let output = &mut *context.output;
    if args.verbose {
        output.line(&format!("Current revision(s) for {url}:"))?;
        if let Some(connection) = connection.filter(|it| it.engine() != Engine::Sqlite) {
            output.line(&format!("({})", connection.describe()))?;
        }
    }
    for node in &current.shown {
        let text = if args.verbose {
            text::long(&observed.graph, *node, &[], output)
        } else {
            text::short(&observed.graph, *node, Marks { tree: true, ..Marks::default() })
        };
        output.line(&text)?;
    }
    output.document(&json::Current {
        heads: json::ids(&current.heads),
        pending: current.pending,
        unknown: json::ids(&current.unknown),
    })?;
    let met = !args.check_heads || current.is_at_heads();
    if !met {
        let (pending, unknown) = (current.pending, current.unknown.len());
        output.message(&format!("Not at the heads: {pending} pending, {unknown} unknown."));
    }
    Ok(if met { Exit::Done } else { Exit::Unmet })
}
