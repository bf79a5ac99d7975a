//! The lock that makes racers wait for each other on a server.
//!
//! It is taken by trying again and again and never by waiting inside the database: a session that
//! waits there holds a snapshot, which `CREATE INDEX CONCURRENTLY` waits for in turn. The lock only
//! makes others wait; what makes them safe is the comparison in each revision's transaction.

use std::time::{Duration, Instant};

use crate::clock::pause;
use crate::config::LockMode;
use crate::database::{Connection, DatabaseError, Engine, NativeLock, Row, Waiting, text_at};
use crate::ledger::{LeaseRow, Ledger};
use crate::runner::lease::Lease;
use crate::runner::lock_key::Key;
use crate::url::DatabaseUrl;

/// How often who holds the lock is asked for.
const ASKING: Duration = Duration::from_secs(1);

/// Has a server end what a client began who is gone, and with it his lock (PostgreSQL 14 and later,
/// on systems that can tell; others refuse the setting).
const WATCH: &str = "SET client_connection_check_interval = 2000";

/// Which lock, and how long it is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What the configuration asks for; none for the engine's own way.
    pub mode: Option<LockMode>,
    /// How long others are waited for.
    pub wait: Duration,
    /// The version table, which the lock is named for.
    pub ledger: &'a Ledger,
    /// The database, for the second connection that a lease needs.
    pub url: &'a DatabaseUrl,
}

/// A lock that is held.
#[derive(Debug)]
pub struct Lock {
    kind: Kind,
    url: String,
    /// Whether the server looks if its client still lives while a statement runs.
    is_watched: bool,
}

#[derive(Debug)]
enum Kind {
    /// The database needs none.
    None,
    /// The session's, until it ends.
    Session(Key),
    /// Each transaction takes it for itself.
    Transaction(Key),
    /// A row.
    Lease(Box<Lease>),
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What a person knows it by.
    pub name: String,
    /// What ends it by force, as a statement.
    pub ended_by: Option<String>,
}

impl Lock {
    /// Takes the lock; whoever holds it is waited for.
    pub fn take(
        connection: &mut dyn Connection,
        wanted: Wanted<'_>,
        waiting: &mut dyn FnMut(&Waiting),
    ) -> Result<Self, DatabaseError> {
        let (engine, url) = (connection.engine(), wanted.url.to_string());
        let key = Key::new(engine, wanted.ledger);
        let kind = match way(engine, wanted.mode)? {
            Way::None => Kind::None,
            Way::Transaction => Kind::Transaction(key),
            Way::Session => {
                take_key(connection, &key, wanted.wait, &url, waiting)?;
                Kind::Session(key)
            }
            Way::Lease => {
                Lease::prepare(connection, wanted.ledger)?;
                let mut try_it = |connection: &mut dyn Connection| {
                    Lease::try_take(connection, wanted.ledger, wanted.url)
                };
                let mut who = |connection: &mut dyn Connection| {
                    Ok(Lease::read(connection, wanted.ledger)?.and_then(|row| row.owner))
                };
                let taken =
                    patiently(connection, wanted.wait, &url, waiting, &mut try_it, &mut who);
                Kind::Lease(Box::new(taken?))
            }
        };
        let is_watched = matches!(kind, Kind::Session(_))
            && engine == Engine::Postgres
            && connection.execute(WATCH).is_ok();
        Ok(Self { kind, url, is_watched })
    }

    /// Returns what has the server look again, after the session's settings were reset.
    pub fn watch(&self) -> Option<&'static str> {
        self.is_watched.then_some(WATCH)
    }

    /// Returns the condition in SQL that the lock is still held; none if there is nothing to ask.
    pub fn condition(&self) -> Option<String> {
        match &self.kind {
            Kind::None | Kind::Transaction(_) => None,
            Kind::Session(key) => Some(key.mine_sql()),
            Kind::Lease(lease) => Some(lease.condition().to_owned()),
        }
    }

    /// Returns the condition, for the guard of a transaction, that no other process has the lock.
    ///
    /// To ask PostgreSQL for it once more costs far less than its list of locks: who holds it is
    /// granted it again, and until the transaction ends all others are refused it.
    pub fn guard(&self) -> Option<String> {
        match &self.kind {
            Kind::Session(key) if key.is_of_postgres() => Some(key.entry_sql()),
            Kind::None | Kind::Transaction(_) | Kind::Session(_) | Kind::Lease(_) => {
                self.condition()
            }
        }
    }

    /// Returns the condition that each transaction has to begin with, and that takes the lock.
    pub fn entry(&self) -> Option<String> {
        match &self.kind {
            Kind::Transaction(key) => Some(key.entry_sql()),
            Kind::None | Kind::Session(_) | Kind::Lease(_) => None,
        }
    }

    /// Tells whether it stays from one transaction to the next and needs nothing to be kept.
    pub fn is_of_session(&self) -> bool {
        matches!(self.kind, Kind::Session(_))
    }

    /// Tells whether the lock is known to be lost, without asking.
    pub fn is_lost(&self) -> bool {
        matches!(&self.kind, Kind::Lease(lease) if lease.is_lost())
    }

    /// Proves that the lock is still held.
    pub fn prove(&self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        match self.condition() {
            Some(_) if self.is_lost() => Err(self.lost()),
            Some(condition) if !is_true(&connection.query(&format!("SELECT {condition}"))?) => {
                Err(self.lost())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes the lock again after the session was reset, which gave it back on some servers.
    pub fn retake(
        &self,
        connection: &mut dyn Connection,
        wait: Duration,
        waiting: &mut dyn FnMut(&Waiting),
    ) -> Result<(), DatabaseError> {
        match &self.kind {
            Kind::Session(key) => take_key(connection, key, wait, &self.url, waiting),
            Kind::None | Kind::Transaction(_) | Kind::Lease(_) => Ok(()),
        }
    }

    /// Gives the lock back; an error if it wasn't held any more.
    pub fn release(self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let url = self.url;
        let was_held = match self.kind {
            Kind::None | Kind::Transaction(_) => true,
            Kind::Session(key) => is_true(&connection.query(&key.end_sql())?),
            Kind::Lease(lease) => lease.release(connection)?,
        };
        if was_held { Ok(()) } else { Err(DatabaseError::LockLost { url }) }
    }

    /// Returns the error that the lock was lost.
    pub fn lost(&self) -> DatabaseError {
        DatabaseError::LockLost { url: self.url.clone() }
    }
}

/// Tells who holds the lock, if anybody does.
pub fn lock_holder(
    connection: &mut dyn Connection,
    mode: Option<LockMode>,
    ledger: &Ledger,
) -> Result<Option<Holder>, DatabaseError> {
    let engine = connection.engine();
    match way(engine, mode)? {
        Way::None => Ok(None),
        Way::Session | Way::Transaction => Key::new(engine, ledger).holder(connection),
        Way::Lease => {
            let row = Lease::read(connection, ledger)?.filter(LeaseRow::is_held);
            Ok(row.map(|row| Holder {
                name: format!(
                    "{} since {} (for {} s more unless it is kept)",
                    row.owner.unwrap_or_default(),
                    row.acquired_at,
                    row.seconds_left,
                ),
                ended_by: None,
            }))
        }
    }
}

/// Takes a lease from whoever has it; tells whether there was one.
pub fn break_lease(
    connection: &mut dyn Connection,
    mode: Option<LockMode>,
    ledger: &Ledger,
) -> Result<bool, DatabaseError> {
    if way(connection.engine(), mode)? != Way::Lease || Lease::read(connection, ledger)?.is_none() {
        return Ok(false);
    }
    connection.execute(&ledger.break_lease())?;
    Ok(true)
}

/// How a lock is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    None,
    Session,
    Transaction,
    Lease,
}

/// Finds the way for an engine, and refuses one that would lock nothing there.
fn way(engine: Engine, mode: Option<LockMode>) -> Result<Way, DatabaseError> {
    let refuse = |lock| Err(DatabaseError::NoSuchLock { lock, engine: engine.name() });
    match (engine.native_lock(), mode) {
        (NativeLock::Transaction, _) => Ok(Way::None),
        (_, Some(LockMode::Lease)) | (NativeLock::None, None) => Ok(Way::Lease),
        (NativeLock::Session, None | Some(LockMode::Session)) => Ok(Way::Session),
        (NativeLock::Session, Some(LockMode::Transaction)) if engine == Engine::Postgres => {
            Ok(Way::Transaction)
        }
        (_, Some(LockMode::Transaction)) => refuse("transaction"),
        (NativeLock::None, Some(LockMode::Session)) => refuse("session"),
    }
}

/// Takes the lock of a session; whoever holds it is waited for.
fn take_key(
    connection: &mut dyn Connection,
    key: &Key,
    wait: Duration,
    url: &str,
    waiting: &mut dyn FnMut(&Waiting),
) -> Result<(), DatabaseError> {
    let mut try_it = |connection: &mut dyn Connection| {
        Ok(is_true(&connection.query(&key.try_sql())?).then_some(()))
    };
    let mut who = |connection: &mut dyn Connection| Ok(key.holder(connection)?.map(|it| it.name));
    patiently(connection, wait, url, waiting, &mut try_it, &mut who)
}

/// What asks the database for something that may not be there yet.
type Asking<'a, T> = dyn FnMut(&mut dyn Connection) -> Result<Option<T>, DatabaseError> + 'a;

/// Tries until it succeeds, or patience ends, or somebody asks to stop.
fn patiently<T>(
    connection: &mut dyn Connection,
    wait: Duration,
    url: &str,
    waiting: &mut dyn FnMut(&Waiting),
    try_it: &mut Asking<'_, T>,
    who: &mut Asking<'_, String>,
) -> Result<T, DatabaseError> {
    let since = Instant::now();
    let mut asked: Option<Instant> = None;
    let mut holder = None;
    loop {
        if let Some(taken) = try_it(connection)? {
            return Ok(taken);
        }
        let waited = since.elapsed();
        if connection.interrupter().is_interrupted() {
            return Err(DatabaseError::Interrupted);
        }
        if asked.is_none_or(|asked| asked.elapsed() >= ASKING) {
            holder = who(connection)?;
            asked = Some(Instant::now());
        }
        if waited >= wait {
            return Err(DatabaseError::Locked { url: url.to_owned(), waited, holder });
        }
        waiting(&Waiting { waited, holder: holder.clone() });
        std::thread::sleep(pause(waited).min(wait.saturating_sub(waited)));
    }
}

/// Reads a single truth, as either protocol writes it.
fn is_true(rows: &[Row]) -> bool {
    rows.first().is_some_and(|row| matches!(text_at(row, 0), "t" | "true" | "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_gets_the_lock_that_locks_something_there() {
        let way = |engine, mode| way(engine, mode).ok();
        assert_eq!(way(Engine::Sqlite, Some(LockMode::Lease)), Some(Way::None));
        assert_eq!(way(Engine::Postgres, None), Some(Way::Session));
        assert_eq!(way(Engine::Postgres, Some(LockMode::Transaction)), Some(Way::Transaction));
        assert_eq!(way(Engine::MariaDb, None), Some(Way::Session));
        assert_eq!(way(Engine::Galera, None), Some(Way::Lease));
        assert_eq!(way(Engine::CockroachDb, None), Some(Way::Lease));
        assert_eq!(way(Engine::Galera, Some(LockMode::Session)), None);
        assert_eq!(way(Engine::MySql, Some(LockMode::Transaction)), None);
        assert_eq!(way(Engine::TiDb, Some(LockMode::Lease)), Some(Way::Lease));
    }
}
