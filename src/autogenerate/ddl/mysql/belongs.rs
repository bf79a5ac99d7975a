//! The treatment of statements of schema files, and of scripts that are replayed: those about the
//! whole server, or about another database, must not reach a scratch database.

use std::collections::BTreeSet;

use crate::autogenerate::ddl::Belongs;
use crate::sql::{Statement, Token, TokenKind};

/// The words behind which a table, a view or a program is named.
const BEFORE_NAMES: [&str; 19] = [
    "INTO",
    "UPDATE",
    "TABLE",
    "TABLES",
    "FROM",
    "JOIN",
    "REFERENCES",
    "LIKE",
    "TO",
    "VIEW",
    "PROCEDURE",
    "FUNCTION",
    "EVENT",
    "TRIGGER",
    "CALL",
    "SEQUENCE",
    "EXISTS",
    "TRUNCATE",
    "USE",
];

/// The names of rows in a trigger.
const ROWS: [&str; 2] = ["new", "old"];

const FAR: [(&str, &str, &str); 12] = [
    ("CREATE DATABASE", "CREATE DATABASE", "creates a database"),
    ("CREATE SCHEMA", "CREATE SCHEMA", "creates a database"),
    ("DROP DATABASE", "DROP DATABASE", "drops a database"),
    ("DROP SCHEMA", "DROP SCHEMA", "drops a database"),
    ("ALTER DATABASE", "ALTER DATABASE", "changes a database"),
    ("ALTER SCHEMA", "ALTER SCHEMA", "changes a database"),
    ("USE", "USE", "works in another database"),
    ("INSTALL", "INSTALL", "installs a part of the server"),
    ("UNINSTALL", "UNINSTALL", "uninstalls a part of the server"),
    ("SHUTDOWN", "SHUTDOWN", "ends the server"),
    ("CHANGE", "CHANGE MASTER", "changes the replication of the server"),
    ("KILL", "KILL", "ends another session"),
];

const GLOBAL: &str = "sets a variable of the whole server";
const ELSEWHERE: &str = "names an object of another database, or its own with the database's name";

/// Tells what becomes of a statement of a schema file; the error describes one that doesn't belong.
pub(super) fn belongs(statement: &Statement<'_>) -> Result<Belongs, &'static str> {
    let words: Vec<String> = statement.leading_words().take(3).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some((what, _)) = far(&words) {
        return Err(what);
    }
    if is_global(statement) {
        return Err("a variable of the whole server");
    }
    if names_another_database(statement) {
        return Err("a name with a database before it");
    }
    if matches!(words.as_slice(), ["CREATE", "TEMPORARY", ..] | ["CREATE", "OR", "REPLACE"])
        && statement.leading_words().take(4).any(|it| it == "TEMPORARY")
    {
        return Err("a temporary object");
    }
    Ok(match words.as_slice() {
        ["INSERT" | "REPLACE" | "UPDATE" | "DELETE" | "LOAD" | "TRUNCATE" | "CALL", ..] => {
            Belongs::Rows
        }
        ["GRANT" | "REVOKE", ..]
        | ["CREATE" | "ALTER" | "DROP" | "RENAME", "USER" | "ROLE", ..] => Belongs::Roles,
        [
            "LOCK" | "UNLOCK" | "ANALYZE" | "OPTIMIZE" | "FLUSH" | "CHECK" | "SELECT" | "SHOW",
            ..,
        ] => Belongs::Not,
        _ => Belongs::Runs,
    })
}

/// Describes a statement of a script that can't be replayed, since it would be felt outside of the
/// scratch database.
pub(super) fn reaches_out(statement: &Statement<'_>) -> Option<&'static str> {
    let words: Vec<String> = statement.leading_words().take(3).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some((_, does)) = far(&words) {
        return Some(does);
    }
    if is_global(statement) {
        return Some(GLOBAL);
    }
    names_another_database(statement).then_some(ELSEWHERE)
}

/// Tells whether a replay leaves a statement out: it is about accounts or privileges.
pub(super) fn is_left_out(statement: &Statement<'_>) -> bool {
    let words: Vec<String> = statement.leading_words().take(2).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["GRANT" | "REVOKE", ..] | ["CREATE" | "ALTER" | "DROP" | "RENAME", "USER" | "ROLE"]
    )
}

/// Finds the beginning of a statement that reaches beyond its database.
fn far(words: &[&str]) -> Option<(&'static str, &'static str)> {
    let begins = |begin: &str| {
        begin.split(' ').zip(words).filter(|(one, word)| one == *word).count()
            == begin.split(' ').count()
    };
    FAR.iter().find(|it| begins(it.0)).map(|it| (it.1, it.2))
}

fn is_global(statement: &Statement<'_>) -> bool {
    let mut tokens = statement.code();
    let is_set = tokens.next().is_some_and(|it| it.is_word("SET"));
    is_set && tokens.any(|it| it.is_one_of(&["GLOBAL", "PERSIST", "PERSIST_ONLY"]))
}

/// Tells whether a table or a program is named with a database before it. A name with a dot elsewhere is
/// a column's if the statement has the part before it by itself, too: a table or its alias.
fn names_another_database(statement: &Statement<'_>) -> bool {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    let is_name = |it: &Token<'_>| match it.kind {
        TokenKind::Word => true,
        TokenKind::Quoted => it.text.starts_with('`'),
        TokenKind::Number
        | TokenKind::Parameter
        | TokenKind::Delimiter
        | TokenKind::Executable
        | TokenKind::Symbol => false,
    };
    let is_dot = |at: usize| tokens.get(at).is_some_and(|it| it.text == ".");
    let mut alone: BTreeSet<String> = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| is_name(it)) {
        let is_within = at.checked_sub(1).is_some_and(is_dot) || is_dot(at + 1);
        alone.extend(token.unquoted().filter(|_| !is_within).map(|it| it.to_lowercase()));
    }
    tokens.iter().enumerate().any(|(at, token)| {
        let is_first = is_name(token) && is_dot(at + 1) && !at.checked_sub(1).is_some_and(is_dot);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_placed =
            before.is_some_and(|it| it.is_one_of(&BEFORE_NAMES)) && !is_of_expression(&tokens, at);
        let name = token.unquoted().unwrap_or_default().to_lowercase();
        let is_known = alone.contains(&name) || ROWS.contains(&name.as_str());
        is_first && (is_placed || !is_known)
    })
}

/// Tells whether the word before a position belongs to an expression: to `LIKE` as an operator, to
/// `EXTRACT(YEAR FROM t.a)` and the like, or to `ON DUPLICATE KEY UPDATE`.
fn is_of_expression(tokens: &[Token<'_>], at: usize) -> bool {
    let back = |count: usize| at.checked_sub(count).and_then(|at| tokens.get(at));
    let is = |count: usize, words: &[&str]| back(count).is_some_and(|it| it.is_one_of(words));
    if is(1, &["LIKE"]) {
        let begins = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.is_word(word));
        return !(begins(0, "CREATE") && (begins(1, "TABLE") || begins(2, "TABLE")));
    }
    if is(1, &["UPDATE"]) {
        return is(2, &["KEY"]);
    }
    let open = (2..6).find(|count| back(*count).is_some_and(|it| it.text == "("));
    let functions = ["EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "MID"];
    is(1, &["FROM"]) && open.is_some_and(|count| is(count + 1, &functions))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{Dialect, Splitter};

    fn reach(text: &str) -> Option<&'static str> {
        let statement = Splitter::new(text, Dialect::MySql).next().unwrap().unwrap();
        reaches_out(&statement)
    }

    #[test]
    fn statements_about_another_database_are_known() {
        for text in [
            "INSERT INTO shop.users VALUES (1)",
            "DROP TABLE a, `shop`.users",
            "RENAME TABLE a TO shop.a",
            "UPDATE users u, shop.x SET u.a = 1",
            "USE shop",
            "CREATE TRIGGER t BEFORE INSERT ON shop.u FOR EACH ROW SET NEW.a = 1",
            "SET GLOBAL max_connections = 1",
            "CREATE DATABASE x",
            "DELETE FROM shop.users WHERE shop = 1",
            "CREATE TABLE t LIKE shop.t",
        ] {
            assert!(reach(text).is_some(), "{text}");
        }
        for text in [
            "SELECT u.a FROM users u JOIN x ON x.id = u.id",
            "CREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET NEW.a = OLD.a",
            "UPDATE users SET users.a = 1.5",
            "SET SESSION sql_mode = ''",
            "CREATE TABLE t (a int DEFAULT 1.5)",
            "INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE t.a = t.a + 1",
            "CREATE VIEW v AS SELECT EXTRACT(YEAR FROM t.a) FROM t WHERE t.b LIKE t.c",
        ] {
            assert_eq!(reach(text), None, "{text}");
        }
    }
}
