//! What the service was asked to do: options, and the environment, which nobody else reads.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use clap::{Parser, Subcommand, value_parser};
use limbeck::url::{DatabaseUrl, Family, UrlError};

/// A service with passwords and tokens, on the sample schema of limbeck.
///
/// The key that signs the tokens comes from the environment variable `SECRET_KEY`, at least 32
/// bytes of it.
#[derive(Parser)]
#[command(name = "jwt-auth", version)]
pub(crate) struct Options {
    /// What to do instead of listening.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// The database: sqlite:PATH or postgres://…
    // A text until it is needed: clap would show a URL that doesn't parse, password included.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", default_value = "sqlite:auth.db")]
    #[arg(global = true, hide_env_values = true)]
    database: String,
    /// The address to listen at.
    #[arg(long, env = "JWT_AUTH_HOST", default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// The port to listen at; 0 takes a free one.
    #[arg(long, env = "PORT", default_value_t = 8000)]
    pub(crate) port: u16,
    /// How many minutes an access token is good for.
    #[arg(long, env = "ACCESS_TOKEN_MINUTES", value_name = "N", default_value_t = 15)]
    #[arg(value_parser = value_parser!(u32).range(1..=Options::MOST_ACCESS_MINUTES))]
    access_token_minutes: u32,
    /// How many days a refresh token is good for.
    #[arg(long, env = "REFRESH_TOKEN_DAYS", value_name = "N", default_value_t = 7)]
    #[arg(value_parser = value_parser!(u32).range(1..=365))]
    refresh_token_days: u32,
    /// How many failed sign-ins lock an account.
    #[arg(long, env = "MAX_FAILED_SIGN_INS", value_name = "N", default_value_t = 5)]
    #[arg(value_parser = value_parser!(u32).range(1..=100))]
    max_failed_sign_ins: u32,
    /// For how many minutes it is locked then.
    #[arg(long, env = "LOCK_MINUTES", value_name = "N", default_value_t = 15)]
    #[arg(value_parser = value_parser!(u32).range(1..=1440))]
    lock_minutes: u32,
}

/// What else the program does.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Give a user a role, such as `admin`.
    Grant {
        /// The user's email.
        email: String,
        /// The name of the role.
        role: String,
    },
}

/// When a sign-in has failed too often.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LockPolicy {
    /// How many failures in a row lock an account.
    pub(crate) failures: u32,
    /// For how many seconds.
    pub(crate) seconds: i64,
}

/// The key that signs access tokens; no formatting shows it.
pub(crate) struct SecretKey(Vec<u8>);

/// Why the options can't be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("SECRET_KEY is not set: make one by `export SECRET_KEY=$(openssl rand -hex 32)`")]
    NoSecretKey,
    #[error(
        "SECRET_KEY has {0} bytes and needs {least} at least: make one by \
         `export SECRET_KEY=$(openssl rand -hex 32)`",
        least = SecretKey::SHORTEST
    )]
    ShortSecretKey(usize),
    #[error("--database or DATABASE_URL: {0}")]
    Url(#[source] UrlError),
    #[error("--database or DATABASE_URL: the service runs on SQLite and PostgreSQL only")]
    Engine,
    #[error("--database or DATABASE_URL: a service needs a database in a file, not in memory")]
    Memory,
}

impl Options {
    /// Returns the text of the database's URL, and what it means.
    pub(crate) fn database(&self) -> Result<(&str, DatabaseUrl), ConfigError> {
        let url = DatabaseUrl::parse(&self.database).map_err(ConfigError::Url)?;
        match (url.family(), &url) {
            (Family::Mysql, _) => Err(ConfigError::Engine),
            (_, DatabaseUrl::Sqlite(limbeck::url::SqliteTarget::Memory)) => {
                Err(ConfigError::Memory)
            }
            _ => Ok((&self.database, url)),
        }
    }

    /// Returns how long an access token is good for, in seconds.
    pub(crate) fn access_seconds(&self) -> i64 {
        i64::from(self.access_token_minutes) * 60
    }

    /// Returns how long a refresh token is good for, in seconds.
    pub(crate) fn refresh_seconds(&self) -> i64 {
        i64::from(self.refresh_token_days) * 24 * 60 * 60
    }

    /// Returns when a sign-in has failed too often.
    pub(crate) fn lock_policy(&self) -> LockPolicy {
        LockPolicy {
            failures: self.max_failed_sign_ins,
            seconds: i64::from(self.lock_minutes) * 60,
        }
    }

    /// The most minutes that an access token is good for: a day.
    pub(crate) const MOST_ACCESS_MINUTES: i64 = 1440;

    /// How long a request may take, its body included, and how long a shutdown waits.
    pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
}

impl SecretKey {
    /// HMAC-SHA-256 asks for a key as long as what it makes (RFC 7518, 3.2).
    const SHORTEST: usize = 32;

    /// Reads the key from the environment, and from nowhere else: options are seen by everybody
    /// on the machine.
    #[expect(clippy::disallowed_methods, reason = "this module reads the environment")]
    pub(crate) fn from_environment() -> Result<Self, ConfigError> {
        let Some(text) = std::env::var_os("SECRET_KEY").filter(|it| !it.is_empty()) else {
            return Err(ConfigError::NoSecretKey);
        };
        let bytes = text.into_encoded_bytes();
        match bytes.len() {
            Self::SHORTEST.. => Ok(Self(bytes)),
            short => Err(ConfigError::ShortSecretKey(short)),
        }
    }

    /// Returns the key itself, to sign with.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}
