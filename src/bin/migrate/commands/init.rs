//! The command `migrate init`.

use std::path::PathBuf;

use limbeck::ops::{self, Init};

use crate::context::Context;
use crate::output::json;
use crate::{Exit, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Put the versions folder in this folder
    directory: Option<PathBuf>,
    /// Start with this template; `list-templates` lists them
    #[arg(short, long, default_value = "generic")]
    template: String,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let url = context.url();
    let created = ops::init(&Init {
        config: &context.new_config(),
        directory: args.directory.as_deref(),
        template: &args.template,
        url: url.as_deref(),
    })?;
    let output = &mut *context.output;
    for path in &created.paths {
        let verb = if path.is_dir() { "Creating directory" } else { "Generating" };
        output.line(&format!("{verb} {} ...  done", output.path(path)))?;
    }
    let config = created.paths.last().map(|path| output.path(path)).unwrap_or_default();
    let name = program::name();
    output.message(&match &url {
        None => format!("Edit the database's url in {config} before proceeding."),
        // A template that brings revisions along made more than a folder and the configuration.
        Some(_) if created.paths.len() > 2 => {
            format!("Next, `{name} upgrade` runs the revisions of the template.")
        }
        Some(_) => format!("Next, `{name} revision -m \"MESSAGE\"` writes the first revision."),
    });
    if created.leaves_out_password {
        output.warning(&format!(
            "the password was left out of {config}: set DATABASE_PASSWORD, here or in a `.env` \
             beside it"
        ));
    }
    output.document(&json::only("created", output.paths(&created.paths)))?;
    Ok(Exit::Done)
}
