use insta::assert_snapshot;
use serde_json::json;

use crate::support::Sandbox;

#[test]
fn a_project_is_begun_and_works_at_once() {
    let sandbox = Sandbox::empty();
    assert_snapshot!(sandbox.migrate("init"), @"
    exit 0
    --- stdout
    Creating directory versions ...  done
    Generating migrate.toml ...  done
    --- stderr
    Please edit the database's url in migrate.toml before proceeding.
    ");
    assert_eq!(sandbox.names(""), ["migrate.toml", "versions"]);
    sandbox.done("revision -m 'first step'");
    sandbox.done("upgrade");
    assert_eq!(sandbox.json("current")["pending"], 0);
}

#[test]
fn the_versions_folder_goes_where_it_is_wanted() {
    let sandbox = Sandbox::empty();
    assert_snapshot!(sandbox.migrate("init db/auth"), @"
    exit 0
    --- stdout
    Creating directory db/auth/versions ...  done
    Generating migrate.toml ...  done
    --- stderr
    Please edit the database's url in migrate.toml before proceeding.
    ");
    assert!(sandbox.read("migrate.toml").contains("versions = [\"db/auth/versions\"]\n"));
    sandbox.done("revision --rev-id a1");
    assert_eq!(sandbox.names("db/auth/versions").len(), 2);
}

#[test]
fn the_url_goes_into_the_configuration() {
    let sandbox = Sandbox::empty();
    sandbox.done("init --url sqlite:other.db");
    assert!(sandbox.read("migrate.toml").contains("\nurl = \"sqlite:other.db\"\n"));
    sandbox.done("revision --rev-id a1");
    sandbox.done("upgrade");
    assert!(sandbox.path("other.db").exists());
}

#[test]
fn the_configuration_goes_where_it_is_wanted() {
    let sandbox = Sandbox::empty();
    sandbox.write("conf/readme.txt", "");
    sandbox.done("-c conf/db.toml init");
    assert_eq!(sandbox.names("conf"), ["db.toml", "readme.txt", "versions"]);
    sandbox.done("-c conf/db.toml heads");
}

#[test]
fn nothing_is_replaced() {
    let sandbox = Sandbox::with("a1");
    assert_snapshot!(sandbox.refused("init"), @"
    exit 1
    --- stderr
    error: `migrate.toml` already exists
    hint: nothing was written; remove it first, or begin in another folder
    ");
    sandbox.remove("migrate.toml");
    assert_snapshot!(sandbox.refused("init"), @"
    exit 1
    --- stderr
    error: folder `versions` already exists and is not empty
    hint: nothing was written; remove it first, or begin in another folder
    ");
    let sandbox = Sandbox::empty();
    sandbox.write("schema.sql", "");
    assert_snapshot!(sandbox.refused("init --template jwt-auth"), @"
    exit 1
    --- stderr
    error: `schema.sql` already exists
    hint: nothing was written; remove it first, or begin in another folder
    ");
}

#[test]
fn an_unknown_template_is_refused() {
    assert_snapshot!(Sandbox::empty().refused("init -t generics"), @"
    exit 1
    --- stderr
    error: no such template: `generics`
    hint: `migrate list-templates` names them
    ");
}

#[test]
fn a_url_that_is_none_is_refused() {
    assert_snapshot!(Sandbox::empty().refused("init --url 'oracle://host/db'"), @"
    exit 1
    --- stderr
    error: the database url of --url cannot be used: the url has an unknown scheme: known are `sqlite:`, `postgres://`, `postgresql://`, `cockroachdb://`, `yugabytedb://`, `mysql://`, `mariadb://`, `tidb://`
    ");
}

#[test]
fn the_document_lists_what_was_made() {
    let document = Sandbox::empty().json("init");
    assert_eq!(document, json!({"created": ["versions", "migrate.toml"]}));
}
