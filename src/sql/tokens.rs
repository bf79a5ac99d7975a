//! Parsing a statement's tokens: names, calls, and whether a text mentions a name.

use crate::sql::lexer::{Token, TokenKind};

impl Token<'_> {
    /// Returns the offset just after the token.
    pub fn end(&self) -> usize {
        self.offset + self.text.len()
    }

    /// Tells whether the token is this bare word, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Tells whether the token is one of these bare words, in any case.
    pub fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    /// Returns a word, or a quoted text without its quotes.
    pub fn unquoted(&self) -> Option<String> {
        if self.kind == TokenKind::Word {
            return Some(self.text.to_owned());
        }
        let open = self.text.chars().next().filter(|_| self.kind == TokenKind::Quoted)?;
        let close = if open == '[' { ']' } else { open };
        let inner = self.text.strip_prefix(open)?.strip_suffix(close)?;
        Some(inner.replace(&format!("{close}{close}"), &close.to_string()))
    }
}

/// Tells whether the token at a position is one of some bare words.
pub(super) fn is_at(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    tokens.get(at).is_some_and(|token| token.is_one_of(words))
}

pub(super) fn has(tokens: &[Token<'_>], word: &str) -> bool {
    tokens.iter().any(|token| token.is_word(word))
}

/// Returns the position after optional bare words.
pub(super) fn pass(tokens: &[Token<'_>], mut at: usize, words: &[&str]) -> usize {
    while is_at(tokens, at, words) {
        at += 1;
    }
    at
}

/// The number of open parentheses.
#[derive(Default)]
pub(crate) struct Depth(usize);

impl Depth {
    /// Takes the next token, and tells whether it is outside parentheses or closes the last one.
    pub(crate) fn is_outside(&mut self, token: &Token<'_>) -> bool {
        match token.text {
            "(" => self.0 += 1,
            ")" => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
        self.0 == 0
    }
}

/// Strips the quotes from a name or a string.
pub(super) fn bare(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Number | TokenKind::Parameter => Some(token.text.to_owned()),
        TokenKind::Word
        | TokenKind::Quoted
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => token.unquoted(),
    }
}

/// Parses `[SCHEMA.]NAME`: the schema, the name, and the position after it.
pub(super) fn qualified(
    tokens: &[Token<'_>],
    at: usize,
) -> Option<(Option<String>, String, usize)> {
    let first = bare(tokens.get(at)?)?;
    if tokens.get(at + 1).is_some_and(|dot| dot.text == ".") {
        let name = bare(tokens.get(at + 2)?)?;
        return Some((Some(first), name, at + 3));
    }
    Some((None, first, at + 1))
}

/// Parses comma-separated names, without their schemas.
pub(super) fn names(tokens: &[Token<'_>], mut at: usize) -> Vec<String> {
    let mut res = Vec::new();
    while let Some((_, name, next)) = qualified(tokens, at) {
        res.push(name);
        if tokens.get(next).is_none_or(|token| token.text != ",") {
            break;
        }
        at = next + 1;
    }
    res
}

/// Returns the positions of the opening parentheses in calls of the named functions.
pub(super) fn calls<'t>(
    tokens: &'t [Token<'_>],
    names: &'t [&str],
) -> impl Iterator<Item = (usize, String)> + 't {
    tokens.windows(2).enumerate().filter_map(move |(at, pair)| {
        let [name, open] = pair else { return None };
        let name = bare(name).filter(|_| open.text == "(")?.to_ascii_lowercase();
        names.contains(&name.as_str()).then_some((at + 1, name))
    })
}

pub(super) fn calls_any(tokens: &[Token<'_>], names: &[&str]) -> bool {
    calls(tokens, names).next().is_some()
}

/// Returns the tokens between a parenthesis and its closing one.
pub(crate) fn within<'t, 'a>(tokens: &'t [Token<'a>], open: usize) -> &'t [Token<'a>] {
    let rest = tokens.get(open + 1..).unwrap_or_default();
    let mut depth = 0_usize;
    for (at, token) in rest.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" if depth == 0 => return rest.get(..at).unwrap_or_default(),
            ")" => depth -= 1,
            _ => {}
        }
    }
    rest
}

pub(super) fn outside(tokens: &[Token<'_>], is_it: impl Fn(&Token<'_>) -> bool) -> Option<usize> {
    let mut depth = Depth::default();
    tokens.iter().position(|token| depth.is_outside(token) && is_it(token))
}

/// Splits tokens at the commas outside parentheses.
pub(crate) fn parts<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let mut depth = Depth::default();
    tokens.split(|token| depth.is_outside(token) && token.text == ",").collect()
}

/// Returns the user variables (`@name`) among tokens, in lower case.
pub(super) fn user_variables(tokens: &[Token<'_>]) -> Vec<String> {
    let is_at = |at: usize| tokens.get(at).is_some_and(|token| token.text == "@");
    let variable = |(at, token): (usize, &Token<'_>)| {
        let is_user = at > 0 && is_at(at - 1) && (at < 2 || !is_at(at - 2));
        bare(token).filter(|_| is_user).map(|name| format!("@{}", name.to_ascii_lowercase()))
    };
    tokens.iter().enumerate().filter_map(variable).collect()
}

/// Tells whether any of some server variables (`@@name`) is named.
pub(super) fn names_server_variable(tokens: &[Token<'_>], names: &[&str]) -> bool {
    tokens.windows(3).any(|window| {
        let [one, two, name] = window else { return false };
        let is_one = |known: &&str| name.text.eq_ignore_ascii_case(known);
        one.text == "@" && two.text == "@" && names.iter().any(is_one)
    })
}

/// Tells whether a text contains a name as a word of its own, in any case, even in quotes or
/// strings.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let (text, name) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let plain = name.trim_start_matches('@');
    !plain.is_empty()
        && text.match_indices(plain).any(|(at, found)| {
            let before = text.get(..at).unwrap_or_default();
            let after = text.get(at + found.len()..).unwrap_or_default();
            let opened = before.trim_end_matches(['`', '\'', '"', '[']);
            let is_it =
                !name.starts_with('@') || (opened.ends_with('@') && !opened.ends_with("@@"));
            is_it
                && !before.chars().next_back().is_some_and(is_part)
                && !after.chars().next().is_some_and(is_part)
        })
}
