//! Statements that open or end a transaction.

use crate::sql::{
    dialect::Bodies,
    lexer::{Token, TokenKind},
    statement::Statement,
};

/// Returns the words of a statement that opens or ends a transaction, such as
/// `START TRANSACTION`.
///
/// Savepoints are allowed: `SAVEPOINT`, `RELEASE` and `ROLLBACK TO` return `None`, and so does a
/// compound statement of MariaDB, `BEGIN NOT ATOMIC …`. Other statements that commit (MySQL's DDL,
/// see [`commits_implicitly`](crate::sql::commits_implicitly), procedures, `INSERT OR ROLLBACK`)
/// are not detected here.
pub fn transaction_control(statement: &Statement<'_>) -> Option<&'static str> {
    let lexicon = statement.dialect.lexicon();
    if lexicon.transaction_variable.is_some_and(|variable| sets(statement, variable)) {
        return Some("SET autocommit");
    }
    let mut tokens = statement.code();
    // No phrase has more words.
    let begin = [tokens.next(), tokens.next()];
    let phrase = lexicon.transaction_control.iter().find(|phrase| {
        let mut pairs = phrase.split(' ').zip(begin);
        pairs.all(|(word, token)| token.is_some_and(|token| token.is_word(word)))
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

/// Tells whether a statement assigns to a server variable.
pub(crate) fn sets(statement: &Statement<'_>, variable: &str) -> bool {
    assigned(statement, variable).is_some()
}

/// Tells whether the statement switches MySQL's autocommit off.
pub(crate) fn leaves_commits_to_script(statement: &Statement<'_>) -> bool {
    let is_off = |value: &Token<'_>| {
        let value = value.text.trim_matches(['\'', '"']);
        ["0", "OFF", "FALSE"].iter().any(|off| value.eq_ignore_ascii_case(off))
    };
    let variable = statement.dialect.lexicon().transaction_variable;
    variable.and_then(|variable| assigned(statement, variable)).is_some_and(|it| is_off(&it))
}

/// Returns the first token that a statement assigns to a server variable.
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
    use crate::sql::Dialect;
    use crate::sql::testing::each;

    #[track_caller]
    fn check(dialect: Dialect, expected: Option<&'static str>, script: &str) {
        each(transaction_control, dialect, &expected, script);
    }

    #[test]
    fn sqlite() {
        let check = |script, expected| check(Dialect::Sqlite, expected, script);
        check("BEGIN; begin immediate transaction", Some("BEGIN"));
        check("/* a */ Commit--b", Some("COMMIT"));
        check("END TRANSACTION", Some("END"));
        check("ROLLBACK; rollback transaction \"to\"", Some("ROLLBACK"));
        let others = "
            rollback/**/to x; ROLLBACK TRANSACTION TO SAVEPOINT x; ROLLBACK TRANSACTION a TO \"b\";
            SAVEPOINT begin; RELEASE SAVEPOINT x; START TRANSACTION; \"BEGIN\"; BEGINNING;
            EXPLAIN COMMIT; INSERT INTO begin VALUES (1);
            CREATE TRIGGER t DELETE ON a BEGIN SELECT 1; END";
        check(others, None);
    }

    #[test]
    fn postgres() {
        let check = |script, expected| check(Dialect::Postgres, expected, script);
        check("start /* a */ transaction read only", Some("START TRANSACTION"));
        check("PREPARE TRANSACTION 'a'", Some("PREPARE TRANSACTION"));
        check("ABORT", Some("ABORT"));
        check("COMMIT PREPARED 'a'", Some("COMMIT"));
        check("ROLLBACK PREPARED 'to'", Some("ROLLBACK"));
        check("END", Some("END"));
        let others = "
            PREPARE a AS SELECT 1; ROLLBACK WORK TO a; RELEASE a; SET autocommit = 1;
            CREATE FUNCTION a() BEGIN ATOMIC COMMIT; END";
        check(others, None);
    }

    #[test]
    fn mysql() {
        let check = |script, expected| check(Dialect::MySql, expected, script);
        check("START TRANSACTION", Some("START TRANSACTION"));
        check("BEGIN; begin work", Some("BEGIN"));
        check("XA START 'a'", Some("XA"));
        check("/*!40101 COMMIT */; COMMIT AND CHAIN", Some("COMMIT"));
        let autocommit = "
            SET autocommit = 0; /*!40101 SET NAMES utf8, AUTOCOMMIT:=1 */;
            SET @@session.`autocommit`=1; SET SESSION autocommit=ON; SET @@autocommit = 1";
        check(autocommit, Some("SET autocommit"));
        let others = "
            START SLAVE; ABORT; BEGIN NOT ATOMIC COMMIT; END; ROLLBACK WORK TO SAVEPOINT a;
            SAVEPOINT autocommit; SET @autocommit = 1; SET @a = @@autocommit;
            UPDATE a SET autocommit = 1; CREATE PROCEDURE a() BEGIN COMMIT; END";
        check(others, None);
    }

    #[test]
    fn commits_are_left_to_a_script_that_says_so() {
        let check = |expected, script| {
            each(leaves_commits_to_script, Dialect::MySql, &expected, script);
        };
        let off = "SET autocommit=0; set @@session.autocommit := OFF; SET a=1, autocommit = 'off'";
        check(true, off);
        check(false, "SET autocommit=1; SET autocommit=@old; SET @autocommit=0; SELECT 0");
    }
}
