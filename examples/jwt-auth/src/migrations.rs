//! Brings the database to the newest revision. The scripts are in the program.

use limbeck::revision::RevisionId;
use limbeck::runner::Event;
use limbeck::url::{DatabaseUrl, Family};
use limbeck::{Error, Migrator, Versions};

use crate::terminal;

/// The revisions of the sample project.
static SQLITE: Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/../../versions");
/// The same ones, in `PostgreSQL`'s words.
static POSTGRES: Versions =
    limbeck::versions!("$CARGO_MANIFEST_DIR/../../src/ops/templates/postgres/versions");

/// Why the database is not at the newest revision. What was applied before stands.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationError {
    #[error("the database was upgraded by a newer jwt-auth: start that, or downgrade first")]
    Newer(#[source] Error),
    #[error("the database could not be upgraded{}", place(.0))]
    Failed(#[source] Error),
}

/// Says which line of a script failed.
fn place(error: &Error) -> String {
    error.place().map(|it| format!(", {}:{}", it.file.display(), it.line)).unwrap_or_default()
}

impl From<Error> for MigrationError {
    fn from(error: Error) -> Self {
        if matches!(error, Error::Unknown { .. }) {
            Self::Newer(error)
        } else {
            Self::Failed(error)
        }
    }
}

/// Applies what is missing. Of several services that start at once one does it, and the others
/// wait.
pub(crate) fn upgrade(text: &str, url: &DatabaseUrl) -> Result<(), MigrationError> {
    let versions = if url.family() == Family::Sqlite { &SQLITE } else { &POSTGRES };
    let report = Migrator::embedded(versions)?
        .url(text)?
        .applied_by("jwt-auth")
        .on_event(|event| {
            if let Event::Finished(unit, _) = event {
                terminal::say(format_args!("upgraded to {}, {}", unit.revision, unit.message));
            }
        })
        .upgrade("head")?;
    let heads: Vec<&str> = report.heads.iter().map(RevisionId::as_str).collect();
    terminal::say(format_args!("the database {url} is at {}", heads.join(", ")));
    Ok(())
}
