//! The lock that makes racers wait for each other on a server.
//!
//! It is taken by trying again and again and never by waiting inside the database: a session that
//! waits there holds a snapshot, which `CREATE INDEX CONCURRENTLY` waits for in turn. The lock only
//! makes others wait; what makes them safe is the comparison in each revision's transaction.

use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use crate::clock::pause;
use crate::config::LockMode;
use crate::database::{Connection, DatabaseError, Engine, NativeLock, Row, Waiting};
use crate::ledger::{LeaseRow, Ledger};
use crate::runner::lease::Lease;
use crate::sql::{Dialect, hex, quote_literal};
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

/// What a lock is called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Key {
    engine: Engine,
    number: i64,
    name: String,
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
                let mut try_it = |connection: &mut dyn Connection| {
                    Ok(is_true(&connection.query(&key.try_sql())?).then_some(()))
                };
                let mut who =
                    |connection: &mut dyn Connection| Ok(key.holder(connection)?.map(|it| it.name));
                patiently(connection, wanted.wait, &url, waiting, &mut try_it, &mut who)?;
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

    /// Returns the condition that each transaction has to begin with, and that takes the lock.
    pub fn entry(&self) -> Option<String> {
        match &self.kind {
            Kind::Transaction(key) => {
                Some(format!("pg_catalog.pg_try_advisory_xact_lock({})", key.number))
            }
            Kind::None | Kind::Session(_) | Kind::Lease(_) => None,
        }
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
        let Kind::Session(key) = &self.kind else {
            return Ok(());
        };
        let mut try_it = |connection: &mut dyn Connection| {
            Ok(is_true(&connection.query(&key.try_sql())?).then_some(()))
        };
        let mut who =
            |connection: &mut dyn Connection| Ok(key.holder(connection)?.map(|it| it.name));
        patiently(connection, wait, &self.url, waiting, &mut try_it, &mut who)
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

impl Key {
    /// Makes the key of a version table: on MySQL locks are the whole server's, so the database
    /// is part of it; on PostgreSQL they are the database's.
    fn new(engine: Engine, ledger: &Ledger) -> Self {
        let digest = Sha256::digest(format!("limbeck migrate\0{}", ledger.table()));
        let mut number = [0; 8];
        for (to, from) in number.iter_mut().zip(&digest) {
            *to = *from;
        }
        let name = hex(digest.get(..20).unwrap_or_default());
        Self { engine, number: i64::from_be_bytes(number), name: format!("migrate_{name}") }
    }

    fn is_of_postgres(&self) -> bool {
        self.engine.dialect() == Dialect::Postgres
    }

    /// A 64-bit key is shown as two halves, with 1 behind them (the manual, `pg_locks`).
    fn row_sql(&self) -> String {
        let number = self.number.cast_unsigned();
        format!(
            "locktype = 'advisory' AND granted AND classid = {} AND objid = {} AND objsubid = 1",
            number >> 32,
            number & 0xffff_ffff,
        )
    }

    fn literal(&self) -> String {
        quote_literal(&self.name, Dialect::MySql)
    }

    fn try_sql(&self) -> String {
        if self.is_of_postgres() {
            return format!("SELECT pg_catalog.pg_try_advisory_lock({})", self.number);
        }
        // TiDB makes a second of zero anyway.
        let seconds = u8::from(self.engine == Engine::TiDb);
        format!("SELECT GET_LOCK({}, {seconds})", self.literal())
    }

    fn mine_sql(&self) -> String {
        if self.is_of_postgres() {
            let row = self.row_sql();
            return format!(
                "EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE {row} AND pid = \
                 pg_catalog.pg_backend_pid())"
            );
        }
        format!("IS_USED_LOCK({}) = CONNECTION_ID()", self.literal())
    }

    fn end_sql(&self) -> String {
        if self.is_of_postgres() {
            format!("SELECT pg_catalog.pg_advisory_unlock({})", self.number)
        } else {
            format!("SELECT RELEASE_LOCK({})", self.literal())
        }
    }

    fn holder(&self, connection: &mut dyn Connection) -> Result<Option<Holder>, DatabaseError> {
        let query = if self.is_of_postgres() {
            format!(
                "SELECT pid, usename, coalesce(client_addr::text, 'this host'), backend_start, \
                 application_name FROM pg_catalog.pg_locks JOIN pg_catalog.pg_stat_activity \
                 USING (pid) WHERE {} AND database = (SELECT oid FROM pg_catalog.pg_database WHERE \
                 datname = pg_catalog.current_database())",
                self.row_sql(),
            )
        } else {
            format!(
                "SELECT id, user, host, date_sub(now(), INTERVAL time SECOND), '' FROM \
                 information_schema.processlist WHERE id = IS_USED_LOCK({})",
                self.literal(),
            )
        };
        let row = connection.query(&query)?.into_iter().next();
        // MySQL warns of `processlist`, but its substitute needs a setting and a newer server.
        drop(connection.take_notices());
        Ok(row.map(|row| self.describe(&row)))
    }

    fn describe(&self, row: &Row) -> Holder {
        let text = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or_default();
        let (id, user, host, since) = (text(0), text(1), text(2), text(3));
        let program = match text(4) {
            "" => String::new(),
            program => format!("{program}, "),
        };
        let name = format!("session {id} ({program}{user} from {host}, since {since})");
        let ended_by = if self.is_of_postgres() {
            format!("SELECT pg_terminate_backend({id})")
        } else {
            format!("KILL {id}")
        };
        Holder { name, ended_by: Some(ended_by) }
    }
}

/// Reads a single truth, as either protocol writes it.
fn is_true(rows: &[Row]) -> bool {
    let value = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
    matches!(value, Some("t" | "true" | "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_other_names_do_not_wait_for_each_other() {
        let key = |name: &str, database: &str| {
            let ledger = Ledger::new(name, Dialect::MySql).within(Some(database));
            Key::new(Engine::MariaDb, &ledger)
        };
        assert_eq!(key("v", "shop"), key("v", "shop"));
        assert_ne!(key("v", "shop"), key("w", "shop"));
        assert_ne!(key("v", "shop").number, key("v", "mall").number);
        let longest = key(&"v".repeat(55), &"d".repeat(64));
        assert!(longest.name.len() <= 64, "{}", longest.name);
    }

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
