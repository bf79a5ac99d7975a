//! A lent SQLite connection.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use rusqlite::Connection as Driver;
use rusqlite::hooks::{AuthContext, Authorization};

use crate::database::lent::IN_TRANSACTION;
use crate::database::sqlite;
use crate::database::sqlite::fault::sql_fault;
use crate::database::{DatabaseError, Lend, Lent, SqlFault};
use crate::url::{DatabaseUrl, SqliteTarget};

/// An own connection or a lent one.
pub(in crate::database) enum Handle<'c> {
    Own(Driver),
    Lent { driver: &'c mut Driver, foreign_keys: bool, busy_timeout: Duration },
}

impl Handle<'_> {
    /// Tells whether the connection can be replaced by another.
    pub(in crate::database) fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}

impl Deref for Handle<'_> {
    type Target = Driver;

    fn deref(&self) -> &Driver {
        match self {
            Self::Own(driver) => driver,
            Self::Lent { driver, .. } => driver,
        }
    }
}

impl DerefMut for Handle<'_> {
    fn deref_mut(&mut self) -> &mut Driver {
        match self {
            Self::Own(driver) => driver,
            Self::Lent { driver, .. } => driver,
        }
    }
}

/// Restores a lent connection; a failure is left for the next user to meet.
impl Drop for Handle<'_> {
    fn drop(&mut self) {
        let Self::Lent { driver, foreign_keys, busy_timeout } = self else { return };
        if !driver.is_autocommit() {
            drop(driver.execute("ROLLBACK", []));
        }
        drop(driver.pragma_update(None, "foreign_keys", *foreign_keys));
        drop(driver.busy_timeout(*busy_timeout));
        drop(driver.authorizer(None::<fn(AuthContext<'_>) -> Authorization>));
    }
}

impl Lend for Driver {
    fn lend(&mut self, wait: Duration) -> Result<Lent<'_>, DatabaseError> {
        if !self.is_autocommit() {
            return Err(SqlFault::new(IN_TRANSACTION).into());
        }
        let url = DatabaseUrl::Sqlite(match self.path() {
            None | Some("") => SqliteTarget::Memory,
            Some(path) => SqliteTarget::File(path.into()),
        });
        let number = |name: &str| {
            let value = self.pragma_query_value(None, name, |row| row.get::<_, u32>(0));
            value.map_err(|error| DatabaseError::from(sql_fault(&error)))
        };
        let foreign_keys = number("foreign_keys")? != 0;
        let busy_timeout = Duration::from_millis(number("busy_timeout")?.into());
        let handle = Handle::Lent { driver: self, foreign_keys, busy_timeout };
        let connection = sqlite::lent(handle, &url, wait)?;
        Ok(Lent { connection, url })
    }
}
