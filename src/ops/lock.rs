//! The lock against concurrent runs, seen from outside.

use crate::database::Connection;
use crate::error::Error;
use crate::process::{self, Life, Process};
use crate::project::Project;
use crate::runner::{self, Holder};
use crate::url::{DatabaseUrl, SqliteTarget};

/// Returns the process that writes to a project's SQLite database, if the system tells; the
/// database itself may let nobody in.
pub fn writer(project: &Project) -> Result<Option<Holder>, Error> {
    match project.config.url()? {
        DatabaseUrl::Sqlite(SqliteTarget::File(file)) => {
            Ok(process::writer_of(file).map(|name| Holder { name, ended_by: None }))
        }
        DatabaseUrl::Sqlite(SqliteTarget::Memory) | DatabaseUrl::Server(_) => Ok(None),
    }
}

/// Returns the holder of the database's lock, if there is one, without taking the lock. On SQLite
/// that is a writer, or a process that runs a revision without a transaction.
pub fn lock_holder(
    project: &Project,
    connection: &mut dyn Connection,
) -> Result<Option<Holder>, Error> {
    let ledger = project.ledger(connection.dialect())?;
    if !connection.engine().excludes_writers() {
        return Ok(runner::lock_holder(connection, project.config.lock, &ledger)?);
    }
    if let Some(holder) = writer(project)? {
        return Ok(Some(holder));
    }
    let running = runner::read_running(connection, &ledger)?;
    let at_work = running.iter().find(|it| it.life() == Life::Goes);
    let process = at_work.and_then(|it| Process::parse(&it.process));
    Ok(process.map(|process| Holder { name: process.name(), ended_by: None }))
}

/// Returns the name of the lock's holder, for people.
pub fn at_work(
    project: &Project,
    connection: &mut dyn Connection,
) -> Result<Option<String>, Error> {
    Ok(lock_holder(project, connection)?.map(|holder| holder.name))
}

/// Revokes a lease from any holder; tells whether the configured lock is one.
///
/// A session's lock ends with its session, which [`Holder::ended_by`] ends.
pub fn release_lock(project: &Project, connection: &mut dyn Connection) -> Result<bool, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(runner::break_lease(connection, project.config.lock, &ledger)?)
}
