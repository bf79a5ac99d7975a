//! Words with several spellings, or without effect.

use crate::sql::{Token, TokenKind};
use crate::sqlite::parse::{bare_name, name_of};
use crate::sqlite::render::is_keyword;

/// A token in its normal form.
pub(super) struct Word<'t, 'a> {
    pub(super) token: &'t Token<'a>,
    /// The index among the tokens of the text.
    pub(super) at: usize,
    /// The canonical word, where there are several spellings.
    pub(super) said: Option<&'static str>,
    /// The alias, if the token defines one for the preceding term.
    pub(super) alias: Option<String>,
}

/// Returns the significant tokens of an expression, a query or the body of a trigger.
pub(super) fn meant<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<Word<'t, 'a>> {
    let mut res = Vec::with_capacity(tokens.len());
    let mut is_named = false;
    let mut orders = Orders::default();
    for (at, token) in tokens.iter().enumerate() {
        let here = Here { tokens, at };
        let sorts = orders.pass(&here);
        let named = std::mem::take(&mut is_named);
        if here.gives_a_name() {
            is_named = true;
            continue;
        }
        if here.is_left_out() || (sorts && here.is_usual_order()) {
            continue;
        }
        let is_alias = named || here.is_alias();
        let alias = is_alias.then(|| name_of(token).map(|name| name.key().to_owned())).flatten();
        res.push(Word { token, at, said: here.said(), alias });
    }
    res
}

/// Whether the terms of an `ORDER BY` are being read, at each depth of parentheses.
#[derive(Default)]
struct Orders {
    outer: Vec<bool>,
    now: bool,
}

impl Orders {
    /// Handles the next token; tells whether it is among the terms.
    fn pass(&mut self, here: &Here<'_, '_>) -> bool {
        match here.token().map_or("", |token| token.text) {
            "(" => self.outer.push(std::mem::take(&mut self.now)),
            ")" => self.now = self.outer.pop().unwrap_or_default(),
            ";" => self.now = false,
            _ if here.is("LIMIT") => self.now = false,
            _ if here.is("ORDER") && here.comes("BY") => self.now = true,
            _ => {}
        }
        self.now
    }
}

/// A position among tokens.
struct Here<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Here<'t, 'a> {
    fn token(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn before(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at.checked_sub(1)?)
    }

    fn after(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at + 1)
    }

    fn is(&self, word: &str) -> bool {
        self.token().is_some_and(|token| token.is_word(word))
    }

    fn comes(&self, word: &str) -> bool {
        self.after().is_some_and(|token| token.is_word(word))
    }

    /// Tells whether the token is an optional AS before a bare name.
    fn gives_a_name(&self) -> bool {
        let next = self.tokens.get(self.at + 2);
        self.is("AS")
            && self.after().is_some_and(is_nameish)
            && next.is_none_or(|token| !matches!(token.text, "(" | "."))
    }

    /// Tells whether the token has no effect: `INNER`, `OUTER`, the second sign of `==`.
    fn is_left_out(&self) -> bool {
        let touches = self.before().zip(self.token()).is_some_and(|(a, b)| a.end() == b.offset);
        let is_second = touches
            && self.token().is_some_and(|it| it.text == "=")
            && self.before().is_some_and(|it| it.text == "=");
        let is_all = self.is("ALL") && self.before().is_some_and(|it| it.is_word("SELECT"));
        let is_kind = self.comes("JOIN") && (self.is("INNER") || self.is("OUTER"));
        is_second || is_all || is_kind
    }

    /// Tells whether the token states the default order of a term in an `ORDER BY`: `ASC`, and
    /// NULLs where SQLite sorts them.
    fn is_usual_order(&self) -> bool {
        let behind = |word: &str| self.before().is_some_and(|it| it.is_word(word));
        if self.is("ASC") {
            return self.ends_operand();
        }
        if self.is("NULLS") {
            return (self.comes("FIRST") && (self.ends_operand() || behind("ASC")))
                || (self.comes("LAST") && behind("DESC"));
        }
        let first = Here { tokens: self.tokens, at: self.at.saturating_sub(1) };
        behind("NULLS") && (self.is("FIRST") || self.is("LAST")) && first.is_usual_order()
    }

    /// Returns the canonical word of a token with several spellings.
    fn said(&self) -> Option<&'static str> {
        let token = self.token()?;
        let touches =
            |other: &Token<'_>| other.end() == token.offset || token.end() == other.offset;
        let bang = self.before().is_some_and(|it| it.text == "!" && touches(it));
        match token.text {
            "=" if bang => return Some(">"),
            "!" if self.after().is_some_and(|it| it.text == "=" && touches(it)) => {
                return Some("<");
            }
            _ => {}
        }
        let is_after = self.before().is_some_and(|it| it.is_word("IS"));
        if self.is("ISNULL") {
            Some("is null")
        } else if self.is("NOTNULL") {
            Some("is not null")
        } else if self.is("NOT") && self.comes("NULL") && !is_after {
            Some("is not")
        } else {
            None
        }
    }

    /// Tells whether the token is an alias of the preceding term, without an AS.
    fn is_alias(&self) -> bool {
        let (Some(token), Some(before)) = (self.token(), self.before()) else { return false };
        let is_blob = before.end() == token.offset && before.text.eq_ignore_ascii_case("x");
        let is_part = self.after().is_some_and(|it| matches!(it.text, "." | "("));
        is_nameish(token) && self.ends_operand() && !is_blob && !is_part
    }

    /// Tells whether a name or a value ends before the token.
    fn ends_operand(&self) -> bool {
        self.before().is_some_and(|before| match before.kind {
            TokenKind::Word => before.is_word("END") || !is_keyword(before.text),
            TokenKind::Quoted | TokenKind::Number => true,
            TokenKind::Parameter
            | TokenKind::Delimiter
            | TokenKind::Executable
            | TokenKind::Symbol => before.text == ")",
        })
    }
}

/// Tells whether a token can be a name, judged by itself.
fn is_nameish(token: &Token<'_>) -> bool {
    match token.kind {
        TokenKind::Word => !is_keyword(token.text),
        TokenKind::Quoted => token.text.starts_with('\'') || bare_name(token).is_some(),
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => false,
    }
}
