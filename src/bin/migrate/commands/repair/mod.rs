//! The command `migrate repair`.

mod list;

use limbeck::database::Access;
use limbeck::ops::{self, Verdict};

use crate::Exit;
use crate::commands::repair::list::{Problems, items};
use crate::context::{Context, Readable};
use crate::output::{json, strangers};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Record the scripts of an applied revision as they are now (repeatable)
    #[arg(long, value_name = "REVISION")]
    accept: Vec<String>,
    /// Declare that the statement at which the revision stopped took effect
    #[arg(long, value_name = "REVISION", conflicts_with = "again")]
    done: Option<String>,
    /// Declare that the statement at which the revision stopped did nothing
    #[arg(long, value_name = "REVISION")]
    again: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let verdict = match (&args.done, &args.again) {
        (Some(name), _) => Some((name, Verdict::Done)),
        (None, Some(name)) => Some((name, Verdict::NotDone)),
        (None, None) => None,
    };
    if args.accept.is_empty() && verdict.is_none() {
        let readable = context.readable()?;
        let left = report(&readable, context, &[], &[])?;
        return Ok(if left { Exit::Unmet } else { Exit::Done });
    }
    let readable = Readable::from(context.project()?);
    let project = &readable.project;
    // A missing database has none of the requested revisions.
    let mut connection = if ops::is_missing(project)? {
        ops::open_to_read(project)?
    } else {
        ops::open_to_write(project)?
    };
    let (mut accepted, mut settled) = (Vec::new(), Vec::new());
    if !args.accept.is_empty() {
        accepted = json::ids(&ops::accept(project, &mut *connection, &args.accept)?);
    }
    if let Some((name, verdict)) = verdict {
        settled.push(ops::settle(project, &mut *connection, name, verdict)?.revision.to_string());
    }
    drop(connection);
    for id in &accepted {
        context.output.line(&format!("Accepted {id} as its scripts are now"))?;
    }
    for id in &settled {
        context.output.line(&format!("Settled {id}; continue with --resume"))?;
    }
    report(&readable, context, &accepted, &settled)?;
    Ok(Exit::Done)
}

/// Lists everything left to repair, and tells whether there is anything.
fn report(
    readable: &Readable,
    context: &Context<'_>,
    accepted: &[String],
    settled: &[String],
) -> anyhow::Result<bool> {
    let Readable { project, faults, .. } = readable;
    let mut connection = ops::open(project, Access::Read)?;
    let observed = readable.observe(connection.as_deref_mut())?;
    let check = ops::check_files(project, &observed)?;
    let found = Problems { project, observed: &observed, check: &check, faults };
    let output = &*context.output;
    output.tell_lost(observed.is_record_lost, project);
    let repairs = items(&found, connection.as_deref_mut(), output)?;
    for item in &repairs {
        output.line(&item.lines())?;
    }
    let left = !repairs.is_empty() || observed.is_record_lost;
    if !left && accepted.is_empty() && settled.is_empty() {
        output.line("Nothing to repair.")?;
    }
    output.document(&json::Repair {
        accepted: accepted.to_vec(),
        settled: settled.to_vec(),
        modified: json::ids(&check.modified),
        failed: json::ids(&check.failed),
        unknown: json::ids(&check.unknown),
        reparented: json::ids(&check.reparented),
        unwritten: json::ids(&check.unwritten),
        heads: json::ids(&check.heads),
        strangers: strangers::documents(&check.strangers, output),
        problems: json::problems(faults, output),
        repairs,
    })?;
    Ok(left)
}
