//! The command `migrate heads`.

use limbeck::revision::Follow;

use crate::Exit;
use crate::context::Context;
use crate::output::json;
use crate::output::text::{self, Marks};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show full details of the revisions
    #[arg(short, long)]
    verbose: bool,
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let graph = &project.graph;
    let follow =
        if args.resolve_dependencies { Follow::ParentsAndDependencies } else { Follow::Parents };
    let heads = graph.heads(follow);
    let output = &mut *context.output;
    for node in &heads {
        let text = if args.verbose {
            text::long(graph, *node, &[], output)
        } else {
            text::short(graph, *node, Marks { labels: true, ..Marks::default() })
        };
        output.line(&text)?;
    }
    let heads = heads.iter().map(|node| json::Revision::new(graph, *node, None, output));
    output.document(&json::only("heads", heads.collect::<Vec<_>>()))?;
    Ok(Exit::Done)
}
