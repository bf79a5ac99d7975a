//! The command `migrate upgrade`.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{PathBufValueParser, TypedValueParser as _};
use limbeck::autogenerate::Rows;
use limbeck::config::TransactionMode;
use limbeck::database::Access;
use limbeck::ops::{self, Consent, Direction, Edited, Rehearsal, Request, Resume, Warnings};
use limbeck::project::Project;
use limbeck::revision::RevisionId;

use crate::Exit;
use crate::context::Context;
use crate::output::{self, strangers};
use crate::signals::{self, Listener};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revision to reach, e.g. `head`, `+1`, `auth@head`; with --sql also a range
    #[arg(default_value = "head", allow_negative_numbers = true)]
    revision: String,
    /// Only warn if applied scripts were edited
    #[arg(long)]
    allow_edited: bool,
    #[command(flatten)]
    mode: Mode,
}

/// The mode of an upgrade or a downgrade.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Mode {
    /// Print the SQL instead of running it; needs no database
    #[arg(long, conflicts_with = "dry_run")]
    sql: bool,
    /// Show the plan and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Run on a copy, and leave the database as it is (not MySQL)
    #[arg(long, conflicts_with_all = ["sql", "dry_run"])]
    rehearse: bool,
    /// Copy the database to this file before anything runs (SQLite)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sql", "dry_run", "rehearse"])]
    #[arg(value_parser = PathBufValueParser::new().try_map(no_stream))]
    backup: Option<PathBuf>,
    /// Resume a revision that stopped partway
    #[arg(long, conflicts_with = "sql")]
    resume: bool,
    /// Record this text with the revisions
    #[arg(long)]
    tag: Option<String>,
    /// Put each revision, or the whole run, into one transaction
    #[arg(long, value_name = "WHAT")]
    transaction: Option<Transaction>,
    /// Confirm the operation on a protected environment
    #[arg(long)]
    yes: bool,
    /// Name tables that a rehearsal leaves empty, show warnings (MySQL)
    #[arg(short, long)]
    verbose: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Transaction {
    Revision,
    All,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let edited = if args.allow_edited { Edited::Allow } else { Edited::Refuse };
    run_direction(Direction::Upgrade, &args.revision, edited, &args.mode, context)
}

/// Runs, prints or previews an upgrade or a downgrade.
pub(super) fn run_direction(
    direction: Direction,
    target: &str,
    edited: Edited,
    mode: &Mode,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    let project = &context.project_with(mode.transaction.map(|it| match it {
        Transaction::Revision => TransactionMode::Revision,
        Transaction::All => TransactionMode::All,
    }))?;
    let mut agreed = None;
    if direction == Direction::Upgrade {
        strangers::warn(&ops::strangers(project), context.output);
    }
    let changes = !(mode.sql || mode.dry_run || mode.rehearse);
    let asks = changes && direction == Direction::Downgrade;
    let consent = context.consent(project, mode.yes, || {
        let steps = if asks { taken_back(project, target)? } else { Vec::new() };
        let plan = plan(project, &steps)?;
        agreed = Some(steps);
        Ok(plan)
    })?;
    let resume = if mode.resume { Resume::GoOn } else { Resume::Refuse };
    let request = Request::new(direction, target)
        .tag(mode.tag.as_deref())
        .consent(consent)
        .resume(resume)
        .edited(edited);
    let request = agreed.as_deref().filter(|_| asks).map_or(request, |it| request.agreed(it));
    if mode.sql {
        let offline = ops::migrate_offline(project, &request)?;
        for it in &offline.script.undeclared() {
            context.output.warning(&context.output.undeclared(it));
        }
        if !offline.script.unwritten.is_empty() {
            context.output.warning(&output::unwritten(&offline.script.unwritten));
        }
        context.output.script(project, &offline)?;
    } else if mode.dry_run {
        // Looking takes nothing away.
        let request = request.consent(Consent::Given);
        let mut connection = ops::open(project, Access::Read)?;
        let report = ops::preview(project, connection.as_deref_mut(), &request)?;
        context.output.preview(&report)?;
    } else if mode.rehearse {
        rehearse(project, &request, mode.verbose, context)?;
    } else {
        if let Some(file) = &mode.backup {
            backup(project, file, context)?;
        }
        let warnings = if mode.verbose { Warnings::Fetched } else { Warnings::Left };
        execute(project, &request, warnings, context)?;
    }
    Ok(Exit::Done)
}

/// Returns the revisions that a downgrade would take back.
fn taken_back(project: &Project, target: &str) -> anyhow::Result<Vec<RevisionId>> {
    let request = Request::downgrade(target).consent(Consent::Given).resume(Resume::GoOn);
    let mut connection = ops::open(project, Access::Read)?;
    let report = ops::preview(project, connection.as_deref_mut(), &request)?;
    Ok(report.steps.into_iter().map(|step| step.revision).collect())
}

/// Describes the revisions that a downgrade would take back, and the database; none if there are
/// none.
fn plan(project: &Project, steps: &[RevisionId]) -> anyhow::Result<Option<String>> {
    let url = project.config.url().map_err(limbeck::Error::from)?;
    let names =
        |steps: &[RevisionId]| steps.iter().map(RevisionId::as_str).collect::<Vec<_>>().join(", ");
    Ok(match steps {
        [] => None,
        [only] => Some(format!("downgrade takes back {only} on {url}")),
        [first, .., last] if steps.len() > 20 => {
            let count = steps.len();
            Some(format!("downgrade takes back {count} revisions on {url}: {first} to {last}"))
        }
        steps => {
            let count = steps.len();
            Some(format!("downgrade takes back {count} revisions on {url}: {}", names(steps)))
        }
    })
}

/// Refuses `-`, which stands for standard output elsewhere.
fn no_stream(file: PathBuf) -> Result<PathBuf, &'static str> {
    if file == Path::new("-") {
        return Err("a copy is a file, and can't be written to standard output");
    }
    Ok(file)
}

fn backup(project: &Project, file: &Path, context: &Context<'_>) -> anyhow::Result<()> {
    let file = context.absolute(file);
    let shown = context.output.path(&file);
    let copied = ops::backup(project, &file)?;
    context.output.message(&if copied {
        format!("Copied the database to {shown}.")
    } else {
        "There is no database to copy yet.".to_owned()
    });
    Ok(())
}

fn rehearse(
    project: &Project,
    request: &Request<'_>,
    verbose: bool,
    context: &Context<'_>,
) -> anyhow::Result<()> {
    signals::tidy_up(project)?;
    let mut rehearsal = Rehearsal::new(project, request)?;
    if verbose {
        context.output.unplanted(rehearsal.unplanted());
    }
    let run = |rehearsal: &mut Rehearsal<'_>| {
        let mut progress = context.output.progress();
        let result = rehearsal.run(&mut |event| progress.hear(&event));
        progress.finish();
        result
    };
    let mut result = run(&mut rehearsal);
    if let Err(error) = &result
        && rehearsal.take_rows_away(error)?
    {
        context.output.warning(&context.output.unfit(error));
        result = run(&mut rehearsal);
    }
    context.output.report(project, &result?)?;
    context.output.message(match rehearsal.rows() {
        Some(Rows::MadeUp) => {
            "That was a copy of the schema, with rows made up: the database is as it was."
        }
        Some(Rows::None) => {
            "That was a copy of the schema, without rows: the database is as it was."
        }
        Some(Rows::Own) => "That was a copy: the database is as it was.",
        None => return Ok(()),
    });
    Ok(())
}

fn execute(
    project: &Project,
    request: &Request<'_>,
    warnings: Warnings,
    context: &mut Context<'_>,
) -> anyhow::Result<()> {
    // A failed plan must leave no empty database behind.
    let missing = ops::is_missing(project)?;
    if missing && request.direction == Direction::Downgrade {
        let report = ops::preview(project, None, request)?;
        context.tell_missing(project)?;
        return context.output.report(project, &report);
    }
    let ready = if missing { Some(ops::ready(project, request)?) } else { None };
    let mut connection = ops::open_to_write_with(project, warnings)?;
    let mut listener = Listener::new(connection.interrupter());
    let mut progress = context.output.progress();
    let result = ops::migrate_ready(project, &mut *connection, request, ready, &mut |event| {
        listener.wake();
        progress.hear(&event);
    });
    progress.finish();
    if let Some(problem) = listener.problem() {
        context.output.warning(&format!("Ctrl-C would have ended the program at once: {problem}"));
    }
    context.output.report(project, &result?)
}
