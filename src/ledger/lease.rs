//! The lease, `migrate_version_lock`: a lock for engines without a reliable one.
//!
//! One row names its owner until a time by the server's clock. Each owner gets a higher token than
//! any before, which every write includes, so that an owner who slept past the end writes nothing.

use crate::ledger::Ledger;
use crate::sql::{Dialect, quote_literal};

/// The row of a lease, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRow {
    /// The owner of the lease; none if it is free.
    pub owner: Option<String>,
    /// The token of the last owner.
    pub token: String,
    /// The time of acquisition by the server's clock.
    pub acquired_at: String,
    /// The remaining seconds; negative if the lease has run out.
    pub seconds_left: i64,
}

impl LeaseRow {
    /// Parses the columns of a row, in the order of the query.
    pub fn parse(columns: Vec<Option<String>>) -> Self {
        let mut columns = columns.into_iter();
        let mut next = || columns.next().flatten();
        let owner = next().filter(|owner| !owner.is_empty());
        let (token, acquired_at) = (next().unwrap_or_default(), next().unwrap_or_default());
        let seconds = next().unwrap_or_default();
        let whole = seconds.split('.').next().unwrap_or_default();
        Self { owner, token, acquired_at, seconds_left: whole.parse().unwrap_or_default() }
    }

    pub fn is_held(&self) -> bool {
        self.owner.is_some() && self.seconds_left >= 0
    }
}

impl Ledger {
    pub fn lease_name(&self) -> String {
        self.companion("_lock")
    }

    fn lease_table(&self) -> String {
        self.quoted("_lock")
    }

    /// Returns the statements that create the lease table and its row, if missing.
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

    /// Returns the statement that renews the lease; it changes one row, or none if it was lost.
    pub fn keep_lease(&self, owner: &str, token: &str, seconds: u64) -> String {
        let (now, end) = (self.clock(), self.clock_after(seconds));
        format!(
            "UPDATE {} SET heartbeat_at = {now}, expires_at = {end} WHERE {}",
            self.lease_table(),
            self.is_lessee(owner, token),
        )
    }

    /// Returns the statement that releases the lease; it changes one row, or none if it was lost.
    pub fn end_lease(&self, owner: &str, token: &str) -> String {
        let table = self.lease_table();
        format!("UPDATE {table} SET owner = NULL WHERE {}", self.is_lessee(owner, token))
    }

    /// Returns the statement that revokes the lease from any owner; its token becomes invalid.
    pub fn break_lease(&self) -> String {
        let table = self.lease_table();
        format!("UPDATE {table} SET owner = NULL, token = token + 1 WHERE id = 1")
    }

    /// Returns the query for the lease's row.
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

    /// Returns the condition that the lease is still held by this owner: the fence of every write.
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
