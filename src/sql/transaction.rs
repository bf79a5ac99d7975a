//! Which statements open or end a transaction.

use crate::sql::split::Statement;

/// Returns the words of a statement that opens or ends a transaction, such as
/// `START TRANSACTION`.
///
/// Savepoints are fine: `SAVEPOINT`, `RELEASE` and `ROLLBACK TO` give `None`. What else commits
/// (MySQL's DDL, procedures, `INSERT OR ROLLBACK`) can't be told from the text.
pub fn transaction_control(statement: &Statement<'_>) -> Option<&'static str> {
    let controls = statement.dialect.lexicon().transaction_control;
    let phrase = controls.iter().find(|phrase| {
        let mut words = statement.leading_words();
        phrase.split(' ').all(|word| words.next().as_deref() == Some(word))
    })?;
    let to_savepoint =
        *phrase == "ROLLBACK" && statement.tokens().flatten().any(|token| token.is_word("TO"));
    (!to_savepoint).then_some(*phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, split};

    #[track_caller]
    fn check(dialect: Dialect, text: &str, expected: Option<&str>) {
        let statements = split(text, dialect).unwrap();
        assert_eq!(statements.len(), 1, "{text}");
        assert_eq!(transaction_control(&statements[0]), expected, "{dialect}: {text}");
    }

    #[test]
    fn sqlite() {
        let check = |text, expected| check(Dialect::Sqlite, text, expected);
        check("BEGIN", Some("BEGIN"));
        check("begin immediate transaction;", Some("BEGIN"));
        check("/* a */ Commit--b", Some("COMMIT"));
        check("END TRANSACTION", Some("END"));
        check("ROLLBACK", Some("ROLLBACK"));
        check("rollback transaction \"to\"", Some("ROLLBACK"));
        check("rollback/**/to x", None);
        check("ROLLBACK TRANSACTION TO SAVEPOINT x", None);
        check("ROLLBACK TRANSACTION a TO \"b\"", None);
        check("SAVEPOINT begin", None);
        check("RELEASE SAVEPOINT x", None);
        check("START TRANSACTION", None);
        check("\"BEGIN\"", None);
        check("BEGINNING", None);
        check("EXPLAIN COMMIT", None);
        check("INSERT INTO begin VALUES (1)", None);
        check("CREATE TRIGGER t DELETE ON a BEGIN SELECT 1; END;", None);
    }

    #[test]
    fn the_servers() {
        check(Dialect::Postgres, "start /* a */ transaction read only", Some("START TRANSACTION"));
        check(Dialect::Postgres, "PREPARE TRANSACTION 'a'", Some("PREPARE TRANSACTION"));
        check(Dialect::Postgres, "PREPARE a AS SELECT 1", None);
        check(Dialect::Postgres, "ABORT", Some("ABORT"));
        check(Dialect::Postgres, "ROLLBACK WORK TO a", None);
        check(Dialect::MySql, "START TRANSACTION", Some("START TRANSACTION"));
        check(Dialect::MySql, "START SLAVE", None);
        check(Dialect::MySql, "ABORT", None);
    }
}
