//! Connecting to a PostgreSQL server: sockets, encryption, login.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use postgres_protocol::message::frontend;

use crate::database::identify::{self, SSL_REQUEST, ServerKind, hear};
use crate::database::postgres::login::{Login, Session, foreign};
use crate::database::postgres::wire::Wire;
use crate::database::reach::{Failure, Target, keep_trying};
use crate::database::socket::{Channel, Socket};
use crate::database::tls::{self, Rules, Tls, binding};
use crate::database::{DatabaseError, Notice};
use crate::url::{ConnectSettings, ServerUrl, TlsMode};

/// The folders of servers' sockets: Debian's, and PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// The time limit of a request to cancel: somebody waits for it.
const CANCEL: Duration = Duration::from_secs(10);

pub(super) struct Reached {
    pub(super) wire: Wire,
    pub(super) session: Session,
    pub(super) encryption: String,
    pub(super) canceler: Canceler,
}

/// A handle that cancels the running statement from another thread.
pub(super) struct Canceler {
    way: Connector,
    tls: Option<Tls>,
    request: Bytes,
}

/// The target of a connection and the time limits.
#[derive(Clone)]
struct Connector {
    target: Target,
    /// The limit for the first answer.
    patience: Duration,
    /// The limit for the whole.
    timeout: Duration,
}

/// A single try to connect.
struct Attempt<'a> {
    url: &'a ServerUrl,
    settings: &'a ConnectSettings,
    user: &'a str,
    way: Connector,
}

/// Connects, and waits for a server that doesn't answer yet.
pub(super) fn reach(url: &ServerUrl, wait: Duration) -> Result<Reached, DatabaseError> {
    let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
    let settings = url.settings().map_err(|error| open(error.to_string()))?;
    let tls = Tls::new(url, &settings, Rules::Libpq).map_err(open)?;
    // Without a user it is the system's, as for psql.
    let user = match &url.user {
        Some(user) => user.clone(),
        None => whoami::username().map_err(|error| open(error.to_string()))?,
    };
    let name = format!(".s.PGSQL.{}", url.port_or_default());
    keep_trying(url, wait, settings.connect_timeout, |timeout| {
        let socket = |folder: &Path| folder.join(&name);
        let target = Target::of(url, settings.host_address, socket, &SOCKET_FOLDERS)?;
        let way = Connector { target, patience: identify::patience(&settings, timeout), timeout };
        Attempt { url, settings: &settings, user: &user, way }.run(tls.clone())
    })
}

impl Attempt<'_> {
    /// Connects with the encryption that the mode asks for.
    fn run(&self, tls: Option<Tls>) -> Result<Reached, Failure> {
        let Some(tls) = tls.filter(|_| self.way.target.host().is_some()) else {
            // A unix socket is never encrypted, whatever the mode, as libpq has it.
            return self.log_in(None);
        };
        let may_fall_back = self.settings.tls == TlsMode::Prefer;
        match self.log_in(Some(tls)) {
            Err(Failure::Handshake(_)) if may_fall_back => self.log_in(None),
            // The server's rules may admit only unencrypted connections.
            Err(Failure::Refused { code: Some(code), reason })
                if may_fall_back && code == "28000" =>
            {
                let again = self.log_in(None);
                again.map_err(|_| Failure::Refused { reason, code: Some(code) })
            }
            result => result,
        }
    }

    fn log_in(&self, tls: Option<Tls>) -> Result<Reached, Failure> {
        let Self { url, settings, user, way } = self;
        let target = &way.target;
        let (channel, end_point) = way.open(tls.as_ref())?;
        let mut wire = Wire::new(channel);
        let login = Login { url, settings, user, target, end_point };
        login.begin(&mut wire)?;
        if tls.is_none()
            && let Some(stream) = wire.socket().and_then(|it| it.tcp())
        {
            // The request for encryption was answered before.
            way.hear(stream)?;
        }
        let mut session = login.finish(&mut wire)?;
        wire.limit(None).map_err(|error| target.unreachable(&error))?;
        let encryption = tls::describe(tls.as_ref(), target);
        let is_meant = settings.tls == TlsMode::Disable;
        if session.sent_password && tls.is_none() && !is_local(target) && !is_meant {
            session.notices.push(exposed());
        }
        let mut request = BytesMut::new();
        frontend::cancel_request(session.key.0, session.key.1, &mut request);
        let canceler = Canceler { way: way.clone(), tls, request: request.freeze() };
        Ok(Reached { wire, session, encryption, canceler })
    }
}

/// A connection, and its channel binding.
type Opened = (Box<dyn Channel>, Option<Vec<u8>>);

impl Connector {
    /// Connects, and encrypts if wanted; returns the channel binding too.
    fn open(&self, tls: Option<&Tls>) -> Result<Opened, Failure> {
        let mut socket = self.target.dial(self.timeout)?;
        let Some(tls) = tls.filter(|_| self.target.host().is_some()) else {
            return Ok((Box::new(socket), None));
        };
        if !self.can_encrypt(&mut socket)? {
            return Err(Failure::Handshake(tls.absent.clone()));
        }
        let stream = tls.shake(socket, &self.target)?;
        let end_point = binding::end_point(&stream.conn);
        Ok((Box::new(stream), end_point))
    }

    fn can_encrypt(&self, socket: &mut Socket) -> Result<bool, Failure> {
        let lost = |error: io::Error| self.target.unreachable(&error);
        socket.write_all(&SSL_REQUEST).map_err(lost)?;
        let heard = socket.tcp().map(|stream| self.hear(stream)).transpose()?.unwrap_or_default();
        match ServerKind::of(&heard) {
            Some(voice @ (ServerKind::MySql | ServerKind::Web)) => {
                return Err(voice.refuse(&self.target));
            }
            // An error can come from a server without a free connection.
            None if heard.len() > 1 && !heard.starts_with(b"E") => return Err(foreign()),
            Some(ServerKind::Postgres) | None => {}
        }
        let mut answer = [0];
        // One byte and no more: whatever came with it unencrypted is not the server's word.
        socket.read_exact(&mut answer).map_err(lost)?;
        Ok(answer == *b"S")
    }

    fn hear(&self, stream: &TcpStream) -> Result<Vec<u8>, Failure> {
        hear(stream, &self.target, ServerKind::Postgres, (self.patience, self.timeout))
    }
}

/// Tells whether the bytes never leave this machine.
fn is_local(target: &Target) -> bool {
    match target {
        Target::Tcp { address: Some(address), .. } => address.is_loopback(),
        Target::Tcp { host, .. } => {
            host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        #[cfg(unix)]
        Target::Unix(_) => true,
    }
}

/// Makes the notice that a password was sent unencrypted.
fn exposed() -> Notice {
    let message = "the password went to the server in clear text: \
                   say `sslmode=verify-full` or `require` in the url, or `disable` if that is meant";
    Notice { severity: "WARNING".to_owned(), message: message.to_owned(), code: String::new() }
}

impl Canceler {
    /// Asks the server to cancel the connection's statement; failures are ignored.
    pub(super) fn cancel(&self) {
        let timeout = self.way.timeout.min(CANCEL);
        let way = Connector { patience: timeout, timeout, ..self.way.clone() };
        if let Ok((mut channel, _)) = way.open(self.tls.as_ref())
            && channel.write_all(&self.request).and_then(|()| channel.flush()).is_ok()
        {
            // The server hangs up once it has passed the request on.
            drop(channel.read_exact(&mut [0]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_local() {
        let is_local = |host: &str, address: Option<&str>| {
            let address = address.map(|address| address.parse().unwrap());
            is_local(&Target::Tcp { host: host.to_owned(), address, port: 5432 })
        };
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
            assert!(is_local(host, None), "{host}");
            assert!(!is_local(host, Some("192.0.2.1")), "{host}");
        }
        for host in ["db", "localhost.example", "192.0.2.1", "2001:db8::1"] {
            assert!(!is_local(host, None), "{host}");
            assert!(is_local(host, Some("127.0.0.1")), "{host}");
        }
    }
}
