//! The command `migrate edit`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use limbeck::project::Project;

use crate::Exit;
use crate::commands::show;
use crate::context::{Context, Readable};
use crate::output::json;

/// The editors that are tried if neither $VISUAL nor $EDITOR is set, in Alembic's order.
const EDITORS: [&str; 6] = ["sensible-editor", "editor", "nano", "vim", "vi", "code"];

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The revision, e.g. `head`, an id, or `current`
    #[arg(allow_negative_numbers = true)]
    revision: String,
}

pub(crate) fn run(args: &Args, context: &mut Context<'_>) -> anyhow::Result<Exit> {
    let Readable { project, faults, .. } = context.readable()?;
    let files = match faults.into_iter().next() {
        None => of_graph(&project, args)?,
        // Invalid scripts most need an editor. With missing scripts a symbol could mean the wrong
        // revision, so files are found by name.
        Some(fault) => {
            let files = project.up_scripts(&args.revision);
            if files.is_empty() {
                return Err(fault.into());
            }
            if let [one, other, ..] = files.as_slice() {
                let output = &*context.output;
                let (one, other) = (output.path(one), output.path(other));
                bail!("`{}` fits more than one file, `{one}` and `{other}`", args.revision);
            }
            files
        }
    };
    for file in &files {
        open(file, context)?;
    }
    let output = &mut *context.output;
    output.document(&json::only("files", output.paths(&files)))?;
    Ok(Exit::Done)
}

/// Finds the up scripts of a symbol.
fn of_graph(project: &Project, args: &Args) -> anyhow::Result<Vec<PathBuf>> {
    let (observed, nodes) = show::locate(project, &args.revision)?;
    if nodes.is_empty() && args.revision == "current" {
        bail!("no current revisions");
    }
    if nodes.is_empty() {
        bail!("no revision files indicated by symbol `{}`", args.revision);
    }
    let up = |node| {
        let revision = observed.graph.revision(node);
        revision.up().with_context(|| format!("no file has `{}`", revision.id()))
    };
    nodes.into_iter().map(|node| Ok(up(node)?.to_path_buf())).collect()
}

fn open(file: &Path, context: &Context<'_>) -> anyhow::Result<()> {
    let configured = context.variable("VISUAL").or_else(|| context.variable("EDITOR"));
    let editors = configured.map_or(EDITORS.to_vec(), |editor| vec![editor]);
    for editor in &editors {
        let mut words = editor.split_whitespace();
        let Some(program) = words.next() else { continue };
        match Command::new(program).args(words).arg(file).status() {
            Ok(status) if status.success() => return Ok(()),
            Ok(status) => bail!("error executing editor `{editor}`: {status}"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && configured.is_none() => {}
            Err(error) => return Err(error).context(format!("error executing editor `{editor}`")),
        }
    }
    bail!("no editor found: set $VISUAL or $EDITOR")
}
