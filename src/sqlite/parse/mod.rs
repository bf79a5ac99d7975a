//! Parses the statements that SQLite stores in `sqlite_schema`.
//!
//! They have been accepted by SQLite, so they are parsed for structure and not for faults;
//! unexpected syntax is an error all the same, since it would be lost. `inspect` compares the
//! result with SQLite's own answers.

mod items;
mod objects;
mod table;

use crate::catalog::Name;
use crate::sql::{Cursor, GrammarError, Token, within};
use crate::sqlite::{Fragment, Index, Names, Table};

pub(crate) use objects::{trigger, view};

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
    pub(crate) condition: Option<Fragment>,
    pub(crate) body: Fragment,
}

/// Returns a name without its quotes; none for a string or another token.
pub fn bare_name(token: &Token<'_>) -> Option<String> {
    token.unquoted().filter(|_| !token.text.starts_with('\''))
}

/// Returns a name where one is required, so that strings count too.
pub(crate) fn name_of(token: &Token<'_>) -> Option<Name> {
    token.unquoted().map(Name::any_case)
}

fn name(cursor: &mut Cursor<'_>) -> Result<Name, GrammarError> {
    cursor.name().map(Name::any_case)
}

/// Parses a name, possibly qualified by a schema.
fn qualified_name(cursor: &mut Cursor<'_>) -> Result<Name, GrammarError> {
    cursor.qualified_name().map(|(_, name)| Name::any_case(name))
}

/// Returns the tokens inside parentheses that enclose all of them.
pub(crate) fn within_parentheses<'t, 'a>(tokens: &'t [Token<'a>]) -> Option<&'t [Token<'a>]> {
    let is_open = tokens.first().is_some_and(|first| first.text == "(");
    let inner = within(tokens, 0);
    (is_open && !inner.is_empty() && inner.len() + 2 == tokens.len()).then_some(inner)
}

#[cfg(test)]
mod tests;
