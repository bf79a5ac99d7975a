//! Parses the statements that SQLite stores in `sqlite_schema`.
//!
//! They have been accepted by SQLite, so they are parsed for structure and not for faults;
//! unexpected syntax is an error all the same, since it would be lost. `inspect` compares the
//! result with SQLite's own answers.

mod cursor;
mod items;
mod objects;
mod table;

use thiserror::Error;

use crate::catalog::Name;
use crate::sql::{Token, TokenKind};
use crate::sqlite::{Fragment, Index, Names, Table};

pub(crate) use objects::{trigger, view};

/// A statement that the parser doesn't expect.
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

impl Table {
    /// Parses a `CREATE TABLE` or a `CREATE VIRTUAL TABLE`.
    pub fn parse(sql: &str) -> Result<Self, GrammarError> {
        // Names in expressions are known once the columns are.
        let first = table::parse(sql, &Names::default())?;
        let columns = first.columns.iter().map(|column| &column.name);
        table::parse(sql, &Names::new(columns.chain([&first.name])))
    }
}

impl Index {
    /// Parses a `CREATE INDEX`.
    pub fn parse(sql: &str, names: &Names) -> Result<Self, GrammarError> {
        objects::index(sql, names)
    }
}

/// A parsed `CREATE TRIGGER`.
pub(crate) struct Trigger {
    pub(crate) target: Name,
    /// `BEFORE`, the default, `AFTER` or `INSTEAD OF`.
    pub(crate) time: &'static str,
    /// The statement that fires the trigger.
    pub(crate) event: &'static str,
    /// The columns whose UPDATE fires it, sorted by name; all, if there is none.
    pub(crate) columns: Vec<Name>,
    /// The condition on rows.
    pub(crate) condition: Option<Fragment>,
    pub(crate) body: Fragment,
}

/// Returns a name without its quotes; none for a string or another token.
pub fn bare_name(token: &Token<'_>) -> Option<String> {
    match token.kind {
        TokenKind::Word => Some(token.text.to_owned()),
        TokenKind::Quoted => {
            let mut inner = token.text.chars();
            let (open, close) = (inner.next()?, inner.next_back()?);
            let inner = inner.as_str();
            match open {
                '"' | '`' => Some(inner.replace(&format!("{close}{close}"), &close.to_string())),
                '[' => Some(inner.to_owned()),
                _ => None,
            }
        }
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => None,
    }
}

/// Returns a name where one is required, so that strings count too.
pub(crate) fn name_of(token: &Token<'_>) -> Option<Name> {
    let string = || {
        let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(inner.replace("''", "'"))
    };
    bare_name(token).or_else(string).map(Name::any_case)
}

/// Returns the tokens inside parentheses that enclose all of them.
pub(crate) fn within_parentheses<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let ([first, .., last], inner) = (tokens, tokens.get(1..tokens.len().checked_sub(1)?)?) else {
        return None;
    };
    if first.text != "(" || last.text != ")" || inner.is_empty() {
        return None;
    }
    let mut depth = 0_usize;
    for token in inner {
        match token.text {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0).then_some(inner)
}

#[cfg(test)]
mod tests;
