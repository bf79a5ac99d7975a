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
    Edit the database's url in migrate.toml before proceeding.
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
    Edit the database's url in migrate.toml before proceeding.
    ");
    assert!(sandbox.read("migrate.toml").contains("versions = [\"db/auth/versions\"]\n"));
    sandbox.done("revision --rev-id a1");
    assert_eq!(sandbox.names("db/auth/versions").len(), 2);
}

#[test]
fn the_url_goes_into_the_configuration() {
    let sandbox = Sandbox::empty();
    assert_snapshot!(sandbox.migrate("init --url sqlite:other.db"), @r#"
    exit 0
    --- stdout
    Creating directory versions ...  done
    Generating migrate.toml ...  done
    --- stderr
    Next, `migrate revision -m "MESSAGE"` writes the first revision.
    "#);
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
    assert_snapshot!(sandbox.refused("init"), @r#"
    exit 1
    --- stderr
    error: folder `versions` already exists and is not empty
    hint: nothing was written; its scripts need a `migrate.toml` beside the folder and nothing else: `[migrate]`, and `url = "…"` below it
    "#);
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
    hint: did you mean `generic`? `migrate list-templates` names them
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
fn a_servers_url_goes_into_the_configuration_as_it_is() {
    let url = "postgres://app@db:5433/shop?sslmode=require";
    for template in ["generic", "jwt-auth"] {
        let sandbox = Sandbox::empty();
        sandbox.done(&format!("init -t {template} --url {url}"));
        let line = format!("\nurl = \"{url}\"\n");
        assert!(sandbox.read("migrate.toml").contains(&line), "{template}");
        sandbox.done("heads");
    }
}

#[test]
fn a_servers_password_is_left_out_of_the_configuration() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run("init --url mysql://app:s3cr3t@db/shop");
    assert_snapshot!(run.text(), @r#"
    exit 0
    --- stdout
    Creating directory versions ...  done
    Generating migrate.toml ...  done
    --- stderr
    Next, `migrate revision -m "MESSAGE"` writes the first revision.
    warning: the password was left out of migrate.toml: set DATABASE_PASSWORD, here or in a `.env` beside it
    "#);
    let line = "\nurl = \"mysql://app:${DATABASE_PASSWORD}@db/shop\"\n";
    assert!(sandbox.read("migrate.toml").contains(line));
    sandbox.done("heads");
}

#[test]
fn no_file_of_a_template_holds_the_password() {
    for template in ["generic", "jwt-auth"] {
        let sandbox = Sandbox::empty();
        let run = sandbox.run(&format!(
            "--json init -t {template} --url postgres://app@db/shop?password=s3cr3t"
        ));
        assert_eq!((run.code, run.text().contains("s3cr3t")), (0, false), "{}", run.text());
        for (path, (bytes, _)) in sandbox.files() {
            assert!(!bytes.windows(6).any(|it| it == b"s3cr3t"), "{}", path.display());
        }
    }
}

#[test]
fn a_placeholder_for_the_password_stays() {
    let sandbox = Sandbox::empty();
    let run = sandbox.run("init --url mysql://app:${PW}@db/shop");
    assert!(!run.stderr.contains("warning"), "{}", run.text());
    assert!(sandbox.read("migrate.toml").contains("\nurl = \"mysql://app:${PW}@db/shop\"\n"));
}

#[test]
fn the_document_lists_what_was_made() {
    let document = Sandbox::empty().json("init");
    assert_eq!(document, json!({"created": ["versions", "migrate.toml"]}));
}

#[test]
fn beside_scripts_of_another_tool_nobody_is_told_to_remove_them() {
    let sandbox = Sandbox::empty();
    sandbox.write("versions/V1__a.sql", "");
    assert_snapshot!(sandbox.refused("init"), @"
    exit 1
    --- stderr
    error: folder `versions` already exists and is not empty
    hint: nothing was written; leave the scripts of Flyway where they are, and put the new ones elsewhere, e.g. with `migrate init db`; the README describes how to move from other tools
    ");
    assert_eq!(sandbox.json("init")["error"]["file"], "versions");
    sandbox.done("init db");
    let sandbox = Sandbox::with("a1");
    sandbox.remove("migrate.toml");
    assert_snapshot!(sandbox.refused("init"), @r#"
    exit 1
    --- stderr
    error: folder `versions` already exists and is not empty
    hint: nothing was written; its scripts need a `migrate.toml` beside the folder and nothing else: `[migrate]`, and `url = "…"` below it
    "#);
}

#[test]
fn a_folder_of_hidden_files_is_empty_enough() {
    let sandbox = Sandbox::empty();
    sandbox.write("versions/.gitkeep", "");
    sandbox.done("init");
}
