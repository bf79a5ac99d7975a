//! The database URL in force, parsed on demand.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::config::place::{Located, hidden};
use crate::config::{ConfigError, Environment, Origin, Surroundings, placeholder};
use crate::url::{DatabaseUrl, UrlError};

/// The database URLs as they were given: an invalid or unset one is an error only when a command
/// needs it.
#[derive(Clone)]
pub(crate) struct Urls {
    pub(crate) given: Option<String>,
    /// The value of the chosen section, or else of `[migrate]`.
    pub(crate) written: Option<Located<String>>,
    /// The URL of the scratch database, from the same section.
    pub(crate) scratch: Option<Located<String>>,
    pub(crate) folder: PathBuf,
    /// The parsed URL, cached.
    pub(crate) main: OnceLock<(DatabaseUrl, Origin)>,
    /// The parsed URL of the scratch database, cached.
    pub(crate) side: OnceLock<DatabaseUrl>,
}

impl Urls {
    /// Returns the database's URL and where it came from.
    pub(crate) fn main(&self, env: &Environment) -> Result<&(DatabaseUrl, Origin), ConfigError> {
        if let Some(res) = self.main.get() {
            return Ok(res);
        }
        let res = self.read_main(env)?;
        Ok(self.main.get_or_init(|| res))
    }

    /// Returns the scratch database's URL, if one is configured.
    pub(crate) fn scratch(&self, env: &Environment) -> Result<Option<&DatabaseUrl>, ConfigError> {
        let Some(text) = &self.scratch else { return Ok(None) };
        if let Some(res) = self.side.get() {
            return Ok(Some(res));
        }
        let (res, _) = self.in_file(text, Surroundings { is_scratch: true, ..self.around(env) })?;
        Ok(Some(self.side.get_or_init(|| res)))
    }

    pub(crate) fn set(&mut self, text: &str, env: &Environment) -> Result<(), ConfigError> {
        let main = read(text, Origin::Program, env.folder(), self.around(env))?;
        self.main = OnceLock::from(main);
        Ok(())
    }

    fn read_main(&self, env: &Environment) -> Result<(DatabaseUrl, Origin), ConfigError> {
        if let Some(text) = &self.given {
            return read(text, Origin::Flag("--url"), env.folder(), self.around(env));
        }
        if let Some((text, origin)) = env.setting("MIGRATE_URL")? {
            return self.in_variable(text, origin, env);
        }
        if let Some(text) = &self.written {
            return self.in_file(text, self.around(env));
        }
        match env.setting("DATABASE_URL")? {
            Some((text, origin)) => self.in_variable(text, origin, env),
            None => Err(ConfigError::NoUrl),
        }
    }

    /// Reads a URL from the environment; a relative one in `.env` starts from that file's folder,
    /// so it means the same from every subfolder.
    fn in_variable(
        &self,
        text: &str,
        origin: Origin,
        env: &Environment,
    ) -> Result<(DatabaseUrl, Origin), ConfigError> {
        let around = self.around(env);
        let base = around.base(&origin).to_path_buf();
        read(text, origin, &base, around)
    }

    fn in_file(
        &self,
        text: &Located<String>,
        around: Surroundings<'_>,
    ) -> Result<(DatabaseUrl, Origin), ConfigError> {
        let origin = Origin::File(Box::new(hidden(*text.place.clone())));
        read(&placeholder::fill_url(text, around.env)?, origin, &self.folder, around)
    }

    fn around<'a>(&'a self, env: &'a Environment) -> Surroundings<'a> {
        Surroundings { env, folder: &self.folder, is_scratch: false }
    }
}

fn read(
    text: &str,
    origin: Origin,
    base: &Path,
    around: Surroundings<'_>,
) -> Result<(DatabaseUrl, Origin), ConfigError> {
    match DatabaseUrl::parse(text).and_then(with_good_parameters) {
        Ok(url) => Ok((around.complete(url.resolved(base))?, origin)),
        Err(source) => Err(ConfigError::Url { origin, source }),
    }
}

/// Checks a URL's own parameters before variables complete it, so that errors name the right
/// source.
fn with_good_parameters(url: DatabaseUrl) -> Result<DatabaseUrl, UrlError> {
    if let DatabaseUrl::Server(server) = &url {
        server.settings()?;
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::{Folder, keeps_secrets, told};
    use crate::config::{Config, Overrides};

    /// A project whose working folder is `below`.
    fn config(text: &str, url: Option<&str>, variables: &[(&str, &str)]) -> (Folder, Config) {
        let folder = Folder::of(text);
        folder.write(".env", "FILE_URL=sqlite:file.db\nFILE_ONLY=1\n");
        let overrides = Overrides { url: url.map(str::to_owned), ..Overrides::default() };
        let config = folder.load("below", &overrides, variables).unwrap();
        (folder, config)
    }

    #[track_caller]
    fn check(text: &str, url: Option<&str>, variables: &[(&str, &str)], expected: &str) {
        let (folder, config) = config(text, url, variables);
        let shown = format!("{} of {}", config.url().unwrap(), config.url_origin().unwrap());
        assert_eq!(shown.replace(folder.path().to_str().unwrap(), ""), expected);
    }

    const FILE: &str = "[migrate]\nurl = 'sqlite:toml.db'";

    #[test]
    fn the_url_comes_from_the_first_that_has_one() {
        let both = [("MIGRATE_URL", "sqlite:m.db"), ("DATABASE_URL", "sqlite:d.db")];
        check(FILE, Some("sqlite:x.db"), &both, "sqlite:/below/x.db of --url");
        check(FILE, None, &both, "sqlite:/below/m.db of MIGRATE_URL");
        check(FILE, None, &both[1..], "sqlite:/toml.db of /migrate.toml:2");
        check("", None, &both[1..], "sqlite:/below/d.db of DATABASE_URL");
        check(FILE, None, &[("MIGRATE_URL", "")], "sqlite:/toml.db of /migrate.toml:2");
        let chosen = "[migrate]\nurl = 'mysql://a/b'\n[env.x]\nurl = 'mysql://c/d'";
        check(chosen, None, &[("MIGRATE_ENV", "x")], "mysql://c/d of /migrate.toml:4");
    }

    #[test]
    fn a_url_of_the_dotenv_file_is_relative_to_that_file() {
        let folder = Folder::of("");
        folder.write(".env", "DATABASE_URL=sqlite:app.db");
        let config = folder.load("below", &Overrides::default(), &[]).unwrap();
        let expected = format!("sqlite:{}", folder.path().join("app.db").display());
        assert_eq!(config.url().unwrap().to_string(), expected);
        assert_eq!(config.url_origin().unwrap().to_string(), "DATABASE_URL in .env");
    }

    #[test]
    fn placeholders_of_a_url_are_encoded_but_a_whole_one_is_not() {
        let text = "[migrate]\nurl = 'mysql://u:${PW}@h/${DB:-d}'\nscratch = '${U}'";
        let variables = [("PW", "p@ss/"), ("U", "postgres://u:p%40@h/d")];
        let (_folder, config) = config(text, None, &variables);
        let password = |url: &DatabaseUrl| match url {
            DatabaseUrl::Server(server) => server.password.clone().unwrap().expose().to_owned(),
            DatabaseUrl::Sqlite(_) => panic!("no server"),
        };
        assert_eq!(password(config.url().unwrap()), "p@ss/");
        assert_eq!(password(config.scratch().unwrap().unwrap()), "p@");
        check("[migrate]\nurl = '${FILE_URL}'", None, &[], "sqlite:/file.db of /migrate.toml:2");
    }

    #[test]
    fn a_url_is_looked_at_only_when_it_is_asked_for() {
        let (_folder, config) = config("", None, &[]);
        assert!(matches!(config.url(), Err(ConfigError::NoUrl)));
        assert_eq!(config.scratch().unwrap(), None);
        let text = "[migrate]\nurl = 'mysql://u:${PW}@h/d'\nscratch = 'mysql:'";
        let (_folder, config) = self::config(text, None, &[]);
        let message = "2:7: `url` needs the environment variable `PW`, which is not set";
        assert_eq!(told(&config.url().unwrap_err()), message);
        let error = config.scratch().unwrap_err();
        assert_eq!(error.to_string(), "the database url cannot be used");
        assert_eq!(error.place().unwrap().line, 3);
        check(text, Some("mysql://h/d"), &[], "mysql://h/d of --url");
        let (_folder, config) = self::config(text, Some("mysql:"), &[]);
        let message = "the database url of --url cannot be used";
        assert_eq!(config.url().unwrap_err().to_string(), message);
    }

    #[test]
    fn no_malformed_url_is_shown_wherever_it_comes_from() {
        for shape in [
            "postgres://app:12/s3cr3t@db/shop",
            "postgres://app:s3cr3t@db:hunter2/shop",
            "postgres://app:s3cr3t%zz@db/shop",
            "postgres:/app:s3cr3t@db/shop",
            "app:s3cr3t@tcp(db:3306)/shop",
            "host=db password=s3cr3t",
            "s3cr3t",
        ] {
            let from_file = config(&format!("[migrate]\nurl = '{shape}'"), None, &[]);
            let from_flag = config("", Some(shape), &[]);
            let from_variable = config("", None, &[("MIGRATE_URL", shape)]);
            let whole = config("[migrate]\nurl = '${U}'", None, &[("U", shape)]);
            for (_folder, config) in [from_file, from_flag, from_variable, whole] {
                keeps_secrets(&config.url().unwrap_err());
                assert!(!format!("{config:?}").contains("s3cr3t"), "{config:?}");
            }
        }
    }
}
