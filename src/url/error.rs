//! Why a text is no database URL. Nothing of the text is kept: any part may be a password.

use crate::url::server::Scheme;

/// Why a database URL is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// The text is empty.
    #[error("the url is empty")]
    Empty,
    /// The text, or a part of it after decoding, holds a NUL byte.
    #[error("the url holds a NUL byte")]
    Nul,
    /// The text does not begin with a scheme.
    #[error("the url does not begin with a scheme: known are {}", known())]
    NoScheme,
    /// The text begins with a scheme that is not ours.
    #[error("the url has an unknown scheme: known are {}", known())]
    UnknownScheme,
    /// The scheme names a driver too, as `SQLAlchemy`'s do.
    #[error("the `{scheme}` url names a driver after its scheme: leave `+` and the driver out")]
    Driver {
        /// The scheme before the `+`.
        scheme: &'static str,
    },
    /// An `SQLite` URL without a path.
    #[error("the `sqlite` url has no path")]
    SqliteEmptyPath,
    /// An `SQLite` URI filename, which would hide parameters in a path.
    #[error("`sqlite:file:` (an SQLite URI filename) is not supported: write `sqlite:PATH`")]
    SqliteUriFilename,
    /// An `SQLite` path that begins with a colon, as a mistyped `:memory:` does.
    #[error("the path of the `sqlite` url begins with `:`: write `:memory:`, or `./` before it")]
    SqliteColon,
    /// An `SQLite` URL with a parameter.
    #[error("the `sqlite` url has a parameter: none is supported (a `?` in a path is `%3F`)")]
    SqliteParameter,
    /// No `//` after the scheme.
    #[error("the `{scheme}` url lacks `//` after `{scheme}:`")]
    NoAuthority {
        /// The scheme.
        scheme: &'static str,
    },
    /// A space or control character.
    #[error("the `{scheme}` url holds a space or control character: write it percent-encoded")]
    ControlCharacter {
        /// The scheme.
        scheme: &'static str,
    },
    /// A `%` that begins no escape.
    #[error("the `{scheme}` url holds a `%` without two hexadecimal digits: write `%25`")]
    Escape {
        /// The scheme.
        scheme: &'static str,
    },
    /// A part that, decoded, is not UTF-8.
    #[error("the `{scheme}` url is not UTF-8 when decoded")]
    NotUtf8 {
        /// The scheme.
        scheme: &'static str,
    },
    /// An `@` behind the place where the host ended: most likely a password was not encoded.
    #[error(
        "the `{scheme}` url holds an `@` after the host: in a name or password write `/` as \
         `%2F`, `?` as `%3F` and `@` as `%40`"
    )]
    StrayAt {
        /// The scheme.
        scheme: &'static str,
    },
    /// A `#` behind the host.
    #[error("the `{scheme}` url holds a `#` after the host: write it as `%23`")]
    Fragment {
        /// The scheme.
        scheme: &'static str,
    },
    /// A host that is neither a name nor an address nor the folder of a socket.
    #[error("the host of the `{scheme}` url is not a host name, an address or a socket's path")]
    Host {
        /// The scheme.
        scheme: &'static str,
    },
    /// Several hosts, of which only a client could tell the one that takes writes.
    #[error("the `{scheme}` url names several hosts: give the one that takes writes")]
    SeveralHosts {
        /// The scheme.
        scheme: &'static str,
    },
    /// A port that is no port.
    #[error("the port of the `{scheme}` url is not a number from 1 to 65535")]
    Port {
        /// The scheme.
        scheme: &'static str,
    },
    /// A path of several parts.
    #[error("the database name of the `{scheme}` url holds a `/`: write it as `%2F`")]
    Database {
        /// The scheme.
        scheme: &'static str,
    },
    /// A parameter that nobody knows.
    #[error("the `{scheme}` url has an unknown parameter `{key}`")]
    UnknownParameter {
        /// The scheme.
        scheme: &'static str,
        /// The parameter's name; `…` where it may be the end of a password.
        key: String,
        /// The names of those that there are.
        known: &'static [&'static str],
    },
    /// A parameter that the database's own client has, and we don't.
    #[error("the parameter `{key}` of the `{scheme}` url is not supported")]
    UnsupportedParameter {
        /// The scheme.
        scheme: &'static str,
        /// The parameter's name.
        key: &'static str,
    },
    /// A parameter with a value that it can't have.
    #[error("the parameter `{key}` of the `{scheme}` url must be {allowed}")]
    ParameterValue {
        /// The scheme.
        scheme: &'static str,
        /// The parameter's name.
        key: &'static str,
        /// What it may be.
        allowed: &'static str,
    },
    /// Every authority of the system is trusted, and the certificate's name is not looked at.
    #[error("the `{scheme}` url has `sslrootcert=system`, which needs `sslmode=verify-full`")]
    WeakSystemRoots {
        /// The scheme.
        scheme: &'static str,
    },
    /// A parameter that is not `NAME=VALUE`.
    #[error("a parameter of the `{scheme}` url is not NAME=VALUE")]
    Parameter {
        /// The scheme.
        scheme: &'static str,
    },
}

fn known() -> String {
    let servers: Vec<String> = Scheme::ALL.iter().map(|scheme| format!("`{scheme}://`")).collect();
    format!("`sqlite:`, {}", servers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scheme_lists_the_known_ones() {
        assert_eq!(
            UrlError::UnknownScheme.to_string(),
            "the url has an unknown scheme: known are `sqlite:`, `postgres://`, `postgresql://`, \
             `cockroachdb://`, `yugabytedb://`, `mysql://`, `mariadb://`, `tidb://`"
        );
    }
}
