//! The `migrate` command.
//!
//! It parses, calls the library, and prints; `output` is the only module that writes.

mod cli;
mod commands;
mod context;
mod help;
mod output;
mod program;
mod signals;
mod usage;

use std::process::ExitCode;

use crate::cli::Cli;
use crate::context::Context;
use crate::output::Output;

/// The outcome of a command without failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The command succeeded.
    Done,
    /// The state is not as required.
    Unmet,
}

fn main() -> ExitCode {
    if Cli::asks_version() {
        return output::version();
    }
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => return output::usage(&error),
    };
    let mut output = Output::new(&cli.globals);
    let result = Context::new(cli.globals, &mut output)
        .and_then(|mut context| commands::run(&cli.command, &mut context));
    match result {
        Ok(Exit::Done) => ExitCode::SUCCESS,
        Ok(Exit::Unmet) => ExitCode::from(3),
        Err(error) => match error.downcast_ref::<clap::Error>() {
            Some(usage) => output::usage(usage),
            None => signals::exit_code(output.failure(&error)),
        },
    }
}
