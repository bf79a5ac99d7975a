//! MySQL's errors: their meaning, and the position of a syntax error, which the message quotes.

use crate::database::SqlFault;
use crate::database::mysql::wire::Fields;

/// A lock timeout and a deadlock: a retry may succeed.
const TRANSIENT: [u16; 2] = [1205, 1213];
/// The server ends the connection: shutdown, killed, idle for too long.
const FATAL: [u16; 4] = [1053, 1079, 1927, 4031];
/// The statement was killed.
const INTERRUPTED: [u16; 2] = [1317, 1028];
/// The error for an empty statement: comments only.
const EMPTY: u16 = 1065;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::database) struct ServerError {
    pub(in crate::database) code: u16,
    pub(in crate::database) state: String,
    pub(in crate::database) message: String,
}

impl ServerError {
    /// Parses an error packet after its first byte.
    pub(super) fn read(packet: &[u8]) -> Self {
        let mut fields = Fields(packet);
        let code = fields.number(2).and_then(|code| u16::try_from(code).ok()).unwrap_or_default();
        let mut state = String::new();
        if let [b'#', a, b, c, d, e, rest @ ..] = fields.0 {
            state = String::from_utf8_lossy(&[*a, *b, *c, *d, *e]).into_owned();
            fields = Fields(rest);
        }
        let message = String::from_utf8_lossy(fields.0).into_owned();
        Self { code, state, message }
    }

    /// Tells whether the error ends the connection.
    pub(super) fn is_fatal(&self) -> bool {
        FATAL.contains(&self.code)
    }

    /// Tells whether the statement was killed.
    pub(super) fn is_interruption(&self) -> bool {
        INTERRUPTED.contains(&self.code)
    }

    /// Tells whether the statement was empty, which this program doesn't treat as an error.
    pub(super) fn is_empty(&self) -> bool {
        self.code == EMPTY
    }

    pub(in crate::database) fn fault(&self, statement: &str) -> SqlFault {
        let state = Some(&self.state).filter(|state| !state.is_empty());
        let state = state.map_or_else(String::new, |state| format!(" ({state})"));
        SqlFault {
            code: Some(format!("{}{state}", self.code)),
            offset: place(&self.message, statement),
            is_transient: TRANSIENT.contains(&self.code),
            ..SqlFault::new(&self.message)
        }
    }
}

/// Finds the position of a syntax error from `near 'TEXT' at line NUMBER`, where TEXT is the rest
/// of the statement, cut to eighty characters.
fn place(message: &str, statement: &str) -> Option<usize> {
    let (_, after) = message.split_once(" near '")?;
    let (near, line) = after.rsplit_once("' at line ")?;
    let line: usize = line.trim().parse().ok()?;
    let statement = statement.trim_end();
    if let Some(before) = statement.strip_suffix(near.trim_end()) {
        return Some(before.len());
    }
    // MariaDB marks a cut; half a character is cut too.
    let near = near.strip_suffix("...").unwrap_or(near);
    let near = near.trim_end_matches(char::REPLACEMENT_CHARACTER);
    if near.is_empty() {
        return None;
    }
    let line_of = |at: usize| 1 + statement[..at].matches('\n').count();
    let found: Vec<usize> = statement.match_indices(near).map(|(at, _)| at).collect();
    let on_line: Vec<usize> = found.iter().copied().filter(|at| line_of(*at) == line).collect();
    match (on_line.as_slice(), found.as_slice()) {
        ([at], _) | ([], [at]) => Some(*at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_quotes_is_found_in_the_statement() {
        let statement = "SELECT 'ä',\n  it's FORM 'x'\n  ";
        let at = statement.find("FORM");
        let rest = "x ".repeat(60);
        // The line tells which of several is meant.
        let several = format!("FORM {rest}\nFORM {rest}\n-- end");
        let (near, second) = (&several[..80], Some(5 + rest.len() + 1));
        for (near, line, statement, expected) in [
            ("FORM 'x'", 2, statement, at),
            ("FORM 'x'\n  ", 2, statement, at),
            ("", 1, "SELECT (1", Some(9)),
            (near, 2, &several, second),
            (&format!("{near}..."), 1, &several, Some(0)),
            ("x", 1, &several, None),
            ("elsewhere", 1, "SELECT 1", None),
        ] {
            let start = "You have an error in your SQL syntax; … to use near";
            let message = format!("{start} '{near}' at line {line}");
            assert_eq!(place(&message, statement), expected, "{near}");
        }
        assert_eq!(place("Table 'shop.t' doesn't exist", "SELECT * FROM t"), None);
    }

    #[test]
    fn an_error_is_read_with_and_without_its_state() {
        let error = ServerError::read(b"\x26\x04#23000Duplicate entry");
        assert_eq!((error.code, &*error.state), (1062, "23000"));
        let fault = error.fault("INSERT");
        assert_eq!(fault.code.as_deref(), Some("1062 (23000)"));
        assert_eq!(fault.message, "Duplicate entry");
        let error = ServerError::read(b"\x10\x04Too many connections");
        assert_eq!((error.code, &*error.message), (1040, "Too many connections"));
        assert_eq!(ServerError::read(b"").code, 0);
    }
}
