//! From a file, the environment and the overrides to a `Config`.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::config::choice::choice;
use crate::config::place::{Document, Located};
use crate::config::placeholder::fill;
use crate::config::section::{Section, Sections};
use crate::config::table::{Table, parse};
use crate::config::urls::Urls;
use crate::config::variables::Variables;
use crate::config::{
    Autogenerate, Config, ConfigError, Environment, FileTemplate, FileTemplateError, LockMode,
    Origin, Overrides, Timezone, TransactionMode, VersionTable, hooks, timeouts,
};
use crate::file::{self, Found};

pub(super) const FILE_NAME: &str = "migrate.toml";

const TABLES: &[&str] = &["migrate", "env", "variables", "autogenerate", "hooks", "pg", "mysql"];

/// The longest slug: with id and time, a file's name stays below the 255 bytes of file systems.
const LONGEST_SLUG: usize = 150;

pub(crate) fn load(overrides: &Overrides, outer: &Environment) -> Result<Config, ConfigError> {
    let (file, found) = find(overrides.config.as_deref(), outer)?;
    let document = Document::read(&file, found, outer.folder())?;
    let folder = match file.parent() {
        Some(parent) if file::has_folder(&file) => parent.to_path_buf(),
        // What comes through a pipe speaks of where the program runs.
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
    let root = Table::root(document, &root);
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
        timezone: timezone(&section, &env)?,
        transaction: transaction(overrides, &section, &env)?,
        group_commit: section.group_commit.as_ref().is_none_or(|it| it.value),
        lock: lock(&section, &env)?,
        lock_timeout: timeouts::lock_timeout(overrides, &section, &env)?,
        wait: timeouts::wait(overrides)?,
        postgres_timeouts,
        mysql_timeouts,
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

/// Returns the names of the environments of a configuration, in its order.
pub fn environments(
    overrides: &Overrides,
    outer: &Environment,
) -> Result<Vec<String>, ConfigError> {
    let (file, found) = find(overrides.config.as_deref(), outer)?;
    let document = Document::read(&file, found, outer.folder())?;
    let root = parse(&document)?;
    Ok(Sections::read(&Table::root(&document, &root))?.names())
}

/// Returns the file named, or else the nearest one here and in the parent folders.
fn find(given: Option<&Path>, env: &Environment) -> Result<(PathBuf, Found), ConfigError> {
    let named = match given {
        Some(path) => Some(path),
        None => env.setting("MIGRATE_CONFIG")?.map(|(path, _)| Path::new(path)),
    };
    if let Some(path) = named {
        return Ok((env.folder().join(path).components().collect(), Found::ByName));
    }
    let mut candidates = env.folder().ancestors().map(|folder| folder.join(FILE_NAME));
    // A link to nowhere is found too, so that it is told and not passed over.
    candidates
        .find(|path| path.symlink_metadata().is_ok())
        .map(|path| (path, Found::ByCustom))
        .ok_or_else(|| ConfigError::NotFound { searched_from: env.folder().to_path_buf() })
}

fn versions(
    section: &Section,
    folder: &Path,
    env: &Environment,
) -> Result<Vec<PathBuf>, ConfigError> {
    let Some(written) = &section.versions else {
        return Ok(vec![folder.join("versions")]);
    };
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
    let Some(text) = &section.version_table else {
        return Ok(VersionTable::default());
    };
    VersionTable::parse(&fill(text, env)?)
        .map_err(|source| ConfigError::VersionTable { place: text.place.clone(), source })
}

fn file_template(section: &Section, env: &Environment) -> Result<FileTemplate, ConfigError> {
    let Some(text) = &section.file_template else {
        return Ok(FileTemplate::default());
    };
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
    let Some(length) = &section.truncate_slug_length else {
        return Ok(40);
    };
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

fn timezone(section: &Section, env: &Environment) -> Result<Timezone, ConfigError> {
    match &section.timezone {
        Some(text) => {
            let names = (["UTC", "local"].as_slice(), [Timezone::Utc, Timezone::Local].as_slice());
            choice(text, &fill(text, env)?, names)
        }
        None => Ok(Timezone::default()),
    }
}

fn transaction(
    overrides: &Overrides,
    section: &Section,
    env: &Environment,
) -> Result<TransactionMode, ConfigError> {
    match (&section.transaction, overrides.transaction) {
        (_, Some(mode)) => Ok(mode),
        (Some(text), None) => {
            let modes = [TransactionMode::Revision, TransactionMode::All];
            choice(text, &fill(text, env)?, (["revision", "all"].as_slice(), modes.as_slice()))
        }
        (None, None) => Ok(TransactionMode::default()),
    }
}

fn lock(section: &Section, env: &Environment) -> Result<Option<LockMode>, ConfigError> {
    let Some(text) = &section.lock else {
        return Ok(None);
    };
    let modes = [LockMode::Session, LockMode::Transaction, LockMode::Lease];
    let names = ["session", "transaction", "lease"].as_slice();
    choice(text, &fill(text, env)?, (names, modes.as_slice())).map(Some)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::testing::Folder;

    fn load_in(folder: &Folder, overrides: &Overrides) -> Result<Config, ConfigError> {
        load(overrides, &Environment::new(folder.path(), [("SET", "set"), ("EMPTY", "")]))
    }

    fn load_text(text: &str) -> Result<Config, ConfigError> {
        let folder = Folder::new();
        folder.write(FILE_NAME, text);
        load_in(&folder, &Overrides::default())
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = load_text(text).unwrap_err();
        let place = error.place().unwrap();
        assert_eq!(place.file, Path::new(FILE_NAME));
        assert_eq!(format!("{}:{}: {error}", place.line, place.column), expected);
    }

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "");
        let config = load_in(&folder, &Overrides::default()).unwrap();
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
        let folder = Folder::new();
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
        folder.write(FILE_NAME, text);
        let config = load_in(&folder, &Overrides::default()).unwrap();
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
        let production = Some("production".to_owned());
        let overrides = Overrides { environment: production.clone(), ..Overrides::default() };
        let config = load_in(&folder, &overrides).unwrap();
        assert_eq!((config.name, config.protected), (production, true));
        assert_eq!(config.versions, [folder.path().join("v")]);
    }

    #[test]
    fn the_file_is_found_in_the_nearest_parent() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "");
        folder.write("a/migrate.toml", "");
        folder.write("a/b/c/x", "");
        let load_from = |below: &str| {
            let env = Environment::new(folder.path().join(below), [("", ""); 0]);
            load(&Overrides::default(), &env).unwrap().folder
        };
        assert_eq!(load_from("a/b/c"), folder.path().join("a"));
        assert_eq!(load_from("a"), folder.path().join("a"));
        assert_eq!(load_from(""), folder.path());
    }

    #[test]
    fn the_file_may_be_named() {
        let folder = Folder::new();
        folder.write("one/a.toml", "");
        folder.write("two/b.toml", "");
        let env = Environment::new(folder.path(), [("MIGRATE_CONFIG", "two/b.toml")]);
        let load_named = |config: Option<&str>| {
            let config = config.map(PathBuf::from);
            load(&Overrides { config, ..Overrides::default() }, &env).map(|config| config.file)
        };
        assert_eq!(load_named(None).unwrap(), folder.path().join("two/b.toml"));
        assert_eq!(load_named(Some("./one/a.toml")).unwrap(), folder.path().join("one/a.toml"));
        let error = load_named(Some("one/c.toml")).unwrap_err();
        assert_eq!(error.to_string(), "there is no file `one/c.toml`");
    }

    #[test]
    fn a_file_that_is_not_there_is_told_with_where_it_was_looked_for() {
        let folder = Folder::new();
        let error = load_in(&folder, &Overrides::default()).unwrap_err();
        assert!(matches!(
            error,
            ConfigError::NotFound { searched_from } if searched_from == folder.path()
        ));
    }

    #[test]
    fn a_folder_in_place_of_the_file_is_told() {
        let folder = Folder::new();
        folder.write("migrate.toml/x", "");
        let error = load_in(&folder, &Overrides::default()).unwrap_err();
        assert_eq!(error.to_string(), "`migrate.toml` is a folder, not a file");
    }

    #[test]
    fn a_file_that_is_not_utf_8_is_told_with_its_place() {
        let folder = Folder::new();
        folder.write(FILE_NAME, b"# \xc3\xb6\n[migrate]\nurl = \"s3cr3t\xff\"");
        let error = load_in(&folder, &Overrides::default()).unwrap_err();
        assert_eq!(error.to_string(), "`migrate.toml` is not UTF-8");
        let place = error.place().unwrap();
        assert_eq!((place.line, place.column), (3, 14));
        assert!(!format!("{error:?}").contains("s3cr3t"));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_to_nowhere_is_not_passed_over() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "");
        folder.write("a/x", "");
        std::os::unix::fs::symlink("nowhere", folder.path().join("a/migrate.toml")).unwrap();
        let env = Environment::new(folder.path().join("a"), [("", ""); 0]);
        let error = load(&Overrides::default(), &env).unwrap_err();
        assert_eq!(error.to_string(), "`migrate.toml` cannot be read");
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "it is a link to `nowhere`, which is not there");
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_do_not_count() {
        let config = load_text("\u{feff}[migrate]\r\ntransaction = \"all\"\r\n").unwrap();
        assert_eq!(config.transaction, TransactionMode::All);
        refused("\u{feff}x = 1\r\n", "1:1: unknown key `x` in the top level");
    }

    #[test]
    fn a_wrong_value_is_told_with_its_place() {
        let cases = [
            ("versions = []", "2:12: `versions` is empty"),
            ("versions = ['a', '']", "2:18: `versions` is empty"),
            ("schema = '${EMPTY}'", "2:10: `schema` is empty"),
            (
                "schema = '${NO}'",
                "2:10: `schema` needs the environment variable `NO`, which is not set",
            ),
            ("version_table = 'a b'", "2:17: `version_table` cannot be used"),
            ("file_template = '{slug}'", "2:17: `file_template` cannot be used"),
            ("file_template = 'a/{rev}'", "2:17: `file_template` cannot be used"),
            (
                "transaction = 'one'",
                "2:15: `transaction` is `one`, but must be `revision` or `all`",
            ),
            (
                "lock = 'advisory'",
                "2:8: `lock` is `advisory`, but must be `session` or `transaction` or `lease`",
            ),
            ("timezone = 'CET'", "2:12: `timezone` is `CET`, but must be `UTC` or `local`"),
            ("truncate_slug_length = 0", "2:24: `truncate_slug_length` must be from 1 to 150"),
            ("truncate_slug_length = -1", "2:24: `truncate_slug_length` must be from 1 to 150"),
            (
                "lock_timeout = 'soon'",
                "2:16: the lock timeout `soon` is no duration: write `60s`, \
                 `500ms` or `2m`",
            ),
        ];
        for (text, expected) in cases {
            refused(&format!("[migrate]\n{text}"), expected);
        }
    }

    #[test]
    fn only_the_values_in_force_need_their_variables() {
        let folder = Folder::new();
        let text =
            "[migrate]\nschema = '${NO}'\n[env.a]\nschema = 'a'\n[env.b]\nversions = '${NO}'";
        folder.write(FILE_NAME, text);
        let load_as = |name: &str| {
            let environment = Some(name.to_owned());
            load_in(&folder, &Overrides { environment, ..Overrides::default() })
        };
        assert!(load_as("a").is_ok());
        assert!(load_as("b").is_err());
    }

    #[test]
    fn the_environment_is_named_by_the_flag_or_else_by_the_variable() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "[env.a]\n[env.b]");
        folder.write(".env", "MIGRATE_ENV=b");
        let load_as = |name: Option<&str>, variables: &[(&str, &str)]| {
            let env = Environment::new(folder.path(), variables.iter().copied());
            let environment = name.map(str::to_owned);
            load(&Overrides { environment, ..Overrides::default() }, &env)
        };
        assert_eq!(load_as(None, &[]).unwrap().name.as_deref(), Some("b"));
        assert_eq!(load_as(Some("a"), &[]).unwrap().name.as_deref(), Some("a"));
        let error = load_as(None, &[("MIGRATE_ENV", "c")]).unwrap_err();
        let message = "no environment `c` (from MIGRATE_ENV): known are `a`, `b`";
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn the_lock_timeout_is_the_flags_the_variables_or_the_files() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "[migrate]\nlock_timeout = 3");
        let load_with = |flag: Option<&str>, variables: &[(&str, &str)]| {
            let env = Environment::new(folder.path(), variables.iter().copied());
            let lock_timeout = flag.map(str::to_owned);
            load(&Overrides { lock_timeout, ..Overrides::default() }, &env)
                .map(|config| config.lock_timeout.as_secs())
        };
        assert_eq!(load_with(Some("1"), &[("MIGRATE_LOCK_TIMEOUT", "2")]).unwrap(), 1);
        assert_eq!(load_with(None, &[("MIGRATE_LOCK_TIMEOUT", "2")]).unwrap(), 2);
        assert_eq!(load_with(None, &[("MIGRATE_LOCK_TIMEOUT", "")]).unwrap(), 3);
        let message = load_with(Some("x"), &[]).unwrap_err().to_string();
        assert!(message.starts_with("the lock timeout `x` of --lock-timeout is no duration"));
        assert!(load_with(None, &[("MIGRATE_LOCK_TIMEOUT", "-1")]).is_err());
    }

    #[test]
    fn the_transaction_mode_of_the_flag_comes_first() {
        let folder = Folder::new();
        folder.write(FILE_NAME, "[migrate]\ntransaction = '${NO}'");
        let transaction = Some(TransactionMode::All);
        let overrides = Overrides { transaction, ..Overrides::default() };
        assert_eq!(load_in(&folder, &overrides).unwrap().transaction, TransactionMode::All);
    }
}
