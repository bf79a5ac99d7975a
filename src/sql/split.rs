//! A script as its statements.
//!
//! It cuts where the database would, and nowhere else: it neither checks the statements nor
//! changes a byte of them.

use std::{iter, ops::Range};

use thiserror::Error;

use crate::sql::{
    dialect::{Bodies, Dialect},
    lexer::{Lexer, Token, TokenKind, Unterminated},
    lines::Cursor,
};

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
/// The rules of SQLite are complete, but a vertical tab or another illegal token is left for the
/// database to refuse. Those of PostgreSQL and MySQL are not: a delimiter always ends the
/// statement if it stands outside quotes and comments, so `BEGIN ATOMIC`, `CREATE RULE … DO (…)`,
/// stored programs, `DELIMITER` and the clients' commands are cut wrongly.
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

    /// Returns the bare words at the start, in upper case, up to what is not a bare word.
    pub fn leading_words(&self) -> impl Iterator<Item = String> + use<'a> {
        self.tokens()
            .map_while(Result::ok)
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
            | Self::Nul { line, column } => (*line, *column),
        }
    }
}

impl<'a> Splitter<'a> {
    /// Begins at the start of a script.
    pub fn new(text: &'a str, dialect: Dialect) -> Self {
        let lexer = Lexer::new(text, dialect);
        Self { text, dialect, lexer, cursor: Cursor::new(), nul: text.find('\0') }
    }

    fn statement(&mut self) -> Result<Option<Statement<'a>>, Unterminated<'a>> {
        let bodies = self.dialect.lexicon().bodies;
        let mut state = State::Start;
        let mut found: Option<Range<usize>> = None;
        for token in self.lexer.by_ref() {
            let token = token?;
            state = state.after(&token, bodies);
            if state != State::Start {
                let offset = found.map_or(token.offset, |range| range.start);
                found = Some(offset..token.end());
            } else if let Some(range) = found {
                return Ok(Some(self.make(range, token.end())));
            }
        }
        Ok(found.map(|range| self.make(range, self.text.len())))
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
        let item = self.statement().map_err(|Unterminated { opening, offset }| {
            let (line, column) = self.cursor.advance(self.text, offset);
            if opening == "/*" {
                SplitError::UnterminatedComment { line, column }
            } else {
                SplitError::UnterminatedQuote { opening: opening.to_owned(), line, column }
            }
        });
        item.transpose()
    }
}

impl iter::FusedIterator for Splitter<'_> {}

/// How far into a statement the tokens have led: the state machine of `sqlite3_complete`, in
/// SQLite's `src/complete.c`, which was written for `CREATE TRIGGER … BEGIN …; END;`.
///
/// `Virtual` is ours. SQLite's grammar takes any token within the parentheses of
/// `CREATE VIRTUAL TABLE`, and `sqlite3_prepare` does not stop at a delimiter there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Explain,
    Create,
    Virtual { depth: usize },
    Trigger,
    TriggerDelimiter,
    TriggerEnd,
}

impl State {
    /// Returns the state after a token; `Start` is where a statement has ended.
    fn after(self, token: &Token<'_>, bodies: Bodies) -> Self {
        if token.kind == TokenKind::Delimiter {
            return self.after_delimiter();
        }
        match self {
            Self::Start if bodies == Bodies::Unknown => Self::Plain,
            Self::Start if token.is_word("EXPLAIN") => Self::Explain,
            Self::Start | Self::Explain if token.is_word("CREATE") => Self::Create,
            Self::Explain if token.is_word("QUERY") || token.is_word("PLAN") => Self::Explain,
            Self::Create if token.is_word("TRIGGER") => Self::Trigger,
            Self::Create if token.is_word("VIRTUAL") => Self::Virtual { depth: 0 },
            Self::Create if token.is_word("TEMP") || token.is_word("TEMPORARY") => Self::Create,
            Self::Plain | Self::Start | Self::Explain | Self::Create => Self::Plain,
            Self::Virtual { depth } => Self::Virtual {
                depth: match token.text {
                    "(" => depth + 1,
                    ")" => depth.saturating_sub(1),
                    _ => depth,
                },
            },
            Self::TriggerDelimiter if token.is_word("END") => Self::TriggerEnd,
            Self::Trigger | Self::TriggerDelimiter | Self::TriggerEnd => Self::Trigger,
        }
    }

    fn after_delimiter(self) -> Self {
        match self {
            Self::Trigger | Self::TriggerDelimiter => Self::TriggerDelimiter,
            Self::Virtual { depth: 1.. } => self,
            Self::Start
            | Self::Plain
            | Self::Explain
            | Self::Create
            | Self::Virtual { depth: 0 }
            | Self::TriggerEnd => Self::Start,
        }
    }
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
