//! A cursor over the tokens of a statement.

use crate::catalog::Name;
use crate::sql::{Dialect, Lexer, Token, TokenKind};
use crate::sqlite::parse::{GrammarError, name_of};

/// A position among the tokens of a statement.
pub(crate) struct Cursor<'a> {
    pub(crate) text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let tokens = Lexer::new(text, Dialect::Sqlite).map_while(Result::ok).collect();
        Self { text, tokens, at: 0 }
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
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, Token::end)
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

    pub(crate) fn accept_symbol(&mut self, symbol: &str) -> bool {
        let found = self.peek().is_some_and(|it| it.kind == TokenKind::Symbol && it.text == symbol);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, word: &'static str) -> Result<(), GrammarError> {
        if self.accept(&[word]) { Ok(()) } else { Err(self.error(word)) }
    }

    pub(crate) fn name(&mut self) -> Result<Name, GrammarError> {
        let name = self.peek().and_then(name_of).ok_or_else(|| self.error("a name"))?;
        self.at += 1;
        Ok(name)
    }

    /// Parses a name, possibly qualified by a schema.
    pub(crate) fn qualified_name(&mut self) -> Result<Name, GrammarError> {
        let first = self.name()?;
        if self.accept_symbol(".") { self.name() } else { Ok(first) }
    }

    /// Parses the content of the parentheses that come next.
    pub(crate) fn parenthesized(&mut self) -> Result<Vec<Token<'a>>, GrammarError> {
        if !self.accept_symbol("(") {
            return Err(self.error("("));
        }
        let start = self.at;
        let mut depth = 1_usize;
        while let Some(token) = self.next() {
            match token.text {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(self.tokens.get(start..self.at - 1).unwrap_or_default().to_vec());
            }
        }
        Err(self.error(")"))
    }

    /// Parses everything before a word outside parentheses.
    pub(crate) fn until(&mut self, word: &str) -> Vec<Token<'a>> {
        let mut depth = 0_usize;
        let mut res = Vec::new();
        while let Some(token) = self.peek().copied() {
            match token.text {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ if depth == 0 && token.is_word(word) => break,
                _ => {}
            }
            res.extend(self.next());
        }
        res
    }

    pub(crate) fn rest(&mut self) -> Vec<Token<'a>> {
        let rest = self.tokens.get(self.at..).unwrap_or_default().to_vec();
        self.at = self.tokens.len();
        rest
    }
}

/// Splits tokens at the commas outside parentheses.
pub(crate) fn at_commas<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = 0_usize;
    let parts = tokens.split(|token| {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text == ","
    });
    parts.collect()
}
