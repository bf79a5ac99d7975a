//! The statements that come again with each revision, prepared (PostgreSQL).
//!
//! Parsed and planned anew each time they are a fifth of what a small revision costs the server.
//! They say the same as the statements they stand for, word for word, but for the parameters.

use crate::ledger::{Elapsed, Entry, Expected, Ledger, NEXT, Recorded, Values, duration};

/// Who is about to change the table as well has to wait.
const LAST: &str = "migrate_statement_last";
/// The guard of a step up.
const UP: &str = "migrate_statement_up";
/// The guard of a step down.
const DOWN: &str = "migrate_statement_down";
/// A row is added.
const RECORD: &str = "migrate_statement_record";
/// A row is deleted.
const ERASE: &str = "migrate_statement_erase";

/// Their texts. The functions that return an option return none where the statement has another shape than the
/// one that is prepared, and has to be sent as text.
impl Ledger {
    /// Returns what prepares them; `also` is what guards ask for beside the version table, such as
    /// the lock.
    pub fn prepare(&self, also: &str) -> [String; 5] {
        let guard = |conditions: &[String]| self.insist(&conditions.join(" AND "));
        let (last, also) = (self.last_is(Some("$1")), also.to_owned());
        let up = guard(&[last.clone(), self.is_missing("$2"), also.clone()]);
        let down = guard(&[last, also]);
        let elapsed = duration(Elapsed::OfThisMessage);
        let record = self.insert_values(
            &format!("$1, {NEXT}, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, {elapsed}"),
            None,
        );
        let types = ["text"; 12].join(", ");
        [
            format!("PREPARE {LAST} AS {}", self.lock_last()),
            format!("PREPARE {UP} (text, text) AS {up}"),
            format!("PREPARE {DOWN} (text) AS {down}"),
            format!("PREPARE {RECORD} ({types}) AS {record}"),
            format!("PREPARE {ERASE} (text) AS {}", self.delete_row("$1", None)),
        ]
    }

    /// Returns what takes them out of the session.
    pub fn deallocate() -> [String; 5] {
        [LAST, UP, DOWN, RECORD, ERASE].map(|name| format!("DEALLOCATE {name}"))
    }

    /// Stands for [`Ledger::lock_last`].
    pub fn execute_lock_last() -> String {
        format!("EXECUTE {LAST}")
    }

    /// Stands for [`Ledger::guard`] with what was prepared as `also`, and [`Ledger::insist`].
    pub fn execute_guard(&self, expected: &Expected) -> Option<String> {
        let last = expected.last.as_deref().filter(|_| expected.others().next().is_none())?;
        let mut values = Values::new(self.dialect());
        values.text(last);
        let name = if let Some(missing) = &expected.missing {
            values.text(missing);
            UP
        } else {
            DOWN
        };
        Some(format!("EXECUTE {name} ({})", values.written))
    }

    /// Stands for [`Ledger::insert`] without a guard.
    pub fn execute_insert(&self, entry: &Entry, recorded: &Recorded) -> Option<String> {
        let is_timed_there = recorded.duration == Elapsed::OfThisMessage;
        let values = is_timed_there.then(|| self.row_values(entry, recorded, None))?;
        Some(format!("EXECUTE {RECORD} ({})", values.written))
    }

    /// Stands for [`Ledger::delete`] without a guard.
    pub fn execute_delete(&self, revision: &str) -> String {
        let mut values = Values::new(self.dialect());
        values.text(revision);
        format!("EXECUTE {ERASE} ({})", values.written)
    }

    /// Tells by the SQLSTATE of an error that they can't be executed any more: a script has
    /// deallocated them, or changed what they return.
    pub fn is_gone(code: &str) -> bool {
        code.starts_with("26000") || code.starts_with("0A000")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Dialect;

    #[test]
    fn what_has_another_shape_is_sent_as_text() {
        let ledger = Ledger::new("v", Dialect::Postgres);
        let text = |id: &str| Some(id.to_owned());
        let next =
            Expected { last: text("a"), applied: vec!["a".to_owned()], missing: text("it's") };
        let guard = ledger.execute_guard(&next);
        assert_eq!(guard.as_deref(), Some("EXECUTE migrate_statement_up ('a', 'it''s')"));
        let back = Expected { missing: None, ..next.clone() };
        let guard = ledger.execute_guard(&back);
        assert_eq!(guard.as_deref(), Some("EXECUTE migrate_statement_down ('a')"));
        let first = Expected { last: None, applied: Vec::new(), ..next.clone() };
        assert_eq!(ledger.execute_guard(&first), None);
        let merge = Expected { applied: vec!["a".to_owned(), "b".to_owned()], ..next };
        assert_eq!(ledger.execute_guard(&merge), None);
    }

    #[test]
    fn they_say_what_the_texts_say() {
        let ledger = Ledger::new("v", Dialect::Postgres);
        let [_, up, _, _, erase] = ledger.prepare("mine()");
        let expected = Expected {
            last: Some("a".to_owned()),
            applied: Vec::new(),
            missing: Some("b".to_owned()),
        };
        let guard = ledger.guard(&expected, Some("mine()"));
        let guard = ledger.insist(&guard.condition).replace("'a'", "$1").replace("'b'", "$2");
        assert!(up.ends_with(&format!(" AS {guard}")), "{up}");
        let delete = ledger.delete("a", None).replace("'a'", "$1");
        assert!(erase.ends_with(&format!(" AS {delete}")), "{erase}");
        for (prepare, deallocate) in ledger.prepare("mine()").iter().zip(Ledger::deallocate()) {
            let name = deallocate.strip_prefix("DEALLOCATE ").unwrap();
            assert!(prepare.starts_with(&format!("PREPARE {name} ")), "{prepare}");
        }
    }
}
