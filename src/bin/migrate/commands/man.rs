//! The command `migrate man`.

use crate::context::Context;
use crate::{Exit, help, program, usage};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The command
    command: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let manual = help::manual();
    let command = match &args.command {
        None => manual,
        Some(name) => {
            let found = manual.find_subcommand(name).cloned();
            let command = found.ok_or_else(|| usage::no_such_command(&[], name))?;
            let title = format!("{}-{}", program::name(), command.get_name());
            command.display_name(title)
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    context.output.raw(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
