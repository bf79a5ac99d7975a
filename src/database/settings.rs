//! What a server's URL says beside who, where and what: encryption, time limits, names.

use std::path::PathBuf;
use std::time::Duration;

use crate::url::{Family, ServerUrl};

/// How long a server may take to answer if the URL doesn't say.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How a connection is encrypted, and what is asked of the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TlsMode {
    /// Never.
    Disable,
    /// If the server can.
    Prefer,
    /// Always; by whom, is not asked unless there is an authority's certificate.
    Require,
    /// Always, and an authority has signed the certificate.
    VerifyCa,
    /// Always, an authority has signed the certificate, and it is made out to the host.
    VerifyFull,
}

/// The settings of a connection.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// How it is encrypted.
    pub(super) tls: TlsMode,
    /// The authorities' certificates; the system's if there is none.
    pub(super) root_cert: Option<PathBuf>,
    /// Our own certificate.
    pub(super) client_cert: Option<PathBuf>,
    /// The key to it.
    pub(super) client_key: Option<PathBuf>,
    /// How long one try to connect may take.
    pub(super) connect_timeout: Duration,
    /// PostgreSQL's `options`: settings that the session begins with.
    #[cfg(feature = "postgres")]
    pub(super) options: Option<String>,
    /// What the server calls us.
    pub(super) application_name: String,
}

impl Settings {
    /// Reads the parameters of a URL.
    pub(super) fn read(url: &ServerUrl) -> Result<Self, String> {
        let is_mysql = url.scheme.family() == Family::Mysql;
        let get = |postgres: &str, mysql: &str| {
            url.parameters.get(if is_mysql { mysql } else { postgres }).map(str::to_owned)
        };
        let mode = get("sslmode", "ssl-mode");
        let seconds = get("connect_timeout", "connect-timeout");
        Ok(Self {
            tls: mode.as_deref().map_or(Ok(TlsMode::Prefer), mode_named)?,
            root_cert: get("sslrootcert", "ssl-ca").filter(|it| it != "system").map(Into::into),
            client_cert: get("sslcert", "ssl-cert").map(Into::into),
            client_key: get("sslkey", "ssl-key").map(Into::into),
            connect_timeout: seconds.as_deref().map_or(Ok(CONNECT_TIMEOUT), seconds_of)?,
            #[cfg(feature = "postgres")]
            options: get("options", ""),
            application_name: get("application_name", "").unwrap_or_else(|| "migrate".to_owned()),
        })
    }
}

/// Reads PostgreSQL's name of a mode, or MySQL's, whose case doesn't count.
fn mode_named(name: &str) -> Result<TlsMode, String> {
    match name.to_ascii_lowercase().replace('-', "_").as_str() {
        "disable" | "disabled" => Ok(TlsMode::Disable),
        "prefer" | "preferred" | "allow" => Ok(TlsMode::Prefer),
        "require" | "required" => Ok(TlsMode::Require),
        "verify_ca" => Ok(TlsMode::VerifyCa),
        "verify_full" | "verify_identity" => Ok(TlsMode::VerifyFull),
        _ => Err("its url asks for an unknown mode of TLS".to_owned()),
    }
}

fn seconds_of(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "its url has a connect timeout that is no number");
    seconds.map(Duration::from_secs).map_err(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::DatabaseUrl;

    fn settings(text: &str) -> Result<Settings, String> {
        let Ok(DatabaseUrl::Server(url)) = text.parse() else { panic!("no server") };
        Settings::read(&url)
    }

    #[test]
    fn both_families_have_their_names_for_the_modes() {
        let tls = |text: &str| settings(text).unwrap().tls;
        assert_eq!(tls("postgres://h/d"), TlsMode::Prefer);
        assert_eq!(tls("postgres://h/d?sslmode=verify-full"), TlsMode::VerifyFull);
        assert_eq!(tls("mysql://h/d?ssl-mode=VERIFY_IDENTITY"), TlsMode::VerifyFull);
        assert_eq!(tls("mysql://h/d?ssl-mode=disabled"), TlsMode::Disable);
        settings("postgres://h/d?sslmode=verify-ful").unwrap_err();
    }
}
