//! A cursor over the tokens of a statement.

use thiserror::Error;

use crate::sql::{
    dialect::Dialect,
    lexer::{Lexer, Token, TokenKind},
    statement::Statement,
    tokens::{outside, pass, within},
};

/// A statement with unexpected syntax.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{expected} is expected at `{found}`")]
pub struct GrammarError {
    /// The expected syntax.
    pub expected: &'static str,
    /// The text at this position.
    pub found: String,
    /// The position in bytes.
    pub offset: usize,
}

/// A position among the tokens of a statement.
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        let tokens = Lexer::new(text, dialect).map_while(Result::ok).collect();
        Self { text, tokens, at: 0 }
    }

    /// Begins at the start of a statement's code.
    pub(crate) fn of(statement: &Statement<'a>) -> Self {
        Self { text: statement.text, tokens: statement.code().collect(), at: 0 }
    }

    pub(crate) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(crate) fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek().copied();
        self.at += usize::from(token.is_some());
        token
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.peek().is_none()
    }

    pub(crate) fn offset(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.offset)
    }

    pub(crate) fn end_of_last(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, Token::end)
    }

    pub(crate) fn error(&self, expected: &'static str) -> GrammarError {
        let found = self.peek().map_or("the end", |token| token.text).to_owned();
        GrammarError { expected, found, offset: self.offset() }
    }

    /// Advances past some words if they are next.
    pub(crate) fn accept(&mut self, words: &[&str]) -> bool {
        let next = self.tokens.get(self.at..).unwrap_or_default();
        let found = words.len() <= next.len()
            && words.iter().zip(next).all(|(word, token)| token.is_word(word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    /// Goes on behind whichever of some words are next.
    pub(crate) fn pass(&mut self, words: &[&str]) {
        self.at = pass(&self.tokens, self.at, words);
    }

    /// Goes on behind the first of some words that comes, and returns it.
    pub(crate) fn find<'w>(&mut self, words: &[&'w str]) -> Option<&'w str> {
        while let Some(token) = self.next() {
            if let Some(word) = words.iter().find(|word| token.is_word(word)) {
                return Some(word);
            }
        }
        None
    }

    pub(crate) fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_some_and(|it| it.kind == TokenKind::Symbol && it.text == symbol);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, word: &'static str) -> Result<(), GrammarError> {
        if self.accept(&[word]) { Ok(()) } else { Err(self.error(word)) }
    }

    /// Reads a name; in its place a string is one, too.
    pub(crate) fn name(&mut self) -> Result<String, GrammarError> {
        let name = self.peek().and_then(Token::unquoted).ok_or_else(|| self.error("a name"))?;
        self.at += 1;
        Ok(name)
    }

    /// Parses a name, possibly qualified by a schema.
    pub(crate) fn qualified_name(&mut self) -> Result<(Option<String>, String), GrammarError> {
        let (mut schema, mut name) = (None, self.name()?);
        while self.accept_symbol(".") {
            schema = Some(std::mem::replace(&mut name, self.name()?));
        }
        Ok((schema, name))
    }

    /// Parses the content of the parentheses that come next.
    pub(crate) fn parenthesized(&mut self) -> Result<Vec<Token<'a>>, GrammarError> {
        if self.peek().is_none_or(|token| token.text != "(") {
            return Err(self.error("("));
        }
        let inner = within(&self.tokens, self.at).to_vec();
        self.at = (self.at + inner.len() + 2).min(self.tokens.len() + 1);
        if self.at > self.tokens.len() { Err(self.error(")")) } else { Ok(inner) }
    }

    /// Parses everything before one of some words outside parentheses.
    pub(crate) fn until(&mut self, words: &[&str]) -> Vec<Token<'a>> {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let end = outside(rest, |token| token.is_one_of(words)).unwrap_or(rest.len());
        let passed = rest.get(..end).unwrap_or_default().to_vec();
        self.at += end;
        passed
    }

    pub(crate) fn rest(&mut self) -> Vec<Token<'a>> {
        let rest = self.tokens.get(self.at..).unwrap_or_default().to_vec();
        self.at = self.tokens.len();
        rest
    }
}
