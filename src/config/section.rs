//! The keys of `[migrate]`, and of `[env.NAME]` over them, as they are written.

use crate::config::{ConfigError, Located, Origin, TimeoutKeys, TomlTable};

/// Declares the keys of a section: how each is read, and that an environment's value overrides that
/// of `[migrate]`.
macro_rules! section {
    ($($key:ident: $value:ty, $read:path;)*) => {
        pub(super) const KEYS: &[&str] =
            &[$(stringify!($key),)* "statement_timeout", "pg", "mysql"];

        /// The values that a section sets; placeholders are filled in later, and only where the
        /// value is needed.
        #[derive(Clone, Default)]
        pub(crate) struct Section {
            $(pub(crate) $key: Option<Located<$value>>,)*
            pub(crate) timeouts: TimeoutKeys,
        }

        impl Section {
            fn read(table: &TomlTable<'_>) -> Result<Self, ConfigError> {
                table.check_keys(KEYS)?;
                $(let $key = $read(table, stringify!($key))?;)*
                Ok(Self { $($key,)* timeouts: TimeoutKeys::read(table)? })
            }

            fn over(self, base: Self) -> Self {
                $(let $key = self.$key.or(base.$key);)*
                Self { $($key,)* timeouts: self.timeouts.over(base.timeouts) }
            }
        }
    };
}

section! {
    url: String, TomlTable::string;
    versions: Vec<Located<String>>, TomlTable::strings_or_one;
    schema: String, TomlTable::string;
    version_table: String, TomlTable::string;
    file_template: String, TomlTable::string;
    transaction: String, TomlTable::string;
    group_commit: bool, TomlTable::boolean;
    scratch: String, TomlTable::string;
    scratch_skip_extensions: Vec<Located<String>>, TomlTable::strings;
    lock: String, TomlTable::string;
    lock_timeout: String, TomlTable::number_or_string;
    truncate_slug_length: i64, TomlTable::integer;
    timezone: String, TomlTable::string;
    recursive_version_locations: bool, TomlTable::boolean;
    protected: bool, TomlTable::boolean;
}

pub(crate) struct Sections {
    base: Section,
    environments: Vec<(String, Section)>,
}

impl Sections {
    /// Reads `[migrate]` and every `[env.NAME]`: mistakes in environments that are not chosen are
    /// errors too.
    pub(crate) fn read(root: &TomlTable<'_>) -> Result<Self, ConfigError> {
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

    pub(crate) fn names(self) -> Vec<String> {
        self.environments.into_iter().map(|(name, _)| name).collect()
    }

    /// Returns the values in force: those of the chosen environment over those of `[migrate]`.
    pub(crate) fn choose(self, chosen: Option<(&str, Origin)>) -> Result<Section, ConfigError> {
        let Some((name, origin)) = chosen else { return Ok(self.base) };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::testing::read;

    fn choose(text: &str, name: Option<&str>) -> Result<Section, ConfigError> {
        let chosen = name.map(|name| (name, Origin::Flag("--name")));
        read(text, |root| Sections::read(root)?.choose(chosen))
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
        scratch_skip_extensions = ['e']
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
        for header in ["[env.x]\n[migrate]", "[env.x]"] {
            let section = choose(&format!("{header}\n{ALL}"), Some("x")).ok().unwrap();
            assert_eq!(section.versions.unwrap().value.len(), 1);
            assert_eq!(section.scratch_skip_extensions.unwrap().value.len(), 1);
            let texts = [
                (section.url, "u"),
                (section.schema, "s"),
                (section.version_table, "t"),
                (section.file_template, "f"),
                (section.transaction, "all"),
                (section.scratch, "c"),
                (section.lock, "k"),
                (section.lock_timeout, "1"),
                (section.timeouts.statement, "3"),
                (section.timezone, "z"),
            ];
            for (text, expected) in texts {
                assert_eq!(value(text).as_deref(), Some(expected), "{header}");
            }
            assert_eq!(value(section.truncate_slug_length), Some(2));
            assert_eq!(value(section.group_commit), Some(false));
            assert_eq!(value(section.recursive_version_locations), Some(true));
            assert_eq!(value(section.protected), Some(true));
        }
    }

    #[test]
    fn the_chosen_environment_lies_over_the_base() {
        let text = "[migrate]\nschema = 'base'\ntimezone = 'UTC'\n[env.x]\nschema = 'x'\n[env.y]";
        for (name, schema) in [(Some("x"), "x"), (Some("y"), "base"), (None, "base")] {
            let section = choose(text, name).ok().unwrap();
            assert_eq!(value(section.schema).as_deref(), Some(schema));
            assert_eq!(value(section.timezone).as_deref(), Some("UTC"));
        }
    }

    #[test]
    fn an_unknown_environment_lists_the_known_ones() {
        let cases = [("[env.b]\n[env.a]", "known are `a`, `b`"), ("", "`migrate.toml` has none")];
        for (text, known) in cases {
            let error = choose(text, Some("c")).err().unwrap();
            assert_eq!(error.to_string(), format!("no environment `c` (from --name): {known}"));
        }
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
