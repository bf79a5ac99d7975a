//! The ways to a server, the same for every protocol: sockets, and waiting for one that isn't up.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use socket2::{SockRef, TcpKeepalive};

use crate::database::DatabaseError;
use crate::database::socket::Socket;
use crate::database::voice::is_silence;
use crate::duration::shown;
use crate::url::{Host, ServerUrl};

/// How long it takes until a silent connection is asked whether it still is one.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How often a server that doesn't answer is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// How long one try may take at most: about as long as systems try to connect.
const LONGEST: Duration = Duration::from_mins(2);

/// Where a server listens.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// At a port of a host.
    Tcp {
        /// The host, to which the server's certificate has to be made out.
        host: String,
        /// Its address, if that is known already.
        address: Option<IpAddr>,
        /// The port.
        port: u16,
    },
    /// At a unix socket.
    #[cfg(unix)]
    Unix(PathBuf),
}

/// Why a try to connect failed.
pub(super) enum Failure {
    /// The server may be there in a moment.
    Unreachable(String),
    /// The server said no, and would again.
    Refused {
        /// Its words.
        reason: String,
        /// Its code.
        code: Option<String>,
    },
    /// Encryption didn't come about.
    Handshake(String),
}

impl Failure {
    /// Says that it would fail again, without a code of the server.
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

    /// Connects; what is said then is limited by the same time.
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

    /// Names the place.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Tcp { host, port, .. } => format!("{host}, port {port}"),
            #[cfg(unix)]
            Self::Unix(path) => path.display().to_string(),
        }
    }

    /// Says that whoever listens there has said nothing that a server of this name would.
    pub(super) fn silent(&self, server: &str, time: Duration) -> Failure {
        Failure::Unreachable(format!(
            "no server answers at {}: something listens there, and no word of a {server} server came \
             within {}; `connect_timeout` in the url allows more time",
            self.place(),
            shown(time)
        ))
    }

    /// Says that nobody answers there.
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

    /// Returns the host that the server's certificate has to be made out to.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::Tcp { host, .. } => Some(host),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Tries until the server answers, or the time is over; a try is told how long it may take.
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
        // Whoever waits for a server to start doesn't wait longer for one that is silent.
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
