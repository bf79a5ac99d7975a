//! The guard: a plan's assumptions about the version table, as a condition in SQL.
//!
//! On servers a revision's transaction detects by itself whether another process has changed the
//! version table: the condition travels with the statements, and costs no round trip.

use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_literal};

/// The content of the version table that a step of a plan requires.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expected {
    /// The revision that was applied last; none if nothing is applied.
    ///
    /// Whoever applies a revision puts it above this one, so nothing can have been added.
    pub last: Option<String>,
    /// Revisions that must be applied: what the step builds on, or takes back.
    pub applied: Vec<String>,
    /// A revision that must not be.
    pub missing: Option<String>,
}

impl Expected {
    /// Returns what must be applied beside what was applied last.
    fn others(&self) -> impl Iterator<Item = &str> {
        self.applied.iter().filter(|id| Some(*id) != self.last.as_ref()).map(String::as_str)
    }
}

/// A condition that holds as long as nobody else has moved the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The condition, to be put behind WHERE.
    pub condition: String,
}

impl Ledger {
    /// Returns the condition that the version table holds what is expected, and that whatever
    /// `also` says holds too, such as owning a lock.
    pub fn guard(&self, expected: &Expected, also: Option<&str>) -> Guard {
        let text = |value: &str| quote_literal(value, self.dialect());
        let mut parts = vec![self.last_is(expected.last.as_deref().map(text).as_deref())];
        let others: Vec<String> = expected.others().map(text).collect();
        if !others.is_empty() {
            let (ids, table) = (others.join(", "), self.table());
            let rows = format!("SELECT revision FROM {table} WHERE revision IN ({ids})");
            parts.push(format!("(SELECT count(*) FROM ({rows}) AS n) = {}", others.len()));
        }
        parts.extend(expected.missing.as_deref().map(|id| self.is_missing(&text(id))));
        parts.extend(also.map(str::to_owned));
        Guard { condition: parts.join(" AND ") }
    }

    /// Returns the condition that a revision was applied last, or none was; `id` is an expression.
    fn last_is(&self, id: Option<&str>) -> String {
        let last = format!("SELECT revision FROM {} ORDER BY position DESC LIMIT 1", self.table());
        let last = self.aside(&last, "top");
        match id {
            Some(id) => format!("({last}) = {id}"),
            None => format!("({last}) IS NULL"),
        }
    }

    /// Returns the condition that a revision isn't applied; `id` is an expression.
    fn is_missing(&self, id: &str) -> String {
        let row = format!("SELECT revision FROM {} WHERE revision = {id}", self.table());
        format!("NOT EXISTS ({})", self.aside(&row, "n"))
    }

    /// Puts a query into a derived table: MySQL reads the table that it writes only so.
    fn aside(&self, query: &str, name: &str) -> String {
        match self.dialect() {
            Dialect::MySql => format!("SELECT * FROM ({query}) AS {name}"),
            Dialect::Sqlite | Dialect::Postgres => query.to_owned(),
        }
    }

    /// Returns the statement that fails, by a division by zero, where a condition doesn't hold.
    ///
    /// Text that every server of PostgreSQL's protocol takes in any message; the code of the error
    /// ([`Guard::FAILED`]) tells it from all others.
    pub fn insist(&self, condition: &str) -> String {
        format!("SELECT 1 / (CASE WHEN {condition} THEN 1 ELSE 0 END)")
    }
}

impl Guard {
    /// The SQLSTATE of a division by zero.
    pub const FAILED: &'static str = "22012";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_expectation_has_its_part() {
        let ledger = Ledger::new("v", Dialect::Postgres);
        let nothing = ledger.guard(&Expected::default(), None);
        assert!(nothing.condition.ends_with("LIMIT 1) IS NULL"), "{}", nothing.condition);
        let expected = Expected {
            last: Some("b".to_owned()),
            applied: vec!["a".to_owned(), "b".to_owned()],
            missing: Some("c'".to_owned()),
        };
        let guard = ledger.guard(&expected, Some("mine()"));
        for part in ["LIMIT 1) = 'b'", "IN ('a')) AS n) = 1", "WHERE revision = 'c''')"] {
            assert!(guard.condition.contains(part), "{}", guard.condition);
        }
        assert!(guard.condition.ends_with(" AND mine()"));
    }
}
