//! The command `migrate revision`.

mod autogenerate;

use std::path::PathBuf;

use limbeck::catalog::Change;
use limbeck::ops::{self, Create, Written};
use limbeck::plan::Splice;
use limbeck::project::Project;

use crate::Exit;
use crate::context::Context;
use crate::output::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Describe the revision
    #[arg(short, long, default_value = "", hide_default_value = true)]
    message: String,
    /// Write the changes that lead to schema.sql (not MySQL)
    #[arg(long, conflicts_with = "sql")]
    autogenerate: bool,
    #[command(flatten)]
    wish: autogenerate::AutogenerateArgs,
    /// Accepted as in Alembic; a new revision never runs SQL
    #[arg(long)]
    sql: bool,
    /// Build on this revision
    #[arg(long, default_value = "head", allow_negative_numbers = true)]
    head: String,
    /// Also build on a revision that is not a head
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
    /// Apply this revision first (repeatable)
    #[arg(long, value_name = "REVISION")]
    depends_on: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    let create = Create {
        message: &args.message,
        heads: std::slice::from_ref(&args.head),
        splice: if args.splice { Splice::Allow } else { Splice::Refuse },
        branch_labels: args.branch_label.as_slice(),
        version_path: args.version_path.as_deref(),
        revision: args.rev_id.as_deref(),
        depends_on: &args.depends_on,
    };
    if args.autogenerate {
        return autogenerate::run(project, create, &args.wish, context);
    }
    finish(project, &[ops::create(project, &create)?], &[], context)
}

/// Runs the hooks on new revisions, and reports them.
pub(super) fn finish(
    project: &Project,
    written: &[Written],
    changes: &[Change],
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let output = &mut *context.output;
    for path in written.iter().flat_map(|it| [&it.up, &it.down]) {
        output.line(&format!("Generating {} ...  done", output.path(path)))?;
    }
    for written in written {
        ops::run_hooks(project, written, &mut |hook, file| {
            output.message(&format!("Running post-write hook '{hook}' on {}", output.path(file)));
        })?;
    }
    let first = written.first();
    let next = |it: &Written| json::Next {
        revision: Some(it.revision.to_string()),
        up: Some(output.path(&it.up)),
        down: Some(output.path(&it.down)),
        ..json::Next::default()
    };
    output.document(&json::Written {
        revision: first.map(|it| it.revision.to_string()),
        up: first.map(|it| output.path(&it.up)),
        down: first.map(|it| output.path(&it.down)),
        next: written.iter().skip(1).map(next).collect(),
        changes: json::changes(changes),
        ..json::Written::default()
    })?;
    Ok(Exit::Done)
}
