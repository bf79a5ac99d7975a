//! Reads the statements that SQLite keeps in `sqlite_schema`.
//!
//! They have been accepted by SQLite, so it looks for structure and not for faults; what it doesn't
//! expect is an error all the same, for it would be lost. `inspect` compares the result with what
//! SQLite says itself.

mod cursor;
mod items;
mod objects;
mod table;

use thiserror::Error;

use crate::catalog::Name;
use crate::sql::{Token, TokenKind};
use crate::sqlite::{Fragment, Index, Names, Table};

pub(crate) use objects::{trigger, view};

/// A statement holds what isn't expected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{expected} is expected at `{found}`")]
pub struct GrammarError {
    /// What is expected.
    pub expected: &'static str,
    /// What stands there.
    pub found: String,
    /// Where, in bytes.
    pub offset: usize,
}

impl Table {
    /// Reads a `CREATE TABLE` or a `CREATE VIRTUAL TABLE`.
    pub fn parse(sql: &str) -> Result<Self, GrammarError> {
        // Names in expressions are known once the columns are.
        let first = table::parse(sql, &Names::default())?;
        let columns = first.columns.iter().map(|column| &column.name);
        table::parse(sql, &Names::new(columns.chain([&first.name])))
    }
}

impl Index {
    /// Reads a `CREATE INDEX`.
    pub fn parse(sql: &str, names: &Names) -> Result<Self, GrammarError> {
        objects::index(sql, names)
    }
}

/// What a `CREATE TRIGGER` says.
pub(crate) struct Trigger {
    /// The table or view that the trigger is on.
    pub(crate) target: Name,
    /// When it runs; `BEFORE` where nothing is said.
    pub(crate) time: &'static str,
    /// The statement that fires it.
    pub(crate) event: &'static str,
    /// The columns whose UPDATE fires it, in the order of their names; all, if there is none.
    pub(crate) columns: Vec<Name>,
    /// Which rows fire it.
    pub(crate) condition: Option<Fragment>,
    /// The statements.
    pub(crate) body: Fragment,
}

/// Returns a name without its quotes; none if the token is a string or no name.
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

/// Returns a name where a name has to stand, so that a string is one, too.
pub(crate) fn name_of(token: &Token<'_>) -> Option<Name> {
    let string = || {
        let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
        Some(inner.replace("''", "'"))
    };
    bare_name(token).or_else(string).map(Name::any_case)
}

/// Returns what is inside of parentheses that hold all tokens.
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
