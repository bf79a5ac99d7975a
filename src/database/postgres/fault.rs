//! PostgreSQL's errors: their meaning, and the statement of a message that they refer to.

use std::io;

use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::ErrorFields;

use crate::database::{Notice, SqlFault};
use crate::sql::{DATA_END, Dialect, Lexer, inline_data};

/// The separator of the statements in a message: a statement may end with a comment.
pub(super) const BETWEEN: &str = "\n;\n";

/// States in which a retry may succeed: a lock timeout, a deadlock, a serialization failure.
const TRANSIENT: [&str; 3] = ["55P03", "40P01", "40001"];

#[derive(Debug, Default)]
pub(in crate::database) struct ServerError {
    /// `ERROR`, `NOTICE` and the like, localized on old servers.
    pub(in crate::database) severity: String,
    pub(in crate::database) code: String,
    pub(in crate::database) message: String,
    pub(in crate::database) detail: Option<String>,
    pub(in crate::database) hint: Option<String>,
    /// The position in the message, in characters from 1; a position in a function's text is not in
    /// the script.
    pub(in crate::database) position: Option<u32>,
    /// Where in its own work the server was.
    pub(in crate::database) context: Option<String>,
    pub(in crate::database) table: Option<String>,
    /// The function of the server that raised the error.
    pub(in crate::database) routine: Option<String>,
}

pub(super) fn join<T: AsRef<str>>(statements: &[T]) -> String {
    let texts: Vec<&str> = statements.iter().map(AsRef::as_ref).collect();
    texts.join(BETWEEN)
}

/// Finds the failed statement and the position in it that the server reports.
///
/// The server counts characters from 1 over the whole message, and has completed some of the
/// statements. A syntax error is found before any of them runs.
pub(in crate::database) fn locate<T: AsRef<str>>(
    statements: &[T],
    completed: usize,
    position: Option<u32>,
) -> (usize, Option<usize>) {
    let pointed = position.and_then(|position| pointed_at(statements, position));
    let counted = counted(statements, completed);
    match pointed {
        Some((at, offset)) if at == counted || (completed == 0 && at > counted) => {
            (at, Some(offset))
        }
        _ => (counted, None),
    }
}

/// Returns the index of the statement after a number of answered ones; empty statements are never
/// answered.
fn counted<T: AsRef<str>>(statements: &[T], completed: usize) -> usize {
    if completed == 0 && statements.len() == 1 {
        return 0;
    }
    let is_empty = |text: &str| Lexer::new(text, Dialect::Postgres).next().is_none();
    let answered = statements.iter().enumerate().filter(|(_, text)| !is_empty(text.as_ref()));
    answered.map(|(at, _)| at).nth(completed).unwrap_or(statements.len())
}

fn pointed_at<T: AsRef<str>>(statements: &[T], position: u32) -> Option<(usize, usize)> {
    let mut left = usize::try_from(position).ok()?.checked_sub(1)?;
    for (at, text) in statements.iter().map(AsRef::as_ref).enumerate() {
        let length = text.chars().count();
        // A position between two statements means that the first one ended too early.
        if left < length + BETWEEN.len() {
            let offset = text.char_indices().nth(left).map_or(text.len(), |(offset, _)| offset);
            return Some((at, offset));
        }
        left -= length + BETWEEN.len();
    }
    None
}

impl ServerError {
    /// Parses the fields of an error or notice (section 55.8 of the manual, Error and Notice
    /// Message Fields).
    pub(super) fn read(mut fields: ErrorFields<'_>) -> io::Result<Self> {
        let mut error = Self::default();
        while let Some(field) = fields.next()? {
            let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
            match field.type_() {
                b'V' => error.severity = value,
                b'S' if error.severity.is_empty() => error.severity = value,
                b'C' => error.code = value,
                b'M' => error.message = value,
                b'D' => error.detail = Some(value),
                b'H' => error.hint = Some(value),
                b'P' => error.position = value.parse().ok(),
                b'W' => error.context = Some(value),
                b't' => error.table = Some(value),
                b'R' => error.routine = Some(value),
                _ => {}
            }
        }
        Ok(error)
    }

    /// Returns the position of the faulty COPY data in a statement, from the line number that the
    /// server gives: `COPY t, line 2, column a: "x"`, in any language.
    pub(in crate::database) fn data_offset(&self, statement: &str) -> Option<usize> {
        let (command, data) = inline_data(statement, Dialect::Postgres)?;
        let (_, told) = self.context.as_deref()?.strip_prefix("COPY ")?.split_once(", ")?;
        let digits = told.trim_start_matches(|c: char| !c.is_ascii_digit());
        let digits =
            digits.get(..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()))?;
        let line: usize = digits.parse().ok()?;
        let start = statement.len() - data.len() - DATA_END.len() + 1;
        debug_assert!(start > command.len(), "data come after their statement");
        let before = data.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len);
        Some(start + before.sum::<usize>())
    }

    pub(in crate::database) fn fault(self, offset: Option<usize>) -> SqlFault {
        SqlFault {
            message: self.message,
            offset,
            detail: self.detail,
            hint: self.hint,
            table: self.table,
            is_transient: TRANSIENT.contains(&self.code.as_str()),
            code: Some(self.code),
        }
    }

    pub(super) fn notice(self) -> Notice {
        Notice { severity: self.severity, message: self.message, code: self.code }
    }

    /// Tells whether the error ends the connection.
    pub(super) fn is_fatal(&self) -> bool {
        matches!(self.severity.as_str(), "FATAL" | "PANIC")
            || matches!(self.code.as_str(), "57P01" | "57P02" | "57P05" | "25P03")
    }

    /// Tells whether the server itself ended the connection on request, during a statement or
    /// before one. A pooler's farewell says nothing about the work of the server.
    pub(super) fn is_told(&self) -> bool {
        self.routine.as_deref() == Some("ProcessInterrupts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the position of a character in the joined message, counted as the server does.
    fn server_position(statements: &[&str], needle: &str) -> Option<u32> {
        let joined = join(statements);
        let before = joined.find(needle).unwrap();
        Some(u32::try_from(joined[..before].chars().count() + 1).unwrap())
    }

    #[test]
    fn a_position_is_a_statement_and_a_byte_of_it() {
        let list = ["SELECT 'äöü€🦀'", "SELECT 'ß', here", "SELECT 3"];
        let here = list[1].find("here");
        let early = ["CREATE TABLE t (a int)", "SELECT 2", "SELEC 3"];
        let ends = ["SELECT (1", "SELECT 2"];
        let counted = ["SELECT 1", "SELECT 2", "SELECT 1/0"];
        let nothing = ["/* nothing */", "SELECT 1", "SELECT 1/0"];
        let called = ["SELECT 1", "SELECT f()", "SELECT 3"];
        let cases: [(&[&str], usize, Option<u32>, _); 13] = [
            (&list, 1, server_position(&list, "here"), (1, here)),
            (&list[1..2], 0, Some(13), (0, here)),
            (&list, 0, Some(1), (0, Some(0))),
            // A syntax error is found before anything ran.
            (&early, 0, server_position(&early, "SELEC 3"), (2, Some(0))),
            // At the `;` between them, and on the line before it.
            (&ends, 0, Some(10), (0, Some(9))),
            (&ends, 0, Some(11), (0, Some(9))),
            (&ends, 0, Some(13), (1, Some(0))),
            // Without a position the answers are counted.
            (&counted, 2, None, (2, None)),
            (&counted, 3, None, (3, None)),
            (&nothing, 1, None, (2, None)),
            // A position that contradicts the count is left out.
            (&called, 1, Some(2), (1, None)),
            (&called, 1, Some(9_999), (1, None)),
            (&called, 0, Some(0), (0, None)),
        ];
        for (statements, completed, position, expected) in cases {
            let found = locate(statements, completed, position);
            assert_eq!(found, expected, "{statements:?} {completed} {position:?}");
        }
    }
}
