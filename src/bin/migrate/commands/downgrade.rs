//! The command `migrate downgrade`.

use limbeck::ops::{Direction, Edited};

use crate::Exit;
use crate::commands::upgrade::{Mode, run_direction};
use crate::context::Context;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revision to return to, e.g. `-1`, `base`; with --sql a range
    #[arg(allow_negative_numbers = true)]
    revision: String,
    #[command(flatten)]
    mode: Mode,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    run_direction(Direction::Downgrade, &args.revision, Edited::Refuse, &args.mode, context)
}
