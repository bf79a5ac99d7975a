//! PostgreSQL's errors: what they mean for us, and which statement of a message they are about.

use std::error::Error as _;

use tokio_postgres::error::{DbError, ErrorPosition, Severity};

use crate::database::{Notice, SqlFault};
use crate::sql::{DATA_END, Dialect, Lexer, inline_data};

/// What stands between the statements of a message: a comment may be at the end of one.
pub(super) const BETWEEN: &str = "\n;\n";

/// States that pass by themselves: a lock timeout, a deadlock, a serialization failure.
const TRANSIENT: [&str; 3] = ["55P03", "40P01", "40001"];

/// Joins statements into one message.
pub(super) fn join<T: AsRef<str>>(statements: &[T]) -> String {
    let texts: Vec<&str> = statements.iter().map(AsRef::as_ref).collect();
    texts.join(BETWEEN)
}

/// Finds the statement that failed and the byte of it that the server points at.
///
/// The server counts characters from 1 over the whole message, and has completed some of the
/// statements. One that can't be parsed is found before any of them runs.
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

/// Returns which statement comes after so many that were answered; the empty ones never are.
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
        // What stands between two statements is where the first ended too early.
        if left < length + BETWEEN.len() {
            let offset = text.char_indices().nth(left).map_or(text.len(), |(offset, _)| offset);
            return Some((at, offset));
        }
        left -= length + BETWEEN.len();
    }
    None
}

/// Returns the place in the message that an error points at.
pub(in crate::database) fn position(error: &DbError) -> Option<u32> {
    match error.position()? {
        ErrorPosition::Original(position) => Some(*position),
        // In the text of a function, which is not in the script.
        ErrorPosition::Internal { .. } => None,
    }
}

/// Returns the byte of a statement at which the data stand that the server complains of: it tells
/// their line, `COPY t, line 2, column a: "x"`, in whatever language.
pub(in crate::database) fn data_offset(statement: &str, error: &DbError) -> Option<usize> {
    let (command, data) = inline_data(statement, Dialect::Postgres)?;
    let (_, told) = error.where_()?.strip_prefix("COPY ")?.split_once(", ")?;
    let digits = told.trim_start_matches(|c: char| !c.is_ascii_digit());
    let digits =
        digits.get(..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len()))?;
    let line: usize = digits.parse().ok()?;
    let start = statement.len() - data.len() - DATA_END.len() + 1;
    debug_assert!(start > command.len(), "data come after their statement");
    let before: usize = data.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    Some(start + before)
}

/// Makes a fault of a server's answer.
pub(in crate::database) fn fault(error: &DbError, offset: Option<usize>) -> SqlFault {
    let code = error.code().code();
    SqlFault {
        message: error.message().to_owned(),
        code: Some(code.to_owned()),
        offset,
        detail: error.detail().map(str::to_owned),
        hint: error.hint().map(str::to_owned),
        table: error.table().map(str::to_owned),
        is_transient: TRANSIENT.contains(&code),
    }
}

/// Tells whether the server ends the connection with this answer.
pub(super) fn is_fatal(error: &DbError) -> bool {
    matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic))
        || matches!(error.code().code(), "57P01" | "57P02" | "57P05" | "25P03")
        || matches!(error.severity(), "FATAL" | "PANIC")
}

/// Tells whether the server itself has ended the connection, as somebody had it do, while it ran a
/// statement or was about to. A pooler's farewell tells nothing of what the server has done.
pub(super) fn is_told(error: &DbError) -> bool {
    error.routine() == Some("ProcessInterrupts")
}

/// Makes a notice of what a server says in passing.
pub(super) fn notice(error: &DbError) -> Notice {
    let severity = match error.parsed_severity() {
        Some(severity) => severity.to_string(),
        None => error.severity().to_owned(),
    };
    Notice { severity, message: error.message().to_owned(), code: error.code().code().to_owned() }
}

/// Returns an error with its causes; the server's own message alone where there is one.
pub(in crate::database) fn chain(error: &tokio_postgres::Error) -> String {
    if let Some(error) = error.as_db_error() {
        let detail = error.detail().or(error.hint()).map(|it| format!(" ({it})"));
        return format!("{}{}", error.message(), detail.unwrap_or_default());
    }
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a character of the joined message is, counted as the server does.
    fn server_position(statements: &[&str], needle: &str) -> Option<u32> {
        let joined = join(statements);
        let before = joined.find(needle).unwrap();
        Some(u32::try_from(joined[..before].chars().count() + 1).unwrap())
    }

    #[test]
    fn a_position_is_a_statement_and_a_byte_of_it() {
        let list = ["SELECT 'äöü€🦀'", "SELECT 'ß', here", "SELECT 3"];
        let position = server_position(&list, "here");
        assert_eq!(locate(&list, 1, position), (1, list[1].find("here")));
        assert_eq!(locate(&list[1..2], 0, Some(13)), (0, list[1].find("here")));
        assert_eq!(locate(&list, 0, Some(1)), (0, Some(0)));
    }

    #[test]
    fn a_syntax_error_is_found_before_anything_ran() {
        let list = ["CREATE TABLE t (a int)", "SELECT 2", "SELEC 3"];
        assert_eq!(locate(&list, 0, server_position(&list, "SELEC 3")), (2, Some(0)));
    }

    #[test]
    fn the_end_of_a_statement_is_its_own() {
        let list = ["SELECT (1", "SELECT 2"];
        // At the `;` between them, and on the line before it.
        for position in [10, 11] {
            assert_eq!(locate(&list, 0, Some(position)), (0, Some(9)));
        }
        assert_eq!(locate(&list, 0, Some(13)), (1, Some(0)));
    }

    #[test]
    fn without_a_position_the_answers_are_counted() {
        let list = ["SELECT 1", "SELECT 2", "SELECT 1/0"];
        assert_eq!(locate(&list, 2, None), (2, None));
        assert_eq!(locate(&list, 3, None), (3, None));
        assert_eq!(locate(&["/* nothing */", "SELECT 1", "SELECT 1/0"], 1, None), (2, None));
    }

    #[test]
    fn a_position_that_contradicts_the_count_is_left_out() {
        let list = ["SELECT 1", "SELECT f()", "SELECT 3"];
        assert_eq!(locate(&list, 1, Some(2)), (1, None));
        assert_eq!(locate(&list, 1, Some(9_999)), (1, None));
        assert_eq!(locate(&list, 0, Some(0)), (0, None));
    }
}
