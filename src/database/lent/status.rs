//! The state of a transaction, for clients that don't report it.

use crate::sql::{Dialect, Splitter, ends_transaction, transaction_control};

/// The state of a session, inferred from the statements sent to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Status {
    dialect: Dialect,
    pub(super) in_transaction: bool,
}

impl Status {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, in_transaction: false }
    }

    pub(super) fn follow(&mut self, text: &str) {
        let Some(Ok(statement)) = Splitter::new(text, self.dialect).next() else { return };
        match transaction_control(&statement) {
            Some(phrase) if phrase.starts_with("BEGIN") || phrase.starts_with("START") => {
                self.in_transaction = true;
            }
            Some("SET autocommit") => {}
            Some(_) => self.in_transaction = false,
            None if ends_transaction(&statement) => self.in_transaction = false,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_tell_whether_a_transaction_is_open() {
        let mut status = Status::new(Dialect::Postgres);
        for (text, expected) in [
            ("BEGIN", true),
            ("CREATE TABLE t (a int)", true),
            ("ROLLBACK TO a", true),
            ("COMMIT", false),
            ("START TRANSACTION", true),
            ("ROLLBACK", false),
        ] {
            status.follow(text);
            assert_eq!(status.in_transaction, expected, "{text}");
        }
        let mut status = Status::new(Dialect::MySql);
        for (text, expected) in
            [("START TRANSACTION", true), ("UPDATE t SET a = 1", true), ("DROP TABLE t", false)]
        {
            status.follow(text);
            assert_eq!(status.in_transaction, expected, "{text}");
        }
    }
}
