//! The name of a session's lock, and the statements for it.

use sha2::{Digest as _, Sha256};

use crate::database::{Connection, DatabaseError, Engine, Row, Values as _};
use crate::ledger::Ledger;
use crate::runner::lock::Holder;
use crate::sql::{Dialect, hex, quote_literal};

/// The name of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    engine: Engine,
    number: i64,
    name: String,
}

impl Key {
    /// Makes the key of a version table. On MySQL locks belong to the whole server, so the database
    /// is part of the key; on PostgreSQL they belong to the database.
    pub(super) fn new(engine: Engine, ledger: &Ledger) -> Self {
        let digest = Sha256::digest(format!("limbeck migrate\0{}", ledger.table()));
        let mut number = [0; 8];
        for (to, from) in number.iter_mut().zip(&digest) {
            *to = *from;
        }
        let name = hex(digest.get(..20).unwrap_or_default());
        Self { engine, number: i64::from_be_bytes(number), name: format!("migrate_{name}") }
    }

    /// Tells by which functions the lock is taken: the others are of MySQL, for SQLite has none.
    pub(super) fn is_of_postgres(&self) -> bool {
        self.engine.dialect() == Dialect::Postgres
    }

    /// A 64-bit key is shown as two halves and the number 1 (the manual, `pg_locks`).
    pub(super) fn row_sql(&self) -> String {
        let number = self.number.cast_unsigned();
        format!(
            "locktype = 'advisory' AND granted AND classid = {} AND objid = {} AND objsubid = 1",
            number >> 32,
            number & 0xffff_ffff,
        )
    }

    pub(super) fn literal(&self) -> String {
        quote_literal(&self.name, Dialect::MySql)
    }

    pub(super) fn try_sql(&self) -> String {
        if self.is_of_postgres() {
            return format!("SELECT pg_catalog.pg_try_advisory_lock({})", self.number);
        }
        // TiDB makes a second of zero anyway.
        let seconds = u8::from(self.engine == Engine::TiDb);
        format!("SELECT GET_LOCK({}, {seconds})", self.literal())
    }

    pub(super) fn mine_sql(&self) -> String {
        if self.is_of_postgres() {
            let row = self.row_sql();
            return format!(
                "EXISTS (SELECT 1 FROM pg_catalog.pg_locks WHERE {row} AND pid = \
                 pg_catalog.pg_backend_pid())"
            );
        }
        format!("IS_USED_LOCK({}) = CONNECTION_ID()", self.literal())
    }

    pub(super) fn entry_sql(&self) -> String {
        format!("pg_catalog.pg_try_advisory_xact_lock({})", self.number)
    }

    pub(super) fn end_sql(&self) -> String {
        if self.is_of_postgres() {
            format!("SELECT pg_catalog.pg_advisory_unlock({})", self.number)
        } else {
            format!("SELECT RELEASE_LOCK({})", self.literal())
        }
    }

    pub(super) fn holder(
        &self,
        connection: &mut dyn Connection,
    ) -> Result<Option<Holder>, DatabaseError> {
        let query = if self.is_of_postgres() {
            format!(
                "SELECT pid, usename, coalesce(client_addr::text, 'this host'), backend_start, \
                 application_name FROM pg_catalog.pg_locks JOIN pg_catalog.pg_stat_activity \
                 USING (pid) WHERE {} AND database = (SELECT oid FROM pg_catalog.pg_database WHERE \
                 datname = pg_catalog.current_database())",
                self.row_sql(),
            )
        } else {
            format!(
                "SELECT id, user, host, date_sub(now(), INTERVAL time SECOND), '' FROM \
                 information_schema.processlist WHERE id = IS_USED_LOCK({})",
                self.literal(),
            )
        };
        let row = connection.query(&query)?.into_iter().next();
        // MySQL warns of `processlist`, but its substitute needs a setting and a newer server.
        drop(connection.take_notices());
        Ok(row.map(|row| self.describe(&row)))
    }

    fn describe(&self, row: &Row) -> Holder {
        let (id, user, host, since) = (row.text(0), row.text(1), row.text(2), row.text(3));
        let program = match row.text(4) {
            "" => String::new(),
            program => format!("{program}, "),
        };
        let name = format!("session {id} ({program}{user} from {host}, since {since})");
        let ended_by = if self.is_of_postgres() {
            format!("SELECT pg_terminate_backend({id})")
        } else {
            format!("KILL {id}")
        };
        Holder { name, ended_by: Some(ended_by) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_other_names_do_not_wait_for_each_other() {
        let key = |name: &str, database: &str| {
            let ledger = Ledger::new(name, Dialect::MySql).within(Some(database));
            Key::new(Engine::MariaDb, &ledger)
        };
        assert_eq!(key("v", "shop"), key("v", "shop"));
        assert_ne!(key("v", "shop"), key("w", "shop"));
        assert_ne!(key("v", "shop").number, key("v", "mall").number);
        let longest = key(&"v".repeat(55), &"d".repeat(64));
        assert!(longest.name.len() <= 64, "{}", longest.name);
    }
}
