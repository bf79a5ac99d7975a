//! Databases that statements are tried on, looked at by `psql` and `pg_dump`.

use std::time::Duration;

use limbeck::autogenerate::{AutogenerateError, Scratch};
use limbeck::catalog::Catalog;
use limbeck::database::{Access, Connection, Options};
use limbeck::sql::Dialect;
use limbeck::url::DatabaseUrl;
use servers::{Database, Postgres};

/// A database of the superuser: what the server offers is tried, not what an application may do.
pub(crate) struct Bench {
    server: &'static Postgres,
    database: Database,
    connection: Box<dyn Connection>,
}

impl Bench {
    /// Makes an empty database.
    pub(crate) fn new(server: &'static Postgres) -> Self {
        let database = server.database().of_admin();
        let connection = connect(&database);
        Self { server, database, connection }
    }

    /// Makes a database with a schema, as `psql` understands it.
    pub(crate) fn of(server: &'static Postgres, schema: &str) -> Result<Self, String> {
        let res = Self::new(server);
        res.database.try_query(schema).map(|_| res)
    }

    /// Runs a script in a transaction.
    pub(crate) fn run(&self, script: &str) -> Result<(), String> {
        let text = format!("BEGIN;\n{script}\nCOMMIT;\n");
        self.database.try_query(&text).map(|_| ())
    }

    /// Reads what the library sees.
    pub(crate) fn catalog(&mut self) -> Result<Catalog, String> {
        let scratch: &mut dyn Scratch = self;
        scratch.catalog().map_err(|error| error.to_string())
    }

    /// Asks `pg_dump` for the schema, without what makes no difference: the order of columns, and
    /// the names of identities' sequences.
    pub(crate) fn witness(&self) -> Vec<String> {
        let text = self.database.pg_dump(&["--schema-only", "--no-owner", "--no-privileges"]);
        let mut res: Vec<String> = objects(&text).map(settled).collect();
        res.sort();
        res
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
    let mut lines: Vec<&str> = lines.collect();
    if lines.iter().any(|it| it.starts_with("CREATE TABLE ") || it.starts_with("CREATE UNLOGGED")) {
        lines = lines.iter().map(|it| it.trim_end_matches(',')).collect();
        lines.sort_unstable();
    }
    lines.join("\n")
}

impl Scratch for Bench {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn connection(&mut self) -> Result<&mut dyn Connection, AutogenerateError> {
        Ok(&mut *self.connection)
    }

    fn fork(&mut self) -> Result<Box<dyn Scratch>, AutogenerateError> {
        Ok(Box::new(Self::new(self.server)))
    }
}

fn connect(database: &Database) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(&database.admin_url()).unwrap();
    let options = Options::new(Access::Write, Duration::from_secs(5));
    limbeck::database::connect(&url, &options).unwrap().unwrap()
}
