//! The command `migrate merge`.

use limbeck::ops::{self, Create};
use limbeck::plan::Splice;

use crate::Exit;
use crate::commands::revision;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revisions to join, or `heads`
    #[arg(required = true, allow_negative_numbers = true)]
    revisions: Vec<String>,
    /// Describe the revision
    #[arg(short, long, default_value = "", hide_default_value = true)]
    message: String,
    /// Give the new branch a label
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// Use this id instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Also join revisions that are not heads
    #[arg(long)]
    splice: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let create = Create {
        message: &args.message,
        heads: &args.revisions,
        splice: if args.splice { Splice::Allow } else { Splice::Refuse },
        branch_labels: args.branch_label.as_slice(),
        version_path: None,
        revision: args.rev_id.as_deref(),
        depends_on: &[],
    };
    revision::finish(project, &[ops::merge(project, &create)?], &[], context)
}
