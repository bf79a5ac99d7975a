//! Whatever a migrate.toml, a database's URL or a variable of its client says, it is read or
//! refused.

use std::time::Duration;

use limbeck::config::{Config, Environment, Overrides};
use limbeck::url::{DatabaseUrl, Family};
use proptest::prelude::*;

use crate::cases;
use crate::typed::any_text;

/// Pieces that a configuration is made of, in any order.
const PIECES: [&str; 38] = [
    "[migrate]",
    "[env.x]",
    "[env.",
    "[variables]",
    "[autogenerate]",
    "[[hooks.post_write]]",
    "\n",
    "\n",
    "\n",
    " = ",
    "=",
    "url",
    "versions",
    "schema",
    "version_table",
    "file_template",
    "transaction",
    "lock_timeout",
    "statement_timeout",
    "lock",
    "[pg]",
    "pg.",
    "mysql.",
    "\"10min\"",
    "command",
    "protected",
    "true",
    "1",
    "-0.5",
    "\"sqlite:a.db\"",
    "\"${HOME}\"",
    "\"${X:-y}\"",
    "'''",
    "\"",
    "[",
    "]",
    "{",
    "}",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned),
        1 => any_text(),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Reads a configuration, and everything that is read only when it is asked for.
fn read(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("migrate.toml"), text).unwrap();
    let variables = [("HOME".to_owned(), "/h".to_owned())];
    let environment = Environment::new(folder.path(), variables);
    for name in [None, Some("x".to_owned())] {
        let overrides = Overrides { environment: name, ..Overrides::default() };
        match Config::load(&overrides, &environment) {
            Ok(config) => {
                let _asked = (config.url().is_ok(), config.scratch().is_ok());
                for family in [Family::Sqlite, Family::Postgres, Family::Mysql] {
                    let timeouts = config.timeouts(family);
                    assert!(![timeouts.lock, timeouts.statement].contains(&Some(Duration::ZERO)));
                }
                let _filled = config.variables();
            }
            Err(error) => {
                if let Some(place) = error.place() {
                    assert!(place.line >= 1 && place.line <= text.lines().count() + 1);
                }
                assert!(!error.to_string().is_empty());
            }
        }
    }
}

/// Names of parameters, and what is nearly one.
const NAMES: [&str; 16] = [
    "sslmode",
    "ssl-mode",
    "SSL_MODE",
    "sslrootcert",
    "ssl-ca",
    "sslkey",
    "sslpassword",
    "password",
    "hostaddr",
    "host",
    "socket",
    "connect_timeout",
    "options",
    "charset",
    "target_session_attrs",
    "x",
];

/// Variables of the clients.
const VARIABLES: [&str; 12] = [
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGCONNECT_TIMEOUT",
    "PGOPTIONS",
    "MYSQL_HOST",
    "MYSQL_TCP_PORT",
    "MYSQL_UNIX_PORT",
];

/// Asks for a URL and its settings, and returns all that is shown of them.
fn shown(url: &str, variables: &[(&str, String)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("migrate.toml"), "").unwrap();
    let variables = variables.iter().map(|(name, value)| (*name, value));
    let environment = Environment::new(folder.path(), variables);
    let overrides = Overrides { url: Some(url.to_owned()), ..Overrides::default() };
    let config = Config::load(&overrides, &environment).unwrap();
    match config.url() {
        Ok(url @ DatabaseUrl::Server(server)) => {
            // What was accepted at first is never found wanting later.
            format!("{url} {url:?} {:?}", server.settings().map(|_| ()).unwrap())
        }
        Ok(DatabaseUrl::Sqlite(_)) => panic!("{url}"),
        Err(error) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            format!("{error} {error:?} {source:?} {:?}", error.hint())
        }
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_configuration_is_read_or_refused(text in prop_oneof![soup(), any_text()]) {
        read(&text);
    }

    #[test]
    fn any_text_is_a_url_or_none(text in any_text(), scheme in prop::sample::select(vec![
        "", "sqlite:", "postgres://", "mysql://u:", "postgresql://u:p@", "tidb://[", "mysql://%",
    ])) {
        if let Ok(url) = DatabaseUrl::parse(&format!("{scheme}{text}")) {
            let shown = url.to_string();
            prop_assert!(DatabaseUrl::parse(&shown).is_ok(), "{shown}");
        }
    }

    #[test]
    fn no_value_of_a_parameter_is_ever_shown(
        scheme in prop::sample::select(vec!["postgres", "mysql", "tidb", "cockroachdb"]),
        names in prop::collection::vec(prop::sample::select(&NAMES[..]), 0..4),
        value in "[a-z%&=,/.-]{0,3}",
    ) {
        // The end of a value may look like the next parameter, but that one's name is no secret
        // unless it follows a password.
        let is_password = names.iter().all(|name| name.ends_with("password"));
        let value = if is_password { value } else { value.replace('&', "") };
        let of = |name: &&str| match *name {
            // Where a server is may be shown.
            "host" | "hostaddr" | "socket" => format!("{name}={value}"),
            _ => format!("{name}={value}s3cr3t"),
        };
        let query: Vec<String> = names.iter().map(of).collect();
        let text = shown(&format!("{scheme}://u:s3cr3t@h/d?{}", query.join("&")), &[]);
        prop_assert!(!text.contains("s3cr3t"), "{text}");
    }

    #[test]
    fn any_variable_of_a_client_is_read_or_refused(
        scheme in prop::sample::select(vec!["postgres", "mysql", "tidb", "cockroachdb"]),
        variables in prop::collection::vec(
            (prop::sample::select(&VARIABLES[..]), prop_oneof![any_text(), "[a-z0-9./:]{0,9}"]),
            0..5,
        ),
    ) {
        let variables: Vec<_> =
            variables.into_iter().filter(|(_, value)| !value.contains('\0')).collect();
        let text = shown(&format!("{scheme}://"), &variables);
        prop_assert!(!text.is_empty());
    }
}
