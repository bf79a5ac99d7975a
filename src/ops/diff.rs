//! The desired schema compared with the actual one.

use std::fs;
use std::path::Path;

use crate::autogenerate::{Generated, dump, generate, same, set_apart, text, unwritten};
use crate::catalog::Catalog;
use crate::error::Error;
use crate::ops::Present;
use crate::ops::autogenerate::{desired, desired_from, empty, filter, refuse_unknown, whole, wish};
use crate::project::Project;

/// The present and the desired schema as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    /// The present schema as canonical SQL.
    pub present: String,
    /// The desired schema as canonical SQL.
    pub desired: String,
    /// Whether the schemas are equal, however they are written.
    pub same: bool,
}

/// Returns the changes from the actual schema to the desired one, data loss included.
pub fn diff(project: &Project, actual: &Catalog) -> Result<Generated, Error> {
    refuse_unknown(project, "diff")?;
    let (mut desired, wish) = (desired_from(project, actual, &[])?, wish(project));
    let opaque = set_apart(project.dialect()?, actual, &mut desired, &wish.filter)?;
    let mut res = generate(actual, &desired, &wish, &mut *empty(project)?)?;
    res.leave_out(opaque);
    Ok(res)
}

/// Returns both schemas as canonical SQL; excluded objects are the same in both.
pub fn diff_texts(project: &Project, actual: &Catalog) -> Result<Texts, Error> {
    refuse_unknown(project, "diff")?;
    let wanted = desired(project)?.schema;
    let wanted = filter(project, &[], &[]).apply(actual, &wanted);
    let dialect = project.dialect()?;
    let same = same(dialect, actual, &wanted)?;
    Ok(Texts { present: text(dialect, actual)?, desired: text(dialect, &wanted)?, same })
}

/// A schema as canonical SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dumped {
    /// The statements: loading and dumping them again gives the same text.
    pub sql: String,
    /// The objects, and what is said of columns, that can't be written.
    pub left_out: Vec<String>,
}

/// Returns a schema as canonical SQL.
pub fn dump_schema(project: &Project, from: Present<'_>) -> Result<Dumped, Error> {
    refuse_unknown(project, "dump")?;
    let schema = whole(project, from)?;
    let dialect = project.dialect()?;
    Ok(Dumped { sql: dump(dialect, &schema)?, left_out: unwritten(dialect, &schema)? })
}

/// Writes a schema to a file atomically.
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
