//! The tables changed by a session's statements, as reported by SQLite's authorizer.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection as Driver;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::database::Touched;

/// The reports of SQLite's authorizer.
#[derive(Debug, Default)]
pub(super) struct Reported {
    pub(super) touched: Touched,
    /// The last table reported, verbatim.
    last: String,
    /// Whether the current statement creates or drops a table.
    is_making: bool,
}

/// The authorizer's reports, shared with the connection.
pub(super) type Shared = Arc<Mutex<Reported>>;

/// Installs an authorizer that reports the changed tables and forbids nothing.
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
            // Renaming a table changes the references of others.
            told.lock().unwrap_or_else(PoisonError::into_inner).touched.everything = true;
        }
        Authorization::Allow
    }))
}

impl Reported {
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

    /// Notes the tables that a statement creates.
    pub(super) fn settle(&mut self, statement: &str) {
        if std::mem::take(&mut self.is_making) {
            let word = b"references";
            let mut windows = statement.as_bytes().windows(word.len());
            self.touched.refers |= windows.any(|window| window.eq_ignore_ascii_case(word));
        }
    }
}
