//! Rehearsals: scripts run on a copy, and the database itself is only read.
//!
//! A SQLite file is copied as it is. Of a PostgreSQL database the schema and the record of what is applied
//! are: rows are made up, awkward ones that keep the rules of the tables.

use std::fs;
use std::path::PathBuf;

use crate::autogenerate::{Rows, Scratch, copy};
use crate::catalog::Catalog;
use crate::database::{Access, Connection, DatabaseError, Options, connect};
use crate::error::Error;
use crate::ops::autogenerate::{empty, present};
use crate::ops::request::Venue;
use crate::ops::{Consent, Present, Report, Request, ensure_version, migrate, open, preview};
use crate::project::Project;
use crate::revision::RevisionId;
use crate::runner::{Event, Failure};
use crate::sql::Dialect;
use crate::url::{DatabaseUrl, Family, SqliteTarget};

/// The classes of SQLSTATE of faults that rows can be to blame for: too many of them, values out of
/// place, broken constraints, and what a routine raises.
const OF_ROWS: [&str; 6] = ["21", "22", "23", "27", "44", "P0"];

/// An upgrade or a downgrade on a copy of the database.
pub struct Rehearsal<'a> {
    project: &'a Project,
    request: Request<'a>,
    copy: Copied,
    /// The tables without rows, each with the reason.
    unplanted: Vec<String>,
}

/// A copy of a database.
enum Copied {
    /// Nothing would run, so there is none.
    None(Report),
    /// A file of SQLite, in a folder that goes with it.
    File { connection: Box<dyn Connection>, _folder: Folder },
    /// A scratch database with the schema.
    Schema(Box<dyn Scratch>, Original, Rows),
}

/// A database as far as it is copied.
struct Original {
    schema: Catalog,
    /// The rows of the bookkeeping tables, if these exist.
    record: Option<[Vec<String>; 2]>,
}

impl<'a> Rehearsal<'a> {
    /// Copies the database of a project; nothing has run yet.
    pub fn new(project: &'a Project, request: &Request<'a>) -> Result<Self, Error> {
        // Nothing of the database itself is taken away.
        let request = Request { consent: Consent::Given, venue: Venue::Copy, ..*request };
        let mut unplanted = Vec::new();
        let copy = match project.config.url()?.family() {
            Family::Sqlite => file(project)?,
            Family::Postgres => Original::schema(project, &request, &mut unplanted)?,
            Family::Mysql => {
                let database = project.dialect()?.name();
                return Err(Error::NotYet { feature: "--rehearse", database });
            }
        };
        Ok(Self { project, request, copy, unplanted })
    }

    /// Tells which rows the copy has, if there is one.
    pub fn rows(&self) -> Option<Rows> {
        match &self.copy {
            Copied::None(_) => None,
            Copied::File { .. } => Some(Rows::Own),
            Copied::Schema(_, _, rows) => Some(*rows),
        }
    }

    /// Returns the tables that have no rows though rows were made up, each with the reason.
    pub fn unplanted(&self) -> &[String] {
        &self.unplanted
    }

    /// Runs the scripts on the copy.
    pub fn run(&mut self, observe: &mut dyn FnMut(Event<'_>)) -> Result<Report, Error> {
        let (project, request) = (self.project, &self.request);
        let result = match &mut self.copy {
            Copied::None(report) => return Ok(report.clone()),
            Copied::File { connection, .. } => {
                migrate(project, &mut **connection, request, observe)
            }
            Copied::Schema(scratch, ..) => {
                migrate(project, scratch.connection()?, request, observe)
            }
        };
        result.map_err(|error| {
            let has_run = matches!(error.failure(), Error::Run(_));
            if has_run { Error::Rehearsed { error: Box::new(error) } } else { error }
        })
    }

    /// Makes another copy without rows, if those that were made up may be to blame for an error; tells
    /// whether it did.
    pub fn take_rows_away(&mut self, error: &Error) -> Result<bool, Error> {
        let Copied::Schema(scratch, original, rows @ Rows::MadeUp) = &mut self.copy else {
            return Ok(false);
        };
        if !may_be_of_rows(error) {
            return Ok(false);
        }
        *scratch = original.copied(self.project, Rows::None)?.0;
        *rows = Rows::None;
        self.unplanted.clear();
        Ok(true)
    }
}

/// Copies a file of SQLite; of a missing one there is an empty copy.
fn file(project: &Project) -> Result<Copied, Error> {
    let folder = Folder::new()?;
    let file = folder.0.join("copy.db");
    if let Some(mut connection) = open(project, Access::Read)? {
        connection.copy_to(&file)?;
    }
    let url = DatabaseUrl::Sqlite(SqliteTarget::File(file));
    let connection = connect(&url, &Options::new(Access::Write, project.config.lock_timeout))?;
    let connection = connection.ok_or_else(|| {
        let reason = "the copy could not be created".to_owned();
        Error::from(DatabaseError::Open { url: url.to_string(), reason })
    })?;
    Ok(Copied::File { connection, _folder: folder })
}

impl Original {
    /// Copies a schema, unless nothing would run or the plan fails.
    fn schema(
        project: &Project,
        request: &Request<'_>,
        unplanted: &mut Vec<String>,
    ) -> Result<Copied, Error> {
        let Some(mut connection) = open(project, Access::Read)? else {
            return Ok(Copied::None(preview(project, None, request)?));
        };
        let report = preview(project, Some(&mut *connection), request)?;
        if report.steps.is_empty() {
            return Ok(Copied::None(report));
        }
        let original = Self::read(project, &mut *connection)?;
        drop(connection);
        let (scratch, rows) = match original.copied(project, Rows::MadeUp) {
            Ok((scratch, without)) => {
                unplanted.extend(without);
                (scratch, Rows::MadeUp)
            }
            // A materialized view may fail on them.
            Err(error) => match original.copied(project, Rows::None) {
                Ok((scratch, _)) => (scratch, Rows::None),
                Err(_) => return Err(error),
            },
        };
        Ok(Copied::Schema(scratch, original, rows))
    }

    /// Reads the schema and the record in one snapshot.
    fn read(project: &Project, connection: &mut dyn Connection) -> Result<Self, Error> {
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let schema = present(project, Present::Database(connection))?;
        let ledger = project.ledger(Dialect::Postgres)?;
        let record = if connection.has_table(&ledger.name())? {
            let [version, running] = ledger.select_documents();
            Some([connection.firsts(&version)?, connection.firsts(&running)?])
        } else {
            None
        };
        connection.rollback()?;
        Ok(Self { schema, record })
    }

    /// Makes a database with the schema and the record; returns the tables without rows as well.
    fn copied(
        &self,
        project: &Project,
        rows: Rows,
    ) -> Result<(Box<dyn Scratch>, Vec<String>), Error> {
        let (mut scratch, unplanted) = copy(&self.schema, rows, &mut *empty(project)?)?;
        let connection = scratch.connection()?;
        connection.reset()?;
        if let Some(record) = &self.record {
            ensure_version(project, connection)?;
            for insert in project.ledger(Dialect::Postgres)?.insert_documents(record) {
                connection.execute(&insert)?;
            }
        }
        Ok((scratch, unplanted))
    }
}

/// Tells whether rows that were made up may be to blame for an error.
fn may_be_of_rows(error: &Error) -> bool {
    let Error::Run(run) = error.failure() else { return false };
    let (Failure::Statement { cause, .. } | Failure::Commit { cause, .. }) = &run.failure else {
        return false;
    };
    let DatabaseError::Sql(fault) = cause else { return false };
    let code = fault.code.as_deref().unwrap_or_default();
    OF_ROWS.iter().any(|class| code.starts_with(class))
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
