//! The reasons why a text is not a database URL. No part of the text is kept: any may be a
//! password.

use crate::url::server::Scheme;

/// The reason why a database URL is invalid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    #[error("the url is empty")]
    Empty,
    #[error("the url contains a NUL byte")]
    Nul,
    #[error("the url does not begin with a scheme: known are {}", known())]
    NoScheme,
    #[error("the url has an unknown scheme: known are {}", known())]
    UnknownScheme,
    #[error("the `{scheme}` url names a driver after its scheme: leave `+` and the driver out")]
    Driver {
        /// The scheme before the `+`.
        scheme: &'static str,
    },
    #[error("the `sqlite` url has no path")]
    SqliteEmptyPath,
    #[error("`sqlite:file:` (an SQLite URI filename) is not supported: write `sqlite:PATH`")]
    SqliteUriFilename,
    #[error("the path of the `sqlite` url begins with `:`: write `:memory:`, or `./` before it")]
    SqliteColon,
    #[error("the `sqlite` url has a parameter: none is supported (a `?` in a path is `%3F`)")]
    SqliteParameter,
    #[error("the `{scheme}` url lacks `//` after `{scheme}:`")]
    NoAuthority { scheme: &'static str },
    #[error("the `{scheme}` url contains a space or control character: write it percent-encoded")]
    ControlCharacter { scheme: &'static str },
    #[error("the `{scheme}` url contains a `%` without two hexadecimal digits: write `%25`")]
    Escape { scheme: &'static str },
    #[error("the `{scheme}` url is not UTF-8 when decoded")]
    NotUtf8 { scheme: &'static str },
    #[error(
        "the `{scheme}` url contains an `@` after the host: in a name or password write `/` as \
         `%2F`, `?` as `%3F` and `@` as `%40`"
    )]
    StrayAt { scheme: &'static str },
    #[error("the `{scheme}` url contains a `#` after the host: write it as `%23`")]
    Fragment { scheme: &'static str },
    #[error("the host of the `{scheme}` url is not a host name, an address or a socket's path")]
    Host { scheme: &'static str },
    #[error("the `{scheme}` url names several hosts: give the one that takes writes")]
    SeveralHosts { scheme: &'static str },
    #[error("the port of the `{scheme}` url is not a number from 1 to 65535")]
    Port { scheme: &'static str },
    #[error("the database name of the `{scheme}` url contains a `/`: write it as `%2F`")]
    Database { scheme: &'static str },
    #[error("the `{scheme}` url has an unknown parameter `{key}`")]
    UnknownParameter {
        scheme: &'static str,
        /// The name of the parameter; `…` where it may be the end of a password.
        key: String,
        known: &'static [&'static str],
    },
    #[error("the parameter `{key}` of the `{scheme}` url is not supported")]
    UnsupportedParameter { scheme: &'static str, key: &'static str },
    #[error("the parameter `{key}` of the `{scheme}` url must be {allowed}")]
    ParameterValue { scheme: &'static str, key: &'static str, allowed: &'static str },
    #[error("the `{scheme}` url has `sslrootcert=system`, which needs `sslmode=verify-full`")]
    WeakSystemRoots { scheme: &'static str },
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
