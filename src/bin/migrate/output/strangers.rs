//! Messages about files in the versions folders that belong to no revision.

use limbeck::revision::{Shape, Stranger};
use serde::Serialize;

use crate::output::{Output, visible};
use crate::program;

/// The most files named by a warning; `check` names them all.
const NAMED: usize = 10;

#[derive(Serialize)]
pub(crate) struct Document {
    file: String,
    looks_like: String,
    hint: String,
}

pub(crate) fn documents(strangers: &[(Stranger, Shape)], output: &Output) -> Vec<Document> {
    let document = |found: &(Stranger, Shape)| Document {
        file: output.path(&found.0.path),
        looks_like: looks_like(&found.1),
        hint: way_in(found),
    };
    strangers.iter().map(document).collect()
}

/// Describes a stranger in a sentence: its likely kind, and how to include it.
pub(crate) fn sentence(found: &(Stranger, Shape), output: &Output) -> String {
    format!("{}: {}", what(found, output), way_in(found))
}

pub(crate) fn what((stranger, shape): &(Stranger, Shape), output: &Output) -> String {
    let path = output.path(&stranger.path);
    match shape {
        Shape::Orphan => format!("`{path}` has no up script beside it"),
        Shape::Unnameable => format!("`{path}` is not read, since its name is not UTF-8"),
        Shape::Script => {
            format!("`{path}` is not read, since its name ends in neither .up.sql nor .down.sql")
        }
        _ => format!("`{path}` is not read, and looks like {}", looks_like(shape)),
    }
}

/// Warns of strangers before an upgrade, which ignores them. Every command warns of down scripts
/// without up scripts.
pub(crate) fn warn(strangers: &[(Stranger, Shape)], output: &Output) {
    let strangers: Vec<_> = strangers.iter().filter(|(it, _)| !it.is_orphan()).collect();
    for stranger in strangers.iter().take(NAMED) {
        output.warning(&sentence(stranger, output));
    }
    if let Some(more @ 1..) = strangers.len().checked_sub(NAMED) {
        let name = program::name();
        output.warning(&match more {
            1 => format!("1 more file is not read: `{name} check` names it"),
            _ => format!("{more} more files are not read: `{name} check` names them all"),
        });
    }
}

fn looks_like(shape: &Shape) -> String {
    match shape {
        Shape::Orphan => "a down script without its up script".to_owned(),
        Shape::Misnamed { .. } => "a script of a revision".to_owned(),
        Shape::Unnameable => "a script under a name that is not UTF-8".to_owned(),
        Shape::Folder => "a folder of revisions".to_owned(),
        Shape::Tool(tool) => format!("a migration of {tool}"),
        _ => "an SQL script".to_owned(),
    }
}

/// Describes how to turn a stranger into a revision.
pub(crate) fn way_in((stranger, shape): &(Stranger, Shape)) -> String {
    match shape {
        Shape::Orphan => "restore its up script, or delete it".to_owned(),
        Shape::Misnamed { meant } => format!("rename it to `{}`", visible(meant)),
        Shape::Unnameable => "rename it, e.g. `mv NAME*.up.sql NAME.up.sql`".to_owned(),
        Shape::Folder => {
            "`recursive_version_locations = true` in migrate.toml has its scripts read".to_owned()
        }
        _ => {
            let words = stranger.words();
            let message = if words.is_empty() { "…".to_owned() } else { format!("\"{words}\"") };
            format!(
                "`{} revision -m {message}` writes a pair to move its statements into",
                program::name()
            )
        }
    }
}
