//! The command `migrate dump`.

use std::path::PathBuf;

use limbeck::ops::{self, Dumped, Present};
use limbeck::project::Project;

use crate::Exit;
use crate::context::Context;
use crate::output::json;
use crate::signals;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Write to this file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Dump the result of the revisions instead of the database
    #[arg(long)]
    versions: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &if args.versions { context.project()? } else { context.database()? };
    ops::refuse_unknown(project, "dump")?;
    if args.versions {
        signals::tidy_up(project)?;
    }
    let Dumped { sql, left_out } =
        if args.versions { ops::dump_schema(project, Present::HEADS)? } else { database(project)? };
    let file = context.output_file(args.output.as_deref());
    let output = &*context.output;
    if let Some(file) = &file {
        ops::write_dump(file, &sql)?;
        output.message(&format!("Wrote the schema to {}.", output.path(file)));
    } else if !output.is_json() {
        output.raw(&sql)?;
    }
    if !left_out.is_empty() {
        output.warning(&format!("left out, since it can't be written: {}", left_out.join(", ")));
    }
    output.document(&json::Dump { file: file.map(|file| output.path(&file)), sql })?;
    Ok(Exit::Done)
}

fn database(project: &Project) -> anyhow::Result<Dumped> {
    let mut connection = ops::open_to_read(project)?;
    Ok(ops::dump_schema(project, Present::Database(&mut *connection))?)
}
