//! Parses a text to a `DatabaseUrl`.
//!
//! It is stricter than most parsers: where an unencoded password could be taken for a host, a port
//! or a database name, and then be shown, the URL is refused.

use std::net::Ipv6Addr;
use std::path::PathBuf;

use crate::url::percent::DecodeError;
use crate::url::server::{Host, Parameters, Password, Scheme, ServerUrl};
use crate::url::{DatabaseUrl, Family, SqliteTarget, UrlError, percent};

pub(crate) fn parse(text: &str) -> Result<DatabaseUrl, UrlError> {
    if text.is_empty() {
        return Err(UrlError::Empty);
    }
    if text.contains('\0') {
        return Err(UrlError::Nul);
    }
    let (name, rest) = text.split_once(':').ok_or(UrlError::NoScheme)?;
    if name.eq_ignore_ascii_case("sqlite") {
        return sqlite(rest).map(DatabaseUrl::Sqlite);
    }
    if let Some(scheme) = Scheme::named(name) {
        return Reader { scheme }.server(rest).map(DatabaseUrl::Server);
    }
    Err(unknown(name))
}

impl ServerUrl {
    /// Sets a parameter of this name; the value is taken literally.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), UrlError> {
        if value.contains('\0') {
            return Err(UrlError::Nul);
        }
        Reader { scheme: self.scheme }.set(name, value.to_owned(), self)
    }
}

/// Parses the rest after `sqlite:`, also in the spelling of sqlx and dbmate with `//`.
fn sqlite(rest: &str) -> Result<SqliteTarget, UrlError> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    // sqlx's `mode=rwc` (create a missing file) is the standard behavior.
    if !query.is_empty() && query != "mode=rwc" {
        let is_uri = path.trim_start_matches('/').starts_with("file:");
        return Err(if is_uri { UrlError::SqliteUriFilename } else { UrlError::SqliteParameter });
    }
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = percent::decode(path).map_err(|error| undecodable(error, "sqlite"))?;
    match path.as_str() {
        "" => Err(UrlError::SqliteEmptyPath),
        // With the slash it is SQLAlchemy's spelling.
        ":memory:" | "/:memory:" => Ok(SqliteTarget::Memory),
        path if path.starts_with("file:") => Err(UrlError::SqliteUriFilename),
        // Reserved by SQLite for names to come (sqlite.org/c3ref/open.html).
        path if path.starts_with(':') => Err(UrlError::SqliteColon),
        path if path.contains(char::is_control) => {
            Err(UrlError::ControlCharacter { scheme: "sqlite" })
        }
        path => Ok(SqliteTarget::File(PathBuf::from(path))),
    }
}

/// A parser of a server's URL, with the scheme for its errors.
#[derive(Clone, Copy)]
struct Reader {
    scheme: Scheme,
}

impl Reader {
    fn server(self, rest: &str) -> Result<ServerUrl, UrlError> {
        let scheme = self.scheme.as_str();
        let rest = rest.strip_prefix("//").ok_or(UrlError::NoAuthority { scheme })?;
        if rest.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(UrlError::ControlCharacter { scheme });
        }
        let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        // The password most likely contains a `/` or `?`: the part before it would be taken for
        // host and port, and be shown.
        if tail.contains('@') {
            return Err(UrlError::StrayAt { scheme });
        }
        if tail.contains('#') {
            return Err(UrlError::Fragment { scheme });
        }
        let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
        let (login, address) = authority.rsplit_once('@').unwrap_or(("", authority));
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let (host, port) = self.address(address)?;
        let mut res = ServerUrl {
            scheme: self.scheme,
            user: some(self.decode(user)?),
            password: some(self.decode(password)?).map(Password::new),
            host,
            port,
            database: self.database(path)?,
            parameters: Parameters::default(),
        };
        for parameter in query.split('&').filter(|part| !part.is_empty()) {
            self.parameter(parameter, &mut res)?;
        }
        if res.host.is_none() {
            res.host = self.host(res.parameters.get("hostaddr").unwrap_or_default())?;
        }
        Ok(res)
    }

    /// Parses `host`, `host:port`, `[address]:port` or `:port`.
    fn address(self, text: &str) -> Result<(Option<Host>, Option<u16>), UrlError> {
        let scheme = self.scheme.as_str();
        if text.contains(',') {
            return Err(UrlError::SeveralHosts { scheme });
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (address, port) = rest.split_once(']').ok_or(UrlError::Host { scheme })?;
            let port = match port.strip_prefix(':') {
                Some(port) => self.port(&self.decode(port)?)?,
                None if port.is_empty() => None,
                None => return Err(UrlError::Host { scheme }),
            };
            let address: Ipv6Addr = address.parse().map_err(|_| UrlError::Host { scheme })?;
            return Ok((Some(Host::Name(address.to_string())), port));
        }
        let (host, port) = text.split_once(':').unwrap_or((text, ""));
        Ok((self.host(&self.decode(host)?)?, self.port(&self.decode(port)?)?))
    }

    /// Parses a decoded host.
    fn host(self, text: &str) -> Result<Option<Host>, UrlError> {
        let scheme = self.scheme.as_str();
        if text.is_empty() {
            return Ok(None);
        }
        if text.starts_with('/') {
            return Ok(Some(Host::Socket(PathBuf::from(text))));
        }
        if text.contains(',') {
            return Err(UrlError::SeveralHosts { scheme });
        }
        // `${HOST}` is encoded before it gets here, brackets and colons of an address included.
        let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = bare.parse::<Ipv6Addr>() {
            return Ok(Some(Host::Name(address.to_string())));
        }
        if text.chars().all(|c| c.is_alphanumeric() || "-._".contains(c)) {
            return Ok(Some(Host::Name(text.to_owned())));
        }
        Err(UrlError::Host { scheme })
    }

    /// Parses a decoded port.
    fn port(self, text: &str) -> Result<Option<u16>, UrlError> {
        if text.is_empty() {
            return Ok(None);
        }
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(port) if digits && port != 0 => Ok(Some(port)),
            _ => Err(UrlError::Port { scheme: self.scheme.as_str() }),
        }
    }

    fn database(self, path: &str) -> Result<Option<String>, UrlError> {
        let name = path.strip_prefix('/').unwrap_or(path);
        if name.contains('/') {
            return Err(UrlError::Database { scheme: self.scheme.as_str() });
        }
        Ok(some(self.decode(name)?))
    }

    fn parameter(self, text: &str, url: &mut ServerUrl) -> Result<(), UrlError> {
        let scheme = self.scheme.as_str();
        let (name, value) = text.split_once('=').ok_or(UrlError::Parameter { scheme })?;
        let (name, value) = (self.decode(name)?, self.decode(value)?);
        let known = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        if name.is_empty() || !name.chars().all(known) {
            return Err(UrlError::Parameter { scheme });
        }
        self.set(&name, value, url)
    }

    /// Sets a decoded parameter; as in libpq, one that names a part of the URL overrides it.
    fn set(self, name: &str, value: String, url: &mut ServerUrl) -> Result<(), UrlError> {
        match name {
            "host" => url.host = self.host(&value)?,
            "socket" if self.scheme.family() == Family::Mysql => {
                url.host = Some(Host::Socket(PathBuf::from(value)));
            }
            "port" => url.port = self.port(&value)?,
            "user" => url.user = some(value),
            "password" => {
                url.password = some(value).map(Password::new);
                url.parameters.doubt();
            }
            "dbname" => url.database = some(value),
            _ => url.parameters.push(name.to_owned(), value),
        }
        Ok(())
    }

    fn decode(self, text: &str) -> Result<String, UrlError> {
        percent::decode(text).map_err(|error| undecodable(error, self.scheme.as_str()))
    }
}

/// Distinguishes a scheme of `SQLAlchemy`'s (`postgresql+psycopg2`) from an unknown one.
fn unknown(name: &str) -> UrlError {
    let scheme = name.split_once('+').and_then(|(scheme, _)| {
        if scheme.eq_ignore_ascii_case("sqlite") {
            return Some("sqlite");
        }
        Scheme::named(scheme).map(Scheme::as_str)
    });
    match scheme {
        Some(scheme) => UrlError::Driver { scheme },
        None if is_scheme(name) => UrlError::UnknownScheme,
        None => UrlError::NoScheme,
    }
}

fn is_scheme(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn undecodable(error: DecodeError, scheme: &'static str) -> UrlError {
    match error {
        DecodeError::Escape => UrlError::Escape { scheme },
        DecodeError::NotUtf8 => UrlError::NotUtf8 { scheme },
        DecodeError::Nul => UrlError::Nul,
    }
}

fn some(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::testing::server;

    #[track_caller]
    fn file(text: &str, path: &str) {
        let expected = DatabaseUrl::Sqlite(SqliteTarget::File(PathBuf::from(path)));
        assert_eq!(parse(text), Ok(expected));
    }

    #[track_caller]
    fn refused(texts: &[&str], expected: &UrlError) {
        for text in texts {
            assert_eq!(parse(text).as_ref(), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_sqlite_path_is_spelled_in_three_ways_and_decoded_once() {
        file("sqlite:app.db", "app.db");
        file("sqlite:/var/app.db", "/var/app.db");
        file("sqlite://app.db", "app.db");
        file("sqlite:///var/app.db", "/var/app.db");
        file("SQLite:data/my app.db", "data/my app.db");
        file(r"sqlite:C:\data\app.db", r"C:\data\app.db");
        file("sqlite:app.db?mode=rwc", "app.db");
        file("sqlite:./file:x", "./file:x");
        file("sqlite:a#b.db", "a#b.db");
        file("sqlite:my%20app%2540.db", "my app%40.db");
        file("sqlite:a%3Fb", "a?b");
    }

    #[test]
    fn a_database_in_memory_has_a_name_of_its_own() {
        for text in ["sqlite::memory:", "sqlite://:memory:", "sqlite:///:memory:"] {
            assert_eq!(parse(text), Ok(DatabaseUrl::Sqlite(SqliteTarget::Memory)));
        }
    }

    #[test]
    fn a_sqlite_url_that_means_something_else_is_refused() {
        let scheme = "sqlite";
        let empty = ["sqlite:", "sqlite://", "sqlite:?mode=rwc"];
        refused(&empty, &UrlError::SqliteEmptyPath);
        refused(&["sqlite:file:app.db", "sqlite:%66ile:app.db"], &UrlError::SqliteUriFilename);
        let uris = ["sqlite://file:app.db", "sqlite:file:x?mode=memory"];
        refused(&uris, &UrlError::SqliteUriFilename);
        refused(&["sqlite::memory"], &UrlError::SqliteColon);
        refused(&["sqlite:app.db?mode=ro"], &UrlError::SqliteParameter);
        refused(&["sqlite:a\0b", "sqlite:a%00b"], &UrlError::Nul);
        refused(&["sqlite:a%0Ab"], &UrlError::ControlCharacter { scheme });
        refused(&["sqlite:100%.db"], &UrlError::Escape { scheme });
    }

    #[test]
    fn every_part_of_a_server_url_is_read() {
        let url = server("postgres://app:pw@db.example:5433/shop?sslmode=require&a.b=%26");
        assert_eq!(url.user.as_deref(), Some("app"));
        assert_eq!(url.password, Some(Password::new("pw")));
        assert_eq!(url.host, Some(Host::Name("db.example".to_owned())));
        assert_eq!(url.port, Some(5433));
        assert_eq!(url.database.as_deref(), Some("shop"));
        let parameters: Vec<_> = url.parameters.iter().collect();
        assert_eq!(parameters, [("sslmode", "require"), ("a.b", "&")]);
        for text in ["mysql://", "mysql:///", "mysql://@:/?&"] {
            let url = server(text);
            assert_eq!((url.user, url.password, url.host), (None, None, None));
            assert_eq!((url.port, url.database), (None, None));
        }
    }

    #[test]
    fn user_password_and_database_are_decoded_once_and_may_hold_anything() {
        let url = server("mysql://a%40b:p%2540%2F%3A:x@h/d%2Fe");
        assert_eq!(url.user.as_deref(), Some("a@b"));
        assert_eq!(url.password, Some(Password::new("p%40/::x")));
        assert_eq!(url.database.as_deref(), Some("d/e"));
        let url = server("postgres://app:p@ss#1@db/shop");
        assert_eq!(url.password, Some(Password::new("p@ss#1")));
        assert_eq!(url.host, Some(Host::Name("db".to_owned())));
    }

    #[test]
    fn an_address_or_a_socket_stands_in_brackets_encoded_or_in_a_parameter() {
        let name = Host::Name("::1".to_owned());
        let socket = Host::Socket(PathBuf::from("/run/pg"));
        for (text, host) in [
            ("mysql://[::1]:33/d", &name),
            ("mysql://[::1]/d", &name),
            ("mysql://%5B%3A%3A1%5D:33/d", &name),
            ("postgres://u@%2Frun%2Fpg/d", &socket),
            ("postgres:///d?host=/run/pg", &socket),
            ("mysql:///d?socket=%2Frun%2Fpg", &socket),
        ] {
            assert_eq!(server(text).host.as_ref(), Some(host), "{text}");
        }
        assert_eq!(server("mysql://[::1]:33/d").port, Some(33));
        assert_eq!(server("postgres:///d?socket=x").parameters.get("socket"), Some("x"));
    }

    #[test]
    fn a_parameter_overrides_the_part_it_names() {
        let url = server("postgres://a:b@c:1/d?user=u&password=p&host=h&port=2&dbname=n");
        assert_eq!(url.password, Some(Password::new("p")));
        assert_eq!(url.to_string(), "postgres://u@h:2/n");
        assert_eq!(url.parameters.iter().count(), 0);
    }

    #[test]
    fn a_malformed_url_says_why() {
        let scheme = "mysql";
        refused(&["mysql:h/d"], &UrlError::NoAuthority { scheme });
        refused(&["mysql://h/d\n"], &UrlError::ControlCharacter { scheme });
        refused(&["mysql://u:%4@h/d"], &UrlError::Escape { scheme });
        refused(&["mysql://u:%ff@h/d"], &UrlError::NotUtf8 { scheme });
        refused(&["mysql://u:%00@h/d"], &UrlError::Nul);
        refused(&["mysql://u:1/2@h/d"], &UrlError::StrayAt { scheme });
        refused(&["mysql://h/d#x"], &UrlError::Fragment { scheme });
        for host in ["[::1", "[x]", "[::1]x", "tcp(h)", "a*b", "%3Ax"] {
            refused(&[&format!("mysql://{host}/d")], &UrlError::Host { scheme });
        }
        for host in ["a,b", "a:1,b:2", "a%2Cb"] {
            refused(&[&format!("mysql://{host}/d")], &UrlError::SeveralHosts { scheme });
        }
        for port in ["0", "65536", "+1", "x", "1:2"] {
            refused(&[&format!("mysql://h:{port}/d")], &UrlError::Port { scheme });
        }
        refused(&["mysql://h/d/e"], &UrlError::Database { scheme });
        refused(&["mysql://h/d?x", "mysql://h/d?=x"], &UrlError::Parameter { scheme });
        refused(&[""], &UrlError::Empty);
        refused(&["app.db", "/a b:c"], &UrlError::NoScheme);
        refused(&["oracle://h/d"], &UrlError::UnknownScheme);
        refused(&["postgresql+psycopg2://h/d"], &UrlError::Driver { scheme: "postgresql" });
        refused(&["sqlite+pysqlite:///app.db"], &UrlError::Driver { scheme: "sqlite" });
        refused(&["a\0b"], &UrlError::Nul);
    }
}
