//! The parameters of PostgreSQL's URLs: libpq's, section "Parameter Key Words".

use crate::url::UrlError;
use crate::url::settings::{ChannelBinding, Draft, Parameter, TlsMode};
use crate::words::words;

/// All of libpq's parameters that users may have in a URL.
pub(crate) const PARAMETERS: &[&str] = words![
    application_name channel_binding client_encoding connect_timeout fallback_application_name
    gssdelegation gssencmode gsslib hostaddr keepalives keepalives_count keepalives_idle
    keepalives_interval krbsrvname load_balance_hosts options passfile replication require_auth
    requirepeer service ssl ssl_max_protocol_version ssl_min_protocol_version sslcert sslcertmode
    sslcompression sslcrl sslcrldir sslkey sslmode sslnegotiation sslpassword sslrootcert sslsni
    target_session_attrs tcp_user_timeout
];

/// The parameters that are paths of files.
pub(crate) const PATHS: &[&str] = &["passfile", "sslcert", "sslcrl", "sslkey", "sslrootcert"];

/// The word of `sslrootcert` for the system's authorities.
pub(crate) const SYSTEM: &str = "system";

const MODES: &[(&str, TlsMode)] = &[
    ("disable", TlsMode::Disable),
    // A connection in clear text that becomes one by TLS only where the server insists keeps
    // nothing safe that `prefer` doesn't.
    ("allow", TlsMode::Prefer),
    ("prefer", TlsMode::Prefer),
    ("require", TlsMode::Require),
    ("verify-ca", TlsMode::VerifyCa),
    ("verify-full", TlsMode::VerifyFull),
];

const BINDINGS: &[(&str, ChannelBinding)] = &[
    ("disable", ChannelBinding::Disable),
    ("prefer", ChannelBinding::Prefer),
    ("require", ChannelBinding::Require),
];

pub(crate) fn read(parameter: Parameter<'_>, draft: &mut Draft) -> Result<(), UrlError> {
    match parameter.name {
        "sslmode" => {
            let allowed = "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`";
            draft.tls = Some(parameter.word(MODES, allowed)?);
        }
        // Parameters of JDBC's URLs that libpq understands.
        "ssl" => draft.tls = Some(parameter.word(&[("true", TlsMode::Require)], "`true`")?),
        "sslrootcert" => {
            draft.system_roots = parameter.value == SYSTEM;
            draft.settings.root_cert = if draft.system_roots { None } else { parameter.path() };
        }
        "sslcrl" => draft.settings.revoked = parameter.path(),
        "sslcert" => draft.settings.client_cert = parameter.path(),
        "sslkey" => draft.settings.client_key = parameter.path(),
        "connect_timeout" => draft.settings.connect_timeout = parameter.seconds()?,
        "hostaddr" => {
            let address = parameter.value.parse();
            draft.settings.host_address =
                Some(address.map_err(|_| parameter.refused("an IP address"))?);
        }
        "options" => draft.settings.options = parameter.text(),
        "application_name" => draft.settings.application_name = parameter.text(),
        "fallback_application_name" => draft.fallback_application_name = parameter.text(),
        "channel_binding" => {
            let allowed = "`disable`, `prefer` or `require`";
            draft.settings.channel_binding = parameter.word(BINDINGS, allowed)?;
        }
        _ => return check(parameter),
    }
    Ok(())
}

/// Accepts a value that asks for nothing, or for the standard behavior.
fn check(parameter: Parameter<'_>) -> Result<(), UrlError> {
    let one_of = |words: &[&str], allowed| {
        let words: Vec<_> = words.iter().map(|word| (*word, ())).collect();
        parameter.word(&words, allowed)
    };
    match parameter.name {
        // The password file matters only without a password.
        "passfile" | "krbsrvname" | "gsslib" => Ok(()),
        "target_session_attrs" => one_of(&["any", "read-write"], "`any` or `read-write`"),
        "client_encoding" => one_of(&["utf8", "utf-8", "unicode", "auto"], "`UTF8`"),
        "gssencmode" => one_of(&["disable", "prefer"], "`disable` or `prefer`"),
        "gssdelegation" => one_of(&["0"], "`0`"),
        "sslcertmode" => one_of(&["allow"], "`allow`"),
        "sslnegotiation" => one_of(&["postgres"], "`postgres`"),
        "ssl_min_protocol_version" => {
            one_of(&["tlsv1", "tlsv1.1", "tlsv1.2"], "`TLSv1`, `TLSv1.1` or `TLSv1.2`")
        }
        "ssl_max_protocol_version" => one_of(&["tlsv1.3"], "`TLSv1.3`"),
        "load_balance_hosts" => one_of(&["disable", "random"], "`disable` or `random`"),
        "keepalives" | "sslcompression" | "sslsni" => one_of(&["0", "1"], "`0` or `1`"),
        "keepalives_count" | "keepalives_idle" | "keepalives_interval" | "tcp_user_timeout" => {
            parameter.number("a whole number").map(|_| ())
        }
        // replication, require_auth, requirepeer, service, sslcrldir, sslpassword: they are not
        // supported, and ignoring them would make another connection.
        _ => Err(parameter.unsupported()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::url::testing::{files, refused, settings_of, tls};

    #[test]
    fn every_mode_has_its_meaning() {
        for (query, expected, is_explicit) in [
            ("", TlsMode::Prefer, false),
            ("sslmode=", TlsMode::Prefer, false),
            ("sslmode=disable", TlsMode::Disable, true),
            ("sslmode=allow", TlsMode::Prefer, true),
            ("sslmode=prefer", TlsMode::Prefer, true),
            ("sslmode=require", TlsMode::Require, true),
            ("sslmode=disable&sslmode=require", TlsMode::Require, true),
            ("ssl=true", TlsMode::Require, true),
            ("sslmode=verify-ca", TlsMode::VerifyCa, true),
            ("sslmode=verify-full", TlsMode::VerifyFull, true),
            ("sslrootcert=/ca.pem", TlsMode::Prefer, false),
            ("sslrootcert=/ca.pem&sslmode=require", TlsMode::VerifyCa, true),
            ("sslrootcert=/ca.pem&sslmode=verify-full", TlsMode::VerifyFull, true),
            ("sslrootcert=system", TlsMode::VerifyFull, true),
            ("sslrootcert=system&sslmode=verify-full", TlsMode::VerifyFull, true),
        ] {
            assert_eq!(tls("postgres", query), (expected, is_explicit), "{query}");
        }
    }

    #[test]
    fn every_setting_is_read_as_libpq_does() {
        let query = "sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem&connect_timeout=10&\
                     options=-c%20search_path%3Dapp&application_name=deploy&hostaddr=::1&\
                     channel_binding=require&passfile=/p";
        let settings = settings_of("postgres", query).unwrap();
        assert_eq!(files(&settings), ["/ca.pem", "/c.pem", "/k.pem"]);
        assert_eq!(settings.connect_timeout.map(|it| it.as_secs()), Some(10));
        assert_eq!(settings.options.as_deref(), Some("-c search_path=app"));
        assert_eq!(settings.application_name.as_deref(), Some("deploy"));
        assert_eq!(settings.host_address, "::1".parse().ok());
        assert_eq!(settings.channel_binding, ChannelBinding::Require);
        let query = "connect_timeout=0&fallback_application_name=x";
        let settings = settings_of("postgres", query).unwrap();
        assert_eq!(settings.connect_timeout, None);
        assert_eq!(settings.application_name.as_deref(), Some("x"));
    }

    #[test]
    fn what_asks_for_nothing_is_let_pass() {
        for query in [
            "target_session_attrs=any",
            "target_session_attrs=read-write",
            "gssencmode=disable&krbsrvname=postgres",
            "client_encoding=UTF8",
            "sslcompression=0&sslsni=1&ssl_min_protocol_version=TLSv1.2",
            "keepalives=1&keepalives_idle=30&tcp_user_timeout=0",
            "load_balance_hosts=disable",
        ] {
            assert!(settings_of("postgres", query).is_ok(), "{query}");
        }
    }

    #[test]
    fn what_can_not_be_or_would_be_another_connection_is_told_by_the_name_alone() {
        let modes = "`disable`, `allow`, `prefer`, `require`, `verify-ca` or `verify-full`";
        for (name, value, allowed) in [
            ("target_session_attrs", "standby", "`any` or `read-write`"),
            ("gssencmode", "require", "`disable` or `prefer`"),
            ("sslmode", "s3cr3t", modes),
            ("connect_timeout", "10s", "a whole number of seconds"),
            ("connect_timeout", "-1", "a whole number of seconds"),
            ("connect_timeout", "+1", "a whole number of seconds"),
            ("connect_timeout", "s3cr3t", "a whole number of seconds"),
            ("connect_timeout", "99999999999", "a whole number of seconds"),
            ("hostaddr", "db.example", "an IP address"),
            ("ssl", "s3cr3t", "`true`"),
        ] {
            let message = format!("the parameter `{name}` of the `postgres` url must be {allowed}");
            refused("postgres", &format!("{name}={value}"), &message);
        }
        for name in ["sslcrldir", "sslpassword", "service", "require_auth", "requirepeer"] {
            let message = format!("the parameter `{name}` of the `postgres` url is not supported");
            refused("postgres", &format!("{name}=s3cr3t"), &message);
        }
        let system =
            "the `postgres` url has `sslrootcert=system`, which needs `sslmode=verify-full`";
        refused("postgres", "sslrootcert=system&sslmode=require", system);
    }

    /// A password with a bare `&` in it ends where the next parameter seems to begin, so that its
    /// end is not told.
    #[test]
    fn an_unknown_parameter_is_told_by_its_name_if_that_is_no_end_of_a_password() {
        for (query, name) in [
            ("sslmod=s3cr3t", "sslmod"),
            ("ssl-mode=", "ssl-mode"),
            ("SSLMODE=disable", "SSLMODE"),
            ("password=a&s3cr3t=x", "…"),
            ("sslpassword=&s3cr3t=x", "…"),
            ("user=u&password=&s3cr3t=", "…"),
        ] {
            let message = format!("the `postgres` url has an unknown parameter `{name}`");
            refused("postgres", query, &message);
        }
    }
}
