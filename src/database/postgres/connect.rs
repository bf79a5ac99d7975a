//! The way to a PostgreSQL server: its sockets, its encryption, its login.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio_postgres::config::{SslMode, SslNegotiation};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{CancelToken, Client, Config};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::database::postgres::fault::chain;
use crate::database::postgres::stream::{Socket, Watch, Watched};
use crate::database::reach::{Dialed, Failure, Target, keep_trying};
use crate::database::settings::{Settings, TlsMode};
use crate::database::tls::{Tls, explain};
use crate::database::{DatabaseError, Notice};
use crate::url::{Host, ServerUrl};

/// The folders where servers put their sockets: Debian's, and PostgreSQL's own.
#[cfg(unix)]
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

/// What a client begins with to ask for encryption (postgresql.org/docs, protocol-flow).
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

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
    let settings = Settings::read(url).map_err(open)?;
    let tls = match settings.tls {
        TlsMode::Disable => None,
        TlsMode::Prefer | TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => {
            Some(Tls::new(&settings).map_err(open)?)
        }
    };
    let config = config(url, &settings);
    keep_trying(url, wait, || {
        let target = target(url).map_err(|reason| Failure::Refused { reason, code: None })?;
        attempt(&target, &config, &settings, tls.clone())
    })
}

fn config(url: &ServerUrl, settings: &Settings) -> Config {
    let mut config = Config::new();
    config.application_name(settings.application_name.as_str());
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

fn target(url: &ServerUrl) -> Result<Target, String> {
    let port = url.port_or_default();
    match &url.host {
        Some(Host::Name(name)) => Ok(Target::Tcp(name.clone(), port)),
        #[cfg(unix)]
        Some(Host::Socket(folder)) => Ok(Target::Unix(socket_in(folder, port))),
        #[cfg(not(unix))]
        Some(Host::Socket(_)) => Err("this system has no unix sockets".to_owned()),
        None => Ok(usual(port)),
    }
}

#[cfg(unix)]
fn usual(port: u16) -> Target {
    let sockets = SOCKET_FOLDERS.iter().map(|folder| socket_in(Path::new(folder), port));
    let there = sockets.into_iter().find(|path| path.exists());
    there.map_or_else(|| Target::Tcp("localhost".to_owned(), port), Target::Unix)
}

#[cfg(not(unix))]
fn usual(port: u16) -> Target {
    Target::Tcp("localhost".to_owned(), port)
}

fn socket_in(folder: &Path, port: u16) -> PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// Tries once, as the mode of encryption says.
fn attempt(
    target: &Target,
    config: &Config,
    settings: &Settings,
    tls: Option<Tls>,
) -> Result<Reached, Failure> {
    let Some(tls) = tls.filter(|_| target.host().is_some()) else {
        // A unix socket is never encrypted, whatever the mode, as libpq has it.
        return log_in(target, config, settings, None);
    };
    let may_fall_back = settings.tls == TlsMode::Prefer;
    match log_in(target, config, settings, Some(tls)) {
        Err(Failure::Handshake(_)) if may_fall_back => log_in(target, config, settings, None),
        // The server's rules may let in only those who don't encrypt.
        Err(Failure::Refused { code: Some(code), reason }) if may_fall_back && code == "28000" => {
            let again = log_in(target, config, settings, None);
            again.map_err(|_| Failure::Refused { reason, code: Some(code) })
        }
        result => result,
    }
}

fn log_in(
    target: &Target,
    config: &Config,
    settings: &Settings,
    tls: Option<Tls>,
) -> Result<Reached, Failure> {
    let timeout = settings.connect_timeout;
    let runtime = runtime().map_err(|error| Failure::Unreachable(error.to_string()))?;
    let mut config = config.clone();
    negotiate(&mut config, tls.is_some());
    let watch = Arc::new(Watch::default());
    let socket = dial(target, timeout, tls.is_some())?;
    let (client, link) = runtime.block_on(async {
        let seen = tls.is_none().then(|| Arc::clone(&watch));
        let socket =
            Watched::new(into_tokio(socket).map_err(|error| target.unreachable(&error))?, seen);
        let handshake = Shake { inner: handshake(tls.as_ref(), target), watch: Arc::clone(&watch) };
        match tokio::time::timeout(timeout, config.connect_raw(socket, handshake)).await {
            Ok(result) => result.map_err(|error| refused(&error)),
            Err(_) => Err(Failure::Unreachable("it didn't answer in time".to_owned())),
        }
    })?;
    let encryption = match (&tls, target) {
        (Some(tls), _) => tls.describe(),
        (None, Target::Tcp(..)) => "not encrypted".to_owned(),
        #[cfg(unix)]
        (None, Target::Unix(_)) => "by a unix socket".to_owned(),
    };
    let is_exposed = watch.wants_password() && tls.is_none() && !is_local(target);
    let notices = if is_exposed && settings.tls == TlsMode::Prefer { exposed() } else { vec![] };
    let token = client.cancel_token();
    let canceler = Canceler { target: target.clone(), timeout, tls, token };
    Ok(Reached { runtime, client, link, watch, encryption, notices, canceler })
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
    target.host().is_none_or(|host| {
        host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
    })
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

fn refused(error: &tokio_postgres::Error) -> Failure {
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
    if reason.contains("TLS handshake") {
        return Failure::Handshake(explain(&cause));
    }
    if error.is_closed() || io_kind(error).is_some() {
        return Failure::Unreachable(reason);
    }
    let reason = match cause.as_str() {
        "password missing" => "the server wants a password".to_owned(),
        "" => "what answers there doesn't speak PostgreSQL's protocol".to_owned(),
        _ => reason,
    };
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

fn dial(target: &Target, timeout: Duration, encrypt: bool) -> Result<Dialed, Failure> {
    let mut socket = target.dial(timeout)?;
    if let Dialed::Tcp(stream) = &mut socket
        && encrypt
        && !ask_for_encryption(stream, timeout).map_err(|error| target.unreachable(&error))?
    {
        return Err(Failure::Handshake("the server doesn't encrypt".to_owned()));
    }
    Ok(socket)
}

fn ask_for_encryption(stream: &mut TcpStream, timeout: Duration) -> io::Result<bool> {
    stream.set_read_timeout(Some(timeout))?;
    stream.write_all(&SSL_REQUEST)?;
    let mut answer = [0];
    // One byte and no more: whatever came with it unencrypted is not the server's word.
    stream.read_exact(&mut answer)?;
    stream.set_read_timeout(None)?;
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
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Encrypted, Self::Error>> + Send>>;

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
        let Ok(runtime) = runtime() else { return };
        let Ok(socket) = dial(&self.target, self.timeout, self.tls.is_some()) else { return };
        runtime.block_on(async {
            let Ok(socket) = into_tokio(socket) else { return };
            let inner = handshake(self.tls.as_ref(), &self.target);
            let handshake = Shake { inner, watch: Arc::default() };
            let socket = Watched::new(socket, None);
            let work = self.token.cancel_query_raw(socket, handshake);
            drop(tokio::time::timeout(self.timeout, work).await);
        });
    }
}
