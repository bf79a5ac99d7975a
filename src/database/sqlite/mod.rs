//! SQLite, through rusqlite with a bundled engine.

mod answer;
pub(super) mod fault;
mod file;
mod insert;
mod misfit;
mod stubs;
mod touched;
mod values;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use rusqlite::types::ValueRef;
use rusqlite::{Connection as Driver, ErrorCode};
use smallvec::SmallVec;

use crate::database::lent::Handle;
use crate::database::sqlite::answer::{answer, stoppable};
use crate::database::sqlite::fault::{describe, sql_fault};
use crate::database::sqlite::file::{exists, flags, plain};
use crate::database::sqlite::insert::Inserts;
use crate::database::sqlite::misfit::explained;
use crate::database::sqlite::stubs::stub;
use crate::database::sqlite::touched::{Shared, watch};
use crate::database::{
    Access, Answer, Connection, DatabaseError, Each, Engine, Interrupter, Notice, Row, SqlFault,
    Touched, Waiting,
};
use crate::process::writer_of;
use crate::sql::{Dialect, hex};
use crate::url::{DatabaseUrl, SqliteTarget};

struct Sqlite<'c> {
    driver: Handle<'c>,
    url: String,
    wait: Duration,
    interrupter: Interrupter,
    /// The file, unless the database is in memory.
    path: Option<PathBuf>,
    access: Access,
    told: Shared,
    inserts: Inserts,
    /// The stubs made so far; none unless it is a scratch database.
    stubs: Option<Vec<Notice>>,
}

/// Opens a database; `None` if it is read-only and doesn't exist.
pub(super) fn open(
    url: &DatabaseUrl,
    access: Access,
    wait: Duration,
) -> Result<Option<Box<dyn Connection>>, DatabaseError> {
    Ok(open_file(url, access, wait)?.map(|opened| Box::new(opened) as Box<dyn Connection>))
}

/// Opens a database in memory with stubs for unknown functions and collations.
pub(super) fn scratch() -> Result<Box<dyn Connection>, DatabaseError> {
    Ok(Box::new(in_memory()?))
}

pub(super) fn scratch_like(of: &Driver) -> Result<Box<dyn Connection>, DatabaseError> {
    let mut res = in_memory()?;
    back_up(of, &mut res.driver).map_err(|error| sql_fault(&error))?;
    Ok(Box::new(res))
}

fn in_memory() -> Result<Sqlite<'static>, DatabaseError> {
    let url = DatabaseUrl::Sqlite(SqliteTarget::Memory);
    let missing = || SqlFault::new("no database in memory could be made");
    let opened = open_file(&url, Access::Write, Duration::ZERO)?.ok_or_else(missing)?;
    Ok(Sqlite { stubs: Some(Vec::new()), ..opened })
}

/// Copies all in one go: the database can't change meanwhile, and the copy begins anew never.
fn back_up(from: &Driver, to: &mut Driver) -> rusqlite::Result<()> {
    rusqlite::backup::Backup::new(from, to)?.step(-1).map(drop)
}

fn open_file(
    url: &DatabaseUrl,
    access: Access,
    wait: Duration,
) -> Result<Option<Sqlite<'static>>, DatabaseError> {
    let DatabaseUrl::Sqlite(target) = url else {
        return Err(DatabaseError::NoDriver { url: url.to_string(), feature: "postgres" });
    };
    let error = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
    let driver = match target {
        SqliteTarget::Memory => Driver::open_in_memory().map_err(|cause| describe(&cause)),
        SqliteTarget::File(path) => {
            if !exists(path).map_err(&error)? && access == Access::Read {
                return Ok(None);
            }
            // SQLite only reports that it can't.
            if path.parent().is_some_and(|folder| !plain(folder).is_dir()) {
                return Err(error("its folder is not there".to_owned()));
            }
            file::open(path, access)
        }
    };
    let opened = Sqlite::new(Handle::Own(driver.map_err(&error)?), url, access, wait);
    opened.map(Some).map_err(|cause| error(describe(&cause)))
}

/// Wraps a connection that a program lends.
pub(super) fn lent<'c>(
    handle: Handle<'c>,
    url: &DatabaseUrl,
    wait: Duration,
) -> Result<Box<dyn Connection + 'c>, DatabaseError> {
    let taken = Sqlite::new(handle, url, Access::Write, wait);
    Ok(Box::new(taken.map_err(|error| sql_fault(&error))?))
}

impl Connection for Sqlite<'_> {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn describe(&self) -> String {
        format!("SQLite {}", rusqlite::version())
    }

    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        if let Some(result) = self.inserts.run(&self.driver, statement) {
            return result.map(drop).map_err(|error| self.fault(&error));
        }
        let result = self.with_stubs(|driver| {
            // Prepared alone: a second statement after it is an error, not a silent drop.
            let mut prepared = driver.prepare(statement)?;
            let mut rows = prepared.raw_query();
            while rows.next()?.is_some() {}
            Ok(())
        });
        self.told.lock().unwrap_or_else(PoisonError::into_inner).settle(statement);
        if self.driver.is_own() && self.stubs.is_none() && result.is_ok() {
            self.inserts.learn(statement);
        }
        result.map_err(|error| explained(&self.driver, statement, error))
    }

    fn execute_often(&mut self, statement: &'static str) -> Result<(), DatabaseError> {
        if !self.driver.is_own() {
            return self.execute(statement);
        }
        let run = || self.driver.prepare_cached(statement)?.execute([]);
        run().map(drop).map_err(|error| self.fault(&error))
    }

    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        self.execute(statement)?;
        Ok(self.driver.changes())
    }

    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        self.with_stubs(|driver| {
            let mut prepared = driver.prepare(statement)?;
            let width = prepared.column_count();
            let mut rows = prepared.raw_query();
            let mut res = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..width).map(|at| row.get_ref(at).map(owned));
                res.push(values.collect::<Result<Row, _>>()?);
            }
            Ok(res)
        })
    }

    fn query_each(&mut self, statement: &str, each: Each<'_>) -> Result<(), DatabaseError> {
        let mut read = || -> rusqlite::Result<()> {
            let mut prepared = self.driver.prepare(statement)?;
            let width = prepared.column_count();
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next()? {
                let values = (0..width).map(|at| row.get_ref(at).map(text));
                each(&values.collect::<Result<SmallVec<[_; 8]>, _>>()?);
            }
            Ok(())
        };
        read().map_err(|error| self.fault(&error))
    }

    fn answers(&mut self, statement: &str) -> Result<Vec<Answer>, DatabaseError> {
        let set = stoppable(&mut self.driver, &self.interrupter);
        set.map_err(|error| self.fault(&error))?;
        Ok(vec![self.with_stubs(|driver| answer(driver, statement))?])
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        self.stubs.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError> {
        let (schema, table) = name.split_once('.').unwrap_or(("main", name));
        let schema = crate::sql::quote_identifier(schema, Dialect::Sqlite);
        let table = crate::sql::quote_literal(table, Dialect::Sqlite);
        let query = format!(
            "SELECT 1 FROM {schema}.sqlite_schema \
             WHERE type IN ('table', 'view') AND name = {table} COLLATE NOCASE"
        );
        Ok(!self.query(&query)?.is_empty())
    }

    fn in_transaction(&self) -> bool {
        !self.driver.is_autocommit()
    }

    fn begin(&mut self, waiting: &mut dyn FnMut(&Waiting)) -> Result<(), DatabaseError> {
        let start = Instant::now();
        self.set_busy_timeout(Duration::ZERO)?;
        let result = loop {
            match self.execute("BEGIN IMMEDIATE") {
                Err(DatabaseError::Locked { .. }) if self.interrupter.is_interrupted() => {
                    break Err(DatabaseError::Interrupted);
                }
                Err(DatabaseError::Locked { .. }) if start.elapsed() < self.wait => {
                    waiting(&Waiting { waited: start.elapsed(), holder: self.holder() });
                    std::thread::sleep(pause(start.elapsed()));
                }
                result => break result,
            }
        };
        self.set_busy_timeout(self.wait)?;
        result
    }

    fn take_touched(&mut self) -> Touched {
        self.inserts.forget();
        self.told.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn expect_writes(&mut self, kibibytes: usize) -> Result<(), DatabaseError> {
        // Settings of a lent connection stay as they are.
        if !self.driver.is_own() {
            return Ok(());
        }
        // SQLite goes through its whole schema for each object that is created (`OP_ParseSchema`),
        // and reads uncached parts of it from the file.
        let size = kibibytes.clamp(512, 16_000);
        self.execute(&format!("PRAGMA cache_size = -{size}"))
    }

    fn copy_to(&mut self, file: &Path) -> Result<(), DatabaseError> {
        let copy = || back_up(&self.driver, &mut Driver::open(plain(file))?);
        copy().map_err(|error| self.fault(&error))
    }

    fn reset(&mut self) -> Result<(), DatabaseError> {
        let Some(path) = self.path.as_ref().filter(|_| self.driver.is_own()) else {
            // A database in memory would be lost with its session, and a lent connection is not
            // ours to replace: its traces stay.
            return Ok(());
        };
        let driver = Driver::open_with_flags(path, flags(self.access));
        let mut driver = driver.map_err(|error| self.fault(&error))?;
        watch(&mut driver, &self.told).map_err(|error| self.fault(&error))?;
        let handle = driver.get_interrupt_handle();
        let cache = self.value("PRAGMA cache_size")?.unwrap_or_default();
        self.interrupter.replace(move || handle.interrupt());
        self.driver = Handle::Own(driver);
        self.inserts.forget();
        self.execute(&format!("PRAGMA cache_size = {cache}"))?;
        self.set_busy_timeout(self.wait)
    }

    fn sqlite(&self) -> Option<&Driver> {
        Some(&self.driver)
    }

    fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    fn commit(&mut self) -> Result<(), DatabaseError> {
        // A reader can keep a commit waiting; the transaction stays open meanwhile.
        let start = Instant::now();
        loop {
            match self.execute("COMMIT") {
                Err(DatabaseError::Locked { .. })
                    if self.in_transaction() && start.elapsed() < self.wait => {}
                result => return result,
            }
        }
    }

    fn change_counter(&mut self) -> Result<Option<i64>, DatabaseError> {
        Ok(self.value("PRAGMA data_version")?.and_then(|value| value.parse().ok()))
    }
}

impl<'c> Sqlite<'c> {
    fn new(
        mut driver: Handle<'c>,
        url: &DatabaseUrl,
        access: Access,
        wait: Duration,
    ) -> rusqlite::Result<Self> {
        driver.busy_timeout(wait)?;
        let handle = driver.get_interrupt_handle();
        let interrupter = Interrupter::new(move || handle.interrupt());
        let told = Shared::default();
        watch(&mut driver, &told)?;
        let path = match url {
            DatabaseUrl::Sqlite(SqliteTarget::File(path)) => Some(plain(path)),
            DatabaseUrl::Sqlite(SqliteTarget::Memory) | DatabaseUrl::Server(_) => None,
        };
        let url = url.to_string();
        Ok(Self {
            driver,
            url,
            wait,
            interrupter,
            path,
            access,
            told,
            inserts: Inserts::default(),
            stubs: None,
        })
    }

    /// Runs an operation, and again while stubs can be made for what it lacks.
    fn with_stubs<T>(
        &mut self,
        run: impl Fn(&Driver) -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        loop {
            let error = match run(&self.driver) {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            let made = self.stubs.is_some().then(|| stub(&self.driver, &describe(&error)));
            match (made.flatten(), &mut self.stubs) {
                (Some(notice), Some(stubs)) if !stubs.contains(&notice) => stubs.push(notice),
                _ => return Err(self.fault(&error)),
            }
        }
    }

    /// Finds the process that holds the write lock, if the system tells.
    fn holder(&self) -> Option<String> {
        writer_of(self.path.as_deref()?)
    }

    fn set_busy_timeout(&self, wait: Duration) -> Result<(), DatabaseError> {
        self.driver.busy_timeout(wait).map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &rusqlite::Error) -> DatabaseError {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => DatabaseError::Interrupted,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DatabaseError::Locked {
                url: self.url.clone(),
                waited: self.wait,
                holder: self.holder(),
            },
            Some(ErrorCode::NotADatabase) => DatabaseError::Open {
                url: self.url.clone(),
                reason: "it is no SQLite database".to_owned(),
            },
            _ => sql_fault(error).into(),
        }
    }
}

/// Returns how long to sleep before the next try: longer with time, and jittered.
fn pause(waited: Duration) -> Duration {
    let most = waited.as_millis().clamp(20, 250);
    // Without random numbers there is no jitter; nothing fails.
    let random = u128::from(getrandom::u32().unwrap_or_default());
    Duration::from_millis(u64::try_from(5 + random % most).unwrap_or(5))
}

fn owned(value: ValueRef<'_>) -> Option<String> {
    text(value).map(Cow::into_owned)
}

fn text(value: ValueRef<'_>) -> Option<Cow<'_, str>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into()),
        ValueRef::Real(number) => Some(number.to_string().into()),
        // Much quicker than searching for a misfit that doesn't exist.
        ValueRef::Text(bytes) => Some(match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => String::from_utf8_lossy(bytes),
        }),
        ValueRef::Blob(bytes) => Some(hex(bytes).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Box<dyn Connection> {
        let url = DatabaseUrl::Sqlite(SqliteTarget::Memory);
        open(&url, Access::Write, Duration::ZERO).unwrap().unwrap()
    }

    #[test]
    fn a_second_statement_is_refused_and_not_dropped() {
        let mut memory = memory();
        assert!(memory.execute("CREATE TABLE t (a); CREATE TABLE u (a)").is_err());
        memory.execute("CREATE TABLE t (a); -- and a comment").unwrap();
        assert!(memory.has_table("t").unwrap());
        assert!(!memory.has_table("u").unwrap());
    }

    #[test]
    fn faults_carry_code_and_offset() {
        let mut memory = memory();
        let DatabaseError::Sql(fault) = memory.execute("SELECT 1 FROM nowhere").unwrap_err() else {
            panic!("another error");
        };
        assert_eq!(fault.message, "no such table: nowhere");
        assert_eq!(fault.code.as_deref(), Some("SQLITE_ERROR (1)"));
        let DatabaseError::Sql(fault) = memory.execute("SELECT FROM x").unwrap_err() else {
            panic!("another error");
        };
        assert_eq!(fault.offset, Some(7));
    }

    #[test]
    fn values_are_texts() {
        let rows = memory().query("SELECT NULL, 1, 1.5, 'a', x'00ff'").unwrap();
        let text = |value: &str| Some(value.to_owned());
        assert_eq!(rows, [[None, text("1"), text("1.5"), text("a"), text("00ff")]]);
    }

    #[test]
    fn reading_creates_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let url = DatabaseUrl::Sqlite(SqliteTarget::File(path.clone()));
        assert!(open(&url, Access::Read, Duration::ZERO).unwrap().is_none());
        assert!(!path.exists());
        std::fs::write(&path, "this is no database at all").unwrap();
        assert!(open(&url, Access::Write, Duration::ZERO).is_err());
    }
}
