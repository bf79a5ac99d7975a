//! Statements that belong together, as self-contained text: if one fails, no client runs the rest.
//!
//! Many clients continue after an error. PostgreSQL aborts the transaction by itself; for the
//! others the text must make a client hand the block over as a whole, since that ends at an error.

use std::borrow::Cow;
use std::fmt::{self, Write};

use crate::ledger::Requirement;
use crate::sql::{DATA_END, Dialect, Lexer};

/// Delimiters that end a block where the client needs one.
const DELIMITERS: [&str; 4] = ["//", "$$", "@@", "~~~~"];

/// The most bytes sent to MySQL in one piece: well below the limit of 16 MiB of client and server.
const MOST: usize = 4 << 20;

/// SQL that a client hands over as a whole.
pub(super) struct Block {
    dialect: Dialect,
    pieces: Vec<Piece>,
}

enum Piece {
    Note(String),
    /// A statement without a delimiter.
    Statement(String),
}

impl Block {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, pieces: Vec::new() }
    }

    pub(super) fn note(&mut self, text: &str) {
        self.pieces.push(Piece::Note(format!("-- {}", text.replace('\n', "\n-- "))));
    }

    pub(super) fn statement(&mut self, text: impl Into<String>) {
        self.pieces.push(Piece::Statement(text.into()));
    }

    pub(super) fn write(&mut self, out: &mut impl Write) -> fmt::Result {
        let pieces = std::mem::take(&mut self.pieces);
        if !pieces.iter().any(|piece| matches!(piece, Piece::Statement(_))) {
            return pieces.iter().try_for_each(|piece| plain(piece, out));
        }
        match self.dialect {
            Dialect::Postgres => pieces.iter().try_for_each(|piece| plain(piece, out)),
            Dialect::Sqlite => without_line_ends(&pieces, out),
            Dialect::MySql => in_parts(&pieces, out),
        }
    }
}

fn plain(piece: &Piece, out: &mut impl Write) -> fmt::Result {
    match piece {
        Piece::Note(text) => writeln!(out, "{text}\n"),
        // The data of a COPY end by themselves.
        Piece::Statement(text) if text.ends_with(DATA_END) => writeln!(out, "{text}\n"),
        Piece::Statement(text) => writeln!(out, "{text};\n"),
    }
}

/// Writes a comment from each delimiter to the beginning of the next statement: the sqlite3 shell
/// hands over its buffer when a line ends with a statement. Before a delimiter there is nothing,
/// for SQLite keeps the blank lines there as a part of a definition.
fn without_line_ends(pieces: &[Piece], out: &mut impl Write) -> fmt::Result {
    let is_statement = |piece: &Piece| matches!(piece, Piece::Statement(_));
    let last = pieces.iter().rposition(is_statement).unwrap_or_default();
    let mut is_comment = false;
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Note(text) if is_comment => writeln!(out, "{}", text.replace("*/", "* /"))?,
            Piece::Note(text) => writeln!(out, "{text}\n")?,
            Piece::Statement(text) => {
                let closing = if is_comment { "*/ " } else { "" };
                is_comment = at < last;
                let opening = if is_comment { " /*\n" } else { "\n" };
                let text = without_ends_of_the_shell(text);
                writeln!(out, "{closing}{text};{opening}")?;
            }
        }
    }
    Ok(())
}

/// Puts a comment before each `go` and `/` at the start of a line: alone on a line, either is a
/// delimiter to the sqlite3 shell, which goes on after it despite an error.
fn without_ends_of_the_shell(text: &str) -> Cow<'_, str> {
    let begins_line = |offset: usize| {
        let before = text.get(..offset).unwrap_or_default();
        before.trim_end_matches([' ', '\t', '\r', '\u{b}', '\u{c}']).ends_with('\n')
    };
    let mut res = String::new();
    let mut done = 0;
    for token in Lexer::new(text, Dialect::Sqlite).map_while(Result::ok) {
        let is_end = token.is_word("go") || token.text == "/";
        if is_end && begins_line(token.offset) {
            res += text.get(done..token.offset).unwrap_or_default();
            res += "/**/ ";
            done = token.offset;
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    res += text.get(done..).unwrap_or_default();
    Cow::Owned(res)
}

/// Gives the block a delimiter unlike its statements': the server gets all of it, and stops at an
/// error. A larger block is cut, and each part checks whether the one before was done.
fn in_parts(pieces: &[Piece], out: &mut impl Write) -> fmt::Result {
    let mut parts: Vec<Vec<&Piece>> = vec![Vec::new()];
    let mut size = 0;
    for piece in pieces {
        let length = match piece {
            Piece::Note(text) | Piece::Statement(text) => text.len(),
        };
        if size > 0 && size + length > MOST {
            parts.push(Vec::new());
            size = 0;
        }
        size += length;
        if let Some(part) = parts.last_mut() {
            part.push(piece);
        }
    }
    let count = parts.len();
    for (at, part) in parts.into_iter().enumerate() {
        let mark = free_delimiter(&part);
        writeln!(out, "DELIMITER {mark}\n")?;
        if at == 0 && count > 1 {
            writeln!(out, "SET @migrate_part = 0;\n")?;
        } else if at > 0 {
            let condition = format!("@migrate_part = {at}");
            let sentence = "the part before must be done";
            for statement in Requirement::new(condition, sentence, Dialect::MySql).statements(None)
            {
                writeln!(out, "{statement};\n")?;
            }
        }
        part.iter().try_for_each(|piece| plain(piece, out))?;
        if at + 1 < count {
            writeln!(out, "SET @migrate_part = {};\n", at + 1)?;
        }
        writeln!(out, "{mark}\nDELIMITER ;\n")?;
    }
    Ok(())
}

/// Returns a delimiter that does not occur in the text.
fn free_delimiter(pieces: &[&Piece]) -> String {
    let is_free = |mark: &&str| {
        pieces.iter().all(|piece| match piece {
            Piece::Note(text) | Piece::Statement(text) => !text.contains(*mark),
        })
    };
    match DELIMITERS.iter().find(|mark| is_free(mark)) {
        Some(mark) => (*mark).to_owned(),
        None => (0..=u32::MAX)
            .map(|number| format!("~~{number}~~"))
            .find(|it| is_free(&it.as_str()))
            .unwrap_or_default(),
    }
}
