//! A held lease: taken by an update that finds it free, renewed by a second connection.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::clock::pause;
use crate::database::{Access, Connection, DatabaseError, Options, connect};
use crate::ledger::{LeaseRow, Ledger};
use crate::process::Process;
use crate::url::DatabaseUrl;

/// The validity of a lease without renewal.
const LENGTH: Duration = Duration::from_secs(30);

/// The interval of renewals.
const BEAT: Duration = Duration::from_secs(5);

/// How long a table may be in the catalog and not yet known to every session, as happens where one
/// of several nodes has created it.
const SETTLING: Duration = Duration::from_secs(10);

/// A held lease; a thread renews it until it is released.
pub(super) struct Lease {
    ledger: Ledger,
    owner: String,
    token: String,
    condition: String,
    is_lost: Arc<AtomicBool>,
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
}

impl Lease {
    /// Creates the table and its row, if missing.
    pub(super) fn prepare(
        connection: &mut dyn Connection,
        ledger: &Ledger,
    ) -> Result<(), DatabaseError> {
        let since = Instant::now();
        loop {
            match connection.query(&ledger.select_lease()) {
                Ok(rows) if !rows.is_empty() => return Ok(()),
                Ok(_) | Err(DatabaseError::Sql(_)) if since.elapsed() < SETTLING => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error),
            }
            for statement in ledger.create_lease() {
                // Another process may be making it just now, and may have been faster.
                if let Err(error) = connection.execute(&statement)
                    && !connection.has_table(&ledger.lease_name())?
                {
                    return Err(error);
                }
            }
            if connection.query(&ledger.select_lease()).is_ok_and(|rows| !rows.is_empty()) {
                return Ok(());
            }
            std::thread::sleep(pause(since.elapsed()));
        }
    }

    /// Reads the row; none if there is no table.
    pub(super) fn read(
        connection: &mut dyn Connection,
        ledger: &Ledger,
    ) -> Result<Option<LeaseRow>, DatabaseError> {
        if !connection.has_table(&ledger.lease_name())? {
            return Ok(None);
        }
        Ok(connection.query(&ledger.select_lease())?.into_iter().next().map(LeaseRow::parse))
    }

    /// Takes the lease if it is free.
    pub(super) fn try_take(
        connection: &mut dyn Connection,
        ledger: &Ledger,
        url: &DatabaseUrl,
    ) -> Result<Option<Self>, DatabaseError> {
        let random = getrandom::u32().unwrap_or_default();
        let owner = format!("{} {random:08x}", Process::current());
        let taken = connection.change(&ledger.take_lease(&owner, LENGTH.as_secs()));
        match taken {
            Ok(1) => {}
            Ok(_) => return Ok(None),
            // A cluster lets one of two win, and reports a conflict to the other.
            Err(DatabaseError::Sql(fault)) if fault.is_transient => return Ok(None),
            Err(error) => return Err(error),
        }
        let row = Self::read(connection, ledger)?.filter(|row| row.owner.as_ref() == Some(&owner));
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Self::kept(ledger.clone(), url.clone(), owner, row.token)))
    }

    /// Starts the thread that renews a lease.
    fn kept(ledger: Ledger, url: DatabaseUrl, owner: String, token: String) -> Self {
        let condition = ledger.holds_lease(&owner, &token);
        let is_lost = Arc::new(AtomicBool::new(false));
        let (stop, stopped) = mpsc::channel();
        let keep = ledger.keep_lease(&owner, &token, LENGTH.as_secs());
        let flag = Arc::clone(&is_lost);
        let keeper = std::thread::spawn(move || {
            let mut connection: Option<Box<dyn Connection>> = None;
            let mut kept = Instant::now();
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                match beat(&mut connection, &url, &keep) {
                    Ok(true) => kept = Instant::now(),
                    Ok(false) => return flag.store(true, Ordering::SeqCst),
                    // One that can't be reached is tried again, as long as the lease is good.
                    Err(_) => connection = None,
                }
                if kept.elapsed() >= LENGTH {
                    return flag.store(true, Ordering::SeqCst);
                }
            }
        });
        let (stop, keeper) = (Some(stop), Some(keeper));
        Self { ledger, owner, token, condition, is_lost, stop, keeper }
    }

    /// Returns the condition in SQL that the lease is still held.
    pub(super) fn condition(&self) -> &str {
        &self.condition
    }

    /// Tells whether the renewing thread found the lease lost.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::SeqCst)
    }

    /// Releases the lease; tells whether it was still held.
    pub(super) fn release(
        mut self,
        connection: &mut dyn Connection,
    ) -> Result<bool, DatabaseError> {
        self.end_keeper();
        Ok(connection.change(&self.ledger.end_lease(&self.owner, &self.token))? == 1)
    }

    fn end_keeper(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            // A keeper that panicked keeps nothing; the lease runs out.
            let _result = keeper.join();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end_keeper();
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Lease({}, {})", self.owner, self.token)
    }
}

/// Renews a lease once; tells whether it was still held.
fn beat(
    connection: &mut Option<Box<dyn Connection>>,
    url: &DatabaseUrl,
    keep: &str,
) -> Result<bool, DatabaseError> {
    if connection.is_none() {
        *connection = connect(url, &Options::new(Access::Write, BEAT))?;
    }
    match connection {
        Some(connection) => match connection.change(keep) {
            Err(DatabaseError::Sql(fault)) if fault.is_transient => Ok(true),
            result => Ok(result? == 1),
        },
        None => Ok(true),
    }
}
