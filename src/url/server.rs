//! The parts of a database server's URL, as the drivers take them.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::url::Family;
use crate::url::percent::encode;

/// A database server, the database on it, and the login. Every part is decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    pub scheme: Scheme,
    pub user: Option<String>,
    pub password: Option<Password>,
    /// The host of the server; `None` is the driver's default.
    pub host: Option<Host>,
    /// The port, if one is given.
    pub port: Option<u16>,
    /// The database, if one is given.
    pub database: Option<String>,
    pub parameters: Parameters,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A host name or an IP address (an IPv6 one without brackets).
    Name(String),
    /// A unix socket: its folder (`PostgreSQL`), or the socket itself (`MySQL`).
    Socket(PathBuf),
}

/// A password, which no formatting shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// The parameters of a URL in order; formatting shows the names only.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
    /// The index from which a name may be the end of a password with a bare `&`.
    doubtful: Option<usize>,
}

/// The replacement for a name that may be a part of a password.
const HIDDEN: &str = "…";

/// The scheme of a server's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// The scheme `postgres://`.
    Postgres,
    /// The scheme `postgresql://`.
    Postgresql,
    /// The scheme `cockroachdb://`.
    Cockroachdb,
    /// The scheme `yugabytedb://`.
    Yugabytedb,
    /// The scheme `mysql://`.
    Mysql,
    /// The scheme `mariadb://`.
    Mariadb,
    /// The scheme `tidb://`.
    Tidb,
}

impl ServerUrl {
    /// Returns the port of the URL, or the default of its scheme.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(self.scheme.default_port())
    }

    pub(crate) fn resolved(&self, base: &Path) -> Self {
        let mut res = self.clone();
        if let Some(Host::Socket(path)) = &mut res.host {
            *path = base.join(&path).components().collect();
        }
        let family = self.scheme.family();
        for (name, value) in &mut res.parameters.pairs {
            let path: PathBuf = base.join(&value).components().collect();
            // A folder that can't be named in UTF-8 leaves the path to the working folder.
            if let Some(path) = path.to_str().filter(|_| family.is_path(name, value)) {
                path.clone_into(value);
            }
        }
        res
    }
}

impl Scheme {
    /// Every scheme, in the order of messages.
    pub const ALL: &[Self] = &[
        Self::Postgres,
        Self::Postgresql,
        Self::Cockroachdb,
        Self::Yugabytedb,
        Self::Mysql,
        Self::Mariadb,
        Self::Tidb,
    ];

    /// Returns the scheme of this name; case does not count.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scheme| scheme.as_str().eq_ignore_ascii_case(name))
    }

    /// Returns the name, without `://`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Postgresql => "postgresql",
            Self::Cockroachdb => "cockroachdb",
            Self::Yugabytedb => "yugabytedb",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
            Self::Tidb => "tidb",
        }
    }

    pub const fn family(self) -> Family {
        match self {
            Self::Postgres | Self::Postgresql | Self::Cockroachdb | Self::Yugabytedb => {
                Family::Postgres
            }
            Self::Mysql | Self::Mariadb | Self::Tidb => Family::Mysql,
        }
    }

    pub const fn default_port(self) -> u16 {
        match self {
            Self::Postgres | Self::Postgresql => 5432,
            Self::Cockroachdb => 26257,
            Self::Yugabytedb => 5433,
            Self::Mysql | Self::Mariadb => 3306,
            Self::Tidb => 4000,
        }
    }
}

impl Password {
    /// Wraps a password literally, neither encoded nor decoded.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the password itself, for a driver's login only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Parameters {
    /// Returns the value of a parameter; the last one of that name counts.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(key, _)| *key == name).last().map(|(_, value)| value)
    }

    /// Returns names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(crate) fn push(&mut self, name: String, value: String) {
        let is_password = name == "sslpassword";
        self.pairs.push((name, value));
        if is_password {
            self.doubt();
        }
    }

    /// Marks that a password was just read: the following names may belong to it.
    pub(crate) fn doubt(&mut self) {
        self.doubtful = self.doubtful.or(Some(self.pairs.len()));
    }

    /// Returns a parameter's name as a message may show it.
    pub(crate) fn shown<'a>(&self, name: &'a str) -> &'a str {
        let from = self.doubtful.unwrap_or(self.pairs.len());
        let mut doubtful = self.pairs.iter().skip(from);
        if doubtful.any(|(known, _)| known == name) { HIDDEN } else { name }
    }
}

/// Writes `scheme://user@host:port/database`.
impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme)?;
        if let Some(user) = &self.user {
            write!(f, "{}@", encode(user))?;
        }
        match &self.host {
            Some(Host::Name(name)) if name.contains(':') => write!(f, "[{name}]")?,
            Some(Host::Name(name)) => f.write_str(name)?,
            Some(Host::Socket(path)) => f.write_str(&encode(&path.to_string_lossy()))?,
            None => {}
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        match &self.database {
            Some(database) => write!(f, "/{}", encode(database)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({self})")
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| self.shown(name))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::testing::server;

    #[test]
    fn a_scheme_is_found_in_any_case() {
        assert_eq!(Scheme::named("PostgreSQL"), Some(Scheme::Postgresql));
        assert_eq!(Scheme::named("oracle"), None);
    }

    #[test]
    fn the_port_falls_back_to_the_one_of_the_scheme() {
        for (url, port) in [
            ("postgres://h/d", 5432),
            ("cockroachdb://h/d", 26257),
            ("yugabytedb://h/d", 5433),
            ("mariadb://h/d", 3306),
            ("tidb://h/d", 4000),
            ("tidb://h:1/d", 1),
        ] {
            assert_eq!(server(url).port_or_default(), port, "{url}");
        }
    }

    #[test]
    fn the_last_parameter_of_a_name_counts() {
        let parameters = server("postgres://h/d?sslmode=disable&sslmode=require").parameters;
        assert_eq!(parameters.get("sslmode"), Some("require"));
        assert_eq!(parameters.get("sslrootcert"), None);
        assert_eq!(format!("{parameters:?}"), r#"["sslmode", "sslmode"]"#);
        assert_eq!(format!("{:?}", Password::new("s3cr3t")), "Password(***)");
    }
}
