//! PostgreSQL's scratch databases: databases of their own beside the project's, or on a server that
//! is there for them.
//!
//! A database is made when it is first asked for, and dropped with its value; the next run sweeps
//! up what a killed one left. The project's own database is only read.

mod like;
mod server;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use crate::autogenerate::scratch::postgres::server::Server;
use crate::autogenerate::{AutogenerateError, Scratch};
use crate::database::{Connection, Options};
use crate::sql::Dialect;
use crate::url::ServerUrl;

pub(super) use crate::autogenerate::scratch::postgres::server::{drop_statement, open_maker};

thread_local! {
    /// The servers of living values: several values share a session that makes databases.
    static SERVERS: RefCell<Vec<Weak<RefCell<Server>>>> = const { RefCell::new(Vec::new()) };
}

/// A database that may not be made yet.
pub(super) struct Made {
    server: Rc<RefCell<Server>>,
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
            let living: Vec<Rc<RefCell<Server>>> = living.collect();
            if let Some(known) = living.iter().find(|it| it.borrow().is_of(target, given)) {
                return Rc::clone(known);
            }
            let new = Rc::new(RefCell::new(Server::new(target, given, options)));
            *servers = living.iter().chain([&new]).map(Rc::downgrade).collect();
            new
        }))
    }

    /// Keeps extensions from this database and its forks.
    pub(super) fn without(mut self, skips: &[String]) -> Self {
        self.skips = skips.into();
        self
    }

    fn on(server: Rc<RefCell<Server>>) -> Self {
        let (name, connection, skips) = (None, None, Rc::default());
        Self { server, name, connection, skips, has_rights: false }
    }

    fn open(&mut self) -> Result<Box<dyn Connection>, AutogenerateError> {
        let mut server = self.server.borrow_mut();
        let name = match self.name.take() {
            Some(name) => name,
            None => server.create(None)?,
        };
        let name = self.name.insert(name);
        server.connect_to(name)
    }
}

impl Scratch for Made {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
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
        if let Some(name) = &self.name {
            // The server copies a database only while nobody is connected to it.
            self.connection = None;
            res.name = Some(self.server.borrow_mut().create(Some(name))?);
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
