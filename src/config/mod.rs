//! `migrate.toml` and the environment: the settings of a run, apart from the command itself.
//!
//! It is the only reader of the environment; it reads no script and makes no connection. A value is
//! evaluated when it is needed: `heads` works without a database URL, and without the variables of
//! an environment that is not chosen. None of its `Debug` output and errors shows a URL or a
//! variable's value.

mod autogenerate;
mod choice;
mod connection;
mod environment;
mod error;
mod file_template;
mod hooks;
mod load;
mod password;
mod place;
mod placeholder;
mod section;
mod table;
#[cfg(test)]
mod testing;

mod timeouts;
mod urls;
mod variables;
mod version_table;
mod without_file;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::config::connection::Surroundings;
use crate::config::place::{Document, Located};
use crate::config::section::{KEYS, Section, Sections};
use crate::config::table::{TOP_LEVEL, TomlTable};
use crate::config::timeouts::TimeoutKeys;
use crate::config::urls::Urls;
use crate::config::variables::Variables;
use crate::url::{DatabaseUrl, Family};

pub use crate::config::autogenerate::{Autogenerate, Destructive, SqliteVersion};
pub use crate::config::environment::Environment;
pub use crate::config::error::ConfigError;
pub use crate::config::file_template::{FileTemplate, FileTemplateError, Piece, Token};
pub use crate::config::hooks::PostWriteHook;
pub use crate::config::load::environments;
pub use crate::config::place::Origin;
pub use crate::config::timeouts::Timeouts;
pub use crate::config::version_table::{VersionTable, VersionTableError};

/// The configuration in force: the environment chosen over `[migrate]`, and the overrides over
/// both. Paths are absolute if the working folder is.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a key of the file")]
pub struct Config {
    /// The path of the configuration file.
    pub file: PathBuf,
    /// The folder of the file, from which relative paths start.
    pub folder: PathBuf,
    /// The name of the `[env.NAME]` chosen.
    pub name: Option<String>,
    /// Whether destructive commands need confirmation.
    pub protected: bool,
    /// The folders of revision scripts, at least one.
    pub versions: Vec<PathBuf>,
    /// Whether subfolders of those are searched too.
    pub recursive_version_locations: bool,
    /// The desired schema: a file, or a folder of files.
    pub schema: PathBuf,
    /// Whether the schema was configured, and so must exist.
    pub schema_required: bool,
    /// The name of the version table, schema included.
    pub version_table: VersionTable,
    /// The template for the names of new files.
    pub file_template: FileTemplate,
    /// The maximum length of the slug in a file's name.
    pub truncate_slug_length: usize,
    /// The time zone in which new revisions are dated.
    pub timezone: Timezone,
    /// The scope of a transaction.
    pub transaction: TransactionMode,
    /// Whether successive revisions share a commit (SQLite).
    pub group_commit: bool,
    /// The kind of lock that keeps other runs out; `None` is the engine's default.
    pub lock: Option<LockMode>,
    /// How long to wait for the lock of another run.
    pub lock_timeout: Duration,
    /// How long to wait for a server that does not answer yet; zero is a single try.
    pub wait: Duration,
    /// The extensions that scratch databases don't have.
    pub scratch_skip_extensions: Vec<String>,
    /// The settings of `revision --autogenerate`.
    pub autogenerate: Autogenerate,
    /// The commands to run on new files, in order.
    pub post_write: Vec<PostWriteHook>,
    /// The environment, with the variables of `.env`.
    pub environment: Environment,
    urls: Urls,
    variables: Variables,
    postgres_timeouts: Timeouts,
    mysql_timeouts: Timeouts,
}

/// The values of the command line, which take precedence over the configuration.
#[derive(Clone, Default)]
pub struct Overrides {
    /// The path given by `--config`.
    pub config: Option<PathBuf>,
    /// The name given by `--name`.
    pub environment: Option<String>,
    /// The URL given by `--url`.
    pub url: Option<String>,
    /// The duration given by `--lock-timeout`.
    pub lock_timeout: Option<String>,
    /// The duration given by `--wait`.
    pub wait: Option<String>,
    /// `-x KEY=VALUE`, each as it was typed.
    pub variables: Vec<String>,
    /// The mode given by `--transaction`.
    pub transaction: Option<TransactionMode>,
}

/// The scope of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransactionMode {
    /// A transaction for each revision.
    #[default]
    Revision,
    /// A single transaction for the whole run.
    All,
}

/// The kind of lock that keeps other runs out of the same database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockMode {
    /// A lock of the session, held from the first query to the last commit.
    Session,
    /// A lock of each transaction: for poolers that share a session among clients.
    Transaction,
    /// A row that is taken and given back: for servers without locks of either kind.
    Lease,
}

/// The time zone in which new revisions are dated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timezone {
    /// Coordinated universal time.
    #[default]
    Utc,
    /// The time zone of the machine.
    Local,
}

impl Config {
    /// Finds and reads the configuration.
    pub fn load(overrides: &Overrides, environment: &Environment) -> Result<Self, ConfigError> {
        load::load(overrides, environment)
    }

    /// Finds and reads the configuration as [`Config::load`] does; without a file it returns an
    /// empty one, if the command line or the environment names a database.
    pub fn load_or_url(
        overrides: &Overrides,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        without_file::load_or_url(overrides, environment)
    }

    /// Returns the configuration of a program without a file; it names no database yet.
    pub fn of_program(environment: Environment) -> Result<Self, ConfigError> {
        without_file::of_program(environment)
    }

    /// Sets the database's URL, which takes precedence over the file and the environment; a
    /// relative path starts from the working folder.
    pub fn set_url(&mut self, url: &str) -> Result<(), ConfigError> {
        self.urls.set(url, &self.environment)
    }

    /// Sets the placeholder for the URL of a connection that a program lends.
    pub(crate) fn take_url(&mut self, url: DatabaseUrl) {
        self.urls.main = std::sync::OnceLock::from((url, Origin::Program));
    }

    /// Sets the value of a variable of scripts, as `-x NAME=VALUE` does.
    pub fn set_variable(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.variables.set(name.into(), value.into());
    }

    /// Returns the URL of the database.
    pub fn url(&self) -> Result<&DatabaseUrl, ConfigError> {
        self.urls.main(&self.environment).map(|(url, _)| url)
    }

    /// Returns the source of the database's URL.
    pub fn url_origin(&self) -> Result<&Origin, ConfigError> {
        self.urls.main(&self.environment).map(|(_, origin)| origin)
    }

    /// Returns the URL of the scratch database, if one is configured.
    pub fn scratch(&self) -> Result<Option<&DatabaseUrl>, ConfigError> {
        self.urls.scratch(&self.environment)
    }

    /// Returns the time limits of scripts on the servers of a family; a script's header takes
    /// precedence.
    pub fn timeouts(&self, family: Family) -> Timeouts {
        match family {
            Family::Postgres => self.postgres_timeouts,
            Family::Mysql => self.mysql_timeouts,
            Family::Sqlite => Timeouts::default(),
        }
    }

    /// Tells whether `-x` set a variable.
    pub(crate) fn is_given(&self, variable: &str) -> bool {
        self.variables.is_given(variable)
    }

    /// Returns the variables that `-x` gave and `[variables]` doesn't have.
    pub(crate) fn unwritten_variables(&self) -> &[String] {
        self.variables.unwritten()
    }

    /// Returns the variables of scripts: `[variables]`, and `-x` over it.
    pub fn variables(&self) -> Result<BTreeMap<String, String>, ConfigError> {
        self.variables.fill(&self.environment)
    }
}

/// Writes everything but secrets.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("file", &self.file)
            .field("name", &self.name)
            .field("protected", &self.protected)
            .field("versions", &self.versions)
            .field("schema", &self.schema)
            .field("version_table", &self.version_table)
            .field("transaction", &self.transaction)
            .field("lock_timeout", &self.lock_timeout)
            .finish_non_exhaustive()
    }
}

/// Writes everything but secrets.
impl fmt::Debug for Overrides {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overrides")
            .field("config", &self.config)
            .field("environment", &self.environment)
            .field("lock_timeout", &self.lock_timeout)
            .field("wait", &self.wait)
            .field("transaction", &self.transaction)
            .finish_non_exhaustive()
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{Folder, keeps_secrets};

    #[test]
    fn a_configuration_is_shown_without_its_secrets() {
        let text = "[migrate]\nurl = 'mysql://u:s3cr3t@h/d'\nscratch = 'mysql://u:s3cr3t@h/e'\n\
                    [variables]\ntoken = 's3cr3t'";
        let folder = Folder::of(text);
        let environment = Environment::new(folder.path(), [("PW", "s3cr3t")]);
        let overrides = Overrides {
            url: Some("mysql://u:s3cr3t@h/d".to_owned()),
            variables: vec!["pw=s3cr3t".to_owned()],
            ..Overrides::default()
        };
        let config = Config::load(&overrides, &environment).unwrap();
        let url = config.url().unwrap();
        let scratch = config.scratch().unwrap();
        let shown = format!("{config:#?} {overrides:#?} {environment:#?} {url:#?} {scratch:#?}");
        assert!(!shown.contains("s3cr3t"), "{shown}");
        assert_eq!(config.variables().unwrap().len(), 2);
    }

    /// Cuts a file short, and takes every character out, at each place: whatever is reported then
    /// must not hold what stood in the strings.
    #[test]
    fn no_damaged_file_gives_its_secrets_away() {
        let text = "[migrate]\nurl = \"mysql://u:s3cr3t@h/d\"\nversions = [\"v\"]\n\n\
                    [env.x]\nscratch = 'mysql://u:s3cr3t@h/d'\nprotected = true\n\n\
                    [variables]\ntoken = \"s3cr3t\"\n";
        let mut errors = 0;
        for (index, _) in text.char_indices() {
            let cut = text[..index].to_owned();
            let without = format!("{cut}{}", &text[index + 1..]);
            for damaged in [cut, without] {
                let result = Folder::of(&damaged).load("", &Overrides::default(), &[]);
                let result = result.and_then(|config| {
                    config.scratch()?;
                    config.url().map(|_| ())
                });
                if let Err(error) = result {
                    errors += 1;
                    keeps_secrets(&error);
                }
            }
        }
        assert!(100 < errors);
    }
}
