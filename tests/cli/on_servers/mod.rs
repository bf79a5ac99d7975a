//! The program on real servers: what users of PostgreSQL and MariaDB see.
//!
//! Each test has a database of its own on the servers that the tests of this process share.

mod adopted;
mod agreed;
mod backfills;
mod blame;
mod commands;
mod diagram;
mod errors;
mod filled;
mod lasting;
mod login;
mod many;
mod moved;
mod mysql;
mod notes;
mod oceanbase;
mod offline;
mod offline_failures;
mod online;
mod postgres;
mod privileges;
mod reach;
mod rehearsal;
mod resume;
mod scratch;
mod scratch_mysql;
mod sql;
mod timeouts;
mod together;
mod trips;
mod untouched;

use std::ops::Deref;

use serde_json::Value;
use servers::Database;

use crate::support::Sandbox;

/// A kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
}

/// A project whose database is on a server.
pub(crate) struct Remote {
    pub(crate) kind: Kind,
    pub(crate) sandbox: Sandbox,
    pub(crate) database: Database,
}

/// Runs a check on a project on each kind of server.
pub(crate) fn each(mut check: impl FnMut(&mut Remote)) {
    for kind in [Kind::Postgres, Kind::Mariadb] {
        if let Some(mut remote) = Remote::new(kind) {
            check(&mut remote);
        }
    }
}

/// Makes a project on PostgreSQL, unless that is left out on demand.
pub(crate) fn on_postgres() -> Option<Remote> {
    Remote::new(Kind::Postgres)
}

/// Makes a project on MariaDB, unless that is left out on demand.
pub(crate) fn on_mariadb() -> Option<Remote> {
    Remote::new(Kind::Mariadb)
}

/// Makes a project on `OceanBase`, which is asked as MariaDB is, unless that is left out on demand.
pub(crate) fn on_oceanbase() -> Option<Remote> {
    Some(Remote::of(Kind::Mariadb, servers::oceanbase()?.database()))
}

/// Makes a second database beside that of the project.
pub(crate) fn another(kind: Kind) -> Database {
    match kind {
        Kind::Postgres => servers::postgres().unwrap().database(),
        Kind::Mariadb => servers::mariadb().unwrap().database(),
    }
}

impl Remote {
    fn new(kind: Kind) -> Option<Self> {
        let database = match kind {
            Kind::Postgres => servers::postgres()?.database(),
            Kind::Mariadb => servers::mariadb()?.database(),
        };
        Some(Self::of(kind, database))
    }

    fn of(kind: Kind, database: Database) -> Self {
        let remote = Self { kind, sandbox: Sandbox::new(), database };
        remote.configure(&remote.database.url(), "");
        remote
    }

    /// Writes the configuration: the URL, and further lines of `[migrate]`.
    pub(crate) fn configure(&self, url: &str, lines: &str) {
        self.write("migrate.toml", format!("[migrate]\nurl = '{url}'\n{lines}\n"));
    }

    /// Returns the applied revisions in their order.
    pub(crate) fn applied(&self) -> String {
        self.database.query("SELECT revision FROM migrate_version ORDER BY position").join(" ")
    }

    /// Returns what is in the database beside our tables, by name.
    pub(crate) fn objects(&self) -> String {
        let query = match self.kind {
            Kind::Postgres => {
                "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace \
                 WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') \
                 AND relkind IN ('r', 'v', 'm', 'S', 'p') AND relname NOT LIKE 'migrate_version%' \
                 UNION SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace \
                 WHERE nspname NOT IN ('pg_catalog', 'information_schema') \
                 UNION SELECT typname FROM pg_type WHERE typtype = 'e' ORDER BY 1"
            }
            Kind::Mariadb => {
                "SELECT table_name FROM information_schema.tables \
                 WHERE table_schema = database() AND table_name NOT LIKE 'migrate_version%' \
                 UNION SELECT routine_name FROM information_schema.routines \
                 WHERE routine_schema = database() \
                 UNION SELECT trigger_name FROM information_schema.triggers \
                 WHERE trigger_schema = database() \
                 UNION SELECT event_name FROM information_schema.events \
                 WHERE event_schema = database() ORDER BY 1"
            }
        };
        self.database.query(query).join(" ")
    }

    /// Returns the error of a run that must fail with 1.
    pub(crate) fn error(&self, arguments: &str) -> Value {
        let run = self.run(&format!("--json {arguments}"));
        assert_eq!(run.code, 1, "{arguments}: {}", run.text());
        let document: Value = serde_json::from_str(&run.stdout).unwrap();
        document["error"].clone()
    }
}

impl Deref for Remote {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

/// Fails unless a text holds all parts.
#[track_caller]
pub(crate) fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "`{part}` is not in:\n{text}");
    }
}
