//! New projects.

use std::fmt;
use std::fs::{self, DirEntry, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Origin};
use crate::error::{Error, Holds};
use crate::ops::templates::{TEMPLATES, Template};
use crate::revision::folder::{Depth, read_what_can_be};
use crate::revision::stranger::is_passed_over;
use crate::revision::{Shape, Stranger};
use crate::url::{DatabaseUrl, Family, Password, ServerUrl, percent_encode};

/// The placeholder for the password in a new configuration's URL.
const PASSWORD: &str = "${DATABASE_PASSWORD}";

/// The parameters of a new project.
#[derive(Clone)]
pub struct Init<'a> {
    /// The path of the configuration file.
    pub config: &'a Path,
    /// The folder for `versions`, relative to the configuration; none for the configuration's own.
    pub directory: Option<&'a Path>,
    /// The name of the template.
    pub template: &'a str,
    /// The URL of the database; none for the template's.
    pub url: Option<&'a str>,
}

/// The files that `init` has made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The folder and the files, the configuration last.
    pub paths: Vec<PathBuf>,
    /// Whether the URL's password was not written to the configuration.
    pub leaves_out_password: bool,
}

/// Leaves out the URL, which may contain a password.
impl fmt::Debug for Init<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { config, directory, template, url: _ } = self;
        let mut text = f.debug_struct("Init");
        text.field("config", config).field("directory", directory).field("template", template);
        text.finish_non_exhaustive()
    }
}

/// Writes a new project and returns the created paths; nothing is overwritten.
pub fn init(wanted: &Init<'_>) -> Result<Created, Error> {
    let found = TEMPLATES.iter().find(|it| it.name == wanted.template);
    let template = found.ok_or_else(|| Error::NoTemplate { name: wanted.template.to_owned() })?;
    let parsed = wanted.url.map(DatabaseUrl::parse).transpose();
    let parsed =
        parsed.map_err(|source| ConfigError::Url { origin: Origin::Flag("--url"), source })?;
    let family = parsed.as_ref().map_or(Family::Sqlite, DatabaseUrl::family);
    let without = parsed.as_ref().and_then(without_password);
    let url = without.as_deref().or(wanted.url);
    let sample = template.sample(family);
    let root = wanted.config.parent().unwrap_or(Path::new(""));
    let versions = wanted.directory.map_or_else(|| "versions".into(), |it| it.join("versions"));
    let folder = root.join(&versions);
    let schema = root.join("schema.sql");
    refuse_existing(wanted.config)?;
    if sample.is_some() {
        refuse_existing(&schema)?;
    }
    refuse_filled(&folder)?;
    let write_error = |source| Error::Write { path: folder.clone(), source };
    fs::create_dir_all(&folder).map_err(write_error)?;
    let mut paths = vec![folder.clone()];
    let mut write = |path: PathBuf, text: &str| {
        create(&path, text)?;
        paths.push(path);
        Ok::<(), Error>(())
    };
    if let Some(sample) = sample {
        for (name, text) in sample.versions {
            write(folder.join(name), text)?;
        }
        write(schema, sample.schema)?;
    }
    // Last: a project without its configuration is none, so an interrupted init can be repeated.
    write(wanted.config.to_path_buf(), &configuration(template, &versions, url))?;
    Ok(Created { paths, leaves_out_password: without.is_some() })
}

/// Returns the URL of a server with a placeholder for its password; none if there is no password,
/// or a placeholder already.
///
/// It is assembled from its parts, so that nothing is written that wasn't parsed.
fn without_password(url: &DatabaseUrl) -> Option<String> {
    let DatabaseUrl::Server(server) = url else { return None };
    let is_secret = |it: &Password| !is_placeholder(it.expose());
    server.password.as_ref().filter(|it| is_secret(it))?;
    let scheme = server.scheme;
    let user = server.user.as_deref().map(percent_encode).unwrap_or_default();
    // As it is displayed without a user: the scheme, `://` and where the database is.
    let shown = ServerUrl { user: None, ..server.clone() }.to_string();
    let place = shown.strip_prefix(&format!("{scheme}://")).unwrap_or_default();
    let parameter = |(name, value)| format!("{name}={}", percent_encode(value));
    let parameters: Vec<String> = server.parameters.iter().map(parameter).collect();
    let mark = if parameters.is_empty() { "" } else { "?" };
    Some(format!("{scheme}://{user}:{PASSWORD}@{place}{mark}{}", parameters.join("&")))
}

/// Tells whether a text is a variable's placeholder, which is no secret.
fn is_placeholder(text: &str) -> bool {
    let name = text.strip_prefix("${").and_then(|it| it.strip_suffix('}'));
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.is_some_and(|it| it.starts_with(|c: char| !c.is_ascii_digit()) && it.chars().all(known))
}

/// Fills in the two lines of a template's configuration that `init` determines.
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

/// Refuses a folder with anything but hidden files.
fn refuse_filled(folder: &Path) -> Result<(), Error> {
    let is_hidden = |entry: &DirEntry| is_passed_over(&entry.file_name().to_string_lossy());
    match fs::read_dir(folder) {
        Ok(entries) => {
            if entries.filter_map(Result::ok).all(|it| is_hidden(&it)) {
                return Ok(());
            }
            let (path, holds) = (folder.to_path_buf(), holds(folder));
            Err(Error::NotEmpty { path, holds })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(source) => Err(Error::Write { path: folder.to_path_buf(), source }),
    }
}

/// Classifies the contents of a folder.
fn holds(folder: &Path) -> Holds {
    let found = read_what_can_be(&[folder.to_path_buf()], Depth::Flat);
    let tool = |it: &Stranger| {
        let shape = it.shape()?;
        if let Shape::Tool(tool) = shape { Some(Holds::Tool(tool)) } else { None }
    };
    match found.revisions.first() {
        Some(_) => Holds::Revisions,
        None => found.strangers.iter().find_map(tool).unwrap_or(Holds::Others),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn written(url: &str, expected: Option<&str>) {
        let url = DatabaseUrl::parse(url).unwrap();
        assert_eq!(without_password(&url).as_deref(), expected);
    }

    #[test]
    fn a_password_becomes_a_placeholder_and_all_else_stays() {
        for (url, expected) in [
            ("postgres://app:pw@h:1/d", "postgres://app:${DATABASE_PASSWORD}@h:1/d"),
            ("mysql://a%40b:p%2Fw@[::1]/d%2Fe", "mysql://a%40b:${DATABASE_PASSWORD}@[::1]/d%2Fe"),
            ("postgres://:pw@%2Frun%2Fpg", "postgres://:${DATABASE_PASSWORD}@%2Frun%2Fpg"),
            (
                "postgres://u@h/d?a=%26&p%61ssword=old&password=pw&sslmode=require",
                "postgres://u:${DATABASE_PASSWORD}@h/d?a=%26&sslmode=require",
            ),
            ("tidb://u:${A:-pw}@h", "tidb://u:${DATABASE_PASSWORD}@h"),
            ("mysql://u:${1}@h", "mysql://u:${DATABASE_PASSWORD}@h"),
        ] {
            written(url, Some(expected));
        }
    }

    #[test]
    fn what_holds_no_password_is_left_as_it_is() {
        for url in ["sqlite:a:b@c", "postgres://u@h/d", "mysql://u:${PW}@h/d", "mysql://u:@h"] {
            written(url, None);
        }
    }

    #[test]
    fn the_url_is_not_formatted() {
        let url = Some("mysql://u:s3cr3t@h/d");
        let wanted = Init { config: Path::new("c"), directory: None, template: "generic", url };
        assert!(!format!("{wanted:?}").contains("s3cr3t"));
    }
}
