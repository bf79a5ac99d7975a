//! The context of a command: the environment, the project, the output.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use limbeck::config::{Environment, Overrides, TransactionMode};
use limbeck::database::{Access, Connection};
use limbeck::ops::{self, Consent, Observed};
use limbeck::project::Project;

use crate::cli::Globals;
use crate::output::graph::Charset;
use crate::output::{Output, visible};
use crate::program;

const CONFIG: &str = "migrate.toml";

/// The global options and the project they lead to, opened on demand.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    globals: Globals,
    environment: Environment,
    pub(crate) output: &'a mut Output,
}

/// A project that may lack some of its scripts, for commands that don't need all.
pub(crate) struct Readable {
    /// The project with the valid scripts.
    pub(crate) project: Project,
    pub(crate) faults: Vec<limbeck::Error>,
    /// The project without its revisions, if they and the applied ones form no graph.
    bare: OnceCell<Project>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(globals: Globals, output: &'a mut Output) -> anyhow::Result<Self> {
        let environment = Environment::from_process().map_err(limbeck::Error::from)?;
        let is_utf8 = environment.has_utf8_terminal();
        let charset = if is_utf8 { Charset::Unicode } else { Charset::Ascii };
        output.settle(environment.folder(), charset);
        Ok(Self { globals, environment, output })
    }

    pub(crate) fn project(&mut self) -> anyhow::Result<Project> {
        self.project_with(None)
    }

    /// Opens the project with an override of the transaction mode.
    pub(crate) fn project_with(
        &mut self,
        transaction: Option<TransactionMode>,
    ) -> anyhow::Result<Project> {
        let project = Project::open(&self.overrides(transaction), &self.environment)?;
        self.warn_of_variables(&project)?;
        self.warn_of_orphans(&project);
        Ok(project)
    }

    /// Opens the project for a command on the database alone: no script is read, and a URL is
    /// enough.
    pub(crate) fn database(&mut self) -> anyhow::Result<Project> {
        Ok(Project::of_database(&self.overrides(None), &self.environment)?)
    }

    /// Opens the project for a command that doesn't need all scripts: invalid ones are warned of
    /// and returned.
    pub(crate) fn readable(&mut self) -> anyhow::Result<Readable> {
        let found = Project::open_what_can_be(&self.overrides(None), &self.environment)?;
        let (project, faults) = found;
        for fault in &faults {
            self.output.warning(&self.output.fault(fault));
        }
        if faults.is_empty() {
            self.warn_of_variables(&project)?;
        }
        self.warn_of_orphans(&project);
        Ok(Readable { project, faults, bare: OnceCell::new() })
    }

    fn warn_of_variables(&self, project: &Project) -> anyhow::Result<()> {
        for name in project.undeclared_variables()? {
            let name = visible(name);
            self.output.warning(&format!(
                "no header declares the variable `{name}` of `-x`: `-- Variables: {name}` would"
            ));
        }
        Ok(())
    }

    fn warn_of_orphans(&self, project: &Project) {
        for orphan in project.strangers.iter().filter(|it| it.is_orphan()) {
            let path = self.output.path(&orphan.path);
            self.output.warning(&format!("`{path}` has no up script beside it"));
        }
    }

    fn overrides(&self, transaction: Option<TransactionMode>) -> Overrides {
        Overrides {
            config: self.globals.config.clone(),
            environment: self.globals.name.clone(),
            url: self.globals.url.clone(),
            lock_timeout: self.globals.lock_timeout.clone(),
            wait: self.globals.wait.clone(),
            variables: self.globals.variables.clone(),
            transaction,
        }
    }

    pub(crate) fn new_config(&self) -> PathBuf {
        let name = self.globals.config.clone().unwrap_or_else(|| PathBuf::from(CONFIG));
        self.environment.folder().join(name)
    }

    /// Returns a path of the command line, made absolute.
    pub(crate) fn absolute(&self, path: &Path) -> PathBuf {
        self.environment.folder().join(path)
    }

    /// Returns the path given by `--output`, made absolute; `-` is standard output.
    pub(crate) fn output_file(&self, given: Option<&Path>) -> Option<PathBuf> {
        given.filter(|it| *it != Path::new("-")).map(|it| self.absolute(it))
    }

    /// Determines whether the user confirms an operation on a protected environment; `plan`
    /// describes it, or returns none if nothing needs confirmation.
    ///
    /// On a terminal the environment's name has to be typed, since a y is typed too easily.
    pub(crate) fn consent(
        &self,
        project: &Project,
        yes: bool,
        plan: impl FnOnce() -> anyhow::Result<Option<String>>,
    ) -> anyhow::Result<Consent> {
        if yes || !project.config.protected || !self.output.can_ask() {
            return Ok(if yes { Consent::Given } else { Consent::Missing });
        }
        let Some(plan) = plan()? else { return Ok(Consent::Missing) };
        let name = project.config.name.as_deref().unwrap_or("migrate");
        let plan = visible(&plan);
        let question = format!("{plan}\nThe environment is protected. Type `{name}` to continue: ");
        let agrees = self.output.ask(&question)?.is_some_and(|answer| answer.trim() == name);
        Ok(if agrees { Consent::Given } else { Consent::Missing })
    }

    /// Reports that the database doesn't exist yet, if so; the result is for the document.
    pub(crate) fn tell_missing(&self, project: &Project) -> anyhow::Result<Option<bool>> {
        if !ops::is_missing(project)? {
            return Ok(None);
        }
        let url = project.config.url().map_err(limbeck::Error::from)?.to_string();
        let name = program::name();
        self.output.message(&format!(
            "There is no database `{}` yet: `{name} upgrade` creates it.",
            visible(&url)
        ));
        Ok(Some(false))
    }

    pub(crate) fn url(&self) -> Option<String> {
        self.globals.url.clone()
    }

    /// Returns the folder for the state of the user's programs.
    pub(crate) fn state_folder(&self) -> Option<PathBuf> {
        self.environment.state_folder()
    }

    /// Returns the folder for what the program can find out again.
    pub(crate) fn cache_folder(&self) -> Option<PathBuf> {
        Some(self.environment.cache_folder()?.join("migrate"))
    }

    pub(crate) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name)
    }
}

impl From<Project> for Readable {
    fn from(project: Project) -> Self {
        Self { project, faults: Vec::new(), bare: OnceCell::new() }
    }
}

impl Readable {
    /// Reads the state of the database; where scripts are invalid, its rows replace them.
    pub(crate) fn observe(
        &self,
        connection: Option<&mut (dyn Connection + '_)>,
    ) -> anyhow::Result<Observed<'_>> {
        let Some(connection) = connection else { return Ok(Observed::read(&self.project, None)?) };
        let observed = Observed::read(&self.project, Some(&mut *connection));
        if self.faults.is_empty() {
            return Ok(observed?);
        }
        let mut observed = match observed {
            Err(limbeck::Error::Graph(_)) => {
                let bare = self.bare.get_or_init(|| self.project.clone().without_revisions());
                Observed::read(bare, Some(connection))?
            }
            observed => observed?,
        };
        // A revision without a file can't be told from one with an invalid file.
        observed.unknown.clear();
        Ok(observed)
    }
}

/// Reads the state of a project's database; nothing is created.
pub(crate) fn observe(project: &Project) -> anyhow::Result<Observed<'_>> {
    let mut connection = ops::open(project, Access::Read)?;
    Ok(Observed::read(project, connection.as_deref_mut())?)
}

/// Describes the files as if nothing were applied.
pub(crate) fn files_only(project: &Project) -> anyhow::Result<Observed<'_>> {
    Ok(Observed::read(project, None)?)
}
