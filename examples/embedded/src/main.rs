//! Notes in a database that the program makes and upgrades by itself: its revisions are built in.
//!
//! `cargo run -p embedded-example -- FILE TEXT…` adds a note and lists all of them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example prints")]

use std::error::Error;
use std::process::ExitCode;

use limbeck::runner::Event;
use limbeck::sql::quote_literal;
use limbeck::{Migrator, Versions};

static VERSIONS: Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(file) = arguments.next() else {
        eprintln!("usage: embedded-example FILE [TEXT…]");
        return ExitCode::from(2);
    };
    match run(&file, &arguments.collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(file: &str, notes: &[String]) -> Result<(), Box<dyn Error>> {
    let migrator = Migrator::embedded(&VERSIONS)?.url(&format!("sqlite:{file}"))?;
    let migrator = migrator.on_event(|event| {
        if let Event::Finished(unit, _) = event {
            eprintln!("upgraded: {}", unit.message);
        }
    });
    let mut session = migrator.connect()?;
    session.upgrade("head")?;
    // Any client can work on the database from here on; the connection of the upgrade will do, too.
    let connection = session.connection();
    for note in notes {
        let note = quote_literal(note, connection.dialect());
        connection.execute(&format!("INSERT INTO notes (text) VALUES ({note})"))?;
    }
    for row in connection.query("SELECT id, text FROM notes ORDER BY id")? {
        let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        println!("{}", values.join(" "));
    }
    Ok(())
}
