//! The reasons why a script can't be split.

use thiserror::Error;

/// The reason why a script can't be split. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum SplitError {
    /// A string or a quoted name is never closed.
    #[error("a quote is opened with {opening} and never closed")]
    UnterminatedQuote { opening: String, line: usize, column: usize },
    /// A comment is never closed.
    #[error("a comment is opened with /* and never closed")]
    UnterminatedComment { line: usize, column: usize },
    /// The script has a command of the database's own client, which only that client can run.
    #[error("`{command}` is a command of {client}, not SQL")]
    ClientCommand { command: String, client: &'static str, line: usize, column: usize },
    /// The body of a routine, a trigger or a compound statement is never closed.
    #[error("a body is opened with {opening} and never closed")]
    UnterminatedBody { opening: String, line: usize, column: usize },
    /// The data after a statement is malformed.
    #[error("the data of COPY … FROM STDIN has to {problem}")]
    ClientData { problem: &'static str, line: usize, column: usize },
    /// The script sets an invalid delimiter.
    #[error("`DELIMITER` {problem}")]
    Delimiter { problem: &'static str, line: usize, column: usize },
    /// The script has a NUL byte, which would end it early, without an error of the database.
    #[error("the script contains a NUL character")]
    Nul { line: usize, column: usize },
}

impl SplitError {
    /// Returns the line and the column of the fault.
    pub fn location(&self) -> (usize, usize) {
        match self {
            Self::UnterminatedQuote { line, column, .. }
            | Self::UnterminatedComment { line, column }
            | Self::ClientCommand { line, column, .. }
            | Self::ClientData { line, column, .. }
            | Self::UnterminatedBody { line, column, .. }
            | Self::Delimiter { line, column, .. }
            | Self::Nul { line, column } => (*line, *column),
        }
    }

    /// Returns advice for mending the fault.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnterminatedQuote { .. } => {
                "close the quote, or double it if it is part of the text"
            }
            Self::UnterminatedComment { .. } => "close the comment with */",
            Self::ClientCommand { .. } => "remove it, or write it in SQL",
            Self::UnterminatedBody { .. } => {
                "end it with `END` where a statement could begin: after the `;` of the last one in it"
            }
            Self::ClientData { .. } => {
                "write it as pg_dump does, one row per line, or use INSERT statements"
            }
            Self::Delimiter { .. } => "write one as in `DELIMITER //`, and `DELIMITER ;` to end it",
            Self::Nul { .. } => "remove it; the file may be UTF-16 or not a text at all",
        }
    }
}
