//! A project and a database of one driver.

use std::fs;

use limbeck::Error;
use limbeck::config::{Environment, Overrides};
use limbeck::ops::{self, Direction, Report, Request, Resume};
use limbeck::project::Project;
use tempfile::TempDir;

use crate::driver::{Base, DRIVERS, Driver};

/// A project, its folder gone with the value.
pub(crate) struct Bench {
    pub(crate) driver: &'static Driver,
    pub(crate) base: Base,
    folder: TempDir,
}

/// Runs a check on a new bench of every driver.
pub(crate) fn each(check: impl Fn(&Bench)) {
    for driver in DRIVERS {
        if let Some(bench) = Bench::new(driver) {
            check(&bench);
        }
    }
}

impl Bench {
    /// Makes a bench; none if the driver's server is left out on demand.
    pub(crate) fn new(driver: &'static Driver) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let base = (driver.create)(folder.path())?;
        let bench = Self { driver, base, folder };
        bench.write("migrate.toml", &format!("[migrate]\nurl = '{}'\n", bench.base.url()));
        fs::create_dir(bench.folder.path().join("versions")).unwrap();
        Some(bench)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Writes a revision; `keys` are further lines of its header.
    pub(crate) fn revision(&self, id: &str, parent: &str, keys: &str, up: &str, down: &str) {
        let head = format!("-- make {id}\n--\n-- Revision ID: {id}\n-- Revises: {parent}\n{keys}");
        self.write(&format!("versions/{id}.up.sql"), &format!("{head}\n{up}\n"));
        self.write(&format!("versions/{id}.down.sql"), &format!("{down}\n"));
    }

    /// Writes revisions in a line, each of which makes a table of its name.
    pub(crate) fn line(&self, ids: &[&str]) {
        let mut parent = "";
        for id in ids {
            let up = format!("CREATE TABLE t_{id} (id INTEGER PRIMARY KEY);");
            self.revision(id, parent, "", &up, &format!("DROP TABLE t_{id};"));
            parent = id;
        }
    }

    /// Deletes both scripts of a revision.
    pub(crate) fn forget(&self, id: &str) {
        for end in ["up", "down"] {
            fs::remove_file(self.folder.path().join(format!("versions/{id}.{end}.sql"))).unwrap();
        }
    }

    /// Opens the project anew, as another process would.
    pub(crate) fn project(&self) -> Project {
        let environment = Environment::new(self.folder.path(), [("USER", "me")]);
        Project::open(&Overrides::default(), &environment).unwrap()
    }

    /// Upgrades or downgrades.
    pub(crate) fn run(&self, direction: Direction, target: &str) -> Result<Report, Error> {
        self.request(&Request::new(direction, target))
    }

    /// Goes on with what stopped partway.
    pub(crate) fn resume(&self, target: &str) -> Result<Report, Error> {
        self.request(&Request::upgrade(target).resume(Resume::GoOn))
    }

    fn request(&self, request: &Request<'_>) -> Result<Report, Error> {
        let project = self.project();
        let mut connection = ops::open_to_write(&project).unwrap();
        ops::migrate(&project, &mut *connection, request, &mut |_| {})
    }

    /// Asks the database with a client of the test's own.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        self.base.query(sql)
    }

    /// Returns the tables that the scripts made.
    pub(crate) fn tables(&self) -> Vec<String> {
        self.query(self.driver.tables)
    }

    /// Returns the applied revisions in their order.
    pub(crate) fn applied(&self) -> Vec<String> {
        self.query("SELECT revision FROM migrate_version ORDER BY position")
    }
}
