//! The connection settings in the parameters of a server's URL, as the drivers take them.
//!
//! Unknown parameters are refused: one that is silently ignored may be the one that was to make a
//! connection safe. No file is read, so it is up to the driver whether a certificate exists.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::url::{Family, ServerUrl, UrlError, mysql, postgres};

/// The settings of a connection, apart from the address and login of the server.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ConnectSettings {
    /// The mode of encryption. `Require` with a `root_cert` has been turned into `VerifyCa`.
    pub tls: TlsMode,
    /// Whether the mode was set by the URL or the environment, rather than by default.
    pub is_tls_explicit: bool,
    /// The file with authorities that may sign the server's certificate; `None` uses the system's.
    pub root_cert: Option<PathBuf>,
    /// The file with certificate revocation lists.
    pub revoked: Option<PathBuf>,
    /// The file with the client's certificate.
    pub client_cert: Option<PathBuf>,
    /// The file with its key, which is ignored without a certificate.
    pub client_key: Option<PathBuf>,
    /// How long to wait for the connection; `None` leaves it to the system.
    pub connect_timeout: Option<Duration>,
    /// The address to connect to, where the host only names the certificate's subject.
    pub host_address: Option<IpAddr>,
    /// Options of the session, as in `PGOPTIONS`: `-c search_path=app`.
    pub options: Option<String>,
    /// The name under which the server lists the session.
    pub application_name: Option<String>,
    /// Whether the login is bound to the TLS channel.
    pub channel_binding: ChannelBinding,
}

/// The mode of encryption, and the accepted certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsMode {
    /// The connection is not encrypted.
    Disable,
    /// The connection is encrypted if the server supports it.
    #[default]
    Prefer,
    /// The connection is encrypted, with any certificate.
    Require,
    /// The certificate must be signed by a known authority.
    VerifyCa,
    /// The certificate must also be issued for the host.
    VerifyFull,
}

impl TlsMode {
    /// Returns the name of a mode that libpq and MySQL's clients share, or accept.
    #[cfg(feature = "tls")]
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

/// Whether a login is bound to the TLS channel, so that it can't be relayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelBinding {
    /// Logins are never bound.
    Disable,
    /// Logins are bound if the server supports it.
    #[default]
    Prefer,
    /// Logins must be bound.
    Require,
}

/// The settings of the parameters read so far.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) tls: Option<TlsMode>,
    pub(crate) system_roots: bool,
    pub(crate) fallback_application_name: Option<String>,
    pub(crate) settings: ConnectSettings,
}

/// A known parameter with a non-empty value.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) scheme: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: &'a str,
}

impl ServerUrl {
    /// Interprets the parameters; one that is unknown, or has an invalid value, is an error.
    pub fn settings(&self) -> Result<ConnectSettings, UrlError> {
        let (scheme, family) = (self.scheme.as_str(), self.scheme.family());
        let known = family.parameters();
        let mut draft = Draft::default();
        for (written, value) in self.parameters.iter() {
            let name = family.parameter_name(written);
            let Some(name) = known.iter().find(|known| **known == name).copied() else {
                let key = self.parameters.shown(written).to_owned();
                return Err(UrlError::UnknownParameter { scheme, key, known });
            };
            // An empty one counts as not given: `?sslmode=${SSLMODE:-}`.
            if value.is_empty() {
                continue;
            }
            let parameter = Parameter { scheme, name, value };
            match family {
                Family::Mysql => mysql::read(parameter, &mut draft)?,
                Family::Postgres | Family::Sqlite => postgres::read(parameter, &mut draft)?,
            }
        }
        draft.finish(self, family)
    }
}

impl Draft {
    fn finish(self, url: &ServerUrl, family: Family) -> Result<ConnectSettings, UrlError> {
        let scheme = url.scheme.as_str();
        let mut res = self.settings;
        res.is_tls_explicit = self.tls.is_some() || self.system_roots;
        let default = match family {
            // As in libpq: trusting every authority requires checking the name.
            Family::Postgres if self.system_roots => TlsMode::VerifyFull,
            // As in MySQL's client: a named authority is to be checked.
            Family::Mysql if res.root_cert.is_some() => TlsMode::VerifyCa,
            Family::Postgres | Family::Mysql | Family::Sqlite => TlsMode::Prefer,
        };
        res.tls = self.tls.unwrap_or(default);
        if res.tls == TlsMode::Require && res.root_cert.is_some() {
            res.tls = TlsMode::VerifyCa;
        }
        if self.system_roots && res.tls != TlsMode::VerifyFull {
            return Err(UrlError::WeakSystemRoots { scheme });
        }
        res.application_name = res.application_name.or(self.fallback_application_name);
        Ok(res)
    }
}

impl Parameter<'_> {
    /// Returns the choice of a word; case and dashes don't count.
    pub(crate) fn word<T: Copy>(
        self,
        words: &[(&str, T)],
        allowed: &'static str,
    ) -> Result<T, UrlError> {
        let value = self.value.to_ascii_lowercase().replace('_', "-");
        let found = words.iter().find(|(word, _)| *word == value);
        found.map(|(_, meant)| *meant).ok_or_else(|| self.refused(allowed))
    }

    /// Returns a number of seconds; 0 is forever.
    pub(crate) fn seconds(self) -> Result<Option<Duration>, UrlError> {
        let seconds: u32 = self.number("a whole number of seconds")?;
        Ok((seconds != 0).then(|| Duration::from_secs(u64::from(seconds))))
    }

    pub(crate) fn number(self, allowed: &'static str) -> Result<u32, UrlError> {
        let digits = self.value.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.then(|| self.value.parse().ok()).flatten();
        number.ok_or_else(|| self.refused(allowed))
    }

    pub(crate) fn path(self) -> Option<PathBuf> {
        Some(PathBuf::from(self.value))
    }

    pub(crate) fn text(self) -> Option<String> {
        Some(self.value.to_owned())
    }

    /// Makes the error that names the allowed values, never the given one.
    pub(crate) fn refused(self, allowed: &'static str) -> UrlError {
        UrlError::ParameterValue { scheme: self.scheme, key: self.name, allowed }
    }

    /// Makes the error for a parameter that exists but is not supported.
    pub(crate) fn unsupported(self) -> UrlError {
        UrlError::UnsupportedParameter { scheme: self.scheme, key: self.name }
    }
}

impl Family {
    fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Postgres => postgres::PARAMETERS,
            Self::Mysql => mysql::PARAMETERS,
            Self::Sqlite => &[],
        }
    }

    /// Returns the normalized name of a parameter: MySQL's client accepts `_` for `-`.
    fn parameter_name(self, name: &str) -> String {
        match self {
            Self::Mysql => name.to_ascii_lowercase().replace('_', "-"),
            Self::Postgres | Self::Sqlite => name.to_owned(),
        }
    }

    /// Tells whether a parameter is the path of a file.
    pub(crate) fn is_path(self, name: &str, value: &str) -> bool {
        let paths = match self {
            Self::Postgres => postgres::PATHS,
            Self::Mysql => mysql::PATHS,
            Self::Sqlite => &[],
        };
        let is_word = value.is_empty() || (name == "sslrootcert" && value == postgres::SYSTEM);
        !is_word && paths.contains(&self.parameter_name(name).as_str())
    }
}

/// Writes everything but secrets: the options may set anything.
impl fmt::Debug for ConnectSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectSettings")
            .field("tls", &self.tls)
            .field("is_tls_explicit", &self.is_tls_explicit)
            .field("root_cert", &self.root_cert)
            .field("revoked", &self.revoked)
            .field("client_cert", &self.client_cert)
            .field("connect_timeout", &self.connect_timeout)
            .field("host_address", &self.host_address)
            .field("channel_binding", &self.channel_binding)
            .finish_non_exhaustive()
    }
}
