//! Whatever a migrate.toml or a database's URL says, it is read or refused.

use limbeck::config::{Config, Environment, Overrides};
use limbeck::url::DatabaseUrl;
use proptest::prelude::*;

use crate::cases;
use crate::typed::any_text;

/// Pieces that a configuration is made of, in any order.
const PIECES: [&str; 32] = [
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
}
