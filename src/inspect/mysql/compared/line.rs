//! Texts of the server, as tokens that know their text.

use crate::sql::{Dialect, GrammarError, Lexer, Token, TokenKind};

/// Returns the tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, GrammarError> {
    let tokens: Result<Vec<Token<'_>>, _> = Lexer::new(text, Dialect::MySql).collect();
    tokens.map_err(|open| GrammarError {
        expected: "the end of a quote",
        found: open.opening.to_owned(),
        offset: open.offset,
    })
}

/// Returns the text from the first token to the last, as it is written.
pub(super) fn text<'a>(of: &'a str, tokens: &[Token<'_>]) -> &'a str {
    let ends = tokens.first().zip(tokens.last());
    ends.and_then(|(first, last)| of.get(first.offset..last.end())).unwrap_or_default()
}

/// Returns the text of tokens without some of them: as much of the blanks between the others as there
/// is.
pub(super) fn text_without(
    of: &str,
    tokens: &[Token<'_>],
    is_left_out: impl Fn(usize) -> bool,
) -> String {
    let (mut res, mut has_blank) = (String::new(), false);
    for (at, token) in tokens.iter().enumerate() {
        has_blank |= of.get(..token.offset).is_some_and(|it| it.ends_with([' ', '\n']));
        if is_left_out(at) {
            continue;
        }
        if has_blank && !res.is_empty() {
            res.push(' ');
        }
        res += token.text;
        has_blank = false;
    }
    res
}

/// Returns the positions of a database's name before a dot, and of the dot.
pub(super) fn own_qualifiers(tokens: &[Token<'_>], database: &str) -> Vec<usize> {
    let is_own = |token: &Token<'_>| {
        token.text.starts_with('`') && token.unquoted().is_some_and(|it| it == database)
    };
    let pairs = tokens.windows(2).enumerate();
    let found = pairs.filter(|(_, pair)| match pair {
        [name, dot] => dot.text == "." && is_own(name),
        _ => false,
    });
    found.flat_map(|(at, _)| [at, at + 1]).collect()
}

/// Returns the names in backticks that are first among tokens between commas.
pub(super) fn names(parts: &[&[Token<'_>]]) -> Vec<String> {
    let first = parts.iter().filter_map(|part| part.first());
    let name = |token: &Token<'_>| {
        let name = token.unquoted().filter(|_| token.kind == TokenKind::Quoted);
        name.unwrap_or_else(|| "(expression)".to_owned())
    };
    first.map(name).collect()
}
