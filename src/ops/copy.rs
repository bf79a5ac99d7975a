//! Copies of a database as backups.

use std::fs::{self, OpenOptions};
use std::path::Path;

use crate::database::Access;
use crate::error::Error;
use crate::ops::open;
use crate::project::Project;
use crate::url::Family;

/// Copies a project's database to a new file; tells whether there was a database.
pub fn backup(project: &Project, file: &Path) -> Result<bool, Error> {
    refuse_servers(project)?;
    if fs::symlink_metadata(file).is_ok() {
        return Err(Error::BackupExists { path: file.to_path_buf() });
    }
    let Some(mut connection) = open(project, Access::Read)? else { return Ok(false) };
    // SQLite doesn't tell why it can't make a file. An empty one is a database to it.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(|source| Error::Write { path: file.to_path_buf(), source })?;
    connection.copy_to(file).inspect_err(|_| {
        // The first error is the one to tell.
        let _leftover = fs::remove_file(file);
    })?;
    Ok(true)
}

fn refuse_servers(project: &Project) -> Result<(), Error> {
    match project.config.url()?.family() {
        Family::Sqlite => Ok(()),
        Family::Postgres | Family::Mysql => {
            Err(Error::NotYet { feature: "--backup", database: project.dialect()?.name() })
        }
    }
}
