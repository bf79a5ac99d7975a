//! `migrate revision --autogenerate`.

use limbeck::autogenerate::Scripts;
use limbeck::ops::{self, Baseline, Create, Proposal, ProposalRequest, Written};
use limbeck::project::Project;

use crate::context::Context;
use crate::output::json;
use crate::{Exit, program, signals};

/// The options of `--autogenerate`.
#[derive(Debug, clap::Args)]
pub(super) struct AutogenerateArgs {
    /// Show the changes and the scripts, and write nothing
    #[arg(long, alias = "head-only", requires = "autogenerate")]
    dry_run: bool,
    /// Start from the database instead of the result of the revisions
    #[arg(long, requires = "autogenerate")]
    from_database: bool,
    /// Treat a column, `table.old=new`, a table or an index as renamed (repeatable)
    #[arg(long, value_name = "OLD=NEW", value_parser = rename, requires = "autogenerate")]
    rename: Vec<(String, String)>,
    /// Name the tables without rows when the scripts were tried
    #[arg(short, long, requires = "autogenerate")]
    verbose: bool,
    /// Compare only tables and views with such names, e.g. `app_*` (repeatable)
    #[arg(long, value_name = "PATTERN", requires = "autogenerate")]
    include: Vec<String>,
    /// Leave out tables and views with such names (repeatable)
    #[arg(long, value_name = "PATTERN", requires = "autogenerate")]
    exclude: Vec<String>,
}

pub(super) fn run(
    project: &Project,
    create: Create<'_>,
    wish: &AutogenerateArgs,
    context: &mut Context<'_>,
) -> anyhow::Result<Exit> {
    signals::tidy_up(project)?;
    let proposal = ops::propose(
        project,
        &ProposalRequest {
            create,
            renames: &wish.rename,
            include: &wish.include,
            exclude: &wish.exclude,
            from_database: wish.from_database,
        },
    )?;
    let generated = &proposal.generated;
    context.output.detected(generated);
    if wish.verbose {
        context.output.unplanted(&generated.unplanted);
    }
    if wish.dry_run || generated.changes.is_empty() {
        show(&proposal, wish.dry_run, context)?;
        return Ok(Exit::Done);
    }
    let written = proposal.write()?;
    let exit = super::finish(project, &written, &generated.changes, context)?;
    if let Some((baseline, written)) = proposal.baseline.zip(written.first()) {
        adopt(project, baseline, written, context);
    }
    Ok(exit)
}

/// Explains how to adopt a database that existed before its first revision.
fn adopt(project: &Project, baseline: Baseline, written: &Written, context: &Context<'_>) {
    let (output, schema) = (&*context.output, &project.config.schema);
    match baseline {
        Baseline::Same => {
            let (id, name) = (&written.revision, program::name());
            output.message(&format!(
                "The database has all of it already: `{name} stamp {id}` records that."
            ));
        }
        Baseline::Differs => output.message(
            "The database has tables already, and not these: with --from-database the first \
             revision makes what it has.",
        ),
    }
    if !schema.exists() {
        let (path, name) = (output.path(schema), program::name());
        output.message(&format!(
            "There is no {path} yet: `{name} dump -o {path}` writes the one to go on from."
        ));
    }
}

/// Shows the scripts that would be written.
fn show(proposal: &Proposal, dry_run: bool, context: &Context<'_>) -> anyhow::Result<()> {
    let (output, generated) = (&*context.output, &proposal.generated);
    let has_changes = !generated.changes.is_empty();
    if has_changes {
        let all: Vec<String> = generated.revisions().iter().map(shown).collect();
        output.line(&all.join("\n\n"))?;
        output.message("Nothing was written: this is a dry run.");
    }
    let scripts = if dry_run { generated.revisions() } else { Vec::new() };
    let first = scripts.first();
    output.document(&json::Written {
        changes: json::changes(&generated.changes),
        up_sql: first.map(|it| it.up.to_owned()),
        down_sql: first.map(|it| it.down.to_owned()),
        next: scripts.iter().skip(1).map(json::Next::proposed).collect(),
        ..json::Written::default()
    })
}

/// Writes the scripts of one revision for the terminal.
fn shown(scripts: &Scripts<'_>) -> String {
    let head = scripts.apart.map(|what| format!("-- outside a transaction: {what}\n\n"));
    let (head, down) = (head.unwrap_or_default(), scripts.down.trim_end());
    format!("{head}-- up\n\n{}\n-- down\n\n{down}", scripts.up)
}

/// Parses `OLD=NEW`.
fn rename(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((old, new)) if !(old.is_empty() || new.is_empty()) => {
            Ok((old.to_owned(), new.to_owned()))
        }
        _ => Err("write it as `table.old=new` or `old_table=new_table`".to_owned()),
    }
}
