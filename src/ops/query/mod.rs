//! Statements that a user gives, run one by one, and queries of a shell about the database.
//!
//! Each statement commits by itself, as is the database's default; only the text opens
//! transactions.

mod catalog;

use std::path::Path;
use std::time::{Duration, Instant};

use crate::database::{Access, Answer, Connection, DatabaseError};
use crate::error::{Error, QueryError};
use crate::file::{self, FoundBy};
use crate::ops::{Consent, open_to_read, open_to_write};
use crate::place::Place;
use crate::project::Project;
use crate::sql::{Dialect, Lexer, SplitError, Splitter, Statement, Token};

pub use catalog::{Words, indexes, schema, tables, words};

/// Statements and their origin.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The name of the source in messages.
    pub name: &'a Path,
    /// The text of the statements.
    pub text: &'a str,
    /// The initial delimiter.
    pub delimiter: &'a str,
}

/// The handling of an open transaction when a statement fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The transaction is rolled back.
    RollBack,
    /// The transaction stays open, for the user to decide.
    Keep,
}

/// The result of a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The answers of the database; a procedure can give several.
    pub answers: Vec<Answer>,
    /// The run time of the statement.
    pub duration: Duration,
    /// Whether the statement changes rows, even if it found none.
    pub is_change: bool,
    /// Whether the statement may have changed tables or columns.
    pub is_definition: bool,
}

/// A run of statements in progress.
#[derive(Debug)]
pub struct Queries<'a> {
    source: Source<'a>,
    statements: std::vec::IntoIter<Statement<'a>>,
    on_failure: OnFailure,
    /// The number of finished statements.
    done: usize,
    /// The number of finished statements that stand in any case.
    stand: usize,
}

/// Refuses statements that may change a protected database without consent.
pub fn check_consent(project: &Project, consent: Consent, access: Access) -> Result<(), Error> {
    if project.config.protected && consent == Consent::Missing && access == Access::Write {
        return Err(QueryError::Protected.into());
    }
    Ok(())
}

/// Connects to a project's database for statements; to read it, the database itself refuses writes.
pub fn open_for_queries(project: &Project, access: Access) -> Result<Box<dyn Connection>, Error> {
    let mut connection = match access {
        Access::Write => open_to_write(project)?,
        Access::Read => open_to_read(project)?,
    };
    if access == Access::Write {
        return Ok(connection);
    }
    connection.execute(match connection.dialect() {
        // The file is opened to be read; a database in memory can't be.
        Dialect::Sqlite => "PRAGMA query_only = ON",
        Dialect::Postgres => "SET default_transaction_read_only = on",
        Dialect::MySql => "SET SESSION TRANSACTION READ ONLY",
    })?;
    Ok(connection)
}

/// Reads a file of statements.
pub fn read_statements(path: &Path) -> Result<String, Error> {
    let error = |source| QueryError::Read { path: path.to_path_buf(), source };
    let bytes = file::statements(path, FoundBy::Name).map_err(error)?;
    Ok(statements_of(bytes).map_err(error)?)
}

/// Converts bytes to statements, which have to be text.
pub fn statements_of(bytes: Vec<u8>) -> std::io::Result<String> {
    String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is not UTF-8"))
}

impl<'a> Queries<'a> {
    /// Finds the statements; what can't be split is refused before any of them runs.
    pub fn new(source: Source<'a>, dialect: Dialect, on_failure: OnFailure) -> Result<Self, Error> {
        let splitter = Splitter::new(source.text, dialect).with_delimiter(source.delimiter);
        let statements: Result<Vec<Statement<'a>>, SplitError> = splitter.collect();
        let statements = statements.map_err(|cause| {
            let (line, column) = cause.location();
            let place = Box::new(Place::at(source.name, source.text, line, column));
            QueryError::Split { place, cause }
        })?;
        Ok(Self { source, statements: statements.into_iter(), on_failure, done: 0, stand: 0 })
    }

    /// Runs the next statement; none if all are done.
    pub fn run_next(&mut self, connection: &mut dyn Connection) -> Option<Result<Outcome, Error>> {
        let statement = self.statements.next()?;
        // A signal may have come between two statements, where it stops none.
        if connection.interrupter().is_interrupted() {
            return Some(Err(self.failed(&statement, DatabaseError::Interrupted, connection)));
        }
        let start = Instant::now();
        let answered = connection.answers(statement.text);
        let duration = start.elapsed();
        Some(match answered {
            Ok(answers) => {
                self.done += 1;
                if !connection.in_transaction() {
                    self.stand = self.done;
                }
                let word = statement.first_word().unwrap_or_default();
                let is_change = CHANGES.contains(&word.as_str());
                let is_definition = DEFINITIONS.contains(&word.as_str());
                Ok(Outcome { answers, duration, is_change, is_definition })
            }
            Err(cause) => Err(self.failed(&statement, cause, connection)),
        })
    }

    fn failed(
        &self,
        statement: &Statement<'a>,
        cause: DatabaseError,
        connection: &mut dyn Connection,
    ) -> Error {
        let within = if let DatabaseError::Sql(fault) = &cause { fault.offset } else { None };
        let offset = statement.offset + within.unwrap_or_default().min(statement.text.len());
        let place = Box::new(Place::at_offset(self.source.name, self.source.text, offset));
        let rolls_back = self.on_failure == OnFailure::RollBack && connection.in_transaction();
        // Without a connection the database has done it by itself.
        let rolled_back = rolls_back && connection.rollback().is_ok();
        let stand = if self.on_failure == OnFailure::Keep { self.done } else { self.stand };
        let statement = statement.text.to_owned();
        QueryError::Statement { place, statement, cause, stand, rolled_back }.into()
    }
}

/// Ends what is left open once all statements are done; tells whether a transaction was rolled back.
pub fn close(connection: &mut dyn Connection) -> Result<bool, Error> {
    let is_open = connection.in_transaction();
    connection.rollback()?;
    Ok(is_open)
}

/// The words that begin a statement which changes rows.
const CHANGES: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE"];

/// The words that begin a statement which changes what there is, or which of it needs no prefix.
const DEFINITIONS: [&str; 8] =
    ["CREATE", "ALTER", "DROP", "RENAME", "ATTACH", "DETACH", "USE", "SET"];

/// Tells whether a text may contain a password, and must not be stored.
pub fn may_hold_password(text: &str, dialect: Dialect) -> bool {
    let mut tokens = Vec::new();
    for token in Lexer::new(text, dialect) {
        // Of what can't be read to its end nothing is known.
        let Ok(token) = token else { return true };
        tokens.push(token);
    }
    let is_told = |at: usize, token: &Token<'_>| {
        let next = tokens.get(at + 1).map_or("", |next| next.text);
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let is_set = before.is_some_and(|it| it.is_word("SET"));
        let is_followed = next.starts_with(['\'', '"', '=', '(', '$', 'e', 'E']);
        token.is_word("IDENTIFIED") || token.is_word("PASSWORD") && (is_set || is_followed)
    };
    tokens.iter().enumerate().any(|(at, token)| is_told(at, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_with_passwords_are_told() {
        let cases = [
            "ALTER USER a PASSWORD 'x'",
            "create role a with encrypted password E'x'",
            "CREATE USER a IDENTIFIED BY 'x'",
            "SET PASSWORD FOR a = 'x'",
            "update users set password='x'",
            "alter role a password 'never closed",
        ];
        for text in cases {
            assert!(may_hold_password(text, Dialect::Postgres), "{text}");
        }
        for text in ["select password from users", "select 'password'", "select 1"] {
            assert!(!may_hold_password(text, Dialect::Postgres), "{text}");
        }
    }
}
