//! Groups statements into messages of the simple protocol.

use crate::database::postgres::fault;
use crate::sql::{DATA_END, Dialect, Lexer};

/// The most bytes of statements in one message.
const MOST: usize = 1 << 20;

/// Tells whether a statement opens a transaction.
pub(super) fn begins(statement: &str) -> bool {
    let first = Lexer::new(statement, Dialect::Postgres).next();
    first.is_some_and(|token| token.is_ok_and(|token| token.is_one_of(&["BEGIN", "START"])))
}

/// Returns how many of the statements fit in one message; one with data goes alone.
pub(super) fn fitting(statements: &[&str]) -> usize {
    let mut size = 0;
    let fits = |text: &&&str| {
        size += text.len() + fault::BETWEEN.len();
        size <= MOST && !text.ends_with(DATA_END)
    };
    statements.iter().take_while(fits).count().max(1)
}
