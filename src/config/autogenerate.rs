//! The table `[autogenerate]`.

use std::fmt;

use crate::config::choice::{Words, choice};
use crate::config::{ConfigError, Located, TomlTable};
use crate::words::words;

const KEYS: &[&str] = words![
    destructive include exclude privileges concurrent_indexes online sqlite_min_version
];

/// The settings of `revision --autogenerate`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Autogenerate {
    /// Whether steps that lose data may be written.
    pub destructive: Destructive,
    /// Patterns of the objects to compare; all, if there is none.
    pub include: Vec<String>,
    /// Patterns of the objects to leave out.
    pub exclude: Vec<String>,
    /// Whether privileges and owners are compared.
    pub privileges: bool,
    /// Whether indexes are created and dropped without blocking writers.
    pub concurrent_indexes: bool,
    /// Whether constraints are added without locking tables for long.
    pub online: bool,
    /// The oldest `SQLite` that must be able to run the scripts.
    pub sqlite_min_version: SqliteVersion,
}

/// Says whether steps that lose data may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Destructive {
    /// Such steps are written, with a warning.
    #[default]
    Allow,
    /// Such steps are refused with an error.
    Refuse,
}

/// A version of `SQLite`, ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SqliteVersion {
    /// The major version number.
    pub major: u16,
    /// The minor version number.
    pub minor: u16,
    /// The patch number, 0 if there is none.
    pub patch: u16,
}

/// The oldest version that the supported Linux distributions ship.
impl Default for SqliteVersion {
    fn default() -> Self {
        Self { major: 3, minor: 40, patch: 0 }
    }
}

impl Autogenerate {
    pub(crate) fn read(root: &TomlTable<'_>) -> Result<Self, ConfigError> {
        let Some(table) = root.table("autogenerate", "[autogenerate]")? else {
            return Ok(Self::default());
        };
        table.check_keys(KEYS)?;
        let destructive = match table.string("destructive")? {
            Some(text) => choice(&text, &text.value, DESTRUCTIVE)?,
            None => Destructive::default(),
        };
        let min_version = table.string("sqlite_min_version")?;
        Ok(Self {
            destructive,
            include: patterns(&table, "include")?,
            exclude: patterns(&table, "exclude")?,
            privileges: table.boolean("privileges")?.is_some_and(|it| it.value),
            online: table.boolean("online")?.is_some_and(|it| it.value),
            concurrent_indexes: table.boolean("concurrent_indexes")?.is_some_and(|it| it.value),
            sqlite_min_version: min_version.as_ref().map(version).transpose()?.unwrap_or_default(),
        })
    }
}

const DESTRUCTIVE: Words<Destructive> =
    (&["allow", "refuse"], &[Destructive::Allow, Destructive::Refuse]);

impl fmt::Display for SqliteVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

fn patterns(table: &TomlTable<'_>, key: &str) -> Result<Vec<String>, ConfigError> {
    let Some(patterns) = table.strings(key)? else { return Ok(Vec::new()) };
    Ok(patterns.value.into_iter().map(|pattern| pattern.value).collect())
}

fn version(text: &Located<String>) -> Result<SqliteVersion, ConfigError> {
    let malformed = || ConfigError::SqliteVersion { place: text.place.clone() };
    let numbers: Vec<u16> = text
        .value
        .split('.')
        .map(|part| part.parse().ok().filter(|_| !part.starts_with('+')).ok_or_else(malformed))
        .collect::<Result<_, _>>()?;
    match *numbers.as_slice() {
        [major, minor] => Ok(SqliteVersion { major, minor, patch: 0 }),
        [major, minor, patch] => Ok(SqliteVersion { major, minor, patch }),
        _ => Err(malformed()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::read;

    #[test]
    fn every_key_is_read() {
        let text = r#"
            [autogenerate]
            destructive = "refuse"
            include = ["public.*"]
            exclude = ["tmp_*", "log"]
            privileges = true
            concurrent_indexes = true
            online = true
            sqlite_min_version = "3.35"
        "#;
        let expected = Autogenerate {
            destructive: Destructive::Refuse,
            include: vec!["public.*".to_owned()],
            exclude: vec!["tmp_*".to_owned(), "log".to_owned()],
            privileges: true,
            concurrent_indexes: true,
            online: true,
            sqlite_min_version: SqliteVersion { major: 3, minor: 35, patch: 0 },
        };
        assert_eq!(read(text, Autogenerate::read).unwrap(), expected);
    }

    #[test]
    fn destructive_steps_are_allowed_and_the_rest_is_off_by_default() {
        for text in ["", "[autogenerate]"] {
            let res = read(text, Autogenerate::read).unwrap();
            assert_eq!(res, Autogenerate::default());
            assert_eq!(res.destructive, Destructive::Allow);
            assert_eq!(res.sqlite_min_version.to_string(), "3.40.0");
        }
    }

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let check = |text: &str, expected: &str| {
            let text = format!("[autogenerate]\n{text}");
            let error = read(&text, Autogenerate::read).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.place().unwrap().line), (expected, 2));
        };
        check("destructive = 'warn'", "`destructive` is `warn`, but must be `allow` or `refuse`");
        check("privilege = true", "unknown key `privilege` in [autogenerate]");
        check("include = 'a'", "`include` must be an array of strings, not a string");
        let none = "`sqlite_min_version` is not a version: write it like `3.35` or `3.35.0`";
        for text in ["", "3", "3.x", "3.35.0.1", "-3.1", "+3.1", "3..1", "v3.35"] {
            check(&format!("sqlite_min_version = '{text}'"), none);
        }
    }

    #[test]
    fn versions_are_ordered() {
        let version = |minor, patch| SqliteVersion { major: 3, minor, patch };
        assert!(version(9, 2) < version(35, 0));
        assert!(version(35, 0) < version(35, 5));
        assert_eq!(version(35, 5).to_string(), "3.35.5");
    }
}
