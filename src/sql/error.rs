//! Why a script can't be split.

use thiserror::Error;

/// Why a script can't be split; lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SplitError {
    /// A string or a quoted name is never closed.
    #[error("a quote is opened with {opening} and never closed")]
    UnterminatedQuote {
        /// What opens it.
        opening: String,
        /// The line where it is opened.
        line: usize,
        /// The column where it is opened.
        column: usize,
    },
    /// A comment is never closed.
    #[error("a comment is opened with /* and never closed")]
    UnterminatedComment {
        /// The line where it is opened.
        line: usize,
        /// The column where it is opened.
        column: usize,
    },
    /// A command of the database's own client, which would do something itself.
    #[error("`{command}` is a command of {client}, not SQL")]
    ClientCommand {
        /// The command, without what follows it.
        command: String,
        /// The client.
        client: &'static str,
        /// Its line.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// Data that stands in the script behind the statement, for a client to send.
    #[error("COPY … FROM STDIN needs data that only a client sends")]
    ClientData {
        /// The line where the statement begins.
        line: usize,
        /// The column where the statement begins.
        column: usize,
    },
    /// The delimiter can't be what the script says.
    #[error("`DELIMITER` {problem}")]
    Delimiter {
        /// What is wrong with it.
        problem: &'static str,
        /// Its line.
        line: usize,
        /// Its column.
        column: usize,
    },
    /// A NUL would end the script early, without an error of the database.
    #[error("a NUL character stands in the script")]
    Nul {
        /// Its line.
        line: usize,
        /// Its column.
        column: usize,
    },
}

impl SplitError {
    /// Returns the line and column.
    pub fn location(&self) -> (usize, usize) {
        match self {
            Self::UnterminatedQuote { line, column, .. }
            | Self::UnterminatedComment { line, column }
            | Self::ClientCommand { line, column, .. }
            | Self::ClientData { line, column }
            | Self::Delimiter { line, column, .. }
            | Self::Nul { line, column } => (*line, *column),
        }
    }

    /// Returns what to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnterminatedQuote { .. } => "close the quote, or double it where it is meant",
            Self::UnterminatedComment { .. } => "close the comment with */",
            Self::ClientCommand { .. } => "take it out, or say it in SQL",
            Self::ClientData { .. } => "write INSERT statements",
            Self::Delimiter { .. } => "write one as in `DELIMITER //`, and `DELIMITER ;` to end it",
            Self::Nul { .. } => "take it out; the file may be in UTF-16 or no text at all",
        }
    }
}
