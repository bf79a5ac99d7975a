//! Pieces of SQL that are compared by meaning: expressions, conditions, bodies.

use std::collections::HashSet;

use crate::catalog::Name;
use crate::sql::{Dialect, Lexer, Token, TokenKind};
use crate::sqlite::parse::{bare_name, within_parentheses};
use crate::sqlite::spelling::meant;
use crate::words::words;

/// A piece of SQL, compared by its normal form.
#[derive(Debug, Clone)]
pub struct Fragment {
    pub source: String,
    normal: String,
}

/// The names that a piece of SQL may use, in lower case.
#[derive(Debug, Clone, Default)]
pub struct Names(HashSet<String>);

/// Words that are never names unless they are quoted.
const RESERVED: &[&str] = words![
    add all alter and as autoincrement between case check collate commit constraint create
    current_date current_time current_timestamp default deferrable delete distinct drop else escape
    except exists foreign from group having in index insert intersect into is isnull join limit not
    notnull null on or order primary references select set table then to transaction union unique
    update using values when where
];

/// Words that are values when used as a default.
const VALUES: &[&str] =
    &["null", "true", "false", "current_date", "current_time", "current_timestamp"];

impl Names {
    /// Collects names in any case.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a Name>) -> Self {
        Self(names.into_iter().map(|it| it.key().to_owned()).collect())
    }

    fn contains(&self, name: &str) -> bool {
        self.0.contains(&name.to_ascii_lowercase())
    }
}

impl Fragment {
    /// Makes a fragment of an expression; outer parentheses don't count.
    pub(crate) fn expression(text: &str, tokens: &[Token<'_>], names: &Names) -> Self {
        let tokens = stripped(tokens);
        Self { source: source(text, tokens), normal: normal_form(tokens, names) }
    }

    /// Makes a fragment of a value; a plus before a number doesn't count.
    pub(crate) fn value(text: &str, tokens: &[Token<'_>], names: &Names) -> Self {
        let mut res = Self::expression(text, tokens, names);
        if let [sign, number, rest @ ..] = stripped(tokens)
            && (sign.text, number.kind) == ("+", TokenKind::Number)
            && rest.iter().all(|it| it.text == "." || it.kind == TokenKind::Number)
        {
            res.normal = res.normal.trim_start_matches(['+', ' ']).to_owned();
        }
        res
    }

    /// Makes a fragment of a default, in which a bare word is a string, with a few exceptions.
    pub(crate) fn default(text: &str, tokens: &[Token<'_>], names: &Names) -> Self {
        let inner = stripped(tokens);
        let mut res = Self::value(text, inner, names);
        if let [only] = inner
            && let Some(word) = bare_name(only)
            && !(only.kind == TokenKind::Word
                && VALUES.contains(&word.to_ascii_lowercase().as_str()))
        {
            res.normal = format!("'{}'", word.replace('\'', "''"));
        }
        res
    }

    /// Makes a fragment of a whole text, compared verbatim.
    pub(crate) fn verbatim(text: &str, tokens: &[Token<'_>], names: &Names) -> Self {
        Self { source: source(text, tokens), normal: normal_form(tokens, names) }
    }

    /// Makes a fragment of a module's arguments, whose words have an unknown meaning.
    pub(crate) fn opaque(text: &str, tokens: &[Token<'_>]) -> Self {
        let normal: Vec<String> = tokens.iter().map(|it| normal_token(it, |_| false)).collect();
        Self { source: source(text, tokens), normal: normal.join(" ") }
    }

    /// Makes a fragment of a declared type; case and blanks don't count.
    pub(crate) fn declared(text: &str, tokens: &[Token<'_>]) -> Self {
        let word = |token: &Token<'_>| {
            bare_name(token).unwrap_or_else(|| token.text.to_owned()).to_ascii_lowercase()
        };
        let normal: Vec<String> = tokens.iter().map(word).collect();
        Self { source: source(text, tokens), normal: normal.join(" ") }
    }

    /// Makes a fragment of a text that stands alone.
    pub fn parse(text: &str, names: &Names) -> Self {
        let tokens: Vec<Token<'_>> =
            Lexer::new(text, Dialect::Sqlite).map_while(Result::ok).collect();
        Self::expression(text, &tokens, names)
    }

    /// Returns the normal form, by which fragments are compared.
    pub fn normal(&self) -> &str {
        &self.normal
    }

    /// Tells whether the fragment is one literal, possibly with a sign.
    pub fn is_literal(&self) -> bool {
        let mut tokens = Lexer::new(&self.normal, Dialect::Sqlite).map_while(Result::ok).peekable();
        tokens.next_if(|token| matches!(token.text, "-" | "+"));
        let Some(first) = tokens.next() else { return false };
        let rest: Vec<Token<'_>> = tokens.collect();
        match first.kind {
            TokenKind::Quoted => first.text.starts_with('\'') && rest.is_empty(),
            TokenKind::Number => {
                rest.iter().all(|it| it.text == "." || it.kind == TokenKind::Number)
            }
            TokenKind::Word if matches!(first.text, "null" | "true" | "false") => rest.is_empty(),
            TokenKind::Word => first.text == "x" && rest.len() == 1,
            TokenKind::Parameter
            | TokenKind::Delimiter
            | TokenKind::Executable
            | TokenKind::Symbol => false,
        }
    }

    /// Tells whether the fragment is `NULL`.
    pub fn is_null(&self) -> bool {
        self.normal == "null"
    }
}

impl PartialEq for Fragment {
    fn eq(&self, other: &Self) -> bool {
        self.normal == other.normal
    }
}

impl Eq for Fragment {}

fn stripped<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while let Some(inner) = within_parentheses(tokens) {
        tokens = inner;
    }
    tokens
}

pub(crate) fn source(text: &str, tokens: &[Token<'_>]) -> String {
    let range = match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.offset..last.end(),
        _ => 0..0,
    };
    text.get(range).unwrap_or_default().to_owned()
}

fn normal_form(tokens: &[Token<'_>], names: &Names) -> String {
    let words = meant(tokens);
    let after_as = tokens.windows(2).filter_map(|pair| match pair {
        [first, name] if first.is_word("AS") => bare_name(name).map(|it| it.to_ascii_lowercase()),
        _ => None,
    });
    let aliases: HashSet<String> =
        words.iter().filter_map(|word| word.alias.clone()).chain(after_as).collect();
    let mut res = String::new();
    for word in words {
        let before = word.at.checked_sub(1).and_then(|at| tokens.get(at));
        let after = tokens.get(word.at + 1);
        let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.text == ".");
        let is_known = |name: &str| {
            let lower = name.to_ascii_lowercase();
            names.contains(name) || aliases.contains(&lower) || is_dot(before) || is_dot(after)
        };
        if !res.is_empty() {
            res.push(' ');
        }
        match (word.said, word.alias) {
            (Some(said), _) => res.push_str(said),
            (None, Some(alias)) => res.push_str(&quoted(&alias)),
            (None, None) => res.push_str(&normal_token(word.token, is_known)),
        }
    }
    res
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.to_ascii_lowercase().replace('"', "\"\""))
}

fn normal_token(token: &Token<'_>, is_known: impl Fn(&str) -> bool) -> String {
    match token.kind {
        TokenKind::Word => {
            let lower = token.text.to_ascii_lowercase();
            let is_name = !RESERVED.contains(&lower.as_str()) && is_known(&lower);
            if is_name { quoted(&lower) } else { lower }
        }
        TokenKind::Quoted => match (bare_name(token), token.text.as_bytes().first()) {
            (Some(name), Some(b'`' | b'[')) => quoted(&name),
            (Some(name), Some(b'"')) if is_known(&name) => quoted(&name),
            _ => token.text.to_owned(),
        },
        TokenKind::Number => token.text.to_ascii_lowercase(),
        TokenKind::Parameter | TokenKind::Delimiter | TokenKind::Executable | TokenKind::Symbol => {
            token.text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Fragment {
        Fragment::parse(text, &Names::new(&["a", "Order"].map(Name::any_case)))
    }

    #[track_caller]
    fn same(one: &str, other: &str) {
        assert_eq!(parse(one), parse(other));
    }

    #[track_caller]
    fn differ(one: &str, other: &str) {
        assert_ne!(parse(one), parse(other));
    }

    #[test]
    fn spelling_is_no_difference_but_what_may_mean_another_thing_is_one() {
        same("a > 0", "( (\"A\">0) )");
        same("a AND b", "a /* x */ and -- y\n b");
        same("[a] = `A`", "A = \"a\"");
        same("\"order\" IS NULL", "[ORDER] is null");
        same("SELECT a AS total", "select \"a\" as \"total\"");
        same("t.a", "\"T\".\"A\"");
        same("0X1F", "0x1f");
        same("a = 1 AND a <> 2", "a == 1 AND a != 2");
        same("a IS NULL OR a IS NOT NULL", "a ISNULL OR a NOTNULL");
        same("a NOT NULL", "a IS NOT NULL");
        same("SELECT a AS total FROM t AS u", "SELECT a \"Total\" FROM t U");
        same("SELECT f(a) AS x, 1 y", "SELECT f(a) 'X', 1 AS y");
        same("t JOIN u", "t INNER JOIN u");
        same("t LEFT JOIN u", "t LEFT OUTER JOIN u");
        differ("a = 'x'", "a = 'X'");
        differ("a = \"x\"", "a = \"X\"");
        differ("\"null\"", "null");
        differ("(a) + (a)", "a + (a)");
        differ("t AS left JOIN u", "t LEFT JOIN u");
        differ("SELECT 'a'", "SELECT 'A'");
        differ("x'ab' = a", "x'AB' = a");
        differ("CAST(a AS text)", "CAST(a AS int)");
        differ("x'ab'", "'ab'");
    }

    #[test]
    fn literals_are_told() {
        for text in ["1", "-1.5", "'a'", "NULL", "x'00'", "(2)", "true"] {
            assert!(parse(text).is_literal(), "{text}");
        }
        for text in ["1 + 1", "current_timestamp", "datetime('now')", "a", ""] {
            assert!(!parse(text).is_literal(), "{text}");
        }
    }
}
