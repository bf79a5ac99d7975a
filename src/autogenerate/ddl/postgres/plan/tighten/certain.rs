//! Expressions that give what a rule wants in every row, seen by their words.

use crate::autogenerate::ddl::postgres::names::quoted;
use crate::catalog::Object;
use crate::sql::{Dialect, Lexer, Token, TokenKind};

/// The functions that give NULL for NULL alone.
const STRICT: [&str; 26] = [
    "abs",
    "btrim",
    "ceil",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "date",
    "date_trunc",
    "floor",
    "greatest",
    "initcap",
    "least",
    "left",
    "length",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "now",
    "replace",
    "right",
    "round",
    "rpad",
    "rtrim",
    "upper",
];

/// The symbols between which nothing becomes NULL.
const SYMBOLS: [&str; 11] = ["(", ")", ",", ".", ":", "+", "-", "*", "/", "%", "|"];

/// The words of types that have several.
const OF_TYPES: [&str; 8] =
    ["precision", "varying", "with", "without", "time", "zone", "double", "character"];

fn tokens(expression: &str) -> Vec<Token<'_>> {
    Lexer::new(expression, Dialect::Postgres).map_while(Result::ok).collect()
}

fn is_name(text: &str, name: &str) -> bool {
    text.to_lowercase() == name || text == quoted(name)
}

/// Tells whether an expression over a table can't be NULL, if some of its columns aren't.
pub(super) fn is_never_null(expression: &str, table: &str, kept: &[&Object]) -> bool {
    let tokens = tokens(expression);
    let text = |at: Option<usize>| at.and_then(|it| tokens.get(it)).map_or("", |it| it.text);
    let is_column = |it: &str| kept.iter().any(|column| is_name(it, column.id.name.as_str()));
    let is_fine = |(at, token): (usize, &Token<'_>)| {
        let word = token.text.to_lowercase();
        let (before, after) = (text(at.checked_sub(1)), text(Some(at + 1)));
        match token.kind {
            TokenKind::Number => true,
            TokenKind::Symbol => SYMBOLS.contains(&token.text),
            TokenKind::Quoted if token.text.starts_with('\'') => true,
            TokenKind::Word | TokenKind::Quoted => {
                let is_type = before.ends_with(':') || OF_TYPES.contains(&word.as_str());
                let is_call = after == "(" && STRICT.contains(&word.as_str());
                let is_table = after == "." && is_name(token.text, table);
                let is_truth = ["true", "false"].contains(&word.as_str());
                is_type
                    || is_call
                    || is_table
                    || is_truth
                    || (after != "(" && is_column(token.text))
            }
            TokenKind::Parameter | TokenKind::Delimiter | TokenKind::Executable => false,
        }
    };
    !tokens.is_empty() && tokens.iter().enumerate().all(is_fine)
}

/// Tells whether an expression reads the column of a table to which a key refers.
pub(super) fn is_read_from(expression: &str, table: &str, column: &str) -> bool {
    let tokens = tokens(expression);
    let texts: Vec<&str> = tokens.iter().map(|it| it.text).collect();
    let is_word = |it: &&str, word: &str| it.eq_ignore_ascii_case(word);
    let joins = ["union", "except", "intersect", "values"];
    if texts.iter().any(|it| joins.iter().any(|word| is_word(it, word))) {
        return false;
    }
    let ["(", select, rest @ ..] = texts.as_slice() else { return false };
    let (of, rest) = match rest {
        [of, ".", rest @ ..] => (Some(*of), rest),
        rest => (None, rest),
    };
    let [name, from, rest @ ..] = rest else { return false };
    let (table_name, rest) = match rest {
        [_, ".", name, rest @ ..] | [name, rest @ ..] => (*name, rest),
        [] => return false,
    };
    let rest = rest.strip_prefix(&["AS"]).or_else(|| rest.strip_prefix(&["as"])).unwrap_or(rest);
    let alias = rest.first().copied().unwrap_or_default();
    is_word(select, "select")
        && is_word(from, "from")
        && is_name(name, column)
        && is_name(table_name, table)
        && of.is_none_or(|of| is_name(of, table) || of.eq_ignore_ascii_case(alias))
}
