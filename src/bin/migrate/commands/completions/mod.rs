//! The command `migrate completions`, with the scripts that it prints.

pub(super) mod answer;

mod project;

use clap_complete::Shell;

use crate::context::Context;
use crate::{Exit, cli, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    // These scripts ask the program, which knows the revisions; the others complete commands only.
    let asking = match args.shell {
        Shell::Bash => Some(include_str!("migrate.bash")),
        Shell::Zsh => Some(include_str!("migrate.zsh")),
        Shell::Fish => Some(include_str!("migrate.fish")),
        _ => None,
    };
    if let Some(script) = asking {
        // The scripts are written for the usual name.
        context.output.raw(&script.replace("migrate", program::name()))?;
        return Ok(Exit::Done);
    }
    let mut text = Vec::new();
    let mut command = cli::command();
    clap_complete::generate(args.shell, &mut command, program::name(), &mut text);
    context.output.raw(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
