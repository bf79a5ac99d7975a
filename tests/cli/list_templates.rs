use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

#[test]
fn templates_are_listed_in_alembics_words() {
    assert_snapshot!(Sandbox::empty().migrate("list-templates"), @"
    exit 0
    --- stdout
    Available templates:

    generic - A configuration and an empty versions folder.
    jwt-auth - Users, roles, refresh tokens and signing keys for JWT authentication.

    Templates are used via the 'init' command, e.g.:

      migrate init --template generic
    ");
}

#[test]
fn alembics_spelling_is_understood() {
    let sandbox = Sandbox::empty();
    assert_eq!(sandbox.migrate("list_templates"), sandbox.migrate("list-templates"));
}

#[test]
fn the_document_holds_names_and_synopses() {
    let document = Sandbox::empty().json("list-templates");
    assert_eq!(document["templates"][0]["name"], "generic");
    assert_eq!(document["templates"][1]["name"], "jwt-auth");
    assert!(document["templates"][1]["synopsis"].is_string());
    assert_eq!(document["templates"].as_array().map(Vec::len), Some(2));
    assert_ne!(document["templates"][0]["synopsis"], json!(""));
}
