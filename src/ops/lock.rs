//! The lock that makes racers wait, seen from outside.

use crate::database::Connection;
use crate::error::Error;
use crate::project::Project;
use crate::runner::{self, Holder};

/// Tells who holds the lock of a project's database, if anybody does; takes nothing.
pub fn lock_holder(
    project: &Project,
    connection: &mut dyn Connection,
) -> Result<Option<Holder>, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(runner::lock_holder(connection, project.config.lock, &ledger)?)
}

/// Takes a lease from whoever has it; tells whether this kind of lock can be taken so.
///
/// A session's lock ends with its session, which [`Holder::ended_by`] ends.
pub fn release_lock(project: &Project, connection: &mut dyn Connection) -> Result<bool, Error> {
    let ledger = project.ledger(connection.dialect())?;
    Ok(runner::break_lease(connection, project.config.lock, &ledger)?)
}
