//! Revision ids: the characters allowed, and random new ones.

use std::fmt;
use std::sync::Arc;

use smallvec::SmallVec;
use thiserror::Error;

use crate::sql::hex;

/// Alembic's operators, which are not allowed in ids and branch labels (`_revision_illegal_chars`
/// of its `script/revision.py`).
const OPERATORS: [char; 4] = ['@', '-', '+', ':'];

/// Names with a special meaning wherever a revision may be named.
const SYMBOLS: [&str; 4] = ["head", "heads", "base", "current"];

/// The id of a revision, unique in its project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RevisionId(Arc<str>);

/// A list of ids, optimized for a single one.
pub type Ids = SmallVec<[RevisionId; 1]>;

/// The reason why a text can't be a revision id or a branch label.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message of a variant names its fields")]
pub enum NameError {
    /// The name is an empty text.
    #[error("a name is missing")]
    Empty,
    /// The name has a character that would be read as an operator, a separator or a path.
    #[error("character {character:?} is not allowed in the name `{name}`")]
    Character { name: String, character: char },
    /// The name is one of the symbols.
    #[error("`{name}` is a symbol and can't name a revision or a branch")]
    Symbol { name: String },
}

impl RevisionId {
    /// Makes an id from a text, after checking it.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check_name(text)?;
        Ok(Self(text.into()))
    }

    /// Makes a new id of twelve hexadecimal digits from the system's random numbers.
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0_u8; 6];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes).into()))
    }

    /// Returns the text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::borrow::Borrow<str> for RevisionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Checks that a text can name a revision or a branch.
///
/// Alembic's rule, and the needs of header lines, file names and terminals: no commas, blanks,
/// quotes, slashes or control characters.
pub fn check_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    let refused = |c: char| {
        OPERATORS.contains(&c)
            || c.is_whitespace()
            || c.is_control()
            || matches!(c, ',' | '/' | '\\' | '"' | '\'' | '`' | '<' | '>' | '|' | '*' | '?')
    };
    // Nearly all are of these, and thousands are read.
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let refused = if is_plain { None } else { name.chars().find(|c| refused(*c)) };
    if let Some(character) = refused {
        return Err(NameError::Character { name: name.to_owned(), character });
    }
    if name.starts_with('.') {
        return Err(NameError::Character { name: name.to_owned(), character: '.' });
    }
    if SYMBOLS.contains(&name) {
        return Err(NameError::Symbol { name: name.to_owned() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_separators_and_symbols_are_refused() {
        for name in
            ["a-b", "a@b", "a+1", "a:b", "a b", "a,b", "a/b", "a\nb", "..", "", "head", "base"]
        {
            assert!(RevisionId::parse(name).is_err(), "{name:?}");
        }
        for name in ["3f2a9c81d0e4", "1.0", "ünïcode", "a_b", "HEAD"] {
            assert!(RevisionId::parse(name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn new_ids_are_twelve_hexadecimal_digits() {
        let id = RevisionId::random().unwrap();
        assert_eq!(id.as_str().len(), 12);
        assert!(id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(id, RevisionId::random().unwrap());
    }
}
