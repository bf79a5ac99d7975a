//! The service: what all requests share, and its life from the upgrade to the last answer.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

use crate::config::{LockPolicy, Options, SecretKey};
use crate::error::ApiError;
use crate::guard::Guard;
use crate::openapi::{self, Document};
use crate::passwords::Passwords;
use crate::store::Store;
use crate::tokens::Tokens;
use crate::{clock, migrations, routes, terminal};

/// The longest body; none that we ask for comes near.
const LONGEST_BODY: usize = 16 * 1024;

/// How often tokens that are over are deleted.
const PRUNING: Duration = Duration::from_hours(1);

/// What all requests share.
pub(crate) struct App {
    pub(crate) store: Store,
    pub(crate) tokens: Tokens,
    pub(crate) passwords: Passwords,
    pub(crate) guard: Guard,
    pub(crate) lock_policy: LockPolicy,
}

/// The address is not to be had.
#[derive(Debug, thiserror::Error)]
#[error("can't listen at {address}: choose another `--host` or `--port`")]
struct ListenError {
    address: SocketAddr,
    source: std::io::Error,
}

/// Upgrades the database, and serves until a signal ends it.
pub(crate) fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let key = SecretKey::from_environment()?;
    let (text, url) = options.database()?;
    // Before the runtime: it blocks.
    migrations::upgrade(text, &url)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App {
            store: Store::open(&url)?,
            tokens: Tokens::new(&key, options),
            passwords: Passwords::new()?,
            guard: Guard::new(options.lock_policy()),
            lock_policy: options.lock_policy(),
        };
        serve(Arc::new(app), options).await
    })
}

async fn serve(app: Arc<App>, options: &Options) -> Result<(), Box<dyn Error>> {
    let address = SocketAddr::new(options.host, options.port);
    let bound = TcpListener::bind(address).await;
    let listener = bound.map_err(|source| ListenError { address, source })?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    // Heard from here on, so before anybody can know the address.
    let mut signals = Signals::listen()?;
    terminal::say(format_args!("listening on http://{address}, see http://{address}/docs"));
    let pruning = tokio::spawn(prune(Arc::clone(&app)));
    let stopped = async { stopped.await.unwrap_or_default() };
    let server = axum::serve(listener, router(app)).with_graceful_shutdown(stopped);
    let mut server = tokio::spawn(async move { server.await });
    tokio::select! {
        res = &mut server => return Ok(res??),
        () = signals.come() => {}
    }
    terminal::say("shutting down: requests in flight are finished");
    stop.send(()).ok();
    pruning.abort();
    // One that never ends doesn't keep the service alive.
    if let Ok(res) = tokio::time::timeout(Options::PATIENCE, server).await {
        res??;
    }
    Ok(())
}

/// Puts endpoints, documentation and what is common to all of them together.
fn router(app: Arc<App>) -> Router {
    let documented = OpenApiRouter::with_openapi(Document::openapi()).merge(routes::all());
    let (router, document) = documented.with_state(app).split_for_parts();
    router
        .merge(openapi::page(document))
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn(around))
}

/// Ends what takes too long, and has no answer kept by a cache.
async fn around(request: Request, next: Next) -> Response {
    let is_api = !request.uri().path().starts_with("/docs");
    let res = tokio::time::timeout(Options::PATIENCE, next.run(request)).await;
    let mut res = res.unwrap_or_else(|_| ApiError::timeout().into_response());
    let headers = res.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_api {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    res
}

/// Deletes, now and then, what is over.
async fn prune(app: Arc<App>) {
    let mut ticks = tokio::time::interval(PRUNING);
    loop {
        ticks.tick().await;
        if let Err(error) = app.store.prune(clock::now()).await {
            terminal::complain(&error);
        }
    }
}

/// What ends the service: SIGTERM, and SIGINT, which is Ctrl-C.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (terminate, interrupt) =
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt })
    }

    async fn come(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What ends the service: Ctrl-C.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn come(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }
}
