//! The command `migrate man`.

use anyhow::Context as _;
use clap::CommandFactory;

use crate::Exit;
use crate::cli::Cli;
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The command
    command: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut program = Cli::command();
    program.build();
    let command = match &args.command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            let command = found.with_context(|| format!("no such command: `{name}`"))?;
            let title = format!("migrate-{}", command.get_name());
            command.display_name(title)
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    context.output.raw(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
