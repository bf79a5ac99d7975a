//! A script as its statements.
//!
//! It cuts where the database would, and nowhere else: it neither checks the statements nor changes
//! a byte of them.

use std::{iter, ops::Range};

use crate::sql::{
    body::Body,
    client::{data_len, delimiter, escaped_command, is_passed_over, takes_client_data},
    dialect::Dialect,
    error::SplitError,
    lexer::{DELIMITER, Lexer, Token, TokenKind, Unterminated},
    lines::Position,
    statement::Statement,
};

/// An iterator over the statements of a script; it ends after an error. It reads only as far as the
/// next delimiter, but reports a NUL anywhere first.
#[derive(Debug, Clone)]
pub struct Splitter<'a> {
    text: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    cursor: Position,
    nul: Option<usize>,
}

/// Splits a script into its statements.
///
/// Empty statements, of blanks and comments only, are left out. The last one needs no delimiter.
///
/// It cuts where SQLite does, but a vertical tab or another illegal token is left for the database
/// to refuse. For PostgreSQL it knows dollar quotes, parentheses and `BEGIN ATOMIC … END`; for
/// MySQL and MariaDB stored programs and compound statements, with `DELIMITER` or without it, and
/// comments whose text is code. The data of PostgreSQL's `COPY … FROM STDIN` belong to their statement.
/// What only a client could do is an error: its commands. The servers' settings that change the rules of quotes
/// (`standard_conforming_strings = off`, `NO_BACKSLASH_ESCAPES`) are not known to it.
///
/// ```
/// use limbeck::sql::{Dialect, split};
///
/// let script = "-- one; two\nINSERT INTO notes VALUES ('a;b');\n\nDROP TABLE old";
/// let statements = split(script, Dialect::Sqlite)?;
///
/// assert_eq!(statements.len(), 2);
/// assert_eq!(statements[0].text, "INSERT INTO notes VALUES ('a;b')");
/// assert_eq!((statements[1].line, statements[1].column), (4, 1));
/// # Ok::<(), limbeck::sql::SplitError>(())
/// ```
pub fn split(text: &str, dialect: Dialect) -> Result<Vec<Statement<'_>>, SplitError> {
    Splitter::new(text, dialect).collect()
}

impl<'a> Splitter<'a> {
    /// Starts at the beginning of a script.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let lexer = Lexer::new(text, dialect);
        Self { text, dialect, lexer, cursor: Position::new(), nul: text.find('\0') }
    }

    /// Starts at the beginning of a text without NULs.
    pub(crate) fn without_nul(text: &'a str, dialect: Dialect) -> Self {
        Self { text, dialect, lexer: Lexer::new(text, dialect), cursor: Position::new(), nul: None }
    }

    /// Sets a delimiter other than `;` for the beginning of the script.
    #[must_use]
    pub fn with_delimiter(mut self, delimiter: &'a str) -> Self {
        self.lexer.set_delimiter(delimiter);
        self
    }

    /// Returns the current delimiter.
    pub fn delimiter(&self) -> &'a str {
        self.lexer.delimiter()
    }

    fn statement(&mut self) -> Result<Option<Statement<'a>>, SplitError> {
        let mut body = self.body();
        let mut found: Option<Range<usize>> = None;
        let mut is_empty = true;
        let mut may_skip = true;
        while let Some(token) = self.lexer.next() {
            let token = token.map_err(|open| self.unterminated(open))?;
            if token.kind == TokenKind::Delimiter && body.ends() && !self.lexer.is_in_executable() {
                if let Some(range) = found.take().filter(|_| !is_empty) {
                    return self.checked(range, token.end()).map(Some);
                }
                body = self.body();
                is_empty = true;
                continue;
            }
            if token.kind != TokenKind::Delimiter {
                body.pass(&token);
            }
            if found.is_none() && self.passes_over(&token) {
                body = self.body();
                continue;
            }
            self.refuse_command(&token, found.is_none())?;
            if found.is_none() && self.sets_delimiter(&token)? {
                body = self.body();
                continue;
            }
            // After another delimiter a `;` is allowed, without effect.
            if token.kind == TokenKind::Symbol && token.text == DELIMITER {
                continue;
            }
            let offset = found.map_or(token.offset, |range| range.start);
            found = Some(offset..token.end());
            is_empty &= token.kind == TokenKind::Executable;
            if may_skip && body.is_plain() {
                may_skip = false;
                if let Some(rest) = self.lexer.skip_plain() {
                    return self.checked(offset..rest.end, rest.delimiter + 1).map(Some);
                }
            }
        }
        if let Some((offset, opening)) = body.opened() {
            let (line, column) = self.cursor.advance(self.text, offset);
            let opening = opening.to_ascii_uppercase();
            return Err(SplitError::UnterminatedBody { opening, line, column });
        }
        let last = found.filter(|_| !is_empty);
        last.map(|range| self.checked(range, self.text.len())).transpose()
    }

    fn body(&self) -> Body<'a> {
        if self.lexer.has_own_delimiter() {
            Body::None
        } else {
            Body::new(self.dialect.lexicon().bodies)
        }
    }

    /// Skips a line that doesn't affect the server, if the token begins one.
    fn passes_over(&mut self, token: &Token<'a>) -> bool {
        let Some(client) = self.dialect.lexicon().client.as_ref().filter(|_| token.text == "\\")
        else {
            return false;
        };
        let text = self.text.get(token.offset..).unwrap_or_default();
        let found =
            escaped_command(text, client).is_some_and(|command| is_passed_over(command, client));
        if found {
            self.lexer.take_line();
        }
        found
    }

    /// Refuses a command that only the client can run.
    fn refuse_command(&mut self, token: &Token<'a>, starts: bool) -> Result<(), SplitError> {
        let Some(client) = &self.dialect.lexicon().client else { return Ok(()) };
        let is_word = |command: &&str| token.is_word(command);
        let command = if token.text == "\\" {
            escaped_command(self.text.get(token.offset..).unwrap_or_default(), client)
        } else {
            (starts && client.commands.iter().any(is_word)).then_some(token.text)
        };
        let Some(command) = command else { return Ok(()) };
        let (line, column) = self.cursor.advance(self.text, token.offset);
        let (command, client) = (command.to_owned(), client.name);
        Err(SplitError::ClientCommand { command, client, line, column })
    }

    /// Handles `DELIMITER` and the rest of its line, if the token begins one.
    fn sets_delimiter(&mut self, token: &Token<'a>) -> Result<bool, SplitError> {
        let client = self.dialect.lexicon().client.as_ref();
        if !client.and_then(|client| client.delimiter).is_some_and(|word| token.is_word(word)) {
            return Ok(false);
        }
        match delimiter(self.lexer.take_line()) {
            Ok(delimiter) => self.lexer.set_delimiter(delimiter),
            Err(problem) => {
                let (line, column) = self.cursor.advance(self.text, token.offset);
                return Err(SplitError::Delimiter { problem, line, column });
            }
        }
        Ok(true)
    }

    fn checked(&mut self, range: Range<usize>, end: usize) -> Result<Statement<'a>, SplitError> {
        let statement = self.make(range, end);
        if !takes_client_data(&statement) {
            return Ok(statement);
        }
        let Statement { offset, line, column, .. } = statement;
        match data_len(self.text.get(end..).unwrap_or_default()) {
            Ok(length) => {
                self.lexer.pass(length);
                let end = end + length;
                let text = self.text.get(offset..end).unwrap_or_default();
                Ok(Statement { text, end, ..statement })
            }
            Err(problem) => Err(SplitError::ClientData { problem, line, column }),
        }
    }

    fn unterminated(&mut self, open: Unterminated<'a>) -> SplitError {
        let (line, column) = self.cursor.advance(self.text, open.offset);
        if open.opening == "/*" {
            SplitError::UnterminatedComment { line, column }
        } else {
            SplitError::UnterminatedQuote { opening: open.opening.to_owned(), line, column }
        }
    }

    fn make(&mut self, range: Range<usize>, end: usize) -> Statement<'a> {
        let offset = range.start;
        let (line, column) = self.cursor.advance(self.text, offset);
        let text = self.text.get(range).unwrap_or_default();
        Statement { text, offset, line, column, end, dialect: self.dialect }
    }

    fn stop(&mut self) {
        self.nul = None;
        self.lexer = Lexer::new("", self.dialect);
    }
}

impl<'a> Iterator for Splitter<'a> {
    type Item = Result<Statement<'a>, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(offset) = self.nul {
            self.stop();
            let (line, column) = self.cursor.advance(self.text, offset);
            return Some(Err(SplitError::Nul { line, column }));
        }
        let item = self.statement();
        if item.is_err() {
            self.stop();
        }
        item.transpose()
    }
}

impl iter::FusedIterator for Splitter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_end_is_none_in_another_place() {
        for whole in [
            "create trigger a;\"end\";end/**/;c",
            "create trigger a;end b;end;c",
            "explain query plan create trigger a;end;c",
            "create virtual table a using b(c;(d;);e);c",
            "create table trigger;c",
            "create virtual table a using b;c",
            "explain select @create trigger;c",
            "a ';' \";\" `;` [;];c",
        ] {
            let statements = split(whole, Dialect::Sqlite).unwrap();
            let texts: Vec<&str> = statements.iter().map(|it| it.text).collect();
            assert_eq!(texts, [whole.trim_end_matches(";c").trim_end_matches("/**/"), "c"]);
        }
    }

    #[test]
    fn the_iterator_is_lazy_and_ends_after_an_error() {
        let mut splitter = Splitter::new("a; b; 'c", Dialect::Sqlite);
        assert_eq!(splitter.next().unwrap().unwrap().text, "a");
        assert_eq!(splitter.next().unwrap().unwrap().text, "b");
        assert!(splitter.next().unwrap().is_err());
        assert!(splitter.next().is_none());
        let mut splitter = Splitter::new("a;\0", Dialect::Sqlite);
        assert!(splitter.next().unwrap().is_err());
        assert!(splitter.next().is_none());
    }

    #[test]
    fn data_belong_to_the_statement_that_copies_them() {
        let copy = "copy b (c) from stdin;\n1\tit's; \\N\n$$ /*\n\\.";
        let text = format!("a;\n{copy}\n\n -- x\nd;{copy}");
        let statements = split(&text, Dialect::Postgres).unwrap();
        let told: Vec<_> = statements.iter().map(|it| (it.text, it.line)).collect();
        assert_eq!(told, [("a", 1), (copy, 2), ("d", 8), (copy, 8)]);
        assert_eq!(statements[1].code().last().unwrap().text, "stdin");
    }

    #[test]
    fn what_can_not_be_split_is_told_at_its_place_with_a_hint() {
        let of_block = |opening: &str| format!("a body is opened with {opening} and never closed");
        let trigger = "create trigger t after insert on a begin";
        let (begin, atomic) = (of_block("BEGIN"), of_block("BEGIN ATOMIC"));
        let case = format!("{trigger} select case when 1 then 2 end");
        let sqlite = format!("a;\n{trigger} select 1;\nb;");
        let function = "a;\ncreate function f() begin atomic select 1; select 2;\n\nb;";
        let row = "create trigger t before insert on a for each row begin set b = 1;";
        let end = "the data of COPY … FROM STDIN has to end with a line `\\.`";
        let next = "the data of COPY … FROM STDIN has to begin on the next line";
        let connect = r"`\connect` is a command of psql, not SQL";
        let restrict = r"`\restrict` is a command of psql, not SQL";
        for (dialect, text, line, column, message) in [
            (Dialect::Sqlite, sqlite.as_str(), 2, 36, begin.as_str()),
            (Dialect::Sqlite, &case, 1, 36, &begin),
            (Dialect::Postgres, function, 2, 21, &atomic),
            (Dialect::Postgres, "a;\n copy b from stdin;\n1\n", 2, 2, end),
            (Dialect::Postgres, "a;\n copy b from stdin", 2, 2, end),
            (Dialect::Postgres, "copy b from stdin; c;\n\\.\n", 1, 1, next),
            (Dialect::Postgres, "-- a\n\\connect key\n", 2, 1, connect),
            (Dialect::Postgres, "a \\restrict", 1, 3, restrict),
            (Dialect::MySql, "a;\ncreate procedure p()\nx: begin a;", 3, 4, &begin),
            (Dialect::MySql, "begin not atomic\n if 1 then a; end if;", 1, 1, &begin),
            (Dialect::MySql, "begin not atomic\n if 1 then a; end;", 1, 1, &begin),
            (Dialect::MySql, "if 1 then\n a;", 1, 1, &of_block("IF")),
            (Dialect::MySql, row, 1, 50, &begin),
            (Dialect::MySql, "a;\nsource b.sql\n", 2, 1, "`source` is a command of mysql, not SQL"),
            (Dialect::MySql, "a \\G", 1, 3, r"`\G` is a command of mysql, not SQL"),
            (Dialect::MySql, "a; delimiter\n", 1, 4, "`DELIMITER` without a delimiter"),
        ] {
            let error = split(text, dialect).unwrap_err();
            let told = (error.location(), error.to_string());
            assert_eq!(told, ((line, column), message.to_owned()), "{text}");
            assert!(!error.hint().is_empty());
        }
        for text in ["begin", "begin; a", "begin work; a", "create procedure p() begin a; end"] {
            split(text, Dialect::MySql).unwrap();
        }
    }
}
