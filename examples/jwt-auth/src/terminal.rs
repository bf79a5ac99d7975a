//! The only module that writes to the terminal. Nobody listening is no reason to fail.

use std::error::Error;
use std::fmt::Display;
use std::io::Write as _;

/// Writes a line to standard output.
pub(crate) fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}

/// Writes an error with its causes to standard error.
pub(crate) fn complain(error: &dyn Error) {
    let mut line = format!("jwt-auth: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Many errors hold their cause's words already.
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
        cause = error.source();
    }
    writeln!(std::io::stderr().lock(), "{line}").ok();
}
