//! The library's face: a program that brings its own database to where its revisions want it.
//!
//! It adds nothing to the operations of [`crate::ops`] but the way in: from a project's folder or from
//! scripts in the program itself, on a URL or on a connection that the program holds.

mod session;
mod versions;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::autogenerate::Detail;
use crate::config::{
    Config, ConfigError, Environment, LockMode, Overrides, TransactionMode, VersionTable,
};
use crate::database::{Access, Lend, Lent, NativeLock};
use crate::error::Error;
use crate::ops::{self, Check, Current, Observed, Report, Request, StampRequest, Status};
use crate::project::Project;
use crate::revision::{Graph, RunBy};
use crate::runner::Event;
use crate::script::Step;

pub use session::Session;
pub use versions::Versions;

/// A callback for every event.
type Observer = Arc<dyn Fn(&Event<'_>) + Send + Sync>;

/// Brings a database to a revision, tells where it stands, and what is missing.
///
/// It is made once, of [embedded](Self::embedded) scripts or of a project's [folder](Self::open), and
/// told what it needs to know by the methods that take and return it. Each of its operations opens
/// a connection of its own; [`Migrator::connect`] opens one for several, and [`Migrator::on`] borrows
/// the program's.
///
/// ```
/// static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
///
/// # let folder = tempfile::tempdir()?;
/// # let url = format!("sqlite:{}", folder.path().join("app.db").display());
/// let migrator = limbeck::Migrator::embedded(&VERSIONS)?.url(&url)?.applied_by("app 1.2");
/// assert_eq!(migrator.upgrade("head")?.steps.len(), 8);
/// assert_eq!(migrator.upgrade("head")?.steps.len(), 0);
/// assert_eq!(migrator.current()?.pending, 0);
/// migrator.downgrade("-1")?;
/// assert_eq!(migrator.check()?.pending.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Of several processes that start at once one upgrades; the others wait, and find nothing to do.
#[derive(Clone)]
pub struct Migrator {
    project: Arc<Project>,
    observer: Option<Observer>,
}

impl Migrator {
    /// Opens the project in a folder: its `migrate.toml`, and the scripts that this names.
    ///
    /// What isn't in the file, such as the URL's `${DATABASE_URL}`, comes from the environment of
    /// the process and from a `.env` file beside it, as for the program `migrate`.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        let config = Some(folder.as_ref().join("migrate.toml"));
        let overrides = Overrides { config, ..Overrides::default() };
        Ok(Self::of(Project::open(&overrides, &Environment::from_process()?)?))
    }

    /// Takes the scripts that the program was built with. No file is read, and the environment says
    /// only what database clients take from it (`PGPASSWORD` and the like), not which database.
    ///
    /// Everything that can be wrong with the graph of revisions is found here.
    pub fn embedded(versions: &Versions) -> Result<Self, Error> {
        let mut config = Config::of_program(Environment::of_program()?)?;
        // A `schema.sql` that happens to lie in the working folder is none of the program's.
        config.schema = std::path::PathBuf::new();
        Ok(Self::of(Project::embedded(config, versions.scripts()?)?))
    }

    fn of(project: Project) -> Self {
        Self { project: Arc::new(project), observer: None }
    }

    /// Sets the database's URL: `sqlite:PATH`, `postgres://…`, `mysql://…`. A relative path starts from
    /// the working folder.
    pub fn url(self, url: &str) -> Result<Self, Error> {
        self.try_set(|config| config.set_url(url))
    }

    /// Sets the version table's name, `migrate_version` if nothing is said; on PostgreSQL a schema may
    /// go before.
    pub fn version_table(self, name: &str) -> Result<Self, Error> {
        let table = VersionTable::parse(name)
            .map_err(|source| ConfigError::GivenVersionTable { name: name.to_owned(), source })?;
        Ok(self.set(|config| config.version_table = table))
    }

    /// Sets the value of a variable for scripts whose headers declare it.
    #[must_use]
    pub fn variable(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(|config| config.set_variable(name, value))
    }

    /// Sets how long another process that migrates the same database is waited for; a minute if
    /// nothing is said.
    #[must_use]
    pub fn lock_timeout(self, timeout: Duration) -> Self {
        self.set(|config| config.lock_timeout = timeout)
    }

    /// Sets what keeps others out, where the engine's own way can't be used: behind a pooler that
    /// hands one session to several clients, or on a server without locks.
    #[must_use]
    pub fn lock(self, mode: LockMode) -> Self {
        self.set(|config| config.lock = Some(mode))
    }

    /// Sets how long a server that doesn't answer yet is waited for; not at all if nothing is said.
    #[must_use]
    pub fn wait(self, patience: Duration) -> Self {
        self.set(|config| config.wait = patience)
    }

    /// Sets how much one transaction holds; a revision if nothing is said.
    #[must_use]
    pub fn transaction(self, mode: TransactionMode) -> Self {
        self.set(|config| config.transaction = mode)
    }

    /// Sets who is recorded as having applied a revision; the system's user if nothing is said.
    #[must_use]
    pub fn applied_by(mut self, name: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.project).applied_by = Some(name.into());
        self
    }

    /// Gives a revision its code: one whose head says `-- Run By: program` instead of having statements.
    ///
    /// ```
    /// use limbeck::Step;
    ///
    /// let up = "-- fold the names\n--\n-- Revision ID: 1f0e\n-- Revises:\n-- Run By: program\n";
    /// let fold = Step::code(|tx| {
    ///     for row in tx.query("SELECT 'Straße'")? {
    ///         let name = row[0].as_deref().unwrap_or_default().to_lowercase();
    ///         let name = limbeck::sql::quote_literal(&name, tx.dialect());
    ///         tx.execute(&format!("CREATE TABLE folded AS SELECT {name} AS name"))?;
    ///     }
    ///     Ok(())
    /// });
    /// let fold = fold.reversed_by(|tx| Ok(tx.execute("DROP TABLE folded").map(drop)?));
    /// let versions = limbeck::Versions::of([("1_fold.up.sql", up)]);
    /// let migrator = limbeck::Migrator::embedded(&versions)?.step("1f0e", fold)?;
    /// let mut session = migrator.url("sqlite::memory:")?.connect()?;
    /// session.upgrade("head")?;
    /// session.downgrade("base")?;
    /// # Ok::<(), limbeck::Error>(())
    /// ```
    ///
    /// The program `migrate` shows such a revision like any other, and leaves running it to the program.
    pub fn step(mut self, revision: &str, step: Step) -> Result<Self, Error> {
        let graph = &self.project.graph;
        let node = graph.find(revision);
        let node = node.filter(|it| graph.revision(*it).header.extras.run_by == RunBy::Program);
        let missing = || Error::NoProgramStep { revision: revision.to_owned() };
        let id = graph.id(node.ok_or_else(missing)?).clone();
        Arc::make_mut(&mut self.project).steps.insert(id, step);
        Ok(self)
    }

    /// Has a function called with everything that happens: for logs and progress.
    ///
    /// It is called on the thread that migrates, in the middle of its work, so it should be quick.
    ///
    /// ```
    /// use limbeck::runner::Event;
    /// # static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
    ///
    /// let migrator = limbeck::Migrator::embedded(&VERSIONS)?.on_event(|event| match event {
    ///     Event::Waiting(waiting) => eprintln!("waiting for {:?}", waiting.holder),
    ///     Event::Finished(unit, took) => eprintln!("{} {} ({took:?})", unit.revision, unit.message),
    ///     _ => {}
    /// });
    /// # assert_eq!(migrator.url("sqlite::memory:")?.upgrade("3e6093e7bbdc")?.steps.len(), 1);
    /// # Ok::<(), limbeck::Error>(())
    /// ```
    #[must_use]
    pub fn on_event(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Returns the project: what the operations of [`crate::ops`] take.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// Returns the graph of revisions.
    pub fn graph(&self) -> &Graph {
        &self.project.graph
    }

    /// Upgrades to a revision: an id or its beginning, `head`, `heads`, `+2`, `LABEL@head` and so on.
    pub fn upgrade(&self, target: &str) -> Result<Report, Error> {
        self.run(&Request::upgrade(target))
    }

    /// Downgrades to a revision: an id or its beginning, `base`, `-1`, `LABEL@base` and so on.
    pub fn downgrade(&self, target: &str) -> Result<Report, Error> {
        self.run(&Request::downgrade(target))
    }

    /// Records a revision and all that it builds on as applied, and runs nothing: for a database that was
    /// made in another way. `base` empties the record.
    ///
    /// ```
    /// # static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
    /// use limbeck::ops::Standing;
    ///
    /// let mut session = limbeck::Migrator::embedded(&VERSIONS)?.url("sqlite::memory:")?.connect()?;
    /// session.stamp("3e6093e7bbdc")?;
    /// let status = session.status()?;
    /// assert_eq!(status[0].revision.as_str(), "3e6093e7bbdc");
    /// assert_eq!(status[0].standing, Standing::Applied);
    /// assert_eq!(status[1].standing, Standing::Pending);
    /// # Ok::<(), limbeck::Error>(())
    /// ```
    pub fn stamp(&self, target: &str) -> Result<Report, Error> {
        if ops::is_missing(&self.project)? {
            // What can't be planned leaves no empty database behind.
            ops::preview_stamp(&self.project, &StampRequest::new(&[target.to_owned()]))?;
        }
        self.connect()?.stamp(target)
    }

    /// Upgrades or downgrades, with all that can be said about it.
    pub fn run(&self, request: &Request<'_>) -> Result<Report, Error> {
        self.connect()?.run(request)
    }

    /// Finds what [`Migrator::run`] would do; nothing is changed, and the database needn't be there.
    pub fn plan(&self, request: &Request<'_>) -> Result<Report, Error> {
        let mut connection = ops::open(&self.project, Access::Read)?;
        ops::preview(&self.project, connection.as_deref_mut(), request)
    }

    /// Tells where the database stands; one that isn't there yet stands at the base.
    pub fn current(&self) -> Result<Current, Error> {
        let mut connection = ops::open(&self.project, Access::Read)?;
        Ok(ops::current(&Observed::read(&self.project, connection.as_deref_mut())?))
    }

    /// Lists every revision and how it stands, in the order in which an upgrade from nothing runs them.
    pub fn status(&self) -> Result<Vec<Status>, Error> {
        let mut connection = ops::open(&self.project, Access::Read)?;
        session::status(&self.project, connection.as_deref_mut())
    }

    /// Compares the database with the revisions, and with the desired schema if the project has one.
    pub fn check(&self) -> Result<Check, Error> {
        let mut connection = ops::open(&self.project, Access::Read)?;
        let observed = Observed::read(&self.project, connection.as_deref_mut())?;
        ops::check_schemas(&self.project, &observed, connection.as_deref_mut(), Detail::Statements)
    }

    /// Connects, for several operations one after the other.
    pub fn connect(&self) -> Result<Session<'static>, Error> {
        let connection = ops::open_to_write(&self.project)?;
        Ok(Session::new(Arc::clone(&self.project), connection, self.observer.clone()))
    }

    /// Borrows a connection that the program holds, for several operations one after the other.
    ///
    /// ```
    /// # static VERSIONS: limbeck::Versions = limbeck::versions!("$CARGO_MANIFEST_DIR/versions");
    /// let mut connection = rusqlite::Connection::open_in_memory()?;
    /// limbeck::Migrator::embedded(&VERSIONS)?.on(&mut connection)?.upgrade("head")?;
    /// let users = connection.query_row("SELECT count(*) FROM users", [], |row| row.get(0));
    /// assert_eq!(users, Ok(0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn on<'c>(&self, connection: &'c mut impl Lend) -> Result<Session<'c>, Error> {
        let Lent { connection, url } = connection.lend(self.project.config.lock_timeout)?;
        let mut project = Arc::clone(&self.project);
        if project.config.url().is_err() {
            let engine = connection.engine();
            let is_lease = project.config.lock == Some(LockMode::Lease)
                || engine.native_lock() == NativeLock::None;
            if is_lease {
                return Err(Error::LeaseNeedsUrl { engine: engine.name() });
            }
            Arc::make_mut(&mut project).config.take_url(url);
        }
        Ok(Session::new(project, connection, self.observer.clone()))
    }

    fn set(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut Arc::make_mut(&mut self.project).config);
        self
    }

    fn try_set(
        mut self,
        change: impl FnOnce(&mut Config) -> Result<(), ConfigError>,
    ) -> Result<Self, Error> {
        change(&mut Arc::make_mut(&mut self.project).config)?;
        Ok(self)
    }
}

/// Writes what holds no secret.
impl fmt::Debug for Migrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.project.config.url().ok();
        f.debug_struct("Migrator")
            .field("revisions", &self.project.graph.len())
            .field("url", &url)
            .finish_non_exhaustive()
    }
}
