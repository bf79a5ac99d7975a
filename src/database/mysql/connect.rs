//! Connecting to a MySQL server: sockets, encryption, login.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::database::DatabaseError;
use crate::database::identify::{self, ServerKind, hear, is_silence};
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::login::{Greeting, Login, Next, next};
use crate::database::mysql::wire::{Wire, frame, receive};
use crate::database::reach::{Failure, Target, keep_trying};
use crate::database::tls::{self, Rules, Tls};
use crate::url::{ConnectSettings, Password, ServerUrl, TlsMode};

/// The usual paths of servers' sockets.
const SOCKETS: [&str; 3] =
    ["/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock"];

/// Errors that pass: no connection left, shutting down, offline for a while; every other refusal is
/// final.
const PASSING: [u16; 4] = [1040, 1053, 1203, 3032];

/// The time limit of a request to stop a statement: somebody waits for it.
const KILL: Duration = Duration::from_secs(10);

/// `COM_QUERY`.
pub(super) const QUERY: u8 = 3;

pub(super) struct Reached {
    pub(super) wire: Wire,
    /// The server's version, verbatim.
    pub(super) version: String,
    pub(super) id: u32,
    pub(super) encryption: String,
}

/// The reusable settings of a connection.
#[derive(Clone)]
pub(super) struct Connector {
    url: ServerUrl,
    settings: ConnectSettings,
    tls: Option<Tls>,
}

impl Connector {
    /// Reads the settings of a URL, and the certificates it names.
    pub(super) fn new(url: &ServerUrl) -> Result<Self, DatabaseError> {
        let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
        let settings = url.settings().map_err(|error| open(error.to_string()))?;
        let tls = Tls::new(url, &settings, Rules::OpenSsl).map_err(open)?;
        Ok(Self { url: url.clone(), settings, tls })
    }

    /// Returns the initial database of a session.
    pub(super) fn database(&self) -> Option<&str> {
        self.url.database.as_deref()
    }

    /// Connects, and waits for a server that doesn't answer yet.
    pub(super) fn reach(&self, wait: Duration) -> Result<Reached, DatabaseError> {
        let timeout = self.settings.connect_timeout;
        keep_trying(&self.url, wait, timeout, |timeout| self.attempt(timeout))
    }

    /// Asks the server to stop a connection's statement; failures are ignored.
    pub(super) fn kill(&self, id: u32) {
        let timeout = self.settings.connect_timeout.unwrap_or(KILL).min(KILL);
        if let Ok(mut reached) = self.attempt(timeout) {
            let statement = format!("KILL QUERY {id}");
            if reached.wire.command(QUERY, statement.as_bytes()).is_ok() {
                drop(reached.wire.receive());
            }
        }
    }

    fn attempt(&self, timeout: Duration) -> Result<Reached, Failure> {
        // A port is given, so TCP is meant.
        let usual = if self.url.port.is_none() { &SOCKETS[..] } else { &[] };
        let target = Target::of(&self.url, self.settings.host_address, Path::to_path_buf, usual)?;
        let patience = identify::patience(&self.settings, timeout);
        let lost = |error: io::Error| target.unreachable(&error);
        let mut socket = target.dial(timeout)?;
        if let Some(stream) = socket.tcp() {
            let heard = hear(stream, &target, ServerKind::MySql, (patience, timeout))?;
            if heard.len() > 4 && ServerKind::of(&heard) != Some(ServerKind::MySql) {
                return Err(foreign());
            }
        } else {
            socket.limit(Some(Instant::now() + patience)).map_err(lost)?;
        }
        let mut sequence = 0;
        let packet = receive(&mut socket, &mut sequence);
        socket.limit(Some(Instant::now() + timeout)).map_err(lost)?;
        let greeting = greeting(&packet.map_err(|error| unheard(&target, patience, &error))?)?;
        let tls = self.encryption(&target, &greeting)?;
        let login = Login {
            user: self.url.user.as_deref().unwrap_or_default(),
            password: self.url.password.as_ref().map_or("", Password::expose),
            database: self.database(),
            program: self.settings.application_name.as_deref().unwrap_or("migrate"),
            is_private: tls.is_some() || target.host().is_none(),
            is_encrypted: tls.is_some(),
        };
        let mut wire = match &tls {
            Some(tls) => {
                let request = frame(&greeting.encryption(&login), &mut sequence);
                socket.write_all(&request).map_err(lost)?;
                Wire::new(Box::new(tls.shake(socket, &target)?), sequence)
            }
            None => Wire::new(Box::new(socket), sequence),
        };
        log_in(&mut wire, &greeting, &login, &target)?;
        wire.limit(None).map_err(lost)?;
        let encryption = tls::describe(tls.as_ref(), &target);
        Ok(Reached { wire, version: greeting.version, id: greeting.id, encryption })
    }

    /// Decides whether this connection is encrypted.
    fn encryption(&self, target: &Target, greeting: &Greeting) -> Result<Option<Tls>, Failure> {
        let Some(tls) = self.tls.as_ref().filter(|_| target.host().is_some()) else {
            return Ok(None);
        };
        if greeting.can_encrypt() {
            return Ok(Some(tls.clone()));
        }
        if self.settings.tls == TlsMode::Prefer {
            return Ok(None);
        }
        Err(Failure::Handshake(tls.absent.clone()))
    }
}

/// Explains why no greeting has arrived.
fn unheard(target: &Target, patience: Duration, error: &io::Error) -> Failure {
    if is_silence(error) { target.silent("MySQL", patience) } else { target.unreachable(error) }
}

fn foreign() -> Failure {
    Failure::refused("what answers there doesn't speak MySQL's protocol")
}

fn greeting(packet: &[u8]) -> Result<Greeting, Failure> {
    if let [0xff, rest @ ..] = packet {
        return Err(refusal(rest));
    }
    match Greeting::read(packet) {
        Some(greeting) if greeting.is_too_old() => Err(Failure::refused("the server is too old")),
        Some(greeting) => Ok(greeting),
        None => Err(foreign()),
    }
}

fn refusal(packet: &[u8]) -> Failure {
    let error = ServerError::read(packet);
    if PASSING.contains(&error.code) {
        return Failure::Unreachable(error.message);
    }
    Failure::Refused { reason: error.message, code: Some(error.code.to_string()) }
}

fn log_in(
    wire: &mut Wire,
    greeting: &Greeting,
    login: &Login<'_>,
    target: &Target,
) -> Result<(), Failure> {
    let lost = |error: io::Error| target.unreachable(&error);
    wire.send(&greeting.login(login)).map_err(lost)?;
    loop {
        let packet = wire.receive().map_err(lost)?;
        match next(&packet, login).map_err(Failure::refused)? {
            Next::Done => return Ok(()),
            Next::Send(payload) => wire.send(&payload).map_err(lost)?,
            Next::Wait => {}
            Next::Refused(packet) => return Err(refusal(&packet)),
        }
    }
}
