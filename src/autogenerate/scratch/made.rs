//! Scratch databases on servers: databases of their own beside the project's, or on a server that is
//! there for them.
//!
//! A database is made when it is first asked for, and dropped with its value; the next run sweeps
//! up what a killed one left. The project's own database is only read.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::autogenerate::ddl::Stage;
use crate::autogenerate::scratch::{mysql, postgres};
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::database::{Connection, Options};
use crate::sql::Dialect;
use crate::url::{Family, ServerUrl};

thread_local! {
    /// The servers of living values: several values share a session that makes databases.
    static SERVERS: RefCell<Vec<Weak<RefCell<dyn Server>>>> = const { RefCell::new(Vec::new()) };
}

/// A server for scratch databases, connected to when the first is made.
pub(super) trait Server {
    fn dialect(&self) -> Dialect;

    /// Tells whether it is the server for the same two URLs.
    fn is_of(&self, target: &ServerUrl, given: Option<&ServerUrl>) -> bool;

    /// Makes an empty database, and returns its name.
    fn create(&mut self) -> Result<String, AutogenerateError>;

    /// Makes a copy of a database to which nobody is connected, and returns its name; none if the
    /// server copies no databases.
    fn copy(&mut self, of: &str) -> Result<Option<String>, AutogenerateError>;

    /// Connects to a scratch database.
    fn connect_to(&self, name: &str) -> Result<Box<dyn Connection>, AutogenerateError>;

    /// Describes the server and what new databases take from the project's.
    fn surroundings(&mut self) -> Result<String, AutogenerateError>;

    /// Drops a scratch database; what fails is swept up by a later run.
    fn drop_database(&mut self, name: &str);
}

/// A database that may not be made yet.
pub(super) struct Made {
    server: Rc<RefCell<dyn Server>>,
    name: Option<String>,
    /// The connection, unless the database was copied since.
    connection: Option<Box<dyn Connection>>,
    /// The extensions that it doesn't get.
    skips: Rc<[String]>,
    has_rights: bool,
}

impl Made {
    /// Makes no database yet, nor a connection.
    pub(super) fn new(target: &ServerUrl, given: Option<&ServerUrl>, options: &Options) -> Self {
        Self::on(SERVERS.with_borrow_mut(|servers| {
            let living = servers.iter().filter_map(Weak::upgrade);
            let living: Vec<Rc<RefCell<dyn Server>>> = living.collect();
            if let Some(known) = living.iter().find(|it| it.borrow().is_of(target, given)) {
                return Rc::clone(known);
            }
            let new: Rc<RefCell<dyn Server>> = match target.scheme.family() {
                Family::Mysql => Rc::new(RefCell::new(mysql::Server::new(target, given, options))),
                Family::Postgres | Family::Sqlite => {
                    Rc::new(RefCell::new(postgres::Server::new(target, given, options)))
                }
            };
            *servers = living.iter().chain([&new]).map(Rc::downgrade).collect();
            new
        }))
    }

    /// Keeps extensions from this database and its forks.
    pub(super) fn without(mut self, skips: &[String]) -> Self {
        self.skips = skips.into();
        self
    }

    fn on(server: Rc<RefCell<dyn Server>>) -> Self {
        let (name, connection, skips) = (None, None, Rc::default());
        Self { server, name, connection, skips, has_rights: false }
    }

    fn open(&mut self) -> Result<Box<dyn Connection>, AutogenerateError> {
        let mut server = self.server.borrow_mut();
        let name = match self.name.take() {
            Some(name) => name,
            None => server.create()?,
        };
        let name = self.name.insert(name);
        server.connect_to(name)
    }

    /// Returns a copy of the database, if the server makes one.
    fn copied(&mut self) -> Result<Option<String>, AutogenerateError> {
        let Some(name) = self.name.clone() else { return Ok(None) };
        // The server copies a database only while nobody is connected to it.
        self.connection = None;
        self.server.borrow_mut().copy(&name)
    }
}

impl Scratch for Made {
    fn dialect(&self) -> Dialect {
        self.server.borrow().dialect()
    }

    fn connection(&mut self) -> Result<&mut dyn Connection, AutogenerateError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        Ok(&mut **self.connection.insert(connection))
    }

    fn skips(&self) -> &[String] {
        &self.skips
    }

    fn surroundings(&mut self) -> Result<Option<String>, AutogenerateError> {
        self.server.borrow_mut().surroundings().map(Some)
    }

    fn compare_rights(&mut self) {
        self.has_rights = true;
    }

    fn has_rights(&self) -> bool {
        self.has_rights
    }

    fn fork(&mut self) -> Result<Box<dyn Scratch>, AutogenerateError> {
        let mut res = Self::on(Rc::clone(&self.server));
        res.skips = Rc::clone(&self.skips);
        res.has_rights = self.has_rights;
        res.name = self.copied()?;
        if self.name.is_some() && res.name.is_none() {
            let content = (self as &mut dyn Scratch).catalog()?;
            let copy: &mut dyn Scratch = &mut res;
            copy.make(&content, Stage::BeforeRows)?;
            copy.make(&content, Stage::AfterRows)?;
        }
        Ok(Box::new(res))
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        self.connection = None;
        if let Some(name) = &self.name {
            self.server.borrow_mut().drop_database(name);
        }
    }
}
