//! The command `migrate history`.

use clap::ValueEnum;
use limbeck::lanes::{self, Picture};
use limbeck::ops::{self, Observed};
use limbeck::plan::{self, RangeEnd};
use limbeck::revision::Node;

use crate::Exit;
use crate::context::{self, Context};
use crate::output::text::{self, Marks};
use crate::output::{Output, graph, json};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this range: START:END, START: or :END; `current` is the database's
    #[arg(short, long, value_name = "RANGE", allow_hyphen_values = true)]
    rev_range: Option<String>,
    /// Show full details of the revisions
    #[arg(short, long)]
    verbose: bool,
    /// Mark the current revisions
    #[arg(short, long)]
    indicate_current: bool,
    /// Draw the graph of revisions
    #[arg(long)]
    graph: bool,
    /// Print the graph as a picture, or for a program that draws one
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["graph", "verbose", "json"])]
    format: Option<Format>,
}

/// The format of a picture; descriptions of each would double the help.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Mermaid,
    Dot,
    Svg,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let range = args.rev_range.as_deref().map(plan::parse_range).transpose();
    let range = range.map_err(limbeck::Error::from)?;
    let at_current =
        range.iter().flat_map(|(lower, upper)| [lower, upper]).any(|it| *it == RangeEnd::Current);
    let told = args.indicate_current || (args.verbose && context.output.is_json());
    let observed =
        if told || at_current { context::observe(project)? } else { context::files_only(project)? };
    let nodes = ops::history(&observed, range.as_ref())?;
    if told || at_current {
        context.tell_missing(project)?;
    }
    let output = &mut *context.output;
    let asked = told || at_current;
    let picture = Picture {
        graph: &observed.graph,
        nodes: &nodes,
        applied: asked.then_some(&observed.state.applied),
    };
    if let Some(format) = args.format {
        output.raw(&match format {
            Format::Mermaid => lanes::mermaid::render(&picture),
            Format::Dot => lanes::dot::render(&picture),
            Format::Svg => lanes::svg::render(&picture),
        })?;
        return Ok(Exit::Done);
    }
    if args.graph {
        if !nodes.is_empty() {
            let text = |node| beside(args, &observed, &picture, node, output);
            output.line(&graph::render(&picture, output, text))?;
        }
    } else {
        for node in &nodes {
            output.line(&line(args, &observed, *node, output))?;
        }
    }
    let applied = told.then_some(&observed.state.applied);
    let revisions = nodes.iter().map(|node| {
        json::Revision::new(&observed.graph, *node, applied.map(|it| it.contains(*node)), output)
    });
    output.document(&json::only("revisions", revisions.collect::<Vec<_>>()))?;
    Ok(Exit::Done)
}

/// Returns the revisions that are marked as current.
fn current<'a>(args: &Args, observed: &'a Observed<'_>) -> &'a [Node] {
    if args.indicate_current { &observed.state.heads } else { &[] }
}

/// Writes a revision as Alembic does.
fn line(args: &Args, observed: &Observed<'_>, node: Node, output: &Output) -> String {
    let current = current(args, observed);
    if args.verbose {
        return text::long(&observed.graph, node, current, output);
    }
    let is_current = current.contains(&node);
    let marks = Marks { parents: true, labels: true, tree: true, message: true, is_current };
    text::short(&observed.graph, node, marks)
}

/// Writes the text beside a revision in the graph, which shows the parents itself.
fn beside(
    args: &Args,
    observed: &Observed<'_>,
    picture: &Picture<'_>,
    node: Node,
    output: &Output,
) -> String {
    if args.verbose {
        return line(args, observed, node, output) + "\n";
    }
    let is_current = current(args, observed).contains(&node);
    let marks = Marks { tree: true, message: true, is_current, ..Marks::default() };
    let labels: Vec<String> = picture.labels(node).into_iter().map(str::to_owned).collect();
    text::short_with(&observed.graph, node, marks, &labels)
}
