//! The desired schema against what is there.

use std::fs;
use std::path::Path;

use crate::autogenerate::{Generated, Wish, filtered, generate};
use crate::config::Destructive;
use crate::error::Error;
use crate::ops::Present;
use crate::ops::autogenerate::{desired, desired_from, filter, only_sqlite, present};
use crate::project::Project;
use crate::sqlite::{Schema, dump};

/// What leads to the desired schema, and both schemas as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// What is there.
    pub present: String,
    /// What is wanted.
    pub desired: String,
    /// Whether they are the same, however they are written.
    pub same: bool,
}

/// Returns what would bring what is there to the desired schema; nothing is refused for losing data.
pub fn diff(project: &Project, actual: &Schema) -> Result<Generated, Error> {
    only_sqlite(project, "diff")?;
    let wish = Wish {
        filter: filter(project, &[], &[]),
        version: project.config.autogenerate.sqlite_min_version,
        destructive: Destructive::Allow,
        ..Wish::default()
    };
    Ok(generate(actual, &desired_from(project, actual, &[])?, &wish)?)
}

/// Returns both schemas as canonical SQL; what isn't looked at is the same in both.
pub fn diff_texts(project: &Project, actual: &Schema) -> Result<Texts, Error> {
    only_sqlite(project, "diff")?;
    let wanted = desired(project)?.schema;
    let wanted = filtered(&filter(project, &[], &[]), actual, &wanted)?;
    Ok(Texts { present: dump(actual), desired: dump(&wanted), same: *actual == wanted })
}

/// Returns a schema as canonical SQL: loading it and writing it again gives the same.
pub fn dump_schema(project: &Project, from: Present<'_>) -> Result<String, Error> {
    only_sqlite(project, "dump")?;
    Ok(dump(&present(project, from)?))
}

/// Writes a schema to a file, which is whole or as it was before.
pub fn write_dump(file: &Path, sql: &str) -> Result<(), Error> {
    let write = || {
        if !fs::symlink_metadata(file).map_or(true, |it| it.is_file()) {
            // A link or a device is written through.
            return fs::write(file, sql);
        }
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".tmp");
        let new = file.with_file_name(name);
        fs::write(&new, sql).and_then(|()| fs::rename(&new, file)).inspect_err(|_| {
            // The first error is the one to tell.
            let _leftover = fs::remove_file(&new);
        })
    };
    write().map_err(|source| Error::Write { path: file.to_path_buf(), source })
}
