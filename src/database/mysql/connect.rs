//! The way to a MySQL server: its sockets, its encryption, its login.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::database::DatabaseError;
use crate::database::mysql::fault::ServerError;
use crate::database::mysql::login::{Greeting, Login, Next, next};
use crate::database::mysql::wire::{Wire, frame, receive};
use crate::database::reach::{Failure, Target, keep_trying};
use crate::database::tls::{self, Rules, Tls};
use crate::database::voice::{self, Voice, hear, is_silence};
use crate::url::{ConnectSettings, Password, ServerUrl, TlsMode};

/// Where servers put their sockets.
const SOCKETS: [&str; 3] =
    ["/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock", "/tmp/mysql.sock"];

/// Has no connection left, shuts down, or is closed for a while; every other refusal stays one.
const PASSING: [u16; 4] = [1040, 1053, 1203, 3032];

/// How long a request to stop a statement may take: somebody waits for it.
const KILL: Duration = Duration::from_secs(10);

/// `COM_QUERY`.
pub(super) const QUERY: u8 = 3;

/// A connection that is made.
pub(super) struct Reached {
    pub(super) wire: Wire,
    /// The server's version, as it writes it.
    pub(super) version: String,
    /// The connection's number.
    pub(super) id: u32,
    /// How it is encrypted.
    pub(super) encryption: String,
}

/// The way to a server, which can be gone more than once.
#[derive(Clone)]
pub(super) struct Way {
    url: ServerUrl,
    settings: ConnectSettings,
    tls: Option<Tls>,
}

impl Way {
    /// Reads the settings of a URL, and the certificates that they name.
    pub(super) fn new(url: &ServerUrl) -> Result<Self, DatabaseError> {
        let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
        let settings = url.settings().map_err(|error| open(error.to_string()))?;
        let tls = Tls::new(url, &settings, Rules::OpenSsl).map_err(open)?;
        Ok(Self { url: url.clone(), settings, tls })
    }

    /// Returns the database that a session begins in.
    pub(super) fn database(&self) -> Option<&str> {
        self.url.database.as_deref()
    }

    /// Connects; a server that doesn't answer yet is waited for.
    pub(super) fn reach(&self, wait: Duration) -> Result<Reached, DatabaseError> {
        let timeout = self.settings.connect_timeout;
        keep_trying(&self.url, wait, timeout, |timeout| self.attempt(timeout))
    }

    /// Has the server stop what a connection does; nobody is told if that fails.
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
        // Whoever names a port means a port.
        let usual = if self.url.port.is_none() { &SOCKETS[..] } else { &[] };
        let target = Target::of(&self.url, self.settings.host_address, Path::to_path_buf, usual)?;
        let patience = voice::patience(&self.settings, timeout);
        let lost = |error: io::Error| target.unreachable(&error);
        let mut socket = target.dial(timeout)?;
        if let Some(stream) = socket.tcp() {
            let heard = hear(stream, &target, Voice::MySql, (patience, timeout))?;
            if heard.len() > 4 && Voice::of(&heard) != Some(Voice::MySql) {
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

/// Tells why no greeting has come.
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
