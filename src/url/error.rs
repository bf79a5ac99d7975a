//! The reasons why a text is not a database URL. No part of the text is kept: any may be a
//! password.

use crate::url::server::Scheme;

/// The reason why a database URL is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    #[error("the url is empty")]
    Empty,
    /// The text, or a part of it after decoding, holds a NUL byte.
    #[error("the url contains a NUL byte")]
    Nul,
    /// The text does not begin with a scheme.
    #[error("the url does not begin with a scheme: known are {}", known())]
    NoScheme,
    /// The scheme is not supported.
    #[error("the url has an unknown scheme: known are {}", known())]
    UnknownScheme,
    /// The scheme includes a driver, as `SQLAlchemy`'s do.
    #[error("the `{scheme}` url names a driver after its scheme: leave `+` and the driver out")]
    Driver {
        /// The scheme before the `+`.
        scheme: &'static str,
    },
    /// An `SQLite` URL has no path.
    #[error("the `sqlite` url has no path")]
    SqliteEmptyPath,
    /// An `SQLite` path is a URI filename, which would hide parameters.
    #[error("`sqlite:file:` (an SQLite URI filename) is not supported: write `sqlite:PATH`")]
    SqliteUriFilename,
    /// An `SQLite` path begins with a colon, like a mistyped `:memory:`.
    #[error("the path of the `sqlite` url begins with `:`: write `:memory:`, or `./` before it")]
    SqliteColon,
    /// An `SQLite` URL has a parameter.
    #[error("the `sqlite` url has a parameter: none is supported (a `?` in a path is `%3F`)")]
    SqliteParameter,
    /// The `//` after the scheme is missing.
    #[error("the `{scheme}` url lacks `//` after `{scheme}:`")]
    NoAuthority { scheme: &'static str },
    /// The URL contains a space or control character.
    #[error("the `{scheme}` url contains a space or control character: write it percent-encoded")]
    ControlCharacter { scheme: &'static str },
    /// A `%` doesn't begin an escape.
    #[error("the `{scheme}` url contains a `%` without two hexadecimal digits: write `%25`")]
    Escape { scheme: &'static str },
    /// A decoded part is not UTF-8.
    #[error("the `{scheme}` url is not UTF-8 when decoded")]
    NotUtf8 { scheme: &'static str },
    /// An `@` follows the host: most likely a password was not encoded.
    #[error(
        "the `{scheme}` url contains an `@` after the host: in a name or password write `/` as \
         `%2F`, `?` as `%3F` and `@` as `%40`"
    )]
    StrayAt { scheme: &'static str },
    /// A `#` follows the host.
    #[error("the `{scheme}` url contains a `#` after the host: write it as `%23`")]
    Fragment { scheme: &'static str },
    /// The host is neither a name nor an address nor the folder of a socket.
    #[error("the host of the `{scheme}` url is not a host name, an address or a socket's path")]
    Host { scheme: &'static str },
    /// The URL has several hosts, of which only a client could find the writable one.
    #[error("the `{scheme}` url names several hosts: give the one that takes writes")]
    SeveralHosts { scheme: &'static str },
    /// The port is not a valid number.
    #[error("the port of the `{scheme}` url is not a number from 1 to 65535")]
    Port { scheme: &'static str },
    /// The path has several parts.
    #[error("the database name of the `{scheme}` url contains a `/`: write it as `%2F`")]
    Database { scheme: &'static str },
    #[error("the `{scheme}` url has an unknown parameter `{key}`")]
    UnknownParameter {
        scheme: &'static str,
        /// The name of the parameter; `…` where it may be the end of a password.
        key: String,
        known: &'static [&'static str],
    },
    /// A parameter of the database's own client is not supported.
    #[error("the parameter `{key}` of the `{scheme}` url is not supported")]
    UnsupportedParameter { scheme: &'static str, key: &'static str },
    /// The value of a parameter is not allowed.
    #[error("the parameter `{key}` of the `{scheme}` url must be {allowed}")]
    ParameterValue { scheme: &'static str, key: &'static str, allowed: &'static str },
    /// Every authority of the system is trusted, but the certificate's name is not checked.
    #[error("the `{scheme}` url has `sslrootcert=system`, which needs `sslmode=verify-full`")]
    WeakSystemRoots { scheme: &'static str },
    /// A parameter is not `NAME=VALUE`.
    #[error("a parameter of the `{scheme}` url is not NAME=VALUE")]
    Parameter { scheme: &'static str },
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
