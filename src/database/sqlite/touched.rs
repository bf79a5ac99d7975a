//! Which tables the statements of a session change, as SQLite's authorizer tells.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection as Driver;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::database::Touched;

/// What the authorizer has told.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) touched: Touched,
    /// The table that was told last, as it was told.
    last: String,
    /// Whether the statement at hand makes or drops a table.
    is_making: bool,
}

/// What the authorizer has told, for it and the connection.
pub(super) type Shared = Arc<Mutex<Told>>;

/// Has SQLite's authorizer tell which tables statements change; it forbids nothing.
pub(super) fn watch(driver: &mut Driver, told: &Shared) -> rusqlite::Result<()> {
    let told = Arc::clone(told);
    driver.authorizer(Some(move |context: AuthContext<'_>| {
        let is_made =
            matches!(context.action, AuthAction::CreateTable { .. } | AuthAction::DropTable { .. });
        if let AuthAction::Insert { table_name }
        | AuthAction::Update { table_name, .. }
        | AuthAction::Delete { table_name }
        | AuthAction::CreateTable { table_name }
        | AuthAction::DropTable { table_name } = context.action
        {
            // SQLite's own refer to nothing, and each statement about the schema changes them.
            if !table_name.starts_with("sqlite_") {
                told.lock().unwrap_or_else(PoisonError::into_inner).add(table_name, is_made);
            }
        } else if matches!(context.action, AuthAction::AlterTable { .. }) {
            // A renamed table changes what others refer to.
            told.lock().unwrap_or_else(PoisonError::into_inner).touched.everything = true;
        }
        Authorization::Allow
    }))
}

impl Told {
    fn add(&mut self, table: &str, is_made: bool) {
        // Most statements of a script change the same table as the one before.
        if self.last != table {
            table.clone_into(&mut self.last);
            self.touched.tables.insert(table.to_ascii_lowercase());
        }
        if is_made {
            self.touched.made.insert(table.to_ascii_lowercase());
            self.is_making = true;
        }
    }

    pub(super) fn take(&mut self) -> Touched {
        self.last.clear();
        std::mem::take(&mut self.touched)
    }

    /// Takes in what a statement says of the tables that it makes.
    pub(super) fn settle(&mut self, statement: &str) {
        if std::mem::take(&mut self.is_making) {
            let word = b"references";
            let mut windows = statement.as_bytes().windows(word.len());
            self.touched.refers |= windows.any(|window| window.eq_ignore_ascii_case(word));
        }
    }
}
