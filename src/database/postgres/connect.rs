//! The way to a PostgreSQL server: its sockets, its encryption, its login.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::path::Path;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio_postgres::config::{self, SslMode, SslNegotiation};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{CancelToken, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::database::postgres::fault::chain;
use crate::database::postgres::stream::{Socket, Watch, Watched};
use crate::database::reach::{Dialed, Failure, Target, keep_trying};
use crate::database::tls::{Rules, Tls};
use crate::database::voice::{PATIENCE, SILENCE, SSL_REQUEST, Voice, first_bytes};
use crate::database::{DatabaseError, Notice};
use crate::url::{ChannelBinding, ConnectSettings, ServerUrl, TlsMode};

/// The folders where servers put their sockets: Debian's, and PostgreSQL's own.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// How long a request to cancel may take: somebody waits for it.
const CANCEL: Duration = Duration::from_secs(10);

type Plain = Watched<Socket>;
type Handshake = <MakeRustlsConnect as MakeTlsConnect<Plain>>::TlsConnect;
type Encrypted = Watched<<Handshake as TlsConnect<Plain>>::Stream>;

/// The half of a connection that does its work.
pub(super) type Link = tokio_postgres::Connection<Plain, Encrypted>;

/// A connection that is made.
pub(super) struct Reached {
    pub(super) runtime: Runtime,
    pub(super) client: Client,
    pub(super) link: Link,
    pub(super) watch: Arc<Watch>,
    /// How it is encrypted.
    pub(super) encryption: String,
    /// What its user should know.
    pub(super) notices: Vec<Notice>,
    pub(super) canceler: Canceler,
}

/// What a running statement is canceled with, from another thread.
#[derive(Clone)]
pub(super) struct Canceler {
    target: Target,
    timeout: Duration,
    tls: Option<Tls>,
    token: CancelToken,
}

/// Connects; a server that doesn't answer yet is waited for.
pub(super) fn reach(url: &ServerUrl, wait: Duration) -> Result<Reached, DatabaseError> {
    let open = |reason: String| DatabaseError::Open { url: url.to_string(), reason };
    let settings = url.settings().map_err(|error| open(error.to_string()))?;
    let tls = Tls::new(url, &settings, Rules::Libpq).map_err(open)?;
    let config = config(url, &settings);
    let name = format!(".s.PGSQL.{}", url.port_or_default());
    keep_trying(url, wait, settings.connect_timeout, |timeout| {
        let socket = |folder: &Path| folder.join(&name);
        let target = Target::of(url, settings.host_address, socket, &SOCKET_FOLDERS);
        let target = target.map_err(|reason| Failure::Refused { reason, code: None })?;
        let patience = match settings.connect_timeout {
            Some(_) => timeout,
            None => timeout.min(PATIENCE),
        };
        let mode = settings.tls;
        let attempt = Attempt { target, config: &config, mode, patience, timeout };
        attempt.run(tls.clone())
    })
}

fn config(url: &ServerUrl, settings: &ConnectSettings) -> Config {
    let mut config = Config::new();
    config.application_name(settings.application_name.as_deref().unwrap_or("migrate"));
    config.channel_binding(match settings.channel_binding {
        ChannelBinding::Disable => config::ChannelBinding::Disable,
        ChannelBinding::Prefer => config::ChannelBinding::Prefer,
        ChannelBinding::Require => config::ChannelBinding::Require,
    });
    // Without one the library takes the system's user, as psql does.
    if let Some(user) = &url.user {
        config.user(user);
    }
    if let Some(password) = &url.password {
        config.password(password.expose());
    }
    if let Some(database) = &url.database {
        config.dbname(database);
    }
    if let Some(options) = &settings.options {
        config.options(options);
    }
    config
}

/// A try to connect.
struct Attempt<'a> {
    target: Target,
    config: &'a Config,
    mode: TlsMode,
    /// How long the first answer may take.
    patience: Duration,
    /// How long the rest may take.
    timeout: Duration,
}

impl Attempt<'_> {
    /// Tries, as the mode of encryption says.
    fn run(&self, tls: Option<Tls>) -> Result<Reached, Failure> {
        let Some(tls) = tls.filter(|_| self.target.host().is_some()) else {
            // A unix socket is never encrypted, whatever the mode, as libpq has it.
            return self.log_in(None);
        };
        let may_fall_back = self.mode == TlsMode::Prefer;
        match self.log_in(Some(tls)) {
            Err(Failure::Handshake(_)) if may_fall_back => self.log_in(None),
            // The server's rules may let in only those who don't encrypt.
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
        let Self { target, patience, timeout, .. } = self;
        let runtime = runtime().map_err(|error| Failure::Unreachable(error.to_string()))?;
        let mut config = self.config.clone();
        negotiate(&mut config, tls.is_some());
        let watch = Arc::new(Watch::default());
        let socket = dial(target, *timeout, *patience, tls.as_ref())?;
        let (client, link) = runtime.block_on(async {
            let seen = tls.is_none().then(|| Arc::clone(&watch));
            let socket = into_tokio(socket).map_err(|error| target.unreachable(&error))?;
            let inner = handshake(tls.as_ref(), target);
            let handshake = Shake { inner, watch: Arc::clone(&watch) };
            let work = pin!(config.connect_raw(Watched::new(socket, seen), handshake));
            let result = self.wait_for(work, tls.is_some()).await?;
            result.map_err(|error| refused(&error, tls.as_ref()))
        })?;
        let encryption = match (&tls, target.host()) {
            (Some(tls), _) => tls.describe(),
            (None, Some(_)) => "not encrypted".to_owned(),
            (None, None) => "by a unix socket".to_owned(),
        };
        let is_exposed = watch.wants_password() && tls.is_none() && !is_local(target);
        let is_meant = self.mode == TlsMode::Disable;
        let notices = if is_exposed && !is_meant { exposed() } else { Vec::new() };
        let token = client.cancel_token();
        let canceler = Canceler { target: target.clone(), timeout: *timeout, tls, token };
        Ok(Reached { runtime, client, link, watch, encryption, notices, canceler })
    }
}

impl Attempt<'_> {
    /// Waits for the end of a login. One who is silent for long may be no server of ours; who has
    /// answered a request to encrypt is.
    async fn wait_for<T>(
        &self,
        mut work: Pin<&mut impl Future<Output = T>>,
        is_known: bool,
    ) -> Result<T, Failure> {
        let Self { target, patience, timeout, .. } = self;
        let since = Instant::now();
        let mut most = *timeout;
        if !is_known {
            if let Ok(result) = tokio::time::timeout(most.min(SILENCE), &mut work).await {
                return Ok(result);
            }
            match Voice::at(target, patience.saturating_sub(SILENCE)) {
                Some(Voice::Postgres) => {}
                Some(voice) => return Err(voice.refuse(target)),
                None if target.host().is_some() => most = *patience,
                None => {}
            }
        }
        let left = most.saturating_sub(since.elapsed());
        tokio::time::timeout(left, work).await.map_err(|_| {
            if is_known {
                target.unreachable(&io::ErrorKind::TimedOut.into())
            } else {
                target.silent("PostgreSQL", most)
            }
        })
    }
}

/// The request for encryption is made before the library gets the socket.
fn negotiate(config: &mut Config, is_encrypted: bool) {
    if is_encrypted {
        config.ssl_mode(SslMode::Require).ssl_negotiation(SslNegotiation::Direct);
    } else {
        config.ssl_mode(SslMode::Disable);
    }
}

fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()
}

/// Tells whether nothing that is sent leaves this machine.
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

/// Says that a password went over the network for everybody to read.
fn exposed() -> Vec<Notice> {
    let message = "the password went to the server in clear text: \
                   say `sslmode=verify-full` or `require` in the url, or `disable` if that is meant";
    vec![Notice {
        severity: "WARNING".to_owned(),
        message: message.to_owned(),
        code: String::new(),
    }]
}

fn refused(error: &tokio_postgres::Error, tls: Option<&Tls>) -> Failure {
    let reason = chain(error);
    if let Some(code) = error.code().map(|code| code.code().to_owned()) {
        // Starting up or shutting down; no connection left.
        return if matches!(code.as_str(), "57P03" | "53300") {
            Failure::Unreachable(reason)
        } else {
            Failure::Refused { reason, code: Some(code) }
        };
    }
    // The library has no other way to tell than its words.
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    if let Some(tls) = tls.filter(|_| reason.contains("TLS handshake")) {
        return Failure::Handshake(tls.explain(&cause));
    }
    if error.is_closed() || io_kind(error).is_some() {
        return Failure::Unreachable(reason);
    }
    let reason = match cause.as_str() {
        "password missing" => "the server wants a password".to_owned(),
        "" => return foreign(),
        _ => reason,
    };
    Failure::Refused { reason, code: None }
}

fn foreign() -> Failure {
    let reason = "what answers there doesn't speak PostgreSQL's protocol".to_owned();
    Failure::Refused { reason, code: None }
}

fn io_kind(error: &tokio_postgres::Error) -> Option<io::ErrorKind> {
    std::error::Error::source(error)?.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// Hands a socket to the runtime.
fn into_tokio(socket: Dialed) -> io::Result<Socket> {
    match socket {
        Dialed::Tcp(stream) => {
            stream.set_nonblocking(true)?;
            tokio::net::TcpStream::from_std(stream).map(Socket::Tcp)
        }
        #[cfg(unix)]
        Dialed::Unix(stream) => {
            stream.set_nonblocking(true)?;
            tokio::net::UnixStream::from_std(stream).map(Socket::Unix)
        }
    }
}

fn dial(
    target: &Target,
    timeout: Duration,
    patience: Duration,
    tls: Option<&Tls>,
) -> Result<Dialed, Failure> {
    let mut socket = target.dial(timeout)?;
    if let Dialed::Tcp(stream) = &mut socket
        && let Some(tls) = tls
        && !ask_for_encryption(stream, target, patience)?
    {
        return Err(Failure::Handshake(tls.absent.clone()));
    }
    Ok(socket)
}

fn ask_for_encryption(
    stream: &mut TcpStream,
    target: &Target,
    patience: Duration,
) -> Result<bool, Failure> {
    let lost = |error: io::Error| target.unreachable(&error);
    let since = Instant::now();
    stream.write_all(&SSL_REQUEST).map_err(lost)?;
    let heard = match first_bytes(stream, patience.min(SILENCE)).map_err(lost)? {
        Some(heard) => heard,
        None => match Voice::at(target, patience.saturating_sub(SILENCE)) {
            Some(voice) if voice != Voice::Postgres => return Err(voice.refuse(target)),
            _ => {
                let left = patience.saturating_sub(since.elapsed());
                let heard = first_bytes(stream, left).map_err(lost)?;
                heard.ok_or_else(|| target.silent("PostgreSQL", patience))?
            }
        },
    };
    match Voice::of(&heard) {
        Some(voice @ (Voice::MySql | Voice::Web)) => return Err(voice.refuse(target)),
        // An error can be the answer of one who has no connection left.
        None if heard.len() > 1 && !heard.starts_with(b"E") => return Err(foreign()),
        Some(Voice::Postgres) | None => {}
    }
    let mut answer = [0];
    // One byte and no more: whatever came with it unencrypted is not the server's word.
    stream.read_exact(&mut answer).map_err(lost)?;
    stream.set_read_timeout(None).map_err(lost)?;
    Ok(answer == *b"S")
}

/// An encryption whose inside is watched.
struct Shake {
    inner: Option<Handshake>,
    watch: Arc<Watch>,
}

impl TlsConnect<Plain> for Shake {
    type Stream = Encrypted;
    type Error = Box<dyn std::error::Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Encrypted, Self::Error>> + Send>>;

    fn connect(self, stream: Plain) -> Self::Future {
        Box::pin(async move {
            let inner = self.inner.ok_or("no encryption was asked for")?;
            let stream = inner.connect(stream).await?;
            Ok(Watched::new(stream, Some(self.watch)))
        })
    }
}

fn handshake(tls: Option<&Tls>, target: &Target) -> Option<Handshake> {
    let mut maker = MakeRustlsConnect::new(tls?.config.clone());
    MakeTlsConnect::<Plain>::make_tls_connect(&mut maker, target.host()?).ok()
}

impl Canceler {
    /// Asks the server to stop what the connection does; nobody is told if that fails.
    pub(super) fn cancel(&self) {
        let timeout = self.timeout.min(CANCEL);
        let Ok(runtime) = runtime() else { return };
        let dialed = dial(&self.target, timeout, timeout, self.tls.as_ref());
        let Ok(socket) = dialed else { return };
        runtime.block_on(async {
            let Ok(socket) = into_tokio(socket) else { return };
            let inner = handshake(self.tls.as_ref(), &self.target);
            let handshake = Shake { inner, watch: Arc::default() };
            let socket = Watched::new(socket, None);
            let work = self.token.cancel_query_raw(socket, handshake);
            drop(tokio::time::timeout(timeout, work).await);
        });
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
