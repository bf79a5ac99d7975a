//! The command `migrate current`.

use limbeck::database::{Access, Connection};
use limbeck::ops::{self, Current, Observed};
use limbeck::project::Project;

use crate::Exit;
use crate::context::Context;
use crate::output::text::{self, MISSING, Marks};
use crate::output::{json, visible};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Show full details of the revisions and the database
    #[arg(short, long)]
    verbose: bool,
    /// Exit with 3 unless everything is applied
    #[arg(long)]
    check_heads: bool,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    // Without all scripts it is unknown whether everything is applied.
    let readable = if args.check_heads { context.project()?.into() } else { context.readable()? };
    let (project, faults) = (&readable.project, &readable.faults);
    let mut connection = ops::open(project, Access::Read).map_err(anyhow::Error::from)?;
    let observed = readable.observe(connection.as_deref_mut())?;
    let current = ops::current(&observed);
    let database = if args.verbose {
        Some(database(project, &observed, connection.as_deref_mut())?)
    } else {
        None
    };
    let database_exists =
        if connection.is_some() { None } else { context.tell_missing(project)? };
    let output = &mut *context.output;
    output.tell_lost(observed.is_record_lost, project);
    if let Some(database) = &database {
        output.line(&format!("Current revision(s) for {}:", database.url))?;
    }
    for node in &current.shown {
        let text = if args.verbose {
            text::long(&observed.graph, *node, &[], output)
        } else {
            text::short(&observed.graph, *node, Marks { tree: true, ..Marks::default() })
        };
        // Its file may be one of those that can't be used.
        output.line(&if faults.is_empty() { text } else { text.replace(MISSING, "") })?;
    }
    if let Some(database) = &database {
        output.line(&about(database, &current))?;
    }
    output.document(&json::Current {
        heads: json::ids(&current.heads),
        pending: current.pending,
        unknown: json::ids(&current.unknown),
        problems: json::problems(faults, output),
        database,
        database_exists,
    })?;
    let met = !args.check_heads || current.is_at_heads();
    if !met {
        let (pending, unknown) = (current.pending, current.unknown.len());
        output.message(&format!("Not at the heads: {pending} pending, {unknown} unknown."));
    }
    Ok(if met { Exit::Done } else { Exit::Unmet })
}

/// Collects the facts about the database.
fn database(
    project: &Project,
    observed: &Observed<'_>,
    connection: Option<&mut (dyn Connection + 'static)>,
) -> anyhow::Result<json::Database> {
    let (mut server, mut holder) = (None, None);
    if let Some(connection) = connection {
        server = Some(connection.describe());
        holder = ops::at_work(project, connection)?;
    }
    Ok(json::Database {
        url: project.config.url().map_err(limbeck::Error::from)?.to_string(),
        server,
        version_table: project.config.version_table.to_string(),
        modified: observed.modified.len(),
        holder,
    })
}

/// Writes the facts about the database below the revisions.
fn about(database: &json::Database, current: &Current) -> String {
    let heads = json::ids(&current.heads).join(", ");
    let missing = current.unknown.len();
    let lines = [
        ("Database", database.server.clone().unwrap_or_else(|| "not there yet".to_owned())),
        ("Version table", visible(&database.version_table)),
        ("Heads", if heads.is_empty() { "none".to_owned() } else { heads }),
        ("Pending", current.pending.to_string()),
        ("Modified", format!("{}, missing: {missing}", database.modified)),
        (
            "Lock",
            match &database.holder {
                Some(holder) => format!("held by {}", visible(holder)),
                None => "nobody holds it".to_owned(),
            },
        ),
    ];
    let lines = lines.iter().map(|(name, value)| format!("{name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}
