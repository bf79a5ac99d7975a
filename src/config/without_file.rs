//! Configurations without a file.

use std::path::PathBuf;

use crate::config::load::{FILE_NAME, load, read};
use crate::config::{Config, ConfigError, Document, Environment, Overrides};

/// Reads the configuration; without a file an empty one is used, if a database is named elsewhere.
pub(crate) fn load_or_url(
    overrides: &Overrides,
    outer: &Environment,
) -> Result<Config, ConfigError> {
    match load(overrides, outer) {
        Err(error @ ConfigError::NotFound { .. }) => {
            let config = empty(FILE_NAME, overrides, outer.clone())?;
            if matches!(config.url(), Err(ConfigError::NoUrl)) { Err(error) } else { Ok(config) }
        }
        found => found,
    }
}

/// Makes the configuration of a program without a file: the defaults.
pub(crate) fn of_program(environment: Environment) -> Result<Config, ConfigError> {
    empty("the program", &Overrides::default(), environment)
}

fn empty(name: &str, overrides: &Overrides, env: Environment) -> Result<Config, ConfigError> {
    let document = Document { file: PathBuf::from(name), text: String::new() };
    let folder = env.folder().to_path_buf();
    read(&document, document.file.clone(), folder, overrides, env)
}
