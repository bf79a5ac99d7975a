//! The parameters of MySQL's and MariaDB's URLs: the options of their clients, in any case, with
//! `-` or `_`.

use crate::url::UrlError;
use crate::url::settings::{Draft, Parameter, TlsMode};

/// Every parameter by its normalized name. Those for a part of the URL are handled already.
pub(crate) const PARAMETERS: &[&str] = &[
    "charset",
    "connect-timeout",
    "ssl-ca",
    "ssl-capath",
    "ssl-cert",
    "ssl-cipher",
    "ssl-crl",
    "ssl-crlpath",
    "ssl-key",
    "ssl-mode",
    "sslmode",
    "tls-version",
];

/// The parameters that are paths of files.
pub(crate) const PATHS: &[&str] = &["ssl-ca", "ssl-cert", "ssl-crl", "ssl-key"];

/// The modes of MySQL's client, and of libpq where they differ.
const MODES: &[(&str, TlsMode)] = &[
    ("disabled", TlsMode::Disable),
    ("disable", TlsMode::Disable),
    ("preferred", TlsMode::Prefer),
    ("prefer", TlsMode::Prefer),
    ("required", TlsMode::Require),
    ("require", TlsMode::Require),
    ("verify-ca", TlsMode::VerifyCa),
    ("verify-identity", TlsMode::VerifyFull),
    ("verify-full", TlsMode::VerifyFull),
];

pub(crate) fn read(parameter: Parameter<'_>, draft: &mut Draft) -> Result<(), UrlError> {
    match parameter.name {
        "ssl-mode" | "sslmode" => {
            let allowed = "`disabled`, `preferred`, `required`, `verify_ca` or `verify_identity`";
            draft.tls = Some(parameter.word(MODES, allowed)?);
        }
        "ssl-ca" => draft.settings.root_cert = parameter.path(),
        "ssl-crl" => draft.settings.revoked = parameter.path(),
        "ssl-cert" => draft.settings.client_cert = parameter.path(),
        "ssl-key" => draft.settings.client_key = parameter.path(),
        "connect-timeout" => draft.settings.connect_timeout = parameter.seconds()?,
        // Scripts are UTF-8, and `utf8` is a part of it only.
        "charset" => parameter.word(&[("utf8mb4", ())], "`utf8mb4`")?,
        _ => return Err(parameter.unsupported()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::testing::{files, refused, settings_of, tls};

    #[test]
    fn every_mode_has_its_meaning_in_any_case() {
        for (query, expected, is_explicit) in [
            ("", TlsMode::Prefer, false),
            ("ssl-mode=DISABLED", TlsMode::Disable, true),
            ("ssl_mode=preferred", TlsMode::Prefer, true),
            ("SSL-MODE=Required", TlsMode::Require, true),
            ("ssl-mode=verify_ca", TlsMode::VerifyCa, true),
            ("ssl-mode=VERIFY-IDENTITY", TlsMode::VerifyFull, true),
            ("sslmode=verify-full", TlsMode::VerifyFull, true),
            ("sslmode=disable", TlsMode::Disable, true),
            ("ssl-ca=/ca.pem", TlsMode::VerifyCa, false),
            ("ssl_ca=/ca.pem&ssl-mode=required", TlsMode::VerifyCa, true),
            ("ssl-ca=/ca.pem&ssl-mode=preferred", TlsMode::Prefer, true),
        ] {
            assert_eq!(tls("mysql", query), (expected, is_explicit), "{query}");
        }
    }

    #[test]
    fn every_setting_is_read() {
        let query = "ssl-ca=/ca&ssl_cert=/c&ssl-key=/k&connect_timeout=5&charset=UTF8MB4";
        let settings = settings_of("mysql", query).unwrap();
        assert_eq!(files(&settings), ["/ca", "/c", "/k"]);
        assert_eq!(settings.connect_timeout.map(|it| it.as_secs()), Some(5));
    }

    #[test]
    fn what_can_not_be_is_told_by_the_name_alone() {
        let modes = "the parameter `ssl-mode` of the `mysql` url must be `disabled`, `preferred`, \
                     `required`, `verify_ca` or `verify_identity`";
        refused("mysql", "ssl-mode=s3cr3t", modes);
        let charset = "the parameter `charset` of the `mysql` url must be `utf8mb4`";
        refused("mysql", "charset=latin1", charset);
        let lists = "the parameter `ssl-crlpath` of the `mysql` url is not supported";
        refused("mysql", "ssl-crlpath=s3cr3t", lists);
        for (query, name) in [("useSSL=s3cr3t", "useSSL"), ("password=a&s3cr3t=b", "…")] {
            let message = format!("the `mysql` url has an unknown parameter `{name}`");
            refused("mysql", query, &message);
        }
    }
}
