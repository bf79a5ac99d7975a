//! Makes a `Config` from a file, the environment and the overrides.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::config::choice::{Words, choice};
use crate::config::placeholder::fill;
use crate::config::table::{TomlTable, parse};
use crate::config::{
    Autogenerate, Config, ConfigError, Document, Environment, FileTemplate, FileTemplateError,
    Located, LockMode, Origin, Overrides, Section, Sections, Timezone, TransactionMode, Urls,
    Variables, VersionTable, hooks, timeouts,
};
use crate::file::{self, FoundBy};

pub(super) const FILE_NAME: &str = "migrate.toml";

const TABLES: &[&str] = &["migrate", "env", "variables", "autogenerate", "hooks", "pg", "mysql"];

/// The longest slug: with id and time, a file's name stays below the 255 bytes of file systems.
const LONGEST_SLUG: usize = 150;

const TIMEZONES: Words<Timezone> = (&["UTC", "local"], &[Timezone::Utc, Timezone::Local]);

const MODES: Words<TransactionMode> =
    (&["revision", "all"], &[TransactionMode::Revision, TransactionMode::All]);

const LOCKS: Words<LockMode> = (
    &["session", "transaction", "lease"],
    &[LockMode::Session, LockMode::Transaction, LockMode::Lease],
);

pub(crate) fn load(overrides: &Overrides, outer: &Environment) -> Result<Config, ConfigError> {
    let (file, found) = find(overrides.config.as_deref(), outer)?;
    let document = Document::read(&file, found, outer.folder())?;
    let folder = match file.parent() {
        Some(parent) if file::has_folder(&file) => parent.to_path_buf(),
        // Paths from a pipe are relative to where the program runs.
        _ => outer.folder().to_path_buf(),
    };
    let env = outer.clone().with_dotenv(&folder.join(".env"))?;
    read(&document, file, folder, overrides, env)
}

pub(super) fn read(
    document: &Document,
    file: PathBuf,
    folder: PathBuf,
    overrides: &Overrides,
    env: Environment,
) -> Result<Config, ConfigError> {
    let root = parse(document)?;
    let root = TomlTable::root(document, &root);
    root.check_keys(TABLES)?;
    let chosen = match &overrides.environment {
        Some(name) => Some((name.as_str(), Origin::Flag("--name"))),
        None => env.setting("MIGRATE_ENV")?,
    };
    let name = chosen.as_ref().map(|(name, _)| (*name).to_owned());
    let section = Sections::read(&root)?.choose(chosen)?;
    let (postgres_timeouts, mysql_timeouts) = section.timeouts.values(&env)?;
    Ok(Config {
        name,
        protected: section.protected.as_ref().is_some_and(|it| it.value),
        versions: versions(&section, &folder, &env)?,
        recursive_version_locations: is_recursive(&section),
        schema: schema(&section, &folder, &env)?,
        schema_required: section.schema.is_some(),
        version_table: version_table(&section, &env)?,
        file_template: file_template(&section, &env)?,
        truncate_slug_length: slug_length(&section)?,
        timezone: word(section.timezone.as_ref(), &env, TIMEZONES)?.unwrap_or_default(),
        transaction: match overrides.transaction {
            Some(mode) => mode,
            None => word(section.transaction.as_ref(), &env, MODES)?.unwrap_or_default(),
        },
        group_commit: section.group_commit.as_ref().is_none_or(|it| it.value),
        lock: word(section.lock.as_ref(), &env, LOCKS)?,
        lock_timeout: timeouts::lock_timeout(overrides, &section, &env)?,
        wait: timeouts::wait(overrides)?,
        postgres_timeouts,
        mysql_timeouts,
        scratch_skip_extensions: skipped(&section),
        autogenerate: Autogenerate::read(&root)?,
        post_write: hooks::read(&root, &folder)?,
        variables: Variables::read(&root, &overrides.variables)?,
        urls: Urls {
            given: overrides.url.clone(),
            written: section.url,
            scratch: section.scratch,
            folder: folder.clone(),
            main: OnceLock::new(),
            side: OnceLock::new(),
        },
        environment: env,
        file,
        folder,
    })
}

/// Returns the names of the environments in a configuration, in the order of the file.
pub fn environments(
    overrides: &Overrides,
    outer: &Environment,
) -> Result<Vec<String>, ConfigError> {
    let (file, found) = find(overrides.config.as_deref(), outer)?;
    let document = Document::read(&file, found, outer.folder())?;
    let root = parse(&document)?;
    Ok(Sections::read(&TomlTable::root(&document, &root))?.names())
}

/// Returns the file named, or else the nearest one here and in the parent folders.
fn find(given: Option<&Path>, env: &Environment) -> Result<(PathBuf, FoundBy), ConfigError> {
    let named = match given {
        Some(path) => Some(path),
        None => env.setting("MIGRATE_CONFIG")?.map(|(path, _)| Path::new(path)),
    };
    if let Some(path) = named {
        return Ok((env.folder().join(path).components().collect(), FoundBy::Name));
    }
    let mut candidates = env.folder().ancestors().map(|folder| folder.join(FILE_NAME));
    // A dead link is found too, so that it is reported and not ignored.
    candidates
        .find(|path| path.symlink_metadata().is_ok())
        .map(|path| (path, FoundBy::Custom))
        .ok_or_else(|| ConfigError::NotFound { searched_from: env.folder().to_path_buf() })
}

fn skipped(section: &Section) -> Vec<String> {
    let names = section.scratch_skip_extensions.iter().flat_map(|it| &it.value);
    names.map(|it| it.value.clone()).collect()
}

fn versions(
    section: &Section,
    folder: &Path,
    env: &Environment,
) -> Result<Vec<PathBuf>, ConfigError> {
    let Some(written) = &section.versions else { return Ok(vec![folder.join("versions")]) };
    let mut res: Vec<PathBuf> = Vec::new();
    for text in &written.value {
        let path = path(text, folder, env)?;
        // Twice the same folder would make every revision a duplicate of itself.
        if !res.contains(&path) {
            res.push(path);
        }
    }
    if res.is_empty() {
        return Err(ConfigError::Empty { place: written.place.clone(), key: written.key.clone() });
    }
    Ok(res)
}

fn schema(section: &Section, folder: &Path, env: &Environment) -> Result<PathBuf, ConfigError> {
    match &section.schema {
        Some(text) => path(text, folder, env),
        None => Ok(folder.join("schema.sql")),
    }
}

fn path(text: &Located<String>, folder: &Path, env: &Environment) -> Result<PathBuf, ConfigError> {
    let path = fill(text, env)?;
    if path.is_empty() {
        return Err(ConfigError::Empty { place: text.place.clone(), key: text.key.clone() });
    }
    Ok(folder.join(path).components().collect())
}

fn version_table(section: &Section, env: &Environment) -> Result<VersionTable, ConfigError> {
    let Some(text) = &section.version_table else { return Ok(VersionTable::default()) };
    VersionTable::parse(&fill(text, env)?)
        .map_err(|source| ConfigError::VersionTable { place: text.place.clone(), source })
}

fn file_template(section: &Section, env: &Environment) -> Result<FileTemplate, ConfigError> {
    let Some(text) = &section.file_template else { return Ok(FileTemplate::default()) };
    let error = |source| ConfigError::FileTemplate { place: text.place.clone(), source };
    let res = FileTemplate::parse(&fill(text, env)?).map_err(error)?;
    if res.has_subfolders() && !is_recursive(section) {
        return Err(error(FileTemplateError::Subfolder));
    }
    Ok(res)
}

fn is_recursive(section: &Section) -> bool {
    section.recursive_version_locations.as_ref().is_some_and(|it| it.value)
}

fn slug_length(section: &Section) -> Result<usize, ConfigError> {
    let Some(length) = &section.truncate_slug_length else { return Ok(40) };
    match usize::try_from(length.value) {
        Ok(value @ 1..=LONGEST_SLUG) => Ok(value),
        _ => Err(ConfigError::OutOfRange {
            place: length.place.clone(),
            key: length.key.clone(),
            minimum: 1,
            maximum: LONGEST_SLUG,
        }),
    }
}

fn word<T: Copy>(
    text: Option<&Located<String>>,
    env: &Environment,
    words: Words<T>,
) -> Result<Option<T>, ConfigError> {
    text.map(|text| choice(text, &fill(text, env)?, words)).transpose()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::testing::{Folder, keeps_secrets, told};

    const VARIABLES: &[(&str, &str)] = &[("SET", "set"), ("EMPTY", "")];

    fn load_as(folder: &Folder, name: Option<&str>) -> Result<Config, ConfigError> {
        let environment = name.map(str::to_owned);
        folder.load("", &Overrides { environment, ..Overrides::default() }, VARIABLES)
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let folder = Folder::of("");
        let config = load_as(&folder, None).unwrap();
        assert_eq!(config.file, folder.path().join(FILE_NAME));
        assert_eq!(config.folder, folder.path());
        assert_eq!(config.versions, [folder.path().join("versions")]);
        assert_eq!(config.schema, folder.path().join("schema.sql"));
        assert!(!config.schema_required && !config.protected);
        assert!(!config.recursive_version_locations);
        assert_eq!(config.version_table.to_string(), "migrate_version");
        assert_eq!(config.file_template, FileTemplate::default());
        assert_eq!(config.transaction, TransactionMode::Revision);
        assert_eq!(config.lock_timeout, Duration::from_mins(1));
        assert_eq!((config.lock, config.wait), (None, Duration::ZERO));
        assert_eq!(config.truncate_slug_length, 40);
        assert_eq!(config.timezone, Timezone::Utc);
        assert_eq!((config.name, config.post_write), (None, Vec::new()));
    }

    #[test]
    fn every_value_is_read_and_filled_in() {
        let text = r#"
            [migrate]
            versions = ["./a", "a", "${SET}/b", "/c"]
            schema = "${NO:-schema}"
            version_table = "ops.${SET}"
            file_template = "{year}/{rev}"
            transaction = "all"
            lock_timeout = "500ms"
            lock = "lease"
            truncate_slug_length = 20
            timezone = "local"
            recursive_version_locations = true
            [env.production]
            protected = true
            versions = "v"
        "#;
        let folder = Folder::of(text);
        let config = load_as(&folder, None).unwrap();
        let expected = [folder.path().join("a"), folder.path().join("set/b"), PathBuf::from("/c")];
        assert_eq!(config.versions, expected);
        assert_eq!(config.schema, folder.path().join("schema"));
        assert!(config.schema_required && config.recursive_version_locations);
        assert_eq!(config.version_table.to_string(), "ops.set");
        assert!(config.file_template.has_subfolders());
        assert_eq!(config.transaction, TransactionMode::All);
        assert_eq!(config.lock_timeout, Duration::from_millis(500));
        assert_eq!(config.lock, Some(LockMode::Lease));
        assert_eq!(config.truncate_slug_length, 20);
        assert_eq!(config.timezone, Timezone::Local);
        let config = load_as(&folder, Some("production")).unwrap();
        assert_eq!((config.name.as_deref(), config.protected), (Some("production"), true));
        assert_eq!(config.versions, [folder.path().join("v")]);
    }

    #[test]
    fn the_file_is_found_in_the_nearest_parent() {
        let folder = Folder::of("");
        folder.write("a/migrate.toml", "");
        for (below, found) in [("a/b/c", "a"), ("a", "a"), ("", "")] {
            let config = folder.load(below, &Overrides::default(), &[]).unwrap();
            assert_eq!(config.folder, folder.path().join(found), "{below}");
        }
    }

    #[test]
    fn the_file_may_be_named() {
        let folder = Folder::new();
        folder.write("one/a.toml", "");
        folder.write("two/b.toml", "");
        let load_named = |config: Option<&str>| {
            let overrides = Overrides { config: config.map(PathBuf::from), ..Overrides::default() };
            folder.load("", &overrides, &[("MIGRATE_CONFIG", "two/b.toml")])
        };
        assert_eq!(load_named(None).unwrap().file, folder.path().join("two/b.toml"));
        let config = load_named(Some("./one/a.toml")).unwrap();
        assert_eq!(config.file, folder.path().join("one/a.toml"));
        let error = load_named(Some("one/c.toml")).unwrap_err();
        assert_eq!(error.to_string(), "there is no file `one/c.toml`");
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let folder = Folder::new();
        let error = load_as(&folder, None).unwrap_err();
        assert!(matches!(
            error,
            ConfigError::NotFound { searched_from } if searched_from == folder.path()
        ));
        let text = b"# \xc3\xb6\n[migrate]\nurl = \"s3cr3t\xff\"";
        folder.write(FILE_NAME, text);
        let error = load_as(&folder, None).unwrap_err();
        assert_eq!(told(&error), "3:14: `migrate.toml` is not UTF-8");
        keeps_secrets(&error);
        let folder = Folder::new();
        folder.write("migrate.toml/x", "");
        let error = load_as(&folder, None).unwrap_err();
        assert_eq!(error.to_string(), "`migrate.toml` is a folder, not a file");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_nowhere_is_not_passed_over() {
        let folder = Folder::of("");
        folder.write("a/x", "");
        std::os::unix::fs::symlink("nowhere", folder.path().join("a/migrate.toml")).unwrap();
        let error = folder.load("a", &Overrides::default(), &[]).unwrap_err();
        assert_eq!(error.to_string(), "`migrate.toml` cannot be read");
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "it is a link to `nowhere`, which doesn't exist");
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_do_not_count() {
        let folder = Folder::of("\u{feff}[migrate]\r\ntransaction = \"all\"\r\n");
        assert_eq!(load_as(&folder, None).unwrap().transaction, TransactionMode::All);
        let error = load_as(&Folder::of("\u{feff}x = 1\r\n"), None).unwrap_err();
        assert_eq!(told(&error), "1:1: unknown key `x` in the top level");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_place() {
        let unset = "`schema` needs the environment variable `NO`, which is not set";
        let mode = "`transaction` is `one`, but must be `revision` or `all`";
        let lock = "`lock` is `advisory`, but must be `session` or `transaction` or `lease`";
        let zone = "`timezone` is `CET`, but must be `UTC` or `local`";
        let slug = "`truncate_slug_length` must be from 1 to 150";
        let soon = "the lock timeout `soon` is not a duration: write `60s`, `500ms` or `2m`";
        let cases = [
            ("versions = []", 12, "`versions` is empty"),
            ("versions = ['a', '']", 18, "`versions` is empty"),
            ("schema = '${EMPTY}'", 10, "`schema` is empty"),
            ("schema = '${NO}'", 10, unset),
            ("version_table = 'a b'", 17, "`version_table` cannot be used"),
            ("file_template = '{slug}'", 17, "`file_template` cannot be used"),
            ("file_template = 'a/{rev}'", 17, "`file_template` cannot be used"),
            ("transaction = 'one'", 15, mode),
            ("lock = 'advisory'", 8, lock),
            ("timezone = 'CET'", 12, zone),
            ("truncate_slug_length = 0", 24, slug),
            ("truncate_slug_length = -1", 24, slug),
            ("lock_timeout = 'soon'", 16, soon),
        ];
        for (text, column, expected) in cases {
            let error = load_as(&Folder::of(&format!("[migrate]\n{text}")), None).unwrap_err();
            assert_eq!(error.place().unwrap().file, Path::new(FILE_NAME));
            assert_eq!(told(&error), format!("2:{column}: {expected}"), "{text}");
        }
    }

    #[test]
    fn only_the_values_in_force_need_their_variables() {
        let text =
            "[migrate]\nschema = '${NO}'\n[env.a]\nschema = 'a'\n[env.b]\nversions = '${NO}'";
        let folder = Folder::of(text);
        assert!(load_as(&folder, Some("a")).is_ok());
        assert!(load_as(&folder, Some("b")).is_err());
    }

    #[test]
    fn the_environment_is_named_by_the_flag_or_else_by_the_variable() {
        let folder = Folder::of("[env.a]\n[env.b]");
        folder.write(".env", "MIGRATE_ENV=b");
        assert_eq!(load_as(&folder, None).unwrap().name.as_deref(), Some("b"));
        assert_eq!(load_as(&folder, Some("a")).unwrap().name.as_deref(), Some("a"));
        let error = folder.load("", &Overrides::default(), &[("MIGRATE_ENV", "c")]).unwrap_err();
        let message = "no environment `c` (from MIGRATE_ENV): known are `a`, `b`";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn the_lock_timeout_is_the_flags_the_variables_or_the_files() {
        let folder = Folder::of("[migrate]\nlock_timeout = 3");
        let load_with = |flag: Option<&str>, variable| {
            let lock_timeout = flag.map(str::to_owned);
            let overrides = Overrides { lock_timeout, ..Overrides::default() };
            let config = folder.load("", &overrides, &[("MIGRATE_LOCK_TIMEOUT", variable)])?;
            Ok::<u64, ConfigError>(config.lock_timeout.as_secs())
        };
        assert_eq!(load_with(Some("1"), "2").unwrap(), 1);
        assert_eq!(load_with(None, "2").unwrap(), 2);
        assert_eq!(load_with(None, "").unwrap(), 3);
        let message = load_with(Some("x"), "").unwrap_err().to_string();
        assert!(message.starts_with("the lock timeout `x` of --lock-timeout is not a duration"));
        assert!(load_with(None, "-1").is_err());
    }

    #[test]
    fn the_transaction_mode_of_the_flag_comes_first() {
        let folder = Folder::of("[migrate]\ntransaction = '${NO}'");
        let transaction = Some(TransactionMode::All);
        let overrides = Overrides { transaction, ..Overrides::default() };
        let config = folder.load("", &overrides, &[]).unwrap();
        assert_eq!(config.transaction, TransactionMode::All);
    }
}
