//! The server on which scratch databases are made.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::thread;
use std::time::Duration;

use crate::autogenerate::AutogenerateError;
use crate::autogenerate::scratch::postgres::like::{Like, is_refused};
use crate::autogenerate::scratch::{living, made};
use crate::database::{Connection, DatabaseError, Options, Row, Values as _, connect};
use crate::inspect::InspectError;
use crate::sql::Dialect;
use crate::url::{DatabaseUrl, ServerUrl};

/// The beginning of the names of scratch databases.
const PREFIX: &str = "migrate_scratch_";

/// The first number of the locks that makers hold; the second one is a part of the name.
const LOCK: u32 = 0x6d69_6773;

/// How often, and after which time, a database is looked at until its last session has left.
const LOOKS: usize = 50;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// The database to connect to where a URL names none.
const USUAL: &str = "postgres";

/// The query for the facts about a server.
const FACTS: &str = "SELECT pg_catalog.current_setting('server_version_num')::integer / 10000, \
    current_user, (SELECT r.rolcreatedb OR r.rolsuper FROM pg_catalog.pg_roles r \
        WHERE r.rolname = current_user), \
    pg_catalog.date_part('epoch', pg_catalog.now())::bigint, pg_catalog.current_database()";

/// Frees a session from settings under which no database can be made.
const FREE: &str = "SELECT \
    pg_catalog.set_config('default_transaction_read_only', 'off', false), \
    pg_catalog.set_config('statement_timeout', '0', false)";

/// Everything that a new database shares with the rest of the server, and the day.
const SURROUNDINGS: &str = "SELECT pg_catalog.concat_ws('\n', pg_catalog.version(), current_date, \
    current_user, \
    (SELECT pg_catalog.jsonb_object_agg(s.name, s.setting) FROM pg_catalog.pg_settings s \
        WHERE s.source NOT IN ('default', 'override') AND s.name <> 'application_name'), \
    (SELECT pg_catalog.jsonb_agg(r ORDER BY r.rolname) FROM pg_catalog.pg_roles r), \
    (SELECT pg_catalog.jsonb_agg(t.spcname ORDER BY t.spcname) FROM pg_catalog.pg_tablespace t), \
    (SELECT pg_catalog.jsonb_agg(e ORDER BY e.name, e.version) \
        FROM pg_catalog.pg_available_extension_versions e))";

/// The number by which a server can be told from all others.
const IDENTITY: &str = "SELECT system_identifier FROM pg_catalog.pg_control_system()";

/// Scratch databases of the role to which nobody is connected but sessions of this program: a
/// statement goes on for a while behind a kill.
const UNUSED: &str = "SELECT d.datname FROM pg_catalog.pg_database d \
    WHERE d.datname LIKE 'migrate\\_scratch\\_%' AND d.datdba = (SELECT r.oid \
        FROM pg_catalog.pg_roles r WHERE r.rolname = current_user) \
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid \
        AND a.application_name IS DISTINCT FROM pg_catalog.current_setting('application_name'))";

/// A server for scratch databases, connected to when the first is made.
pub(in crate::autogenerate::scratch) struct Server {
    /// The project's database.
    target: ServerUrl,
    /// The server that is configured for scratch databases.
    given: Option<ServerUrl>,
    options: Options,
    session: Option<Session>,
}

/// A session that makes databases.
struct Session {
    connection: Box<dyn Connection>,
    facts: Facts,
    like: Like,
}

/// The facts about a server that count for scratch databases.
struct Facts {
    major: u32,
    role: String,
    may_create: bool,
    /// The time by the server's clock, in seconds.
    now: u64,
    database: String,
}

impl Server {
    pub(in crate::autogenerate::scratch) fn new(
        target: &ServerUrl,
        given: Option<&ServerUrl>,
        options: &Options,
    ) -> Self {
        let given = given.map(with_database);
        Self { target: target.clone(), given, options: options.clone(), session: None }
    }

    /// Makes an empty database, or a copy of another scratch database, and returns its name.
    fn make(&mut self, from: Option<&str>) -> Result<String, AutogenerateError> {
        let maker = self.maker().clone();
        let is_given = self.given.is_some();
        let Session { connection, facts, like } = self.session()?;
        let random = RandomState::new().build_hasher().finish().to_le_bytes();
        let number = u32::from_le_bytes([random[0], random[1], random[2], random[3]]);
        let name = format!("{PREFIX}{:08x}_{number:08x}", facts.now);
        // The session holds it as long as the maker lives.
        connection.query(&lock("pg_advisory_lock", number))?;
        if let Some(from) = from {
            wait_until_left(&mut **connection, from)?;
        }
        let create = |clauses: &str| match from {
            Some(from) => format!("CREATE DATABASE {name} TEMPLATE {from}"),
            None => format!("CREATE DATABASE {name} TEMPLATE template0 {clauses}"),
        };
        let mut living = living::lock();
        let mut made = connection.execute(&create(&like.clauses()));
        if is_given && from.is_none() && made.as_ref().is_err_and(|it| !is_refused(it)) {
            // Another machine may not have the locale.
            made = connection.execute(&create(&like.plain_clauses())).or(made);
        }
        made.map_err(|cause| match cause {
            cause if is_refused(&cause) => facts.no_right(&maker),
            cause => AutogenerateError::from(cause),
        })?;
        living.add(&maker, open_maker, &name, drop_statement(&name, facts.major));
        drop(living);
        if let Err(cause) = like.keep(&mut **connection, &name) {
            made::Server::drop_database(self, &name);
            return Err(cause.into());
        }
        Ok(name)
    }

    /// Returns the URL by which databases are made.
    fn maker(&self) -> &ServerUrl {
        self.given.as_ref().unwrap_or(&self.target)
    }

    fn session(&mut self) -> Result<&mut Session, AutogenerateError> {
        let session = match self.session.take() {
            Some(session) => session,
            None => self.begin()?,
        };
        Ok(self.session.insert(session))
    }

    fn begin(&self) -> Result<Session, AutogenerateError> {
        let mut session = match &self.given {
            None => {
                let mut connection = open_maker(&self.target, &self.options)?;
                let facts = Facts::of(&mut *connection)?;
                let like = Like::of(&mut *connection)?;
                Session { connection, facts, like }
            }
            Some(given) => self.begin_elsewhere(given)?,
        };
        if !session.facts.may_create {
            return Err(session.facts.no_right(self.maker()));
        }
        session.sweep()?;
        session.like.take(&mut *session.connection);
        Ok(session)
    }

    /// Connects to the server that is configured, and compares it with the project's own.
    fn begin_elsewhere(&self, given: &ServerUrl) -> Result<Session, AutogenerateError> {
        let is_target = || AutogenerateError::ScratchIsTarget { url: given.to_string() };
        if is_same(given, &self.target) {
            return Err(is_target());
        }
        let mut connection = open_maker(given, &self.options)?;
        let facts = Facts::of(&mut *connection)?;
        let like = match open(&self.target, &self.options) {
            Ok(mut target) => {
                let own = Facts::of(&mut *target)?;
                if own.database == facts.database
                    && identity(&mut *target)
                        .is_some_and(|it| Some(it) == identity(&mut *connection))
                {
                    return Err(is_target());
                }
                if own.major != facts.major {
                    return Err(AutogenerateError::ScratchVersion {
                        dialect: Dialect::Postgres,
                        scratch: facts.major.to_string(),
                        target: own.major.to_string(),
                    });
                }
                Like::of(&mut *target)?
            }
            // Files can be compared with each other without it.
            Err(AutogenerateError::Database(DatabaseError::Open { .. })) => {
                Like::of(&mut *connection)?
            }
            Err(error) => return Err(error),
        };
        Ok(Session { connection, facts, like })
    }
}

impl made::Server for Server {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn is_of(&self, target: &ServerUrl, given: Option<&ServerUrl>) -> bool {
        self.target == *target && self.given == given.map(with_database)
    }

    fn create(&mut self) -> Result<String, AutogenerateError> {
        self.make(None)
    }

    fn copy(&mut self, of: &str) -> Result<Option<String>, AutogenerateError> {
        self.make(Some(of)).map(Some)
    }

    fn surroundings(&mut self) -> Result<String, AutogenerateError> {
        let given = self.target.parameters.get("options").map(str::to_owned);
        let Session { connection, like, .. } = self.session()?;
        let server = connection.value(SURROUNDINGS)?.unwrap_or_default();
        // The view of settings doesn't have those that users make up.
        Ok(format!("{}\n{:?}\n{given:?}\n{server}", like.clauses(), like.settings))
    }

    fn connect_to(&self, name: &str) -> Result<Box<dyn Connection>, AutogenerateError> {
        let mut url = ServerUrl { database: Some(name.to_owned()), ..self.maker().clone() };
        if let Some(own) = self.session.as_ref().and_then(|it| it.like.options()) {
            let given =
                url.parameters.get("options").map(|it| format!("{it} ")).unwrap_or_default();
            url.parameters.push("options".to_owned(), given + &own);
        }
        let mut res = open(&url, &self.options)?;
        // What is said of the way to the server was said before.
        let _notices = res.take_notices();
        Ok(res)
    }

    fn drop_database(&mut self, name: &str) {
        let mut living = living::lock();
        if let Some(Session { connection, facts, .. }) = &mut self.session {
            let _result = wait_until_left(&mut **connection, name);
            let _result = connection.execute(&drop_statement(name, facts.major));
            if let Some(number) = number(name) {
                let _result = connection.query(&lock("pg_advisory_unlock", number));
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
        // A maker takes the lock first, so the databases are looked at before the locks.
        let names = self.connection.firsts(UNUSED)?;
        if names.is_empty() {
            return Ok(());
        }
        let held = self.connection.firsts(&held())?;
        for name in names {
            if number(&name).is_some_and(|it| !held.contains(&it.to_string())) {
                let _result = self.connection.execute(&drop_statement(&name, self.facts.major));
            }
        }
        Ok(())
    }
}

impl Facts {
    fn of(connection: &mut dyn Connection) -> Result<Self, AutogenerateError> {
        let rows = connection.query(FACTS)?;
        let row = rows.first().map(Row::as_slice).unwrap_or_default();
        Ok(Self {
            major: row.text(0).parse().unwrap_or_default(),
            role: row.text(1).to_owned(),
            may_create: row.flag(2),
            now: row.text(3).parse().unwrap_or_default(),
            database: row.text(4).to_owned(),
        })
    }

    fn no_right(&self, maker: &ServerUrl) -> AutogenerateError {
        let (role, url, version) = (self.role.clone(), maker.to_string(), self.major.to_string());
        AutogenerateError::NoScratch { dialect: Dialect::Postgres, role, url, version }
    }
}

fn with_database(url: &ServerUrl) -> ServerUrl {
    let database = url.database.clone().or_else(|| Some(USUAL.to_owned()));
    ServerUrl { database, ..url.clone() }
}

/// Returns the statement that drops a scratch database, with its sessions where that is known.
fn drop_statement(name: &str, major: u32) -> String {
    let force = if major >= 13 { " WITH (FORCE)" } else { "" };
    format!("DROP DATABASE IF EXISTS {name}{force}")
}

/// Waits a little until a session that was just closed has left a database: the server itself looks
/// again only after a tenth of a second.
fn wait_until_left(connection: &mut dyn Connection, name: &str) -> Result<(), DatabaseError> {
    let query = format!(
        "SELECT pg_catalog.count(*) = 0 FROM pg_catalog.pg_stat_activity WHERE datname = '{name}'"
    );
    for _ in 0..LOOKS {
        if connection.is_true(&query)? {
            break;
        }
        thread::sleep(BETWEEN_LOOKS);
    }
    Ok(())
}

/// Connects to a database beside which others are made and dropped, whatever its settings forbid.
fn open_maker(
    url: &ServerUrl,
    options: &Options,
) -> Result<Box<dyn Connection>, AutogenerateError> {
    let mut res = open(url, options)?;
    res.query(FREE)?;
    Ok(res)
}

/// Connects to a server that is PostgreSQL itself: others don't tell enough of their objects.
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

/// Tells whether two URLs name one database, as far as they show it.
fn is_same(one: &ServerUrl, other: &ServerUrl) -> bool {
    let database = |url: &ServerUrl| url.database.clone().or_else(|| url.user.clone());
    one.host == other.host
        && one.port_or_default() == other.port_or_default()
        && database(one) == database(other)
}

fn identity(connection: &mut dyn Connection) -> Option<String> {
    connection.value(IDENTITY).ok().flatten()
}

/// Returns the query that takes or gives back the lock of a maker.
fn lock(function: &str, number: u32) -> String {
    format!("SELECT pg_catalog.{function}({LOCK}, {})", number.cast_signed())
}

/// Returns the query for the second numbers of all locks of makers.
fn held() -> String {
    format!(
        "SELECT l.objid FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' \
         AND l.classid = {LOCK} AND l.objsubid = 2"
    )
}

/// Returns the number of the lock that belongs to a scratch database, if it has such a name.
fn number(name: &str) -> Option<u32> {
    let (time, number) = name.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str| text.len() == 8 && text.bytes().all(|it| it.is_ascii_hexdigit());
    let number = Some(number).filter(|it| is_hex(time) && is_hex(it))?;
    u32::from_str_radix(number, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_name_of_ours_has_a_lock() {
        for (name, expected) in [
            ("migrate_scratch_64fff000_0badcafe", Some(0x0bad_cafe)),
            ("migrate_scratch_64fff000_fbadcafe", Some(0xfbad_cafe)),
            ("migrate_scratch_64fff000_0badcaf", None),
            ("migrate_scratch_64fff000_+badcafe", None),
            ("migrate_scratch_mine", None),
            ("shop", None),
        ] {
            assert_eq!(number(name), expected, "{name}");
        }
    }

    #[test]
    fn a_url_names_the_same_database_however_it_is_written() {
        let url = |text: &str| match DatabaseUrl::parse(text).unwrap() {
            DatabaseUrl::Server(url) => url,
            DatabaseUrl::Sqlite(_) => panic!("{text} is no server"),
        };
        let same = |one, other| is_same(&url(one), &url(other));
        assert!(same("postgres://a@h/d", "postgresql://b:p@h:5432/d"));
        assert!(same("postgres://d@h", "postgres://h/d"));
        assert!(!same("postgres://h/d", "postgres://h/e"));
        assert!(!same("postgres://h/d", "postgres://h:5433/d"));
    }
}
