//! The lock that keeps concurrent runs on a server apart.
//!
//! It is taken by polling, never by waiting inside the database: a waiting session holds a
//! snapshot, which `CREATE INDEX CONCURRENTLY` waits for in turn. The lock only makes others wait;
//! safety comes from the comparison in each revision's transaction.

use std::time::{Duration, Instant};

use crate::clock::pause;
use crate::config::LockMode;
use crate::database::{Connection, DatabaseError, Engine, NativeLock, Waiting};
use crate::ledger::{LeaseRow, Ledger};
use crate::runner::{Key, Lease};
use crate::url::DatabaseUrl;

/// The interval of queries for the lock's holder.
const ASKING: Duration = Duration::from_secs(1);

/// Makes a server end the statement of a client that is gone, which releases its lock (PostgreSQL
/// 14 and later, on systems that support it; others refuse the setting).
const WATCH: &str = "SET client_connection_check_interval = 2000";

/// The parameters of a lock to take.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The kind of lock in the configuration; none for the engine's default.
    pub mode: Option<LockMode>,
    /// How long to wait for other holders.
    pub wait: Duration,
    /// The version table that the lock is named for.
    pub ledger: &'a Ledger,
    /// The database URL, for the second connection that a lease needs.
    pub url: &'a DatabaseUrl,
}

/// A lock that is held.
#[derive(Debug)]
pub struct Lock {
    kind: Acquired,
    url: String,
    /// Whether the server checks that its client is alive while a statement runs.
    is_watched: bool,
}

#[derive(Debug)]
enum Acquired {
    /// The database needs no lock.
    None,
    /// A lock of the session, until it ends.
    Session(Key),
    /// A lock that each transaction takes for itself.
    Transaction(Key),
    Lease(Box<Lease>),
}

/// The holder of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name of the holder for people.
    pub name: String,
    /// The statement that ends the holder by force, if there is one.
    pub ended_by: Option<String>,
}

impl Lock {
    /// Takes the lock, waiting for other holders.
    pub fn take(
        connection: &mut dyn Connection,
        wanted: Wanted<'_>,
        waiting: &mut dyn FnMut(&Waiting),
    ) -> Result<Self, DatabaseError> {
        let (engine, url) = (connection.engine(), wanted.url.to_string());
        let key = Key::new(engine, wanted.ledger);
        let mut patience = Patience { wait: wanted.wait, url: &url, waiting };
        let kind = match lock_kind(engine, wanted.mode)? {
            LockKind::None => Acquired::None,
            LockKind::Transaction => Acquired::Transaction(key),
            LockKind::Session => {
                patience.take_key(connection, &key)?;
                Acquired::Session(key)
            }
            LockKind::Lease => {
                Lease::prepare(connection, wanted.ledger)?;
                let mut try_it = |connection: &mut dyn Connection| {
                    Lease::try_take(connection, wanted.ledger, wanted.url)
                };
                let mut who = |connection: &mut dyn Connection| {
                    Ok(Lease::read(connection, wanted.ledger)?.and_then(|row| row.owner))
                };
                Acquired::Lease(Box::new(patience.until(connection, &mut try_it, &mut who)?))
            }
        };
        let is_watched = matches!(&kind, Acquired::Session(key) if key.is_of_postgres())
            && connection.execute(WATCH).is_ok();
        Ok(Self { kind, url, is_watched })
    }

    /// Returns the setting that makes the server check its client, for a session that was reset.
    pub fn watch(&self) -> Option<&'static str> {
        self.is_watched.then_some(WATCH)
    }

    /// Returns the condition in SQL that the lock is still held; none if there is nothing to check.
    pub fn condition(&self) -> Option<String> {
        match &self.kind {
            Acquired::None | Acquired::Transaction(_) => None,
            Acquired::Session(key) => Some(key.mine_sql()),
            Acquired::Lease(lease) => Some(lease.condition().to_owned()),
        }
    }

    /// Returns the condition for a transaction's guard that no other process has the lock.
    ///
    /// Requesting it again costs PostgreSQL far less than listing its locks: the holder is granted
    /// it again, and until the transaction ends all others are refused.
    pub fn guard(&self) -> Option<String> {
        match &self.kind {
            Acquired::Session(key) if key.is_of_postgres() => Some(key.entry_sql()),
            Acquired::None
            | Acquired::Transaction(_)
            | Acquired::Session(_)
            | Acquired::Lease(_) => self.condition(),
        }
    }

    /// Returns the condition that each transaction has to begin with, and that takes the lock.
    pub fn entry(&self) -> Option<String> {
        match &self.kind {
            Acquired::Transaction(key) => Some(key.entry_sql()),
            Acquired::None | Acquired::Session(_) | Acquired::Lease(_) => None,
        }
    }

    /// Tells whether the lock lasts from one transaction to the next and needs no renewal.
    pub fn is_of_session(&self) -> bool {
        matches!(self.kind, Acquired::Session(_))
    }

    /// Tells whether the lock is known to be lost, without a query.
    pub fn is_lost(&self) -> bool {
        matches!(&self.kind, Acquired::Lease(lease) if lease.is_lost())
    }

    /// Checks that the lock is still held.
    pub fn prove(&self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        match self.condition() {
            Some(_) if self.is_lost() => Err(self.lost()),
            Some(condition) if !connection.is_true(&format!("SELECT {condition}"))? => {
                Err(self.lost())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Takes the lock again after a reset of the session, which released it on some servers.
    pub fn retake(
        &self,
        connection: &mut dyn Connection,
        wait: Duration,
        waiting: &mut dyn FnMut(&Waiting),
    ) -> Result<(), DatabaseError> {
        match &self.kind {
            Acquired::Session(key) => {
                Patience { wait, url: &self.url, waiting }.take_key(connection, key)
            }
            Acquired::None | Acquired::Transaction(_) | Acquired::Lease(_) => Ok(()),
        }
    }

    /// Releases the lock; an error if it was lost before.
    pub fn release(self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let url = self.url;
        let was_held = match self.kind {
            Acquired::None | Acquired::Transaction(_) => true,
            Acquired::Session(key) => connection.is_true(&key.end_sql())?,
            Acquired::Lease(lease) => lease.release(connection)?,
        };
        if was_held { Ok(()) } else { Err(DatabaseError::LockLost { url }) }
    }

    /// Makes the error that the lock was lost.
    pub fn lost(&self) -> DatabaseError {
        DatabaseError::LockLost { url: self.url.clone() }
    }
}

/// Returns the holder of the lock, if there is one.
pub fn lock_holder(
    connection: &mut dyn Connection,
    mode: Option<LockMode>,
    ledger: &Ledger,
) -> Result<Option<Holder>, DatabaseError> {
    let engine = connection.engine();
    match lock_kind(engine, mode)? {
        LockKind::None => Ok(None),
        LockKind::Session | LockKind::Transaction => Key::new(engine, ledger).holder(connection),
        LockKind::Lease => {
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

/// Revokes a lease from any holder; tells whether there was one.
pub fn break_lease(
    connection: &mut dyn Connection,
    mode: Option<LockMode>,
    ledger: &Ledger,
) -> Result<bool, DatabaseError> {
    if lock_kind(connection.engine(), mode)? != LockKind::Lease
        || Lease::read(connection, ledger)?.is_none()
    {
        return Ok(false);
    }
    connection.execute(&ledger.break_lease())?;
    Ok(true)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LockKind {
    None,
    Session,
    Transaction,
    Lease,
}

/// Determines the kind of lock for an engine, and refuses one that would lock nothing there.
fn lock_kind(engine: Engine, mode: Option<LockMode>) -> Result<LockKind, DatabaseError> {
    let refuse = |lock| Err(DatabaseError::NoSuchLock { lock, engine: engine.name() });
    match (engine.native_lock(), mode) {
        (NativeLock::Transaction, _) => Ok(LockKind::None),
        (_, Some(LockMode::Lease)) | (NativeLock::None, None) => Ok(LockKind::Lease),
        (NativeLock::Session, None | Some(LockMode::Session)) => Ok(LockKind::Session),
        (NativeLock::Session, Some(LockMode::Transaction)) if engine.has_transaction_locks() => {
            Ok(LockKind::Transaction)
        }
        (_, Some(LockMode::Transaction)) => refuse("transaction"),
        (NativeLock::None, Some(LockMode::Session)) => refuse("session"),
    }
}

/// A query for something that may not be available yet.
type Asking<'a, T> = dyn FnMut(&mut dyn Connection) -> Result<Option<T>, DatabaseError> + 'a;

/// The wait for other holders of a lock.
struct Patience<'a> {
    wait: Duration,
    url: &'a str,
    waiting: &'a mut dyn FnMut(&Waiting),
}

impl Patience<'_> {
    /// Takes the lock of a session, waiting for other holders.
    fn take_key(
        &mut self,
        connection: &mut dyn Connection,
        key: &Key,
    ) -> Result<(), DatabaseError> {
        let mut try_it =
            |connection: &mut dyn Connection| Ok(connection.is_true(&key.try_sql())?.then_some(()));
        let mut who =
            |connection: &mut dyn Connection| Ok(key.holder(connection)?.map(|it| it.name));
        self.until(connection, &mut try_it, &mut who)
    }

    /// Tries until it succeeds, the time is over, or the user asks to stop.
    fn until<T>(
        &mut self,
        connection: &mut dyn Connection,
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
            if waited >= self.wait {
                return Err(DatabaseError::Locked { url: self.url.to_owned(), waited, holder });
            }
            (self.waiting)(&Waiting { waited, holder: holder.clone() });
            std::thread::sleep(pause(waited).min(self.wait.saturating_sub(waited)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_gets_the_lock_that_locks_something_there() {
        let kind_of = |engine, mode| lock_kind(engine, mode).ok();
        assert_eq!(kind_of(Engine::Sqlite, Some(LockMode::Lease)), Some(LockKind::None));
        assert_eq!(kind_of(Engine::Postgres, None), Some(LockKind::Session));
        let expected = Some(LockKind::Transaction);
        assert_eq!(kind_of(Engine::Postgres, Some(LockMode::Transaction)), expected);
        assert_eq!(kind_of(Engine::MariaDb, None), Some(LockKind::Session));
        assert_eq!(kind_of(Engine::Galera, None), Some(LockKind::Lease));
        assert_eq!(kind_of(Engine::CockroachDb, None), Some(LockKind::Lease));
        assert_eq!(kind_of(Engine::Galera, Some(LockMode::Session)), None);
        assert_eq!(kind_of(Engine::MySql, Some(LockMode::Transaction)), None);
        assert_eq!(kind_of(Engine::TiDb, Some(LockMode::Lease)), Some(LockKind::Lease));
    }
}
