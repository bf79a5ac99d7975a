//! What the parameters of a server's URL say about the connection, as the drivers are to take it.
//!
//! Every parameter is known here or refused: one that is passed over in silence may be the one
//! that was to keep a connection safe. No file is looked at, so whether a certificate is there is
//! for the driver to find out.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::url::{Family, ServerUrl, UrlError, mysql, postgres};

/// How to connect to a server, beside where it is and who logs in.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectSettings {
    /// How the connection is encrypted. A `Require` with a named `root_cert` has become
    /// `VerifyCa` already.
    pub tls: TlsMode,
    /// Whether the URL or the environment says so, and it is not merely the default.
    pub is_tls_explicit: bool,
    /// The file of the authorities that may sign the server's certificate; `None` leaves it to
    /// the system's.
    pub root_cert: Option<PathBuf>,
    /// The file of the lists of what authorities have revoked.
    pub revoked: Option<PathBuf>,
    /// The file of our own certificate.
    pub client_cert: Option<PathBuf>,
    /// The file of its key, which may be there without a certificate and then counts for nothing.
    pub client_key: Option<PathBuf>,
    /// How long to wait for the connection; `None` is for as long as the system does.
    pub connect_timeout: Option<Duration>,
    /// The address to connect to, where the host is only the name that the certificate bears.
    pub host_address: Option<IpAddr>,
    /// Options of the session, as `PGOPTIONS` has them: `-c search_path=app`.
    pub options: Option<String>,
    /// Under which name the server lists the session.
    pub application_name: Option<String>,
    /// Whether the login is bound to the TLS channel.
    pub channel_binding: ChannelBinding,
}

/// Says how a connection is encrypted, and whose certificate is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsMode {
    /// Not at all.
    Disable,
    /// If the server can; otherwise not at all.
    #[default]
    Prefer,
    /// Always, whoever answers.
    Require,
    /// Always, and the certificate has to be signed by a known authority.
    VerifyCa,
    /// Always, and the certificate has to be the host's, too.
    VerifyFull,
}

impl TlsMode {
    /// Returns the word that libpq and MySQL's clients both have for a mode, or take for it.
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

/// Says whether a login is bound to the TLS channel, so that nobody can pass it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelBinding {
    /// Never.
    Disable,
    /// If the server can.
    #[default]
    Prefer,
    /// Always.
    Require,
}

/// What the parameters have said so far.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) tls: Option<TlsMode>,
    pub(crate) system_roots: bool,
    pub(crate) root_cert: Option<PathBuf>,
    pub(crate) revoked: Option<PathBuf>,
    pub(crate) client_cert: Option<PathBuf>,
    pub(crate) client_key: Option<PathBuf>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) host_address: Option<IpAddr>,
    pub(crate) options: Option<String>,
    pub(crate) application_name: Option<String>,
    pub(crate) fallback_application_name: Option<String>,
    pub(crate) channel_binding: ChannelBinding,
}

/// A parameter that is known, and its value, which is not empty.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) scheme: &'static str,
    pub(crate) name: &'static str,
    pub(crate) value: &'a str,
}

impl ServerUrl {
    /// Reads the parameters; one that is not known, or whose value can't be, is an error.
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
        let is_tls_explicit = self.tls.is_some() || self.system_roots;
        let default = match family {
            // As libpq: whoever trusts every authority there is has to look at the name.
            Family::Postgres if self.system_roots => TlsMode::VerifyFull,
            // As MySQL's client: who names an authority wants it asked.
            Family::Mysql if self.root_cert.is_some() => TlsMode::VerifyCa,
            Family::Postgres | Family::Mysql | Family::Sqlite => TlsMode::Prefer,
        };
        let mut tls = self.tls.unwrap_or(default);
        if tls == TlsMode::Require && self.root_cert.is_some() {
            tls = TlsMode::VerifyCa;
        }
        if self.system_roots && tls != TlsMode::VerifyFull {
            return Err(UrlError::WeakSystemRoots { scheme });
        }
        Ok(ConnectSettings {
            tls,
            is_tls_explicit,
            root_cert: self.root_cert,
            revoked: self.revoked,
            client_cert: self.client_cert,
            client_key: self.client_key,
            connect_timeout: self.connect_timeout,
            host_address: self.host_address,
            options: self.options,
            application_name: self.application_name.or(self.fallback_application_name),
            channel_binding: self.channel_binding,
        })
    }
}

impl Parameter<'_> {
    /// Returns what a word stands for, whose case and dashes don't count.
    pub(crate) fn word<T: Copy>(
        self,
        words: &[(&str, T)],
        allowed: &'static str,
    ) -> Result<T, UrlError> {
        let value = self.value.to_ascii_lowercase().replace('_', "-");
        let found = words.iter().find(|(word, _)| *word == value);
        found.map(|(_, meant)| *meant).ok_or_else(|| self.refused(allowed))
    }

    /// Returns a number of seconds; 0 is for ever.
    pub(crate) fn seconds(self) -> Result<Option<Duration>, UrlError> {
        let seconds: u32 = self.number("a whole number of seconds")?;
        Ok((seconds != 0).then(|| Duration::from_secs(u64::from(seconds))))
    }

    /// Returns a number.
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

    /// Says what the value may be, never what it is.
    pub(crate) fn refused(self, allowed: &'static str) -> UrlError {
        UrlError::ParameterValue { scheme: self.scheme, key: self.name, allowed }
    }

    /// Says that there is such a parameter, but not here.
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

    /// Returns a parameter's name as it is compared: MySQL's client takes `_` for `-`.
    fn parameter_name(self, name: &str) -> String {
        match self {
            Self::Mysql => name.to_ascii_lowercase().replace('_', "-"),
            Self::Postgres | Self::Sqlite => name.to_owned(),
        }
    }

    /// Tells whether a parameter holds the path of a file.
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

/// Writes what holds no secret: the options may set anything.
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
