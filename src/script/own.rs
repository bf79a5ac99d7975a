//! Statements that would change the record of applied revisions.

use crate::ledger::Ledger;
use crate::script::Compiler;
use crate::sql::{Splitter, Statement, Written, written};

impl Compiler<'_> {
    /// Returns the bookkeeping table that a statement creates, changes, drops or writes: dumps of a
    /// whole database do, and would replace the record that the plan is based on.
    pub(super) fn own_table(&self, statement: &Statement<'_>) -> Option<String> {
        let ledger = self.record.as_ref()?;
        let about = |it: Written| match it {
            Written::Table((schema, name)) => {
                let is_ours = ledger.owns(&name) && is_in(schema.as_deref(), ledger);
                is_ours.then_some(name)
            }
            Written::Schema(name) => {
                let is_ours = ledger.schema().is_some_and(|it| it.eq_ignore_ascii_case(&name));
                is_ours.then(|| ledger.name())
            }
        };
        let is_named = |name: &str| mentions(statement.text, name);
        let maybe = is_named(ledger.bare_name())
            || (statement.begins_with("DROP") && ledger.schema().is_some_and(is_named));
        if !maybe {
            return None;
        }
        written(statement).into_iter().find_map(about)
    }

    /// Does the same for a statement without parsed tokens.
    pub(super) fn own_table_of(&self, text: &str) -> Option<String> {
        // Most statements are of rows, and cutting them once more takes as long as the first time.
        let name = self.record.as_ref()?.bare_name();
        let statement = mentions(text, name).then(|| Splitter::new(text, self.dialect()).next());
        self.own_table(&statement??.ok()?)
    }
}

/// Tells whether a name with this schema can be a bookkeeping table.
fn is_in(schema: Option<&str>, ledger: &Ledger) -> bool {
    match (schema, ledger.home()) {
        (Some(schema), Some(ours)) => schema.eq_ignore_ascii_case(ours),
        (None, _) => true,
        // The database of MySQL for which a script is printed is unknown.
        (Some(_), None) => false,
    }
}

/// Tells whether a text contains a name, in any case.
fn mentions(text: &str, name: &str) -> bool {
    let (text, name) = (text.as_bytes(), name.as_bytes());
    // Underscores are rarer than letters.
    let at = name.iter().position(|byte| *byte == b'_').unwrap_or(0);
    let Some(byte) = name.get(at) else { return false };
    let is_there = |found: usize| {
        let start = found.checked_sub(at);
        let part = start.and_then(|start| text.get(start..start + name.len()));
        part.is_some_and(|part| part.eq_ignore_ascii_case(name))
    };
    let (lower, upper) = (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
    memchr::memchr2_iter(lower, upper, text).any(is_there)
}
