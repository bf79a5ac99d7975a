//! A script as its statements.
//!
//! It cuts where the database would, and nowhere else: it neither checks the statements nor
//! changes a byte of them.

use std::{iter, ops::Range};

use crate::sql::{
    body::Body,
    client::{data_len, delimiter, escaped_command, is_passed_over, takes_client_data},
    dialect::Dialect,
    error::SplitError,
    lexer::{DELIMITER, Lexer, Token, TokenKind, Unterminated},
    lines::Cursor,
    statement::Statement,
};

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
    /// Begins at the start of a script.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let lexer = Lexer::new(text, dialect);
        Self { text, dialect, lexer, cursor: Cursor::new(), nul: text.find('\0') }
    }

    /// Begins at the start of a text that holds no NUL.
    pub(crate) fn without_nul(text: &'a str, dialect: Dialect) -> Self {
        Self { text, dialect, lexer: Lexer::new(text, dialect), cursor: Cursor::new(), nul: None }
    }

    /// Takes another delimiter than `;` for the one in force where the script begins.
    #[must_use]
    pub fn with_delimiter(mut self, delimiter: &'a str) -> Self {
        self.lexer.set_delimiter(delimiter);
        self
    }

    /// Returns the delimiter in force where the splitter stands.
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
            // Before another delimiter a `;` is allowed, and says nothing.
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

    /// Passes over a line that says nothing to the server, if that is what the token begins.
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
    fn the_servers_quotes_hide_delimiters() {
        check_in(Dialect::Postgres, "a $b$;$b$; E'\\';' ;c", &["a $b$;$b$", "E'\\';'", "c"]);
        check_in(Dialect::MySql, "a '\\';' # b;\n;c", &["a '\\';'", "c"]);
    }

    #[test]
    fn the_servers_bodies_hold_delimiters() {
        let function = "create function a() begin atomic select 1 end; end";
        check_in(Dialect::Postgres, &format!("{function};b"), &[function, "b"]);
        check_in(Dialect::Postgres, "a (b; c);d", &["a (b; c)", "d"]);
        let procedure = "create procedure a() begin if b then c; end if; end";
        check_in(Dialect::MySql, &format!("{procedure};b"), &[procedure, "b"]);
        check_in(Dialect::MySql, "delimiter //\na; b; //\ndelimiter ;\nc;d", &["a; b", "c", "d"]);
        check_in(Dialect::MySql, "/*!40101 */; /*!1 a; b */; c", &["/*!1 a; b */", "c"]);
    }

    #[test]
    fn what_pg_dump_says_to_psql_is_passed_over() {
        check_in(Dialect::Postgres, "\\restrict a;b'\n\na;\n\\unrestrict a;b'\n", &["a"]);
    }

    #[test]
    fn data_belong_to_the_statement_that_copies_them() {
        let copy = "copy b (c) from stdin;\n1\tit's; \\N\n$$ /*\n\\.";
        let text = format!("a;\n{copy}\n\n -- x\nd;");
        check_in(Dialect::Postgres, &text, &["a", copy, "d"]);
        let statements = split(&text, Dialect::Postgres).unwrap();
        assert_eq!((statements[1].line, statements[2].line), (2, 8));
        assert_eq!(statements[1].code().last().unwrap().text, "stdin");
        check_in(Dialect::Postgres, "copy b from stdin;\n\\.", &["copy b from stdin;\n\\."]);
    }

    #[test]
    fn a_body_that_stays_open_is_an_error_where_it_opens() {
        let text = "a;\ncreate function f() begin atomic select 1; select 2;\n\nb;";
        let error = split(text, Dialect::Postgres).unwrap_err();
        assert_eq!(
            error,
            SplitError::UnterminatedBody { opening: "BEGIN ATOMIC".into(), line: 2, column: 21 }
        );
        assert!(!error.hint().is_empty());
        let place = |dialect, text: &str| match split(text, dialect) {
            Err(SplitError::UnterminatedBody { opening, line, column }) => {
                format!("{line}:{column} {opening}")
            }
            other => format!("{other:?}"),
        };
        let of_sqlite = |text: &str| place(Dialect::Sqlite, text);
        let trigger = "create trigger t after insert on a begin";
        let text = format!("a;\n{trigger} select 1;\nb;");
        assert_eq!(of_sqlite(&text), "2:36 BEGIN");
        let text = format!("{trigger} select case when 1 then 2 end");
        assert_eq!(of_sqlite(&text), "1:36 BEGIN");
        let text = format!("{trigger} select 1; end");
        assert_eq!(split(&text, Dialect::Sqlite).unwrap().len(), 1);
        let of_mysql = |text: &str| place(Dialect::MySql, text);
        assert_eq!(of_mysql("a;\ncreate procedure p()\nx: begin a;"), "3:4 BEGIN");
        assert_eq!(of_mysql("begin not atomic\n if 1 then a; end if;"), "1:1 BEGIN");
        assert_eq!(of_mysql("begin not atomic\n if 1 then a; end;"), "1:1 BEGIN");
        assert_eq!(of_mysql("if 1 then\n a;"), "1:1 IF");
        assert_eq!(
            of_mysql("create trigger t before insert on a for each row begin set b = 1;"),
            "1:50 BEGIN"
        );
        for text in ["begin", "begin; a", "begin work; a", "create procedure p() begin a; end"] {
            split(text, Dialect::MySql).unwrap();
        }
    }

    #[test]
    fn what_only_a_client_does_is_refused_at_its_place() {
        #[track_caller]
        fn check(dialect: Dialect, text: &str, message: &str, location: (usize, usize)) {
            let error = split(text, dialect).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.location()), (message, location));
            assert!(!error.hint().is_empty());
        }
        let copy = "the data of COPY … FROM STDIN have to end with a line `\\.`";
        check(Dialect::Postgres, "a;\n copy b from stdin;\n1\n", copy, (2, 2));
        check(Dialect::Postgres, "a;\n copy b from stdin", copy, (2, 2));
        let copy = "the data of COPY … FROM STDIN have to begin on the next line";
        check(Dialect::Postgres, "copy b from stdin; c;\n\\.\n", copy, (1, 1));
        let connect = r"`\connect` is a command of psql, not SQL";
        check(Dialect::Postgres, "-- a\n\\connect key\n", connect, (2, 1));
        check(
            Dialect::Postgres,
            "a \\restrict",
            r"`\restrict` is a command of psql, not SQL",
            (1, 3),
        );
        let source = "`source` is a command of mysql, not SQL";
        check(Dialect::MySql, "a;\nsource b.sql\n", source, (2, 1));
        check(Dialect::MySql, "a \\G", r"`\G` is a command of mysql, not SQL", (1, 3));
        check(Dialect::MySql, "a; delimiter\n", "`DELIMITER` without a delimiter", (1, 4));
    }
}
