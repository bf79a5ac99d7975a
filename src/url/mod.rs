//! Database URLs: what a text such as `postgres://app@db/shop` means.
//!
//! They are parsed here and nowhere else, since drivers differ in what they decode and what they
//! echo. The module handles text only: it reads no file, no environment, and makes no connection.
//! Secrecy is the point: none of its `Debug`, `Display` and errors shows a password or any other
//! parameter, and the error for a URL that does not parse shows only its scheme.

mod error;
mod mysql;
mod parse;
mod percent;
mod postgres;
mod server;
mod settings;
#[cfg(test)]
mod testing;

use std::fmt;
use std::path::{Path, PathBuf};

pub use crate::url::error::UrlError;
pub(crate) use crate::url::percent::encode as percent_encode;
pub use crate::url::server::{Host, Parameters, Password, Scheme, ServerUrl};
pub use crate::url::settings::{ChannelBinding, ConnectSettings, TlsMode};

/// A family of databases with a common protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// `SQLite`, which has no server.
    Sqlite,
    /// `PostgreSQL` and compatible servers.
    Postgres,
    /// `MySQL`, `MariaDB` and compatible servers.
    Mysql,
}

#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(SqliteTarget),
    Server(ServerUrl),
}

/// The location of an `SQLite` database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SqliteTarget {
    /// A file, whose path may be relative.
    File(PathBuf),
    /// The memory: the database is gone when the connection is closed.
    Memory,
}

impl DatabaseUrl {
    /// Parses a URL; every part is percent-decoded once.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        parse::parse(text)
    }

    pub fn family(&self) -> Family {
        match self {
            Self::Sqlite(_) => Family::Sqlite,
            Self::Server(server) => server.scheme.family(),
        }
    }

    /// Returns the URL with relative paths resolved from `base`: that of an `SQLite` file, and
    /// those of a server's certificates, socket and password file.
    #[must_use]
    pub fn resolved(&self, base: &Path) -> Self {
        match self {
            Self::Sqlite(SqliteTarget::File(path)) => {
                // Via `components`, so that `./app.db` leaves no `/./` behind.
                let path = base.join(path).components().collect();
                Self::Sqlite(SqliteTarget::File(path))
            }
            Self::Server(server) => Self::Server(server.resolved(base)),
            Self::Sqlite(SqliteTarget::Memory) => self.clone(),
        }
    }
}

/// Writes the URL without its password and parameters.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(target) => target.fmt(f),
            Self::Server(server) => server.fmt(f),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// Writes the target as a URL that parses to it again.
impl fmt::Display for SqliteTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("sqlite::memory:"),
            Self::File(path) => {
                write!(f, "sqlite:{}", percent::escape_path(&path.to_string_lossy()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::testing::{files, server};

    #[track_caller]
    fn holds_no_secret(text: &str) {
        for secret in ["s3cr3t", "hunter2"] {
            assert!(!text.contains(secret), "`{secret}` stands in: {text}");
        }
    }

    #[test]
    fn relative_paths_are_put_below_the_base_and_all_else_stays() {
        for text in [
            "sqlite:/var/app.db",
            "sqlite::memory:",
            "postgres://app@db/shop?application_name=x&sslcert=&sslrootcert=system",
            "postgres://app@db/shop?sslcert=/c.pem",
            "mysql://app@db/shop?socket=/run/my.sock&ssl_ca=/ca.pem",
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!(url.resolved(Path::new("/srv")), url);
        }
        let url = DatabaseUrl::parse("sqlite:./data/app.db").unwrap();
        let resolved = url.resolved(Path::new("/srv/shop"));
        assert_eq!(resolved.to_string(), "sqlite:/srv/shop/data/app.db");
        let resolved = |text| server(text).resolved(Path::new("/srv"));
        let server = resolved("postgres://h/d?sslrootcert=./ca.pem&sslcert=c&sslkey=k&passfile=p");
        assert_eq!(files(&server.settings().unwrap()), ["/srv/ca.pem", "/srv/c", "/srv/k"]);
        assert_eq!(server.parameters.get("passfile"), Some("/srv/p"));
        let server = resolved("mysql:///d?socket=my.sock&SSL_CA=ca.pem");
        assert_eq!(server.host, Some(Host::Socket(PathBuf::from("/srv/my.sock"))));
        assert_eq!(server.settings().unwrap().root_cert, Some(PathBuf::from("/srv/ca.pem")));
    }

    #[test]
    fn every_scheme_has_its_family() {
        let cases = [
            ("sqlite:app.db", Family::Sqlite),
            ("postgres://h/d", Family::Postgres),
            ("postgresql://h/d", Family::Postgres),
            ("cockroachdb://h/d", Family::Postgres),
            ("yugabytedb://h/d", Family::Postgres),
            ("mysql://h/d", Family::Mysql),
            ("mariadb://h/d", Family::Mysql),
            ("tidb://h/d", Family::Mysql),
        ];
        for (text, family) in cases {
            assert_eq!(DatabaseUrl::parse(text).unwrap().family(), family, "{text}");
        }
    }

    #[test]
    fn a_url_and_its_settings_are_shown_without_what_may_be_a_secret() {
        let text = "postgres://app:s3cr3t@db.example:5433/shop?sslpassword=hunter2&sslmode=require";
        let url = DatabaseUrl::parse(text).unwrap();
        assert_eq!(url.to_string(), "postgres://app@db.example:5433/shop");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://app@db.example:5433/shop)");
        let parsed = server(text);
        holds_no_secret(&format!("{parsed:?} {parsed:#?} {parsed}"));
        holds_no_secret(&format!("{:?} {:?}", parsed.password, parsed.parameters));
        holds_no_secret(&format!("{:?}", parsed.settings()));
        let text = "postgres://h/d?options=-c%20app.key%3Ds3cr3t&sslkey=/hunter2&connect_timeout=3";
        let parsed = server(text);
        let settings = parsed.settings().unwrap();
        assert_eq!(settings.options.as_deref(), Some("-c app.key=s3cr3t"));
        holds_no_secret(&format!("{parsed:?} {settings:?} {settings:#?}"));
        let text = "postgresql:///shop?user=app&password=s3cr3t";
        let url = DatabaseUrl::parse(text).unwrap();
        holds_no_secret(&format!("{url} {url:?} {url:#?}"));
        assert_eq!(server(text).password.unwrap().expose(), "s3cr3t");
    }

    #[test]
    fn what_is_shown_parses_to_the_same_url() {
        for text in [
            "sqlite:a%3Fb%25.db",
            "sqlite::memory:",
            "postgres://a%40b@h:1/d%2Fe",
            "mysql://[::1]:3306/d",
            "postgres://u@%2Frun%2Fpg/d",
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn no_malformed_url_gives_anything_away() {
        for shape in [
            "postgres://app:s3cr3t/hunter2@db/shop",
            "postgres://app:12/s3cr3t@db/shop",
            "postgres://app:12?s3cr3t@db/shop",
            "postgres://app:s3cr3t@db:hunter2/shop",
            "postgres://app:s3cr3t@db:99999/shop",
            "postgres://app:s3cr3t%@db/shop",
            "postgres://app:s3cr3t%zz@db/shop",
            "postgres://app:s3cr3t%ff@db/shop",
            "postgres://app:s3cr3t%00@db/shop",
            "postgres://app:s3cr3t hunter2@db/shop",
            "postgres://app:s3cr3t\n@db/shop",
            "postgres:/app:s3cr3t@db/shop",
            "postgres:app:s3cr3t@db/shop",
            "postgre://app:s3cr3t@db/shop",
            "postgresql+psycopg2://app:s3cr3t@db/shop",
            "app:s3cr3t@tcp(db:3306)/shop",
            "s3cr3t:hunter2@db/shop",
            "host=db user=app password=s3cr3t",
            "mysql://app:s3cr3t@tcp(db:3306)/shop",
            "mysql://app:s3cr3t@[::1/shop",
            "mysql://app:s3cr3t@[hunter2]/shop",
            "mysql://app:s3cr3t@a,b/shop",
            "mysql://app:s3cr3t@db/shop?hunter2",
            "mysql://app:s3cr3t@db/shop?a b=hunter2",
            "mysql://app:s3cr3t@db/shop/hunter2",
            "mysql://app:s3cr3t@db/shop#hunter2",
            "mysql://app:s3cr3t@db/shop?a=1#hunter2",
            "mysql://db:3306:s3cr3t/shop",
            "jdbc:postgresql://db/shop?user=app&password=s3cr3t",
            "sqlite:file:app.db?key=s3cr3t",
            "sqlite:app.db?key=s3cr3t",
            "s3cr3t",
            "s3cr3t\0",
        ] {
            let error = DatabaseUrl::parse(shape).unwrap_err();
            holds_no_secret(&format!("{error} {error:?} {error:#?}"));
        }
    }
}
