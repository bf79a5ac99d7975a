//! The command `migrate show`.

use limbeck::ops::{self, Observed};
use limbeck::plan::Target;
use limbeck::project::Project;
use limbeck::revision::Node;

use crate::Exit;
use crate::context::{self, Context};
use crate::output::{json, text};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revision, e.g. `head`, an id, or `current`
    #[arg(allow_negative_numbers = true)]
    revision: String,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let (observed, nodes) = locate(project, &args.revision)?;
    let output = &mut *context.output;
    for node in &nodes {
        output.line(&text::long(&observed.graph, *node, &[], output))?;
    }
    let revision = |node: &Node| json::Revision::new(&observed.graph, *node, None, output);
    output.document(&json::only("revisions", nodes.iter().map(revision).collect::<Vec<_>>()))?;
    Ok(Exit::Done)
}

/// Finds revisions by name; the database is queried only if the name needs it.
pub(super) fn locate<'p>(
    project: &'p Project,
    name: &str,
) -> anyhow::Result<(Observed<'p>, Vec<Node>)> {
    let target = Target::parse(name);
    let relative = target.offset.is_some() && target.symbol.is_none();
    let observed = if name == "current" || relative {
        context::observe(project)?
    } else {
        context::files_only(project)?
    };
    let nodes = ops::locate(&observed, name).map_err(limbeck::Error::from)?;
    Ok((observed, nodes))
}
