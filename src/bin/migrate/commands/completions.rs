//! The command `migrate completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Exit;
use crate::cli::Cli;
use crate::context::Context;

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "migrate", &mut text);
    context.output.raw(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
