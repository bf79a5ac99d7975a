//! Upgrades at application start: the library in a program of your own, without a command line.
//!
//! `cargo run --example embed -- FOLDER` opens the project in a folder, brings its database to
//! `head`, and prints where it stands. A service does the same before it takes its first request:
//! of several that start at once one upgrades, and the others wait and find nothing to do.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::error::Error as _;
use std::path::Path;
use std::process::ExitCode;

use limbeck::ops::Report;
use limbeck::revision::RevisionId;
use limbeck::runner::Event;
use limbeck::{Error, Migrator};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: embed FOLDER");
        return ExitCode::from(2);
    };
    match upgrade(Path::new(&folder)) {
        Ok(report) => {
            let heads: Vec<&str> = report.heads.iter().map(RevisionId::as_str).collect();
            println!("{} applied, now at {}", report.steps.len(), heads.join(", "));
            ExitCode::SUCCESS
        }
        Err(error) => {
            // What was committed before stands; the next start goes on from there.
            eprintln!("the database could not be upgraded: {error}");
            if let Some(place) = error.place() {
                eprintln!("at {}:{}", place.file.display(), place.line);
            }
            if let Some(cause) = error.source() {
                eprintln!("because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

/// Brings the database of a project to the newest revision.
fn upgrade(folder: &Path) -> Result<Report, Error> {
    // What isn't in its migrate.toml, such as the URL's ${DATABASE_URL}, comes from the environment.
    let migrator = Migrator::open(folder)?.on_event(|event| {
        if let Event::Finished(unit, duration) = event {
            println!("{} {} ({duration:.0?})", unit.revision, unit.message);
        }
    });
    migrator.upgrade("head")
}
