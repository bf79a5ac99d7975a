//! The command `migrate history`.

use limbeck::ops;

use crate::Exit;
use crate::context::{self, Context};
use crate::output::json;
use crate::output::text::{self, Marks};

/// List revisions, newest first
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this range: START:END, START: or :END; `current` is where the database stands
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Show all about the revisions
    #[arg(short, long)]
    verbose: bool,
    /// Mark where the database stands
    #[arg(short, long)]
    indicate_current: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    let range = args.rev_range.as_deref();
    let at_current = range.is_some_and(|it| it.split(':').any(|end| end.trim() == "current"));
    let told = args.indicate_current || (args.verbose && context.output.is_json());
    let observed =
        if told || at_current { context::observe(project)? } else { context::files_only(project)? };
    let nodes = ops::history(&observed, range)?;
    let current = if args.indicate_current { &observed.state.heads[..] } else { &[] };
    let output = &mut *context.output;
    for node in &nodes {
        let graph = &observed.graph;
        let text = if args.verbose {
            text::long(graph, *node, current, output)
        } else {
            let is_current = current.contains(node);
            let marks =
                Marks { parents: true, labels: true, tree: true, message: true, is_current };
            text::short(graph, *node, marks)
        };
        output.line(&text)?;
    }
    let applied = told.then_some(&observed.state.applied);
    let revisions = nodes.iter().map(|node| {
        json::Revision::new(&observed.graph, *node, applied.map(|it| it.contains(*node)), output)
    });
    let revisions = revisions.collect();
    output.document(&json::Revisions { revisions })?;
    Ok(Exit::Done)
}
