//! The command `migrate diff`.

use limbeck::autogenerate::Scripts;
use limbeck::catalog::Catalog;
use limbeck::database::Access;
use limbeck::ops::{self, Observed, Present};
use limbeck::project::Project;
use limbeck::revision::RevisionId;

use crate::Exit;
use crate::context::Context;
use crate::output::json;
use crate::signals;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Exit with 3 if they differ
    #[arg(long)]
    exit_code: bool,
    /// Print the difference between the two schemas as text
    #[arg(long)]
    text: bool,
    /// Compare the result of the revisions instead of the database
    #[arg(long)]
    versions: bool,
}

/// The schema to compare with the desired one.
struct Side {
    name: &'static str,
    schema: Catalog,
    pending: Vec<RevisionId>,
    modified: Vec<RevisionId>,
    database_exists: Option<bool>,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let project = &context.project()?;
    ops::refuse_unknown(project, "diff")?;
    signals::tidy_up(project)?;
    let side = if args.versions { versions(project)? } else { database(project, context)? };
    let output = &*context.output;
    let clean = if args.text && !output.is_json() {
        let texts = ops::diff_texts(project, &side.schema)?;
        if !texts.same {
            let wanted = output.path(&project.config.schema);
            output.unified((side.name, &texts.present), (&wanted, &texts.desired))?;
        }
        texts.same
    } else {
        let generated = ops::diff(project, &side.schema)?;
        let clean = generated.changes.is_empty();
        if output.is_json() {
            output.document(&json::Diff {
                clean,
                pending: json::ids(&side.pending),
                modified: json::ids(&side.modified),
                changes: json::changes(&generated.changes),
                database_exists: side.database_exists,
            })?;
        } else {
            let script = |it: &Scripts<'_>| {
                let head = it.apart.map(|what| format!("-- Outside a transaction: {what}\n\n"));
                head.unwrap_or_default() + it.up
            };
            let all: Vec<String> = generated.revisions().iter().map(script).collect();
            output.raw(&all.join("\n"))?;
        }
        output.advised(&generated);
        clean
    };
    if clean {
        output.message("No changes.");
    }
    Ok(if clean || !args.exit_code { Exit::Done } else { Exit::Unmet })
}

fn versions(project: &Project) -> anyhow::Result<Side> {
    let schema = ops::present(project, Present::HEADS)?;
    Ok(Side {
        name: "versions",
        schema,
        pending: Vec::new(),
        modified: Vec::new(),
        database_exists: None,
    })
}

/// Reads the database; a missing one counts as empty.
fn database(project: &Project, context: &Context<'_>) -> anyhow::Result<Side> {
    let mut connection = ops::open(project, Access::Read)?;
    let observed = Observed::read(project, connection.as_deref_mut())?;
    let check = ops::check(&observed);
    let (schema, database_exists) = match connection {
        Some(mut connection) => (ops::present(project, Present::Database(&mut *connection))?, None),
        None => (Catalog::default(), context.tell_missing(project)?),
    };
    let (pending, modified) = (check.pending, check.modified);
    Ok(Side { name: "database", schema, pending, modified, database_exists })
}
