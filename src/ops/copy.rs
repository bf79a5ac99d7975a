//! Copies of a database: for rehearsals, and as backups.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};

use crate::database::{Access, Connection, Options, connect};
use crate::error::Error;
use crate::ops::{Consent, Report, Request, migrate, open};
use crate::project::Project;
use crate::revision::RevisionId;
use crate::runner::Event;
use crate::url::{DatabaseUrl, Family, SqliteTarget};

/// Copies a project's database to a new file; tells whether there was a database.
pub fn backup(project: &Project, file: &Path) -> Result<bool, Error> {
    refuse_servers(project, "--backup")?;
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

/// Runs an upgrade or a downgrade on a copy; the database itself is only read.
pub fn rehearse(
    project: &Project,
    request: &Request<'_>,
    observe: &mut dyn FnMut(Event<'_>),
) -> Result<Report, Error> {
    refuse_servers(project, "--rehearse")?;
    let folder = Folder::new()?;
    let file = folder.0.join("copy.db");
    if let Some(mut connection) = open(project, Access::Read)? {
        connection.copy_to(&file)?;
    }
    let mut copy = open_copy(project, &DatabaseUrl::Sqlite(SqliteTarget::File(file)))?;
    // Nothing of the database itself is taken away.
    let request = Request { consent: Consent::Given, ..*request };
    migrate(project, &mut *copy, &request, observe).map_err(|error| {
        let has_run = matches!(error.failure(), Error::Run(_));
        if has_run { Error::Rehearsed { error: Box::new(error) } } else { error }
    })
}

fn open_copy(project: &Project, url: &DatabaseUrl) -> Result<Box<dyn Connection>, Error> {
    let connection = connect(url, &Options::new(Access::Write, project.config.lock_timeout))?;
    connection.ok_or_else(|| {
        let reason = "the copy could not be created".to_owned();
        crate::database::DatabaseError::Open { url: url.to_string(), reason }.into()
    })
}

fn refuse_servers(project: &Project, feature: &'static str) -> Result<(), Error> {
    match project.config.url()?.family() {
        Family::Sqlite => Ok(()),
        Family::Postgres | Family::Mysql => {
            Err(Error::NotYet { feature, database: project.dialect()?.name() })
        }
    }
}

/// A temporary folder, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Error> {
        let id =
            RevisionId::random().map_err(|error| Error::Random { reason: error.to_string() })?;
        let path = std::env::temp_dir().join(format!("migrate-{id}"));
        // Made just now, so nobody can have put anything into it.
        fs::create_dir(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The system removes the remains eventually.
        let _result = fs::remove_dir_all(&self.0);
    }
}
