//! Timeouts: for another run, for a server that is starting, and for the statements of scripts.

use std::time::Duration;

use crate::config::place::{Located, shown};
use crate::config::placeholder::fill;
use crate::config::{ConfigError, Environment, Origin, Overrides, Section, TomlTable};
use crate::duration;

/// The default of `lock_timeout`.
const DEFAULT_LOCK_TIMEOUT: Duration = Duration::from_mins(1);

/// Time limits of a script on a server; `None` keeps the server's own limit, and zero switches it
/// off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timeouts {
    /// How long a statement may wait for a lock.
    pub lock: Option<Duration>,
    /// How long a statement may take.
    pub statement: Option<Duration>,
}

#[derive(Clone, Default)]
pub(crate) struct TimeoutKeys {
    pub(crate) postgres: Keys,
    pub(crate) mysql: Keys,
    /// The limit for statements on every kind of server.
    pub(crate) statement: Option<Located<String>>,
}

#[derive(Clone, Default)]
pub(crate) struct Keys {
    lock: Option<Located<String>>,
    statement: Option<Located<String>>,
}

impl Timeouts {
    /// Returns the limits of a script, whose header may override these.
    #[must_use]
    pub fn or_of_header(self, lock: Option<Duration>, statement: Option<Duration>) -> Self {
        Self { lock: lock.or(self.lock), statement: statement.or(self.statement) }
    }

    /// Returns only those values that set no limit: a limit switched off, or left to the server.
    #[must_use]
    pub fn without_limits(self) -> Self {
        let is_none = |timeout: &Duration| timeout.is_zero();
        Self { lock: self.lock.filter(is_none), statement: self.statement.filter(is_none) }
    }
}

impl TimeoutKeys {
    pub(crate) fn read(section: &TomlTable<'_>) -> Result<Self, ConfigError> {
        let name = section.name().trim_end_matches(']');
        Ok(Self {
            postgres: Keys::read(section, "pg", &format!("{name}.pg]"))?,
            mysql: Keys::read(section, "mysql", &format!("{name}.mysql]"))?,
            statement: section.number_or_string("statement_timeout")?,
        })
    }

    /// Returns the keys of `[migrate]` merged with `[pg]` and `[mysql]` of the top level, which
    /// stand for `[migrate.pg]` and `[migrate.mysql]`.
    pub(crate) fn with_top_level(self, root: &TomlTable<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            postgres: self.postgres.or(Keys::read(root, "pg", "[pg]")?),
            mysql: self.mysql.or(Keys::read(root, "mysql", "[mysql]")?),
            statement: self.statement,
        })
    }

    /// Returns these keys, completed by those of `base`. An environment's value for every server
    /// overrides one of `[migrate]` for a single kind.
    pub(crate) fn over(self, base: Self) -> Self {
        let general = Keys { lock: None, statement: self.statement.clone() };
        Self {
            postgres: self.postgres.or(general.clone()).or(base.postgres),
            mysql: self.mysql.or(general).or(base.mysql),
            statement: self.statement.or(base.statement),
        }
    }

    /// Returns the timeouts of PostgreSQL and of MySQL.
    pub(crate) fn values(&self, env: &Environment) -> Result<(Timeouts, Timeouts), ConfigError> {
        let values = |keys: &Keys| -> Result<Timeouts, ConfigError> {
            let statement = keys.statement.as_ref().or(self.statement.as_ref());
            let (lock, statement) = (value(keys.lock.as_ref(), env)?, value(statement, env)?);
            Ok(Timeouts { lock, statement })
        };
        Ok((values(&self.postgres)?, values(&self.mysql)?))
    }
}

impl Keys {
    fn read(parent: &TomlTable<'_>, key: &str, name: &str) -> Result<Self, ConfigError> {
        let Some(table) = parent.table(key, name)? else { return Ok(Self::default()) };
        table.check_keys(&["lock_timeout", "statement_timeout"])?;
        let read = |timeout: &str| {
            let located = table.number_or_string(timeout)?;
            // In a message the key alone would be the one of another table.
            Ok(located.map(|it| Located { key: format!("{key}.{timeout}"), ..it }))
        };
        Ok(Self { lock: read("lock_timeout")?, statement: read("statement_timeout")? })
    }

    fn or(self, other: Self) -> Self {
        Self { lock: self.lock.or(other.lock), statement: self.statement.or(other.statement) }
    }
}

fn value(
    written: Option<&Located<String>>,
    env: &Environment,
) -> Result<Option<Duration>, ConfigError> {
    let read = |written: &Located<String>| {
        duration::parse(&fill(written, env)?).ok_or_else(|| ConfigError::NoDuration {
            origin: Origin::File(written.place.clone()),
            key: written.key.clone(),
            value: shown(&written.value),
        })
    };
    written.map(read).transpose()
}

/// Returns how long to wait for another run.
pub(crate) fn lock_timeout(
    overrides: &Overrides,
    section: &Section,
    env: &Environment,
) -> Result<Duration, ConfigError> {
    let read = |text: &str, written: &str, origin| {
        let error = || ConfigError::LockTimeout { origin, value: shown(written) };
        duration::parse(text).ok_or_else(error)
    };
    if let Some(text) = &overrides.lock_timeout {
        return read(text, text, Origin::Flag("--lock-timeout"));
    }
    if let Some((text, origin)) = env.setting("MIGRATE_LOCK_TIMEOUT")? {
        return read(text, text, origin);
    }
    match &section.lock_timeout {
        Some(text) => read(&fill(text, env)?, &text.value, Origin::File(text.place.clone())),
        None => Ok(DEFAULT_LOCK_TIMEOUT),
    }
}

/// Returns how long to wait for a server that does not answer yet: by default not at all.
pub(crate) fn wait(overrides: &Overrides) -> Result<Duration, ConfigError> {
    let Some(text) = &overrides.wait else { return Ok(Duration::ZERO) };
    duration::parse(text).ok_or_else(|| ConfigError::NoDuration {
        origin: Origin::Flag("--wait"),
        key: "--wait".to_owned(),
        value: shown(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::testing::{Folder, told};
    use crate::url::Family;

    fn load(text: &str, name: Option<&str>) -> Result<Config, ConfigError> {
        let environment = name.map(str::to_owned);
        let overrides = Overrides { environment, ..Overrides::default() };
        Folder::of(text).load("", &overrides, &[("SET", "7s")])
    }

    /// Reads lock and statement timeouts of PostgreSQL and MySQL in seconds, 0 for none.
    #[track_caller]
    fn check(text: &str, name: Option<&str>, expected: [u64; 4]) {
        let config = load(text, name).unwrap();
        let (pg, mysql) = (config.timeouts(Family::Postgres), config.timeouts(Family::Mysql));
        let seconds = [pg.lock, pg.statement, mysql.lock, mysql.statement]
            .map(|timeout| timeout.map_or(0, |it| it.as_secs()));
        assert_eq!(seconds, expected);
        assert_eq!(config.timeouts(Family::Sqlite), Timeouts::default());
    }

    #[test]
    fn timeouts_of_scripts_are_written_in_several_ways() {
        check("", None, [0; 4]);
        check("[migrate]\npg.lock_timeout = '5s'\npg.statement_timeout = 60", None, [5, 60, 0, 0]);
        check("[migrate.mysql]\nlock_timeout = '${SET}'", None, [0, 0, 7, 0]);
        check("[mysql]\nstatement_timeout = '10min'\n[pg]\nlock_timeout = 1", None, [1, 0, 0, 600]);
        check("[migrate]\nstatement_timeout = '1h'", None, [0, 3600, 0, 3600]);
    }

    #[test]
    fn the_nearest_section_counts_and_in_it_the_nearer_key() {
        let text = "[pg]\nlock_timeout = 1\nstatement_timeout = 1\n\
                    [migrate]\nstatement_timeout = 2\npg.lock_timeout = 3\n\
                    [env.a]\n[env.b]\nstatement_timeout = 4\n\
                    [env.c]\npg.statement_timeout = 5\nstatement_timeout = 6\nmysql.lock_timeout = 7\n\
                    [env.d]\npg.lock_timeout = 0\npg.statement_timeout = 0\n";
        check(text, None, [3, 1, 0, 2]);
        check(text, Some("a"), [3, 1, 0, 2]);
        check(text, Some("b"), [3, 4, 0, 4]);
        check(text, Some("c"), [3, 5, 7, 6]);
        check(text, Some("d"), [0, 0, 0, 2]);
    }

    #[test]
    fn a_head_comes_before_the_configuration() {
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        let timeouts = Timeouts { lock: seconds(5), statement: None };
        assert_eq!(timeouts.or_of_header(None, None), timeouts);
        let expected = Timeouts { lock: seconds(0), statement: seconds(1) };
        let of_head = timeouts.or_of_header(seconds(0), seconds(1));
        assert_eq!(of_head, expected);
        assert_eq!(of_head.without_limits(), Timeouts { lock: seconds(0), statement: None });
    }

    #[test]
    fn zero_is_told_from_nothing() {
        let text = "[pg]\nstatement_timeout = '0s'\n[mysql]\nlock_timeout = 0";
        let config = load(text, None).unwrap();
        let off = Some(Duration::ZERO);
        let expected = Timeouts { lock: None, statement: off };
        assert_eq!(config.timeouts(Family::Postgres), expected);
        assert_eq!(config.timeouts(Family::Mysql), Timeouts { lock: off, statement: None });
    }

    #[test]
    fn a_timeout_that_is_none_is_told_with_its_place() {
        let is_none =
            |text: &str| format!("{text}, but must be a duration such as `500ms`, `5s` or `10min`");
        let number = "2:20: `lock_timeout` must be a string or a number, not a boolean".to_owned();
        for (text, expected) in [
            ("[migrate]\npg.lock_timeout = 'soon'", is_none("2:19: `pg.lock_timeout` is `soon`")),
            ("[mysql]\nstatement_timeout = -1", is_none("2:21: `mysql.statement_timeout` is `-1`")),
            ("[migrate]\nstatement_timeout = '1d'", is_none("2:21: `statement_timeout` is `1d`")),
            ("[env.x.pg]\nlock = 1", "2:1: unknown key `lock` in [env.x.pg]".to_owned()),
            ("[pg]\nlock_timout = 1", "2:1: unknown key `lock_timout` in [pg]".to_owned()),
            ("[migrate]\npg.lock_timeout  = true", number),
            ("[migrate]\npg = 1", "2:6: `pg` must be a table, not an integer".to_owned()),
        ] {
            assert_eq!(told(&load(text, None).unwrap_err()), expected, "{text}");
        }
    }
}
