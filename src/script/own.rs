//! Statements that would take the record of applied revisions away.

use crate::ledger::Ledger;
use crate::place::Place;
use crate::script::{Script, ScriptError, Unit};
use crate::sql::{Dialect, Splitter, Statement, Token, Touch, touched_tables};

/// Verbs that make a table, or take it or all its rows away.
const VERBS: [&str; 4] = ["CREATE", "DROP", "TRUNCATE", "RENAME"];

/// What may stand between such a verb and `TABLE`.
const BETWEEN: [&str; 2] = ["OR", "REPLACE"];

/// What makes a table temporary: on MySQL it hides ours whatever the schema that is said.
const TEMPORARY: &str = "TEMPORARY";

impl Script {
    /// Refuses a script that makes, drops or empties a table of ours: dumps of a whole database do, and
    /// where DDL commits by itself the record of every applied revision would be gone.
    ///
    /// What has run before isn't looked at, nor what is read piece by piece.
    pub(crate) fn sparing(self, ledger: &Ledger) -> Result<Self, ScriptError> {
        self.units.iter().try_for_each(|unit| unit.spares(ledger))?;
        Ok(self)
    }
}

impl Unit {
    fn spares(&self, ledger: &Ledger) -> Result<(), ScriptError> {
        if self.source.is_streamed() {
            return Ok(());
        }
        let text = self.source.open()?;
        if !text.as_str().contains(ledger.bare_name()) {
            return Ok(());
        }
        for span in &*self.statements_of(&text, self.done, usize::MAX) {
            let Some(Ok(statement)) = Splitter::new(text.written(*span), text.dialect()).next()
            else {
                continue;
            };
            if let Some(table) = own_table(&statement, ledger) {
                let offset = span.offset as usize;
                let place = Box::new(Place::at_offset(&text.file(), text.as_str(), offset));
                return Err(ScriptError::OwnTable { place, table });
            }
        }
        Ok(())
    }
}

/// Returns the table of ours that a statement makes, drops or empties.
fn own_table(statement: &Statement<'_>, ledger: &Ledger) -> Option<String> {
    let mut tokens = statement.code();
    let verb = tokens.next()?;
    let is_verb = VERBS.iter().any(|it| verb.is_word(it));
    let hides = ledger.dialect() == Dialect::MySql;
    let is_between = |it: &Token<'_>| {
        BETWEEN.iter().any(|word| it.is_word(word)) || (hides && it.is_word(TEMPORARY))
    };
    let mut rest = tokens.skip_while(is_between);
    let of_tables = verb.is_word("TRUNCATE")
        || rest.next().is_some_and(|it| it.is_word("TABLE") || it.is_word("TABLES"));
    if !is_verb || !of_tables {
        return None;
    }
    let is_ours = |touch: &Touch| {
        let name = touch.formerly.as_deref().unwrap_or(&touch.name);
        ledger.owns(name) && is_in(touch.schema.as_deref(), ledger)
    };
    touched_tables(statement).into_iter().find(is_ours).map(|it| it.formerly.unwrap_or(it.name))
}

/// Tells whether a name with this schema can be one of our tables.
fn is_in(schema: Option<&str>, ledger: &Ledger) -> bool {
    let usual = (ledger.dialect() == Dialect::Sqlite).then_some(Ledger::MAIN);
    match (schema, ledger.schema().or(usual)) {
        (Some(schema), Some(ours)) => schema.eq_ignore_ascii_case(ours),
        (None, _) => true,
        // On MySQL nobody says in a printed script which database it is for.
        (Some(_), None) => false,
    }
}
