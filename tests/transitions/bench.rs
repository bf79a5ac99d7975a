//! Databases that statements are tried on, looked at by the clients of their engine and its dumps.

use std::collections::BTreeMap;
use std::sync::Once;
use std::time::Duration;

use limbeck::autogenerate::{Scratch, scratch_on};
use limbeck::catalog::Catalog;
use limbeck::database::{Access, Connection, Options};
use limbeck::inspect::{Scope, read};
use limbeck::sql::Dialect;
use limbeck::url::DatabaseUrl;
use servers::{Database, Mariadb, Postgres};

use crate::mysql;

/// A server that databases are made on.
#[derive(Clone, Copy)]
pub(crate) enum Server {
    Postgres(&'static Postgres),
    MySql(&'static Mariadb),
}

impl Server {
    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }

    /// Makes a database of the superuser: what the server offers is tried, not what an application may do.
    pub(crate) fn database(self) -> Database {
        match self {
            Self::Postgres(server) => server.database().of_admin(),
            Self::MySql(server) => server.database().of_admin(),
        }
    }
}

/// A database of a server.
pub(crate) struct Bench {
    dialect: Dialect,
    database: Database,
    connection: Box<dyn Connection>,
    pub(crate) rights: Rights,
}

/// Whether owners and privileges are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rights {
    Told,
    Untold,
}

/// The roles of cases about rights.
const ROLES: &str = "CREATE ROLE reader; CREATE ROLE writer; CREATE ROLE \"Keeper\"";

impl Bench {
    /// Makes an empty database.
    pub(crate) fn new(server: Server, rights: Rights) -> Self {
        static MADE: Once = Once::new();
        let (dialect, database) = (server.dialect(), server.database());
        if rights == Rights::Told {
            MADE.call_once(|| database.execute(ROLES));
        }
        let connected = limbeck::database::connect(&url(&database), &options());
        Self { dialect, database, connection: connected.unwrap().unwrap(), rights }
    }

    /// Makes a database with a schema, as the server's client understands it.
    pub(crate) fn of(server: Server, schema: &str, rights: Rights) -> Result<Self, String> {
        let res = Self::new(server, rights);
        res.database.try_query(schema).map(|_| res)
    }

    /// Makes scratch databases as the program does for this one.
    pub(crate) fn scratch(&self) -> Box<dyn Scratch> {
        let mut res = scratch_on(&url(&self.database), None, &options()).unwrap();
        if self.rights == Rights::Told {
            res.compare_rights();
        }
        res
    }

    /// Runs a script in a transaction, where one holds it together.
    pub(crate) fn run(&self, script: &str) -> Result<(), String> {
        if self.dialect == Dialect::MySql {
            return mysql::run(&self.database, script);
        }
        let text = format!("BEGIN;\n{script}\nCOMMIT;\n");
        self.database.try_query(&text).map(|_| ())
    }

    /// Runs each statement of a script alone.
    pub(crate) fn run_apart(&self, script: &str) -> Result<(), String> {
        self.database.try_query(script).map(|_| ())
    }

    /// Reads what the library sees.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, String> {
        let scope = match self.rights {
            Rights::Told => Scope::WithRights(None),
            Rights::Untold => Scope::Compared(None),
        };
        read(&mut *self.connection, scope).map_err(|error| error.to_string())
    }

    /// Asks `pg_dump` for the schema, without what makes no difference: the order of columns, and
    /// the names of identities' sequences, and those of partitions' indexes. MySQL's is asked by its own.
    pub(crate) fn witness(&self) -> Vec<String> {
        if self.dialect == Dialect::MySql {
            return mysql::witness(&self.database);
        }
        let without: &[&str] = match self.rights {
            Rights::Told => &["--schema-only"],
            Rights::Untold => &["--schema-only", "--no-owner", "--no-privileges"],
        };
        let text = self.database.pg_dump(without);
        let mut res: Vec<String> = objects(&text).map(settled).collect();
        of_partitions(&mut res);
        res.sort();
        res
    }
}

/// Names the indexes of partitions after those of the tables above them: the names that the server gives
/// them tell the order in which these were made, and what columns were called then.
fn of_partitions(objects: &mut Vec<String>) {
    let own = |name: &str| name.split_once('.').map_or(name, |it| it.1).to_owned();
    let attached = |object: &String| {
        let (above, below) =
            object.strip_prefix("ALTER INDEX ")?.split_once(" ATTACH PARTITION ")?;
        Some((own(below.trim_end_matches(';')), own(above)))
    };
    let above: BTreeMap<String, String> = objects.iter().filter_map(attached).collect();
    objects.retain(|it| attached(it).is_none());
    for (name, parent) in &above {
        let mut top = parent;
        while let Some(next) = above.get(top) {
            top = next;
        }
        for object in &mut *objects {
            for word in ["INDEX", "CONSTRAINT"] {
                let part = |name: &str| format!("{word} {name} ");
                *object = object.replace(&part(name), &part(&format!("of {top}")));
            }
        }
    }
}

/// Splits a dump into its objects, which comments head.
fn objects(dump: &str) -> impl Iterator<Item = &str> {
    dump.split("\n--\n-- Name: ").skip(1).filter_map(|it| it.split_once("\n--\n")).map(|(_, it)| it)
}

/// Writes an object in a form that is the same for all that means the same.
fn settled(object: &str) -> String {
    let object = object.split("\n\n--\n-- PostgreSQL database dump complete").next().unwrap();
    let lines = object.lines().filter(|line| {
        !line.is_empty() && !line.starts_with("SET default_") && !line.contains("SEQUENCE NAME ")
    });
    let mut lines: Vec<String> = lines.map(spelled).collect();
    if lines.iter().any(|it| it.starts_with("CREATE TABLE ") || it.starts_with("CREATE UNLOGGED")) {
        for it in &mut lines {
            it.truncate(it.trim_end_matches(',').len());
        }
        lines.sort_unstable();
    }
    if lines.iter().all(|it| it.starts_with("GRANT ") || it.starts_with("REVOKE ")) {
        lines.sort_unstable();
    }
    lines.join("\n")
}

/// Writes a line in one spelling: the server writes lists of `varchar` in two, bare lists of rows
/// too, and options and tags in the order in which they were set.
fn spelled(line: &str) -> String {
    if line.contains("ARRAY[") && line.contains("::character varying") {
        let plain = ["(", ")", "::text", "[]"];
        return plain.iter().fold(line.to_owned(), |line, part| line.replace(part, ""));
    }
    if line.starts_with("CREATE STATISTICS ")
        && let Some((head, rest)) = line.split_once(" ON ")
        && let Some((columns, table)) = rest.rsplit_once(" FROM ")
    {
        let mut columns: Vec<&str> = columns.split(", ").collect();
        columns.sort_unstable();
        return format!("{head} ON {} FROM {table}", columns.join(", "));
    }
    for words in ["WITH (", "WHEN TAG IN ("] {
        if let Some((head, rest)) = line.split_once(words)
            && let Some((items, tail)) = rest.rsplit_once(')')
        {
            let mut items: Vec<&str> = items.split(", ").collect();
            items.sort_unstable();
            return format!("{head}{words}{}){tail}", items.join(", "));
        }
    }
    line.replace("(VALUES ", "( VALUES ")
}

fn url(database: &Database) -> DatabaseUrl {
    DatabaseUrl::parse(&database.admin_url()).unwrap()
}

fn options() -> Options {
    Options::new(Access::Write, Duration::from_secs(5))
}
