//! The keys of `[migrate]`, and of `[env.NAME]` over them, as they are written.

use crate::config::place::Located;
use crate::config::table::{Lists, Table};
use crate::config::timeouts::TimeoutKeys;
use crate::config::{ConfigError, Origin};

pub(super) const KEYS: &[&str] = &[
    "url",
    "versions",
    "schema",
    "version_table",
    "file_template",
    "transaction",
    "group_commit",
    "scratch",
    "lock",
    "lock_timeout",
    "statement_timeout",
    "pg",
    "mysql",
    "truncate_slug_length",
    "timezone",
    "recursive_version_locations",
    "protected",
];

/// The values of a section that are there; their placeholders are not filled in yet, as only
/// those that are needed shall be.
#[derive(Clone, Default)]
pub(crate) struct Section {
    pub(crate) url: Option<Located<String>>,
    pub(crate) versions: Option<Located<Vec<Located<String>>>>,
    pub(crate) schema: Option<Located<String>>,
    pub(crate) version_table: Option<Located<String>>,
    pub(crate) file_template: Option<Located<String>>,
    pub(crate) transaction: Option<Located<String>>,
    pub(crate) group_commit: Option<Located<bool>>,
    pub(crate) scratch: Option<Located<String>>,
    pub(crate) lock: Option<Located<String>>,
    pub(crate) lock_timeout: Option<Located<String>>,
    pub(crate) timeouts: TimeoutKeys,
    pub(crate) truncate_slug_length: Option<Located<i64>>,
    pub(crate) timezone: Option<Located<String>>,
    pub(crate) recursive_version_locations: Option<Located<bool>>,
    pub(crate) protected: Option<Located<bool>>,
}

/// Every section of a file.
pub(crate) struct Sections {
    base: Section,
    environments: Vec<(String, Section)>,
}

impl Sections {
    /// Reads `[migrate]` and every `[env.NAME]`: a mistake in one that is not chosen is told too.
    pub(crate) fn read(root: &Table<'_>) -> Result<Self, ConfigError> {
        let mut base = match root.table("migrate", "[migrate]")? {
            Some(table) => Section::read(&table)?,
            None => Section::default(),
        };
        base.timeouts = base.timeouts.with_top_level(root)?;
        let mut environments = Vec::new();
        if let Some(table) = root.table("env", "[env]")? {
            for name in table.keys() {
                if let Some(section) = table.table(name, &format!("[env.{name}]"))? {
                    environments.push((name.to_owned(), Section::read(&section)?));
                }
            }
        }
        Ok(Self { base, environments })
    }

    /// Returns the names of the environments.
    pub(crate) fn names(self) -> Vec<String> {
        self.environments.into_iter().map(|(name, _)| name).collect()
    }

    /// Returns what holds in the environment chosen, if one is.
    pub(crate) fn choose(self, chosen: Option<(&str, Origin)>) -> Result<Section, ConfigError> {
        let Some((name, origin)) = chosen else {
            return Ok(self.base);
        };
        match self.environments.iter().find(|(known, _)| known == name) {
            Some((_, section)) => Ok(section.clone().over(self.base)),
            None => Err(ConfigError::UnknownEnvironment {
                name: name.to_owned(),
                origin,
                known: self.environments.into_iter().map(|(name, _)| name).collect(),
            }),
        }
    }
}

impl Section {
    fn read(table: &Table<'_>) -> Result<Self, ConfigError> {
        table.check_keys(KEYS)?;
        Ok(Self {
            url: table.string("url")?,
            versions: table.strings("versions", Lists::OrOne)?,
            schema: table.string("schema")?,
            version_table: table.string("version_table")?,
            file_template: table.string("file_template")?,
            transaction: table.string("transaction")?,
            group_commit: table.boolean("group_commit")?,
            scratch: table.string("scratch")?,
            lock: table.string("lock")?,
            lock_timeout: table.number_or_string("lock_timeout")?,
            timeouts: TimeoutKeys::read(table)?,
            truncate_slug_length: table.integer("truncate_slug_length")?,
            timezone: table.string("timezone")?,
            recursive_version_locations: table.boolean("recursive_version_locations")?,
            protected: table.boolean("protected")?,
        })
    }

    fn over(self, base: Self) -> Self {
        Self {
            url: self.url.or(base.url),
            versions: self.versions.or(base.versions),
            schema: self.schema.or(base.schema),
            version_table: self.version_table.or(base.version_table),
            file_template: self.file_template.or(base.file_template),
            transaction: self.transaction.or(base.transaction),
            group_commit: self.group_commit.or(base.group_commit),
            scratch: self.scratch.or(base.scratch),
            lock: self.lock.or(base.lock),
            lock_timeout: self.lock_timeout.or(base.lock_timeout),
            timeouts: self.timeouts.over(base.timeouts),
            truncate_slug_length: self.truncate_slug_length.or(base.truncate_slug_length),
            timezone: self.timezone.or(base.timezone),
            recursive_version_locations: self
                .recursive_version_locations
                .or(base.recursive_version_locations),
            protected: self.protected.or(base.protected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::place::Document;
    use crate::config::table::parse;

    fn choose(text: &str, name: Option<&str>) -> Result<Section, ConfigError> {
        let document = Document { file: "migrate.toml".into(), text: text.to_owned() };
        let root = parse(&document)?;
        let chosen = name.map(|name| (name, Origin::Flag("--name")));
        Sections::read(&Table::root(&document, &root))?.choose(chosen)
    }

    fn value<T>(located: Option<Located<T>>) -> Option<T> {
        located.map(|located| located.value)
    }

    const ALL: &str = "
        url = 'u'
        versions = ['v']
        schema = 's'
        version_table = 't'
        file_template = 'f'
        transaction = 'all'
        group_commit = false
        scratch = 'c'
        lock = 'k'
        lock_timeout = 1
        statement_timeout = 3
        pg.lock_timeout = 4
        mysql.lock_timeout = 5
        truncate_slug_length = 2
        timezone = 'z'
        recursive_version_locations = true
        protected = true
    ";

    #[test]
    fn every_key_may_stand_in_either_section() {
        assert_eq!(ALL.lines().filter(|line| line.contains('=')).count(), KEYS.len());
        for header in ["[migrate]", "[env.x]"] {
            let section = choose(
                &format!("[env.x]\n{header}\n{ALL}").replacen("[env.x]\n[env.x]", "[env.x]", 1),
                Some("x"),
            )
            .ok()
            .unwrap();
            assert_eq!(value(section.url).as_deref(), Some("u"));
            assert_eq!(section.versions.unwrap().value.len(), 1);
            assert_eq!(value(section.schema).as_deref(), Some("s"));
            assert_eq!(value(section.version_table).as_deref(), Some("t"));
            assert_eq!(value(section.file_template).as_deref(), Some("f"));
            assert_eq!(value(section.transaction).as_deref(), Some("all"));
            assert_eq!(value(section.group_commit), Some(false));
            assert_eq!(value(section.scratch).as_deref(), Some("c"));
            assert_eq!(value(section.lock).as_deref(), Some("k"));
            assert_eq!(value(section.lock_timeout).as_deref(), Some("1"));
            assert_eq!(value(section.timeouts.statement).as_deref(), Some("3"));
            assert_eq!(value(section.truncate_slug_length), Some(2));
            assert_eq!(value(section.timezone).as_deref(), Some("z"));
            assert_eq!(value(section.recursive_version_locations), Some(true));
            assert_eq!(value(section.protected), Some(true));
        }
    }

    #[test]
    fn the_chosen_environment_lies_over_the_base() {
        let text = "[migrate]\nschema = 'base'\ntimezone = 'UTC'\n[env.x]\nschema = 'x'\n[env.y]";
        let section = choose(text, Some("x")).ok().unwrap();
        assert_eq!(value(section.schema).as_deref(), Some("x"));
        assert_eq!(value(section.timezone).as_deref(), Some("UTC"));
        for name in [None, Some("y")] {
            let section = choose(text, name).ok().unwrap();
            assert_eq!(value(section.schema).as_deref(), Some("base"));
        }
    }

    #[test]
    fn an_unknown_environment_lists_the_known_ones() {
        let error = choose("[env.b]\n[env.a]", Some("c")).err().unwrap();
        let message = "no environment `c` (from --name): known are `a`, `b`";
        assert_eq!(error.to_string(), message);
        let error = choose("", Some("c")).err().unwrap();
        let message = "no environment `c` (from --name): `migrate.toml` has none";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn a_mistake_in_a_section_that_is_not_chosen_is_told_too() {
        let error = choose("[env.x]\nshema = 's'", None).err().unwrap();
        assert_eq!(error.to_string(), "unknown key `shema` in [env.x]");
        assert_eq!(error.hint().as_deref(), Some("did you mean `schema`?"));
        assert_eq!(error.place().unwrap().excerpt, "shema = 's'");
        assert!(choose("[env]\nx = 1", None).is_err());
    }
}
