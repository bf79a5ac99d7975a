//! Reaching a server, the same for every protocol: sockets, and waiting for a server that isn't up.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use socket2::{SockRef, TcpKeepalive};

use crate::database::DatabaseError;
use crate::database::identify::is_silence;
use crate::database::socket::Socket;
use crate::duration::shown;
use crate::url::{Host, ServerUrl};

/// The idle time after which a silent connection is probed.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// The pause between tries to connect.
const PAUSE: Duration = Duration::from_millis(200);

/// The longest time for a single try: about as long as systems try to connect.
const LONGEST: Duration = Duration::from_mins(2);

#[derive(Debug, Clone)]
pub(super) enum Target {
    Tcp {
        /// The host, for which the server's certificate has to be issued.
        host: String,
        /// The address of the host, if it is known already.
        address: Option<IpAddr>,
        port: u16,
    },
    #[cfg(unix)]
    Unix(PathBuf),
}

/// The reason why a try to connect failed.
pub(super) enum Failure {
    /// The server may be available in a moment.
    Unreachable(String),
    /// The server refused, and would again.
    Refused { reason: String, code: Option<String> },
    /// The encryption handshake failed.
    Handshake(String),
}

impl Failure {
    /// Makes a permanent refusal without a code of the server.
    pub(super) fn refused(reason: impl Into<String>) -> Self {
        Self::Refused { reason: reason.into(), code: None }
    }
}

impl Target {
    /// Reads where a URL leads, given the socket that is meant by a path and the usual ones.
    #[cfg_attr(not(unix), expect(unused_variables, reason = "there are no unix sockets"))]
    pub(super) fn of(
        url: &ServerUrl,
        address: Option<IpAddr>,
        socket: impl Fn(&Path) -> PathBuf,
        usual: &[&str],
    ) -> Result<Self, Failure> {
        let tcp =
            |host: &str| Self::Tcp { host: host.to_owned(), address, port: url.port_or_default() };
        match &url.host {
            Some(Host::Name(name)) => Ok(tcp(name)),
            #[cfg(unix)]
            Some(Host::Socket(path)) => Ok(Self::Unix(socket(path))),
            #[cfg(not(unix))]
            Some(Host::Socket(_)) => Err(Failure::refused("this system has no unix sockets")),
            #[cfg(unix)]
            None if address.is_none() => {
                let mut usual = usual.iter().map(|path| socket(Path::new(path)));
                let there = usual.find(|path| path.exists());
                Ok(there.map_or_else(|| tcp("localhost"), Self::Unix))
            }
            None => Ok(tcp("localhost")),
        }
    }

    /// Connects; the deadline also limits the first exchange.
    pub(super) fn dial(&self, timeout: Duration) -> Result<Socket, Failure> {
        match self {
            Self::Tcp { host, address, port } => addresses(host, *address, *port)
                .and_then(|addresses| dial_tcp(&addresses, timeout))
                .map(|stream| Socket::new(stream, timeout)),
            #[cfg(unix)]
            Self::Unix(path) => {
                UnixStream::connect(path).map(|stream| Socket::new(stream, timeout))
            }
        }
        .map_err(|error| self.unreachable(&error))
    }

    pub(super) fn place(&self) -> String {
        match self {
            Self::Tcp { host, port, .. } => format!("{host}, port {port}"),
            #[cfg(unix)]
            Self::Unix(path) => path.display().to_string(),
        }
    }

    /// Makes the failure for a listener that has said nothing a server of this kind would.
    pub(super) fn silent(&self, server: &str, time: Duration) -> Failure {
        Failure::Unreachable(format!(
            "no server answers at {}: something listens there, and no word of a {server} server came \
             within {}; `connect_timeout` in the url allows more time",
            self.place(),
            shown(time)
        ))
    }

    /// Makes the failure for a host that nobody answers on.
    pub(super) fn unreachable(&self, error: &io::Error) -> Failure {
        let place = self.place();
        let reason = if is_silence(error) {
            "it takes too long".to_owned()
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            "the connection was closed at once".to_owned()
        } else {
            error.to_string()
        };
        Failure::Unreachable(format!("no server answers at {place}: {reason}"))
    }

    /// Returns the host for which the server's certificate has to be issued.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::Tcp { host, .. } => Some(host),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Tries until the server answers or the time is over; each try gets a limit.
pub(super) fn keep_trying<T>(
    url: &ServerUrl,
    wait: Duration,
    timeout: Option<Duration>,
    mut attempt: impl FnMut(Duration) -> Result<T, Failure>,
) -> Result<T, DatabaseError> {
    let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
    let start = Instant::now();
    let timeout = timeout.unwrap_or(LONGEST);
    loop {
        // The wait for a starting server is not extended for a silent one.
        let left = wait.saturating_sub(start.elapsed()).max(PAUSE);
        match attempt(if wait.is_zero() { timeout } else { timeout.min(left) }) {
            Ok(reached) => return Ok(reached),
            Err(Failure::Unreachable(_)) if start.elapsed() < wait => {
                std::thread::sleep(PAUSE.min(wait.saturating_sub(start.elapsed())));
            }
            Err(Failure::Unreachable(reason)) if !wait.is_zero() => {
                return Err(open(format!("{reason}, for {} now", shown(wait))));
            }
            Err(Failure::Refused { reason, code: Some(code) }) => {
                return Err(open(format!("{reason} ({code})")));
            }
            Err(
                Failure::Unreachable(reason)
                | Failure::Refused { reason, code: None }
                | Failure::Handshake(reason),
            ) => return Err(open(reason)),
        }
    }
}

fn addresses(host: &str, address: Option<IpAddr>, port: u16) -> io::Result<Vec<SocketAddr>> {
    match address {
        Some(address) => Ok(vec![(address, port).into()]),
        None => (host, port).to_socket_addrs().map(Iterator::collect),
    }
}

fn dial_tcp(addresses: &[SocketAddr], timeout: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match TcpStream::connect_timeout(address, timeout) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                let keepalive = TcpKeepalive::new().with_time(KEEPALIVE);
                SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
