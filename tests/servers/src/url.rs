//! URLs of servers, as text and in parts.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;

/// A server, and whom to be there.
#[derive(Clone)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) user: String,
    pub(crate) password: Option<String>,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The socket (`MySQL`) or its folder (`PostgreSQL`), instead of the host.
    pub(crate) socket: Option<PathBuf>,
    /// Parameters as they were given.
    pub(crate) query: String,
}

impl Url {
    /// Returns the URL of a private server, for the tests' user.
    pub(crate) fn loopback(scheme: &str, port: u16) -> Self {
        Self {
            scheme: scheme.to_owned(),
            user: crate::USER.to_owned(),
            password: Some(crate::PASSWORD.to_owned()),
            host: "127.0.0.1".to_owned(),
            port,
            socket: None,
            query: String::new(),
        }
    }

    /// Reads `SCHEME://USER[:PASSWORD]@HOST[:PORT][/…][?PARAMETERS]`.
    pub(crate) fn read(text: &str, usual_port: u16) -> Self {
        let parts = || {
            let (scheme, rest) = text.split_once("://")?;
            let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
            let authority = rest.split('/').next()?;
            let (login, host) = authority.rsplit_once('@')?;
            let (user, password) = match login.split_once(':') {
                Some((user, password)) => (user, Some(decode(password)?)),
                None => (login, None),
            };
            let (host, port) = match host.rsplit_once(':') {
                Some((host, port)) => (host, port.parse().ok()?),
                None => (host, usual_port),
            };
            Some(Self {
                scheme: scheme.to_owned(),
                user: decode(user)?,
                password,
                host: host.to_owned(),
                port,
                socket: None,
                query: query.to_owned(),
            })
        };
        parts().expect("the URL of the test server is not SCHEME://USER:PASSWORD@HOST:PORT/NAME")
    }

    /// Writes the URL of a database there, with more parameters.
    pub(crate) fn of(&self, database: &str, more: &str) -> String {
        let Self { scheme, port, .. } = self;
        let password = self.password.iter().map(|it| format!(":{}", encode(it)));
        let login = format!("{}{}", encode(&self.user), password.collect::<String>());
        let mut parameters = vec![self.query.clone(), more.to_owned()];
        let host = match &self.socket {
            None => format!("{}:{port}", self.host),
            Some(folder) if self.is_postgres() => {
                format!("{}:{port}", encode(folder.to_str().unwrap()))
            }
            Some(socket) => {
                parameters.insert(0, format!("socket={}", encode(socket.to_str().unwrap())));
                "localhost".to_owned()
            }
        };
        parameters.retain(|it| !it.is_empty());
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{scheme}://{login}@{host}/{database}{mark}{}", parameters.join("&"))
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.scheme.starts_with("postgres")
    }

    /// Returns the address to connect to.
    pub(crate) fn address(&self) -> SocketAddr {
        let mut found = (self.host.as_str(), self.port).to_socket_addrs().unwrap();
        found.next().expect("the test server's host has no address")
    }

    /// Returns the same, at another address.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port(), ..self.clone() }
    }
}

/// Percent-encodes all but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|it| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}

fn decode(text: &str) -> Option<String> {
    let mut pieces = text.split('%');
    let mut res = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        res.push(u8::from_str_radix(piece.get(..2)?, 16).ok()?);
        res.extend_from_slice(&piece.as_bytes()[2..]);
    }
    String::from_utf8(res).ok()
}
