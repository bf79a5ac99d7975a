//! The environment as a value: variables, those of a `.env` file, and the working folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Document, Origin};
use crate::file::FoundBy;
use crate::place::Place;

/// The environment variables and the working folder in which a configuration is read.
#[derive(Clone)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    folder: PathBuf,
}

#[derive(Clone)]
struct Variable {
    value: OsString,
    source: Source,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Process,
    DotEnv,
}

impl Environment {
    /// Returns the environment of this process.
    pub fn from_process() -> Result<Self, ConfigError> {
        #[expect(clippy::disallowed_methods, reason = "this is where the folder comes from")]
        let folder =
            std::env::current_dir().map_err(|source| ConfigError::WorkingFolder { source })?;
        // A variable whose name is not Unicode cannot be looked up.
        let variables =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Ok(Self::new(folder, variables))
    }

    /// Returns an environment of the given variables and working folder.
    pub fn new<N, V>(
        folder: impl Into<PathBuf>,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self
    where
        N: Into<String>,
        V: Into<OsString>,
    {
        let variables = variables.into_iter().map(|(name, value)| {
            (name.into(), Variable { value: value.into(), source: Source::Process })
        });
        Self { variables: variables.collect(), folder: folder.into() }
    }

    /// Returns the environment of this process without the variables that steer the program
    /// `migrate`: which database is meant, another program says itself.
    pub fn of_program() -> Result<Self, ConfigError> {
        let mut res = Self::from_process()?;
        res.variables.retain(|name, _| !name.starts_with("MIGRATE_") && name != "DATABASE_URL");
        Ok(res)
    }

    /// Returns a variable, if it is set, not empty, and Unicode.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.value.to_str()?;
        if value.is_empty() { None } else { Some(value) }
    }

    /// Tells whether the terminal can be expected to show more than ASCII.
    ///
    /// The locale says it (POSIX: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set), and
    /// terminals of these types have no circles or round corners in their fonts.
    pub fn has_utf8_terminal(&self) -> bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| self.get(name));
        let is_utf8 = |locale: &str| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        };
        // Windows has no such variables, and its terminals have been UTF-8 for long.
        let is_poor = matches!(self.get("TERM"), Some("dumb" | "linux" | "vt100"));
        !is_poor && locale.map_or(cfg!(windows), is_utf8)
    }

    /// Returns the working folder, from which relative paths start.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the folder of what the user's programs remember, if there is a home for it (the XDG
    /// Base Directory Specification).
    pub fn state_folder(&self) -> Option<PathBuf> {
        let home = || Some(self.absolute("HOME")?.join(".local").join("state"));
        self.absolute("XDG_STATE_HOME").or_else(home)
    }

    /// Returns the folder of what the user's programs can find out again, if there is a home for it
    /// (the XDG Base Directory Specification).
    pub fn cache_folder(&self) -> Option<PathBuf> {
        let home = || Some(self.absolute("HOME")?.join(".cache"));
        self.absolute("XDG_CACHE_HOME").or_else(home)
    }

    /// Returns a variable that has an absolute path.
    fn absolute(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from).filter(|path| path.is_absolute())
    }

    /// Returns a variable, which may be empty.
    pub(crate) fn lookup(&self, name: &str) -> Result<Option<&str>, ConfigError> {
        let Some(variable) = self.variables.get(name) else { return Ok(None) };
        match variable.value.to_str() {
            Some(value) => Ok(Some(value)),
            None => Err(ConfigError::VariableNotUtf8 { variable: name.to_owned() }),
        }
    }

    /// Returns a variable that steers the program; an empty one counts as unset, as in a shell
    /// one cannot always unset it.
    pub(crate) fn setting(&self, name: &str) -> Result<Option<(&str, Origin)>, ConfigError> {
        let Some(value) = self.lookup(name)?.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let from_file = self.variables.get(name).is_some_and(|v| v.source == Source::DotEnv);
        let origin = if from_file { Origin::DotEnv } else { Origin::Variable };
        Ok(Some((value, origin(name.to_owned()))))
    }

    /// Returns the environment with the variables of a `.env` file that are not in it.
    pub(crate) fn with_dotenv(mut self, path: &Path) -> Result<Self, ConfigError> {
        // Python's virtual environments are folders that are often named `.env`.
        if !path.exists() || path.is_dir() {
            return Ok(self);
        }
        let document = Document::read(path, FoundBy::Custom, &self.folder)?;
        // dotenvy takes a blank before the end of a file without a newline for an open value.
        let text = format!("{}\n", document.text);
        for item in dotenvy::from_read_iter(text.as_bytes()) {
            let (name, value) = item.map_err(|error| malformed(&document, &error))?;
            let variable = Variable { value: value.into(), source: Source::DotEnv };
            self.variables.entry(name).or_insert(variable);
        }
        Ok(self)
    }
}

/// Writes names only: values may be secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("folder", &self.folder)
            .field("variables", &self.variables.keys())
            .finish()
    }
}

/// Makes an error without dotenvy's text, which quotes the line.
fn malformed(document: &Document, error: &dotenvy::Error) -> ConfigError {
    let wrong = if let dotenvy::Error::LineParse(line, _) = error {
        line.trim().lines().next().unwrap_or("")
    } else {
        ""
    };
    let mut lines = document.text.lines();
    let index = lines.position(|line| !wrong.is_empty() && line.trim_end().ends_with(wrong));
    ConfigError::DotEnv {
        file: document.file.clone(),
        place: index.map(|index| Box::new(Place::at(&document.file, "", index + 1, 1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::Folder;

    #[test]
    fn an_empty_variable_is_set_but_steers_nothing() {
        let environment = Environment::new("/", [("A", "")]);
        assert_eq!(environment.lookup("A").unwrap(), Some(""));
        assert_eq!(environment.get("A"), None);
        assert_eq!(environment.setting("A").unwrap(), None);
        assert_eq!(environment.lookup("B").unwrap(), None);
    }

    #[test]
    fn the_locale_and_the_terminal_say_whether_there_is_more_than_ascii() {
        let check = |variables: &[(&str, &str)]| {
            Environment::new("/", variables.iter().copied()).has_utf8_terminal()
        };
        assert!(check(&[("LANG", "en_US.UTF-8")]));
        assert!(check(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")]));
        assert!(!check(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]));
        assert!(!check(&[("LANG", "de_DE@euro")]));
        assert!(!check(&[("LANG", "C.UTF-8"), ("TERM", "dumb")]));
        assert_eq!(check(&[]), cfg!(windows));
    }

    #[test]
    #[cfg(unix)]
    fn a_variable_that_is_not_unicode_is_an_error_when_it_is_needed() {
        use std::os::unix::ffi::OsStringExt;
        let environment = Environment::new("/", [("A", OsString::from_vec(vec![0xff]))]);
        assert_eq!(environment.get("A"), None);
        let error = environment.lookup("A").unwrap_err();
        assert_eq!(error.to_string(), "the environment variable `A` is not UTF-8");
    }

    #[test]
    fn a_dotenv_file_adds_but_never_overrides() {
        let folder = Folder::new();
        folder.write(".env", "\u{feff}A=file\r\nexport B='it is # so' # or not\n\n# C=1\nD=4 ");
        let environment = Environment::new(folder.path(), [("A", "process")]);
        let environment = environment.with_dotenv(&folder.path().join(".env")).unwrap();
        let expected = Some(("process", Origin::Variable("A".to_owned())));
        assert_eq!(environment.setting("A").unwrap(), expected);
        let expected = Some(("it is # so", Origin::DotEnv("B".to_owned())));
        assert_eq!(environment.setting("B").unwrap(), expected);
        assert_eq!(environment.get("C"), None);
        assert_eq!(environment.get("D"), Some("4"));
    }

    #[test]
    fn a_malformed_dotenv_file_is_named_without_its_text() {
        for line in ["B='hunter2", "hunter2", "B=hunter2 C", "hunter2 = x y", "B=\"hunter2\\q\""] {
            let folder = Folder::new();
            folder.write(".env", format!("A=1\n{line}\n"));
            let environment = Environment::new(folder.path(), [("A", "s3cr3t")]);
            assert!(!format!("{environment:?}").contains("s3cr3t"));
            let error = environment.with_dotenv(&folder.path().join(".env")).unwrap_err();
            assert_eq!(error.to_string(), "`.env` has a line that is not NAME=VALUE");
            assert_eq!(error.place().unwrap().line, 2, "{line}");
            assert!(!format!("{error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn a_folder_named_dotenv_is_left_alone() {
        let folder = Folder::new();
        folder.write(".env/bin/python", "");
        let environment = Environment::new(folder.path(), [("A", "1")]);
        assert!(environment.with_dotenv(&folder.path().join(".env")).is_ok());
    }

    #[test]
    fn the_process_has_an_environment() {
        let environment = Environment::from_process().unwrap();
        assert!(environment.folder().is_absolute());
        assert!(environment.get("PATH").is_some());
    }
}
