//! The ways to a server, the same for every protocol: sockets, and waiting for one that isn't up.

use std::io;
use std::net::{TcpStream, ToSocketAddrs as _};
#[cfg(unix)]
use std::os::unix::net::UnixStream;
#[cfg(unix)]
use std::path::PathBuf;
use std::time::{Duration, Instant};

use socket2::{SockRef, TcpKeepalive};

use crate::database::DatabaseError;
use crate::url::ServerUrl;

/// How long it takes until a silent connection is asked whether it still is one.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// How often a server that doesn't answer is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// Where a server listens.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// At a port of a host.
    Tcp(String, u16),
    /// At a unix socket.
    #[cfg(unix)]
    Unix(PathBuf),
}

/// A socket, connected and blocking.
pub(super) enum Dialed {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
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

impl Target {
    /// Connects.
    pub(super) fn dial(&self, timeout: Duration) -> Result<Dialed, Failure> {
        match self {
            Self::Tcp(host, port) => dial_tcp(host, *port, timeout).map(Dialed::Tcp),
            #[cfg(unix)]
            Self::Unix(path) => UnixStream::connect(path).map(Dialed::Unix),
        }
        .map_err(|error| self.unreachable(&error))
    }

    /// Says that nobody answers there.
    pub(super) fn unreachable(&self, error: &io::Error) -> Failure {
        let place = match self {
            Self::Tcp(host, port) => format!("{host}, port {port}"),
            #[cfg(unix)]
            Self::Unix(path) => path.display().to_string(),
        };
        let kind = error.kind();
        // What a limit of time is called differs from system to system.
        let reason = if matches!(kind, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            "it takes too long".to_owned()
        } else if kind == io::ErrorKind::UnexpectedEof {
            "the connection was closed at once".to_owned()
        } else {
            error.to_string()
        };
        Failure::Unreachable(format!("no server answers at {place}: {reason}"))
    }

    /// Returns the host that the server's certificate has to be made out to.
    pub(super) fn host(&self) -> Option<&str> {
        match self {
            Self::Tcp(host, _) => Some(host),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

/// Tries until the server answers, or the time is over.
pub(super) fn keep_trying<T>(
    url: &ServerUrl,
    wait: Duration,
    mut attempt: impl FnMut() -> Result<T, Failure>,
) -> Result<T, DatabaseError> {
    let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
    let start = Instant::now();
    loop {
        match attempt() {
            Ok(reached) => return Ok(reached),
            Err(Failure::Unreachable(_)) if start.elapsed() < wait => {
                std::thread::sleep(PAUSE.min(wait.saturating_sub(start.elapsed())));
            }
            Err(Failure::Unreachable(reason)) if !wait.is_zero() => {
                return Err(open(format!("{reason}, for {} s now", wait.as_secs())));
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

fn dial_tcp(host: &str, port: u16, timeout: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, timeout) {
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
