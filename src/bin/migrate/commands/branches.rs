//! The command `migrate branches`.

use limbeck::ops;
use limbeck::revision::{Graph, Node};

use crate::Exit;
use crate::context::{self, Context};
use crate::output::json;
use crate::output::text::{self, Marks};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show full details of the revisions
    #[arg(short, long)]
    verbose: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let observed = context::files_only(project)?;
    let graph = &project.graph;
    let mut points = ops::history(&observed, None)?;
    points.retain(|node| graph.is_branch_point(*node));
    let output = &mut *context.output;
    for node in &points {
        let first = if args.verbose {
            text::long(graph, *node, &[], output)
        } else {
            text::short(graph, *node, Marks { labels: true, tree: true, ..Marks::default() })
        };
        output.line(&format!("{first}\n{}\n", children(graph, *node, args.verbose)))?;
    }
    let branches = points.iter().map(|node| json::Branch {
        revision: json::Revision::new(graph, *node, None, output),
        children: json::ids(&graph.ids(graph.children(*node))),
    });
    output.document(&json::only("branches", branches.collect::<Vec<_>>()))?;
    Ok(Exit::Done)
}

fn children(graph: &Graph, node: Node, verbose: bool) -> String {
    let blanks = " ".repeat(graph.id(node).as_str().chars().count());
    let marks = Marks { labels: true, tree: true, message: verbose, ..Marks::default() };
    let line = |child: &Node| format!("{blanks} -> {}", text::short(graph, *child, marks));
    graph.children(node).iter().map(line).collect::<Vec<_>>().join("\n")
}
