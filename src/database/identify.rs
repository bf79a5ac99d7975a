//! Identifies the server at a port if it doesn't answer as expected.
//!
//! In MySQL's protocol the server speaks first, in PostgreSQL's the client, so a client of one and
//! a server of the other would wait for each other.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::database::reach::{Failure, Target};
use crate::url::ConnectSettings;

/// How long to wait for a silent server before it is probed.
const SILENCE: Duration = Duration::from_secs(2);

/// The default limit for a server's first answer: a reverse lookup of the client's name can take
/// seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The request for encryption that starts a PostgreSQL connection (postgresql.org/docs,
/// protocol-flow).
pub(super) const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A time too short for a probe.
const LEAST: Duration = Duration::from_millis(100);

/// The number of bytes that identify a server.
const ENOUGH: usize = 16;

/// A kind of server, as its first bytes identify it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServerKind {
    Postgres,
    MySql,
    Web,
}

impl ServerKind {
    /// Identifies a server by its first bytes; PostgreSQL's answer a request for encryption.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            b"S" | b"N" => Some(Self::Postgres),
            [b'H', b'T', b'T', b'P', b'/', ..] => Some(Self::Web),
            // The length of a packet, its number, and the version of the protocol or an error.
            [_, _, 0, 0, 9 | 10 | 0xff, ..] => Some(Self::MySql),
            _ => None,
        }
    }

    /// Probes a silent server to identify it, if possible and if there is time.
    pub(super) fn at(target: &Target, left: Duration) -> Option<Self> {
        // For two questions.
        let time = (left / 2).min(SILENCE);
        if time < LEAST {
            return None;
        }
        let ask = |question: &[u8]| {
            let mut socket = target.dial(time).ok()?;
            socket.write_all(question).ok()?;
            let mut bytes = [0; ENOUGH];
            let count = socket.read(&mut bytes).ok()?;
            Self::of(bytes.get(..count)?)
        };
        target.host()?;
        ask(&SSL_REQUEST).or_else(|| ask(b"HEAD / HTTP/1.0\r\n\r\n"))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Web => "web",
        }
    }

    pub(super) fn refuse(self, target: &Target) -> Failure {
        let place = target.place();
        let who = match self {
            Self::Postgres => "a PostgreSQL server: its url begins with `postgres://`",
            Self::MySql => "a MySQL server: its url begins with `mysql://`",
            Self::Web => "a web server",
        };
        Failure::refused(format!("what answers at {place} is {who}"))
    }
}

/// Returns the limit for the first answer of an unknown server.
pub(super) fn patience(settings: &ConnectSettings, timeout: Duration) -> Duration {
    if settings.connect_timeout.is_some() { timeout } else { timeout.min(PATIENCE) }
}

/// Peeks at the server's first bytes; a server of another kind is refused. An unknown server gets
/// less time than one known to be right.
pub(super) fn hear(
    stream: &TcpStream,
    target: &Target,
    own: ServerKind,
    (patience, timeout): (Duration, Duration),
) -> Result<Vec<u8>, Failure> {
    let look = |time| first_bytes(stream, time).map_err(|error| target.unreachable(&error));
    let since = Instant::now();
    let mut most = patience;
    let mut heard = look(patience.min(SILENCE))?;
    if heard.is_none() {
        match ServerKind::at(target, patience.saturating_sub(SILENCE)) {
            Some(voice) if voice != own => return Err(voice.refuse(target)),
            Some(_) => most = timeout,
            None => {}
        }
        heard = look(most.saturating_sub(since.elapsed()))?;
    }
    heard.ok_or_else(|| target.silent(own.name(), most))
}

/// Peeks at the first bytes without consuming them; none if none arrive in time.
fn first_bytes(stream: &TcpStream, time: Duration) -> std::io::Result<Option<Vec<u8>>> {
    // Zero would be for ever.
    stream.set_read_timeout(Some(time.max(Duration::from_millis(1))))?;
    let mut bytes = [0; ENOUGH];
    match stream.peek(&mut bytes) {
        Ok(count) => Ok(Some(bytes.get(..count).unwrap_or_default().to_vec())),
        Err(error) if is_silence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Tells whether an error is a timeout, whose kind differs by system.
pub(super) fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_by_their_first_bytes() {
        let cases: [(&[u8], Option<ServerKind>); 9] = [
            (b"S", Some(ServerKind::Postgres)),
            (b"N", Some(ServerKind::Postgres)),
            (b"HTTP/1.1 400 Bad", Some(ServerKind::Web)),
            (b"S\0\0\0\x0a5.5.5-10.11", Some(ServerKind::MySql)),
            (b"\x48\0\0\0\x0a8.0.46", Some(ServerKind::MySql)),
            (b"\x45\0\0\0\xff\x69\x04Host", Some(ServerKind::MySql)),
            (b"SSH-2.0-OpenSSH", None),
            (b"E\0\0\0\x70S", None),
            (b"", None),
        ];
        for (bytes, voice) in cases {
            assert_eq!(ServerKind::of(bytes), voice, "{bytes:?}");
        }
    }
}
