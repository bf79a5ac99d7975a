//! New projects.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Origin};
use crate::error::Error;
use crate::url::{DatabaseUrl, Family};

/// A project that `init` can write.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a line.
    pub synopsis: &'static str,
    /// The configuration.
    config: &'static str,
    /// The desired schema, if it has one.
    schema: Option<&'static str>,
    /// The scripts: name and text.
    versions: &'static [(&'static str, &'static str)],
}

/// Takes a script of the sample project into the program.
macro_rules! sample {
    ($($stem:literal),* $(,)?) => {
        &[$(
            (
                concat!($stem, ".up.sql"),
                include_str!(concat!("../../versions/", $stem, ".up.sql")),
            ),
            (
                concat!($stem, ".down.sql"),
                include_str!(concat!("../../versions/", $stem, ".down.sql")),
            ),
        )*]
    };
}

/// The templates, by name.
pub const TEMPLATES: [Template; 2] = [
    Template {
        name: "generic",
        synopsis: "A configuration and an empty versions folder.",
        config: include_str!("generic.toml"),
        schema: None,
        versions: &[],
    },
    Template {
        name: "jwt-auth",
        synopsis: "Users, roles, refresh tokens and signing keys for JWT authentication.",
        config: include_str!("../../migrate.toml"),
        schema: Some(include_str!("../../schema.sql")),
        versions: sample![
            "20260105_090000_3e6093e7bbdc_create_users_table",
            "20260107_103000_912bfc77a9e9_create_roles_and_user_roles",
            "20260108_140500_ab782ebbbf71_create_signing_keys",
            "20260112_081500_644b0badb019_create_refresh_tokens",
            "20260113_113000_c83f0c5906a7_seed_default_roles",
            "20260114_160000_fa2c62c3e1f9_create_revoked_access_tokens",
            "20260116_090000_af34d6865650_merge_roles_and_tokens",
            "20260120_134500_bb4ce9ecd7f7_add_sign_in_guards",
        ],
    },
];

/// What a new project is to be.
#[derive(Debug, Clone)]
pub struct Init<'a> {
    /// The configuration file.
    pub config: &'a Path,
    /// The folder that `versions` stands in, relative to the configuration; none for beside it.
    pub directory: Option<&'a Path>,
    /// The template's name.
    pub template: &'a str,
    /// The database's URL; none for the template's.
    pub url: Option<&'a str>,
}

/// Writes a new project and returns what was made; nothing is replaced.
pub fn init(wanted: &Init<'_>) -> Result<Vec<PathBuf>, Error> {
    let found = TEMPLATES.iter().find(|it| it.name == wanted.template);
    let template = found.ok_or_else(|| Error::NoTemplate { name: wanted.template.to_owned() })?;
    if let Some(url) = wanted.url {
        let parsed = DatabaseUrl::parse(url)
            .map_err(|source| ConfigError::Url { origin: Origin::Flag("--url"), source })?;
        if !template.versions.is_empty() && parsed.family() != Family::Sqlite {
            return Err(Error::NotYet {
                feature: "template `jwt-auth`",
                database: "this database",
            });
        }
    }
    let root = wanted.config.parent().unwrap_or(Path::new(""));
    let versions = wanted.directory.map_or_else(|| "versions".into(), |it| it.join("versions"));
    let folder = root.join(&versions);
    let schema = template.schema.map(|text| (root.join("schema.sql"), text));
    refuse_existing(wanted.config)?;
    if let Some((path, _)) = &schema {
        refuse_existing(path)?;
    }
    refuse_filled(&folder)?;
    let write_error = |source| Error::Write { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(write_error)?;
    let mut made = vec![folder.clone()];
    let mut write = |path: PathBuf, text: &str| {
        create(&path, text)?;
        made.push(path);
        Ok::<(), Error>(())
    };
    for (name, text) in template.versions {
        write(folder.join(name), text)?;
    }
    if let Some((path, text)) = schema {
        write(path, text)?;
    }
    // Last: a project without its configuration is none, so an interrupted init can be repeated.
    write(wanted.config.to_path_buf(), &configuration(template, &versions, wanted.url))?;
    Ok(made)
}

/// Fills in the two lines of a template's configuration that `init` has a say in.
fn configuration(template: &Template, versions: &Path, url: Option<&str>) -> String {
    let replace = |line: &str| {
        if let (Some(url), true) = (url, line.starts_with("url = ")) {
            format!("url = {}", toml_string(url))
        } else if line.starts_with("versions = ") && versions != Path::new("versions") {
            format!("versions = [{}]", toml_string(&versions.to_string_lossy()))
        } else {
            line.to_owned()
        }
    };
    template.config.lines().map(|line| replace(line) + "\n").collect()
}

/// Quotes a text as TOML does.
fn toml_string(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if c.is_control() => format!("\\u{:04X}", u32::from(c)),
        c => c.to_string(),
    };
    let escaped: String = text.chars().map(escape).collect();
    format!("\"{escaped}\"")
}

fn refuse_existing(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(_) => Err(Error::Exists { path: path.to_path_buf() }),
        Err(_) => Ok(()),
    }
}

fn refuse_filled(folder: &Path) -> Result<(), Error> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(Error::NotEmpty { path: folder.to_path_buf() }),
            None => Ok(()),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::Write { path: folder.to_path_buf(), source }),
    }
}

fn create(path: &Path, text: &str) -> Result<(), Error> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| {
        let path = path.to_path_buf();
        if source.kind() == ErrorKind::AlreadyExists {
            Error::Exists { path }
        } else {
            Error::Write { path, source }
        }
    })
}
