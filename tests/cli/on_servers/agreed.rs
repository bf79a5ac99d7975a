//! Schemas that agreed aren't loaded again on the same day, as long as nothing has changed on which
//! the answer depends. What differs is found each time.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use servers::Postgres;

use crate::on_servers::{Kind, Remote};

/// A project whose database has its schema, on a server that logs statements.
struct Checked {
    remote: Remote,
    server: Postgres,
}

impl Checked {
    fn new() -> Option<Self> {
        let server = Postgres::start_with(&["log_statement=all"])?;
        let mut remote = Remote::of(Kind::Postgres, server.database());
        let up = include_str!("../../schemas/postgres/shop.sql");
        remote.revision("a1<", up, "SELECT 1;");
        remote.write("schema.sql", up);
        let cache = remote.path("cache").to_str().unwrap().to_owned();
        remote.sandbox.set("XDG_CACHE_HOME", &cache);
        remote.done("upgrade");
        Some(Self { remote, server })
    }

    /// Runs a check; returns its exit code, and whether it has made scratch databases.
    fn check(&self, options: &str) -> (i32, bool) {
        let before = self.server.log().len();
        let code = self.remote.run(&format!("check {options}")).code;
        (code, self.server.log()[before..].contains("CREATE DATABASE migrate_scratch_"))
    }

    fn execute(&self, sql: &str) {
        self.remote.database.execute(sql);
    }
}

const ANEW: (i32, bool) = (0, true);
const KNOWN: (i32, bool) = (0, false);
const DIFFERS: (i32, bool) = (3, true);

#[test]
fn what_agreed_and_has_not_changed_is_not_loaded_again() {
    let Some(it) = Checked::new() else { return };
    assert_eq!(it.check(""), ANEW);
    assert_eq!(it.check(""), KNOWN);
    assert_eq!(it.check("--json"), KNOWN);
    it.execute("INSERT INTO category (name) VALUES ('books'); ANALYZE");
    assert_eq!(it.check(""), KNOWN, "rows are no part of a schema");
    assert_eq!(it.check("--no-cache"), ANEW);
    let first = it.remote.migrate("check --no-cache");
    assert_eq!(it.remote.migrate("check"), first);
}

#[test]
fn what_has_changed_is_compared() {
    let Some(it) = Checked::new() else { return };
    let schema = it.remote.read("schema.sql");
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));

    it.remote.write("schema.sql", format!("{schema}-- A comment.\n"));
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));

    it.remote.write("schema.sql", format!("{schema}CREATE TABLE more (a int);\n"));
    assert_eq!((it.check(""), it.check("")), (DIFFERS, DIFFERS));
    it.remote.write("schema.sql", &schema);
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));

    it.execute("ALTER TABLE category ADD by_hand int");
    assert_eq!((it.check(""), it.check("")), (DIFFERS, DIFFERS));
    // In the revisions too, the two changes are one that no revision makes.
    it.remote.write("schema.sql", format!("{schema}ALTER TABLE category ADD by_hand int;\n"));
    assert_eq!((it.check(""), it.check("")), (DIFFERS, DIFFERS));
    it.execute("ALTER TABLE category DROP by_hand");
    it.remote.write("schema.sql", &schema);
    assert_eq!((it.check(""), it.check("")), (KNOWN, KNOWN));

    it.execute("COMMENT ON TABLE category IS 'kinds of things'");
    assert_eq!(it.check(""), DIFFERS);
    it.execute("COMMENT ON TABLE category IS NULL");
    it.remote.database.execute_as_admin("CREATE ROLE newcomer");
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN), "a script may ask for roles");

    let name = it.remote.database.name();
    let set = format!("ALTER DATABASE {name} SET app.mode = 'strict'");
    it.remote.database.execute_as_admin(&set);
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN), "or for settings of any name");

    it.remote.revision("b2<a1", "SELECT 1;", "SELECT 1;");
    assert_eq!(it.check("").0, 3, "the revision is pending");
    it.remote.done("upgrade");
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));
}

#[test]
fn a_link_or_a_pipe_in_place_of_the_memory_is_not_followed() {
    let Some(it) = Checked::new() else { return };
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));
    let folder = it.remote.path("cache").join("migrate").join("agreed");
    let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    it.remote.write("precious", "mine");
    fs::remove_file(&file).unwrap();
    symlink(it.remote.path("precious"), &file).unwrap();
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));
    assert_eq!(it.remote.read("precious"), "mine");
    fs::remove_file(&file).unwrap();
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_eq!((it.check(""), it.check("")), (ANEW, KNOWN));
}
