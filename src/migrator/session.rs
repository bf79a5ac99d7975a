//! One connection, for several operations one after the other.

use std::fmt;
use std::sync::Arc;

use crate::autogenerate::Detail;
use crate::database::Connection;
use crate::error::Error;
use crate::migrator::Observer;
use crate::ops::{self, Check, Current, Observed, Report, Request, StampRequest, Status};
use crate::project::Project;
use crate::runner::Event;

/// A [`Migrator`](crate::Migrator) with a connection: its own, or one that the program lends.
pub struct Session<'c> {
    project: Arc<Project>,
    connection: Box<dyn Connection + 'c>,
    observer: Option<Observer>,
}

impl<'c> Session<'c> {
    pub(super) fn new(
        project: Arc<Project>,
        connection: Box<dyn Connection + 'c>,
        observer: Option<Observer>,
    ) -> Self {
        Self { project, connection, observer }
    }

    /// Upgrades as [`Migrator::upgrade`](crate::Migrator::upgrade) does.
    pub fn upgrade(&mut self, target: &str) -> Result<Report, Error> {
        self.run(&Request::upgrade(target))
    }

    /// Downgrades as [`Migrator::downgrade`](crate::Migrator::downgrade) does.
    pub fn downgrade(&mut self, target: &str) -> Result<Report, Error> {
        self.run(&Request::downgrade(target))
    }

    /// Upgrades or downgrades, with all that can be said about it.
    pub fn run(&mut self, request: &Request<'_>) -> Result<Report, Error> {
        let observer = self.observer.clone();
        ops::migrate(&self.project, &mut *self.connection, request, &mut hear(observer.as_ref()))
    }

    /// Stamps as [`Migrator::stamp`](crate::Migrator::stamp) does.
    pub fn stamp(&mut self, target: &str) -> Result<Report, Error> {
        let targets = [target.to_owned()];
        let request = StampRequest::new(&targets);
        let observer = self.observer.clone();
        ops::stamp(&self.project, &mut *self.connection, &request, &mut hear(observer.as_ref()))
    }

    /// Finds what [`Session::run`] would do; nothing is changed.
    pub fn plan(&mut self, request: &Request<'_>) -> Result<Report, Error> {
        ops::preview(&self.project, Some(&mut *self.connection), request)
    }

    /// Tells where the database stands.
    pub fn current(&mut self) -> Result<Current, Error> {
        Ok(ops::current(&Observed::read(&self.project, Some(&mut *self.connection))?))
    }

    /// Lists the revisions as [`Migrator::status`](crate::Migrator::status) does.
    pub fn status(&mut self) -> Result<Vec<Status>, Error> {
        status(&self.project, Some(&mut *self.connection))
    }

    /// Compares the database with the revisions, and with the desired schema if the project has one.
    pub fn check(&mut self) -> Result<Check, Error> {
        let observed = Observed::read(&self.project, Some(&mut *self.connection))?;
        ops::check_schemas(
            &self.project,
            &observed,
            Some(&mut *self.connection),
            Detail::Statements,
        )
    }

    /// Returns the connection, for statements of the program's own.
    pub fn connection(&mut self) -> &mut (dyn Connection + 'c) {
        &mut *self.connection
    }
}

/// Reads how each revision stands; without a database none is applied.
pub(super) fn status(
    project: &Project,
    mut connection: Option<&mut (dyn Connection + '_)>,
) -> Result<Vec<Status>, Error> {
    let observed = Observed::read(project, connection.as_deref_mut())?;
    let rows = ops::rows(project, connection)?;
    ops::status(&observed, &rows)
}

/// Returns what passes events to an observer, if there is one.
fn hear(observer: Option<&Observer>) -> impl FnMut(Event<'_>) {
    move |event| {
        if let Some(observer) = observer {
            observer(&event);
        }
    }
}

/// Tells what the connection leads to.
impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("to", &self.connection.describe()).finish_non_exhaustive()
    }
}
