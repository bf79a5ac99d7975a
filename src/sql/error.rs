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
    /// The body of a routine, a trigger or a compound statement is never closed.
    #[error("a body is opened with {opening} and never closed")]
    UnterminatedBody {
        /// What opens it.
        opening: String,
        /// The line where it is opened.
        line: usize,
        /// The column where it is opened.
        column: usize,
    },
    /// The data that stand in the script behind the statement are not as they have to be.
    #[error("the data of COPY … FROM STDIN have to {problem}")]
    ClientData {
        /// What they have to.
        problem: &'static str,
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
            | Self::ClientData { line, column, .. }
            | Self::UnterminatedBody { line, column, .. }
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
            Self::UnterminatedBody { .. } => {
                "end it with `END` where a statement could begin: after the `;` of the last one in it"
            }
            Self::ClientData { .. } => {
                "write them as pg_dump does, a row a line, or write INSERT statements"
            }
            Self::Delimiter { .. } => "write one as in `DELIMITER //`, and `DELIMITER ;` to end it",
            Self::Nul { .. } => "take it out; the file may be in UTF-16 or no text at all",
        }
    }
}
