//! Who answers at a port, where it isn't who was called.
//!
//! MySQL speaks first and PostgreSQL second, so that a client of the one and a server of the other would
//! wait for each other.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::database::reach::{Failure, Target};
use crate::url::ConnectSettings;

/// How long a silent server is waited for before somebody asks who it is.
const SILENCE: Duration = Duration::from_secs(2);

/// How long the first answer may take if nothing is said: to find a client's name can take a server
/// some seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a client begins with to ask PostgreSQL for encryption (postgresql.org/docs, protocol-flow).
pub(super) const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What is too short for a question.
const LEAST: Duration = Duration::from_millis(100);

/// As many bytes as tell who speaks.
const ENOUGH: usize = 16;

/// A kind of server, as its first words show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    Postgres,
    MySql,
    Web,
}

impl Voice {
    /// Knows a voice by its first bytes; those of PostgreSQL answer a request to encrypt.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            b"S" | b"N" => Some(Self::Postgres),
            [b'H', b'T', b'T', b'P', b'/', ..] => Some(Self::Web),
            // The length of a packet, its number, and the version of the protocol or an error.
            [_, _, 0, 0, 9 | 10 | 0xff, ..] => Some(Self::MySql),
            _ => None,
        }
    }

    /// Asks a silent server who it is, if that can be asked and there is time for it.
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

    /// Returns the server's name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::Web => "web",
        }
    }

    /// Says that another one was called.
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

/// Returns how long the first answer of a stranger may take.
pub(super) fn patience(settings: &ConnectSettings, timeout: Duration) -> Duration {
    if settings.connect_timeout.is_some() { timeout } else { timeout.min(PATIENCE) }
}

/// Looks at the first bytes of whoever answers; one who says nothing and is known by another voice is
/// refused. A stranger has less time than a server that is known to be the right one.
pub(super) fn hear(
    stream: &TcpStream,
    target: &Target,
    own: Voice,
    (patience, timeout): (Duration, Duration),
) -> Result<Vec<u8>, Failure> {
    let look = |time| first_bytes(stream, time).map_err(|error| target.unreachable(&error));
    let since = Instant::now();
    let mut most = patience;
    let mut heard = look(patience.min(SILENCE))?;
    if heard.is_none() {
        match Voice::at(target, patience.saturating_sub(SILENCE)) {
            Some(voice) if voice != own => return Err(voice.refuse(target)),
            Some(_) => most = timeout,
            None => {}
        }
        heard = look(most.saturating_sub(since.elapsed()))?;
    }
    heard.ok_or_else(|| target.silent(own.name(), most))
}

/// Looks at the first bytes that come, and leaves them there; none if none come in time.
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

/// Tells whether nothing came in time; what that is called differs from system to system.
pub(super) fn is_silence(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_known_by_their_first_bytes() {
        let cases: [(&[u8], Option<Voice>); 9] = [
            (b"S", Some(Voice::Postgres)),
            (b"N", Some(Voice::Postgres)),
            (b"HTTP/1.1 400 Bad", Some(Voice::Web)),
            (b"S\0\0\0\x0a5.5.5-10.11", Some(Voice::MySql)),
            (b"\x48\0\0\0\x0a8.0.46", Some(Voice::MySql)),
            (b"\x45\0\0\0\xff\x69\x04Host", Some(Voice::MySql)),
            (b"SSH-2.0-OpenSSH", None),
            (b"E\0\0\0\x70S", None),
            (b"", None),
        ];
        for (bytes, voice) in cases {
            assert_eq!(Voice::of(bytes), voice, "{bytes:?}");
        }
    }
}
