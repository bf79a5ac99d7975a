//! The command `migrate help`.

use clap::builder::StyledStr;

use crate::Exit;
use crate::context::Context;
use crate::output::json;
use crate::{help, usage};

/// The page of the common options.
const OPTIONS: &str = "options";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The command to explain, or `options` for what every command takes
    #[arg(value_name = "COMMAND")]
    topic: Vec<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let text = if args.topic == [OPTIONS] {
        StyledStr::from(help::options())
    } else {
        let mut command = help::parser();
        for (at, name) in args.topic.iter().enumerate() {
            let found = command.find_subcommand(name).cloned();
            let below = args.topic.get(..at).unwrap_or_default();
            command = found.ok_or_else(|| usage::no_such_command(below, name))?;
        }
        command.render_help()
    };
    if context.output.is_json() {
        context.output.document(&json::only("help", text.to_string()))?;
    } else {
        context.output.raw(&format!("{}\n", text.ansi().to_string().trim_end()))?;
    }
    Ok(Exit::Done)
}
