//! Output without a command: help, the version, and errors of the command line.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anstream::AutoStream;
use clap::error::ErrorKind;
use serde::Serialize;

use crate::output::json_asked::Version;
use crate::output::{error, json, visible};
use crate::{help, program, usage};

pub(crate) fn version_line() -> String {
    format!("{} {}\n", program::name(), env!("CARGO_PKG_VERSION"))
}

pub(crate) fn version() -> ExitCode {
    // A closed pipe is not worth an error here.
    let _result = io::stdout().write_all(version_line().as_bytes());
    ExitCode::SUCCESS
}

/// Prints an error of a command line, or the requested help.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned()).collect();
    let json = arguments.iter().any(|it| it == "--json");
    match error.kind() {
        ErrorKind::DisplayVersion if json => document(&Version::of_program()),
        ErrorKind::DisplayVersion => return version(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // Only now is it worth while to make the parser that has the texts.
            let helped = help::parser().try_get_matches_from(std::env::args_os());
            let helped = helped.err().filter(|it| it.kind() == error.kind());
            let helped = helped.as_ref().unwrap_or(error);
            if json && error.exit_code() == 0 {
                document(&json::only("help", helped.to_string()));
            } else {
                // A closed pipe is not worth an error here.
                let _result = helped.print();
            }
        }
        _ => {
            let fault = usage::explain(error, &arguments);
            let _result =
                AutoStream::auto(io::stderr().lock()).write_all(render(&fault).as_bytes());
            if json {
                document(&json::Failure::usage(fault));
            }
        }
    }
    if error.exit_code() == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) }
}

fn render(fault: &usage::Fault) -> String {
    let usage = fault.usage.as_ref().map(|usage| format!("  {usage}\n")).unwrap_or_default();
    let (error, hint) = (error::ERROR, error::HINT);
    format!("{error}: {}\n{usage}{hint}: {}\n", visible(&fault.message), visible(&fault.hint))
}

fn document(document: &impl Serialize) {
    let text = serde_json::to_string(document).unwrap_or_default();
    let _result = writeln!(io::stdout().lock(), "{text}");
}
