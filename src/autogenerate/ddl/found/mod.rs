//! Values that conditions mention, which are often those that satisfy them.

mod pattern;

use std::collections::BTreeSet;

use crate::sql::{Dialect, Lexer, TokenKind};

/// The functions whose result is the length of a text.
const LENGTHS: [&str; 5] = ["length", "char_length", "character_length", "octet_length", "btrim"];

/// The functions whose result is the length of an array.
const COUNTS: [&str; 3] = ["array_length", "cardinality", "jsonb_array_length"];

/// The longest text that is made because a condition mentions its length.
const LONGEST: usize = 5000;

/// Values that are found in conditions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::autogenerate::ddl) struct Literals {
    /// Texts and numbers, the likely ones first.
    pub(in crate::autogenerate::ddl) texts: Vec<String>,
    /// The lengths that a text or a list may have.
    pub(in crate::autogenerate::ddl) lengths: Vec<usize>,
    /// Whether the lengths are those of arrays.
    pub(in crate::autogenerate::ddl) are_counts: bool,
}

/// Finds the values that conditions mention.
pub(in crate::autogenerate::ddl) fn literals<'a>(
    dialect: Dialect,
    conditions: impl IntoIterator<Item = &'a str>,
) -> Literals {
    let mut res = Literals::default();
    let (mut variants, mut has_lengths) = (Vec::new(), false);
    let mut numbers = Vec::new();
    for condition in conditions {
        let mut end = 0;
        for token in Lexer::new(condition, dialect).map_while(Result::ok) {
            match token.kind {
                _ if token.offset < end => {}
                TokenKind::Quoted => {
                    let Some(text) = unquoted(token.text, dialect) else { continue };
                    variants.extend(near(&text));
                    if text.contains(['%', '_']) {
                        variants.extend(pattern::like(&text));
                    }
                    if pattern::is_regex(&text) {
                        variants.extend(pattern::regex(&text.replace('%', "")));
                    }
                    res.texts.push(text);
                }
                TokenKind::Number => {
                    let number = number_at(condition, token.offset);
                    end = token.offset + number.len();
                    numbers.extend(number.parse::<usize>());
                    res.texts.push(number.to_owned());
                    variants.extend(near(number));
                }
                TokenKind::Parameter
                | TokenKind::Delimiter
                | TokenKind::Executable
                | TokenKind::Symbol => {}
                TokenKind::Word => {
                    let is = |names: &[&str]| names.iter().any(|name| token.is_word(name));
                    has_lengths |= is(&LENGTHS);
                    res.are_counts |= is(&COUNTS);
                }
            }
        }
    }
    res.texts.extend(variants);
    let mut met = BTreeSet::new();
    res.texts.retain(|it| met.insert(it.clone()));
    if has_lengths || res.are_counts {
        let around = |it: usize| [it, it.saturating_sub(1), it + 1];
        let lengths: BTreeSet<usize> = numbers.into_iter().flat_map(around).collect();
        res.lengths = lengths.into_iter().filter(|it| *it <= LONGEST).collect();
    }
    res
}

/// Returns the number at a place, with what is behind its point.
fn number_at(text: &str, at: usize) -> &str {
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim_end_matches('.')
}

/// Returns the content of a string; none if the text is a name in quotes.
fn unquoted(text: &str, dialect: Dialect) -> Option<String> {
    let (text, is_escaped) = match text.strip_prefix(['E', 'e']) {
        Some(rest) => (rest, true),
        None => (text, dialect == Dialect::MySql),
    };
    let inside = text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'");
    Some(if is_escaped { inside.replace("\\\\", "\\") } else { inside })
}

/// Returns the numbers beside a number.
fn near(text: &str) -> Vec<String> {
    if let Ok(number) = text.parse::<i64>() {
        return [number.saturating_add(1), number.saturating_sub(1)]
            .map(|it| it.to_string())
            .into();
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && !text.contains(char::is_alphabetic) => {
            vec![(number + 1.0).to_string(), (number - 1.0).to_string()]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_tell_their_values() {
        let found = literals(
            Dialect::Postgres,
            ["((status)::text = ANY (ARRAY['on'::text, 'it''s'::text]))", "(n > -2)"],
        );
        assert_eq!(found.texts, ["on", "it's", "2", "3", "1"]);
        assert!(found.lengths.is_empty());
        let found =
            literals(Dialect::Postgres, ["((char_length(a) = 3) AND (a ~ E'^\\\\d$'::text))"]);
        assert_eq!(found.lengths, [2, 3, 4]);
        assert!(found.texts.contains(&"^\\d$".to_owned()) && found.texts.contains(&"7".to_owned()));
        assert!(literals(Dialect::Postgres, ["(a ~~ 'x%'::text)"]).texts.contains(&"x".to_owned()));
        assert!(literals(Dialect::Postgres, ["(\"a'b\" > 1.5)"]).texts.contains(&"2.5".to_owned()));
    }
}
