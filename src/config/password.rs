//! The password for a URL without one, from the sources that the database's own client uses.
//!
//! These are `PGPASSWORD`, `PGPASSFILE` or `~/.pgpass` (libpq), and `MYSQL_PWD` (the MySQL client),
//! so that no password needs to be on a command line or in `migrate.toml`.

use std::path::Path;

use crate::config::{ConfigError, Document, Surroundings};
use crate::file::FoundBy;
use crate::url::{Family, Host, Password, ServerUrl};

/// Returns the password of a server whose URL has none and is complete otherwise, if one is found.
pub(crate) fn find(
    server: &ServerUrl,
    surroundings: Surroundings<'_>,
) -> Result<Option<Password>, ConfigError> {
    let variable = match server.scheme.family() {
        Family::Sqlite => return Ok(None),
        Family::Mysql => "MYSQL_PWD",
        Family::Postgres => "PGPASSWORD",
    };
    let found = match surroundings.env.setting(variable)? {
        Some((text, _)) => Some(text.to_owned()),
        None if server.scheme.family() == Family::Postgres => from_file(server, surroundings)?,
        None => None,
    };
    Ok(found.map(Password::new))
}

/// Looks into the password file. The one named must be there and closed to others; the one at
/// home is passed over otherwise, as libpq does.
fn from_file(
    server: &ServerUrl,
    surroundings: Surroundings<'_>,
) -> Result<Option<String>, ConfigError> {
    let env = surroundings.env;
    let named = match server.parameters.get("passfile").filter(|path| !path.is_empty()) {
        Some(path) => Some(env.folder().join(path)),
        None => {
            env.setting("PGPASSFILE")?.map(|(path, origin)| surroundings.base(&origin).join(path))
        }
    };
    let path = match (&named, env.get("HOME")) {
        (Some(path), _) => path.clone(),
        (None, Some(home)) => Path::new(home).join(".pgpass"),
        (None, None) => return Ok(None),
    };
    if named.is_none() && (!path.is_file() || is_open(&path)) {
        return Ok(None);
    }
    let found = if named.is_some() { FoundBy::Name } else { FoundBy::Custom };
    let document = Document::read(&path, found, env.folder())?;
    if is_open(&path) {
        return Err(ConfigError::OpenPasswordFile { file: document.file });
    }
    Ok(document.text.lines().find_map(|line| password_of(line, server)))
}

/// Returns the password of a line `host:port:database:user:password` that fits the server; a `*`
/// fits everything, and a backslash takes a colon's meaning away (libpq, "The Password File").
fn password_of(line: &str, server: &ServerUrl) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let host = match &server.host {
        Some(Host::Name(name)) => name.clone(),
        Some(Host::Socket(_)) | None => "localhost".to_owned(),
    };
    let user = server.user.clone().unwrap_or_default();
    let database = server.database.clone().unwrap_or_else(|| user.clone());
    let wanted = [host, server.port_or_default().to_string(), database, user];
    let mut fields = fields(line).into_iter();
    let fits = wanted
        .iter()
        .all(|wanted| fields.next().is_some_and(|(raw, field)| raw == "*" || field == *wanted));
    if fits { fields.next().map(|(_, password)| password) } else { None }
}

/// Splits a line at its colons, and returns each field as it is written and as it is meant.
fn fields(line: &str) -> Vec<(String, String)> {
    let mut res = vec![(String::new(), String::new())];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == ':' {
            res.push((String::new(), String::new()));
            continue;
        }
        let Some((raw, field)) = res.last_mut() else { continue };
        raw.push(character);
        if character == '\\' {
            let next = characters.next();
            raw.extend(next);
            field.extend(next);
        } else {
            field.push(character);
        }
    }
    res
}

#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use crate::config::testing::Folder;
    use crate::url::DatabaseUrl;

    fn complete_text(url: &str, env: &Environment) -> Result<Option<Password>, ConfigError> {
        let surroundings = Surroundings { env, folder: Path::new("/"), is_scratch: false };
        match surroundings.complete(DatabaseUrl::parse(url).unwrap())? {
            DatabaseUrl::Server(server) => Ok(server.password),
            DatabaseUrl::Sqlite(_) => Ok(None),
        }
    }

    #[track_caller]
    fn check(url: &str, env: &Environment, expected: Option<&str>) {
        assert_eq!(complete_text(url, env).unwrap(), expected.map(Password::new), "{url}");
    }

    /// Writes password files with a mode; the environment names one, and the other is at home.
    fn passfile(mode: u32) -> (Folder, Environment, Environment) {
        let folder = Folder::new();
        let lines = "# db:*:*:*:comment\n\
                     db:5432:shop:app:one\n\
                     *:*:*:a\\:b:t\\\\w\\:o\n\
                     localhost:6000:*:me:three\n\
                     db:5432\n";
        for (name, lines) in [("pass", lines), (".pgpass", "*:*:*:*:home")] {
            folder.write(name, lines);
            set_mode(&folder.path().join(name), mode);
        }
        let named = Environment::new(folder.path(), [("PGPASSFILE", "pass")]);
        let home = Environment::new("/", [("HOME", folder.path())]);
        (folder, named, home)
    }

    #[cfg(unix)]
    fn set_mode(path: &Path, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn set_mode(_: &Path, _: u32) {}

    #[test]
    fn a_password_that_the_url_lacks_is_taken_from_the_environment() {
        let env = Environment::new("/", [("PGPASSWORD", "pg"), ("MYSQL_PWD", "my")]);
        check("postgres://u@h/d", &env, Some("pg"));
        check("mariadb://u@h/d", &env, Some("my"));
        check("mysql://u:own@h/d", &env, Some("own"));
        check("sqlite:app.db", &env, None);
        check("postgres://u@h/d", &Environment::new("/", [("PGPASSWORD", "")]), None);
    }

    #[test]
    fn the_password_file_is_read_as_libpq_does() {
        let (_folder, env, home) = passfile(0o600);
        check("postgres://app@db/shop", &env, Some("one"));
        check("postgres://app@db:5433/shop", &env, None);
        check("postgres://a%3Ab@any/any", &env, Some("t\\w:o"));
        check("postgres://me@:6000", &env, Some("three"));
        check("postgres://me@%2Frun:6000/x", &env, Some("three"));
        check("mysql://app@db/shop", &env, None);
        check("postgres://app@db/shop", &home, Some("home"));
    }

    #[test]
    fn a_password_file_that_is_named_has_to_be_there() {
        let folder = Folder::new();
        let env = Environment::new(folder.path(), [("PGPASSFILE", "none")]);
        let error = complete_text("postgres://h/d", &env).unwrap_err();
        assert_eq!(error.to_string(), "there is no file `none`");
        let home = Environment::new("/", [("HOME", folder.path())]);
        check("postgres://h/d", &home, None);
    }

    #[test]
    #[cfg(unix)]
    fn a_password_file_open_to_others_is_refused() {
        let (_folder, env, home) = passfile(0o640);
        let error = complete_text("postgres://app@db/shop", &env).unwrap_err();
        let message = "the password file `pass` can be read by other users: its mode must be 0600";
        assert_eq!(error.to_string(), message);
        check("postgres://app@db/shop", &home, None);
    }
}
