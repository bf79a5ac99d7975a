//! A project: its configuration and its revisions, read once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::{Config, ConfigError, Environment, Overrides, Timeouts};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::near::nearest;
use crate::revision::folder::{self, Contents, Depth};
use crate::revision::{Embedded, Graph, Revision, Source, Stranger, embedded, find};
use crate::script::Steps;
use crate::sql::Dialect;
use crate::url::{DatabaseUrl, Family};

/// A project as described by its files; no database is involved.
#[derive(Debug, Clone)]
pub struct Project {
    /// The configuration in force.
    pub config: Config,
    pub graph: Graph,
    /// Files of the versions folders that belong to no revision but may be migrations.
    pub strangers: Vec<Stranger>,
    /// The source of the current time.
    pub clock: Clock,
    /// The name recorded as having applied revisions; `None` is the user of the environment.
    pub applied_by: Option<String>,
    /// The program's code for revisions with the header `Run By: program`.
    pub steps: Steps,
    /// The folder for what can be found out again; without one nothing is kept.
    pub cache: Option<PathBuf>,
}

impl Project {
    /// Finds the configuration and reads all revisions.
    ///
    /// ```no_run
    /// use limbeck::config::{Environment, Overrides};
    /// use limbeck::project::Project;
    ///
    /// let project = Project::open(&Overrides::default(), &Environment::from_process()?)?;
    /// println!("{} revisions", project.graph.len());
    /// # Ok::<(), limbeck::Error>(())
    /// ```
    pub fn open(overrides: &Overrides, environment: &Environment) -> Result<Self, Error> {
        let config = Config::load(overrides, environment)?;
        let contents = folder::read(&config.versions, depth(&config))?;
        Self::new(config, contents)
    }

    /// Finds the configuration and reads the revisions as [`Project::open`] does; if some are
    /// invalid or form no graph, the project has the valid ones, and the faults are returned.
    pub fn open_what_can_be(
        overrides: &Overrides,
        environment: &Environment,
    ) -> Result<(Self, Vec<Error>), Error> {
        let config = Config::load(overrides, environment)?;
        let mut contents = folder::read_what_can_be(&config.versions, depth(&config));
        let mut faults: Vec<Error> = contents.faults.drain(..).map(Error::from).collect();
        let strangers = std::mem::take(&mut contents.strangers);
        let revisions = Arc::new(contents.revisions);
        let graph = if faults.is_empty() {
            Graph::of(Arc::clone(&revisions))
        } else {
            Ok(Graph::of_what_is_whole(revisions.to_vec()))
        };
        let graph = graph.unwrap_or_else(|error| {
            faults.push(error.into());
            Graph::of_what_is_whole(revisions.to_vec())
        });
        Ok((Self::with_graph(config, graph, strangers), faults))
    }

    /// Finds the configuration and reads no revisions, for commands on the database alone. Without
    /// a configuration, a URL of the command line or the environment is enough.
    pub fn of_database(overrides: &Overrides, environment: &Environment) -> Result<Self, Error> {
        let config = Config::load_or_url(overrides, environment)?;
        Ok(Self::with_graph(config, Graph::default(), Vec::new()))
    }

    /// Makes a project from a configuration and scripts that are built into the program.
    pub fn embedded(config: Config, scripts: Vec<Embedded>) -> Result<Self, Error> {
        Self::new(config, embedded::read(scripts)?)
    }

    fn new(config: Config, contents: Contents) -> Result<Self, Error> {
        let graph = Graph::new(contents.revisions)?;
        Ok(Self::with_graph(config, graph, contents.strangers))
    }

    fn with_graph(config: Config, graph: Graph, strangers: Vec<Stranger>) -> Self {
        let epoch = config.environment.get("SOURCE_DATE_EPOCH").map(str::parse);
        let clock = match epoch {
            Some(Ok(seconds)) => Clock::Fixed(seconds),
            Some(Err(_)) | None => Clock::System,
        };
        Self {
            config,
            graph,
            strangers,
            clock,
            applied_by: None,
            steps: Steps::default(),
            cache: None,
        }
    }

    /// Drops the revisions: then all that is known of applied ones comes from the database.
    #[must_use]
    pub fn without_revisions(self) -> Self {
        Self { graph: Graph::default(), ..self }
    }

    /// Finds up scripts by a path, a file name or an id, even if some can't be read.
    pub fn up_scripts(&self, name: &str) -> Vec<PathBuf> {
        find::up_scripts(&self.config.versions, depth(&self.config), name)
    }

    /// Returns the variables that `-x` gave and that neither a header nor `[variables]` declares.
    /// One that resembles a declared name is an error, since scripts would run with another value
    /// than was meant.
    pub fn undeclared_variables(&self) -> Result<Vec<&str>, Error> {
        let given = self.config.unwritten_variables();
        if given.is_empty() {
            return Ok(Vec::new());
        }
        let revisions = self.graph.revisions().iter();
        let declared: BTreeSet<&str> = revisions
            .flat_map(|it| it.header.extras.variables.iter())
            .map(String::as_str)
            .collect();
        let undeclared = given.iter().map(String::as_str).filter(|it| !declared.contains(it));
        // A name that is given too was not a typo of another.
        let open = declared.iter().copied().filter(|it| !self.config.is_given(it));
        let open: Vec<&str> = open.collect();
        let is_slip = |name: &&str| nearest(name, open.iter().copied()).is_some();
        let (slips, others): (Vec<_>, Vec<_>) = undeclared.partition(is_slip);
        match slips.first() {
            Some(name) => {
                let near = nearest(name, open.iter().copied()).unwrap_or_default().to_owned();
                Err(ConfigError::UndeclaredVariable { name: (*name).to_owned(), near }.into())
            }
            None => Ok(others),
        }
    }

    /// Returns the dialect of the configured database; SQLite's by default.
    pub fn dialect(&self) -> Result<Dialect, Error> {
        match self.config.url() {
            Ok(url) => Ok(match url.family() {
                Family::Sqlite => Dialect::Sqlite,
                Family::Postgres => Dialect::Postgres,
                Family::Mysql => Dialect::MySql,
            }),
            Err(ConfigError::NoUrl) => Ok(Dialect::Sqlite),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns the time limits of statements where a header sets none.
    pub fn timeouts(&self, dialect: Dialect) -> Timeouts {
        self.config.timeouts(match dialect {
            Dialect::Sqlite => Family::Sqlite,
            Dialect::Postgres => Family::Postgres,
            Dialect::MySql => Family::Mysql,
        })
    }

    /// Returns the version table as named on a connection: qualified by its database on MySQL,
    /// where scripts can change the current one, and by `main` on SQLite.
    pub fn ledger(&self, dialect: Dialect) -> Result<Ledger, Error> {
        let ledger = self.printed_ledger(dialect);
        match (dialect, self.config.url()?) {
            (Dialect::MySql, DatabaseUrl::Server(url)) => {
                let ledger = ledger.within(url.database.as_deref());
                if ledger.schema().is_none() {
                    return Err(ConfigError::NoDatabase { url: url.to_string() }.into());
                }
                Ok(ledger)
            }
            // No temporary table of a script hides it.
            (Dialect::Sqlite, _) => Ok(ledger.within(Some(Ledger::MAIN))),
            (Dialect::Postgres | Dialect::MySql, _) => Ok(ledger),
        }
    }

    /// Returns the version table that no script may change, qualified as far as it is known.
    pub fn ledger_to_spare(&self, dialect: Dialect) -> Ledger {
        self.ledger(dialect).unwrap_or_else(|_| self.printed_ledger(dialect))
    }

    /// Returns the version table as named by `--sql`: for whichever database the SQL is piped into.
    pub fn printed_ledger(&self, dialect: Dialect) -> Ledger {
        Ledger::new(&self.config.version_table.to_string(), dialect)
    }

    /// Returns the name recorded as having applied revisions.
    pub fn applied_by(&self) -> String {
        if let Some(name) = &self.applied_by {
            return name.clone();
        }
        let user =
            ["USER", "LOGNAME", "USERNAME"].iter().find_map(|it| self.config.environment.get(it));
        user.unwrap_or_default().to_owned()
    }

    /// Links the files' revisions with those that only the database stores.
    pub fn graph_with(&self, stored: Vec<Revision>) -> Result<Graph, Error> {
        debug_assert!(stored.iter().all(|it| matches!(it.source, Source::Stored { .. })));
        let mut revisions = self.graph.revisions().to_vec();
        revisions.extend(stored);
        Ok(Graph::new(revisions)?)
    }
}

fn depth(config: &Config) -> Depth {
    if config.recursive_version_locations { Depth::Recursive } else { Depth::Flat }
}
