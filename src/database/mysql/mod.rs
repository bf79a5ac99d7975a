//! MySQL, MariaDB and compatible servers.
//!
//! Only the text protocol is used, with one statement per message. The option for several
//! statements in one is off, so a second statement is a syntax error of the server. `UPDATE` counts
//! the rows that it finds, not those that it had to change.

mod answer;
pub(super) mod aside;
mod columns;
mod connect;
pub(super) mod fault;
#[cfg(test)]
mod garbage;
mod login;
mod version;
mod wire;

use crate::database::mysql::answer::{AnswerError, Keep, RawAnswer, answer};
use crate::database::mysql::aside::SavedSettings;
use crate::database::mysql::connect::{Connector, QUERY, Reached};
use crate::database::mysql::wire::Wire;
use crate::database::{
    Answer as Typed, Connection, DatabaseError, Engine, Interrupter, Notice, Options, Row, SqlFault,
};
use crate::sql::{Dialect, Lexer, quote_literal};
use crate::url::ServerUrl;
use crate::words::words;

pub(super) use crate::database::mysql::version::{engine, number};

/// `COM_QUIT`.
const QUIT: u8 = 1;
/// `COM_INIT_DB`.
const USE: u8 = 2;
/// `COM_RESET_CONNECTION`.
const RESET: u8 = 0x1f;
/// The status flag for an open transaction.
const IN_TRANSACTION: u64 = 1;

/// The variables of a server that a session needs, beside the settings that it changes.
const VARIABLES: &str = "'max_allowed_packet', 'wsrep_on', 'version', 'version_comment'";

/// Modes that change where a string or a statement ends, and combinations that include one.
const FOREIGN_MODES: &[&str] = words![
    ANSI_QUOTES NO_BACKSLASH_ESCAPES ANSI DB2 MAXDB MSSQL ORACLE POSTGRESQL
];

struct Mysql {
    wire: Wire,
    /// The reason why the connection is lost, if it is.
    lost: Option<String>,
    way: Connector,
    url: String,
    engine: Engine,
    version: String,
    encryption: String,
    in_transaction: bool,
    /// The server's packet limit; it closes the connection on larger ones.
    most: usize,
    warnings: bool,
    notices: Vec<Notice>,
    interrupter: Interrupter,
    aside: SavedSettings,
}

pub(super) fn open(
    url: &ServerUrl,
    options: &Options,
) -> Result<Box<dyn Connection>, DatabaseError> {
    let way = Connector::new(url)?;
    let Reached { wire, version, id, encryption } = way.reach(options.reach)?;
    let mut connection = Mysql {
        wire,
        lost: None,
        url: url.to_string(),
        engine: engine(&version),
        version: number(&version),
        encryption,
        in_transaction: false,
        most: usize::MAX,
        warnings: options.warnings,
        notices: Vec::new(),
        aside: SavedSettings::default(),
        interrupter: Interrupter::new(killer(&way, id)),
        way,
    };
    connection.set_up()?;
    Ok(Box::new(connection))
}

fn killer(way: &Connector, id: u32) -> impl Fn() + Send + use<> {
    let way = way.clone();
    move || way.kill(id)
}

impl Connection for Mysql {
    fn engine(&self) -> Engine {
        self.engine
    }

    fn describe(&self) -> String {
        format!("{} {}, {}", self.engine.name(), self.version, self.encryption)
    }

    fn execute(&mut self, statement: &str) -> Result<(), DatabaseError> {
        self.run(statement, Keep::Nothing).map(drop)
    }

    fn change(&mut self, statement: &str) -> Result<u64, DatabaseError> {
        self.run(statement, Keep::Nothing).map(|answer| answer.changed)
    }

    fn query(&mut self, statement: &str) -> Result<Vec<Row>, DatabaseError> {
        self.run(statement, Keep::Texts).map(|answer| answer.rows)
    }

    fn answers(&mut self, statement: &str) -> Result<Vec<Typed>, DatabaseError> {
        let mut answers = self.run(statement, Keep::Typed)?.typed;
        // With RETURNING the rows that were changed are answered, and not counted.
        let first = Lexer::new(statement, Dialect::MySql).find_map(Result::ok);
        let changes = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
        if first.is_some_and(|token| token.is_one_of(&changes)) {
            for answer in answers.iter_mut().filter(|it| !it.columns.is_empty()) {
                answer.changed = answer.rows.len() as u64;
            }
        }
        Ok(answers)
    }

    fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }

    fn has_table(&mut self, name: &str) -> Result<bool, DatabaseError> {
        Ok(!self.query(&table_query(name))?.is_empty())
    }

    fn in_transaction(&self) -> bool {
        self.in_transaction
    }

    fn reset(&mut self) -> Result<(), DatabaseError> {
        let mut reset = order(&mut self.wire, RESET, &[]);
        // A session that is reset stays in the database that a script has put it into.
        if let Some(database) = self.way.database() {
            reset = reset.and_then(|()| order(&mut self.wire, USE, database.as_bytes()));
        }
        if reset.is_err() || self.lost.is_some() {
            // Old servers and some proxies can't: a new connection is a new session, too.
            let Reached { wire, id, .. } = self.way.reach(std::time::Duration::ZERO)?;
            self.wire = wire;
            self.lost = None;
            self.interrupter.replace(killer(&self.way, id));
        }
        self.in_transaction = false;
        self.set_up()
    }

    fn put_aside(&mut self) -> Result<(), DatabaseError> {
        self.execute(&self.aside.take.clone())
    }

    fn put_back(&mut self) -> Result<(), DatabaseError> {
        self.execute(&self.aside.give.clone())
    }

    fn keeps_locks(&self) -> bool {
        false
    }

    fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }
}

impl Drop for Mysql {
    /// Says goodbye: otherwise the server logs an aborted client.
    fn drop(&mut self) {
        if self.lost.is_none() {
            drop(self.wire.command(QUIT, &[]));
        }
    }
}

impl Mysql {
    /// Starts a session with known settings, and reads the server's variables.
    fn set_up(&mut self) -> Result<(), DatabaseError> {
        let found = aside::pairs(self.query(&variables())?);
        let value = |name: &str| {
            let found = found.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.and_then(|(_, value)| value.as_deref())
        };
        let most = value("max_allowed_packet").and_then(|value| value.parse().ok());
        self.most = most.unwrap_or(usize::MAX);
        let mut settings = vec!["NAMES utf8mb4".to_owned(), "SESSION autocommit = 1".to_owned()];
        let modes = value("sql_mode").unwrap_or_default();
        if let Some(modes) = own_modes(modes) {
            let modes = quote_literal(&modes, Dialect::MySql);
            settings.push(format!("SESSION sql_mode = {modes}"));
        }
        self.aside = SavedSettings::new(&found);
        settings.extend(self.aside.start.iter().cloned());
        if value("wsrep_on").is_some_and(|value| value.eq_ignore_ascii_case("ON")) {
            self.engine = Engine::Galera;
            // Commits of other nodes are visible on every node.
            settings.push("SESSION wsrep_sync_wait = 1".to_owned());
        }
        // The greeting has the emulated version of MySQL, also behind proxies.
        let versions = ["version", "version_comment"].into_iter().filter_map(value);
        if let Some(version) = versions.into_iter().find(|it| engine(it) == Engine::OceanBase) {
            self.engine = Engine::OceanBase;
            self.version = number(version);
            // Commits of other nodes are visible on every node.
            settings.push("SESSION ob_read_consistency = 'STRONG'".to_owned());
        }
        self.execute(&format!("SET {}", settings.join(", ")))
    }

    /// Sends a statement and receives the whole answer.
    fn run(&mut self, statement: &str, keep: Keep) -> Result<RawAnswer, DatabaseError> {
        let answer = self.ask(statement, keep).map_err(|fault| self.cause(fault, statement))?;
        if self.warnings && answer.warnings > 0 {
            self.fetch_warnings()?;
        }
        Ok(answer)
    }

    fn ask(&mut self, statement: &str, keep: Keep) -> Result<RawAnswer, AnswerError> {
        if let Some(reason) = &self.lost {
            return Err(AnswerError::Lost(reason.clone()));
        }
        if statement.len() >= self.most {
            return Err(AnswerError::TooLarge);
        }
        self.wire.command(QUERY, statement.as_bytes())?;
        match answer(&mut self.wire, keep) {
            Ok(answer) => {
                self.in_transaction = answer.status & IN_TRANSACTION != 0;
                Ok(answer)
            }
            // An error carries no status; a superfluous rollback is harmless.
            Err(AnswerError::Server(error)) if error.is_empty() => Ok(RawAnswer::default()),
            Err(fault) => Err(fault),
        }
    }

    fn fetch_warnings(&mut self) -> Result<(), DatabaseError> {
        let query = "SHOW WARNINGS";
        let answer = self.ask(query, Keep::Texts).map_err(|fault| self.cause(fault, query))?;
        for row in answer.rows {
            if let [Some(level), Some(code), Some(message)] = row.as_slice() {
                self.notices.push(Notice {
                    severity: level.to_uppercase(),
                    message: message.clone(),
                    code: code.clone(),
                });
            }
        }
        Ok(())
    }

    fn cause(&mut self, fault: AnswerError, statement: &str) -> DatabaseError {
        let reason = match fault {
            AnswerError::Server(error) if error.is_fatal() => error.message,
            AnswerError::Server(error)
                if error.is_interruption() && self.interrupter.is_interrupted() =>
            {
                return DatabaseError::Interrupted;
            }
            AnswerError::Server(error) => return error.fault(statement).into(),
            AnswerError::TooLarge => {
                let (size, most) = (statement.len(), self.most);
                let fault = SqlFault {
                    hint: Some("raise `max_allowed_packet` on the server".to_owned()),
                    ..SqlFault::new(format!("it has {size} bytes, and the server takes {most}"))
                };
                return fault.into();
            }
            AnswerError::Lost(reason) => reason,
        };
        self.in_transaction = false;
        let reason = self.lost.get_or_insert(reason).clone();
        DatabaseError::Lost { url: self.url.clone(), reason, is_told: false }
    }
}

pub(super) fn variables() -> String {
    format!("SHOW VARIABLES WHERE Variable_name IN ({VARIABLES}, {})", aside::names())
}

/// Returns the session's modes without those that this program doesn't parse scripts by; none if
/// all can stay.
pub(super) fn own_modes(modes: &str) -> Option<String> {
    let is_own = |mode: &&str| !FOREIGN_MODES.iter().any(|it| it.eq_ignore_ascii_case(mode));
    let own: Vec<&str> = modes.split(',').filter(is_own).collect();
    let own = own.join(",");
    (own != modes).then_some(own)
}

pub(super) fn table_query(name: &str) -> String {
    let quote = |name: &str| quote_literal(name, Dialect::MySql);
    let (schema, table) = match name.split_once('.') {
        Some((schema, table)) => (quote(schema), quote(table)),
        None => ("DATABASE()".to_owned(), quote(name)),
    };
    format!(
        "SELECT 1 FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = {schema} AND TABLE_NAME = {table}"
    )
}

/// Sends a command of the protocol that is not a statement.
fn order(wire: &mut Wire, code: u8, argument: &[u8]) -> Result<(), AnswerError> {
    wire.command(code, argument)?;
    answer(wire, Keep::Nothing).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_that_move_the_end_of_a_string_are_taken_out() {
        assert_eq!(own_modes("STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"), None);
        assert_eq!(own_modes(""), None);
        let ansi = "REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ANSI";
        assert_eq!(own_modes(ansi).unwrap(), "REAL_AS_FLOAT,PIPES_AS_CONCAT,IGNORE_SPACE");
        assert_eq!(own_modes("NO_BACKSLASH_ESCAPES").unwrap(), "");
    }
}
