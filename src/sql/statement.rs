//! A statement of a script, with the properties that its tokens show directly.

use std::ops::Range;

use crate::sql::{
    client::inline_data,
    dialect::Dialect,
    lexer::{Lexer, Token, TokenKind},
    scan::of_rows_len,
};

/// One statement of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The text from the first token to the last: without surrounding blanks and comments, or the
    /// delimiter. For PostgreSQL's `COPY … FROM STDIN` also the delimiter, the data, and the line
    /// `\.` that ends it.
    pub text: &'a str,
    /// The position of the text in the script, in bytes.
    pub offset: usize,
    /// The line where the text begins, from 1.
    pub line: usize,
    /// The column where the text begins, in characters, from 1.
    pub column: usize,
    /// The byte offset just after the delimiter, or the script's length if there is none.
    pub end: usize,
    /// The dialect in which it was parsed.
    pub dialect: Dialect,
}

impl<'a> Statement<'a> {
    /// Returns the position of the text in the script, for callers that can't keep the reference.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.text.len()
    }

    /// Returns the tokens, without any data after the statement; offsets are relative to the
    /// statement.
    pub fn tokens(&self) -> Lexer<'a> {
        let text = inline_data(self.text, self.dialect).map_or(self.text, |(command, _)| command);
        Lexer::new(text, self.dialect)
    }

    /// Returns the tokens that the server runs: comments whose text is code are replaced by it.
    pub fn code(&self) -> impl Iterator<Item = Token<'a>> + use<'a> {
        let tokens = self.tokens().map_while(Result::ok);
        tokens.filter(|token| token.kind != TokenKind::Executable)
    }

    /// Returns the bare words at the start in upper case, up to another token.
    pub fn leading_words(&self) -> impl Iterator<Item = String> + use<'a> {
        self.code()
            .take_while(|token| token.kind == TokenKind::Word)
            .map(|token| token.text.to_ascii_uppercase())
    }

    /// Tells whether the statement begins with a word, in any case.
    pub fn begins_with(&self, word: &str) -> bool {
        self.code().next().is_some_and(|first| first.is_word(word))
    }

    /// Tells by the first word whether the statement only reads or changes rows of SQLite's tables,
    /// so that it neither controls transactions nor leaves anything in the session.
    pub(crate) fn is_of_rows(&self) -> bool {
        self.dialect == Dialect::Sqlite && of_rows_len(self.text.as_bytes()).is_some()
    }

    /// Returns the first word in upper case; none if the statement begins otherwise.
    pub fn first_word(&self) -> Option<String> {
        self.leading_words().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::split;

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
    fn comments_whose_text_is_code_count_by_that_text() {
        let text = "/*!40101 SET a=1 */; /*!40101 a */ b; /* c */ d /*! e */; /*M! f; g */";
        let statements = split(text, Dialect::MySql).unwrap();
        let words: Vec<_> = statements.iter().filter_map(Statement::first_word).collect();
        assert_eq!(words, ["SET", "A", "D", "F"]);
    }
}
