//! Pragmas that SQLite silently ignores.

use crate::revision::{ForeignKeys, Wrapping};
use crate::runner::{Event, Failure, Grouped, Run};
use crate::script::Text;
use crate::sql::Lexer;

impl Grouped {
    /// Warns of pragmas that SQLite ignores inside a transaction: those that contradict the header
    /// about foreign keys, or change the journal (`sqlite.org/pragma.html`).
    pub(super) fn warn_of_ignored(&self, run: &mut Run<'_>, number: usize) -> Result<(), Failure> {
        let Some(unit) = run.unit(number) else { return Ok(()) };
        if !unit.leaves_traces
            || unit.wrapping != Wrapping::Transaction
            || unit.source.is_streamed()
        {
            return Ok(());
        }
        let Some(text) = run.text(number)? else { return Ok(()) };
        let is_enforced = self.keys() == Some(ForeignKeys::Enforced);
        let spans = unit.statements_of(&text, 0, usize::MAX);
        for span in spans.iter().filter(|span| span.leaves_traces) {
            let is_passed_over = match pragma(&text, text.written(*span)) {
                Some((Pragma::ForeignKeys, value)) => {
                    matches!(value.as_str(), "on" | "yes" | "true" | "1") != is_enforced
                }
                Some((Pragma::JournalMode, value)) => {
                    let mode = run.connection.value("PRAGMA journal_mode")?;
                    mode.is_some_and(|mode| mode != value)
                }
                None => false,
            };
            if is_passed_over {
                let place = text.place(*span, None);
                let statement = text.written(*span);
                (run.observe)(Event::Ignored { unit, place: &place, statement });
            }
        }
        Ok(())
    }
}

/// A pragma without effect inside a transaction.
enum Pragma {
    ForeignKeys,
    JournalMode,
}

/// Parses a pragma and its value, in lower case.
fn pragma(text: &Text<'_>, statement: &str) -> Option<(Pragma, String)> {
    let tokens = Lexer::new(statement, text.dialect()).map_while(Result::ok);
    let words: Vec<String> = tokens.map(|token| token.text.to_ascii_lowercase()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (name, value) = match words.as_slice() {
        ["pragma", name, "=" | "(", value, ..] | ["pragma", _, ".", name, "=" | "(", value, ..] => {
            (*name, value.trim_matches(['\'', '"']).to_owned())
        }
        _ => return None,
    };
    match name {
        "foreign_keys" => Some((Pragma::ForeignKeys, value)),
        "journal_mode" => Some((Pragma::JournalMode, value)),
        _ => None,
    }
}
