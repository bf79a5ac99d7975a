//! `migrate repair`

use limbeck::ops::{self, Verdict};
use limbeck::project::Project;

use crate::Exit;
use crate::context::{self, Context};
use crate::output::json;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Record the scripts of an applied revision as they are now (repeatable)
    #[arg(long, value_name = "REVISION")]
    accept: Vec<String>,
    /// Say that the statement which the revision stopped at took effect
    #[arg(long, value_name = "REVISION", conflicts_with = "again")]
    done: Option<String>,
    /// Say that the statement which the revision stopped at did nothing
    #[arg(long, value_name = "REVISION")]
    again: Option<String>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = context.project()?;
    let verdict = match (&args.done, &args.again) {
        (Some(name), _) => Some((name, Verdict::Done)),
        (None, Some(name)) => Some((name, Verdict::NotDone)),
        (None, None) => None,
    };
    let (mut accepted, mut settled) = (Vec::new(), Vec::new());
    let asked = !args.accept.is_empty() || verdict.is_some();
    if asked && !ops::is_missing(project)? {
        let mut connection = ops::open_to_write(project)?;
        if !args.accept.is_empty() {
            accepted = ops::accept(project, &mut *connection, &args.accept)?;
        }
        if let Some((name, verdict)) = verdict {
            settled.push(ops::settle(project, &mut *connection, name, verdict)?.revision);
        }
    }
    for id in &accepted {
        context.output.line(&format!("Accepted {id} as its scripts are now"))?;
    }
    for id in &settled {
        context.output.line(&format!("Settled {id}; go on with --resume"))?;
    }
    let left = report(project, context, &json::ids(&accepted), &json::ids(&settled))?;
    Ok(if asked || !left { Exit::Done } else { Exit::Unmet })
}

/// Lists what is left to repair, and tells whether there is anything.
fn report(
    project: &Project,
    context: &Context<'_>,
    accepted: &[String],
    settled: &[String],
) -> anyhow::Result<bool> {
    let observed = context::observe(project)?;
    let check = ops::check(&observed);
    let output = &*context.output;
    output.tell_lost(observed.is_record_lost, project);
    for id in &check.modified {
        output.line(&format!("Modified since it was applied: {id} (--accept {id})"))?;
    }
    for running in &observed.running {
        let id = &running.revision;
        let way = if running.is_in_doubt() {
            let (first, last) = (running.done + 1, running.begun);
            let statements = if first == last {
                format!("statement {last}")
            } else {
                format!("statements {first} to {last}")
            };
            format!("{statements} in doubt: --done {id} or --again {id}")
        } else {
            format!("{} --resume goes on", running.operation)
        };
        output.line(&format!("Stopped half way: {id} ({way})"))?;
    }
    let left =
        !check.modified.is_empty() || !observed.running.is_empty() || observed.is_record_lost;
    if !left && accepted.is_empty() && settled.is_empty() {
        output.line("Nothing to repair.")?;
    }
    output.document(&json::Repair {
        accepted: accepted.to_vec(),
        settled: settled.to_vec(),
        modified: json::ids(&check.modified),
        failed: json::ids(&check.failed),
    })?;
    Ok(left)
}
