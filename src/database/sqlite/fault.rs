//! SQLite's errors: its own messages, and the names of its codes.

use rusqlite::ffi;

use crate::database::SqlFault;

pub(in crate::database) fn sql_fault(error: &rusqlite::Error) -> SqlFault {
    // `sqlite_error` passes over the variant that has an offset.
    let code = if let rusqlite::Error::SqlInputError { error, .. } = &error {
        Some(error)
    } else {
        error.sqlite_error()
    };
    let code = code.map(|error| code_name(error.extended_code));
    let message = describe(error);
    let offset = if let rusqlite::Error::SqlInputError { offset, .. } = error {
        usize::try_from(*offset).ok()
    } else {
        None
    };
    SqlFault { code, offset, ..SqlFault::new(message) }
}

/// Returns SQLite's own message, without the statement that rusqlite adds.
pub(super) fn describe(error: &rusqlite::Error) -> String {
    if let rusqlite::Error::SqlInputError { msg, .. } = error {
        return msg.clone();
    }
    if let rusqlite::Error::SqliteFailure(error, message) = error {
        let usual = || ffi::code_to_str(error.extended_code).to_owned();
        return message.clone().unwrap_or_else(usual);
    }
    error.to_string()
}

/// The names of the codes that scripts meet; every code is shown as a number too.
const CODES: [(i32, &str); 22] = [
    (ffi::SQLITE_ERROR, "SQLITE_ERROR"),
    (ffi::SQLITE_READONLY, "SQLITE_READONLY"),
    (ffi::SQLITE_INTERRUPT, "SQLITE_INTERRUPT"),
    (ffi::SQLITE_IOERR, "SQLITE_IOERR"),
    (ffi::SQLITE_CORRUPT, "SQLITE_CORRUPT"),
    (ffi::SQLITE_FULL, "SQLITE_FULL"),
    (ffi::SQLITE_CANTOPEN, "SQLITE_CANTOPEN"),
    (ffi::SQLITE_TOOBIG, "SQLITE_TOOBIG"),
    (ffi::SQLITE_MISMATCH, "SQLITE_MISMATCH"),
    (ffi::SQLITE_AUTH, "SQLITE_AUTH"),
    (ffi::SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT"),
    (ffi::SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK"),
    (ffi::SQLITE_CONSTRAINT_DATATYPE, "SQLITE_CONSTRAINT_DATATYPE"),
    (ffi::SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"),
    (ffi::SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL"),
    (ffi::SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"),
    (ffi::SQLITE_CONSTRAINT_ROWID, "SQLITE_CONSTRAINT_ROWID"),
    (ffi::SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER"),
    (ffi::SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE"),
    (ffi::SQLITE_CONSTRAINT_VTAB, "SQLITE_CONSTRAINT_VTAB"),
    (ffi::SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"),
    (ffi::SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"),
];

fn code_name(code: i32) -> String {
    let find = |wanted: i32| CODES.iter().find(|(known, _)| *known == wanted);
    // The low byte is the primary code (sqlite.org/rescode.html).
    match find(code).or_else(|| find(code & 0xff)) {
        Some((_, name)) => format!("{name} ({code})"),
        None => format!("SQLite error {code}"),
    }
}
