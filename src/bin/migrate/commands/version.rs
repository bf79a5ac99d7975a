//! The command `migrate version`.

use crate::Exit;
use crate::context::Context;
use crate::output;
use crate::output::json_asked::Version;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    if context.output.is_json() {
        context.output.document(&Version::of_program())?;
    } else {
        context.output.raw(&output::version_line())?;
    }
    Ok(Exit::Done)
}
