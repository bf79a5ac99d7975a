//! Stand-ins for functions and collations that only an application provides to SQLite.
//!
//! They are for scratch databases only, where a schema must be readable but results don't matter:
//! every function returns NULL, every collation compares bytes.

use rusqlite::Connection as Driver;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Null;

use crate::database::Notice;

/// SQLite's errors for an unknown function in a statement, and in the schema that it reads again.
const FUNCTIONS: [&str; 2] = ["no such function: ", "unknown function: "];
const COLLATION: &str = "no such collation sequence: ";

/// Makes the stub that an error asks for; none for other errors.
pub(super) fn stub(driver: &Driver, message: &str) -> Option<Notice> {
    let after = |what: &str| message.split_once(what).map(|(_, name)| name.trim().to_owned());
    let (kind, name) = if let Some(name) = FUNCTIONS.into_iter().find_map(after) {
        let name = name.trim_end_matches("()").to_owned();
        // A generated column or an index can only use a function that is the same each time.
        let flags = FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            | FunctionFlags::SQLITE_INNOCUOUS;
        driver.create_scalar_function(name.as_str(), -1, flags, |_| Ok(Null)).ok()?;
        ("function", name)
    } else {
        let name = after(COLLATION)?;
        driver.create_collation(name.as_str(), str::cmp).ok()?;
        ("collation", name)
    };
    Some(Notice {
        severity: "WARNING".to_owned(),
        message: format!("{kind} `{name}` isn't SQLite's own"),
        code: String::new(),
    })
}
