//! Code that statements run implicitly: of routines, triggers and views.

use crate::sql::dialect::Dialect;
use crate::sql::effect::{Sets, program};
use crate::sql::lexer::{Lexer, Token};
use crate::sql::statement::Statement;
use crate::sql::tokens::{has, is_at, pass, qualified};
use crate::words::words;

/// Code that a statement runs by naming an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// The routine, the view, or the table that has the trigger.
    pub(crate) name: String,
    pub(crate) text: String,
    /// The settings that the code itself makes in the session.
    pub(crate) sets: Sets,
    /// Whether only changes of rows run it.
    pub(crate) on_change: bool,
}

impl Code {
    pub(crate) fn new(name: &str, text: &str, dialect: Dialect) -> Self {
        let tokens: Vec<Token<'_>> = Lexer::new(text, dialect).map_while(Result::ok).collect();
        let sets = program::sets(&tokens, dialect);
        Self { name: name.to_owned(), text: text.to_owned(), sets, on_change: false }
    }
}

/// Words after `CREATE` that precede no kind of object.
const KINDS: &[&str] = &["FUNCTION", "PROCEDURE", "TRIGGER", "VIEW", "TABLE", "INDEX", "SCHEMA"];

/// Returns the code that a statement creates for others to run.
pub(crate) fn code_of(statement: &Statement<'_>) -> Option<Code> {
    if !statement.begins_with("CREATE") {
        return None;
    }
    let tokens: Vec<Token<'_>> = statement.code().collect();
    let kind = tokens.iter().position(|token| token.is_one_of(KINDS))?;
    let on_change = is_at(&tokens, kind, &["TRIGGER"]);
    let start = if on_change {
        tokens.iter().position(|token| token.is_word("ON"))? + 1
    } else if is_at(&tokens, kind, &["FUNCTION", "PROCEDURE", "VIEW"]) {
        pass(&tokens, kind + 1, &["IF", "NOT", "EXISTS"])
    } else {
        return None;
    };
    let (_, name, next) = qualified(&tokens, start)?;
    let sets = if is_at(&tokens, kind, &["VIEW"]) {
        Sets::default()
    } else {
        program::sets(tokens.get(next..).unwrap_or_default(), statement.dialect)
    };
    Some(Code { name, text: statement.text.to_owned(), sets, on_change })
}

/// The first words of statements that run no code, whatever they name.
const IDLE: &[&str] = words![
    COMMENT COMMIT DROP GRANT LOCK PRAGMA RELEASE RESET REVOKE ROLLBACK SAVEPOINT UNLOCK USE VACUUM
];

/// Tells whether a statement may run the code of objects that it names; most definitions only name
/// them.
pub(crate) fn runs_code(statement: &Statement<'_>) -> bool {
    let tokens: Vec<Token<'_>> = statement.code().collect();
    if !is_at(&tokens, 0, &["CREATE"]) {
        let is_setting = statement.dialect == Dialect::Postgres && is_at(&tokens, 0, &["SET"]);
        return !is_setting && !is_at(&tokens, 0, IDLE);
    }
    let kind = tokens.iter().find(|token| token.is_one_of(KINDS));
    let is_filled = has(&tokens, "AS") || has(&tokens, "SELECT");
    let is_view = is_at(&tokens, 1, &["MATERIALIZED"]);
    kind.is_some_and(|kind| {
        kind.is_word("INDEX") || (kind.is_word("TABLE") && is_filled) || is_view
    })
}
