//! The lease, `migrate_version_lock`: a lock for engines that have none to be trusted.
//!
//! One row names its owner until a time of the server's clock. Each owner gets a token, higher
//! than all before: whoever writes says it, so that one who slept past the end writes nothing.

use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_literal};

/// The row of a lease, as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRow {
    /// Who holds it; none if nobody does.
    pub owner: Option<String>,
    /// The token of its last owner.
    pub token: String,
    /// Since when, by the server's clock.
    pub acquired_at: String,
    /// How many seconds it is good for from now on; below zero if it has run out.
    pub seconds_left: i64,
}

impl LeaseRow {
    /// Takes the columns of a row, in the order in which the query names them.
    pub fn parse(columns: Vec<Option<String>>) -> Self {
        let mut columns = columns.into_iter();
        let mut next = || columns.next().flatten();
        let owner = next().filter(|owner| !owner.is_empty());
        let (token, acquired_at) = (next().unwrap_or_default(), next().unwrap_or_default());
        let seconds = next().unwrap_or_default();
        let whole = seconds.split('.').next().unwrap_or_default();
        Self { owner, token, acquired_at, seconds_left: whole.parse().unwrap_or_default() }
    }

    /// Tells whether somebody holds the lease now.
    pub fn is_held(&self) -> bool {
        self.owner.is_some() && self.seconds_left >= 0
    }
}

impl Ledger {
    /// Returns the lease table's name.
    pub fn lease_name(&self) -> String {
        self.companion("_lock")
    }

    fn lease_table(&self) -> String {
        self.quoted("_lock")
    }

    /// Returns the statements that make the lease table and its row, unless they are there.
    pub fn create_lease(&self) -> [String; 2] {
        let table = self.lease_table();
        let (time, tail) = match self.dialect() {
            Dialect::MySql => ("DATETIME(6)", " ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4"),
            Dialect::Sqlite | Dialect::Postgres => ("timestamptz", ""),
        };
        let ignore = match self.dialect() {
            Dialect::MySql => "INSERT IGNORE INTO",
            Dialect::Sqlite | Dialect::Postgres => "INSERT INTO",
        };
        let conflict = match self.dialect() {
            Dialect::MySql => "",
            Dialect::Sqlite | Dialect::Postgres => " ON CONFLICT (id) DO NOTHING",
        };
        [
            format!(
                "CREATE TABLE IF NOT EXISTS {table} (id INT NOT NULL PRIMARY KEY, owner \
                 VARCHAR(255), token BIGINT NOT NULL, acquired_at {time} NULL, heartbeat_at {time} \
                 NULL, expires_at {time} NULL){tail}"
            ),
            format!("{ignore} {table} (id, owner, token) VALUES (1, NULL, 0){conflict}"),
        ]
    }

    /// Returns the statement that takes the lease; it changes one row, or none if it is held.
    pub fn take_lease(&self, owner: &str, seconds: u64) -> String {
        let (now, end) = (self.clock(), self.clock_after(seconds));
        format!(
            "UPDATE {} SET owner = {}, token = token + 1, acquired_at = {now}, heartbeat_at = {now}, \
             expires_at = {end} WHERE id = 1 AND (owner IS NULL OR expires_at < {now})",
            self.lease_table(),
            quote_literal(owner, self.dialect()),
        )
    }

    /// Returns the statement that keeps the lease; it changes one row, or none if it was lost.
    pub fn keep_lease(&self, owner: &str, token: &str, seconds: u64) -> String {
        let (now, end) = (self.clock(), self.clock_after(seconds));
        format!(
            "UPDATE {} SET heartbeat_at = {now}, expires_at = {end} WHERE {}",
            self.lease_table(),
            self.is_lessee(owner, token),
        )
    }

    /// Returns the statement that gives the lease back; it changes one row, or none if it was lost.
    pub fn end_lease(&self, owner: &str, token: &str) -> String {
        let table = self.lease_table();
        format!("UPDATE {table} SET owner = NULL WHERE {}", self.is_lessee(owner, token))
    }

    /// Returns the statement that takes the lease from whoever has it; its token is used up.
    pub fn break_lease(&self) -> String {
        let table = self.lease_table();
        format!("UPDATE {table} SET owner = NULL, token = token + 1 WHERE id = 1")
    }

    /// Returns the query for the row.
    pub fn select_lease(&self) -> String {
        let left = match self.dialect() {
            Dialect::MySql => "TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), expires_at)",
            Dialect::Sqlite | Dialect::Postgres => {
                "CAST(extract(epoch FROM expires_at - clock_timestamp()) AS bigint)"
            }
        };
        let table = self.lease_table();
        format!("SELECT owner, token, acquired_at, {left} FROM {table} WHERE id = 1")
    }

    /// Returns the condition that the lease is still ours: the fence of every write.
    pub fn holds_lease(&self, owner: &str, token: &str) -> String {
        let table = self.lease_table();
        format!(
            "EXISTS (SELECT 1 FROM {table} WHERE {} AND expires_at > {})",
            self.is_lessee(owner, token),
            self.clock(),
        )
    }

    fn is_lessee(&self, owner: &str, token: &str) -> String {
        let text = |value: &str| quote_literal(value, self.dialect());
        format!("id = 1 AND owner = {} AND token = {}", text(owner), text(token))
    }

    fn clock(&self) -> &'static str {
        match self.dialect() {
            Dialect::MySql => "UTC_TIMESTAMP(6)",
            Dialect::Sqlite | Dialect::Postgres => "clock_timestamp()",
        }
    }

    fn clock_after(&self, seconds: u64) -> String {
        match self.dialect() {
            Dialect::MySql => format!("UTC_TIMESTAMP(6) + INTERVAL {seconds} SECOND"),
            Dialect::Sqlite | Dialect::Postgres => {
                format!("clock_timestamp() + INTERVAL '{seconds} seconds'")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_has_run_out_is_held_by_nobody() {
        let row = |owner: Option<&str>, seconds: &str| {
            let texts = [owner, Some("7"), Some("t"), Some(seconds)];
            LeaseRow::parse(texts.map(|it| it.map(str::to_owned)).to_vec())
        };
        assert!(row(Some("me"), "3.5").is_held());
        assert!(!row(Some("me"), "-1").is_held());
        assert!(!row(None, "3").is_held());
        assert!(!LeaseRow::parse(Vec::new()).is_held());
    }

    #[test]
    fn only_the_owner_with_the_last_token_keeps_it() {
        let ledger = Ledger::new("v", Dialect::MySql).within(Some("shop"));
        let keep = ledger.keep_lease("it's me", "7", 30);
        assert!(keep.starts_with("UPDATE `shop`.`v_lock` SET "), "{keep}");
        assert!(keep.ends_with("WHERE id = 1 AND owner = 'it''s me' AND token = '7'"), "{keep}");
    }
}
