//! The objects that schemas are compared by: all that a database holds, beside members of
//! extensions and what the server made for something else.
//!
//! Queries give addresses as `pg_depend` has them; who needs whom is joined here, in the program.
//! Everything is read in one snapshot, in a session with fixed settings that is put back.

mod comments;
mod depend;
mod fields;
mod gather;
mod indexes;
mod ledger;
mod opaque;
mod programs;
mod relations;
mod rights;
mod routines;
mod session;
mod tables;
mod types;

use crate::catalog::Catalog;
use crate::database::{Connection, DatabaseError, Engine, SqlFault};
use crate::inspect::InspectError;
use crate::inspect::postgres::compared::gather::Gatherer;
use crate::ledger::Ledger;

/// The condition of what is the users' own: in no schema of the server, and of no extension.
macro_rules! own {
    ($class:literal, $oid:literal) => {
        concat!(
            " n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '",
            $class,
            "'::regclass AND e.objid = ",
            $oid,
            " AND e.deptype = 'e') "
        )
    };
}
use own;

/// Reads everything that is compared. If somebody changes the schema meanwhile, it is read again.
pub(super) fn read(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
    with_rights: bool,
) -> Result<Catalog, InspectError> {
    let engine = connection.engine();
    if engine != Engine::Postgres {
        return Err(InspectError::NotYet { database: engine.name() });
    }
    match attempt(connection, ledger, with_rights) {
        Err(InspectError::Database(DatabaseError::Sql(fault))) if is_passing(&fault) => {
            attempt(connection, ledger, with_rights)
        }
        read => read,
    }
}

/// Tells whether a statement failed because an object was dropped while it ran: definitions are
/// written by the newest catalog, not by the snapshot.
fn is_passing(fault: &SqlFault) -> bool {
    fault.message.contains("cache lookup failed")
        || fault.message.contains("could not open relation with OID")
}

fn attempt(
    connection: &mut dyn Connection,
    ledger: Option<&Ledger>,
    with_rights: bool,
) -> Result<Catalog, InspectError> {
    let session = session::open(connection)?;
    let read = gather(connection, &session, with_rights);
    let closed = session.close(connection);
    let mut catalog = read?;
    closed?;
    if let Some(ledger) = ledger {
        ledger::leave_out(&mut catalog, ledger);
    }
    Ok(catalog)
}

fn gather(
    connection: &mut dyn Connection,
    session: &session::Session,
    with_rights: bool,
) -> Result<Catalog, InspectError> {
    let mut gatherer = Gatherer::new(connection, session);
    types::read(&mut gatherer)?;
    tables::read(&mut gatherer)?;
    relations::read(&mut gatherer)?;
    indexes::read(&mut gatherer)?;
    routines::read(&mut gatherer)?;
    programs::read(&mut gatherer)?;
    opaque::read(&mut gatherer)?;
    comments::read(&mut gatherer)?;
    if with_rights {
        rights::read(&mut gatherer)?;
    }
    depend::read(&mut gatherer)?;
    Ok(gatherer.finish())
}
