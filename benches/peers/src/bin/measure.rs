//! Runs a command and tells what it took: `measure COMMAND [ARGUMENT ...]`.
//!
//! It prints wall and processor time in microseconds and peak memory in KiB, on a line of its own
//! behind whatever the command prints to standard error. It is small by itself, because Linux
//! counts the memory of the process that starts another as that one's.

use std::error::Error;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let program = arguments.next().ok_or("measure COMMAND [ARGUMENT ...]")?;
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    let wall = start.elapsed().as_micros();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let processor = used.user_time().num_microseconds() + used.system_time().num_microseconds();
    eprintln!("\nmeasured {wall} {processor} {}", used.max_rss());
    Ok(ExitCode::from(u8::from(!status.success())))
}
