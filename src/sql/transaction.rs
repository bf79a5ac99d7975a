//! Which statements open or end a transaction.

use crate::sql::{
    dialect::Bodies,
    lexer::{Token, TokenKind},
    statement::Statement,
};

/// Returns the words of a statement that opens or ends a transaction, such as
/// `START TRANSACTION`.
///
/// Savepoints are fine: `SAVEPOINT`, `RELEASE` and `ROLLBACK TO` give `None`, and so does a
/// compound statement of MariaDB, `BEGIN NOT ATOMIC …`. What else commits (MySQL's DDL, see
/// [`commits_implicitly`](crate::sql::commits_implicitly), procedures, `INSERT OR ROLLBACK`) can't
/// be told from here.
pub fn transaction_control(statement: &Statement<'_>) -> Option<&'static str> {
    let lexicon = statement.dialect.lexicon();
    if lexicon.transaction_variable.is_some_and(|variable| sets(statement, variable)) {
        return Some("SET autocommit");
    }
    let first = statement.code().next()?;
    let begins = |phrase: &&&str| {
        let word = phrase.get(..first.text.len()).filter(|word| first.is_word(word));
        word.is_some() && matches!(phrase.as_bytes().get(first.text.len()), None | Some(b' '))
    };
    lexicon.transaction_control.iter().find(begins)?;
    let phrase = lexicon.transaction_control.iter().find(|phrase| {
        let mut words = statement.leading_words();
        phrase.split(' ').all(|word| words.next().as_deref() == Some(word))
    })?;
    let is_fine = match *phrase {
        "ROLLBACK" => statement.code().any(|token| token.is_word("TO")),
        "BEGIN" if lexicon.bodies == Bodies::Programs => {
            statement.code().nth(1).is_some_and(|second| !second.is_word("WORK"))
        }
        _ => false,
    };
    (!is_fine).then_some(*phrase)
}

/// Tells whether a statement assigns to a variable of the server.
pub(crate) fn sets(statement: &Statement<'_>, variable: &str) -> bool {
    assigned(statement, variable).is_some()
}

/// Tells whether MySQL doesn't commit each statement by itself any more after this one.
pub(crate) fn leaves_commits_to_script(statement: &Statement<'_>) -> bool {
    let is_off = |value: &Token<'_>| {
        let value = value.text.trim_matches(['\'', '"']);
        ["0", "OFF", "FALSE"].iter().any(|off| value.eq_ignore_ascii_case(off))
    };
    let variable = statement.dialect.lexicon().transaction_variable;
    variable.and_then(|variable| assigned(statement, variable)).is_some_and(|it| is_off(&it))
}

/// Returns the first token of what a statement assigns to a variable of the server.
fn assigned<'a>(statement: &Statement<'a>, variable: &str) -> Option<Token<'a>> {
    let mut tokens = statement.code();
    if !tokens.next().is_some_and(|first| first.is_word("SET")) {
        return None;
    }
    let is_variable = |token: &Token<'_>| {
        let name = token.text.trim_matches('`');
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        is_name && name.eq_ignore_ascii_case(variable)
    };
    // A user's variable has one `@` before it, the server's have two or none.
    let mut ats = 0;
    let mut names_it = false;
    while let Some(token) = tokens.next() {
        if names_it && matches!(token.text, "=" | ":") {
            return tokens.find(|value| value.text != "=");
        }
        names_it = ats != 1 && is_variable(&token);
        ats = if token.text == "@" { ats + 1 } else { 0 };
    }
    None
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
        check(Dialect::Postgres, "COMMIT PREPARED 'a'", Some("COMMIT"));
        check(Dialect::Postgres, "ROLLBACK PREPARED 'to'", Some("ROLLBACK"));
        check(Dialect::Postgres, "END", Some("END"));
        check(Dialect::Postgres, "RELEASE a", None);
        check(Dialect::Postgres, "SET autocommit = 1", None);
        check(Dialect::Postgres, "CREATE FUNCTION a() BEGIN ATOMIC COMMIT; END", None);
        check(Dialect::MySql, "START TRANSACTION", Some("START TRANSACTION"));
        check(Dialect::MySql, "START SLAVE", None);
        check(Dialect::MySql, "ABORT", None);
    }
    #[test]
    fn mysql() {
        let check = |text, expected| check(Dialect::MySql, text, expected);
        check("BEGIN", Some("BEGIN"));
        check("begin work", Some("BEGIN"));
        check("BEGIN NOT ATOMIC COMMIT; END", None);
        check("XA START 'a'", Some("XA"));
        check("/*!40101 COMMIT */", Some("COMMIT"));
        check("COMMIT AND CHAIN", Some("COMMIT"));
        check("ROLLBACK WORK TO SAVEPOINT a", None);
        check("SAVEPOINT autocommit", None);
        check("SET autocommit = 0", Some("SET autocommit"));
        check("/*!40101 SET NAMES utf8, AUTOCOMMIT:=1 */", Some("SET autocommit"));
        check("SET @@session.`autocommit`=1", Some("SET autocommit"));
        check("SET SESSION autocommit=ON", Some("SET autocommit"));
        check("SET @@autocommit = 1", Some("SET autocommit"));
        check("SET @autocommit = 1", None);
        check("SET @a = @@autocommit", None);
        check("UPDATE a SET autocommit = 1", None);
        check("CREATE PROCEDURE a() BEGIN COMMIT; END", None);
    }

    #[test]
    fn commits_are_left_to_a_script_that_says_so() {
        let leaves =
            |text: &str| leaves_commits_to_script(&split(text, Dialect::MySql).unwrap()[0]);
        for text in
            ["SET autocommit=0", "set @@session.autocommit := OFF", "SET a=1, autocommit = 'off'"]
        {
            assert!(leaves(text), "{text}");
        }
        for text in ["SET autocommit=1", "SET autocommit=@old", "SET @autocommit=0", "SELECT 0"] {
            assert!(!leaves(text), "{text}");
        }
    }
}
