//! A script as its statements.
//!
//! It cuts where the database would, and nowhere else: it neither checks the statements nor
//! changes a byte of them.

use std::{iter, ops::Range};

use thiserror::Error;

use crate::sql::{
    body::Body,
    dialect::{Client, Dialect},
    lexer::{DELIMITER, Lexer, Token, TokenKind, Unterminated},
    lines::Cursor,
};

/// The most characters of a delimiter: what the mysql client takes.
const LONGEST_DELIMITER: usize = 15;

/// One statement of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// From the first token to the last: without blanks and comments around, or the delimiter.
    pub text: &'a str,
    /// Where the text begins in the script, in bytes.
    pub offset: usize,
    /// The line where the text begins, from 1.
    pub line: usize,
    /// The column where the text begins, in characters, from 1.
    pub column: usize,
    /// The byte offset just after the delimiter, or the script's length if there is none.
    pub end: usize,
    /// The dialect by whose rules it was found.
    pub dialect: Dialect,
}

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

/// An iterator over the statements of a script; it ends after an error.
///
/// It reads on only as far as the next delimiter, but a NUL anywhere is the first thing it
/// reports.
#[derive(Debug, Clone)]
pub struct Splitter<'a> {
    text: &'a str,
    dialect: Dialect,
    lexer: Lexer<'a>,
    cursor: Cursor,
    nul: Option<usize>,
}

/// Splits a script into its statements.
///
/// Empty statements, of blanks and comments only, are left out. The last one needs no delimiter.
///
/// It cuts where SQLite does, but a vertical tab or another illegal token is left for the database
/// to refuse. For PostgreSQL it knows dollar quotes, parentheses and `BEGIN ATOMIC … END`; for
/// MySQL and MariaDB stored programs and compound statements, with `DELIMITER` or without it, and
/// comments whose text is code. What only a client could do is an error: its commands, and
/// `COPY … FROM STDIN`. The servers' settings that change the rules of quotes
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

impl<'a> Statement<'a> {
    /// Returns where the text stands in the script, for those who can't keep the reference.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.text.len()
    }

    /// Returns the tokens; their offsets count from the statement's own start.
    pub fn tokens(&self) -> Lexer<'a> {
        Lexer::new(self.text, self.dialect)
    }

    /// Returns the tokens that the server runs: comments whose text is code count by that text.
    pub fn code(&self) -> impl Iterator<Item = Token<'a>> + use<'a> {
        let tokens = self.tokens().map_while(Result::ok);
        tokens.filter(|token| token.kind != TokenKind::Executable)
    }

    /// Tells whether nothing is outside of comments such as `/*!80000 … */`.
    ///
    /// A server that they are not meant for finds the statement empty, which MySQL and MariaDB
    /// answer with error 1065; nothing is wrong then.
    pub fn is_conditional(&self) -> bool {
        let mut lexer = self.tokens();
        while let Some(Ok(token)) = lexer.next() {
            if token.kind != TokenKind::Executable && !lexer.is_in_executable() {
                return false;
            }
        }
        true
    }

    /// Tells whether a delimiter stands in the statement, so that a client which cuts at every
    /// one needs another: MySQL's does.
    pub fn holds_delimiter(&self) -> bool {
        self.code().any(|token| token.kind == TokenKind::Delimiter)
    }

    /// Returns the bare words at the start, in upper case, up to what is not a bare word.
    pub fn leading_words(&self) -> impl Iterator<Item = String> + use<'a> {
        self.code()
            .take_while(|token| token.kind == TokenKind::Word)
            .map(|token| token.text.to_ascii_uppercase())
    }

    /// Returns the first word in upper case, unless the statement begins with something else.
    pub fn first_word(&self) -> Option<String> {
        self.leading_words().next()
    }
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

impl<'a> Splitter<'a> {
    /// Begins at the start of a script.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let lexer = Lexer::new(text, dialect);
        Self { text, dialect, lexer, cursor: Cursor::new(), nul: text.find('\0') }
    }

    fn statement(&mut self) -> Result<Option<Statement<'a>>, SplitError> {
        let mut body = self.body();
        let mut found: Option<Range<usize>> = None;
        let mut is_empty = true;
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
            self.refuse_command(&token, found.is_none())?;
            if found.is_none() && self.sets_delimiter(&token)? {
                body = self.body();
                continue;
            }
            // Before another delimiter a `;` is allowed, and says nothing.
            if token.kind == TokenKind::Symbol && token.text == DELIMITER {
                continue;
            }
            let offset = found.map_or(token.offset, |range| range.start);
            found = Some(offset..token.end());
            is_empty &= token.kind == TokenKind::Executable;
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

    /// Refuses what would be the client's to do.
    fn refuse_command(&mut self, token: &Token<'a>, starts: bool) -> Result<(), SplitError> {
        let Some(client) = &self.dialect.lexicon().client else {
            return Ok(());
        };
        let is_word = |command: &&str| token.is_word(command);
        let command = if token.text == "\\" {
            escaped_command(self.text.get(token.offset..).unwrap_or_default(), client)
        } else {
            (starts && client.commands.iter().any(is_word)).then_some(token.text)
        };
        let Some(command) = command else {
            return Ok(());
        };
        let (line, column) = self.cursor.advance(self.text, token.offset);
        let (command, client) = (command.to_owned(), client.name);
        Err(SplitError::ClientCommand { command, client, line, column })
    }

    /// Takes `DELIMITER` and the rest of its line, if that is what the token begins.
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
        if takes_client_data(&statement) {
            let Statement { line, column, .. } = statement;
            return Err(SplitError::ClientData { line, column });
        }
        Ok(statement)
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

/// Returns the command that a backslash begins, unless it is SQL.
fn escaped_command<'a>(text: &'a str, client: &Client) -> Option<&'a str> {
    let mut inner = text.char_indices().skip(1);
    let (at, next) = inner.next()?;
    if u8::try_from(next).is_ok_and(|next| client.not_commands.contains(&next)) {
        return None;
    }
    let end = if client.one_character {
        at + next.len_utf8()
    } else {
        text.find(char::is_whitespace).unwrap_or(text.len())
    };
    text.get(..end)
}

/// Returns the delimiter that the rest of a line sets, or what is wrong with it.
fn delimiter(rest: &str) -> Result<&str, &'static str> {
    let found = rest.split_ascii_whitespace().next().unwrap_or_default();
    if found.is_empty() || !rest.starts_with(|first: char| first.is_ascii_whitespace()) {
        Err("without a delimiter")
    } else if found.contains('\\') {
        Err("with a backslash")
    } else if found.chars().count() > LONGEST_DELIMITER {
        Err("with more than 15 characters")
    } else {
        Ok(found)
    }
}

/// Tells whether a statement copies what a client sends: the word after the first `FROM` or `TO`
/// outside parentheses says so.
fn takes_client_data(statement: &Statement<'_>) -> bool {
    let words = statement.dialect.lexicon().client_data;
    let mut tokens = statement.code();
    if words.is_empty() || !tokens.next().is_some_and(|first| first.is_word("COPY")) {
        return false;
    }
    let mut depth = 0_usize;
    let direction = tokens.find(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (token.is_word("FROM") || token.is_word("TO"))
    });
    let source = tokens.next();
    direction.is_some_and(|direction| direction.is_word("FROM"))
        && source.is_some_and(|source| words.iter().any(|word| source.is_word(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        check_in(Dialect::Sqlite, text, expected);
    }

    #[track_caller]
    fn check_in(dialect: Dialect, text: &str, expected: &[&str]) {
        let statements = split(text, dialect).unwrap();
        let actual: Vec<&str> = statements.iter().map(|statement| statement.text).collect();
        assert_eq!(actual, expected, "{text:?}");
    }

    #[track_caller]
    fn check_error(text: &str, message: &str, location: (usize, usize)) {
        let error = split(text, Dialect::Sqlite).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.location()), (message, location), "{text:?}");
    }

    #[test]
    fn delimiters_end_statements_and_empty_ones_are_none() {
        check("", &[]);
        check(" \n;; /* a; */ ; -- b;\n", &[]);
        check("a;b", &["a", "b"]);
        check("/* x */ a /* y */ b /* z */;-- c\n", &["a /* y */ b"]);
        check("a ';' \";\" `;` [;];b;", &["a ';' \";\" `;` [;]", "b"]);
    }

    #[test]
    fn a_trigger_ends_at_its_end() {
        let trigger =
            "CREATE TRIGGER a AFTER DELETE ON b BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END";
        check(&format!("{trigger};c"), &[trigger, "c"]);
        check(trigger, &[trigger]);
        check("create temp trigger a;b;end;c", &["create temp trigger a;b;end", "c"]);
        check("create trigger a;\"end\";end/**/;c", &["create trigger a;\"end\";end", "c"]);
        check("create trigger a;end b;end;c", &["create trigger a;end b;end", "c"]);
        check(
            "explain query plan create trigger a;end;b",
            &["explain query plan create trigger a;end", "b"],
        );
        check("create table trigger;end;c", &["create table trigger", "end", "c"]);
        check("explain select @create trigger;end", &["explain select @create trigger", "end"]);
    }

    #[test]
    fn a_virtual_tables_arguments_may_hold_delimiters() {
        check(
            "create virtual table a using b(c;(d;);e);f",
            &["create virtual table a using b(c;(d;);e)", "f"],
        );
        check("create virtual table a using b;c", &["create virtual table a using b", "c"]);
        check("create table a (b;c)", &["create table a (b", "c)"]);
    }

    #[test]
    fn places_and_ends_are_told() {
        let text = "\u{feff}-- ä\r\n  é;\r\n/* \n */ ü ;; b -- c\n";
        let actual: Vec<_> = split(text, Dialect::Sqlite)
            .unwrap()
            .iter()
            .map(|s| (s.text, s.line, s.column, &text[s.range()] == s.text, &text[s.end..]))
            .collect();
        assert_eq!(
            actual,
            [
                ("é", 2, 3, true, "\r\n/* \n */ ü ;; b -- c\n"),
                ("ü", 4, 5, true, "; b -- c\n"),
                ("b", 4, 10, true, ""),
            ]
        );
    }

    #[test]
    fn what_stays_open_is_an_error_where_it_opens() {
        check_error("a;\n é 'b", "a quote is opened with ' and never closed", (2, 4));
        check_error("a [b;", "a quote is opened with [ and never closed", (1, 3));
        check_error("a;\n'\0", "a NUL character stands in the script", (2, 2));
        check("a /* b;", &["a"]);
        let nested = split("a\n/* /* */", Dialect::Postgres).unwrap_err();
        assert_eq!(nested, SplitError::UnterminatedComment { line: 2, column: 1 });
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
    fn leading_words_are_bare_and_in_upper_case() {
        let statements = split("/* a */ create/**/Table [b] c; 'd'", Dialect::Sqlite).unwrap();
        let words = |at: usize| statements[at].leading_words().collect::<Vec<_>>();
        assert_eq!(words(0), ["CREATE", "TABLE"]);
        assert_eq!(statements[0].first_word().as_deref(), Some("CREATE"));
        assert_eq!(words(1), Vec::<String>::new());
        assert_eq!(statements[1].first_word(), None);
    }

    #[test]
    fn the_servers_quotes_hide_delimiters() {
        check_in(Dialect::Postgres, "a $b$;$b$; E'\\';' ;c", &["a $b$;$b$", "E'\\';'", "c"]);
        check_in(Dialect::MySql, "a '\\';' # b;\n;c", &["a '\\';'", "c"]);
    }
}
