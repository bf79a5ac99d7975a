//! The server on which scratch databases are made.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::scratch::{living, made};
use crate::database::{Connection, DatabaseError, Engine, Options, Row, Values as _, connect};
use crate::inspect::InspectError;
use crate::sql::{Dialect, quote_literal};
use crate::url::{DatabaseUrl, ServerUrl};

/// The beginning of the names of scratch databases; one pattern covers them in a GRANT.
const PREFIX: &str = "migrate_scratch_";

/// The age in seconds from which a database is swept up where no lock tells whether its maker lives.
const OLD: u64 = 86_400;

const FACTS: &str = "SELECT version(), current_user(), unix_timestamp(), @@lower_case_table_names";

/// The settings of a session that decide what a statement makes, as sessions with the project's
/// database have them.
const SETTINGS: [&str; 6] = [
    "sql_mode",
    "default_storage_engine",
    "explicit_defaults_for_timestamp",
    "innodb_strict_mode",
    "time_zone",
    "foreign_key_checks",
];

/// The variables that change by themselves.
const PASSING: &str = "'timestamp', 'pseudo_thread_id', 'rand_seed1', 'rand_seed2', 'insert_id', \
    'last_insert_id', 'identity', 'error_count', 'warning_count', 'in_transaction', 'last_gtid', \
    'gtid_binlog_pos', 'gtid_current_pos', 'gtid_executed', 'gtid_binlog_state', 'gtid_slave_pos', \
    'gtid_owned', 'debug_sync', 'external_user', 'proxy_user', 'statement_id', 'server_audit_output_type'";

/// The codes of the errors for a role that may not create or see a database.
const REFUSED: [&str; 3] = ["1044", "1142", "1227"];

/// A server for scratch databases, connected to when the first is made.
pub(in crate::autogenerate::scratch) struct Server {
    /// The project's database.
    target: ServerUrl,
    /// The server that is configured for scratch databases.
    given: Option<ServerUrl>,
    options: Options,
    session: Option<Session>,
}

/// A session that makes databases, and holds a lock for each while it lives.
struct Session {
    connection: Box<dyn Connection>,
    facts: Facts,
    like: Like,
}

/// The facts about a server that count for scratch databases.
#[derive(Clone)]
struct Facts {
    engine: Engine,
    /// The version as far as it counts: `10.11`.
    version: String,
    role: String,
    /// The time by the server's clock, in seconds.
    now: u64,
    /// How names of tables are kept: a number.
    case_of_names: String,
}

/// The properties that a scratch database takes from the project's.
#[derive(Default)]
struct Like {
    character_set: String,
    collation: String,
    /// Settings of sessions on another server: assignments.
    settings: Vec<String>,
}

impl Server {
    pub(in crate::autogenerate::scratch) fn new(
        target: &ServerUrl,
        given: Option<&ServerUrl>,
        options: &Options,
    ) -> Self {
        let (target, given) = (target.clone(), given.cloned());
        Self { target, given, options: options.clone(), session: None }
    }

    /// Returns the URL by which databases are made: that of the server.
    fn maker(&self) -> ServerUrl {
        without_database(self.given.as_ref().unwrap_or(&self.target))
    }

    fn session(&mut self) -> Result<&mut Session, AutogenerateError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => self.begin()?,
        };
        Ok(self.session.insert(session))
    }

    fn begin(&self) -> Result<Session, AutogenerateError> {
        let database = self.target.database.as_deref().unwrap_or_default();
        let mut connection = open(&self.maker(), &self.options)?;
        let facts = Facts::of(&mut *connection)?;
        let like = match self.given {
            None => Like::of(&mut *connection, database)?,
            Some(_) => match open(&without_database(&self.target), &self.options) {
                Ok(mut target) => {
                    Facts::of(&mut *target)?.refuse_unlike(&facts)?;
                    let mut like = Like::of(&mut *target, database)?;
                    like.take_settings(&mut *target)?;
                    like
                }
                // Files can be compared with each other without it.
                Err(AutogenerateError::Database(DatabaseError::Open { .. })) => Like::default(),
                Err(error) => return Err(error),
            },
        };
        let mut session = Session { connection, facts, like };
        session.sweep()?;
        Ok(session)
    }
}

impl made::Server for Server {
    fn dialect(&self) -> Dialect {
        Dialect::MySql
    }

    fn is_of(&self, target: &ServerUrl, given: Option<&ServerUrl>) -> bool {
        self.target == *target && self.given.as_ref() == given
    }

    fn create(&mut self) -> Result<String, AutogenerateError> {
        let maker = self.maker();
        let Session { connection, facts, like } = self.session()?;
        let number = RandomState::new().build_hasher().finish() & 0xffff_ffff;
        let name = format!("{PREFIX}{:08x}_{number:08x}", facts.now);
        // The session holds it as long as the maker lives.
        if facts.has_locks() {
            connection.query(&format!("SELECT get_lock('{name}', 0)"))?;
        }
        let mut living = living::lock();
        let made = connection.execute(&format!("CREATE DATABASE {name}{}", like.clauses()));
        made.map_err(
            |cause| if is_refused(&cause) { facts.no_right(&maker) } else { cause.into() },
        )?;
        living.add(&maker, open, &name, drop_statement(&name));
        Ok(name)
    }

    fn copy(&mut self, _of: &str) -> Result<Option<String>, AutogenerateError> {
        Ok(None)
    }

    fn connect_to(&self, name: &str) -> Result<Box<dyn Connection>, AutogenerateError> {
        let url = ServerUrl { database: Some(name.to_owned()), ..self.maker() };
        let mut res = open(&url, &self.options)?;
        let settings = self.session.as_ref().map(|it| it.like.settings.join(", "));
        if let Some(settings) = settings.filter(|it| !it.is_empty()) {
            res.execute(&format!("SET {settings}"))?;
        }
        // What is said of the way to the server was said before.
        let _notices = res.take_notices();
        Ok(res)
    }

    fn surroundings(&mut self) -> Result<String, AutogenerateError> {
        let Session { connection, like, .. } = self.session()?;
        let query = format!("SHOW VARIABLES WHERE Variable_name NOT IN ({PASSING})");
        let variables = connection.query(&query)?;
        let day = connection.value("SELECT concat(current_date, ' ', current_user())")?;
        let own = like.settings.join(", ");
        Ok(format!("{}\n{own}\n{}\n{variables:?}", like.clauses(), day.unwrap_or_default()))
    }

    fn drop_database(&mut self, name: &str) {
        let mut living = living::lock();
        if let Some(Session { connection, facts, .. }) = &mut self.session {
            let _result = connection.execute(&drop_statement(name));
            if facts.has_locks() {
                let _result = connection.query(&format!("SELECT release_lock('{name}')"));
            }
        }
        living.remove(name);
    }
}

impl Drop for Server {
    /// Sweeps once more: a database that was being made when its maker was killed is there by now.
    fn drop(&mut self) {
        if let Some(session) = &mut self.session {
            let _result = session.sweep();
        }
    }
}

impl Session {
    /// Drops what killed runs have left: databases whose maker holds no lock any more.
    fn sweep(&mut self) -> Result<(), DatabaseError> {
        let names = "SELECT schema_name FROM information_schema.schemata \
            WHERE schema_name LIKE 'migrate\\_scratch\\_%'";
        for name in self.connection.firsts(names)? {
            let Some(made) = made_at(&name) else { continue };
            // A maker takes the lock first.
            let is_left = if self.facts.has_locks() {
                self.connection.is_true(&format!("SELECT is_free_lock('{name}')"))?
            } else {
                made + OLD < self.facts.now
            };
            if is_left {
                let _result = self.connection.execute(&drop_statement(&name));
            }
        }
        Ok(())
    }
}

impl Facts {
    fn of(connection: &mut dyn Connection) -> Result<Self, AutogenerateError> {
        let engine = connection.engine();
        let rows = connection.query(FACTS)?;
        let row = rows.first().map(Row::as_slice).unwrap_or_default();
        let full = row.text(0);
        let full = full.strip_prefix("5.5.5-").unwrap_or(full);
        let version: Vec<&str> = full.split(['.', '-']).take(2).collect();
        Ok(Self {
            engine,
            version: version.join("."),
            role: row.text(1).to_owned(),
            now: row.text(2).parse().unwrap_or_default(),
            case_of_names: row.text(3).to_owned(),
        })
    }

    /// Tells whether a lock tells everyone that a maker lives: in a cluster it locks one node.
    fn has_locks(&self) -> bool {
        self.engine != Engine::Galera
    }

    /// Refuses a server for scratch databases that would write the same schema in another way.
    fn refuse_unlike(&self, scratch: &Self) -> Result<(), AutogenerateError> {
        let is_mysql = |it: &Self| it.engine == Engine::MySql;
        let told = |it: &Self| match it.case_of_names.as_str() {
            "0" => format!("{} {}", it.engine.name(), it.version),
            case => format!("{} {}, lower_case_table_names={case}", it.engine.name(), it.version),
        };
        let is_like = is_mysql(self) == is_mysql(scratch)
            && self.version == scratch.version
            && self.case_of_names == scratch.case_of_names;
        if is_like {
            return Ok(());
        }
        let (dialect, scratch, target) = (Dialect::MySql, told(scratch), told(self));
        Err(AutogenerateError::ScratchVersion { dialect, scratch, target })
    }

    fn no_right(&self, maker: &ServerUrl) -> AutogenerateError {
        let version = format!("{} {}", self.engine.name(), self.version);
        let (role, url) = (self.role.clone(), maker.to_string());
        AutogenerateError::NoScratch { dialect: Dialect::MySql, role, url, version }
    }
}

impl Like {
    /// Reads it of a database, which need not be there yet.
    fn of(connection: &mut dyn Connection, database: &str) -> Result<Self, DatabaseError> {
        let database = quote_literal(database, Dialect::MySql);
        let query = format!(
            "SELECT default_character_set_name, default_collation_name \
             FROM information_schema.schemata WHERE schema_name = {database}"
        );
        let rows = connection.query(&query)?;
        let row = rows.first().map(Row::as_slice).unwrap_or_default();
        let (character_set, collation) = (row.text(0).to_owned(), row.text(1).to_owned());
        Ok(Self { character_set, collation, settings: Vec::new() })
    }

    fn take_settings(&mut self, connection: &mut dyn Connection) -> Result<(), DatabaseError> {
        let names = SETTINGS.map(|it| format!("'{it}'")).join(", ");
        let query = format!("SHOW VARIABLES WHERE Variable_name IN ({names})");
        for row in connection.query(&query)? {
            let value = quote_literal(row.text(1), Dialect::MySql);
            let is_word = matches!(row.text(1), "ON" | "OFF");
            let value = if is_word { row.text(1) } else { &value };
            self.settings.push(format!("SESSION {} = {value}", row.text(0)));
        }
        Ok(())
    }

    /// Returns the clauses of CREATE DATABASE.
    fn clauses(&self) -> String {
        if self.character_set.is_empty() {
            return String::new();
        }
        format!(" CHARACTER SET {} COLLATE {}", self.character_set, self.collation)
    }
}

/// Tells whether the user lacks a right. The state of the standard stands behind the number.
fn is_refused(cause: &DatabaseError) -> bool {
    let DatabaseError::Sql(fault) = cause else { return false };
    let code = fault.code.as_deref().and_then(|it| it.split(' ').next());
    code.is_some_and(|it| REFUSED.contains(&it))
}

fn without_database(url: &ServerUrl) -> ServerUrl {
    ServerUrl { database: None, ..url.clone() }
}

fn drop_statement(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name}")
}

/// Connects to a server whose catalog is that of MySQL or MariaDB.
fn open(url: &ServerUrl, options: &Options) -> Result<Box<dyn Connection>, AutogenerateError> {
    let url = DatabaseUrl::Server(url.clone());
    let connection = connect(&url, options)?.ok_or_else(|| DatabaseError::Open {
        url: url.to_string(),
        reason: "there is no such database".to_owned(),
    })?;
    let engine = connection.engine();
    if !engine.tells_dependencies() {
        return Err(InspectError::NotYet { database: engine.name() }.into());
    }
    Ok(connection)
}

/// Returns the time in the name of a scratch database, in seconds, if it has such a name.
fn made_at(name: &str) -> Option<u64> {
    let (time, number) = name.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str| text.len() == 8 && text.bytes().all(|it| it.is_ascii_hexdigit());
    u64::from_str_radix(time, 16).ok().filter(|_| is_hex(time) && is_hex(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_of_ours_tells_a_time() {
        for (name, expected) in [
            ("migrate_scratch_64fff000_0badcafe", Some(0x64ff_f000)),
            ("migrate_scratch_64fff000_0badcaf", None),
            ("migrate_scratch_+4fff000_0badcafe", None),
            ("migrate_scratch_mine", None),
            ("shop", None),
        ] {
            assert_eq!(made_at(name), expected, "{name}");
        }
    }
}
