//! The command `migrate revision`.

use std::path::PathBuf;

use limbeck::Error;
use limbeck::ops::{self, Create};
use limbeck::plan::Splice;
use limbeck::project::Project;

use crate::Exit;
use crate::context::Context;
use crate::output::json;

/// Write a new revision: a pair of up and down scripts
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Say what the revision does
    #[arg(short, long, default_value = "", hide_default_value = true)]
    message: String,
    /// Fill the scripts from the difference to schema.sql
    #[arg(long)]
    autogenerate: bool,
    /// Accepted as in Alembic; a new revision never runs SQL
    #[arg(long)]
    sql: bool,
    /// Build on this revision
    #[arg(long, default_value = "head", allow_negative_numbers = true)]
    head: String,
    /// Build on a revision that is no head, too
    #[arg(long)]
    splice: bool,
    /// Give the new branch a label
    #[arg(long, value_name = "LABEL")]
    branch_label: Option<String>,
    /// Write into this one of the versions folders
    #[arg(long, value_name = "FOLDER")]
    version_path: Option<PathBuf>,
    /// Use this id instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Have this revision applied before (repeatable)
    #[arg(long, value_name = "REVISION")]
    depends_on: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    if args.autogenerate {
        let database = project.dialect()?.name();
        return Err(Error::NotYet { feature: "--autogenerate", database }.into());
    }
    let create = Create {
        message: &args.message,
        heads: std::slice::from_ref(&args.head),
        splice: if args.splice { Splice::Allow } else { Splice::Refuse },
        branch_labels: args.branch_label.as_slice(),
        version_path: args.version_path.as_deref(),
        revision: args.rev_id.as_deref(),
        depends_on: &args.depends_on,
    };
    write(&project, &create, context)
}

/// Writes a revision, runs the hooks on it, and tells.
pub(super) fn write(
    project: &Project,
    create: &Create<'_>,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let written = ops::create(project, create)?;
    let output = &mut *context.output;
    for path in [&written.up, &written.down] {
        output.line(&format!("Generating {} ...  done", output.path(path)))?;
    }
    ops::run_hooks(project, &written, &mut |hook, file| {
        output.message(&format!("Running post write hook '{hook}' on {}", output.path(file)));
    })?;
    output.document(&json::Written {
        revision: written.revision.to_string(),
        up: output.path(&written.up),
        down: output.path(&written.down),
        changes: [],
    })?;
    Ok(Exit::Done)
}
