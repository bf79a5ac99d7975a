//! The lock that makes racers wait, seen from outside.

use std::path::PathBuf;

use crate::database::Connection;
use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::runner::{self, Holder};
use crate::url::{DatabaseUrl, SqliteTarget};

/// Tells who holds the lock of a project's database, if anybody does; takes nothing.
pub fn lock_holder(
    project: &Project,
    connection: &mut dyn Connection,
) -> Result<Option<Holder>, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(runner::lock_holder(connection, project.config.lock, &ledger)?)
}

/// Tells by what name a person knows who is at work on a project's database, if anybody is: the
/// holder of the lock, or for SQLite the process that writes, as far as the system tells.
pub fn at_work(
    project: &Project,
    connection: &mut dyn Connection,
) -> Result<Option<String>, Error> {
    if let DatabaseUrl::Sqlite(SqliteTarget::File(file)) = project.config.url()? {
        let mut shared = file.clone().into_os_string();
        shared.push("-shm");
        let holder = process::holder_of(file);
        return Ok(holder.or_else(|| process::holder_of(&PathBuf::from(shared))));
    }
    Ok(lock_holder(project, connection)?.map(|holder| holder.name))
}

/// Takes a lease from whoever has it; tells whether this kind of lock can be taken so.
///
/// A session's lock ends with its session, which [`Holder::ended_by`] ends.
pub fn release_lock(project: &Project, connection: &mut dyn Connection) -> Result<bool, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(runner::break_lease(connection, project.config.lock, &ledger)?)
}
